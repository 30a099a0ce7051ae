/**
 * A small tenant beside a large one, whose groups are in groups: what everybody's requests ask is planned once, and finds its row by the
 * index, whatever the groups cost.
 */
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { defaultPolicies } from '../../schema/policies.js';
import { userResource } from '../../schema/resources.js';
import { listResources } from '../../services/identity/domain/resources/reading.js';
import { changeResource, createResource } from '../../services/identity/domain/resources/resources.js';
import type { Writer } from '../../services/identity/store/changes/change-rows.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { alone } from '../../services/identity/store/connection/write-batching.js';
import { type Compiled, compile } from '../../services/identity/store/query/sql.js';
import { memoryWalkMemory } from '../../services/identity/store/redis/walk-memory.js';
import { createOwnDatabase } from '../support/own-database.js';

const [SMALL, LARGE] = ['11111111-1111-7111-8111-111111111111', '22222222-2222-7222-8222-222222222222'];
const writer: Writer = { tenantId: SMALL, tokenId: null, door: 'scim', requestId: 'test', address: null, policies: defaultPolicies };
const groupsOf = { name: 'effectiveGroups', limit: 1001 } as const;

const seed = [
  `insert into tenant (id, name) values ('${SMALL}', 'S'), ('${LARGE}', 'L')`,
  `insert into app_user (tenant_id, id, user_name, user_name_key, profile, folded)
    select '${LARGE}', gen_random_uuid(), 'person' || n, 'person' || n, '{}', '{}' from generate_series(1, 5000) as n`,
  `insert into app_group (tenant_id, id, display_name, display_name_key, profile, folded)
    select '${LARGE}', gen_random_uuid(), 'group' || n, 'group' || n, '{}', '{}' from generate_series(1, 50) as n`,
  `insert into membership (tenant_id, group_id, user_id) select '${LARGE}', app_group.id, app_user.id from app_group, app_user where app_user.user_name like '%1' or app_group.display_name like '%1'`,
  `insert into nesting (tenant_id, group_id, subgroup_id) select '${LARGE}', outside.id, inside.id from app_group as outside, app_group as inside where outside.id < inside.id`,
  // Many more in no group, in the order of their ids: to the planner a page of theirs is cheaper than one of anybody's.
  `insert into app_user (tenant_id, id, user_name, user_name_key, profile, folded)
    select '${LARGE}', lpad(to_hex(n), 32, '0')::uuid, 'more' || n, 'more' || n, '{}', '{}' from generate_series(1, 30000) as n`,
  `insert into tenant (id, name) select gen_random_uuid(), n::text from generate_series(1, 8) as n`,
  `insert into app_user (tenant_id, id, user_name, user_name_key, profile, folded) select id, gen_random_uuid(), 'one', 'one', '{}', '{}' from tenant`,
];

/** The statements of a look for somebody, of a change, and of two pages of the large tenant's people, with their groups. */
async function statementsOf(database: Database): Promise<Compiled[]> {
  const statements: Compiled[] = [];
  const listening: Database = {
    ...database,
    run: (statement) => {
      statements.push(compile(statement));
      return database.run(statement);
    },
    together: (_key, item, work) => alone(item, (items) => work(listening, items)),
  };
  const { id } = await createResource(database, userResource, writer, { userName: 'one@x.com', active: true });
  const services = { database: listening, walks: memoryWalkMemory() };
  await listResources(
    services,
    userResource,
    { tenantId: SMALL, tokenId: null },
    { filter: 'userName eq "one@x.com"', first: 100, offset: 0, along: { related: groupsOf } },
  );
  const { rows, cursorOf } = await listResources(
    services,
    userResource,
    { tenantId: LARGE, tokenId: null },
    { first: 100, offset: 0, along: { related: groupsOf } },
  );
  await listResources(
    services,
    userResource,
    { tenantId: LARGE, tokenId: null },
    { first: 100, after: cursorOf(rows.at(-1)!), offset: 0, along: { related: groupsOf } },
  );
  await changeResource(listening, writer, { type: userResource, id }, [{ op: 'replace', path: 'active', value: false }], {
    related: groupsOf,
  });
  return statements;
}

test.runIf(inject('world') === 'network')(
  'a user with the groups, looked for or changed, and the next of a list',
  { timeout: 60_000 },
  async () => {
    const own = await createOwnDatabase(process.env['DATABASE_URL']!);
    const database = await openDatabase({ kind: 'postgresql', url: own.url });
    const client = new pg.Client({ connectionString: own.url });
    try {
      for (const statement of seed) await own.query(statement);
      const statements = await statementsOf(database);
      expect(statements.length).toBe(5);
      await own.query('vacuum analyze');
      await client.connect();
      for (const [at, { text, values }] of statements.entries()) {
        for (let time = 0; time < 10; time += 1) await client.query({ name: `s${at}`, text, values: [...values] });
      }
      const { rows } = await client.query('select generic_plans, custom_plans from pg_prepared_statements order by name');
      expect(rows).toEqual(statements.map(() => ({ generic_plans: '5', custom_plans: '5' }))); // the first five are tries
    } finally {
      await client.end();
      await database.close();
      await own.drop();
    }
  },
);
