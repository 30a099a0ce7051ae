/** What the programs tell Prometheus, started as an operator starts them: one process on the embedded set-up, two on the servers. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { routes } from '../../gateway/routes.js';
import { isFailureCode } from '../../schema/failure.js';
import { newClientSecret, newToken } from '../../services/identity/domain/tokens/token-format.js';
import { type Answer, exchange, type Headers, type Payload } from '../support/http.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { freePort, launch, type Program, untilReady } from '../support/process.js';
import { writeNewEmbedded } from '../support/own-store.js';

const PATIENT = 120_000;
const START = 'tools/start.mjs';
const isNetwork = inject('world') === 'network';
const TENANT = 'Metered tenant';
const CLIENT = 'metered-client';
const SECRET = newClientSecret();
const ADMIN_TOKEN = newToken();
const { version } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8')) as { readonly version: string };
const JSON_BODY = { 'content-type': 'application/json' };

let folder: string;
let database: OwnDatabase | undefined;
const running: Program[] = [];
let gateway: string;
let identity: string;
/** Where the metrics are: of the facade, and of the core. */
let told: { gateway: string; identity: string };
let token: string;
let graphqlToken: string;

function start(program: string, variables: Readonly<Record<string, string>>): void {
  running.push(launch(START, [program], variables));
}

async function issueToken(clientId: string, clientSecret: string): Promise<string> {
  const form = new URLSearchParams({ scimClientId: clientId, scimClientSecret: clientSecret, grantType: 'password' }).toString();
  return String(
    (await exchange(gateway, 'POST', '/api/V1/token', { 'content-type': 'application/x-www-form-urlencoded' }, form)).body['accessToken'],
  );
}

const graphql = (query: string, variables: object = {}, bearer = graphqlToken) =>
  exchange(identity, 'POST', '/graphql', { ...JSON_BODY, authorization: `Bearer ${bearer}` }, { query, variables });
const scim = (method: string, below: string, body?: Payload, headers: Headers = {}) =>
  exchange(
    gateway,
    method,
    `/scim/api/V1${below}`,
    { authorization: `Bearer ${token}`, 'content-type': body === undefined ? undefined : 'application/scim+json', ...headers },
    body,
  );

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'identity-metrics-'));
  if (isNetwork) database = await createOwnDatabase(String(process.env['DATABASE_URL']));
  else await writeNewEmbedded(path.join(folder, 'data', 'database'));
  const ports = await Promise.all([1, 2, 3, 4].map(() => freePort()));
  const [identityPort, gatewayPort, coresMetrics, gatewaysMetrics] = ports.map(String) as [string, string, string, string];
  [identity, gateway] = [`http://127.0.0.1:${identityPort}`, `http://127.0.0.1:${gatewayPort}`];
  const variables = {
    IDENTITY_PORT: identityPort,
    GATEWAY_PORT: gatewayPort,
    METRICS_PORT: coresMetrics,
    DATA_DIR: path.join(folder, 'data'),
    REQUESTS_PER_SECOND: '100000',
    BOOTSTRAP_TENANT: TENANT,
    BOOTSTRAP_CLIENT_ID: CLIENT,
    BOOTSTRAP_CLIENT_SECRET: SECRET,
    BOOTSTRAP_ADMIN_TOKEN: ADMIN_TOKEN,
    ...(database && { DATABASE_URL: database.url, REDIS_URL: String(process.env['REDIS_URL']) }),
  };
  start(isNetwork ? 'identity' : 'standalone', variables);
  await untilReady(identity, running);
  if (isNetwork) start('gateway', { GATEWAY_PORT: gatewayPort, METRICS_PORT: gatewaysMetrics, IDENTITY_URL: identity, LOG_LEVEL: 'warn' });
  await untilReady(gateway, running);
  told = { identity: `http://127.0.0.1:${coresMetrics}`, gateway: `http://127.0.0.1:${isNetwork ? gatewaysMetrics : coresMetrics}` };
  token = await issueToken(CLIENT, SECRET);
  const issued = await graphql(
    'mutation ($input: IssueTokenInput!) { issueToken(input: $input) { accessToken } }',
    { input: { clientId: CLIENT, clientSecret: SECRET, audience: 'GRAPHQL', expiresIn: 3600 } },
    ADMIN_TOKEN,
  );
  graphqlToken = (issued.body as unknown as { data: { issueToken: { accessToken: string } } }).data.issueToken.accessToken;
}, PATIENT);

