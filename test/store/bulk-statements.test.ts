/** What a Bulk request costs in statements: many operations, few round trips. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPolicies } from '../../schema/policies.js';
import { groupResource, userResource } from '../../schema/resources.js';
import { performBulk } from '../../services/identity/domain/bulk/bulk.js';
import type { BulkOperation } from '../../services/identity/domain/bulk/bulk-run.js';
import type { Writer } from '../../services/identity/store/changes/change-rows.js';
import { type Database, openDatabase, type Writable } from '../../services/identity/store/connection/database.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { createOwnEmbedded, type OwnStore } from '../support/own-store.js';

const TENANT = '11111111-1111-7111-8111-111111111111';
const writer: Writer = { tenantId: TENANT, tokenId: null, door: 'scim', requestId: 'test', address: null, policies: defaultPolicies };

let own: OwnStore;
let database: Database;
let statements = 0;
beforeAll(async () => {
  own = await createOwnEmbedded();
  database = await openDatabase(own.location);
  await database.run(sql`insert into tenant (id, name) values (${TENANT}, 'T')`);
});
afterAll(async () => {
  await database.close();
  await own.drop();
});

const counting: Writable = {
  isInside: false,
  run: (statement) => database.run(statement),
  together: (key, item, work) => database.together(key, item, work),
  transaction: (work, patience) =>
    database.transaction(
      (on) =>
        work({
          run: (statement) => {
            statements += 1;
            return on.run(statement);
          },
        }),
      patience,
    ),
};

const user = (at: number): BulkOperation => ({
  method: 'CREATE',
  type: userResource,
  bulkId: `u${at}`,
  document: { userName: `user-${at}` },
});

const SAVEPOINT = 2; // made and let go, in the same transaction

test('a thousand new users are one statement', async () => {
  statements = 0;
  const results = await performBulk(
    counting,
    writer,
    Array.from({ length: 1000 }, (_, at) => user(at)),
  );
  expect(results.filter(({ failure }) => failure === null)).toHaveLength(1000);
  expect(statements).toBe(SAVEPOINT + 1);
});

test('the same again are refused, each with who is there, by two', async () => {
  statements = 0;
  const results = await performBulk(
    counting,
    writer,
    Array.from({ length: 1000 }, (_, at) => user(at)),
  );
  expect(results.every(({ failure }) => failure?.code === 'UNIQUENESS')).toBe(true);
  expect(statements).toBe(SAVEPOINT + 2);
});

test('a group with all of them as members costs a handful more', async () => {
  statements = 0;
  const members = Array.from({ length: 500 }, (_, at) => ({ value: `bulkId:u${1000 + at}` }));
  const group: BulkOperation = { method: 'CREATE', type: groupResource, document: { displayName: 'All', members } };
  const results = await performBulk(counting, writer, [group, ...members.map((_, at) => user(1000 + at))]);
  expect(results.filter(({ failure }) => failure === null)).toHaveLength(501);
  expect(statements).toBeLessThan(SAVEPOINT + 8);
});

test('a hundred changed users cost, beside a lock on all and a look at each, as much as one', async () => {
  const made = await performBulk(
    counting,
    writer,
    Array.from({ length: 100 }, (_, at) => user(5000 + at)),
  );
  statements = 0;
  const results = await performBulk(
    counting,
    writer,
    made.map(({ id }): BulkOperation => ({
      method: 'CHANGE',
      type: userResource,
      id: id!,
      changes: [{ op: 'replace', path: 'active', value: false }],
    })),
  );
  expect(results.filter(({ version }) => version === 2)).toHaveLength(100);
  expect(statements).toBe(SAVEPOINT + 1 + 100 + 1);
});
