/** Ten groups, each in the next, over one with many members: nobody loads the members to say what is above them, or at the top. */
import { sql } from '../../services/identity/store/query/sql.js';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseFilter } from '../../schema/filter.js';
import { groupResource, userResource } from '../../schema/resources.js';
import { groupTable, userTable } from '../../services/identity/store/query/columns.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { deleteGroupRow } from '../../services/identity/store/resources/deletion-rows.js';
import { changeMembers } from '../../services/identity/store/members/membership-rows.js';
import { heightsAround, nestingAbove } from '../../services/identity/store/members/nesting-rows.js';
import { relatedRows, type RelationName } from '../../services/identity/store/members/related-rows.js';
import { listRows } from '../../services/identity/store/resources/resource-lists.js';
import { findRow } from '../../services/identity/store/resources/resource-rows.js';
import { createOwnStore, type OwnStore } from '../support/own-store.js';
import { type Explained, explained } from './explained.js';

const TENANT = '11111111-1111-7111-8111-111111111111';
const LEVELS = 10;
const MEMBERS = inject('world') === 'network' ? 100_000 : 500;
const PAGE = 50;

const hex = (number: number) => number.toString(16).padStart(12, '0');
const userOf = (number: number) => `01900000-0000-7000-8000-${hex(number)}`;
const groupOf = (number: number) => `01900000-0000-7000-9000-${hex(number)}`;
const [BOTTOM, TOP, OTHER] = [groupOf(1), groupOf(LEVELS), groupOf(LEVELS + 1)];
const OTHERS = 2_000; // groups with a user each; every second one is in the one before
const SOMEBODY = userOf(Math.floor(MEMBERS / 2));
const NEWCOMER = MEMBERS + OTHERS + 1; // is in no group yet

const uuids = (kind: string, number: string) => `('01900000-0000-7000-${kind}-' || lpad(to_hex(${number}), 12, '0'))::uuid`;
const seed = [
  `insert into tenant (id, name) values ('${TENANT}', 'T')`,
  `insert into app_user (tenant_id, id, user_name, user_name_key, profile, folded)
    select '${TENANT}', ${uuids('8000', 'n')}, 'person' || n, 'person' || n, '{}', '{}' from generate_series(1, ${NEWCOMER}) as n`,
  `insert into app_group (tenant_id, id, display_name, display_name_key, profile, folded)
    select '${TENANT}', ${uuids('9000', 'n')}, 'group' || n, 'group' || n, '{}', '{}' from generate_series(1, ${LEVELS + OTHERS}) as n`,
  `insert into membership (tenant_id, group_id, user_id) select '${TENANT}', '${BOTTOM}', ${uuids('8000', 'n')} from generate_series(1, ${MEMBERS}) as n`,
  `insert into nesting (tenant_id, group_id, subgroup_id) select '${TENANT}', ${uuids('9000', 'n + 1')}, ${uuids('9000', 'n')} from generate_series(1, ${LEVELS - 1}) as n`,
  `insert into membership (tenant_id, group_id, user_id) select '${TENANT}', ${uuids('9000', `${LEVELS} + n`)}, ${uuids('8000', `${MEMBERS} + n`)} from generate_series(1, ${OTHERS}) as n`,
  `insert into nesting (tenant_id, group_id, subgroup_id) select '${TENANT}', ${uuids('9000', `${LEVELS} + n`)}, ${uuids('9000', `${LEVELS} + n + 1`)} from generate_series(2, ${OTHERS - 2}, 2) as n`,
  'vacuum analyze',
];

let own: OwnStore;
let database: Database;
let statements: Explained;

beforeAll(async () => {
  own = await createOwnStore();
  database = await openDatabase(own.location);
  for (const statement of seed) await (own.server ? own.server.query(statement) : database.run(sql.raw(statement)));
  statements = explained(database.within(TENANT));
}, 120_000);
afterAll(async () => {
  await database?.close();
  await own.drop();
});

/** What the work answers, with no more rows looked at than that, and no table read through. */
async function within<Result>(rows: number, work: (on: Explained) => Promise<Result>): Promise<Result> {
  statements.forget();
  const result = await work(statements);
  const seen = statements.look();
  expect(seen.rows, seen.ways.join()).toBeLessThanOrEqual(rows);
  expect(seen.ways.join()).not.toMatch(/Seq Scan (?:app_user|membership)/);
  return result;
}

