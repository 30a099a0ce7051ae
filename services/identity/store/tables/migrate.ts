/** Brings the schema up to date when a core starts, beside others that serve or start, too. */
import { setTimeout as sleep } from 'node:timers/promises';
import { MikroORM, type Options } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { CompiledQuery, type DatabaseConnection } from 'kysely';
import { beginEra } from '../changes/change-era.js';
import { isAway, isLockedOut } from '../connection/driver-errors.js';
import { entities } from './entities.js';
import { statementsOf, statementsOn } from '../connection/orm-statements.js';
import { refoldManagers } from './refolding.js';
import { sql } from '../query/sql.js';
import { grantTenantRole, makeTenantRole } from '../connection/tenant-role.js';
import { FirstSchema } from './migrations/20261123-first.js';
import { DialectSightings } from './migrations/20261124-dialect-sightings.js';
import { IdempotencyKeys } from './migrations/20261124-idempotency-keys.js';
import { TenantExtensions } from './migrations/20261124-tenant-extensions.js';
import { TenantLife } from './migrations/20261126-tenant-life.js';
import { NestedGroups } from './migrations/20261124-nested-groups.js';
import { Limits } from './migrations/20261126-limits.js';
import { QueryIndexes } from './migrations/20261124-query-indexes.js';
import { SortedLists } from './migrations/20261126-sorted-lists.js';
import { RowSecurity } from './migrations/20261126-row-security.js';
import { SearchUpkeepOfIndexes } from './migrations/20261127-search-upkeep.js';
import { PolicyInForce } from './migrations/20261128-policy-in-force.js';
import { CASELESS_MANAGERS, CaselessManagers } from './migrations/20261128-caseless-managers.js';
import { GroupNamesInForce } from './migrations/20261128-group-names-in-force.js';
import { DeclarationsInForce } from './migrations/20261128-declarations-in-force.js';
import { EventReceivers } from './migrations/20261129-event-receivers.js';
import { ExternalIdsOfChanges } from './migrations/20261130-external-ids-of-changes.js';
import { FreeSlots } from './migrations/20261128-free-slots.js';
import { EndedTokens } from './migrations/20261129-ended-tokens.js';
import { MemberChanges } from './migrations/20261129-member-changes.js';
import { RefusedRequests } from './migrations/20261129-refused-requests.js';
import { Changes } from './migrations/20261126-changes.js';
import { TokenLives } from './migrations/20261126-token-lives.js';

/** What both databases are opened with. */
export const ormOptions = {
  entities,
  extensions: [Migrator],
  migrations: {
    migrationsList: [
      FirstSchema,
      DialectSightings,
      QueryIndexes,
      IdempotencyKeys,
      TenantExtensions,
      NestedGroups,
      TenantLife,
      Changes,
      TokenLives,
      Limits,
      SortedLists,
      RowSecurity,
      SearchUpkeepOfIndexes,
      PolicyInForce,
      FreeSlots,
      CaselessManagers,
      GroupNamesInForce,
      DeclarationsInForce,
      MemberChanges,
      RefusedRequests,
      EndedTokens,
      EventReceivers,
      ExternalIdsOfChanges,
    ],
    snapshot: false,
    silent: true,
    allOrNothing: false, // each in a transaction of its own: none keeps its locks while the next waits for others
  },
  metadataCache: { enabled: false },
  discovery: { warnWhenNoEntities: false },
} satisfies Options;

/** Whom a migration waits for, for the log: those whose transactions have been open for longest. */
export interface MigrationWait {
  readonly migration: string | undefined;
  readonly openTransactions: readonly object[];
  readonly againInMilliseconds: number;
}

/** Hears what a start waits for, and says when it need not wait any more. */
export interface MigrationListener {
  /** Once it is aborted nothing is waited for: the migration fails with its reason. */
  readonly ending?: AbortSignal | undefined;
  /** For others' transactions. */
  readonly transactions: (wait: MigrationWait) => void;
  /** For PostgreSQL, which does not answer yet: told once, with why. */
  readonly server: (error: unknown) => void;
  /** For another core that brings the schema up to date: told at once, and every minute. */
  readonly anotherCore: () => void;
  /** For nothing: of each migration that has been done. */
  readonly migrated?: (migration: string) => void;
  /** For nothing: of migrations in the database that this release does not have. */
  readonly ofLaterRelease?: (migrations: readonly string[]) => void;
}

const MIGRATION_LOCK = 4_026_112_3; // any number, the same in every process of ours
/** Behind a migration that waits for a table wait all that come to the table after it: so not for long. */
const LOCK_MILLISECONDS = 2000;
/** A server that starts beside us, or comes up again after a crash, lets nobody in for a while. */
const AWAY_MILLISECONDS = 60_000;
const AWAY_PAUSE_MILLISECONDS = 500;
const SHORTEST_PAUSE_MILLISECONDS = 2000;
const LONGEST_PAUSE_MILLISECONDS = 30_000;

/**
 * What a connection for migrations begins with: only one of several starting processes migrates; the others wait, and then find nothing to
 * do. The lock ends with the session, and whatever the session was about to do with it.
 */
