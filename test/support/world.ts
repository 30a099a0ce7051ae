/**
 * A whole system in a variable: core, facade and their stores, on ephemeral ports. The tests of a worker share one and take a new
 * tenant each. There are two set-ups of the same system, and the same tests run on both:
 * - embedded: PGlite in memory, a cache in the process, the facade calling the core in the process;
 * - network: a PostgreSQL database of its own, Redis, the facade calling the core over HTTP.
 */
import { randomInt } from 'node:crypto';
import { type Logger, pino } from 'pino';
import { inject } from 'vitest';
import { startGateway } from '../../gateway/app.js';
import { connectCore } from '../../gateway/core-client.js';
import type { Work } from '../../services/identity/domain/admission/admission.js';
import type { IdentityConfig } from '../../services/identity/config.js';
import { newClientSecret, newToken } from '../../services/identity/domain/tokens/token-format.js';
import { startIdentity } from '../../services/identity/server.js';
import { type Answer, exchange, type Headers, type Payload } from './http.js';
import { createOwnDatabase, type OwnDatabase } from './own-database.js';

export type SetUp = 'embedded' | 'network';

/** What a GraphQL request answered, not yet looked at. */
export interface GraphQLResult {
  readonly status: number;
  readonly headers: Answer['headers'];
  readonly data?: Record<string, Record<string, unknown>>;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

export interface Tenant {
  readonly id: string;
  /** The base of the SCIM service, with the slash at the end, as admins paste it. */
  readonly scimUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** A SCIM token of the tenant. */
  readonly token: string;
  /** An address of its own (as the proxy in front would tell): nobody else's wrong credentials slow this tenant down. */
  readonly address: string;
  /** One SCIM request with the tenant's token; the path is what follows the base, from its slash on. */
  scim(method: string, path: string, body?: Payload, headers?: Headers): Promise<Answer>;
  /** One GraphQL request with a GraphQL token of the tenant. */
  graphql(query: string, variables?: object): Promise<GraphQLResult>;
  /** The same as it came over HTTP. */
  graphqlAnswer(query: string, variables?: object): Promise<Answer>;
  /** One request to the token provider: an object is sent as a form, text as it is. */
  requestToken(form: Readonly<Record<string, string>> | string, headers?: Headers): Promise<Answer>;
}

export interface System {
  /** `http://127.0.0.1:port` of the facade and of the core. */
  readonly gatewayUrl: string;
  readonly identityUrl: string;
  /** GraphQL with the first tenant's administrator token. */
  admin(query: string, variables?: object): Promise<GraphQLResult>;
  readonly adminToken: string;
  newTenant(name?: string): Promise<Tenant>;
  stopCore(): Promise<void>;
  close(): Promise<void>;
}

export interface World extends System {
  readonly setUp: SetUp;
  /** Runs SQL in the system's database, where a server has it (network). */
  readonly query: ((statement: string) => Promise<Record<string, unknown>[]>) | undefined;
  /** Where that database is, for sessions of one's own. */
  readonly databaseUrl: string | undefined;
}

export interface Stores {
  readonly database: { readonly kind: 'pglite'; readonly directory?: string } | { readonly kind: 'postgresql'; readonly url: string };
  readonly redisUrl?: string | undefined;
  /** How much may be asked and worked on; without it as good as everything. */
  readonly requestsPerSecond?: number;
  readonly work?: Work;
}

/** For tests of anything but limits. */
const PATIENT = { waiting: 5000, waitingOfOne: 5000, patience: 30_000 };

/** What addresses in answers start with: the address that the outside knows, not the one that is listened on. */
export const PUBLIC_URL = 'https://identity.example.test';
export const SCIM_PATH = '/scim/api/V1';
export const SCIM_JSON = 'application/scim+json; charset=utf-8';

/** How many random cases a property is tried with; more by FUZZ_RUNS. */
export const FUZZ_RUNS = Number(process.env['FUZZ_RUNS'] ?? 200);

/** Where nothing may be left out for want of a program on the machine. */
export const IS_CI = process.env['CI'] === 'true';

const CREATE_TENANT = `mutation ($input: CreateTenantInput!) {
  createTenant(input: $input) { tenant { id } clientId clientSecret userErrors { code field message } }
}`;
const ISSUE_TOKEN = `mutation ($input: IssueTokenInput!) {
  issueToken(input: $input) { accessToken userErrors { code field message } }
}`;

const FORM = 'application/x-www-form-urlencoded';
const randomAddress = () => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(1, 255)}`;

const postGraphql = (identityUrl: string, token: string | undefined, query: string, variables: object = {}): Promise<Answer> =>
  exchange(
    identityUrl,
    'POST',
    '/graphql',
    { 'content-type': 'application/json', authorization: token && `Bearer ${token}` },
    { query, variables },
  );

async function graphql(identityUrl: string, token: string | undefined, query: string, variables: object = {}): Promise<GraphQLResult> {
  return toResult(await postGraphql(identityUrl, token, query, variables));
}

/** What is different in every answer (the request's id, what is left of the quota) is there, but is not compared where answers are. */
function toResult({ body, status, headers }: Answer): GraphQLResult {
  const { errors, ...others } = body as unknown as GraphQLResult;
  const comparable = errors?.map(({ extensions = {}, ...error }) => ({
    ...error,
    extensions: Object.fromEntries(Object.entries(extensions).filter(([name]) => name !== 'requestId')),
  }));
  const result = { ...others, ...(comparable && { errors: comparable }), status };
  return Object.defineProperty(result, 'headers', { value: headers, enumerable: false });
}

/** The payload of a mutation that must have worked. */
function payload(result: GraphQLResult, field: string): Record<string, unknown> {
  const found = result.data?.[field];
  const complaints = found?.['userErrors'] as unknown[] | undefined;
  if (!found || (complaints && complaints.length > 0)) throw new Error(`${field} failed: ${JSON.stringify(result)}`);
  return found;
}

interface Credentials {
  readonly id: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

async function openTenant(gatewayUrl: string, identityUrl: string, credentials: Credentials): Promise<Tenant> {
  const address = randomAddress();
  const { clientId, clientSecret } = credentials;
  const requestToken: Tenant['requestToken'] = (form, headers = {}) =>
    exchange(
      gatewayUrl,
      'POST',
      '/api/V1/token',
      { 'content-type': FORM, 'x-forwarded-for': address, ...headers },
      typeof form === 'string' ? form : new URLSearchParams(form).toString(),
    );
  const issued = await requestToken({ scimClientId: clientId, scimClientSecret: clientSecret, grantType: 'password' });
  if (issued.status !== 200) throw new Error(`the token provider answered ${issued.status} ${issued.text}`);
  const token = String(issued.body['accessToken']);
  let graphqlToken: Promise<string> | undefined;
  const issueGraphqlToken = async () =>
    String(
      payload(
        await graphql(identityUrl, undefined, ISSUE_TOKEN, { input: { clientId, clientSecret, audience: 'GRAPHQL', expiresIn: 3600 } }),
        'issueToken',
      )['accessToken'],
    );
  return {
    ...credentials,
    scimUrl: `${gatewayUrl}${SCIM_PATH}/`,
    tokenUrl: `${gatewayUrl}/api/V1/token`,
    token,
    address,
    requestToken,
    scim: (method, path, body, headers = {}) =>
      exchange(
        gatewayUrl,
        method,
        SCIM_PATH + path,
        {
          authorization: `Bearer ${token}`,
          accept: 'application/scim+json',
          'content-type': body === undefined ? undefined : SCIM_JSON,
          'x-forwarded-for': address,
          ...headers,
        },
        body,
      ),
    graphqlAnswer: async (query, variables) => postGraphql(identityUrl, await (graphqlToken ??= issueGraphqlToken()), query, variables),
    graphql: async (query, variables) => graphql(identityUrl, await (graphqlToken ??= issueGraphqlToken()), query, variables),
  };
}

/**
 * Starts core and facade on these stores. Over the network the facade reaches the core by HTTP, otherwise in the process. `more` is how the
 * core is told to be other than usual.
 */
export async function startSystem(
  stores: Stores,
  overNetwork: boolean,
  more: Partial<IdentityConfig> = {},
  log: Logger = pino({ level: 'silent' }),
): Promise<System> {
  const adminToken = newToken();
  const identity = await startIdentity(
    {
      host: '127.0.0.1',
      port: 0,
      production: false,
      introspection: true,
      publicUrl: PUBLIC_URL,
      trustProxy: true,
      requestsPerSecond: 100_000,
      work: { all: PATIENT, heavy: PATIENT },
      ...stores,
      ...more,
      bootstrap: { tenant: 'First tenant', clientId: 'first-client', clientSecret: newClientSecret(), adminToken },
    },
    log,
  );
  const client = overNetwork ? connectCore(identity.url, more.facadeSecret) : undefined;
  const gateway = await startGateway(
    {
      host: '127.0.0.1',
      port: 0,
      publicUrl: PUBLIC_URL,
      trustProxy: true,
      standstillMilliseconds: overNetwork ? more.standstillMilliseconds : Infinity,
    },
    client ?? identity.core,
    log,
  );
  const admin: System['admin'] = (query, variables) => graphql(identity.url, adminToken, query, variables);
  let tenants = 0;
  return {
    gatewayUrl: gateway.url,
    identityUrl: identity.url,
    admin,
    adminToken,
    newTenant: async (name = `Tenant ${(tenants += 1)}`) => {
      const created = payload(await admin(CREATE_TENANT, { input: { name } }), 'createTenant');
      const { id } = created['tenant'] as { id: string };
      return openTenant(gateway.url, identity.url, {
        id,
        clientId: String(created['clientId']),
        clientSecret: String(created['clientSecret']),
      });
    },
    stopCore: () => identity.close(),
    close: async () => {
      await gateway.close();
      await client?.close();
      await identity.close();
    },
  };
}

/** The servers' addresses. */
function servers(): { databaseUrl: string; redisUrl: string } {
  const { DATABASE_URL: databaseUrl, REDIS_URL: redisUrl } = process.env;
  if (!databaseUrl || !redisUrl) throw new Error('The set-up "network" needs DATABASE_URL and REDIS_URL.');
  const redis = new URL(redisUrl);
  // Of Redis' 16 databases each worker takes its own, and leaves 0 to whoever else uses the server.
  redis.pathname = `/${1 + (Number(process.env['VITEST_POOL_ID'] ?? 1) % 15)}`;
  return { databaseUrl, redisUrl: redis.href };
}

/** The worker is ended by a signal, without a last hook of its own, and has half a second. */
function dropAtTheEnd(database: OwnDatabase): void {
  process.once('SIGTERM', () => void database.drop().finally(() => process.exit()));
}

async function startWorld(): Promise<World> {
  const setUp = inject('world');
  if (setUp === 'embedded') {
    return { ...(await startSystem({ database: { kind: 'pglite' } }, false)), setUp, query: undefined, databaseUrl: undefined };
  }
  const { databaseUrl, redisUrl } = servers();
  const database = await createOwnDatabase(databaseUrl);
  dropAtTheEnd(database);
  const system = await startSystem({ database: { kind: 'postgresql', url: database.url }, redisUrl }, true);
  return { ...system, setUp, query: database.query, databaseUrl: database.url };
}

let shared: Promise<World> | undefined;

/** The world of this worker; started when it is first asked for. */
export const world = (): Promise<World> => (shared ??= startWorld());

/** A tenant of its own for a test: nothing in it yet. */
export const newTenant = async (): Promise<Tenant> => (await world()).newTenant();