const relation = async (on: Explained, name: RelationName, owner: string, limit: number, after?: string) =>
  (await relatedRows(on, TENANT, name, [owner], { limit, after })).get(owner)!;

describe('reading', () => {
  test("a user's groups goes upwards", async () => {
    const groups = await within(70, (on) => relation(on, 'effectiveGroups', SOMEBODY, 1001));
    expect(groups.map(({ id, type }) => [id, type])).toEqual(
      Array.from({ length: LEVELS }, (_, at) => [groupOf(at + 1), at === 0 ? 'direct' : 'indirect']),
    );
    const user = await within(71, (on) => findRow(on, userTable, TENANT, SOMEBODY, { related: { name: 'effectiveGroups', limit: 1001 } }));
    expect((user as unknown as { related: unknown[] }).related).toHaveLength(LEVELS);
  });

  test('the groups of many users, each', async () => {
    const users = await within(20 * 71, (on) =>
      relatedRows(
        on,
        TENANT,
        'effectiveGroups',
        Array.from({ length: 20 }, (_, at) => userOf(at + 1)),
        { limit: 1001 },
      ),
    );
    expect([...users.values()].map((groups) => groups.length)).toEqual(Array.from({ length: 20 }, () => LEVELS));
  });

  test('the top group reads what is in it', async () => {
    expect(await within(25, (on) => relation(on, 'members', TOP, 1001))).toMatchObject([{ id: groupOf(LEVELS - 1), type: 'Group' }]);
  });

  test.each(['members', 'effectiveMembers'] as const)('a page of %s reads that page', async (name) => {
    const owner = name === 'members' ? BOTTOM : TOP;
    const from = userOf(Math.floor(MEMBERS / 3));
    const page = await within(4 * PAGE + 50, (on) => relation(on, name, owner, PAGE, from));
    expect(page.map(({ id }) => id)).toEqual(Array.from({ length: PAGE }, (_, at) => userOf(Math.floor(MEMBERS / 3) + 1 + at)));
  });
});

describe('finding', () => {
  test('users by a group above reads a page of them', async () => {
    const find = (filter: string, on: Explained) =>
      listRows(on, userTable, TENANT, { filter: parseFilter(userResource, filter), limit: PAGE });
    expect(await within(4 * PAGE + 50, (on) => find(`groups eq "${TOP}"`, on))).toHaveLength(PAGE);
    expect(await within(60, (on) => find(`groups eq "${TOP}" and id eq "${SOMEBODY}"`, on))).toHaveLength(1);
  });

  test('groups by a member reads those', async () => {
    const find = (filter: string, on: Explained) =>
      listRows(on, groupTable, TENANT, { filter: parseFilter(groupResource, filter), limit: PAGE });
    expect(await within(40, (on) => find(`members eq "${BOTTOM}"`, on))).toHaveLength(1);
    expect(await within(40, (on) => find(`id eq "${BOTTOM}" and members eq "${SOMEBODY}"`, on))).toHaveLength(1);
    expect(await within(5 * PAGE, (on) => find('members.type eq "Group"', on))).toHaveLength(PAGE);
  });
});

describe('writing', () => {
  const actor = { tenantId: TENANT, tokenId: null, door: 'test', requestId: 'r', address: null };

  test.each([
    ['a user in', { add: [userOf(NEWCOMER)], remove: [] }],
    ['a user out', { add: [], remove: [userOf(NEWCOMER)] }],
  ] as const)('%s costs the same whatever the size of the group', async (_, delta) => {
    const { group } = await within(25, (on) => changeMembers(on, actor, BOTTOM, delta));
    expect(group!.version).toBeGreaterThan(1);
  });

  test('a group in looks at groups', async () => {
    expect(await within(80, (on) => heightsAround(on, TENANT, OTHER, [TOP], 32))).toEqual({ above: 1, below: LEVELS, closes: false });
    expect(await within(80, (on) => heightsAround(on, TENANT, BOTTOM, [TOP], 32))).toMatchObject({ closes: true });
    expect(await within(80, (on) => nestingAbove(on, TENANT, BOTTOM))).toHaveLength(LEVELS - 1);
    await within(25, (on) => changeMembers(on, actor, OTHER, { add: [TOP], remove: [] }, { subgroups: [TOP] }));
  });

  test('deleting the top reads no member of those below', async () => {
    expect(await within(40, (on) => deleteGroupRow(on, actor, TOP, 1))).toMatchObject({ found: false }); // carried out twice
  });
});
