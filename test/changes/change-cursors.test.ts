/** Cursors that no longer hold: pruned records, another database, another cluster. Nobody goes on over a gap without hearing of it. */
import { sql } from '../../services/identity/store/query/sql.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Caller, OPERATOR_TENANT, scopesOf } from '../../services/identity/domain/caller.js';
import { endOfChanges, listChanges, pruneChanges } from '../../services/identity/domain/changes/changes.js';
import { createResource } from '../../services/identity/domain/resources/resources.js';
import { userResource } from '../../schema/resources.js';
import { beginEra } from '../../services/identity/store/changes/change-era.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { newId } from '../../services/identity/store/resources/uuid.js';
import { callerOf } from '../support/callers.js';
import { createOwnStore, type OwnStore } from '../support/own-store.js';

let own: OwnStore;
let database: Database;
const operator = callerOf('admin', OPERATOR_TENANT);
let tool: Caller;

beforeAll(async () => {
  own = await createOwnStore();
  database = await openDatabase(own.location);
  await database.run(sql`insert into tenant (id, name) values (${OPERATOR_TENANT}::uuid, 'Operators')`);
});
afterAll(async () => {
  await database.close();
  await own.drop();
});
beforeEach(async () => {
  tool = callerOf('graphql', newId());
  await database.run(sql`insert into tenant (id, name) values (${tool.tenantId}::uuid, 'T')`);
  await database.run(sql`delete from change`); // so that what earlier tests have left stands in nobody's way
});

const create = async (userName: string) => (await createResource(database, userResource, tool, { userName })).id;

/** All that can be read, once everything written by now can be. */
async function all(from?: string, reader = tool): Promise<{ names: unknown[]; cursors: readonly string[]; endCursor: string }> {
  const [row] = await database.run(sql<{ end: string }>`select change_place()::text as end`);
  for (;;) {
    const { records, cursors, endCursor } = await listChanges({ database }, reader, { after: from, first: 1000 });
    const [, place] = JSON.parse(Buffer.from(endCursor, 'base64url').toString()) as [string, string];
    if (BigInt(place) > BigInt(row!.end)) return { names: records.map(({ after }) => after?.['userName']), cursors, endCursor };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const expired = { code: 'EXPIRED_CURSOR', field: 'after' };

describe('pruned records', () => {
  test('whoever stands before the end of what is gone hears it; whoever stands there or later goes on', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await create(name);
    const { cursors } = await all();
    await database.run(
      sql`update change set at = '2020-01-01' where sequence in (select sequence from change where tenant_id = ${tool.tenantId}::uuid order by sequence limit 2)`,
    );
    const beginning = await listChanges({ database }, tool, { first: 0 });
    expect(await pruneChanges({ database }, operator, '2021-01-01T00:00:00Z')).toEqual({ pruned: 2, hasMore: false });
    for (const after of [beginning.endCursor, cursors[0]!]) {
      await expect(listChanges({ database }, tool, { after })).rejects.toMatchObject(expired);
    }
    await expect(listChanges({ database }, operator, { after: cursors[0]! })).rejects.toMatchObject(expired);
    expect((await all(cursors[1])).names).toEqual(['c', 'd']);
    expect((await all()).names).toEqual(['c', 'd']);
    expect(await pruneChanges({ database }, operator, '2021-01-01T00:00:00Z')).toEqual({ pruned: 0, hasMore: false });
  });

  test('nothing goes that comes after a record to be kept', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    const { cursors } = await all();
    await database.run(
      sql`update change set at = '2020-01-01' where sequence in (select sequence from change where tenant_id = ${tool.tenantId}::uuid order by sequence desc limit 2)`,
    );
    expect(await pruneChanges({ database }, operator, '2021-01-01T00:00:00Z')).toEqual({ pruned: 0, hasMore: false });
    expect((await all(cursors[0])).names).toEqual(['b', 'c']);
  });

  test('two who prune at once leave the mark where the further one left off, and one record each', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await create(name);
    const { cursors } = await all();
    await database.run(
      sql`update change set at = case when after ->> 'userName' in ('a', 'b') then '2020-01-01'::timestamptz else '2021-01-01' end`,
    );
    const pruned = await Promise.all(
      ['2022-01-01T00:00:00Z', '2020-06-01T00:00:00Z'].map((before) => pruneChanges({ database }, operator, before)),
    );
    expect(pruned.reduce((sum, one) => sum + one.pruned, 0)).toBe(4);
    await expect(listChanges({ database }, tool, { after: cursors[2]! })).rejects.toMatchObject(expired);
    const { records } = await listChanges({ database }, operator, { first: 1000, kinds: ['CHANGES_PRUNED'] });
    for (const { after } of records) expect(after).toMatchObject({ before: expect.stringMatching(/^202/), records: expect.any(Number) });
  });

  test('a reader who keeps reading is never told so, even where there is nothing to read for long', async () => {
    const { endCursor } = await all();
    await create('a');
    const later = await all(endCursor);
    await database.run(sql`update change set at = '2020-01-01'`);
    await pruneChanges({ database }, operator, '2021-01-01T00:00:00Z');
    expect((await all(later.endCursor)).names).toEqual([]);
  });
});