afterAll(async () => {
  const codes = await Promise.all(running.toReversed().map((program) => program.stop()));
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
  expect(codes, 'all have ended in order').toEqual(codes.map(() => 0));
}, PATIENT);

const read = async (origin: string): Promise<string> => (await exchange(origin, 'GET', '/metrics')).text;
const everything = async (): Promise<string> => `${await read(told.gateway)}\n${isNetwork ? await read(told.identity) : ''}`;

/** The value of a series; 0 where there is none. */
function valueIn(text: string, series: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.slice(series.length + 1) ?? 0);
}

/** How much each series has risen by the work; what an answer counts for is counted when its last byte has gone. */
async function risesBy(work: () => Promise<unknown>, ...series: string[]): Promise<() => Promise<number[]>> {
  const before = await everything();
  await work();
  return async () => {
    const after = await everything();
    return series.map((each) => valueIn(after, each) - valueIn(before, each));
  };
}

test('requests of the facade are counted by route, operations by name, on both sides', async () => {
  const rises = await risesBy(
    async () => {
      const {
        body: { id },
      } = await scim('POST', '/Users', { userName: 'metered@example.com' });
      await scim('GET', `//users/${id}/`);
      await scim('GET', '/Users/nobody');
      await scim('POST', '/Users', { userName: 'metered@example.com' });
    },
    'scim_http_requests_total{method="POST",route="/scim/api/V1/Users",status="201"}',
    'scim_http_requests_total{method="POST",route="/scim/api/V1/Users",status="409"}',
    'scim_http_requests_total{method="GET",route="/scim/api/V1/Users/{id}",status="200"}',
    'scim_http_request_duration_seconds_count{method="GET",route="/scim/api/V1/Users/{id}"}',
    'scim_core_operations_total{operation="CreateUser",outcome="OK"}',
    'scim_core_operations_total{operation="CreateUser",outcome="UNIQUENESS"}',
    'identity_operations_total{operation="CreateUser",outcome="OK"}',
    'identity_operations_total{operation="CreateUser",outcome="UNIQUENESS"}',
    'identity_operation_duration_seconds_count{operation="CreateUser"}',
  );
  await expect.poll(rises).toEqual([1, 1, 1, 2, 1, 1, 1, 1, 2]);
});

test('GraphQL requests are counted by kind and outcome', async () => {
  const rises = await risesBy(
    async () => {
      await graphql('{ users(first: 1) { totalCount } }');
      await graphql('query Named { users(first: 1) { totalCount } }');
      await graphql('{ users(first: 1');
      await graphql('{ users(first: 1) { totalCount } }', {}, newToken());
      await exchange(identity, 'POST', '/graphql', JSON_BODY, '{"query":');
    },
    'identity_graphql_requests_total{operation="query",outcome="OK"}',
    'identity_graphql_request_duration_seconds_count{operation="query"}',
    'identity_graphql_requests_total{operation="unknown",outcome="GRAPHQL_PARSE_FAILED"}',
    'identity_graphql_requests_total{operation="unknown",outcome="UNAUTHENTICATED"}',
    'identity_graphql_requests_total{operation="unknown",outcome="INVALID_SYNTAX"}',
    'identity_token_verdicts_total{source="unknown"}',
  );
  await expect.poll(rises).toEqual([2, 2, 1, 1, 1, 1]);
});

