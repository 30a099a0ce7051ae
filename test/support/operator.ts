/** What an operator asks of tenants and clients, and what the payloads hold. */
import { expect } from 'vitest';
import type { Answer } from './http.js';
import type { GraphQLResult, System, Tenant } from './world.js';

export type Ask = (query: string, variables?: object) => Promise<GraphQLResult>;

/** A payload, as far as the tests look into it. */
export interface Payload {
  readonly tenant: Readonly<Record<string, unknown>> & { readonly id: string; readonly state: string };
  readonly client: Readonly<Record<string, unknown>> & {
    readonly id: string;
    readonly clientId: string;
    readonly secrets: readonly Readonly<Record<string, string | null>>[];
  };
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly effectiveAt: string;
  readonly revokedTokens: number;
  readonly userErrors: readonly { readonly code: string; readonly field: string | null; readonly message: string }[];
}

const TENANT = 'tenant { id name reference state stateReason scimUrl tokenUrl userCount groupCount liveTokenCount remaining }';
const CLIENT = 'client { id clientId name description revokedAt liveTokenCount secrets { createdAt expiresAt lastUsedAt } }';
const STATE = `${TENANT} effectiveAt`;

const answers = {
  createTenant: `${TENANT} clientId clientSecret`,
  updateTenant: TENANT,
  suspendTenant: STATE,
  resumeTenant: STATE,
  deleteTenant: STATE,
  createClient: `${CLIENT} clientSecret`,
  rotateClientSecret: `${CLIENT} clientSecret`,
  updateClient: CLIENT,
  revokeClient: `${CLIENT} revokedTokens effectiveAt`,
};
export type Deed = keyof typeof answers;
export const deeds = Object.keys(answers) as readonly Deed[];

export const mutationOf = (deed: Deed): string =>
  `mutation ($input: ${deed[0]!.toUpperCase()}${deed.slice(1)}Input!) { ${deed}(input: $input) { ${answers[deed]} userErrors { code field message } } }`;

/** Asks for it and answers the payload, refusals in `userErrors` included. */
export async function tryDeed(ask: Ask, deed: Deed, input: object): Promise<Payload> {
  const result = await ask(mutationOf(deed), { input });
  expect(result.errors, JSON.stringify(result)).toBeUndefined();
  return result.data![deed] as unknown as Payload;
}

/** The same where it must work. */
export async function doDeed(ask: Ask, deed: Deed, input: object): Promise<Payload> {
  const payload = await tryDeed(ask, deed, input);
  expect(payload.userErrors).toEqual([]);
  return payload;
}

export const codesOf = ({ data, errors }: GraphQLResult, deed: Deed): unknown[] =>
  errors?.map(({ extensions }) => extensions?.code) ?? (data![deed]!['userErrors'] as { code: string }[]).map(({ code }) => code);

/** An answer byte for byte, but for what names the request and counts it. */
export const told = ({ status, data, errors }: GraphQLResult): string =>
  JSON.stringify({
    status,
    data,
    errors: errors?.map(({ extensions, ...error }) => ({ ...error, extensions: { ...extensions, requestId: undefined } })),
  });

export async function tenantById(admin: Ask, id: string): Promise<Payload['tenant'] | null> {
  const { data, errors } = await admin(`query ($id: ID!) { tenant(id: $id) { ${TENANT.slice(9, -2)} } }`, { id });
  expect(errors).toBeUndefined();
  return data!['tenant'] as Payload['tenant'] | null;
}

export interface ListedClients {
  readonly totalCount: number;
  readonly nodes: readonly Payload['client'][];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

export async function clientsOf(ask: Ask, args = '(first: 100)'): Promise<ListedClients> {
  const { data, errors } = await ask(
    `{ clients${args} { totalCount nodes { ${CLIENT.slice(9, -2)} } pageInfo { hasNextPage endCursor } } }`,
  );
  expect(errors).toBeUndefined();
  return data!['clients'] as unknown as ListedClients;
}

/** Asks the token provider with these credentials. */
export const issueWith = (tenant: Tenant, clientId: string, clientSecret: string | null): Promise<Answer> =>
  tenant.requestToken({ scimClientId: clientId, scimClientSecret: String(clientSecret), grantType: 'password' });

export async function tokenFor(
  tenant: Tenant,
  clientId = tenant.clientId,
  clientSecret: string | null = tenant.clientSecret,
): Promise<string> {
  const answer = await issueWith(tenant, clientId, clientSecret);
  expect(answer.status, answer.text).toBe(200);
  return String(answer.body['accessToken']);
}

export const readWith = (tenant: Tenant, token: string): Promise<Answer> =>
  tenant.scim('GET', '/Users?count=1', undefined, { authorization: `Bearer ${token}` });
export const statusWith = async (tenant: Tenant, token: string): Promise<number> => (await readWith(tenant, token)).status;

/** Waits until the tenant is gone. */
export async function untilDeleted(system: Pick<System, 'admin'>, id: string, milliseconds = 30_000): Promise<void> {
  const started = performance.now();
  while (await tenantById(system.admin, id)) {
    if (performance.now() - started > milliseconds) throw new Error(`the tenant ${id} is still there`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
