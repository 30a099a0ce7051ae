/**
 * An upgrade: people written by an earlier version of ours are found, counted and listed by this one, and that version may go on writing.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseFilter } from '../../schema/filter.js';
import { userResource } from '../../schema/resources.js';
import { userTable } from '../../services/identity/store/query/columns.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { FirstSchema } from '../../services/identity/store/tables/migrations/20261123-first.js';
import type { MigrationWait } from '../../services/identity/store/tables/migrate.js';
import { DialectSightings } from '../../services/identity/store/tables/migrations/20261124-dialect-sightings.js';
import { refoldManagers } from '../../services/identity/store/tables/refolding.js';
import { countRows, listRows } from '../../services/identity/store/resources/resource-lists.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { ENTERPRISE } from '../support/scim.js';

const TENANT = '11111111-1111-7111-8111-111111111111';
const insertPerson = (number: number) => `
  insert into app_user (tenant_id, id, user_name, user_name_key, display_name, display_name_key, profile, folded)
  values ('${TENANT}', '01900000-0000-7000-8000-00000000000${number}', 'Person${number}', 'person${number}', 'A "quoted" Näme', 'a "quoted" näme',
    '{"title": "Boss\\\\"}', '{"title": "boss\\\\", "emails": [{"value": "p${number}@x.com", "type": "work"}]}')`;

/**
 * Ids of managers as earlier versions have kept them: in capitals where they came in capitals; others have none, or one as it is answered.
 */
const CROWD = '22222222-2222-7222-8222-222222222222';
const MANAGERS = 2500;
const insertCrowd = `
  insert into app_user (tenant_id, id, user_name, user_name_key, profile, folded)
  select '${CROWD}', ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'person' || n, 'person' || n, document, document
  from generate_series(1, ${MANAGERS}) as n, lateral (select case n % 5 when 0 then '{"title": "a"}' else jsonb_build_object('${ENTERPRISE}', jsonb_build_object(
    'department', 'D', 'manager', jsonb_build_object('value', case n % 5 when 1 then 'ABC-' || n when 2 then 'ÀÇΣ' else 'abc-' || n end))) end as document) as made`;
const inCapitals = `select count(*)::integer as left from app_user where folded -> '${ENTERPRISE}' -> 'manager' ->> 'value' ~ '[A-ZÀÇΣ]'`;

async function findManaged(on: Database, manager: string): Promise<string[]> {
  const found = await listRows(on, userTable, CROWD, { filter: parseFilter(userResource, `manager eq "${manager}"`), limit: 1000 });
  return found.map(({ attributes, version }) => `${attributes['userName'] as string} ${version}`);
}

/** Everybody is found by the id of their manager in any case, and nobody's version has moved. */
async function expectFolded(on: Database): Promise<void> {
  expect(await on.run(sql.raw(inCapitals))).toEqual([{ left: 0 }]);
  for (const manager of ['ABC-1501', 'abc-1501']) expect(await findManaged(on, manager)).toEqual(['person1501 1']);
  expect(await findManaged(on, 'àçς')).toHaveLength(MANAGERS / 5);
  expect(await on.run(sql.raw(`select count(*)::integer as changes from change`))).toEqual([{ changes: 0 }]);
  expect(
    await on.run(
      sql.raw(
        `select count(*)::integer as moved from app_user where version > 1 or updated_at <> created_at or profile -> '${ENTERPRISE}' ->> 'department' <> 'D'`,
      ),
    ),
  ).toEqual([{ moved: 0 }]);
}

test('the embedded database folds ids of managers, too, and again without effect', async () => {
  const embedded = await openDatabase({ kind: 'pglite' });
  try {
    await embedded.run(sql.raw(`insert into tenant (id, name) values ('${CROWD}', 'C')`));
    await embedded.run(sql.raw(insertCrowd));
    expect(await embedded.run(sql.raw(inCapitals))).toEqual([{ left: (MANAGERS * 2) / 5 }]);
    await refoldManagers(embedded);
    await expectFolded(embedded);
    await refoldManagers(embedded);
    await expectFolded(embedded);
  } finally {
    await embedded.close();
  }
});

async function databaseOfTheFirstVersion(): Promise<OwnDatabase> {
  const made = await createOwnDatabase(process.env['DATABASE_URL']!);
  const earlier = await MikroORM.init({
    clientUrl: made.url,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: { migrationsList: [FirstSchema, DialectSightings], snapshot: false, silent: true },
  });
  await earlier.migrator.up();
  await earlier.close(true);
  return made;
}

let own: OwnDatabase | undefined;
let database: Database | undefined;

