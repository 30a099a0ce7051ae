/**
 * A token that is revoked while its requests are at work or wait for their turn: nothing of theirs is begun afterwards, and no token that
 * it made is left.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { exchange } from '../support/http.js';
import { createOwnStore, type OwnStore } from '../support/own-store.js';
import { patchOp, userBody } from '../support/scim.js';
import { manage } from '../support/tokens.js';
import { SCIM_PATH, startSystem, type System, type Tenant, type World, world } from '../support/world.js';

const CREATE = 'mutation { createToken(input: { audience: GRAPHQL }) { accessToken userErrors { code } } }';
const REVOKE_ALL = 'mutation ($tenantId: ID!) { revokeTokens(input: { all: true, tenantId: $tenantId }) { revoked userErrors { code } } }';
const IN_SUCCESSION = 5;

let system: World;
beforeAll(async () => {
  system = await world();
});

const send = (token: string, query: string, variables = {}) =>
  exchange(
    system.identityUrl,
    'POST',
    '/graphql',
    { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    { query, variables },
  );

/** What the tenant's tokens make, each again with what it was given, until none is given any more. */
async function breed(token: string, made: string[]): Promise<void> {
  const found = /condeco_[0-9A-Za-z]{49}/.exec((await send(token, CREATE)).text);
  if (!found) return;
  made.push(found[0]);
  await breed(found[0], made);
}

test('all tokens of a tenant are revoked while they make others: none is left', { timeout: 60_000 }, async () => {
  for (let round = 0; round < IN_SUCCESSION; round += 1) {
    const tenant = await system.newTenant();
    const { accessToken } = await manage(tenant).create({ audience: 'GRAPHQL' });
    const made: string[] = [];
    const breeding = Array.from({ length: 30 }, () => breed(accessToken, made));
    while (made.length < 20) await wait(5);
    expect((await system.admin(REVOKE_ALL, { tenantId: tenant.id })).data?.['revokeTokens']).toMatchObject({ userErrors: [] });
    await Promise.all(breeding);
    const statuses = await Promise.all(made.map(async (token) => (await send(token, '{ caller { tenant { id } } }')).status));
    expect(
      statuses.filter((status) => status !== 401),
      `of ${made.length} made`,
    ).toEqual([]);
  }
});

const countOf = async (tenant: Tenant) => Number((await tenant.graphql('{ users { totalCount } }')).data?.['users']?.['totalCount']);

test('what waits for its turn when the token is revoked is not done', { timeout: 60_000 }, async () => {
  const tenant = await system.newTenant();
  const own = manage(tenant);
  const { accessToken, token } = await own.create({ audience: 'SCIM' });
  const post = (at: number) =>
    exchange(
      system.gatewayUrl,
      'POST',
      `${SCIM_PATH}/Users`,
      { authorization: `Bearer ${accessToken}`, 'content-type': 'application/scim+json' },
      userBody(`late-${at}@x.com`),
    );
  const posts = Array.from({ length: 300 }, (_, at) => post(at));
  while ((await countOf(tenant)) === 0) await wait(1);
  await own.ask('revokeToken', { id: token['id'] });
  const before = await countOf(tenant);
  const statuses = (await Promise.all(posts)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([201, 401]));
  expect(statuses.filter((status) => status === 201)).toHaveLength(await countOf(tenant));
  expect((await countOf(tenant)) - before).toBeLessThanOrEqual(16); // as many may be at work already
});

const isNetwork = inject('world') === 'network'; // the embedded database has one session: whoever revokes would wait for the work, too

describe.runIf(isNetwork)('where one tenant at a time is at much work', () => {
  const one = { running: 1, runningOfOne: 1, waiting: 10, waitingOfOne: 10, patience: 30_000 };
  let own: OwnStore;
  let busy: System;
  beforeAll(async () => {
    own = await createOwnStore();
    busy = await startSystem({ database: own.location, redisUrl: process.env['REDIS_URL'] }, true, { work: { heavy: one } });
  });
  afterAll(async () => {
    await busy.close();
    await own.drop();
  });

  const OPERATIONS = 30; // so many are much work
  const bulk = (token: string, operation: (at: number) => object) =>
    exchange(
      busy.gatewayUrl,
      'POST',
      `${SCIM_PATH}/Bulk`,
      { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
      { Operations: Array.from({ length: OPERATIONS }, (_, at) => operation(at)) },
    );

  test('a Bulk that waits for room when the token is revoked is not done', { timeout: 60_000 }, async () => {
    const tenant = await busy.newTenant();
    const { accessToken, token } = await manage(tenant).create({ audience: 'SCIM' });
    const { id } = (await tenant.scim('POST', '/Users', userBody('held@x.com'))).body;
    const { query } = own.server!;
    await query('begin');
    await query(`select id from app_user where id = '${id}' for no key update`);
    const first = bulk(tenant.token, (at) => ({
      method: 'PATCH',
      path: `/Users/${id}`,
      data: patchOp({ op: 'replace', path: 'title', value: `${at}` }),
    }));
    await wait(300); // it is at work now, and waits for the row
    const late = bulk(accessToken, (at) => ({ method: 'POST', path: '/Users', bulkId: `${at}`, data: userBody(`late-${at}@x.com`) }));
    await wait(300);
    await manage(tenant).ask('revokeToken', { id: token['id'] });
    await query('commit');
    expect([(await first).status, (await late).status]).toEqual([200, 401]);
    expect(await countOf(tenant)).toBe(1);
  });
});
