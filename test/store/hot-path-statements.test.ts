/** What the requests that identity providers send most cost in statements. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { defaultPolicies } from '../../schema/policies.js';
import { groupResource, userResource } from '../../schema/resources.js';
import { findResource, listResources } from '../../services/identity/domain/resources/reading.js';
import { changeResource, createResource, replaceResource, type ResourceRow } from '../../services/identity/domain/resources/resources.js';
import type { Writer } from '../../services/identity/store/changes/change-rows.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { alone } from '../../services/identity/store/connection/write-batching.js';
import { compile, sql } from '../../services/identity/store/query/sql.js';
import { memoryWalkMemory } from '../../services/identity/store/redis/walk-memory.js';
import { createOwnEmbedded, type OwnStore } from '../support/own-store.js';

const TENANT = '11111111-1111-7111-8111-111111111111';
const writer: Writer = { tenantId: TENANT, tokenId: null, door: 'scim', requestId: 'test', address: null, policies: defaultPolicies };
const groupsOf = { name: 'effectiveGroups', limit: 1001 } as const;

let own: OwnStore;
let database: Database;
let user: ResourceRow;
let statements = 0;
let lastText = '';
let transactions = 0;

let lastPatience: string | undefined;

beforeAll(async () => {
  own = await createOwnEmbedded();
  const opened = await openDatabase(own.location);
  await opened.run(sql`insert into tenant (id, name) values (${TENANT}, 'T')`);
  database = {
    ...opened,
    run: (statement) => {
      statements += 1;
      lastText = compile(statement).text;
      return opened.run(statement);
    },
    together: (_key, item, work) => alone(item, (items) => work(database, items)),
    transaction: (work, patience) => {
      transactions += 1;
      lastPatience = patience;
      return opened.transaction(work, patience);
    },
  };
  user = await createResource(database, userResource, writer, { userName: 'hot@x.com', active: true });
  const members = [{ value: user.id }];
  const { id: inner } = await createResource(database, groupResource, writer, { displayName: 'Inner', members });
  await createResource(database, groupResource, writer, { displayName: 'Outer', members: [{ value: inner }] });
});
afterAll(async () => {
  await database.close();
  await own.drop();
});

/** What the work answers, and how many statements it took outside of a transaction; it may begin none. */
async function counted<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  [statements, transactions] = [0, 0];
  const result = await work();
  expect(transactions).toBe(0);
  return [result, statements];
}

const namesOf = (row: object | undefined) =>
  (row as { related?: { display: string; type: string }[] }).related?.map(({ display, type }) => `${display} ${type}`).toSorted();
const change = (active: boolean) =>
  changeResource(database, writer, { type: userResource, id: user.id }, [{ op: 'replace', path: 'active', value: active }], {
    related: groupsOf,
  });

test('a new user is one statement, and known to be in no group', async () => {
  const [row, count] = await counted(() => createResource(database, userResource, writer, { userName: 'new@x.com' }));
  expect([count, namesOf(row)]).toEqual([1, []]);
});

test('a user with its groups is one statement', async () => {
  const [row, count] = await counted(() => findResource(database, userResource, TENANT, user.id, { related: groupsOf }));
  expect([count, namesOf(row)]).toEqual([1, ['Inner direct', 'Outer indirect']]);
});

test('a user looked for by its name, with its groups and the total, is one statement', async () => {
  const services = { database, walks: memoryWalkMemory() };
  const [total, count] = await counted(async () => {
    const page = await listResources(services, userResource, { tenantId: TENANT } as never, {
      filter: 'userName eq "hot@x.com"',
      first: 100,
      offset: 0,
      along: { related: groupsOf },
    });
    expect(page.rows.map(namesOf)).toEqual([['Inner direct', 'Outer indirect']]);
    return page.total();
  });
  expect([count, total]).toEqual([1, 1]);
});

test('a change is two: what is there, and what is written, with its record and the groups', async () => {
  const [row, count] = await counted(() => change(false));
  expect([count, row.version, namesOf(row)]).toEqual([2, 2, ['Inner direct', 'Outer indirect']]);
  const [replaced, again] = await counted(() =>
    replaceResource(database, writer, { type: userResource, id: user.id }, { userName: 'hot@x.com', active: true }, groupsOf),
  );
  expect([again, replaced.version, namesOf(replaced)]).toEqual([2, 3, ['Inner direct', 'Outer indirect']]);
});

test('a change writes what differs: the text that is searched is not made anew for a leaver', async () => {
  const columnsWritten = () => [...lastText.match(/ set (.*?)\swhere/s)![1]!.matchAll(/"(\w+)" = /g)].map(([, name]) => name);
  const { id } = await createResource(database, userResource, writer, {
    userName: 'part@x.com',
    active: true,
    title: 'T',
    displayName: 'P',
  });
  const replace = (path: string, value: string | boolean) =>
    changeResource(database, writer, { type: userResource, id }, [{ op: 'replace', path, value }]);
  await replace('active', false);
  expect(columnsWritten()).toEqual(['active']);
  await replace('displayName', 'Q');
  expect(columnsWritten()).toEqual(['display_name', 'display_name_key']);
  await replace('title', 'U');
  expect(columnsWritten()).toEqual(['profile', 'folded']);
  const row = await findResource(database, userResource, TENANT, id);
  expect(row).toMatchObject({ version: 4, attributes: { userName: 'part@x.com', active: false, title: 'U', displayName: 'Q' } });
});

test('a change that changes nothing is one, and leaves no record', async () => {
  const [row, count] = await counted(() => change(true));
  expect([count, row.version, namesOf(row)]).toEqual([1, 3, undefined]);
  const records = await database.run(sql<{ kind: string }>`select kind from change where subject_id = ${user.id}::uuid order by sequence`);
  expect(records.map(({ kind }) => kind)).toEqual(['USER_CREATED', 'USER_UPDATED', 'USER_UPDATED']);
});

test('a member who joins or leaves by its id is one statement', async () => {
  const { id } = await createResource(database, groupResource, writer, { displayName: 'Coming and going' });
  const changed = async (op: 'add' | 'remove', path: string, value?: string[]) =>
    (await counted(() => changeResource(database, writer, { type: groupResource, id }, [{ op, path, ...(value && { value }) }])))[1];
  expect(await changed('add', 'members', [user.id])).toBe(1);
  expect(await changed('remove', `members[value eq "${user.id}"]`)).toBe(1);
  expect(await changed('add', 'members', [user.id])).toBe(1);
  expect(await changed('remove', 'members', [user.id])).toBe(1);
});

test('who says the only members of a group has the time that leaving out any number of others takes', async () => {
  const { id } = await createResource(database, groupResource, writer, { displayName: 'Only one', members: [{ value: user.id }] });
  for (const value of [[], [user.id]]) {
    await changeResource(database, writer, { type: groupResource, id }, [{ op: 'replace', path: 'members', value }]);
    expect(lastPatience).toBe('long');
    lastPatience = undefined;
  }
  await replaceResource(database, writer, { type: groupResource, id }, { displayName: 'Only one', members: [] });
  expect(lastPatience).toBe('long');
});
