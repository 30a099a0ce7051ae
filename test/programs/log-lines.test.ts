/** What the log tells an operator: what failed for which tenant, when and why, at both doors, and nothing that anybody has sent. */
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { expectScimError, userBody } from '../support/scim.js';
import { manage } from '../support/tokens.js';
import { startSystem, type System, type Tenant } from '../support/world.js';

const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';
const UPDATE = 'mutation Secretly($input: UpdateUserInput!) { again: updateUser(input: $input) { userErrors { code } } }';
const overNetwork = inject('world') === 'network';

interface Line {
  readonly msg: string;
  readonly level: number;
  readonly requestId: string;
  readonly token?: string;
  readonly duration: number;
}

let own: OwnDatabase | undefined;
let system: System;
let tenant: Tenant;
const written: string[] = [];

/** The lines of requests, without what is another each time. */
async function lines(count: number, msg: string): Promise<object[]> {
  const found = () => written.map((line) => JSON.parse(line) as Line).filter((line) => line.msg === msg);
  await expect.poll(() => found().length).toBe(count);
  return found().map(({ level, requestId, duration, token, ...line }) => {
    expect([level, typeof requestId, typeof duration]).toEqual([30, 'string', 'number']);
    expect(token ?? NOBODY).toMatch(/^[\da-f-]{36}$/); // its id
    return Object.fromEntries(Object.entries(line).filter(([name]) => !['time', 'pid', 'hostname', 'msg'].includes(name)));
  });
}
const [REQUEST, REFUSED] = ['request', 'a request was refused'];
const USERS = '/scim/api/V1/Users';

beforeAll(async () => {
  own = overNetwork ? await createOwnDatabase(String(process.env['DATABASE_URL'])) : undefined;
  const log = pino({ level: 'info' }, { write: (line: string) => void written.push(line) });
  system = await startSystem({ database: own ? { kind: 'postgresql', url: own.url } : { kind: 'pglite' } }, overNetwork, {}, log);
  tenant = await system.newTenant();
  await tenant.graphql('{ __typename }'); // has its token
}, 60_000);
afterAll(async () => {
  await system?.close();
  await own?.drop();
}, 60_000);
beforeEach(() => {
  written.length = 0;
});

test('a request of an identity provider has a line with its tenant and how it ended; the core has one of those it refused', async () => {
  expect((await tenant.scim('POST', '/Users', userBody('secretname@x.com'))).status).toBe(201);
  expectScimError(await tenant.scim('POST', '/Users', userBody('secretname@x.com')), 409, 'uniqueness');
  expectScimError(await tenant.scim('GET', `/Users/${NOBODY}?attributes=secretquery`), 404);
  const of = { tenant: tenant.id };
  expect(await lines(3, REQUEST)).toEqual([
    { ...of, method: 'POST', route: USERS, status: 201 },
    { ...of, method: 'POST', route: USERS, status: 409, code: 'UNIQUENESS' },
    { ...of, method: 'GET', route: `${USERS}/{id}`, status: 404, code: 'NOT_FOUND' },
  ]);
  expect(await lines(1, REFUSED)).toEqual([{ ...of, operation: 'CreateUser', code: 'UNIQUENESS' }]);
  expect(written.join('')).not.toMatch(/secret|condeco_/);
});

test("a token that is not good is nobody's, and has its lines", async () => {
  expectScimError(await tenant.scim('GET', '/Users', undefined, { authorization: 'Bearer secret' }), 401);
  expect(await lines(1, REQUEST)).toEqual([{ method: 'GET', route: USERS, status: 401, code: 'UNAUTHENTICATED' }]);
  expect(await lines(1, REFUSED)).toEqual([{ operation: 'ListUsersByIndex', code: 'UNAUTHENTICATED' }]);
  expect(written.join('')).not.toContain('secret');
});

test('whose a token was that has ended is told beside it, a little later and once', async () => {
  const { accessToken, token } = await manage(tenant).create({ audience: 'SCIM' });
  await manage(tenant).ask('revokeToken', { id: token['id'] });
  for (let times = 0; times < 2; times += 1) {
    expectScimError(await tenant.scim('GET', '/Users', undefined, { authorization: `Bearer ${accessToken}` }), 401);
  }
  const told = () => written.map((line) => JSON.parse(line) as Line).filter(({ msg }) => msg === 'a token was refused that has ended');
  await expect.poll(told, { timeout: 5000 }).toHaveLength(1);
  expect(told()[0]).toMatchObject({ level: 30, tenant: tenant.id, token: token['id'], tokenState: 'REVOKED' });
  expect(written.join('')).not.toContain('condeco_');
});

test('so have requests of tools, by what the schema calls it', async () => {
  await tenant.graphql(UPDATE, { input: { id: NOBODY, user: { title: 'secret' } } });
  await tenant.graphql('{ secret }');
  await tenant.graphql('{ users(filter: "secret eq") { totalCount } }');
  const of = { tenant: tenant.id };
  expect(await lines(3, REFUSED)).toEqual([
    { ...of, operation: 'mutation', fields: ['updateUser'], code: 'NOT_FOUND' },
    { ...of, code: 'GRAPHQL_VALIDATION_FAILED' },
    { ...of, operation: 'query', fields: ['users'], code: 'INVALID_FILTER' },
  ]);
  await tenant.graphql('{ caller { tenant { id } } }');
  expect(written).toHaveLength(3);
  expect(written.join('')).not.toMatch(/secret/i);
});
