/** Tokens that work: the stored one while the core takes it, else a new one, issued as any client would have it issued. */
import { randomUUID } from 'node:crypto';
import type { Core, GraphQLAnswer, OperationName } from '../../gateway/core.js';
import { Failure } from '../../schema/failure.js';
import type { Credentials } from './credentials.js';

/** The door a token opens, as GraphQL names it. */
export type Audience = 'SCIM' | 'GRAPHQL';
type Client = Pick<Credentials, 'clientId' | 'clientSecret'>;

const ONE_YEAR = 365 * 24 * 60 * 60;

interface Issued {
  readonly result?: { readonly accessToken?: string | null; readonly userErrors?: readonly { readonly message: string }[] } | null;
}

const ask = (core: Core, operation: OperationName, variables: Record<string, unknown>, token?: string): Promise<GraphQLAnswer> =>
  core.execute(operation, variables, { token, requestId: randomUUID(), address: '127.0.0.1' });

/**
 * Answers about a token that is known: one for another door is FORBIDDEN here, one of a suspended tenant is refused for now, and one of a
 * tenant with attributes of its own hears that we do not know these.
 */
const KNOWN = ['FORBIDDEN', 'TENANT_SUSPENDED', 'SCHEMA_CHANGED'];

/** A token that no door takes any more is UNAUTHENTICATED. */
async function isAlive(core: Core, token: string): Promise<boolean> {
  const { errors: [error] = [] } = await ask(core, 'Authenticate', {}, token);
  const code = error?.extensions?.code;
  if (error && !['UNAUTHENTICATED', ...KNOWN].includes(String(code))) throw new Failure('UNAVAILABLE', { detail: error.message });
  return code !== 'UNAUTHENTICATED';
}

async function issue(core: Core, { clientId, clientSecret }: Client, audience: Audience): Promise<string> {
  const answer = await ask(core, 'IssueToken', { input: { clientId, clientSecret, audience, expiresIn: ONE_YEAR } });
  const { result } = (answer.data ?? {}) as Issued;
  if (result?.accessToken) return result.accessToken;
  const reason = answer.errors?.[0]?.message ?? result?.userErrors?.[0]?.message ?? 'the core gave no reason';
  throw new Error(`No token could be issued for client ${clientId}: ${reason}`);
}

/** The token to print. Throws where the client's secret is not the one the core knows. */
export async function readyToken(core: Core, client: Client, audience: Audience, stored: string | undefined): Promise<string> {
  return stored && (await isAlive(core, stored)) ? stored : issue(core, client, audience);
}
