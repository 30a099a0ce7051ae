/** The lives of tokens by the database's clock: to the second, over ten years, beyond 2038, by policy; and the warnings of their end. */
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from '../../services/identity/store/query/sql.js';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test, vi } from 'vitest';
import { digestOf, newToken } from '../../services/identity/domain/tokens/token-format.js';
import { tokenUses } from '../../services/identity/domain/tokens/token-uses.js';
import { tokenVerifier } from '../../services/identity/domain/tokens/token-verifier.js';
import { warnOfExpiry } from '../../services/identity/domain/tokens/token-warnings.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { memoryTokenCache } from '../../services/identity/store/redis/token-cache.js';
import { shortenTokens, unrevokedTokenDigests } from '../../services/identity/store/tokens/token-policy-rows.js';
import { insertToken, useToken } from '../../services/identity/store/tokens/token-rows.js';
import { noteTokenUses } from '../../services/identity/store/tokens/token-use-rows.js';
import { newId } from '../../services/identity/store/resources/uuid.js';
import { createOwnStore, type OwnStore } from '../support/own-store.js';

const YEARS_10 = 315_360_000;
let tenantId: string;
let own: OwnStore;
let database: Database;
/** Another process, where there can be one. */
let other: Database;

beforeAll(async () => {
  own = await createOwnStore();
  database = await openDatabase(own.location);
  other = own.server ? await openDatabase(own.location) : database;
}, 120_000);
afterAll(async () => {
  if (own.server) await other.close();
  await database.close();
  await own.drop();
});
beforeEach(async () => {
  tenantId = newId();
  await database.run(sql`insert into tenant (id, name) values (${tenantId}::uuid, 'T')`);
});

const actor = () => ({ tenantId, tokenId: null, door: 'graphql', requestId: 'test', address: null });

async function issue(seconds: number): Promise<{ id: string; token: string; digest: Buffer; expiresAt: number; createdAt: number }> {
  const token = newToken();
  const row = await insertToken(database, actor(), {
    id: newId(),
    clientRowId: null,
    digest: digestOf(token),
    audience: 'scim',
    scopes: [],
    seconds,
  });
  return { id: row!.id, token, digest: digestOf(token), expiresAt: Date.parse(row!.expiresAt), createdAt: Date.parse(row!.createdAt) };
}

const set = (id: string, what: ReturnType<typeof sql>) =>
  database.run(sql`update access_token set ${what} where tenant_id = ${tenantId}::uuid and id = ${id}::uuid`);
const isGood = async ({ digest }: { digest: Buffer }) => (await useToken(database, digest)) !== undefined;

