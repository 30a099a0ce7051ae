/**
 * As many transactions that wait for locks as there are connections for them: who looks somebody up with a token that is new is answered
 * all the same.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { exchange } from '../support/http.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { groupBody, userBody } from '../support/scim.js';
import { startSystem, type System, type Tenant } from '../support/world.js';

const TENANTS = 4;
/** Requests of a tenant that are worked on at once. */
const OF_ONE = 4;
/** Those of a core that are for transactions. */
const CONNECTIONS = 8;

interface Inhabited {
  readonly tenant: Tenant;
  readonly user: string;
  readonly group: string;
}

describe.runIf(inject('world') === 'network')('while all transactions wait', () => {
  let own: OwnDatabase;
  let system: System;
  let busy: Inhabited[];
  let quiet: Inhabited;

  const newcomer = async () => {
    const tenant = await system.newTenant();
    const [user, group] = [
      await tenant.scim('POST', '/Users', userBody('there@x.com')),
      await tenant.scim('POST', '/Groups', groupBody('Team')),
    ];
    return { tenant, user: user.body.id, group: group.body.id };
  };

  beforeAll(async () => {
    own = await createOwnDatabase(String(process.env['DATABASE_URL']));
    system = await startSystem({ database: { kind: 'postgresql', url: own.url }, redisUrl: process.env['REDIS_URL'] }, true);
    busy = await Promise.all(Array.from({ length: TENANTS }, newcomer));
    quiet = await newcomer();
  }, 60_000);
  afterAll(async () => {
    await system?.close();
    await own?.drop();
  });

  const newToken = async ({ clientId, clientSecret, requestToken }: Tenant) =>
    String((await requestToken({ scimClientId: clientId, scimClientSecret: clientSecret, grantType: 'password' })).body['accessToken']);
  const waiting = async () =>
    Number(
      (
        await own.query(`select count(distinct pid) as waiting from pg_locks where not granted
    and pid in (select pid from pg_locks where database = (select oid from pg_database where datname = current_database()))`)
      )[0]!['waiting'],
    );
  test('a new token is known, somebody is looked up, and the core is ready, at once', { timeout: 30_000 }, async () => {
    const token = await newToken(quiet.tenant);
    const [look, ready] = [
      () => quiet.tenant.scim('GET', `/Users/${quiet.user}`, undefined, { authorization: `Bearer ${token}` }),
      () => exchange(system.identityUrl, 'GET', '/readyz', {}),
    ];
    await ready(); // its connections are made
    await own.query('begin');
    await own.query('select id from app_group for update');
    const replaced = busy.flatMap(({ tenant, user, group }) =>
      Array.from({ length: OF_ONE }, () => tenant.scim('PUT', `/Groups/${group}`, groupBody('Team', [user]))),
    );
    await expect.poll(waiting, { timeout: 1500, interval: 20 }).toBeGreaterThanOrEqual(CONNECTIONS);
    const answers = await Promise.all([look(), ready()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(Math.max(...answers.map(({ elapsed }) => elapsed))).toBeLessThan(500);
    await own.query('rollback');
    for (const { status } of await Promise.all(replaced)) expect([200, 503]).toContain(status);
  });
});
