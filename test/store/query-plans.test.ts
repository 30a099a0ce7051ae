/** How PostgreSQL answers filters of a large tenant: from indexes, touching few rows more than it answers. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseFilter } from '../../schema/filter.js';
import { groupResource, type ResourceType, userResource } from '../../schema/resources.js';
import { parseSortKey } from '../../schema/sort-key.js';
import { groupTable, tableOf } from '../../services/identity/store/query/columns.js';
import { type Database, openDatabase, type Statements } from '../../services/identity/store/connection/database.js';
import { countRows, listRows, type ListQuery, positionAt } from '../../services/identity/store/resources/resource-lists.js';
import { selectFrom } from '../../services/identity/store/resources/resource-rows.js';
import { compile, RawBuilder, sql } from '../../services/identity/store/query/sql.js';
import { textForMany, valuesForMany } from '../../services/identity/store/connection/batched-look-ups.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { type Explained, explained } from './explained.js';

const TENANT = '11111111-1111-7111-8111-111111111111';
const OTHER = '22222222-2222-7222-8222-222222222222';
const USERS = 30_000;
const idOf = (kind: string, number: number) => `0190000${kind}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

const seed = (tenant: string, kind: string, users: number, groups: number) => [
  `insert into tenant (id, name) values ('${tenant}', 'T')`,
  `insert into app_user (tenant_id, id, user_name, user_name_key, external_id, display_name, display_name_key, active, profile, folded, created_at, updated_at)
    select '${tenant}', ('0190000${kind}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, name, name, 'x' || n, name, name, n % 100 > 0, document, document,
      now() + n * interval '1 second', now() - n * interval '1 second'
    from generate_series(1, ${users}) as n, lateral (select 'person' || n as name) as named,
      lateral (select jsonb_build_object('title', 'title' || n % 500, 'emails', jsonb_build_array(jsonb_build_object('type', 'work', 'value', name || '@example.com')),
        'phoneNumbers', jsonb_build_array(jsonb_build_object('type', 'mobile', 'value', '+44' || n)), 'name', jsonb_build_object('familyName', 'family' || n)) as document) as made`,
  `insert into app_group (tenant_id, id, display_name, display_name_key, unique_name_key, profile, folded)
    select '${tenant}', ('0190000${kind}-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid, 'group' || n, 'group' || n, 'group' || n, '{}', '{}' from generate_series(1, ${groups}) as n`,
  `insert into membership (tenant_id, group_id, user_id)
    select '${tenant}', ('0190000${kind}-0000-7000-9000-' || lpad(to_hex(1 + n % ${groups}), 12, '0'))::uuid, ('0190000${kind}-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid
    from generate_series(1, ${users}) as n`,
];

let own: OwnDatabase | undefined;
let database: Database;
let statements: Explained;

async function find(type: ResourceType, filter: string | undefined, more: Partial<ListQuery> = {}) {
  statements.forget();
  const parsed = filter === undefined ? undefined : parseFilter(type, filter);
  const rows = await listRows(statements, tableOf(type), TENANT, { filter: parsed, limit: 101, ...more });
  return { found: rows.length, ...statements.look() };
}

describe.runIf(inject('world') === 'network')('a tenant of many', () => {
  beforeAll(async () => {
    own = await createOwnDatabase(process.env['DATABASE_URL']!);
    database = await openDatabase({ kind: 'postgresql', url: own.url });
    statements = explained(database.within(TENANT));
    for (const statement of [...seed(TENANT, '1', USERS, 300), ...seed(OTHER, '2', USERS / 3, 100)]) await own.query(statement);
    await own.query('vacuum analyze');
  }, 120_000);
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  /** A compiled statement with these values, to be run like any other. */
  function toStatement(text: string, values: readonly unknown[]): RawBuilder<unknown> {
    const parts = text.split(/\$(\d+)/);
    return new RawBuilder(
      parts.filter((_, at) => at % 2 === 0),
      parts.filter((_, at) => at % 2 === 1).map((place) => values[Number(place) - 1]),
    );
  }

  test.each([
    ['id', sql`id = ${idOf('1', 77)}::uuid`, idOf('1', 78), /app_user_pkey/],
    ['user name', sql`user_name_key = ${'person77'}::text`, 'person78', /app_user_user_name/],
  ])('several look-ups by %s that come together are found by it', async (_name, condition, other, index) => {
    statements.forget();
    const { text, values } = compile(
      selectFrom(tableOf(userResource), TENANT, condition, { related: { name: 'effectiveGroups', limit: 1001 } }),
    );
    const rows = await statements.run(toStatement(textForMany(text)!, valuesForMany([values, [TENANT, other]])));
    const { rows: looked, ways } = statements.look();
    expect([rows.length, looked < 20]).toEqual([2, true]);
    expect(ways.join(' ')).toMatch(index);
  });

  test.each([
    [`id eq "${idOf('1', 77)}"`, 1, /app_user_pkey/],
    ['userName eq "PERSON777"', 1, /app_user_user_name/],
    ['externalId eq "x777"', 1, /app_user_external_id/],
    ['displayName eq "Person777"', 1, /app_user_display_name/],
    ['emails.value eq "person777@example.com"', 1, /app_user_search/],
    ['emails[type eq "work" and value eq "Person777@example.com"]', 1, /app_user_search/],
    ['emails[type eq "work"].value eq "Person777@example.com"', 1, /app_user_search/],
    ['phoneNumbers.value eq "+44777"', 1, /app_user_search/],
    ['name.familyName eq "family777"', 1, /app_user_search/],
    ['userName sw "person777"', 11, /app_user_user_name/],
    ['displayName sw "person777"', 11, /app_user_display_name/],
    ['displayName co "erson1777"', 11, /app_user_search/],
    ['userName co "erson1777"', 11, /app_user_search/],
    ['userName ew "son1777"', 1, /app_user_search/],
    ['emails co "person1777"', 11, /app_user_search/],
    ['emails sw "person1777"', 11, /app_user_search/],
    ['emails ew "n1777@example.com"', 1, /app_user_search/],
    ['emails[type eq "work" and value co "1777@example"]', 3, /app_user_search/],
    ['name.familyName co "amily1777"', 11, /app_user_search/],
    ['userName eq "nobody" or emails co "person17777"', 1, /app_user_search/],
    ['groups.value eq "01900001-0000-7000-9000-000000000007"', 100, /membership_pkey|membership_of_user/],
    [`groups eq "01900001-0000-7000-9000-000000000007" and id eq "${idOf('1', 6)}"`, 1, /app_user_pkey/],
    ['meta.created lt "2020-01-01T00:00:00Z"', 0, /app_user_created/],
    ['meta.lastModified gt "2040-01-01T00:00:00Z"', 0, /app_user_updated/],
    ['active eq false and userName pr', 101, /app_user_inactive|app_user_pkey/],
    ['groups.display eq "GROUP7"', 100, /membership_pkey|membership_of_user/],
    ['groups[display eq "Group7"]', 100, /membership_pkey|membership_of_user/],
    ['groups[display eq "group7" and type eq "direct"]', 100, /membership_pkey|membership_of_user/],
    ['groups.display eq "nobody"', 0, /app_group_display_name/],
    ['groups[display sw "group29" and not (display ew "9")]', 101, /membership_pkey|membership_of_user/],
    [Array.from({ length: 64 }, (_, at) => `groups.display sw "group2${at}x"`).join(' or '), 0, /app_group_display_name/],
    [Array.from({ length: 32 }, (_, at) => `not (groups[display co "x${at}"])`).join(' and '), 101, /app_user_pkey/],
  ])('users: %s', async (filter, expected, index) => {
    const { found, rows, ways } = await find(userResource, filter);
    expect(found).toBe(expected);
    expect(ways.join(), filter).toMatch(index);
    expect(ways.join()).not.toMatch(/Seq Scan (?:app_user|membership)/);
    // Groups are few: to look at each of them once for each comparison is nothing beside the users.
    expect(rows, ways.join()).toBeLessThan(filter.includes('groups') ? 20_000 : 1_500);
  });

  test('few letters are looked for in the order of the list until the page is full', async () => {
    for (const name of ['userName', 'emails.value']) {
      const { found, rows, ways } = await find(userResource, 'emails.value co "n1"', {
        order: { target: parseSortKey(userResource, name), descending: false },
      });
      expect(found).toBe(101);
      expect(ways.join()).not.toMatch(/Seq Scan app_user|Bitmap/);
      expect(rows, ways.join()).toBeLessThan(1_500);
    }
  });

  test.each([
    ['displayName eq "GROUP77"', 1],
    ['displayName sw "group77"', 1],
    ['displayName co "roup77"', 1],
    [`members eq "${idOf('1', 77)}"`, 1],
    [`id eq "01900001-0000-7000-9000-000000000007" and members eq "${idOf('1', 6)}"`, 1],
    ['members.display eq "PERSON777"', 1],
    ['members[display eq "person777" and type eq "user"]', 1],
    ['members[display sw "person777"]', 11],
    ['members.display eq "nobody"', 0],
  ])('groups: %s', async (filter, expected) => {
    const { found, rows } = await find(groupResource, filter);
    expect(found).toBe(expected);
    expect(rows).toBeLessThan(700);
  });

  const [first, middle] = [1, 20_000].map((number) => ({ id: idOf('1', number), value: null }));
  const named = { value: 'person5', id: idOf('1', 5) };
  test.each<[string, Partial<ListQuery>, string | undefined]>([
    ['the first page', {}, undefined],
    ['a page after an early place', { from: first! }, undefined],
    ['a page far behind', { from: middle! }, undefined],
    ['a page before a place far behind', { from: middle!, isBackward: true }, undefined],
    ['the first page of those who are active', {}, 'active eq true'],
    ['by user name', { order: { target: parseSortKey(userResource, 'userName'), descending: false } }, undefined],
    ['by user name, last first', { order: { target: parseSortKey(userResource, 'userName'), descending: true } }, undefined],
    ['by user name, far behind', { order: { target: parseSortKey(userResource, 'userName'), descending: false }, from: named }, undefined],
    [
      'by display name, far behind',
      { order: { target: parseSortKey(userResource, 'displayName'), descending: false }, from: named },
      undefined,
    ],
    [
      'by display name, far behind, last first',
      { order: { target: parseSortKey(userResource, 'displayName'), descending: true }, from: named },
      undefined,
    ],
    ['by e-mail address', { order: { target: parseSortKey(userResource, 'emails'), descending: false } }, undefined],
    [
      'by e-mail address, far behind, last first',
      {
        order: { target: parseSortKey(userResource, 'emails.value'), descending: true },
        from: { value: 'person5@example.com', id: named.id },
      },
      undefined,
    ],
    ['by external id', { order: { target: parseSortKey(userResource, 'externalId'), descending: false } }, undefined],
    ['by external id, last first', { order: { target: parseSortKey(userResource, 'externalId'), descending: true } }, undefined],
    [
      'by the time of the last change, last first',
      { order: { target: parseSortKey(userResource, 'meta.lastModified'), descending: true } },
      undefined,
    ],
    ['by the time of creation', { order: { target: parseSortKey(userResource, 'meta.created'), descending: false } }, undefined],
  ])('%s reads no more than a page', async (_, query, filter) => {
    const { found, rows, ways } = await find(userResource, filter, query);
    expect(found).toBe(101);
    expect(ways.join()).not.toMatch(/Seq Scan app_user/);
    expect(rows, ways.join()).toBeLessThan(1_500);
  });

  test('what takes too long all the same is told to be too much, and not to be away', async () => {
    const inTime = (work: (on: Statements) => Promise<unknown>) =>
      database.transaction(async (on) => {
        await on.run(sql`select set_config('statement_timeout', '1', true)`);
        return work(on);
      });
    const filter = parseFilter(userResource, 'emails.value co "q9"');
    const order = { target: parseSortKey(userResource, 'nickName'), descending: false };
    for (const query of [{ filter }, { order }]) {
      await expect(inTime((on) => listRows(on, tableOf(userResource), TENANT, { ...query, limit: 101 }))).rejects.toMatchObject({
        code: 'TOO_MANY',
      });
      await expect(inTime((on) => positionAt(on, tableOf(userResource), TENANT, { ...query, offset: 100 }))).rejects.toMatchObject({
        code: 'TOO_MANY',
      });
    }
    await expect(inTime((on) => countRows(on, tableOf(userResource), TENANT, filter))).rejects.toMatchObject({ code: 'TOO_MANY' });
    await expect(inTime((on) => on.run(sql`select pg_sleep(1)`))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test.each([
    ['alternatives that no index has', Array.from({ length: 63 }, (_, at) => `groups.type eq "x${at}"`).join(' or ')],
    ['the same, denied', Array.from({ length: 63 }, (_, at) => `not (groups.type eq "x${at}")`).join(' and ')],
  ])('too many %s are refused before they are looked for', async (_, filter) => {
    await expect(find(userResource, filter)).rejects.toMatchObject({ code: 'TOO_MANY' });
    expect(statements.look().ways.join()).not.toMatch(/app_user/);
    expect((await find(userResource, `(${filter}) and userName eq "person777"`)).found).toBeLessThan(2);
  });

  test('counting all looks at no user', async () => {
    statements.forget();
    expect(await countRows(statements, tableOf(userResource), TENANT)).toBe(USERS);
    expect(await countRows(statements, groupTable, TENANT)).toBe(300);
    expect(statements.look().ways.join()).not.toMatch(/app_user|app_group/);
  });

  test('of more than may be counted one by one about as many are told', async () => {
    const active = parseFilter(userResource, 'active eq true and not (title eq "nobody")');
    expect(await countRows(statements, tableOf(userResource), TENANT, active)).toBe(USERS - USERS / 100);
    const guess = await countRows(database, tableOf(userResource), TENANT, active, 1_000);
    expect(guess).toBeGreaterThan(1_000);
    expect(guess).toBeLessThan(USERS * 2);
  });

  test('counting what a selective filter finds looks at those', async () => {
    statements.forget();
    expect(await countRows(statements, tableOf(userResource), TENANT, parseFilter(userResource, 'emails co "person1777"'))).toBe(11);
    expect(statements.look().rows).toBeLessThan(1_500);
  });
});
