/** Row-level security: a resolver that is broken, and asks for another tenant's rows, finds nothing and does nothing. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Failure } from '../../schema/failure.js';
import { parseFilter } from '../../schema/filter.js';
import { defaultPolicies } from '../../schema/policies.js';
import { groupResource, userResource } from '../../schema/resources.js';
import { makeContext } from '../../services/identity/api/callers.js';
import { type Caller, OPERATOR_TENANT } from '../../services/identity/domain/caller.js';
import { findNamed } from '../../services/identity/domain/resources/finding.js';
import { findResource, findResources } from '../../services/identity/domain/resources/reading.js';
import { countRelations, relationPages } from '../../services/identity/domain/members/relations.js';
import { changeResource, createResource, deleteResource, replaceResource } from '../../services/identity/domain/resources/resources.js';
import type { Services } from '../../services/identity/domain/services.js';
import { typeRegistry } from '../../services/identity/domain/tenants/tenant-types.js';
import type { Writer } from '../../services/identity/store/changes/change-rows.js';
import { groupTable, userTable } from '../../services/identity/store/query/columns.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { countRows, listRows } from '../../services/identity/store/resources/resource-lists.js';
import { asLookUp, sql } from '../../services/identity/store/query/sql.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';

const [MINE, THEIRS, THIRD] = [
  'aaaaaaaa-aaaa-7aaa-8aaa-aaaaaaaaaaaa',
  'bbbbbbbb-bbbb-7bbb-8bbb-bbbbbbbbbbbb',
  'cccccccc-cccc-7ccc-8ccc-cccccccccccc',
] as const;
const TENANTS = [MINE, THEIRS, THIRD] as const;
const writerOf = (tenantId: string): Writer => ({
  tenantId,
  tokenId: null,
  door: 'scim',
  requestId: 'test',
  address: null,
  policies: defaultPolicies,
});

interface Seeded {
  readonly user: string;
  readonly group: string;
}

/** The tables that hold what belongs to a tenant. */
const OWNED = `select c.relname as name, c.relrowsecurity as secured,
    exists (select from pg_policy p where p.polrelid = c.oid and p.polroles = '{0}') as policed
  from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    and (c.relname = 'tenant' or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))`;

