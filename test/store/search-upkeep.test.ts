/**
 * What is new in the indexes of what is searched is sorted in beside the requests: the list of it never gets long, and is not left for
 * searches to read.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defaultPolicies } from '../../schema/policies.js';
import type { Writer } from '../../services/identity/store/changes/change-rows.js';
import { type ResourceRow, userTable } from '../../services/identity/store/query/columns.js';
import { type Database, insideOf, openDatabase, type Writable } from '../../services/identity/store/connection/database.js';
import { updateRow } from '../../services/identity/store/resources/resource-updates.js';
import { insertRow } from '../../services/identity/store/resources/resource-writes.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { createOwnStore, type OwnStore } from '../support/own-store.js';

const TENANT = '11111111-1111-7111-8111-111111111111';
const writer: Writer = { tenantId: TENANT, tokenId: null, door: 'scim', requestId: 'test', address: null, policies: defaultPolicies };
/** Longer than it takes from a write to the end of the look after it. */
const A_WHILE = 1500;

describe('new users', () => {
  let own: OwnStore;
  let database: Database;

  beforeAll(async () => {
    own = await createOwnStore();
    database = await openDatabase(own.location);
    await database.run(sql`insert into tenant (id, name) values (${TENANT}, 'T')`);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await own.drop();
  });

  const create = async (on: Writable, count: number) => {
    const people: ResourceRow[] = [];
    for (let made = 0; made < count; made += 20) {
      people.push(
        ...(await Promise.all(
          Array.from({ length: Math.min(20, count - made) }, () => {
            const id = randomUUID();
            return insertRow(
              on,
              userTable,
              { id, document: { userName: `${id}@example.test`, title: `The one of ${id}`, active: true }, writer },
              { kind: 'USER_CREATED', subjectType: 'USER' },
            );
          }),
        )),
      );
    }
    return people;
  };
  /** Pages of the list; they are sorted in by the question. */
  const pages = async () =>
    Number((await database.run(sql<{ pages: string }>`select gin_clean_pending_list('app_user_search') as pages`))[0]!.pages);

  test('leave the list while more of them come', async () => {
    await create(insideOf(database), 200); // in a transaction of nobody's, which nobody hears of
    const unheard = await pages();
    expect(unheard).toBeGreaterThan(20);
    let created = 0;
    for (const until = performance.now() + 2000; performance.now() < until; created += 20) await create(database, 20);
    expect(await pages()).toBeLessThan((0.7 * unheard * created) / 200);
  });

  test('leave the list after a while, and so do those of a transaction, and those who are renamed', async () => {
    await create(database, 20);
    await pause(A_WHILE);
    expect(await pages()).toBe(0);
    const people = await database.transaction((on) => create(insideOf(on), 20));
    await pause(A_WHILE);
    expect(await pages()).toBe(0);
    for (const current of people) {
      const document = { ...current.attributes, userName: `${current.id}@renamed.test` };
      const record = {
        kind: 'USER_UPDATED' as const,
        subjectType: 'USER' as const,
        before: { userName: current.attributes['userName']! },
        after: { userName: document.userName },
      };
      expect(await updateRow(database, userTable, { writer, current, document, record })).toMatchObject({ version: 2 });
    }
    await pause(A_WHILE);
    expect(await pages()).toBe(0);
  });
});