describe('the end of a token', () => {
  test.each([60, 84_600, YEARS_10])('issued for %i seconds is after so many seconds', async (seconds) => {
    const { expiresAt, createdAt } = await issue(seconds);
    expect(expiresAt - createdAt).toBe(seconds * 1000);
  });

  test('is to the second, also ten years after its beginning and beyond what 32 bits hold', async () => {
    const token = await issue(YEARS_10);
    expect(token.expiresAt).toBeGreaterThan(Date.parse('2036-01-01'));
    await set(token.id, sql`created_at = now() - interval '10 years', expires_at = now() + interval '1 second'`);
    expect(await isGood(token)).toBe(true);
    await set(token.id, sql`expires_at = now() - interval '1 second'`);
    expect(await isGood(token)).toBe(false);
    await set(token.id, sql`created_at = '2037-01-19T03:14:08Z', expires_at = '2038-01-19T03:14:08Z'`);
    expect((await useToken(database, token.digest))?.expiresAt).toBe('2038-01-19T03:14:08.000Z');
  });

  // PGlite has no clock but this process's.
  const jumps =
    inject('world') === 'network'
      ? ([
          ['right', 0],
          ['five minutes fast', 300_000],
          ['five minutes slow', -300_000],
        ] as const)
      : ([['right', 0]] as const);
  test.each(jumps)('is kept by a process whose clock goes %s after it has cached the token', async (_, jump) => {
    const token = await issue(YEARS_10);
    const verifier = tokenVerifier(database, memoryTokenCache());
    await set(token.id, sql`expires_at = now() + interval '1500 milliseconds'`);
    const started = performance.now();
    expect(await verifier.verify(token.token)).toBeDefined();
    const clock = Date.now.bind(Date);
    vi.spyOn(Date, 'now').mockImplementation(() => clock() + jump);
    try {
      if (performance.now() - started < 1200) expect(await verifier.verify(token.token)).toBeDefined();
      await wait(1600);
      expect(await verifier.verify(token.token)).toBeUndefined();
    } finally {
      vi.restoreAllMocks();
    }
  });

  test('comes sooner where the policy is made stricter: no token lives longer than it allows', async () => {
    const [long, old, short] = [await issue(YEARS_10), await issue(YEARS_10), await issue(3600)];
    await set(old.id, sql`created_at = now() - interval '2 days'`);
    expect(await shortenTokens(database, actor(), 86_400)).toBe(2);
    expect(await shortenTokens(database, actor(), 86_400)).toBe(0);
    expect([await isGood(long), await isGood(old), await isGood(short)]).toEqual([true, false, true]);
    expect(await unrevokedTokenDigests(database, tenantId)).toHaveLength(3);
    const [row] = await database.run(
      sql<{
        most: number;
      }>`select max(extract(epoch from expires_at - created_at))::integer as most from access_token where tenant_id = ${tenantId}::uuid`,
    );
    expect(row!.most).toBe(86_400);
    const changes = await database.run(
      sql<{ before: { expiresAt: string } }>`select before from change where tenant_id = ${tenantId}::uuid and kind = 'TOKEN_SHORTENED'`,
    );
    expect(changes).toHaveLength(2);
  });

  test('comes with idleness where the tenant has a limit on it, and only there', async () => {
    const token = await issue(YEARS_10);
    await set(token.id, sql`created_at = now() - interval '31 days'`);
    expect(await isGood(token)).toBe(true);
    await database.run(sql`update tenant set token_policy = '{"inactivityDays": 30}' where id = ${tenantId}::uuid`);
    expect(await isGood(token)).toBe(false);
    await set(token.id, sql`last_used_at = now() - interval '30 days' + interval '5 seconds'`);
    expect(await isGood(token)).toBe(true);
    await set(token.id, sql`last_used_at = now() - interval '30 days' - interval '1 second'`);
    expect(await isGood(token)).toBe(false);
  });
});

describe('warnings of the end', () => {
  const warnings = (id: string) =>
    database.run(sql<{ days: number }>`
    select (after ->> 'days')::integer as days from change where tenant_id = ${tenantId}::uuid and subject_id = ${id}::uuid and kind = 'TOKEN_EXPIRES_SOON' order by sequence`);
  /** Moves the token's whole life to where so many days are left. */
  const daysLeft = (id: string, days: number) => {
    const left = sql`make_interval(secs => ${Math.round(days * 86_400)}::integer)`;
    return set(id, sql`expires_at = now() + ${left}, warn_at = warn_at - (expires_at - now() - ${left})`);
  };

  test('come at 90, 30, 7 and 1 days, each once, however many processes look', async () => {
    const { id } = await issue(100 * 86_400);
    for (const [days, expected] of [
      [90.01, []],
      [89.9, [90]],
      [30.01, [90]],
      [29.9, [90, 30]],
      [6.9, [90, 30, 7]],
      [0.9, [90, 30, 7, 1]],
      [0.1, [90, 30, 7, 1]],
    ] as const) {
      await daysLeft(id, days);
      await Promise.all([database, other, database, other].map(warnOfExpiry));
      expect(
        (await warnings(id)).map((row) => row.days),
        `${days} days left`,
      ).toEqual(expected);
    }
  });

  test('that are overdue are one, the latest', async () => {
    const { id } = await issue(100 * 86_400);
    await daysLeft(id, 5);
    await warnOfExpiry(database);
    expect((await warnings(id)).map((row) => row.days)).toEqual([7]);
  });

  test('are for those alone who have something to lose: not of short lives, not of what is revoked or over', async () => {
    const short = await issue(84_600);
    const [row] = await database.run(sql<{ warn_at: string | null }>`select warn_at from access_token where id = ${short.id}::uuid`);
    expect(row!.warn_at).toBeNull();
    const over = await issue(2 * 86_400);
    await daysLeft(over.id, -1);
    await warnOfExpiry(database);
    expect([...(await warnings(short.id)), ...(await warnings(over.id))]).toEqual([]);
  });

  test('of thousands are written by several at once, each once; and among any number of tokens an index finds them', async () => {
    await database.run(sql`
      insert into access_token (tenant_id, id, digest, audience, scopes, expires_at, warn_at)
      select ${tenantId}::uuid, gen_random_uuid(), decode(md5(number::text || ${tenantId}) || md5(number::text), 'hex'), 'scim', '{}', now() + interval '80 days',
        case when number % 8 = 0 then now() - interval '1 minute' else now() + interval '50 days' end
      from generate_series(1, 20000) as number`);
    await database.run(sql`analyze access_token`);
    const written = await Promise.all([database, other, database].map(warnOfExpiry));
    expect(written.reduce((sum, number) => sum + number, 0)).toBe(2500);
    const [count] = await database.run(sql<{ all: number; tokens: number }>`
      select count(*)::integer as all, count(distinct subject_id)::integer as tokens from change where tenant_id = ${tenantId}::uuid and kind = 'TOKEN_EXPIRES_SOON'`);
    expect(count).toEqual({ all: 2500, tokens: 2500 });
    const plan = await database.run(
      sql<{ 'QUERY PLAN': string }>`explain select id from access_token where warn_at <= now() order by warn_at limit 1000`,
    );
    expect(JSON.stringify(plan)).toMatch(/access_token_warn/);
    await database.run(sql`delete from access_token where tenant_id = ${tenantId}::uuid`);
  });
});