describe.runIf(inject('world') === 'network')('row-level security', () => {
  let own: OwnDatabase;
  let database: Database;
  let mine: Database;
  const seeded = new Map<string, Seeded>();

  beforeAll(async () => {
    own = await createOwnDatabase(String(process.env['DATABASE_URL']));
    database = await openDatabase({ kind: 'postgresql', url: own.url });
    for (const tenantId of TENANTS) {
      await database.run(sql`insert into tenant (id, name) values (${tenantId}::uuid, ${tenantId}::text)`);
      const within = database.within(tenantId);
      const user = await createResource(within, userResource, writerOf(tenantId), {
        userName: `user@${tenantId}`,
        emails: [{ value: 'same@x.com' }],
      });
      const group = await createResource(within, groupResource, writerOf(tenantId), { displayName: 'Same', members: [{ value: user.id }] });
      seeded.set(tenantId, { user: user.id, group: group.id });
    }
    mine = database.within(MINE);
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  const theirs = () => seeded.get(THEIRS)!;
  /** What all tables hold of the other tenant, to be the same afterwards. */
  const stateOfTheirs = () =>
    Promise.all(
      ['app_user', 'app_group', 'membership', 'change', 'resource_count'].map((table) =>
        own.query(`select to_jsonb(${table}) as row from ${table} where tenant_id = '${THEIRS}' order by 1`),
      ),
    );

  test('holds for every table that belongs to tenants', async () => {
    const tables = await own.query(OWNED);
    expect(tables.length).toBeGreaterThan(10);
    expect(tables.filter(({ secured, policed }) => !secured || !policed)).toEqual([]);
  });

  test('shows a statement that forgets the tenant nothing of others, in no table', async () => {
    const readable = (await own.query(OWNED)).map(({ name }) => String(name));
    for (const name of readable) {
      const column = sql.raw(name === 'tenant' ? 'id' : 'tenant_id');
      const rows = await mine.run(sql<{ owner: string }>`select ${column} as owner from ${sql.table(name)}`);
      expect([name, [...new Set(rows.map(({ owner }) => owner))].filter((owner) => owner !== MINE)]).toEqual([name, []]);
    }
  });

  test.each(['app_user', 'app_group', 'membership', 'change', 'resource_count'])(
    'changes and deletes nothing of others in %s',
    async (table) => {
      const before = await stateOfTheirs();
      const same = sql`update ${sql.table(table)} set tenant_id = tenant_id where tenant_id = ${THEIRS}::uuid returning 1 as one`;
      expect(await mine.run(same)).toEqual([]);
      expect(await mine.run(sql`delete from ${sql.table(table)} where tenant_id = ${THEIRS}::uuid returning 1 as one`)).toEqual([]);
      expect(await stateOfTheirs()).toEqual(before);
    },
  );

  /** Each a resolver that takes the other tenant for the caller's. */
  const reading: [string, () => Promise<unknown>, unknown][] = [
    [
      'a user by id',
      () => findResource(mine, userResource, THEIRS, theirs().user, { related: { name: 'effectiveGroups', limit: 10 } }),
      undefined,
    ],
    [
      'a group by id',
      () => findResource(mine, groupResource, THEIRS, theirs().group, { related: { name: 'members', limit: 10 } }),
      undefined,
    ],
    ['users by ids', () => findResources(mine, userResource, THEIRS, [theirs().user]), [undefined]],
    ['a user by name', () => findNamed(mine, userResource, THEIRS, { by: 'userName', value: `user@${THEIRS}` }), undefined],
    ['a group by name', () => findNamed(mine, groupResource, THEIRS, { by: 'displayName', value: 'Same' }), undefined],
    ['all users', () => listRows(mine, userTable, THEIRS, { limit: 10 }), []],
    ['all groups, ordered', () => listRows(mine, groupTable, THEIRS, { limit: 10 }), []],
    ['how many users there are', () => countRows(mine, userTable, THEIRS), 0],
    [
      'members',
      async () =>
        (await relationPages(mine, THEIRS, { name: 'members', types: [userResource, groupResource] }, [theirs().group], { first: 10 }))[0]!
          .rows,
      [],
    ],
    [
      'effective members',
      async () =>
        (await relationPages(mine, THEIRS, { name: 'effectiveMembers', types: [userResource] }, [theirs().group], { first: 10 }))[0]!.rows,
      [],
    ],
    [
      'groups',
      async () =>
        (await relationPages(mine, THEIRS, { name: 'effectiveGroups', types: [groupResource] }, [theirs().user], { first: 10 }))[0]!.rows,
      [],
    ],
    [
      'how many members there are',
      () => countRelations(mine, THEIRS, { name: 'members', types: [userResource] }, [theirs().group], null),
      [0],
    ],
  ];
  test.each(reading)('a resolver that reads %s of another tenant finds nothing', async (_name, read, nothing) => {
    expect(await read()).toEqual(nothing);
  });

  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (error instanceof Failure ? error.code : String(error)),
    );

  test.each(['emails.value eq "same@x.com"', 'displayName co "a"', 'groups.display eq "Same"'])(
    'a search for %s of another tenant is refused',
    async (filter) => {
      expect(await codeOf(listRows(mine, userTable, THEIRS, { filter: parseFilter(userResource, filter), limit: 10 }))).toBe('INTERNAL');
      expect(await codeOf(countRows(mine, userTable, THEIRS, parseFilter(userResource, filter)))).toBe('INTERNAL');
    },
  );

  const writing: [string, () => Promise<unknown>][] = [
    [
      'changes a user',
      () =>
        changeResource(mine, writerOf(THEIRS), { type: userResource, id: theirs().user }, [
          { op: 'replace', path: 'active', value: false },
        ]),
    ],
    [
      'replaces a user',
      () => replaceResource(mine, writerOf(THEIRS), { type: userResource, id: theirs().user }, { userName: 'taken@x.com' }),
    ],
    ['deletes a user', () => deleteResource(mine, writerOf(THEIRS), { type: userResource, id: theirs().user })],
    ['deletes a group', () => deleteResource(mine, writerOf(THEIRS), { type: groupResource, id: theirs().group })],
    [
      'empties a group',
      () => changeResource(mine, writerOf(THEIRS), { type: groupResource, id: theirs().group }, [{ op: 'remove', path: 'members' }]),
    ],
    [
      'replaces the members of a group',
      () =>
        changeResource(mine, writerOf(THEIRS), { type: groupResource, id: theirs().group }, [
          { op: 'replace', path: 'members', value: [] },
        ]),
    ],
    ['creates a user', () => createResource(mine, userResource, writerOf(THEIRS), { userName: 'planted@x.com' })],
    ['creates a group', () => createResource(mine, groupResource, writerOf(THEIRS), { displayName: 'Planted' })],
  ];
  test.each(writing)('a resolver that %s of another tenant does nothing', async (_name, write) => {
    const before = await stateOfTheirs();
    expect(await codeOf(write())).toMatch(/^(NOT_FOUND|INTERNAL)$/);
    expect(await stateOfTheirs()).toEqual(before);
  });

  test('holds for whatever resolvers are given, by the token alone; operators are at work on any tenant', async () => {
    const services = { database, types: typeRegistry(database) } as Services;
    const origin = { requestId: 'test', address: '', token: undefined };
    const seenBy = async (tenantId: string) => {
      const context = await makeContext(services, { tenantId, schemaVersion: 0, scopes: [] } as unknown as Caller, origin);
      return context.services.database.run(sql`select 1 as one from app_user where tenant_id = ${THEIRS}::uuid`);
    };
    expect([await seenBy(MINE), await seenBy(THEIRS), await seenBy(OPERATOR_TENANT)]).toEqual([[], [{ one: 1 }], [{ one: 1 }]]);
  });

  test('shows each of many who ask at once their own, whatever fails between', async () => {
    const seen = sql<{ owner: string }>`select tenant_id as owner from app_user`;
    const failing = sql<{ owner: string }>`select (1 / 0)::text as owner from app_user`;
    const ownersIn = (rows: readonly { owner: string }[]) => [...new Set(rows.map(({ owner }) => owner))];
    const ways: ((tenantId: string) => Promise<string[]>)[] = [
      async (tenantId) => ownersIn(await database.within(tenantId).run(seen)),
      async (tenantId) => ownersIn(await database.within(tenantId).run(asLookUp(seen))),
      (tenantId) => database.within(tenantId).transaction(async (on) => ownersIn(await on.run(seen))),
      (tenantId) => database.within(tenantId).rehearsal(async (on) => ownersIn(await on.run(seen))),
      (tenantId) =>
        database
          .within(tenantId)
          .run(failing)
          .then(
            () => ['an answer'],
            () => [tenantId],
          ),
      (tenantId) =>
        database
          .within(tenantId)
          .run(asLookUp(failing))
          .then(
            () => ['an answer'],
            () => [tenantId],
          ),
      (tenantId) =>
        database
          .within(tenantId)
          .transaction((on) => on.run(failing))
          .then(
            () => ['an answer'],
            () => [tenantId],
          ),
    ];
    const asked = fc.record({ tenant: fc.constantFrom(...TENANTS), way: fc.nat(ways.length - 1), turns: fc.nat(3) });
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 2, maxLength: 40 }), async (all) => {
        const answers = await Promise.all(
          all.map(async ({ tenant, way, turns }) => {
            for (let turn = 0; turn < turns; turn += 1) {
              await new Promise((resolve) => {
                setImmediate(resolve);
              });
            }
            return ways[way]!(tenant);
          }),
        );
        expect(answers).toEqual(all.map(({ tenant }) => [tenant]));
        // What is about all tenants sees all of them still.
        expect(ownersIn(await database.run(seen)).toSorted()).toEqual([...TENANTS]);
      }),
      { numRuns: 60 },
    );
  });
});