const BEGIN = `set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = ${LOCK_MILLISECONDS}`;
const TAKE_TURN = `select pg_try_advisory_lock(${MIGRATION_LOCK}) as "isOurs"`;
const TURN_MILLISECONDS = 250;
const TELL_MILLISECONDS = 60_000;

async function begin(session: DatabaseConnection, { anotherCore, ending }: MigrationListener): Promise<void> {
  await session.executeQuery(CompiledQuery.raw(BEGIN));
  for (let told: number | undefined; ;) {
    const {
      rows: [row],
    } = await session.executeQuery<{ isOurs: boolean }>(CompiledQuery.raw(TAKE_TURN));
    if (row!.isOurs) return;
    if (told === undefined || performance.now() - told > TELL_MILLISECONDS) {
      anotherCore();
      told = performance.now();
    }
    await sleep(TURN_MILLISECONDS, undefined, { signal: ending });
  }
}

/** What is done to rows while they are in use is done before its migration is noted: ended half way, it begins anew. */
async function migrate(orm: MikroORM): Promise<void> {
  const pending = await orm.migrator.getPending();
  if (pending.some(({ name }) => name === CASELESS_MANAGERS)) await refoldManagers(statementsOf(orm));
  await orm.migrator.up();
}

const REQUIRE_UTF8 = `do $$ begin
  if current_setting('server_encoding') <> 'UTF8' then
    raise exception 'The database is encoded in %, which cannot hold the names of all people: make one in UTF8, as with CREATE DATABASE condeco ENCODING ''UTF8'' TEMPLATE template0.', current_setting('server_encoding')
      using errcode = 'feature_not_supported';
  end if;
end $$`;

async function bringUpToDate(orm: MikroORM): Promise<void> {
  await statementsOf(orm).run(sql.raw(REQUIRE_UTF8));
  await makeTenantRole(statementsOf(orm));
  await migrate(orm);
  await orm.em.fork().transactional(async (em) => {
    await grantTenantRole(statementsOn(em));
    await beginEra(statementsOn(em));
  });
}

/** A release that is rolled back finds what the later one has done. */
async function unknownMigrations(orm: MikroORM): Promise<string[]> {
  const ours = new Set<string>(ormOptions.migrations.migrationsList.map((Known) => new Known(orm.em.getDriver(), orm.config).name));
  return (await orm.migrator.getExecuted()).map(({ name }) => name).filter((name) => !ours.has(name));
}

/** Without those who wait for us to be done. */
const openTransactions = (orm: MikroORM) =>
  statementsOf(orm).run(sql<object>`
  select pid, usename, application_name, state, xact_start from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null and wait_event is distinct from 'advisory' order by xact_start limit 5`);

/** A migration that cannot have a lock soon is undone, lets those pass who came behind it, and is tried again. */
async function untilUpToDate(orm: MikroORM, { transactions, migrated, ofLaterRelease, ending }: MigrationListener): Promise<void> {
  let migration: string | undefined;
  orm.migrator.on('migrating', ({ name }) => void (migration = name));
  orm.migrator.on('migrated', ({ name }) => migrated?.(name));
  for (let pause = SHORTEST_PAUSE_MILLISECONDS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS)) {
    try {
      await bringUpToDate(orm);
      const later = await unknownMigrations(orm);
      if (later.length > 0) ofLaterRelease?.(later);
      return;
    } catch (error) {
      if (!isLockedOut(error)) throw error;
      transactions({ migration, openTransactions: await openTransactions(orm), againInMilliseconds: pause });
      await sleep(pause, undefined, { signal: ending });
    }
  }
}

/** Waits for a server that is not there yet; one that is, and refuses us, is not waited for. */
async function untilThere(orm: MikroORM, { server, ending }: MigrationListener): Promise<void> {
  const began = performance.now();
  for (let isTold = false; ; isTold = true) {
    try {
      return void (await statementsOf(orm).run(sql`select 1`));
    } catch (error) {
      if (!isAway(error) || performance.now() - began > AWAY_MILLISECONDS) throw error;
      if (!isTold) server(error);
    }
    await sleep(AWAY_PAUSE_MILLISECONDS, undefined, { signal: ending });
  }
}

/** Where to, and how. */
export interface Connection {
  readonly clientUrl: string;
  readonly driverOptions: object;
}

export async function migratePostgreSQL({ clientUrl, driverOptions }: Connection, listener: MigrationListener): Promise<void> {
  const orm = await MikroORM.init({
    ...ormOptions,
    clientUrl,
    pool: { min: 0, max: 1 },
    driverOptions: { ...driverOptions, idleTimeoutMillis: 0 },
    onCreateConnection: (session) => begin(session as DatabaseConnection, listener),
  });
  try {
    await untilThere(orm, listener);
    await untilUpToDate(orm, listener);
  } catch (error) {
    void orm.close(true); // may wait for a connection that is broken
    throw listener.ending?.aborted ? listener.ending.reason : error;
  }
  await orm.close(true);
}

export async function migratePGlite(orm: MikroORM): Promise<void> {
  await migrate(orm);
  await beginEra(statementsOf(orm));
}
