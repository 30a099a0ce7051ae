/** Two processes that share PostgreSQL and Redis: a walk goes on in whichever of them the next page is asked of. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Crowd, disturb, gather } from '../support/crowd.js';
import { exchange } from '../support/http.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { expectAllSeen, walk, Walker } from '../support/walkers.js';
import { SCIM_PATH, startSystem, type System } from '../support/world.js';

const PAGE = 50;

let own: OwnDatabase;
let systems: System[] = [];
let crowd: Crowd;

// Redis has 50 ms to answer: on a busy machine a process may have to go on without the other's notes.
describe.runIf(inject('world') === 'network')('two processes', { retry: 3 }, () => {
  beforeAll(async () => {
    own = await createOwnDatabase(process.env['DATABASE_URL']!);
    const stores = { database: { kind: 'postgresql', url: own.url } as const, redisUrl: process.env['REDIS_URL']! };
    const first = await startSystem(stores, true);
    crowd = await gather(2000, { newTenant: first.newTenant, query: own.query });
    systems = [first, await startSystem(stores, true)];
  }, 120_000);
  afterAll(async () => {
    for (const system of systems) await system.close();
    await own?.drop();
  });

  const readFrom = async ({ gatewayUrl }: System, startIndex: number, query: string) => {
    const { status, text, body } = await exchange(gatewayUrl, 'GET', `${SCIM_PATH}/Users?startIndex=${startIndex}&count=${PAGE}${query}`, {
      authorization: `Bearer ${crowd.tenant.token}`,
    });
    expect(status, text).toBe(200);
    return { ids: body.Resources.map(({ id }) => id), total: body.totalResults, startIndex };
  };

  test.each(['', '&sortBy=userName&sortOrder=descending', `&sortBy=userName&filter=${encodeURIComponent('active eq true')}`])(
    'page by page in turn%s',
    async (query) => {
      const moved = crowd.startWatching();
      const before = [...crowd.alive.keys()];
      const walker = new Walker();
      let turn = 0;
      for await (const { ids } of walk((startIndex) => readFrom(systems[(turn += 1) % 2]!, startIndex, query))) {
        walker.see(ids);
        await disturb(crowd, ids, walker.seen);
      }
      expectAllSeen(walker, before, moved);
    },
    60_000,
  );

  test('what one has begun anew is over for the other, too', async () => {
    const query = '&sortBy=userName&attributes=userName';
    const [one, two] = systems as [System, System];
    for await (const { ids } of walk((startIndex) => readFrom(one, startIndex, query))) expect(ids.length).toBeGreaterThan(0);
    for (const name of ['a', 'b', 'c']) await crowd.join(`00-${crowd.alive.size}-${name}@x.com`);
    const inOrder = [...crowd.alive].toSorted(([, a], [, b]) => (a < b ? -1 : 1)).map(([id]) => id);
    const last = Math.floor((inOrder.length - 1) / PAGE) * PAGE;
    expect((await readFrom(two, 1, query)).ids).toEqual(inOrder.slice(0, PAGE));
    expect((await readFrom(one, last + 1, query)).ids).toEqual(inOrder.slice(last, last + PAGE));
  }, 60_000);
});
