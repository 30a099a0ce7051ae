/** Receivers of security events in the core: any acknowledgements in any order, a restart, and places that no longer hold. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { userResource } from '../../schema/resources.js';
import { type Caller, OPERATOR_TENANT } from '../../services/identity/domain/caller.js';
import { pruneChanges } from '../../services/identity/domain/changes/changes.js';
import { createResource } from '../../services/identity/domain/resources/resources.js';
import { forgetEventReceiver, pollEvents, type PolledEvent } from '../../services/identity/domain/changes/security-events.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { findReceiver, moveReceiver } from '../../services/identity/store/changes/event-receiver-rows.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { newId } from '../../services/identity/store/resources/uuid.js';
import { callerOf } from '../support/callers.js';
import { createOwnStore, type OwnStore } from '../support/own-store.js';
import { FUZZ_RUNS } from '../support/world.js';

let own: OwnStore;
let database: Database;
const open = () => openDatabase(own.location);
const operator = callerOf('admin', OPERATOR_TENANT);
let reader: Caller;

beforeAll(async () => {
  own = await createOwnStore();
  database = await open();
  await database.run(sql`insert into tenant (id, name) values (${OPERATOR_TENANT}::uuid, 'Operators')`);
});
afterAll(async () => {
  await database.close();
  await own.drop();
});
beforeEach(async () => {
  reader = callerOf('scim', newId());
  await database.run(sql`insert into tenant (id, name) values (${reader.tenantId}::uuid, 'T')`);
});

const poll = (acknowledged: readonly string[] = [], more: object = {}) =>
  pollEvents({ database }, reader, { receiver: 'r', acknowledged, ...more });
const idsOf = (events: readonly PolledEvent[]) => events.map(({ id }) => id);
let made = 0;
const create = (count: number) =>
  Promise.all(Array.from({ length: count }, () => createResource(database, userResource, reader, { userName: `user-${(made += 1)}` })));

/** Polls until so many are told: other databases of the server delay them. */
async function untilTold(count: number): Promise<string[]> {
  for (;;) {
    const { events } = await poll();
    if (events.length >= count) return idsOf(events);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A receiver that has polled once, and so many users made since; the ids of what it is told. */
async function begun(count: number): Promise<string[]> {
  expect(await poll()).toEqual({ events: [], moreAvailable: false });
  await create(count);
  return untilTold(count);
}

test('whatever is acknowledged, in whatever order: told is what comes after all that was acknowledged together with all before it', async () => {
  const all = await begun(8);
  const step = fc.record({
    acknowledged: fc.uniqueArray(fc.nat(8), { maxLength: 8 }),
    maxEvents: fc.integer({ min: 0, max: 9 }),
    times: fc.integer({ min: 1, max: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      await database.run(sql`delete from event_receiver where tenant_id = ${reader.tenantId}::uuid`);
      await database.run(sql`
      insert into event_receiver (tenant_id, name, tag, place, sequence)
      select tenant_id, 'r', ${all[0]!.split('-')[0]!}, place, sequence - 1 from change where tenant_id = ${reader.tenantId}::uuid order by place, sequence limit 1`);
      let first = 0;
      for (const { acknowledged, maxEvents, times } of steps) {
        const names = acknowledged.map((at) => all[at] ?? 'of-nothing');
        const [answer] = await Promise.all(Array.from({ length: times }, () => poll(names, { maxEvents })));
        while (acknowledged.includes(first) && first < 8) first += 1;
        expect({ ...answer, events: idsOf(answer!.events) }).toEqual({
          events: all.slice(first, first + maxEvents),
          moreAvailable: first + maxEvents < 8,
        });
      }
    }),
    { numRuns: Math.ceil(FUZZ_RUNS / 10) },
  );
});

test('more than a page is acknowledged at once', { timeout: 60_000 }, async () => {
  expect(await poll()).toEqual({ events: [], moreAvailable: false });
  await database.run(sql`
    insert into change (tenant_id, kind, subject_type, subject_id, version, before, after, door, request_id)
    select ${reader.tenantId}::uuid, 'USER_CREATED', 'USER', gen_random_uuid(), 1, null, '{"userName": "x"}', 'test', 'test' from generate_series(1, 2500)`);
  while ((await poll([], { maxEvents: 1000 })).events.length < 1000) await new Promise((resolve) => setTimeout(resolve, 20));
  const rows = await database.run(
    sql<{
      number: string;
    }>`select sequence::text as number from change where tenant_id = ${reader.tenantId}::uuid order by place, sequence`,
  );
  const [tag] = (await poll([], { maxEvents: 1 })).events[0]!.id.split('-') as [string];
  const names = rows.map(({ number }) => `${tag}-${number}`);
  const { events, moreAvailable } = await poll(names.slice(0, 2400), { maxEvents: 1000 });
  expect([idsOf(events), moreAvailable]).toEqual([names.slice(2400), false]);
});

test('a time is told as users and groups tell it: to the nearest millisecond', async () => {
  await begun(1);
  await database.run(sql`update change set at = '2026-01-31T09:30:00.699700Z' where tenant_id = ${reader.tenantId}::uuid`);
  expect((await poll()).events).toMatchObject([{ at: '2026-01-31T09:30:00.700Z' }]);
});

test('what is no event is passed over, a stretch with each poll', async () => {
  expect(await poll()).toEqual({ events: [], moreAvailable: false });
  await database.run(sql`
    insert into change (tenant_id, kind, subject_type, subject_id, door, request_id)
    select ${reader.tenantId}::uuid, 'TOKEN_ISSUED', 'TOKEN', gen_random_uuid(), 'test', 'test' from generate_series(1, 900)`);
  await create(1);
  const answers: { readonly events: number; readonly moreAvailable: boolean }[] = [];
  for (const deadline = Date.now() + 20_000; answers.at(-1)?.events !== 1 && Date.now() < deadline;) {
    const { events, moreAvailable } = await poll();
    answers.push({ events: events.length, moreAvailable });
  }
  expect(answers.filter(({ moreAvailable }) => moreAvailable)).toEqual([
    { events: 0, moreAvailable: true },
    { events: 0, moreAvailable: true },
    { events: 0, moreAvailable: true },
  ]);
  expect(answers.at(-1)).toEqual({ events: 1, moreAvailable: false });
});

test('what is acknowledged is not told again, however much that is no event lies before it and between', { timeout: 60_000 }, async () => {
  expect(await poll()).toEqual({ events: [], moreAvailable: false });
  const tokensIssued = (count: number) =>
    database.run(sql`
    insert into change (tenant_id, kind, subject_type, subject_id, door, request_id)
    select ${reader.tenantId}::uuid, 'TOKEN_ISSUED', 'TOKEN', gen_random_uuid(), 'test', 'test' from generate_series(1, ${count}::integer)`);
  for (const before of [110, 900, 900]) {
    await tokensIssued(before);
    await create(1);
  }
  const all: string[] = [];
  for (const deadline = Date.now() + 20_000; all.length < 3;) {
    expect(Date.now(), 'not all are told').toBeLessThan(deadline);
    all.splice(0, Infinity, ...idsOf((await poll([], { maxEvents: 1000 })).events));
  }
  for (let told = 1; told <= 3; told += 1) {
    expect(idsOf((await poll([all[told - 1]!], { maxEvents: 1000 })).events)).toEqual(all.slice(told));
  }
});

test('a poll that comes late moves nothing back, and none moves a receiver of another feed', async () => {
  const all = await begun(3);
  const where = async () => (await findReceiver(database, reader.tenantId, 'r'))!;
  await poll(all.slice(0, 1));
  const earlier = await where();
  await poll(all.slice(0, 2));
  const later = await where();
  await moveReceiver(database, reader.tenantId, 'r', earlier);
  await moveReceiver(database, reader.tenantId, 'r', { ...later, tag: 'another', place: String(BigInt(later.place) + 1000n) });
  expect(await where()).toEqual(later);
  expect(idsOf((await poll()).events)).toEqual(all.slice(2));
});

test('a restart goes on where it was', async () => {
  const all = await begun(3);
  await poll(all.slice(0, 1));
  await database.close();
  database = await open();
  expect(idsOf((await poll()).events)).toEqual(all.slice(1));
});

describe('a place that no longer holds', () => {
  const expired = { code: 'EXPIRED_CURSOR', message: expect.stringMatching(/list all users and groups/) };
  const age = () => database.run(sql`update change set at = '2020-01-01'`);

  test('is told where records were pruned before they were acknowledged, until the receiver is forgotten', async () => {
    const all = await begun(3);
    await age();
    await pruneChanges({ database }, operator, '2021-01-01T00:00:00Z');
    await expect(poll()).rejects.toMatchObject(expired);
    await expect(poll(all)).rejects.toMatchObject(expired);
    await forgetEventReceiver({ database }, reader, 'r');
    expect((await poll()).events).toEqual([]);
  });

  test('is none where nothing was left to tell: a receiver that polls moves on', async () => {
    await begun(2).then(poll);
    await database.run(sql`update event_receiver set updated_at = now() - interval '2 minutes'`);
    const others = callerOf('scim', newId());
    await database.run(sql`insert into tenant (id, name) values (${others.tenantId}::uuid, 'O')`);
    await createResource(database, userResource, others, { userName: 'other' });
    const [row] = await database.run(sql<{ end: string }>`select change_place()::text as end`);
    const stands = async () =>
      BigInt(
        (await database.run(sql<{ place: string }>`select place::text from event_receiver where tenant_id = ${reader.tenantId}::uuid`))[0]!
          .place,
      );
    for (const deadline = Date.now() + 20_000; (await stands()) <= BigInt(row!.end);) {
      expect(Date.now(), 'it has not moved').toBeLessThan(deadline);
      await database.run(sql`update event_receiver set updated_at = now() - interval '2 minutes'`);
      expect((await poll()).events).toEqual([]);
    }
    await age();
    await pruneChanges({ database }, operator, '2021-01-01T00:00:00Z');
    expect((await poll()).events).toEqual([]);
  });

  test('is told where the database is another one, as after a restore', async () => {
    const all = await begun(1);
    await database.run(sql`update change_feed set id = gen_random_uuid()`);
    await expect(poll(all)).rejects.toMatchObject(expired);
    await forgetEventReceiver({ database }, reader, 'r');
    expect((await poll()).events).toEqual([]);
  });
});
