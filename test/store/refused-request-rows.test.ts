/** Refusals are let go when they are too old, a few at a time, whoever's they are; and found by their indexes. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { deleteOldRefusals, keepNewest, listRefusals } from '../../services/identity/store/tenants/refused-request-rows.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { type Explained, explained } from './explained.js';

const [ONE, OTHER] = ['11111111-1111-7111-8111-111111111111', '22222222-2222-7222-8222-222222222222'];

describe.runIf(inject('world') === 'network')('the refusals of many tenants', () => {
  let own: OwnDatabase;
  let database: Database;
  let statements: Explained;
  const count = async (which: string) => (await own.query(`select count(*)::integer as n from refused_request where ${which}`))[0]!['n'];

  beforeAll(async () => {
    own = await createOwnDatabase(process.env['DATABASE_URL']!);
    database = await openDatabase({ kind: 'postgresql', url: own.url });
    statements = explained(database);
    for (const id of [ONE, OTHER]) await own.query(`insert into tenant (id, name) values ('${id}', 'A tenant')`);
    await own.query(`insert into refused_request (tenant_id, id, fingerprint, last_at, times, method, path, status, detail, request_id, token_id, address)
      select case when n % 2 = 0 then '${ONE}'::uuid else '${OTHER}' end, ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, decode(lpad(to_hex(n), 8, '0'), 'hex'),
        now() - make_interval(mins => 20000 - n) - interval '20 days', 1, 'GET', '/Users/' || n, 404, 'There is no such resource.', 'x', gen_random_uuid(), '' from generate_series(1, 20000) as n`);
    await own.query('vacuum analyze refused_request');
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  test('those older than thirty days go, so many at once', async () => {
    const old = Number(await count(`last_at < now() - interval '30 days'`));
    expect(old).toBeGreaterThan(5000);
    expect(await deleteOldRefusals(database, 30, 1000)).toBe(1000);
    expect(await count(`last_at < now() - interval '30 days'`)).toBe(old - 1000);
    statements.forget();
    await deleteOldRefusals(statements, 30, 1000);
    expect(statements.look().ways.join()).toMatch(/refused_request_age/);
    while ((await deleteOldRefusals(database, 30, 1000)) > 0);
    expect(await count(`last_at < now() - interval '30 days'`)).toBe(0);
    expect(await count('true')).toBe(20_000 - old);
  });

  test('a page is read from the index; of one tenant the newest stay', async () => {
    statements.forget();
    expect(await listRefusals(statements, ONE, {}, { limit: 20 })).toHaveLength(20);
    expect(statements.look().rows, statements.look().ways.join()).toBeLessThan(100);
    const others = await count(`tenant_id = '${OTHER}'`);
    await keepNewest(database, ONE, 1000);
    expect([await count(`tenant_id = '${ONE}'`), await count(`tenant_id = '${OTHER}'`)]).toEqual([1000, others]);
    expect((await listRefusals(database, ONE, {}, { limit: 1 }))[0]!.path).toBe('/Users/20000');
  });

  test('are told beside a later release, which has added a column: what is prepared by then must answer the same', async () => {
    const read = () => database.transaction(async (on) => (await listRefusals(on, ONE, {}, { limit: 1 })).length);
    for (let times = 0; times < 3; times += 1) expect(await read()).toBe(1);
    await own.query('alter table refused_request add column later text');
    expect(await read()).toBe(1);
  });
});
