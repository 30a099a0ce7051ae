/**
 * Traces as a collector gets them, of programs started as an operator starts them: one process on the embedded set-up, two on the servers.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { exchange } from '../support/http.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { freePort, launch, type Program, untilReady } from '../support/process.js';
import { userBody } from '../support/scim.js';
import { writeNewEmbedded } from '../support/own-store.js';

const PATIENT = 120_000;
const isNetwork = inject('world') === 'network';
const CLIENT = 'traced-client';
const SECRET = randomBytes(32).toString('hex');
const WHO = 'traced.person@x.com';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string };
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes: readonly Attribute[];
  readonly status?: { readonly code?: number };
  service: string;
}

/** A collector: what has come, and how. */
const heard: Span[] = [];
const texts: string[] = [];
let headers: IncomingHttpHeaders = {};
let collector: Server;

let folder: string;
let database: OwnDatabase | undefined;
const running: Program[] = [];
let gateway: string;
let identity: string;
let token: string;

const textOf = ({ attributes }: { readonly attributes: readonly Attribute[] }, key: string): string | undefined => {
  const value = attributes.find((attribute) => attribute.key === key)?.value;
  return value && String(value.stringValue ?? value.intValue);
};

function take(body: string): void {
  texts.push(body);
  const { resourceSpans } = JSON.parse(body) as {
    readonly resourceSpans: readonly {
      readonly resource: { readonly attributes: readonly Attribute[] };
      readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
    }[];
  };
  for (const { resource, scopeSpans } of resourceSpans) {
    heard.push(...scopeSpans.flatMap(({ spans }) => spans).map((span) => ({ ...span, service: textOf(resource, 'service.name')! })));
  }
}

async function startCollector(): Promise<string> {
  collector = createServer((request, response) => {
    headers = request.headers;
    let body = '';
    request
      .setEncoding('utf8')
      .on('data', (chunk: string) => {
        body += chunk;
      })
      .on('end', () => {
        if (request.url === '/v1/traces') take(body);
        response.writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/json' }).end('{}');
      });
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  return `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'identity-traces-'));
  if (isNetwork) database = await createOwnDatabase(String(process.env['DATABASE_URL']));
  else await writeNewEmbedded(path.join(folder, 'data', 'database'));
  const [identityPort, gatewayPort] = (await Promise.all([freePort(), freePort()])).map(String) as [string, string];
  [identity, gateway] = [`http://127.0.0.1:${identityPort}`, `http://127.0.0.1:${gatewayPort}`];
  const traces = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `${await startCollector()}/`,
    OTEL_EXPORTER_OTLP_HEADERS: 'api-key=of%20ours',
    TRUST_PROXY: 'true',
    LOG_LEVEL: 'warn',
  };
  const core = {
    ...traces,
    IDENTITY_PORT: identityPort,
    GATEWAY_PORT: gatewayPort,
    DATA_DIR: path.join(folder, 'data'),
    BOOTSTRAP_TENANT: 'Traced tenant',
    BOOTSTRAP_CLIENT_ID: CLIENT,
    BOOTSTRAP_CLIENT_SECRET: SECRET,
    ...(database && { DATABASE_URL: database.url }),
  };
  running.push(launch('tools/start.mjs', isNetwork ? ['identity'] : [], core));
  if (isNetwork) {
    await untilReady(identity, running);
    running.push(launch('tools/start.mjs', ['gateway'], { ...traces, GATEWAY_PORT: gatewayPort, IDENTITY_URL: identity }));
  }
  await untilReady(gateway, running);
  const form = new URLSearchParams({ scimClientId: CLIENT, scimClientSecret: SECRET, grantType: 'password' }).toString();
  token = String(
    (await exchange(gateway, 'POST', '/api/V1/token', { 'content-type': 'application/x-www-form-urlencoded' }, form)).body['accessToken'],
  );
}, PATIENT);

afterAll(async () => {
  await Promise.all(running.map((program) => program.stop()));
  collector.close();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
}, PATIENT);

const traceId = () => randomBytes(16).toString('hex');
const scim = (method: string, below: string, body: object | undefined, traceparent: string) =>
  exchange(
    gateway,
    method,
    `/scim/api/V1${below}`,
    { authorization: `Bearer ${token}`, 'content-type': body && 'application/scim+json', traceparent, tracestate: STATE },
    body,
  );
const spansOf = (trace: string): Span[] => heard.filter((span) => span.traceId === trace);
const FROM = 'b7ad6b7169203331';
const STATE = 'vendor=opaque,other=x';
const [INTERNAL_ERROR, SERVER, CLIENT_KIND] = [2, 2, 3];