describe.runIf(inject('world') === 'network')('a login that may make no roles', () => {
  let own: OwnDatabase;
  const login = `condeco_limited_${randomBytes(4).toString('hex')}`;

  beforeAll(async () => {
    own = await createOwnDatabase(String(process.env['DATABASE_URL']));
    await own.query(`create role ${login} login`);
    await own.query(`do $$ begin execute format('alter database %I owner to ${login}', current_database()); end $$`);
  }, 60_000);
  afterAll(async () => {
    await own?.drop();
    const server = await createOwnDatabase(String(process.env['DATABASE_URL']));
    await server.query(`drop role ${login}`);
    await server.drop();
  });

  test('is told what an administrator must run, and starts when that was run', async () => {
    await own.query(`do $$ begin create role condeco_tenant nologin; exception when duplicate_object then null; end $$`);
    const url = new URL(own.url);
    url.username = login;
    const open = () => openDatabase({ kind: 'postgresql', url: url.href });
    await expect(open()).rejects.toThrow(`CREATE ROLE condeco_tenant NOLOGIN; GRANT condeco_tenant TO ${login};`);
    expect(await own.query(`select 1 from pg_class where relname = 'app_user'`)).toEqual([]);
    await own.query(`grant condeco_tenant to ${login}`);
    // What a dump without rights, or another owner's, has to be given again.
    await (await open()).close();
    await own.query('revoke all on all tables in schema public from condeco_tenant');
    const opened = await open();
    await opened.run(sql`insert into tenant (id, name) values (${MINE}::uuid, 'Mine')`);
    expect(
      await opened.within(MINE).run(sql`select current_user::text as role, (select count(*)::integer from tenant) as tenants`),
    ).toEqual([{ role: 'condeco_tenant', tenants: 1 }]);
    await opened.close();
  }, 60_000);
});
