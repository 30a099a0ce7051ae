/** The commands, as a user gives them: what they print, keep, refuse, and how they end. */
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { isWellFormedToken, newClientSecret, newToken } from '../../services/identity/domain/tokens/token-format.js';
import { exchange } from '../support/http.js';
import { createOwnDatabase, openSession, type OwnDatabase } from '../support/own-database.js';
import { freePort, launch, type Program } from '../support/process.js';
import { writeNewEmbedded } from '../support/own-store.js';

const START = 'tools/start.mjs';
/** A start builds and makes a database, on a machine that may have much else to do. */
const PATIENT = { timeout: 90_000 };
let folder: string;
let database: OwnDatabase | undefined;
const running: Program[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'condeco-start-'));
  if (inject('world') === 'network') database = await createOwnDatabase(String(process.env['DATABASE_URL']));
});
afterEach(async () => {
  // Not by force: the launcher hands signals on, and could not hand on its own death.
  await Promise.all(running.splice(0).map((program) => program.stop()));
});
afterAll(async () => {
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** A data directory in which nobody has been yet, but whose database is there: to have it made takes long. */
async function dataDirectory(name: string): Promise<string> {
  const directory = path.join(folder, name);
  if (!database) await writeNewEmbedded(path.join(directory, 'database'));
  return directory;
}

function start(program: string, variables: Readonly<Record<string, string>>): Program {
  const stores: Record<string, string> = database ? { DATABASE_URL: database.url, REDIS_URL: String(process.env['REDIS_URL']) } : {};
  const started = launch(START, [program], { ...stores, ...variables });
  running.push(started);
  return started;
}

async function addresses(): Promise<{ identity: string; gateway: string; variables: Record<string, string> }> {
  const [identityPort, gatewayPort] = [String(await freePort()), String(await freePort())];
  return {
    identity: `http://127.0.0.1:${identityPort}`,
    gateway: `http://127.0.0.1:${gatewayPort}`,
    variables: { IDENTITY_PORT: identityPort, GATEWAY_PORT: gatewayPort },
  };
}

async function ready(origin: string, program: Program): Promise<void> {
  while (program.isRunning()) {
    const answer = await exchange(origin, 'GET', '/readyz').catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`ended before it was ready:\n${program.err()}`);
}

const value = (page: string, name: string): string => page.match(new RegExp(`^  ${name} +(.+)$`, 'm'))?.[1] ?? '';
const listUsers = (gateway: string, token: string) =>
  exchange(gateway, 'GET', '/scim/api/V1/Users?startIndex=1&count=2', { authorization: `Bearer ${token}` });

describe('npm start', PATIENT, () => {
  test('prints what a user needs, keeps it for the next start, and ends in order', async () => {
    const { gateway, identity, variables } = await addresses();
    const DATA_DIR = path.join(folder, 'fresh', 'data');
    const first = start('standalone', { ...variables, DATA_DIR });
    await first.shows('Ctrl-C stops.');
    const page = first.out();
    expect(value(page, 'Base URL')).toBe(`${gateway}/scim/api/V1/`);
    expect(value(page, 'Token provider')).toBe(`${gateway}/api/V1/token`);
    expect(value(page, 'URL')).toBe(`${identity}/graphql`);
    expect(value(page, 'Client secret').length).toBeGreaterThan(40);
    expect(page).toContain(`curl -H 'Authorization: Bearer ${value(page, 'Token')}' '${gateway}/scim/api/V1/Users?`);
    const ask = (query: string) =>
      exchange(
        identity,
        'POST',
        '/graphql',
        {
          authorization: `Bearer ${value(page.slice(page.indexOf('GraphQL')), 'Token')}`,
          'content-type': 'application/json',
        },
        { query },
      );
    expect((await ask('{ users(first: 2) { totalCount } }')).body).toEqual({ data: { users: { totalCount: 0 } } });
    const declare =
      'mutation { declareExtension(input: { resource: USER, schema: { id: "urn:acme:params:scim:schemas:extension:start:2.0:User", name: "Start", attributes: [{ name: "badge" }] } }) { userErrors { message } } }';
    expect((await ask(declare)).body, 'the next start must cope with that').toEqual({ data: { declareExtension: { userErrors: [] } } });
    expect(page, 'a page for people, no log').not.toContain('{"level"');
    expect((await listUsers(gateway, value(page, 'Token'))).body).toMatchObject({ totalResults: 0 });
    expect(await first.stop(), first.err()).toBe(0);
    expect(first.err()).toBe('');

    const file = path.join(DATA_DIR, 'credentials.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(DATA_DIR).mode & 0o777).toBe(0o700);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ clientId: value(page, 'Client id'), scimToken: value(page, 'Token') });

    const second = start('standalone', { ...variables, DATA_DIR });
    await second.shows('Ctrl-C stops.');
    expect(second.out()).toBe(page);
    expect((await listUsers(gateway, value(page, 'Token'))).status).toBe(200);
    expect(await second.stop('SIGINT')).toBe(0);
  });

  test('takes the credentials it is given', async () => {
    const { gateway, identity, variables } = await addresses();
    const given = {
      BOOTSTRAP_TENANT: 'Example Ltd',
      BOOTSTRAP_CLIENT_ID: `example-${newToken().slice(-6)}`,
      BOOTSTRAP_CLIENT_SECRET: newClientSecret(),
      BOOTSTRAP_ADMIN_TOKEN: newToken(),
    };
    const program = start('standalone', { ...variables, ...given, DATA_DIR: await dataDirectory('given') });
    await program.shows('Ctrl-C stops.');
    expect(program.out()).toContain('Example Ltd');
    expect(value(program.out(), 'Client id')).toBe(given.BOOTSTRAP_CLIENT_ID);
    const form = { scimClientId: given.BOOTSTRAP_CLIENT_ID, scimClientSecret: given.BOOTSTRAP_CLIENT_SECRET, grantType: 'password' };
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const issued = await exchange(gateway, 'POST', '/api/V1/token', headers, new URLSearchParams(form).toString());
    expect(issued.status).toBe(200);
    const admin = { 'content-type': 'application/json', authorization: `Bearer ${given.BOOTSTRAP_ADMIN_TOKEN}` };
    expect((await exchange(identity, 'POST', '/graphql', admin, { query: '{ __typename }' })).status).toBe(200);
  });

  test('a signal during the start waits for it, and leaves nothing half made', async () => {
    const { variables } = await addresses();
    const DATA_DIR = await dataDirectory('interrupted');
    const first = start('standalone', { ...variables, DATA_DIR });
    await expect
      .poll(() => statSync(path.join(DATA_DIR, 'credentials.json'), { throwIfNoEntry: false }), { timeout: 20_000 })
      .toBeDefined();
    expect(await first.stop()).toBe(0);
    const second = start('standalone', { ...variables, DATA_DIR });
    await second.shows('Ctrl-C stops.');
  });
});

describe('the core and the facade as two processes', PATIENT, () => {
  test('serve a client that has its token from the token provider', async () => {
    const { gateway, identity, variables } = await addresses();
    const clientId = `two-${newToken().slice(-6)}`;
    const clientSecret = newClientSecret();
    const bootstrap = { BOOTSTRAP_TENANT: 'Two', BOOTSTRAP_CLIENT_ID: clientId, BOOTSTRAP_CLIENT_SECRET: clientSecret };
    const core = start('identity', { ...variables, ...bootstrap, DATA_DIR: await dataDirectory('two') });
    await ready(identity, core);
    const facade = start('gateway', { ...variables, IDENTITY_URL: identity });
    await ready(gateway, facade);
    const form = new URLSearchParams({ scimClientId: clientId, scimClientSecret: clientSecret, grantType: 'password' }).toString();
    const issued = await exchange(gateway, 'POST', '/api/V1/token', { 'content-type': 'application/x-www-form-urlencoded' }, form);
    const listed = await listUsers(gateway, String(issued.body['accessToken']));
    expect(listed.status).toBe(200);
    expect(await facade.stop(), facade.err()).toBe(0);
    expect(await core.stop(), core.err()).toBe(0);
    expect(core.out() + facade.out(), 'secrets in the log').not.toContain(clientSecret);
  });
});

describe.runIf(inject('world') === 'network')('a start that waits', PATIENT, () => {
  test('for another core ends in order as soon as it is told to', async () => {
    const { variables } = await addresses();
    const other = await openSession(database!.url);
    await other.query('select pg_advisory_lock(40261123)'); // as a core that migrates
    const core = start('identity', variables);
    await core.shows('waits for another core');
    const since = performance.now();
    expect(await core.stop(), core.err()).toBe(0);
    expect(performance.now() - since).toBeLessThan(10_000); // what it waits for does not come
    expect(core.out()).toContain('ended before the start was complete');
    await other.end();
  });
});

describe('a start that cannot be', PATIENT, () => {
  test('faults of the configuration of both sides are told together', async () => {
    const program = start('standalone', { IDENTITY_PORT: 'four thousand', GATEWAY_PORT: '99999', REDIS_URL: 'nowhere' });
    expect(await program.ended).toBe(1);
    for (const name of ['IDENTITY_PORT', 'GATEWAY_PORT', 'REDIS_URL']) expect(program.err()).toContain(`- ${name}: `);
    expect(program.err()).not.toMatch(/^\s+at /m);
    expect(program.out()).toBe('');
  });

  test('production does not start on the defaults', async () => {
    const program = start('identity', { NODE_ENV: 'production', DATABASE_URL: '', REDIS_URL: '' });
    expect(await program.ended).toBe(1);
    expect(program.err()).toContain('- DATABASE_URL: is missing');
    expect(program.err()).toContain('- REDIS_URL: is missing');
  });

  test.each([
    ['standalone', 'IDENTITY_PORT'],
    ['standalone', 'GATEWAY_PORT'],
    ['gateway', 'GATEWAY_PORT'],
  ] as const)('%s: a taken %s is told with what to do', async (which, name) => {
    const { variables } = await addresses();
    const taken = createServer().listen(Number(variables[name]), '127.0.0.1');
    try {
      const program = start(which, { ...variables, DATA_DIR: await dataDirectory(`taken-${which}-${name}`) });
      expect(await program.ended).toBe(1);
      expect(program.err()).toBe(
        `Could not start. Port ${variables[name]} on 127.0.0.1 is taken: stop what listens there, or choose other ports with IDENTITY_PORT, GATEWAY_PORT and METRICS_PORT.\n`,
      );
    } finally {
      taken.close();
    }
  });

  test('credentials that cannot be read are told, not replaced', async () => {
    const { variables } = await addresses();
    const DATA_DIR = await mkdtemp(path.join(folder, 'broken-'));
    await writeFile(path.join(DATA_DIR, 'credentials.json'), '{"clientId":');
    const program = start('standalone', { ...variables, DATA_DIR });
    expect(await program.ended).toBe(1);
    expect(program.err()).toContain('credentials.json cannot be read as credentials');
    expect(readFileSync(path.join(DATA_DIR, 'credentials.json'), 'utf8')).toBe('{"clientId":');
  });
});

test('npm run token prints a token and nothing else', async () => {
  const program = launch('tools/token.mjs', []);
  expect(await program.ended).toBe(0);
  expect(isWellFormedToken(program.out().trimEnd())).toBe(true);
  expect(program.out().split('\n')).toHaveLength(2);
});

describe('the last line of npm test', async () => {
  interface Counts {
    passed: number;
    failed: number;
    skipped: number;
  }
  const { count, total, verdict } = (await import(pathToFileURL('tools/verdict.mjs').href)) as {
    count(read: () => unknown, code: number): Counts;
    total(counts: Counts[]): Counts;
    verdict(counts: Counts): string;
  };
  const report = (...files: [status: string, ...tests: string[]][]) => ({
    numPassedTests: 3,
    numFailedTests: files.flatMap(([, ...tests]) => tests).filter((status) => status === 'failed').length,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: files.map(([status, ...tests]) => ({ status, assertionResults: tests.map((each) => ({ status: each })) })),
  });

  test('sums the runs', () => {
    const counts = [count(() => report(['passed', 'passed']), 0), count(() => report(['failed', 'failed', 'passed']), 1)];
    expect(verdict(total(counts))).toBe('6 passed, 1 failed, 2 skipped');
    expect(verdict({ passed: 2, failed: 0, skipped: 0 })).toBe('2 passed, 0 failed');
  });

  test('a file that did not load, a run that died, a run without a report: each is a failure', () => {
    expect(count(() => report(['failed'], ['passed', 'passed']), 1).failed).toBe(1);
    expect(count(() => report(['passed', 'passed']), 1).failed).toBe(1);
    expect(count(() => JSON.parse(''), 1).failed).toBe(1);
  });
});
