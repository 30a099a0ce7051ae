/**
 * One window for all processes, in Redis; and while Redis is away, frozen or dead, each process's own count: nobody fails for it, and
 * nobody gets more for it. With a Redis of its own, so only in the set-up that uses one, and where its program is.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, exchange } from '../support/http.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { createRedis, findPrograms, type OwnRedis } from '../support/own-servers.js';
import { expectUsedUp, retryAfterOf, setLimit } from '../support/quota.js';
import { expectScimError, userBody } from '../support/scim.js';
import { IS_CI, SCIM_PATH, startSystem, type System, type Tenant } from '../support/world.js';

const isNetwork = inject('world') === 'network';
const programs = isNetwork ? findPrograms() : undefined;

test.runIf(isNetwork && !programs)('needs the program redis-server', (context) => {
  if (!IS_CI) return context.skip('install Redis on this machine to test limits without it');
  expect(programs, 'install Redis on this machine').toBeDefined();
});

describe.runIf(programs)('with a Redis of its own', () => {
  let redis: OwnRedis;
  let database: OwnDatabase;
  let systems: readonly [System, System];

  beforeAll(async () => {
    redis = await createRedis(programs!.redisServer);
    database = await createOwnDatabase(process.env['DATABASE_URL']!);
    const start = () => startSystem({ database: { kind: 'postgresql', url: database.url }, redisUrl: redis.url, work: {} }, true);
    systems = [await start(), await start()];
  }, 60_000);

  afterAll(async () => {
    for (const system of systems ?? []) await system.close();
    await database?.drop();
    await redis?.kill();
  }, 60_000);

  async function limited(requestsPerSecond: number): Promise<Tenant> {
    const tenant = await systems[0].newTenant();
    await setLimit(systems[0], tenant, requestsPerSecond);
    return tenant;
  }

  const askAt = ({ gatewayUrl }: System, { token }: Tenant) =>
    exchange(gatewayUrl, 'GET', `${SCIM_PATH}/Users?count=1`, { authorization: `Bearer ${token}` });

  /** Asks the processes in turn, so many at once; answers how many were served. Everybody else was refused as it must be. */
  async function served(tenant: Tenant, count: number, at: readonly System[], atOnce = 1): Promise<number> {
    const all: Answer[] = [];
    for (let index = 0; index < count; index += atOnce) {
      all.push(...(await Promise.all(Array.from({ length: atOnce }, (_, more) => askAt(at[(index + more) % at.length]!, tenant)))));
    }
    for (const answer of all.filter(({ status }) => status !== 200)) {
      expectScimError(answer, 429);
      expectUsedUp(answer);
    }
    return all.filter(({ status }) => status === 200).length;
  }

  // Again where it fails: on a busy machine Redis may take longer than it is given, and then each process goes by its own count for a
  // second.
  test.each([1, 16])('two processes share a window: %d at once', { retry: 3 }, async (atOnce) => {
    const tenant = await limited(8);
    const count = await served(tenant, 208, systems, atOnce);
    // A sixteenth may be taken by a process before it tells the others.
    expect(count).toBeGreaterThanOrEqual(80);
    expect(count).toBeLessThanOrEqual(80 * (1 + 2 / 16));
  });

  test('what one has served, the other knows: a bulk at the one is worked off at the other, too', { retry: 3 }, async () => {
    const tenant = await limited(10);
    const Operations = Array.from({ length: 150 }, (__, at) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b${at}`,
      data: userBody(`shared-${at}@x.com`),
    }));
    expect(
      (await tenant.scim('POST', '/Bulk', { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations })).status,
    ).toBe(200);
    await wait(1500); // a process that is busy with the bulk may take Redis for slow, and tells it a second later
    expect(await served(tenant, 40, [systems[1]])).toBeLessThanOrEqual(Math.ceil(100 / 16));
    expect(retryAfterOf(await askAt(systems[1], tenant))).toBeGreaterThan(8);
  });

  test('much work at once is a few at a time, and leaves a place for small requests', async () => {
    const tenant = await limited(10_000);
    const users = (run: number) =>
      Array.from({ length: 500 }, (__, at) => ({
        method: 'POST',
        path: '/Users',
        bulkId: `b${at}`,
        data: userBody(`heavy-${run}-${at}@x.com`),
      }));
    const bulks = [1, 2, 3, 4, 5, 6].map((run) =>
      tenant.scim('POST', '/Bulk', { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: users(run) }),
    );
    for (let index = 0; index < 5; index += 1) expect((await askAt(systems[0], tenant)).status).toBe(200);
    const answers = await Promise.all(bulks);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(3);
    for (const answer of refused) {
      expectScimError(answer, 429);
      retryAfterOf(answer);
    }
  });

  // Again where it fails: on a busy machine a window may end in between.
  test.each([
    { how: 'frozen', goAway: async () => redis.freeze(), comeBack: async () => redis.thaw() },
    { how: 'killed', goAway: () => redis.kill(), comeBack: () => redis.start() },
  ])('Redis $how: nobody fails, and nobody gets more', { timeout: 60_000, retry: 3 }, async ({ goAway, comeBack }) => {
    const [before, during, halfway] = [await limited(5), await limited(5), await limited(5)];
    const [one] = systems;
    expect(await served(before, 60, [one])).toBe(50);
    expect(await served(halfway, 35, [one])).toBe(35);
    await goAway();
    try {
      expect(await served(before, 20, [one])).toBe(0);
      expect(await served(halfway, 30, [one])).toBe(15);
      expect(await served(during, 60, [one], 20)).toBe(50);
      expect(await served(during, 20, [one])).toBe(0);
    } finally {
      await comeBack();
      await wait(1500);
    }
    expect(await served(await limited(5), 60, [one])).toBe(50);
  });
});