test('a request is one trace, from the caller through facade and core to the statements', { timeout: PATIENT }, async () => {
  const trace = traceId();
  const created = await scim('POST', '/Users', userBody(WHO), `00-${trace}-${FROM}-01`);
  expect(created.status).toBe(201);
  await expect
    .poll(() => spansOf(trace).map(({ name, kind }) => (name === 'CreateUser' ? `${name} ${kind}` : name)), { timeout: 20_000 })
    .toEqual(
      // Both programs tell of the operation, each when it is ready to.
      expect.arrayContaining([
        'POST /scim/api/V1/Users',
        `CreateUser ${CLIENT_KIND}`,
        `CreateUser ${SERVER}`,
        'token',
        'turn',
        'statement',
      ]),
    );
  const spans = spansOf(trace);
  const parentOf = ({ parentSpanId }: Span) => spans.find(({ spanId }) => spanId === parentSpanId);
  const request = spans.find(({ name }) => name === 'POST /scim/api/V1/Users')!;
  expect(request).toMatchObject({ parentSpanId: FROM, kind: SERVER, service: isNetwork ? 'condeco-gateway' : 'condeco-identity' });
  expect(textOf(request, 'http.response.status_code')).toBe('201');
  expect(textOf(request, 'condeco.request_id')).toBe(created.headers['x-request-id']);
  const [asked, done] = [CLIENT_KIND, SERVER].map((kind) => spans.find((span) => span.name === 'CreateUser' && span.kind === kind)!) as [
    Span,
    Span,
  ];
  expect(parentOf(asked)).toBe(request);
  expect(parentOf(done)).toBe(asked);
  expect(done.service).toBe(isNetwork ? 'condeco-core' : 'condeco-identity');
  expect(textOf(done, 'condeco.outcome')).toBe('OK');
  const statement = spans.find((span) => span.name === 'statement' && textOf(span, 'db.query.text')?.includes('insert into'))!;
  let above: Span | undefined = statement;
  while (above && above !== done) above = parentOf(above);
  expect(above).toBe(done);
  expect(
    spans.map(({ traceState }) => traceState),
    'of every span of both programs',
  ).toEqual(spans.map(() => STATE));
  expect(headers['api-key']).toBe('of ours');
});

test("what fails by the caller's fault is no error, and says how it ended", { timeout: PATIENT }, async () => {
  const trace = traceId();
  expect((await scim('POST', '/Users', userBody(WHO), `00-${trace}-${FROM}-01`)).status).toBe(409);
  await expect
    .poll(() => spansOf(trace).find(({ name, kind }) => name === 'CreateUser' && kind === SERVER), { timeout: 20_000 })
    .toBeDefined();
  const done = spansOf(trace).find(({ name, kind }) => name === 'CreateUser' && kind === SERVER)!;
  expect(textOf(done, 'condeco.outcome')).toBe('UNIQUENESS');
  expect(done.status?.code).not.toBe(INTERNAL_ERROR);
});

test("tools' requests are traced, too; a caller who says not to record is not", { timeout: PATIENT }, async () => {
  const [recorded, not] = [traceId(), traceId()];
  await exchange(
    identity,
    'POST',
    '/graphql',
    { 'content-type': 'application/json', traceparent: `00-${not}-${FROM}-00` },
    { query: '{ __typename }' },
  );
  await exchange(
    identity,
    'POST',
    '/graphql',
    { 'content-type': 'application/json', traceparent: `00-${recorded}-${FROM}-01` },
    { query: '{ __typename }' },
  );
  await expect.poll(() => spansOf(recorded).map(({ name }) => name), { timeout: 20_000 }).toContain('POST /graphql');
  expect(spansOf(not)).toEqual([]);
});

test('nonsense instead of a trace begins a new one', { timeout: PATIENT }, async () => {
  const before = heard.length;
  expect((await scim('GET', `/Users?filter=userName%20eq%20%22${WHO}%22`, undefined, '00-nonsense-01')).body.totalResults).toBe(1);
  await expect.poll(() => heard.slice(before).map(({ name }) => name), { timeout: 20_000 }).toContain('GET /scim/api/V1/Users');
});

test("nobody's data, token or secret is told to the collector", () => {
  const all = texts.join('\n');
  expect(all).toContain('insert into');
  for (const secret of [WHO, 'traced.person', token, SECRET, token.slice(0, 24)]) expect(all).not.toContain(secret);
});

test('a collector that is away is told once, and costs no request', { timeout: PATIENT }, async () => {
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
  const away = () => running[0]!.out() + running[0]!.err();
  await expect
    .poll(
      async () => {
        expect((await scim('GET', '/ServiceProviderConfig', undefined, `00-${traceId()}-${FROM}-01`)).status).toBe(200);
        return away();
      },
      { timeout: 60_000, interval: 500 },
    )
    .toContain('traces are lost');
  expect(away().split('traces are lost').length).toBe(2);
});