describe.runIf(inject('world') === 'network')('a database of the first version', () => {
  beforeAll(async () => {
    own = await databaseOfTheFirstVersion();
    await own.query(`insert into tenant (id, name) values ('${TENANT}', 'T')`);
    for (const number of [1, 2, 3]) await own.query(insertPerson(number));
    await own.query(`insert into tenant (id, name) values ('${CROWD}', 'C')`);
    await own.query(insertCrowd);
  });
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  test('is brought up to date by two that start at once', async () => {
    const [one, two] = await Promise.all([
      openDatabase({ kind: 'postgresql', url: own!.url }),
      openDatabase({ kind: 'postgresql', url: own!.url }),
    ]);
    await two.close();
    database = one;
    expect(await countRows(database, userTable, TENANT)).toBe(3);
  });

  test('tells what it has done, and of what a later release has done', async () => {
    const fresh = await createOwnDatabase(process.env['DATABASE_URL']!);
    const told: string[][] = [];
    const migrated: string[] = [];
    const open = async () =>
      (
        await openDatabase(
          { kind: 'postgresql', url: fresh.url },
          {
            server: () => undefined,
            transactions: () => undefined,
            anotherCore: () => undefined,
            migrated: (migration) => void migrated.push(migration),
            ofLaterRelease: (migrations) => void told.push([...migrations]),
          },
        )
      ).close();
    try {
      await open();
      expect(migrated).toContain('20261123-first');
      const count = migrated.length;
      await fresh.query(`insert into mikro_orm_migrations (name, executed_at) values ('OfNextYear', now())`);
      await open();
      expect([migrated.length, told]).toEqual([count, [['OfNextYear']]]);
    } finally {
      await fresh.drop();
    }
  });

  test('keeps ids of managers folded, whose users are not changed by it', () => expectFolded(database!));

  test('is written by the earlier version and read by this one', async () => {
    await own!.query(insertPerson(4));
    await own!.query(`delete from app_user where user_name_key = 'person2'`);
    expect(await countRows(database!, userTable, TENANT)).toBe(3);
    for (const filter of [
      'emails co "p4@x"',
      'displayName sw "a \\"quoted\\" n"',
      'title ew "oss\\\\" and userName co "son4"',
      'emails.value eq "P4@X.com"',
    ]) {
      const found = await listRows(database!, userTable, TENANT, {
        filter: parseFilter(userResource, `${filter} and userName eq "Person4"`),
        limit: 10,
      });
      expect(
        found.map(({ attributes }) => attributes['userName']),
        filter,
      ).toEqual(['Person4']);
    }
  });
});

describe.runIf(inject('world') === 'network')('a database that others use', () => {
  let used: OwnDatabase;
  let reader: pg.Client;
  let other: pg.Client;

  beforeAll(async () => {
    used = await databaseOfTheFirstVersion();
    [reader, other] = [
      new pg.Client({ connectionString: used.url, application_name: 'a long report' }),
      new pg.Client({ connectionString: used.url }),
    ];
    await Promise.all([reader.connect(), other.connect()]);
    // Building an index on a large table takes its time; here one statement of a migration does.
    await used.query(`create function take_time() returns event_trigger language plpgsql as 'begin perform pg_sleep(7); end'`);
    await used.query(`create event trigger large on ddl_command_start when tag in ('CREATE SEQUENCE') execute function take_time()`);
  });
  afterAll(async () => {
    await Promise.all([reader?.end(), other?.end()]);
    await used?.drop();
  });

  /** How long the longest of the statements took that somebody else ran on the table meanwhile. */
  async function longestUntil(over: Promise<unknown>): Promise<number> {
    let longest = 0;
    const ended = new AbortController();
    void over.finally(() => ended.abort()).catch(() => undefined);
    while (!ended.signal.aborted) {
      const started = performance.now();
      await other.query('select count(*) from app_user');
      longest = Math.max(longest, performance.now() - started);
      await wait(20);
    }
    return longest;
  }

  test(
    'is brought up to date beside a long reader, however long a statement takes; nobody waits for long behind a migration that waits',
    { timeout: 90_000 },
    async () => {
      await reader.query('begin');
      await reader.query('select count(*) from app_user');
      const waits: MigrationWait[] = [];
      let queued = 0;
      const opening = Promise.all(
        [1, 2].map(() =>
          openDatabase(
            { kind: 'postgresql', url: used.url },
            { server: () => undefined, transactions: (wait) => void waits.push(wait), anotherCore: () => void (queued += 1) },
          ),
        ),
      );
      const longest = longestUntil(opening);
      await expect.poll(() => waits.length, { timeout: 20_000 }).toBeGreaterThan(1);
      expect(waits[0]).toMatchObject({
        migration: '20261124-query-indexes',
        openTransactions: [{ application_name: 'a long report', state: 'idle in transaction' }],
      });
      expect(queued, 'the other has heard that it is not the only one').toBe(1);
      await reader.query('commit');
      for (const opened of await opening) await opened.close();
      expect(await longest).toBeLessThan(3500); // two seconds, on a busy machine
      expect(await used.query(`select count(*)::integer as sequences from pg_class where relname = 'token_era'`)).toEqual([
        { sequences: 1 },
      ]);
    },
  );
});
