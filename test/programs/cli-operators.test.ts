/** Tenants, clients, tokens, changes, profiles and the doctor by the CLI. */
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { exitCodeOf, exitCodes } from '../../cli/exit-codes.js';
import { failures } from '../../schema/failure.js';
import { cli, folder, inEnvironment, type Run, tokenOf } from '../support/cli.js';
import { groupBody, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

// What is in it is for the test to find out.
type Document = Readonly<Record<string, any>>; // eslint-disable-line typescript/no-explicit-any

let url: string;
let operator: Run;
let tenant: Tenant;
let token: string;
let run: Run;

beforeAll(async () => {
  const { identityUrl, adminToken } = await world();
  url = identityUrl;
  operator = inEnvironment(url, adminToken);
  tenant = await newTenant();
  token = await tokenOf(url, tenant);
  run = inEnvironment(url, token);
});

const documentsOf = async (by: Run, ...args: string[]): Promise<readonly Document[]> => {
  const { code, err, documents } = await by([...args, '--json']);
  expect(code, err).toBe(0);
  return documents as readonly Document[];
};

test('a tenant is created, found, renamed, suspended, resumed and deleted by its confirmed name', async () => {
  const name = `CLI ${Math.random()}`;
  const [created] = await documentsOf(operator, 'tenants', 'create', name, '--reference', `ref ${name}`);
  const { id } = created!['tenant'] as { id: string };
  expect(await tokenOf(url, { clientId: created!['clientId']!, clientSecret: created!['clientSecret']! })).toMatch(/^condeco_/);
  for (const wanted of [id, name, `ref ${name}`]) {
    expect(await documentsOf(operator, 'tenants', 'show', wanted)).toMatchObject([{ id, name }]);
  }
  expect(await documentsOf(operator, 'tenants', 'list', '--name', name, '--state', 'active')).toMatchObject([{ id }]);
  expect(await documentsOf(operator, 'tenants', 'rename', id, '--name', `${name}!`, '--clear-reference')).toMatchObject([
    { name: `${name}!`, reference: null },
  ]);
  expect(await documentsOf(operator, 'tenants', 'suspend', id, '--reason', 'Contract ended')).toMatchObject([
    { state: 'SUSPENDED', stateReason: 'Contract ended' },
  ]);
  expect(await documentsOf(operator, 'tenants', 'resume', id)).toMatchObject([{ state: 'ACTIVE' }]);
  expect(await operator(['tenants', 'delete', id])).toMatchObject({ code: 2, err: expect.stringContaining('--confirm') });
  expect((await operator(['tenants', 'delete', id, '--confirm', name])).code).toBe(1);
  expect(await documentsOf(operator, 'tenants', 'delete', id, '--confirm', `${name}!`)).toMatchObject([{ state: 'DELETING' }]);
  expect((await operator(['tenants', 'show', 'no such tenant'])).code).toBe(3);
  const taken = `taken ${name}`;
  await documentsOf(operator, 'tenants', 'create', taken, '--reference', taken);
  expect((await operator(['tenants', 'create', 'Another', '--reference', taken])).code).toBe(5);
});

test('what is secret is told once, and alone with --quiet', async () => {
  const shown = await operator(['tenants', 'create', 'Shown']);
  expect(shown.out).toMatch(/client secret +\S{20,}\n/);
  expect(shown.err).toContain('once');
  const { out, err } = await operator(['tenants', 'create', 'Quiet', '-q']);
  expect(out).toMatch(/^\S{20,}\n$/);
  expect(err).toBe('');
});

test('clients are created, listed, rotated and revoked, by the tenant and by an operator', async () => {
  for (const [by, more] of [
    [run, []],
    [operator, ['--tenant', tenant.id]],
  ] as [Run, string[]][]) {
    const [created] = await documentsOf(by, 'clients', 'create', 'Nightly', '--description', 'Import', ...more);
    const { clientId } = created!['client'] as { clientId: string };
    expect(await documentsOf(by, 'clients', 'list', ...more)).toContainEqual(expect.objectContaining({ clientId, name: 'Nightly' }));
    const [rotated] = await documentsOf(by, 'clients', 'rotate', 'Nightly', '--overlap', '1d', ...more);
    expect(rotated!['clientSecret']).not.toBe(created!['clientSecret']);
    await tokenOf(url, { clientId, clientSecret: created!['clientSecret']! });
    expect(await documentsOf(by, 'clients', 'revoke', clientId, ...more)).toMatchObject([{ revokedTokens: 1, client: { clientId } }]);
    expect((await by(['clients', 'revoke', 'Nightly', ...more])).code).toBe(3);
  }
});

test('tokens are created, listed by filters, rotated and revoked', async () => {
  const [created] = await documentsOf(
    run,
    'tokens',
    'create',
    '--audience',
    'graphql',
    '--name',
    'Door',
    '--scope',
    'groups:read',
    '--scope',
    'users:read',
    '--expires-in',
    '10d',
  );
  const { id, scopes } = created!['token'] as { id: string; scopes: string[] };
  expect(scopes.toSorted()).toEqual(['groups:read', 'users:read']);
  const namesOf = async (...args: string[]) => (await documentsOf(run, 'tokens', 'list', ...args)).map(({ name }) => name);
  expect(await namesOf('--expiring-within', '30d')).toContain('Door');
  expect(await namesOf('--expiring-within', '5')).not.toContain('Door');
  expect(await namesOf('--unused-for', '90d')).not.toContain('Door');
  expect(await namesOf('--state', 'revoked')).not.toContain('Door');
  expect((await run(['tokens', 'list'])).out).not.toContain(String(created!['accessToken']));
  const [rotated] = await documentsOf(run, 'tokens', 'rotate', id, '--overlap', '0');
  expect(await inEnvironment(url, String(created!['accessToken']))(['users', 'list'])).toMatchObject({ code: 4 });
  const other = String(rotated!['accessToken']);
  expect((await inEnvironment(url, other)(['users', 'list'])).code).toBe(0);
  expect((await run(['tokens', 'rotate', (rotated!['token'] as { id: string }).id, '--overlap', '1d'])).out).toMatch(
    /token before, good until +\d{4}-/i,
  );
  expect((await run(['tokens', 'revoke', '-'], { stdin: `${other}\n` })).code).toBe(0);
  expect((await inEnvironment(url, other)(['users', 'list'])).code).toBe(4);
  expect(await run(['tokens', 'revoke', other])).toMatchObject({ code: 2, err: expect.not.stringContaining(other) });
  expect((await run(['tokens', 'revoke', '01890a5d-ac96-774b-bcce-b302099a8057'])).code).toBe(3);
});

test('a token is issued for a secret from stdin or a file, and a wrong secret is told', async () => {
  const path = join(folder(), 'secret');
  writeFileSync(path, tenant.clientSecret);
  const args = ['tokens', 'issue', '--url', url, '--client-id', tenant.clientId, '--audience', 'scim', '-q'];
  expect((await cli([...args, '--secret-file', path])).out).toMatch(/^condeco_\w+\n$/);
  expect(await cli(args, { stdin: 'wrong' })).toMatchObject({ code: 4, out: '', err: expect.stringContaining('INVALID_CLIENT') });
  expect(await cli(args)).toMatchObject({ code: 2, err: expect.stringContaining('stdin') });
});

test('all tokens of a client, and of the tenant, are revoked', async () => {
  const own = await newTenant();
  const by = inEnvironment(url, await tokenOf(url, own));
  const [{ client, clientSecret }] = (await documentsOf(by, 'clients', 'create', 'Other')) as unknown as [
    { client: { clientId: string }; clientSecret: string },
  ];
  await tokenOf(url, { clientId: client.clientId, clientSecret });
  expect((await by(['tokens', 'revoke-all'])).code).toBe(2);
  expect(await documentsOf(by, 'tokens', 'revoke-all', '--client', client.clientId)).toMatchObject([{ revoked: 1 }]);
  expect((await documentsOf(by, 'tokens', 'revoke-all', '--all'))[0]).toMatchObject({ revoked: expect.any(Number) });
  expect((await by(['users', 'list'])).code).toBe(4);
});

test('what was refused over SCIM is shown to its tenant and to operators', async () => {
  const refusedTo = await newTenant();
  const own = inEnvironment(url, await tokenOf(url, refusedTo));
  await refusedTo.scim('GET', '/Users/shown-by-the-cli');
  await expect
    .poll(() => documentsOf(own, 'refused'), { timeout: 10_000 })
    .toMatchObject([{ method: 'GET', status: 404, times: 1, path: expect.stringContaining('/shown-by-the-cli') }]);
  expect(await documentsOf(operator, 'refused', '--tenant', refusedTo.id, '--text', 'BY-THE-CLI', '--status', '404')).toHaveLength(1);
  expect(await documentsOf(own, 'refused', '--status', '409')).toEqual([]);
  expect((await own(['refused'])).out).toMatch(/^LAST AT .*DETAIL[\s\S]* 404 +GET /);
  expect((await operator(['refused', '--tenant', '01890a5d-ac96-774b-bcce-b302099a8057'])).code).toBe(3);
});

describe('changes', () => {
  let own: Run;
  beforeAll(async () => {
    own = inEnvironment(url, await tokenOf(url, await newTenant()));
    for (const name of ['a', 'b', 'c']) await documentsOf(own, 'users', 'create', '--user-name', `${name}@x.com`);
    await documentsOf(own, 'groups', 'create', 'G');
    // The feed tells of a change when no older transaction of the server is under way any more.
    while (kindsOf(await documentsOf(own, 'changes', '--all')).at(-1) !== 'GROUP_CREATED') {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  const kindsOf = (documents: readonly Document[]) => documents.map(({ kind }) => kind as unknown as string);

  test('the last are shown, those after a cursor, of a kind, about a subject', async () => {
    const last = await documentsOf(own, 'changes', '--limit', '2');
    expect(kindsOf(last)).toEqual(['USER_CREATED', 'GROUP_CREATED']);
    expect(kindsOf(await documentsOf(own, 'changes', '--after', last[0]!['cursor'] as string))).toEqual(['GROUP_CREATED']);
    expect(kindsOf(await documentsOf(own, 'changes', '--all', '--kind', 'USER_CREATED'))).toHaveLength(3);
    expect(kindsOf(await documentsOf(own, 'changes', '--subject', 'group'))).toEqual(['GROUP_CREATED']);
    expect(await documentsOf(own, 'changes', '--since', '2999-01-01T00:00:00Z')).toEqual([]);
    const { out, err } = await own(['changes', '--limit', '1']);
    expect(out).toMatch(/^AT .*KIND.*\n\S+Z +GROUP_CREATED +\S{36} +graphql .*displayName/);
    expect(err).toMatch(/^What comes next: --after \S+\n$/);
    expect((await own(['changes', '--after', 'nonsense'])).code).toBe(1);
    expect((await own(['changes', '--subject', 'people'])).code).toBe(2);
  });

  test('the last are as many as were asked for, however many pages of the feed they are', async () => {
    const other = await newTenant();
    const by = inEnvironment(url, await tokenOf(url, other));
    // Each record is a fifth of a page.
    const phoneNumbers = () => Array.from({ length: 50 }, () => ({ value: randomBytes(3000).toString('base64') }));
    for (const userName of 'abcdefgh') {
      expect((await other.scim('POST', '/Users', userBody(`${userName}@x.com`, { phoneNumbers: phoneNumbers() }))).status).toBe(201);
    }
    const names = async (...more: string[]) =>
      (await documentsOf(by, 'changes', '--kind', 'USER_CREATED', ...more)).map(
        ({ after }) => (after as Document)['userName'][0] as unknown,
      );
    await expect.poll(() => names('--limit', '8'), { timeout: 15_000 }).toEqual('abcdefgh'.split(''));
    expect(await names('--limit', '6')).toEqual('cdefgh'.split(''));
  });

  test('--member shows which groups somebody joined and left', async () => {
    const other = await newTenant();
    const { body: user } = await other.scim('POST', '/Users', userBody('member@x.com'));
    const { body: group } = await other.scim('POST', '/Groups', groupBody('Joined', [user.id]));
    await other.scim('DELETE', `/Groups/${group.id}`);
    const by = inEnvironment(url, await tokenOf(url, other));
    const moves = async () =>
      (await documentsOf(by, 'changes', '--member', user.id)).map(
        ({ subjectId, before, after }) => [subjectId, before!['members'], after!['members']] as unknown,
      );
    await expect.poll(moves, { timeout: 15_000 }).toEqual([
      [group.id, [], [user.id]],
      [group.id, [user.id], []],
    ]);
  });

  test('--follow waits for more, and ends well when it is interrupted', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const following = own(['changes', '--follow', '--interval', '1', '--limit', '1', '--json'], {
      interrupted: stop.signal,
      onOut: (text) => {
        seen.push(
          ...kindsOf(
            text
              .split('\n')
              .filter(Boolean)
              .map((line) => JSON.parse(line) as Document),
          ),
        );
        if (seen.length > 1) stop.abort();
      },
    });
    await expect.poll(() => seen, { timeout: 15_000 }).toEqual(['GROUP_CREATED']);
    await documentsOf(own, 'users', 'deactivate', 'a@x.com');
    const timer = setTimeout(() => stop.abort(), 20_000);
    expect(await following).toMatchObject({ code: 0, err: '' });
    clearTimeout(timer);
    expect(seen[1]).toMatch(/^USER_/);
  });
});

describe('profiles', () => {
  const login = (home: string, ...more: string[]) => cli(['login', '--url', url, ...more], { home, stdin: token });

  test('login keeps URL and token for later, readable by the owner alone', async () => {
    const home = folder();
    expect(await login(home, '--json')).toMatchObject({ code: 0, documents: [{ profile: 'default', url, tenant: expect.any(String) }] });
    const path = join(home, '.config', 'condeco-identity', 'profiles.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await cli(['users', 'list'], { home })).code).toBe(0);
    await login(home, '--profile', 'other');
    expect((await cli(['profiles', 'list', '--json'], { home })).documents).toEqual([
      { profile: 'default', url, isDefault: true },
      { profile: 'other', url, isDefault: false },
    ]);
    expect((await cli(['profiles', 'use', 'other'], { home })).code).toBe(0);
    expect((await cli(['logout', '--profile', 'default'], { home })).code).toBe(0);
    expect(Object.keys((JSON.parse(readFileSync(path, 'utf8')) as { profiles: object }).profiles)).toEqual(['other']);
    expect(await cli(['users', 'list', '--profile', 'default'], { home })).toMatchObject({
      code: 2,
      err: expect.stringContaining('no profile "default"'),
    });
  });

  test('a wrong token is not kept', async () => {
    const home = folder();
    expect((await cli(['login', '--url', url], { home, stdin: 'condeco_wrong' })).code).toBe(4);
    expect(await cli(['users', 'list'], { home })).toMatchObject({ code: 2 });
  });

  test('a file that others can read is refused; XDG_CONFIG_HOME is where it is', async () => {
    const home = folder();
    const environment = { XDG_CONFIG_HOME: join(home, 'xdg') };
    expect((await cli(['login', '--url', url], { home, environment, stdin: token })).code).toBe(0);
    const path = join(home, 'xdg', 'condeco-identity', 'profiles.json');
    expect((await cli(['users', 'list'], { home, environment })).code).toBe(0);
    chmodSync(path, 0o640);
    expect(await cli(['users', 'list'], { home, environment })).toMatchObject({
      code: 2,
      err: expect.stringContaining(`chmod 600 ${path}`),
    });
  });

  test('the token of a profile goes to no other URL', async () => {
    const home = folder();
    await login(home);
    expect(await cli(['users', 'list', '--url', 'http://127.0.0.1:9/graphql'], { home })).toMatchObject({
      code: 2,
      err: expect.stringContaining('which token'),
    });
    expect((await cli(['users', 'list', '--url', url], { home })).code).toBe(0);
  });

  test('--token-file comes before everything, "-" for stdin', async () => {
    const environment = { IDENTITY_GRAPHQL_URL: url, IDENTITY_TOKEN: 'condeco_wrong' };
    expect((await cli(['users', 'list', '--token-file', '-'], { environment, stdin: `${token}\n` })).code).toBe(0);
    expect((await cli(['users', 'list', '--token-file', '/no/such'], { environment })).code).toBe(2);
  });
});

describe('doctor', () => {
  const statuses = (documents: readonly Readonly<Record<string, unknown>>[]) =>
    Object.fromEntries(documents.map(({ check, status }) => [check, status]));

  test('says of each check how it went', async () => {
    const { code, out, documents } = await run(['doctor', '--json']);
    expect(statuses(documents), out).toEqual({
      reachable: 'ok',
      tls: 'ok',
      clock: 'ok',
      token: 'ok',
      audience: 'ok',
      scopes: 'ok',
      expiry: 'warn',
      feed: 'ok',
      schema: 'ok',
      quota: 'ok',
    });
    expect(code).toBe(0);
    expect((await run(['doctor'])).out).toMatch(/^STATUS +CHECK +DETAIL\nok +reachable +The core answers at http/);
  });

  test('fails where nothing answers, with a wrong token, and with one for SCIM', async () => {
    expect(await inEnvironment('http://127.0.0.1:9', token)(['doctor', '--json'])).toMatchObject({
      code: 6,
      documents: [{ check: 'reachable', status: 'fail' }],
    });
    const wrong = await inEnvironment(url, 'condeco_wrong')(['doctor', '--json']);
    expect(statuses(wrong.documents)).toEqual({ reachable: 'ok', tls: 'ok', clock: 'ok', token: 'fail' });
    expect(wrong.code).toBe(4);
    const scim = await inEnvironment(url, tenant.token)(['doctor', '--json']);
    expect(scim.code, scim.out).toBe(4);
  });

  test.each([
    ['the SCIM base URL', () => tenant.scimUrl, () => token],
    ['the SCIM base URL, with the token for it', () => tenant.scimUrl, () => tenant.token],
    ['the origin of the facade', () => new URL(tenant.scimUrl).origin, () => token],
  ])('given %s says so, and which address is wanted, as every command does', async (_, address, bearer) => {
    const given = { environment: { IDENTITY_GRAPHQL_URL: address(), IDENTITY_TOKEN: bearer() } };
    const { code, documents } = await cli(['doctor', '--json'], given);
    expect(documents).toEqual([
      { check: 'reachable', status: 'fail', detail: expect.stringMatching(/is the SCIM facade.*\/graphql\.$/), exitCode: 2 },
    ]);
    expect(code).toBe(2);
    expect(await cli(['users', 'list'], given)).toMatchObject({ code: 2, err: expect.stringContaining('is the SCIM facade') });
  });
});

/** A core that answers each document as it is told, and what it was asked. */
async function playing(
  answer: (body: { query?: string; extensions?: { persistedQuery?: object }; operationName?: string }) => {
    status?: number;
    headers?: Record<string, string>;
    body: object;
  },
): Promise<{ run: Run; asked: () => number }> {
  let asked = 0;
  const server = createServer((request, response) => {
    let text = '';
    request
      .on('data', (chunk: Buffer) => {
        text += chunk.toString();
      })
      .on('end', () => {
        asked += 1;
        const { status = 200, headers = {}, body } = answer(JSON.parse(text) as object);
        response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
      });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { run: inEnvironment(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, token), asked: () => asked };
}
const refusal = (code: string) => ({ errors: [{ message: 'As it was told.', extensions: { code, requestId: 'r-1' } }] });

describe('with a core that is not as it should be', () => {
  test('what is put off is asked for again, and in the end is exit code 6', async () => {
    const { run: by, asked } = await playing(() => ({ status: 429, headers: { 'retry-after': '0' }, body: refusal('TOO_MANY_REQUESTS') }));
    expect(await by(['users', 'list', '--retries', '2'])).toMatchObject({
      code: 6,
      out: '',
      err: 'error: As it was told. [TOO_MANY_REQUESTS, request r-1]\n',
    });
    expect(asked()).toBe(3);
  });

  test('what is wrong with the core itself is 70, with the request to quote', async () => {
    const { run: by } = await playing(() => ({ status: 500, body: refusal('INTERNAL') }));
    expect(await by(['users', 'list'])).toMatchObject({ code: 70, err: expect.stringContaining('[INTERNAL, request r-1]') });
  });

  const caller = {
    audience: 'GRAPHQL',
    scopes: ['users:read'],
    tokenExpiresAt: '2999-01-01T00:00:00Z',
    tenant: { id: 't', name: 'T', state: 'ACTIVE', extensions: [] },
  };
  const told = { caller, rateLimit: { limit: 100, remaining: 5, resetAt: '2999-01-01T00:00:00Z' }, changesCursor: 'c' };
  const doctor = async (unknownText: string, behind = 600_000) => {
    const headers = { date: new Date(Date.now() - behind).toUTCString() };
    const { run: by } = await playing(({ operationName, query }) => ({
      headers,
      body: operationName === undefined ? { data: told } : refusal(query === undefined ? 'PERSISTED_QUERY_NOT_FOUND' : unknownText),
    }));
    const { code, documents } = await by(['doctor', '--json']);
    const clock = documents.find(({ check }) => check === 'clock')?.['detail'];
    return { code, clock, found: Object.fromEntries(documents.map(({ check, status }) => [check, status])) };
  };

  test('the doctor sees a clock that is wrong, a quota that is used up, a core of another release', async () => {
    expect(await doctor('OPERATION_RESOLUTION_FAILURE')).toEqual({
      code: 1,
      clock: expect.stringMatching(/^This machine is (599|60\d) s ahead of the core\. Set its clock/),
      found: expect.objectContaining({ clock: 'fail', quota: 'warn', schema: 'warn', expiry: 'ok' }),
    });
    expect((await doctor('GRAPHQL_VALIDATION_FAILED')).found).toMatchObject({ schema: 'fail' });
  });

  test('the doctor takes the seconds of the clock for no more than they are', async () => {
    expect(await doctor('OPERATION_RESOLUTION_FAILURE', 600)).toMatchObject({ clock: 'This machine and the core agree.' });
  });
});

test('every code of the core has an exit code of its own kind', () => {
  const byStatus: Readonly<Record<number, number>> = {
    401: 4,
    403: 4,
    404: 3,
    409: 5,
    412: 5,
    422: 5,
    429: 6,
    500: 70,
    501: 70,
    503: 6,
    504: 6,
  };
  for (const [code, { status }] of Object.entries(failures)) expect(exitCodeOf(code), code).toBe(byStatus[status] ?? 1);
  expect(exitCodes.map(({ code }) => code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 70]);
});
