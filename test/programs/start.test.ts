/** The programs, as a user starts them: what they print and keep, and how they end. What they refuse is in start-refused.test.ts. */
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { newClientSecret, newToken } from '../../services/identity/domain/tokens/token-format.js';
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

  test('tell which secrets are not those they had, and take the one of facades that is about to go', async () => {
    const { gateway, identity, variables } = await addresses();
    const BOOTSTRAP_CLIENT_ID = `changed-${newToken().slice(-6)}`;
    const secrets = () => ({ BOOTSTRAP_CLIENT_ID, BOOTSTRAP_CLIENT_SECRET: newClientSecret(), BOOTSTRAP_ADMIN_TOKEN: newToken() });
    const DATA_DIR = await dataDirectory('changed');
    const [was, is, strange] = ['w', 'i', 's'].map((letter) => letter.repeat(32)) as [string, string, string];
    const first = start('identity', { ...variables, ...secrets(), DATA_DIR, FACADE_SECRET: was });
    await ready(identity, first);
    await first.stop();
    const core = start('identity', { ...variables, ...secrets(), DATA_DIR, FACADE_SECRET: is, FACADE_SECRET_PREVIOUS: was });
    await ready(identity, core);
    await core.shows('BOOTSTRAP_CLIENT_SECRET is not the secret of the client');
    expect(core.out()).toMatch(/tokens that BOOTSTRAP_ADMIN_TOKEN held at earlier starts are good still.*[0-9a-f-]{36}/);

    const behind = start('gateway', { ...variables, IDENTITY_URL: identity, FACADE_SECRET: was });
    await ready(gateway, behind);
    await behind.stop();
    const stranger = start('gateway', { ...variables, IDENTITY_URL: identity, FACADE_SECRET: strange });
    await stranger.shows('listening');
    const answer = await exchange(gateway, 'GET', '/readyz');
    expect(answer).toMatchObject({ status: 503, body: { detail: 'The identity core does not let this facade in; the log says why.' } });
    await stranger.shows('FACADE_SECRET of this facade is not that of the core');
    await core.shows('a facade was turned away: its FACADE_SECRET is not that of this core');
    await Promise.all([stranger.stop(), core.stop()]);
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
