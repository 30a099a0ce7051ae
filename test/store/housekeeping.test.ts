/** What cores let go of beside their requests, of all tenants, and what they keep. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { housekeeping } from '../../services/identity/domain/housekeeping.js';
import { digestOf, newToken } from '../../services/identity/domain/tokens/token-format.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { insertToken } from '../../services/identity/store/tokens/token-rows.js';
import { newId } from '../../services/identity/store/resources/uuid.js';
import { createOwnStore, type OwnStore } from '../support/own-store.js';

const TENANTS = [newId(), newId()];
const DAY = 86_400;
let own: OwnStore;
let database: Database;

beforeAll(async () => {
  own = await createOwnStore();
  database = await openDatabase(own.location);
  for (const id of TENANTS) await database.run(sql`insert into tenant (id, name) values (${id}::uuid, 'T')`);
}, 120_000);
afterAll(async () => {
  await database.close();
  await own.drop();
});

async function issue(tenantId: string, name: string, change: ReturnType<typeof sql>): Promise<void> {
  const actor = { tenantId, tokenId: null, door: 'graphql', requestId: 'test', address: null };
  const row = await insertToken(database, actor, {
    id: newId(),
    clientRowId: null,
    digest: digestOf(newToken()),
    audience: 'scim',
    scopes: [],
    seconds: 3650 * DAY,
  });
  await database.run(sql`update access_token set name = ${name}, ${change} where id = ${row!.id}::uuid`);
}

const names = async (): Promise<string[]> =>
  (await database.run(sql<{ name: string }>`select name from access_token order by name`)).map(({ name }) => name);
const keys = async (): Promise<string[]> =>
  (await database.run(sql<{ key: string }>`select key from idempotency_key order by key`)).map(({ key }) => key);
const [failures, onFailure] = (() => {
  const heard: unknown[] = [];
  return [heard, (error: unknown) => void heard.push(error)] as const;
})();

test('tokens go 400 days after their end, keys with their answers when they have expired', async () => {
  const cores = [housekeeping(database, onFailure), housekeeping(database, onFailure)];
  await Promise.all(cores.map((core) => core.round()));
  for (const [at, tenant] of TENANTS.entries()) {
    await issue(tenant, `${at} live`, sql`created_at = now() - interval '9 years'`);
    await issue(tenant, `${at} expired 399 days ago`, sql`expires_at = now() - interval '399 days'`);
    await issue(tenant, `${at} expired 401 days ago`, sql`expires_at = now() - interval '401 days'`);
    await issue(tenant, `${at} revoked 399 days ago`, sql`revoked_at = now() - interval '399 days'`);
    await issue(tenant, `${at} revoked 401 days ago`, sql`revoked_at = now() - interval '401 days'`);
    for (const [key, seconds] of [
      ['expired', -1],
      ['good', 60],
    ] as const) {
      await database.run(
        sql`insert into idempotency_key (tenant_id, key, request_digest, expires_at) values (${tenant}::uuid, ${`${at} ${key}`}, ''::bytea, now() + make_interval(secs => ${seconds}::integer))`,
      );
    }
  }
  const changes = () => database.run(sql`select 1 from change`).then(({ length }) => length);
  const before = await changes();
  await Promise.all(cores.map((core) => core.round()));
  expect(await names()).toEqual([0, 1].flatMap((at) => [`${at} expired 399 days ago`, `${at} live`, `${at} revoked 399 days ago`]));
  expect(await keys()).toEqual(['0 good', '1 good']);
  expect(await changes()).toBe(before);
  expect(failures).toEqual([]);
  await Promise.all(cores.map((core) => core.close()));
});

test('what cannot be done is told by name, and the rest is done all the same', async () => {
  const late: string[] = [];
  const broken: Database = {
    ...database,
    run: (statement) =>
      statement.texts.join('').includes('delete from access_token') ? Promise.reject(new Error('no')) : database.run(statement),
  };
  await database.run(sql`update idempotency_key set expires_at = now() - interval '1 second'`);
  const core = housekeeping(broken, (_, what) => void late.push(what));
  await core.round();
  await core.close();
  expect(late).toEqual(['tokens that ended long ago are not deleted yet']);
  expect(await keys()).toEqual([]);
});
