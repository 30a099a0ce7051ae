/** A SCIM token that works: the stored one while the core takes it, else a new one, issued as any client would have it issued. */
import { randomUUID } from 'node:crypto';
import type { Core, GraphQLAnswer, OperationName } from '../../gateway/core.js';
import { Failure } from '../../schema/failure.js';
import type { Credentials } from './credentials.js';

const ONE_YEAR = 365 * 24 * 60 * 60;

interface Issued {
  readonly result?: { readonly accessToken?: string | null; readonly userErrors?: readonly { readonly message: string }[] } | null;
}

const ask = (core: Core, operation: OperationName, variables: Record<string, unknown>, token?: string): Promise<GraphQLAnswer> =>
  core.execute(operation, variables, { token, requestId: randomUUID(), address: '127.0.0.1' });

async function isAccepted(core: Core, token: string): Promise<boolean> {
  const { errors = [] } = await ask(core, 'Authenticate', {}, token);
  const [error] = errors;
  if (error && error.extensions?.code !== 'UNAUTHENTICATED') throw new Failure('UNAVAILABLE', { detail: error.message });
  return error === undefined;
}

async function issue(core: Core, { clientId, clientSecret }: Credentials): Promise<string> {
  const answer = await ask(core, 'IssueToken', { input: { clientId, clientSecret, expiresIn: ONE_YEAR } });
  const { result } = (answer.data ?? {}) as Issued;
  if (result?.accessToken) return result.accessToken;
  const reason = answer.errors?.[0]?.message ?? result?.userErrors?.[0]?.message ?? 'the core gave no reason';
  throw new Error(`No token could be issued for client ${clientId}: ${reason}`);
}

/** The token to print. Throws where the client's secret is not the one the core knows. */
export async function readyToken(core: Core, credentials: Credentials): Promise<string> {
  const { scimToken } = credentials;
  if (scimToken && await isAccepted(core, scimToken)) return scimToken;
  return issue(core, credentials);
}
