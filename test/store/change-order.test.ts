/**
 * The order of the feed while transactions of any length overlap: nobody who reads on from a cursor misses a record, or sees two changes of
 * a subject the wrong way round.
 */
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { sql } from '../../services/identity/store/query/sql.js';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { defaultPolicies } from '../../schema/policies.js';
import { groupResource, userResource } from '../../schema/resources.js';
import { changeResource, createResource } from '../../services/identity/domain/resources/resources.js';
import { feedEnd, type FeedRecord, type Place, readFeed } from '../../services/identity/store/changes/change-feed.js';
import type { Writer } from '../../services/identity/store/changes/change-rows.js';
import { type Database, insideOf, openDatabase, type Statements } from '../../services/identity/store/connection/database.js';
import { newId } from '../../services/identity/store/resources/uuid.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { FUZZ_RUNS } from '../support/world.js';

const OPERATORS = '00000000-0000-0000-0000-000000000000';
let own: OwnDatabase | undefined;
let database: Database;
let writer: Writer;

const read = (from?: Place, limit = 1000) =>
  readFeed(database, { tenantId: writer.tenantId, from, limit, isBackward: false, operators: OPERATORS });
const titled = (on: Statements | Database, id: string, title: string) =>
  changeResource('isInside' in on ? on : insideOf(on), writer, { type: userResource, id }, [
    { op: 'replace', path: 'title', value: title },
  ]);

/** Reads on until nothing is outstanding: others on the same server may hold up the feed. */
async function readAll(from?: Place): Promise<FeedRecord[]> {
  const { end } = await feedEndAfterAll();
  const found: FeedRecord[] = [];
  for (let place = from; ;) {
    const page = await read(place);
    found.push(...page.records);
    place = page.reached;
    if (!page.goesOn && BigInt(page.end.place) > BigInt(end)) return found;
    if (!page.goesOn) await wait(20);
  }
}

/** The place beyond everything that has been written by now. */
async function feedEndAfterAll(): Promise<{ end: string }> {
  const [row] = await database.run(sql<{ end: string }>`select change_place()::text as end`);
  return { end: row!.end };
}

/** A transaction whose steps are done when they are asked for. */
function openTransaction() {
  const ended = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<Statements>();
  const done = database.transaction(async (on) => {
    await on.run(sql`select pg_current_xact_id()`); // it has its number from now on
    begun.resolve(on);
    await ended.promise;
  });
  done.catch(begun.reject);
  return {
    begun: begun.promise,
    commit: async () => {
      ended.resolve();
      await done;
    },
    rollback: async () => {
      ended.reject(new Error('rolled back'));
      await done.catch(() => {});
    },
  };
}

