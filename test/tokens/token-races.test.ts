/**
 * Ending a token against those who are just looking it up: fast-check chooses the order in which every step of everybody begins and
 * ends. Whatever the order, nothing brings the token back: not into the cache, and not to anybody who asks after it has ended.
 */
import fc from 'fast-check';
import { sql } from '../../services/identity/store/query/sql.js';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { digestOf, newToken } from '../../services/identity/domain/tokens/token-format.js';
import { tokenVerifier } from '../../services/identity/domain/tokens/token-verifier.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { openRedis, type RedisDoor } from '../../services/identity/store/redis/redis.js';
import { redisTokenCache } from '../../services/identity/store/redis/redis-token-cache.js';
import { memoryTokenCache, type TokenCache } from '../../services/identity/store/redis/token-cache.js';
import { revokeTokenRow } from '../../services/identity/store/tokens/token-endings.js';
import { tokenEra } from '../../services/identity/store/redis/token-era.js';
import { insertToken } from '../../services/identity/store/tokens/token-rows.js';
import { newId } from '../../services/identity/store/resources/uuid.js';
import { createOwnStore, type OwnStore } from '../support/own-store.js';
import { createRedis, findPrograms, type OwnRedis } from '../support/own-servers.js';
import { FUZZ_RUNS } from '../support/world.js';

const TENANT = '11111111-1111-7111-8111-111111111111';
const actor = { tenantId: TENANT, tokenId: null, door: 'graphql', requestId: 'test', address: null };
const programs = inject('world') === 'network' ? findPrograms() : undefined;

let own: OwnStore;
let redis: OwnRedis | undefined;
let door: RedisDoor | undefined;
let database: Database;
let cache: TokenCache;

beforeAll(async () => {
  if (programs) {
    redis = await createRedis(programs.redisServer);
    door = openRedis(redis.url, { away: () => undefined, back: () => undefined });
  }
  own = await createOwnStore();
  database = await openDatabase(own.location);
  cache = door ? redisTokenCache(door, tokenEra(database)) : memoryTokenCache();
  await database.run(sql`insert into tenant (id, name) values (${TENANT}::uuid, 'T')`);
}, 60_000);
afterAll(async () => {
  door?.close();
  await redis?.kill();
  await database.close();
  await own.drop();
});

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Lets the scheduler choose who is next, whenever everybody waits for it, until all is done. */
async function play(scheduler: fc.Scheduler, underWay: () => number, all: Promise<unknown>): Promise<void> {
  let isDone = false;
  const end = all.finally(() => {
    isDone = true;
  });
  for (;;) {
    do await turn();
    while (underWay() > 0);
    if (scheduler.count() > 0) await scheduler.waitNext(1);
    else if (isDone) return void (await end);
  }
}

/** Everything a process does with the stores, begun and ended when the scheduler says so. */
function scheduled(scheduler: fc.Scheduler): { database: Database; cache: TokenCache; underWay: () => number } {
  let underWay = 0;
  const step = async <Result>(name: string, work: () => Promise<Result>): Promise<Result> => {
    await scheduler.schedule(Promise.resolve(), `begin ${name}`);
    underWay += 1;
    const result = await work().finally(() => {
      underWay -= 1;
    });
    await scheduler.schedule(Promise.resolve(), `end ${name}`);
    return result;
  };
  return {
    underWay: () => underWay,
    database: { ...database, run: (statement) => step('statement', () => database.run(statement)) },
    cache: {
      get: (digest) => step('get', () => cache.get(digest)),
      reserve: (digest) =>
        step('reserve', async () => {
          const keep = await cache.reserve(digest);
          return (verdict, milliseconds) => step('fill', () => keep(verdict, milliseconds));
        }),
      revoke: (digests) => step('revoke', () => cache.revoke(digests)),
    },
  };
}

const expire = (id: string) => sql`update access_token set expires_at = now() where tenant_id = ${TENANT}::uuid and id = ${id}::uuid`;

test('nothing brings back a token that has ended', { timeout: 3_600_000 }, async () => {
  if (door) await expect.poll(door.run, { timeout: 20_000 }).toBeDefined();
  let fills = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.constantFrom('revoked', 'expired'),
      fc.boolean(),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 8 }),
      async (scheduler, how, loses, callers, delay) => {
        const token = newToken();
        const digest = digestOf(token);
        const key = digest.toString('hex');
        const id = newId();
        await insertToken(database, actor, { id, clientRowId: null, digest, audience: 'scim', scopes: [], seconds: 3600 });
        const on = scheduled(scheduler);
        const processes = [tokenVerifier(on.database, on.cache), tokenVerifier(on.database, on.cache)];
        let hasEnded = false;
        const lookUps = Array.from({ length: callers }, async (_, caller) => {
          await scheduler.schedule(Promise.resolve(), `call ${caller}`);
          const isLate = hasEnded;
          const verdict = await processes[caller % 2]!.verify(token);
          if (isLate) expect(verdict).toBeUndefined();
        });
        const ending = async () => {
          for (let later = 0; later < delay; later += 1) await scheduler.schedule(Promise.resolve(), 'end the token later');
          if (how === 'revoked') await revokeTokenRow(on.database, actor, id);
          else await on.database.run(expire(id));
          await on.cache.revoke([key]);
          hasEnded = true;
        };
        const losing = async () => {
          await scheduler.schedule(Promise.resolve(), 'the cache loses everything');
          await redis?.command('FLUSHALL');
        };
        await play(scheduler, on.underWay, Promise.all([...lookUps, ending(), ...(loses ? [losing()] : [])]));
        if (scheduler.report().some(({ label }) => label === 'end fill')) fills += 1;
        expect(await cache.get(key)).toBeUndefined();
        expect(await tokenVerifier(database, cache).verify(token)).toBeUndefined();
      },
    ),
    { numRuns: FUZZ_RUNS },
  );
  expect(fills).toBeGreaterThan(FUZZ_RUNS / 10);
});