describe('records that come to another cluster', () => {
  test('keep their order, before all that is written there, and every old cursor is refused', async () => {
    for (const name of ['a', 'b']) await create(name);
    const { cursors } = await all();
    // As after a restore: the records say where they are from, and transactions are counted from elsewhere.
    await database.run(sql`update change_feed set cluster_id = cluster_id + 1`);
    await beginEra(database);
    await create('c');
    expect((await all()).names).toEqual(['a', 'b', 'c']);
    expect(await database.run(sql`select era from change_feed`)).toEqual([{ era: 2 }]);
    await beginEra(database);
    expect(await database.run(sql`select era from change_feed`)).toEqual([{ era: 2 }]);
    const [tag, place, sequence] = JSON.parse(Buffer.from(cursors[0]!, 'base64url').toString()) as string[];
    const elsewhere = Buffer.from(JSON.stringify([`x${tag!.slice(1)}`, place, sequence])).toString('base64url');
    await expect(listChanges({ database }, tool, { after: elsewhere })).rejects.toMatchObject(expired);
    await expect(listChanges({ database }, tool, { last: 1, before: elsewhere })).rejects.toMatchObject({ ...expired, field: 'before' });
  });

  test('a copy of the database is another one', async (context) => {
    if (!own.server) return context.skip('needs a database server');
    await create('a');
    const cursor = await endOfChanges({ database }, tool);
    await all(cursor);
    await database.run(sql`alter table change rename to earlier`);
    await database.run(sql`create table change (like earlier including all)`);
    await expect(listChanges({ database }, tool, { after: cursor })).rejects.toMatchObject(expired);
    await database.run(sql`drop table change`);
    await database.run(sql`alter table earlier rename to change`);
  });

  test('a cursor of a time that has not come is refused', async () => {
    const { endCursor } = await all();
    const [tag, place] = JSON.parse(Buffer.from(endCursor, 'base64url').toString()) as string[];
    const ahead = Buffer.from(JSON.stringify([tag, String(BigInt(place!) + 1_000_000n), '0'])).toString('base64url');
    await expect(listChanges({ database }, tool, { after: ahead })).rejects.toMatchObject(expired);
  });
});

test('a token without the scope is refused, whatever it may do otherwise', async () => {
  const scopes = [...scopesOf.graphql, ...scopesOf.admin].filter((scope) => scope !== 'changes:read');
  for (const one of [tool, operator]) {
    await expect(listChanges({ database }, { ...one, scopes }, {})).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(endOfChanges({ database }, { ...one, scopes })).rejects.toMatchObject({ code: 'FORBIDDEN' });
  }
});