test('it shows where the verdict on a token comes from', async () => {
  const read = (source: string) => `identity_token_verdicts_total{source="${source}"}`;
  const fresh = await issueToken(CLIENT, SECRET);
  const ask = () => scim('GET', '/Users?count=1', undefined, { authorization: `Bearer ${fresh}` });
  const rises = await risesBy(ask, read('database'), read('cache'));
  const [looked, known] = (await rises()) as [number, number];
  expect(looked).toBe(1);
  // A Redis that is late once is left alone for a second; and what was refused above is told a second later, with a token that is known.
  await expect
    .poll(
      () =>
        ask()
          .then(rises)
          .then(([, cached]) => cached),
      { timeout: 10_000 },
    )
    .toBeGreaterThan(known + 1);
});

test('a client that hangs up is no longer under way, and is counted as what it is', async () => {
  const status = 'scim_http_requests_total{method="POST",route="/scim/api/V1/Users",status="499"}';
  const underWay = async () => valueIn(await everything(), 'scim_http_requests_in_progress');
  const before = valueIn(await everything(), status);
  const { hostname, port } = new URL(gateway);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  socket.write(
    `POST /scim/api/V1/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/scim+json\r\nContent-Length: 100\r\n\r\n{`,
  );
  await expect.poll(underWay).toBe(1);
  socket.destroy();
  await expect.poll(underWay).toBe(0);
  expect(valueIn(await everything(), status) - before).toBe(1);
});

test('who has used up the share of its tenant is counted', async () => {
  const created = await graphql(
    'mutation { createTenant(input: { name: "Small share" }) { tenant { id } clientId clientSecret } }',
    {},
    ADMIN_TOKEN,
  );
  const { tenant, clientId, clientSecret } = (
    created.body as unknown as { data: { createTenant: { tenant: { id: string }; clientId: string; clientSecret: string } } }
  ).data.createTenant;
  await graphql(
    'mutation ($input: UpdateTenantLimitsInput!) { updateTenantLimits(input: $input) { userErrors { message } } }',
    { input: { tenantId: tenant.id, requestsPerSecond: 1 } },
    ADMIN_TOKEN,
  );
  const authorization = `Bearer ${await issueToken(clientId, clientSecret)}`;
  const answers: Answer[] = [];
  const refused = () => answers.filter(({ status }) => status === 429).length;
  const rises = await risesBy(
    async () => {
      while (answers.length < 40) answers.push(await scim('GET', '/Users?count=1', undefined, { authorization }));
    },
    'scim_http_refusals_total{reason="tenant_limit"}',
    'identity_admission_refusals_total{reason="quota"}',
  );
  await expect.poll(async () => (await rises())[0]).toBe(refused());
  expect(refused()).toBeGreaterThan(10);
  expect((await rises())[1], 'the facade says it by itself for a second').toBeGreaterThan(0);
});

test('it shows the state of what is behind: connections, Redis, who waits, and the process itself', async () => {
  const [ofGateway, ofCore] = [await read(told.gateway), await read(told.identity)];
  for (const text of [ofGateway, ofCore]) {
    expect(text).toContain(`condeco_identity_build_info{version="${version}"} 1`);
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
    ]) {
      expect(text).toMatch(new RegExp(`^${name} `, 'm'));
    }
  }
  expect(ofCore).toMatch(/^identity_admission_waiting 0$/m);
  expect(ofCore).toMatch(/^identity_database_repeats_total \d+$/m);
  expect(ofGateway).toMatch(/^scim_http_requests_in_progress 0$/m);
  expect(ofGateway.includes('identity_operations_total{'), 'the core in the same process').toBe(!isNetwork);
  if (!isNetwork) return;
  for (const pool of ['owner', 'owner_look_ups', 'tenants']) {
    expect(valueIn(ofCore, `identity_database_connections_max{pool="${pool}"}`)).toBeGreaterThan(0);
    expect(ofCore).toContain(`identity_database_waiting{pool="${pool}"} 0`);
  }
  expect(ofCore).toMatch(/^identity_redis_up 1$/m);
});