describe.runIf(inject('world') === 'network')('overlapping transactions', () => {
  beforeAll(async () => {
    own = await createOwnDatabase(process.env['DATABASE_URL']!);
    database = await openDatabase({ kind: 'postgresql', url: own.url });
  });
  beforeEach(async () => {
    const tenantId = newId();
    await database.run(sql`insert into tenant (id, name) values (${tenantId}::uuid, 'T')`);
    writer = { tenantId, tokenId: null, door: 'test', requestId: 'test', address: null, policies: defaultPolicies };
  });
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  const newUser = async (userName: string) => (await createResource(database, userResource, writer, { userName })).id;

  test('a late commit delays those after it, and loses none', async () => {
    const [early, later] = [await newUser('early'), await newUser('later')];
    const before = await readAll();
    const from = { place: before.at(-1)!.place, sequence: before.at(-1)!.sequence };
    const long = openTransaction();
    await titled(await long.begun, early, 'In the long one');
    await titled(database, later, 'After it began');
    const meanwhile = await read(from);
    expect(meanwhile.records).toEqual([]);
    await long.commit();
    expect((await readAll(meanwhile.reached)).map(({ subjectId }) => subjectId)).toEqual([early, later]);
  });

  test('a transaction that is undone leaves no gap to wait for', async () => {
    const user = await newUser('undone');
    const before = await readAll();
    const long = openTransaction();
    await titled(await long.begun, user, 'Never');
    await titled(database, await newUser('other'), 'Done');
    await long.rollback();
    expect((await readAll({ place: before.at(-1)!.place, sequence: before.at(-1)!.sequence })).map(({ kind }) => kind)).toEqual([
      'USER_CREATED',
      'USER_UPDATED',
    ]);
  });

  test('one that began first and changes a subject last comes last', async () => {
    const user = await newUser('twice');
    const long = openTransaction();
    await long.begun;
    await titled(database, user, 'First');
    await titled(database, user, 'Second');
    await titled(await long.begun, user, 'Third');
    await long.commit();
    expect((await readAll()).map(({ version, after }) => [version, after!['title']])).toEqual([
      [1, undefined],
      [2, 'First'],
      [3, 'Second'],
      [4, 'Third'],
    ]);
  });

  test('whoever begins a copy at the end of the feed gets all that the copy cannot hold yet', async () => {
    const user = await newUser('copied');
    await readAll();
    const long = openTransaction();
    await titled(await long.begun, user, 'Not to be seen in a list yet');
    const { end } = await feedEnd(database);
    await long.commit();
    expect((await readAll(end)).map(({ after }) => after!['title'])).toEqual(['Not to be seen in a list yet']);
  });

  const step = fc.record({ subject: fc.nat(2), isOfGroup: fc.boolean(), pause: fc.nat(4) });
  const work = fc.record({ isTransaction: fc.boolean(), fails: fc.boolean(), steps: fc.array(step, { minLength: 1, maxLength: 4 }) });

  test('any number of writers, of one change or many, and a reader who never stops', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(work, { minLength: 2, maxLength: 6 }), fc.integer({ min: 1, max: 5 }), async (works, size) => {
        writer = { ...writer, tenantId: newId() };
        await database.run(sql`insert into tenant (id, name) values (${writer.tenantId}::uuid, 'T')`);
        const users = await Promise.all(['a', 'b', 'c'].map(newUser));
        const groups = await Promise.all(
          ['a', 'b', 'c'].map(async (displayName) => (await createResource(database, groupResource, writer, { displayName })).id),
        );
        let turn = 0;
        const change = async (
          on: Statements | Database,
          { subject, isOfGroup, pause }: typeof step extends fc.Arbitrary<infer Step> ? Step : never,
        ) => {
          if (pause > 0) await wait(pause);
          if (!isOfGroup) return titled(on, users[subject]!, `Title ${(turn += 1)}`);
          const op = (turn += 1) % 2 === 0 ? 'add' : 'remove';
          return changeResource('isInside' in on ? on : insideOf(on), writer, { type: groupResource, id: groups[subject]! }, [
            { op, path: 'members', value: users.map((value) => ({ value })) },
          ]);
        };
        // Those who wait for each other in circles are repeated, or give up: neither may be told of.
        const writers = works.map(({ isTransaction, fails, steps }) =>
          (isTransaction
            ? database.transaction(async (on) => {
                await on.run(sql`select pg_current_xact_id()`);
                for (const one of steps) await change(on, one);
                if (fails) throw new Error('undone');
              })
            : (async () => {
                for (const one of steps) await change(database, one);
              })()
          ).catch(() => undefined),
        );
        const stop = new AbortController();
        const over = Promise.all(writers).then(() => stop.abort());
        const seen: FeedRecord[] = [];
        let place: Place | undefined;
        while (!stop.signal.aborted) {
          const page = await read(place, size);
          seen.push(...page.records);
          place = page.reached;
        }
        await over;
        seen.push(...(await readAll(place)));
        const kept = await database.run(
          sql<{ sequence: string }>`select sequence::text from change where tenant_id = ${writer.tenantId}::uuid`,
        );
        expect(seen.map(({ sequence }) => sequence).toSorted()).toEqual(kept.map(({ sequence }) => sequence).toSorted());
        for (const id of [...users, ...groups]) {
          const versions = seen.filter(({ subjectId }) => subjectId === id).map(({ version }) => version);
          expect(versions).toEqual(versions.map((_, at) => at + 1));
        }
      }),
      { numRuns: Math.max(5, Math.ceil(FUZZ_RUNS / 10)) },
    );
  });
});
