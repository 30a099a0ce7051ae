/** Who waits takes turns, nobody waits for ever, and no more wait than may. Of the queue itself, and of a system with a short one. */
import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import type { Failure } from '../../schema/failure.js';
import { fairQueue, type Leave, type QueueLimits } from '../../services/identity/domain/admission/fair-queue.js';
import { createOwnDatabase } from '../support/own-database.js';
import { retryAfterOf } from '../support/quota.js';
import { expectScimError } from '../support/scim.js';
import { FUZZ_RUNS, startSystem } from '../support/world.js';

const LIMITS = { running: 4, runningOfOne: 2, waiting: 6, waitingOfOne: 4, patience: 60_000, lateIsOurs: false };

/** A queue, and who has been let in or refused so far. */
function watched(limits: QueueLimits = LIMITS) {
  const queue = fairQueue(limits);
  const begun: string[] = [];
  const refused: [string, string][] = [];
  const leaves: [string, Leave][] = [];
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const enterOne = async (key: string) => {
    try {
      const leave = await queue.enter(key);
      begun.push(key);
      leaves.push([key, leave]);
    } catch (error) {
      refused.push([key, (error as Failure).code]);
    }
  };
  return {
    begun,
    refused,
    leaves,
    enter: async (...keys: string[]) => {
      for (const key of keys) void enterOne(key);
      await settle();
    },
    leave: async (at = 0) => {
      const [[, leave]] = leaves.splice(at, 1) as [[string, Leave]];
      leave();
      leave(); // twice is once
      await settle();
    },
  };
}

describe('the queue', () => {
  test('lets a key do so much at once, and all together', async () => {
    const { enter, begun } = watched();
    await enter('a', 'a', 'a', 'b', 'b', 'c');
    expect(begun).toEqual(['a', 'a', 'b', 'b']);
  });

  test('who waits takes turns: one who comes late is not behind all who came first', async () => {
    const { enter, leave, begun } = watched({ ...LIMITS, running: 1 });
    await enter('a', 'a', 'a', 'a', 'b', 'c');
    for (let index = 0; index < 5; index += 1) await leave();
    expect(begun).toEqual(['a', 'a', 'b', 'c', 'a', 'a']);
  });

  test('who is alone does more at once, until somebody comes; and again when nobody has come for a second', async () => {
    const { enter, leave, begun } = watched({ ...LIMITS, runningOfLone: 3 });
    await enter('a', 'a', 'a', 'a');
    expect(begun.join('')).toBe('aaa');
    await enter('b');
    expect(begun.join('')).toBe('aaab');
    await leave(3);
    await leave();
    expect(begun.join('')).toBe('aaab'); // b has gone, and may be back any moment
    await leave();
    expect(begun.join('')).toBe('aaaba');
    await enter('a', 'a');
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await leave();
    expect(begun.join('')).toBe('aaabaaa'); // one for the one that left, and one more
    await enter('a');
    expect(begun.join('')).toBe('aaabaaa');
    await leave();
    expect(begun.join('')).toBe('aaabaaaa');
  });

  test('refuses a key that has too many waiting, and tells the others when there are too many of all', async () => {
    const { enter, refused } = watched({ ...LIMITS, running: 1 });
    await enter('a', 'a', 'a', 'a', 'a', 'a');
    expect(refused).toEqual([['a', 'TOO_MANY_REQUESTS']]);
    await enter('b', 'b'); // six wait
    await enter('b');
    expect(refused.slice(1)).toEqual([['a', 'OVERLOADED']]); // the last of the longest line makes room
    await enter('c', 'd', 'e', 'f');
    await enter('f');
    expect(refused.at(-1)).toEqual(['f', 'OVERLOADED']);
  });

  test('nobody waits for ever', async () => {
    const { enter, refused } = watched({ ...LIMITS, patience: 30 });
    await enter('a', 'a', 'a');
    await enter('b', 'b', 'c');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(refused).toEqual([
      ['a', 'TOO_MANY_REQUESTS'],
      ['c', 'OVERLOADED'],
    ]);
  });

  test('where what is done is small, it is for us to do it in time', async () => {
    const { enter, refused } = watched({ ...LIMITS, patience: 30, lateIsOurs: true });
    await enter('a', 'a', 'a');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(refused).toEqual([['a', 'OVERLOADED']]);
  });

  test('whatever comes and goes: the limits hold, nobody is forgotten, and no place is left empty', async () => {
    const step = fc.oneof(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(20));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.constantFrom(2, 3), async (steps, runningOfLone) => {
        const { enter, leave, begun, refused, leaves } = watched({ ...LIMITS, runningOfLone });
        let entered = 0;
        for (const next of steps) {
          if (typeof next === 'string') {
            entered += 1;
            await enter(next);
          } else if (leaves.length > 0) {
            await leave(next % leaves.length);
          }
          const running = Map.groupBy(leaves, ([key]) => key);
          expect(leaves.length).toBeLessThanOrEqual(LIMITS.running);
          expect(Math.max(0, ...Array.from(running.values(), ({ length }) => length))).toBeLessThanOrEqual(runningOfLone);
          const waiting = entered - begun.length - refused.length;
          expect(waiting).toBeLessThanOrEqual(LIMITS.waiting);
          // One waits while there is room only where its own key is full.
          if (leaves.length === 0) expect(waiting).toBe(0);
        }
        while (leaves.length > 0) await leave();
        expect(begun.length + refused.length).toBe(entered);
      }),
      { numRuns: Math.ceil(FUZZ_RUNS / 4) },
    );
  });
});

// The embedded database does one request after the other, of itself: nobody ever waits there.
test.runIf(inject('world') === 'network')(
  'a system that has more to do than it can says so, at both doors: 503 with the time to come back',
  { timeout: 60_000 },
  async () => {
    const database = await createOwnDatabase(process.env['DATABASE_URL']!);
    const all = { running: 1, runningOfOne: 1, waiting: 2, waitingOfOne: 2 };
    const system = await startSystem(
      { database: { kind: 'postgresql', url: database.url }, work: { all }, requestsPerSecond: 100_000 },
      true,
    );
    try {
      const tenants = [];
      for (let index = 0; index < 6; index += 1) tenants.push(await system.newTenant());
      for (const tenant of tenants) await tenant.graphql('{ caller { scopes } }');
      const Operations = Array.from({ length: 200 }, (_, at) => ({
        method: 'POST',
        path: '/Users',
        bulkId: `b${at}`,
        data: { userName: `busy-${at}@x.com` },
      }));
      const bulks = tenants.map((tenant) =>
        tenant.scim('POST', '/Bulk', { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations }),
      );
      await Promise.race(bulks); // whoever is refused is so at once; others are being worked on
      const tools = await Promise.all(tenants.map((tenant) => tenant.graphqlAnswer('{ users { totalCount } }')));
      const answers = await Promise.all(bulks);
      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused.length).toBeGreaterThan(0);
      for (const answer of refused) {
        expectScimError(answer, 503);
        retryAfterOf(answer);
      }
      const overloaded = tools.filter(({ status }) => status !== 200);
      expect(overloaded.length).toBeGreaterThan(0);
      for (const answer of overloaded) {
        expect(answer.status).toBe(503);
        expect(answer.body).toMatchObject({ errors: [{ extensions: { code: 'OVERLOADED' } }] });
        retryAfterOf(answer);
      }
      expect((await tenants[0]!.scim('GET', '/Users')).status).toBe(200);
    } finally {
      await system.close();
      await database.drop();
    }
  },
);