test('the alerting rules leave out routes that there are', () => {
  const told = routes.map(({ path }) => path);
  const rules = readFileSync(new URL('../../docs/alerts.yml', import.meta.url), 'utf8');
  const left = new Set(Array.from(rules.matchAll(/route!~"([^"]+)"/g), ([, alternatives]) => alternatives!.split('|')).flat());
  expect(left.size).toBeGreaterThan(3);
  for (const pattern of left) expect(told, pattern).toContainEqual(expect.stringMatching(new RegExp(`^${pattern}$`)));
});

test.runIf(isNetwork)('the alerting rules are about metrics, reasons and outcomes that there are', async () => {
  const rules = readFileSync(new URL('../../docs/alerts.yml', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => !/^ *(#|summary:|action:|- alert:)/.test(line))
    .join('\n');
  const text = await everything();
  const names = new Set(
    Array.from(rules.matchAll(/\b(?:scim|identity|nodejs)_\w+/g), ([name]) => name.replace(/_(bucket|count|sum)$/, '')),
  );
  expect(names.size).toBeGreaterThan(10);
  for (const name of names) expect(text, name).toMatch(new RegExp(`^# TYPE ${name} `, 'm'));
  const values = (label: string) =>
    Array.from(rules.matchAll(new RegExp(`${label}=~?"([^"]+)"`, 'g')), ([, alternatives]) => alternatives!.split('|')).flat();
  for (const label of ['reason', 'source']) for (const value of values(label)) expect(text).toContain(`${label}="${value}"`);
  for (const code of values('outcome')) expect(isFailureCode(code), code).toBe(true);
});

test('a port of their own tells the metrics, and nothing else; the public ports do not tell them', async () => {
  for (const origin of new Set(Object.values(told))) {
    const { status, headers } = await exchange(origin, 'GET', '/metrics');
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    for (const [method, at] of [
      ['GET', '/'],
      ['GET', '/metrics/'],
      ['GET', '/readyz'],
      ['POST', '/metrics'],
      ['GET', '/scim/api/V1/Users'],
      ['POST', '/graphql'],
    ] as const) {
      expect((await exchange(origin, method, at)).status, `${method} ${at}`).toBe(404);
    }
  }
  for (const origin of [gateway, identity]) {
    const { status, text } = await exchange(origin, 'GET', '/metrics', { authorization: `Bearer ${ADMIN_TOKEN}` });
    expect(status).toBe(404);
    expect(text).not.toContain('_total');
  }
});

const METHODS = ['PROPFIND', 'M-SEARCH', 'LOCK', 'REPORT', 'PURGE', 'TRACE', 'OPTIONS', 'DELETE'];

/** A request as nobody sends it; each has something that no other has. */
function sendOdd(number: number): Promise<unknown> {
  const odd = `oddity${number}`;
  const headers = { 'user-agent': `${odd}/1.0`, 'x-request-id': odd };
  const kinds = [
    () => scim('GET', `/${odd}/${odd}`, undefined, headers),
    () => scim(METHODS[(number >> 3) % METHODS.length]!, number % 3 ? '/Users' : `/${odd}`, undefined, headers),
    () => scim('GET', `/Users/${odd}`, undefined, { ...headers, accept: odd }),
    () => scim('GET', '/Users', undefined, { ...headers, authorization: `Bearer ${odd}` }),
    () => scim('POST', number % 3 ? '/Users' : '/Bulk', `{"${odd}":`, headers),
    () => scim('GET', `/Groups?filter=${odd}+eq+%22${odd}%22&${odd}=1`, undefined, headers),
    () => graphql(`query ${odd} { ${number % 3 ? odd : '__typename'} }`),
    () =>
      exchange(
        identity,
        'POST',
        number % 3 ? '/graphql' : `/${odd}`,
        { ...JSON_BODY, ...headers, authorization: `Bearer ${odd}` },
        { operationName: odd, query: '{ __typename }', documentId: odd },
      ),
  ];
  return kinds[number % kinds.length]!();
}

/** Those of Node itself come and go with the kinds of its resources, which nobody outside names. */
const seriesIn = (text: string): Set<string> =>
  new Set(
    text
      .split('\n')
      .filter((line) => line && !/^(#|nodejs_|process_)/.test(line))
      .map((line) => line.slice(0, line.lastIndexOf(' '))),
  );

/** What a system in use has been asked for before: a histogram of each is there. */
async function useAsUsual(): Promise<void> {
  await scim('GET', '/ServiceProviderConfig');
  await scim('GET', '/Groups?filter=displayName+eq+%22Nobody%22');
  await scim('GET', '/Users?count=1');
  await scim('POST', '/Bulk', { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: [] });
  await scim('GET', '/Nowhere');
  await expect.poll(everything, { timeout: 10_000 }).toContain('operation="ReportRefusedRequests"'); // a second later
}

/** Of both programs the many, of the one a part. */
const ODD_REQUESTS = isNetwork ? 10_000 : 2000;

test(
  `${ODD_REQUESTS} odd requests add no more than 50 series, and no word of theirs`,
  async () => {
    await useAsUsual();
    const before = seriesIn(await everything());
    let next = 0;
    const sender = async () => {
      while (next < ODD_REQUESTS) await sendOdd((next += 1));
    };
    await Promise.all(Array.from({ length: 32 }, sender));
    const after = await everything();
    const added = [...seriesIn(after)].filter((series) => !before.has(series));
    expect(added.length, added.join('\n')).toBeLessThanOrEqual(50);
    expect(added.length, 'they were counted').toBeGreaterThan(0);
    expect(after).not.toMatch(/oddity|PROPFIND/i);
  },
  PATIENT,
);

test('nothing of a token, a person or a tenant is told', async () => {
  const {
    body: { data },
  } = await graphql('{ users(first: 5) { nodes { id userName } } }');
  const [{ id }] = (data as { users: { nodes: [{ id: string }] } }).users.nodes;
  await scim('GET', `/Users?filter=userName+eq+%22metered@example.com%22&x=${randomUUID()}`);
  const text = await everything();
  for (const secret of [token, graphqlToken, ADMIN_TOKEN, SECRET, CLIENT, TENANT, 'metered', id, 'example.com']) {
    expect(text).not.toContain(secret);
  }
});

test.skipIf(isNetwork)(
  'a Redis that does not answer is told',
  async () => {
    const [redis, port, metrics] = await Promise.all([freePort(), freePort(), freePort()]);
    await writeNewEmbedded(path.join(folder, 'without-redis', 'database'));
    const program = launch(START, ['identity'], {
      REDIS_URL: `redis://127.0.0.1:${redis}`,
      IDENTITY_PORT: String(port),
      METRICS_PORT: String(metrics),
      DATA_DIR: path.join(folder, 'without-redis'),
      LOG_LEVEL: 'warn',
    });
    try {
      await expect.poll(() => read(`http://127.0.0.1:${metrics}`).catch(() => ''), { timeout: 60_000 }).toMatch(/^identity_redis_up 0$/m);
      await new Promise((resolve) => setTimeout(resolve, 1500)); // several attempts
      expect(program.out().split('Redis is away').length).toBe(2);
    } finally {
      expect(await program.stop(), program.err()).toBe(0);
    }
  },
  PATIENT,
);

test(
  'a taken METRICS_PORT is told with what to do',
  async () => {
    const port = await freePort();
    const taken = createServer().listen(port, '127.0.0.1');
    try {
      const program = launch(START, ['gateway'], { GATEWAY_PORT: String(await freePort()), METRICS_PORT: String(port) });
      expect(await program.ended).toBe(1);
      expect(program.err()).toContain(`Port ${port} on 127.0.0.1 is taken`);
      expect(program.err()).toContain('METRICS_PORT');
    } finally {
      taken.close();
    }
  },
  PATIENT,
);