describe('uses', () => {
  const used = async (id: string) =>
    (
      await database.run(sql<{ xmin: string; at: string | null; agent: string | null }>`
    select xmin::text, last_used_at::text as at, last_used_agent as agent from access_token where id = ${id}::uuid`)
    )[0]!;

  test('are written once a minute, by however many processes', async () => {
    const { id } = await issue(3600);
    const use = (userAgent: string) => ({ tenantId, tokenId: id, address: '192.0.2.1', userAgent, seconds: 0 });
    await Promise.all([database, other, database, other].map((on, at) => noteTokenUses(on, [use(`process ${at}`)])));
    const first = await used(id);
    expect(first.agent).toMatch(/^process \d$/);
    await noteTokenUses(database, [use('too soon')]);
    expect(await used(id)).toEqual(first);
    await set(id, sql`last_used_at = now() - interval '61 seconds'`);
    await noteTokenUses(database, [use('later')]);
    expect((await used(id)).agent).toBe('later');
  });

  test('are told with their time, not with that of the write', async () => {
    const { id } = await issue(3600);
    await noteTokenUses(database, [{ tenantId, tokenId: id, address: '192.0.2.1', userAgent: 'a', seconds: 1800 }]);
    const [row] = await database.run(sql<{ ago: number }>`
      select extract(epoch from now() - last_used_at)::float8 as ago from access_token where id = ${id}::uuid`);
    expect(row!.ago).toBeGreaterThan(1799);
    const written: number[] = [];
    const uses = tokenUses(
      async (all) => void written.push(...all.map(({ seconds }) => seconds)),
      () => {},
    );
    uses.note({ tenantId, tokenId: id, address: '192.0.2.1', userAgent: 'a' });
    await wait(300);
    await uses.close();
    expect(written).toHaveLength(1);
    expect(written[0]).toBeGreaterThan(0.25);
  });

  test('of a thousand requests are one write, and those that cannot be written are noted again', async () => {
    const written: number[] = [];
    let isAway = true;
    const failures: unknown[] = [];
    const uses = tokenUses(
      async (all) => {
        if (isAway) throw new Error('away');
        written.push(all.length);
      },
      (error) => failures.push(error),
    );
    const use = { tenantId, tokenId: newId(), address: '192.0.2.1', userAgent: 'a\0b' };
    for (let at = 0; at < 1000; at += 1) uses.note(use);
    await wait(1200);
    expect(failures).toHaveLength(1);
    isAway = false;
    for (let at = 0; at < 1000; at += 1) uses.note(use);
    await uses.close();
    uses.note(use);
    expect(written).toEqual([1]);
  });
});
