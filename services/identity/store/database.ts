/** The door to PostgreSQL, or to PGlite, which is PostgreSQL in this process: statements, transactions, migrations. */
import { MikroORM } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { CompiledQuery, type Kysely } from 'kysely';
import type { Pool } from 'pg';
import { Failure } from '../../../schema/failure.js';
import { isRetryable, toStoreFailure } from './driver-errors.js';
import { lockDirectory } from './directory-lock.js';
import { entities } from './entities.js';
import { alone, type Gather, gathering } from './gathering.js';
import { beginEra } from './change-era.js';
import { preparingClient } from './preparing-client.js';
import { type SearchUpkeep, searchUpkeep } from './search-upkeep.js';
import { compile, type Compiled, type RawBuilder, sql } from './sql.js';
import { grantTenantRole, makeTenantRole } from './tenant-role.js';
import { enterTenant, rowsFrom, type Run, type TenantConnections, tenantConnections } from './tenant-connections.js';
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
import { Changes } from './migrations/20261126-changes.js';
import { TokenLives } from './migrations/20261126-token-lives.js';

/** Where statements run: outside of a transaction each is one of its own. */
export interface Statements {
  /** Runs one statement and answers its rows. Timestamps come as text. */
  run<Row>(statement: RawBuilder<Row>): Promise<Row[]>;
}

/** How long one statement may take: `long` is for sets of thousands of rows. */
export type Patience = 'usual' | 'long';

/** Where writes are done: in transactions of their own, or as parts of one that is under way. */
export interface Writable extends Statements {
  /** Runs the work in one transaction; all statements in it must use the argument. Repeats it when PostgreSQL chose it as a deadlock's victim. */
  transaction<Result>(work: (statements: Statements) => Promise<Result>, patience?: Patience): Promise<Result>;
  /**
   * Does the work together with what others ask under the same key at the same moment: in one go, in one transaction of its own or in that under way. `work`
   * answers for each item, in their order, the result or why there is none; what fails as a whole is tried again for each.
   */
  together<Item, Result>(key: string, item: Item, work: (on: Statements, items: readonly Item[]) => Promise<readonly (Result | Failure)[]>): Promise<Result>;
  /** Whether a transaction is under way: then whoever began it repeats what must be repeated. */
  readonly isInside: boolean;
}

/** The same for work that is part of a transaction under way. */
export const insideOf = (on: Statements): Writable => ({
  run: (statement) => on.run(statement), transaction: (work) => work(on), together: (_key, item, work) => alone(item, (items) => work(on, items)), isInside: true,
});

export interface Database extends Writable {
  /**
   * The same database for the callers of one tenant: PostgreSQL shows and changes the rows of that tenant, whatever a statement asks for. The embedded
   * database, one session of its owner, has nothing but the statements' own conditions.
   */
  within(tenantId: string): Database;
  /** Runs the work in a transaction whose effects are undone, and answers its result. */
  rehearsal<Result>(work: (statements: Statements) => Promise<Result>): Promise<Result>;
  /** Rejects with UNAVAILABLE where the database does not answer. */
  ping(): Promise<void>;
  /** Columns as the entities say them, for the test that compares them with the migrations. */
  readonly orm: MikroORM;
  close(): Promise<void>;
}

export type DatabaseLocation = { readonly kind: 'pglite'; readonly directory?: string | undefined } | { readonly kind: 'postgresql'; readonly url: string };

const MIGRATION_LOCK = 4_026_112_3; // any number, the same in every process of ours
/** For statements of tenants' callers; beside them two for look-ups, and those below. Three processes like this one fit into the hundred that PostgreSQL allows unless it is told. */
const CONNECTIONS = 18;
/** For transactions, searches, and what is about all tenants. */
const OWNERS_CONNECTIONS = 10;
const ATTEMPTS = 4;
const STATEMENT_MILLISECONDS = 5000;
const LONG_STATEMENT_MILLISECONDS = 40_000; // below the 60 s after which Okta hangs up
const SESSION = '-c jit=off'; // what is planned for long recursions is short: to compile it takes ten times as long as to do it

const shared = {
  entities,
  extensions: [Migrator],
  migrations: { migrationsList: [FirstSchema, DialectSightings, QueryIndexes, IdempotencyKeys, TenantExtensions, NestedGroups, TenantLife, Changes, TokenLives, Limits, SortedLists, RowSecurity, SearchUpkeepOfIndexes, PolicyInForce], snapshot: false, silent: true },
  metadataCache: { enabled: false },
  discovery: { warnWhenNoEntities: false },
};

interface Opened {
  readonly orm: MikroORM;
  /** Where statements go that are no part of a transaction. */
  readonly root: Statements;
  /** Where those of one tenant go; absent where there is one session for all. */
  readonly tenants?: TenantConnections;
  readonly release: () => Promise<void>;
}

/** With what writes from everywhere go through. */
interface Store extends Opened {
  readonly gather: Gather;
  /** Hears of writes. */
  readonly upkeep: SearchUpkeep;
}

const statementsOn = (kysely: Kysely<never>): Statements => ({
  run: async <Row>(statement: RawBuilder<Row>) => {
    const { text, values } = compile(statement);
    return (await kysely.executeQuery<Row>(CompiledQuery.raw(text, [...values]))).rows;
  },
});

const statementsOf = (orm: MikroORM): Statements => statementsOn(orm.em.fork().getKysely() as unknown as Kysely<never>);

/** The pool itself, without Kysely's layers between: for one statement they cost more than its text. */
const runOn = (pool: Pool): Run => (text, values) => rowsFrom(pool, (client) => client.query(text, values as unknown[]));

const statementsBy = (run: (compiled: Compiled, kind: RawBuilder<unknown>['kind']) => Promise<readonly unknown[]>): Statements =>
  ({ run: async <Row>(statement: RawBuilder<Row>) => await run(compile(statement), statement.kind) as Row[] });

const statementsWithin = (tenants: TenantConnections, tenantId: string): Statements =>
  statementsBy(({ text, values }, kind) => tenants[kind ?? 'run'](tenantId, text, values));

async function openPGlite(directory: string | undefined): Promise<Opened> {
  const release = directory ? await lockDirectory(directory) : async () => {};
  const [{ MikroORM: PGliteORM }, { pg_trgm }, { btree_gin }] = await Promise.all([
    import('@mikro-orm/pglite'), import('@electric-sql/pglite/contrib/pg_trgm'), import('@electric-sql/pglite/contrib/btree_gin'),
  ]);
  const orm = await PGliteORM.init({ ...shared, dbName: directory ?? 'memory://', driverOptions: { extensions: { pg_trgm, btree_gin } } });
  return { orm: orm as unknown as MikroORM, root: statementsOf(orm as unknown as MikroORM), release };
}

async function openPostgreSQL(url: string): Promise<Opened> {
  let pool: Pool | undefined;
  const PreparingClient = preparingClient();
  const orm = await MikroORM.init({
    ...shared,
    clientUrl: url,
    pool: { min: 0, max: OWNERS_CONNECTIONS },
    driverOptions: {
      connectionTimeoutMillis: 1500, // a caller hears 503 within two seconds
      statement_timeout: STATEMENT_MILLISECONDS,
      lock_timeout: 2000,
      idle_in_transaction_session_timeout: 10_000,
      keepAlive: true,
      application_name: 'condeco-identity',
      options: SESSION,
      Client: PreparingClient,
      onPoolCreated: (created: Pool) => { pool = created; },
    },
  });
  await orm.em.getConnection().getNativeClient(); // makes the pool, if it is not made yet
  // The password of a pool's options is not enumerable.
  const options = { ...pool!.options, password: pool!.options.password };
  const asOwner = runOn(pool!);
  const tenants = tenantConnections({ ...options, max: CONNECTIONS }, (more) => new PreparingClient({ ...options, pipeline: true, ...more }), asOwner);
  return { orm, root: statementsBy(({ text, values }) => asOwner(text, values)), tenants, release: () => tenants.close() };
}

/** Only one of several starting processes migrates; the others wait, and then find nothing to do. */
async function migrate(orm: MikroORM, kind: DatabaseLocation['kind']): Promise<void> {
  if (kind === 'pglite') {
    await orm.migrator.up();
    return beginEra(statementsOn(orm.em.fork().getKysely() as unknown as Kysely<never>));
  }
  await orm.em.fork().transactional(async (em) => {
    const statements = statementsOn(em.getKysely() as unknown as Kysely<never>);
    await statements.run(sql`set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0`);
    await statements.run(sql`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await makeTenantRole(statements);
    await orm.migrator.up();
    await grantTenantRole(statements);
    await beginEra(statements);
  });
}

async function repeatOnDeadlock<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error) || attempt >= ATTEMPTS) throw toStoreFailure(error);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}

/** A transaction ends without effects only where something is thrown: a failure that exists to roll back a dry run, and is never shown. */
async function undoing<Result>(transaction: (work: (on: Statements) => Promise<never>) => Promise<never>, work: (on: Statements) => Promise<Result>): Promise<Result> {
  const undo = new Failure('INTERNAL');
  let done: { readonly result: Result } | undefined;
  await transaction(async (on) => {
    done = { result: await work(on) };
    throw undo;
  }).catch((error: unknown) => {
    if (error !== undo) throw error;
  });
  return done!.result;
}

/** `tenantId` is that of the callers it is for; undefined for what is about all. */
function databaseOn(store: Store, tenantId?: string): Database {
  const { orm, root, tenants, gather, upkeep, release } = store;
  const isWithin = tenants !== undefined && tenantId !== undefined;
  const on = isWithin ? statementsWithin(tenants, tenantId) : root;
  const transaction: Writable['transaction'] = (work, patience = 'usual') => repeatOnDeadlock(() => orm.em.fork().transactional(async (em) => {
    const statements = statementsOn(em.getKysely() as unknown as Kysely<never>);
    if (isWithin) await statements.run(enterTenant(tenantId));
    if (patience === 'long') await statements.run(sql`select set_config('statement_timeout', ${String(LONG_STATEMENT_MILLISECONDS)}, true)`);
    return work(statements);
  })).finally(() => upkeep.note());
  const run: Statements['run'] = (statement) => repeatOnDeadlock(() => on.run(statement));
  return {
    orm,
    isInside: false,
    within: (id) => databaseOn(store, id),
    run,
    transaction,
    together: (key, item, work) => gather(`${tenantId ?? ''} ${key}`, item, (items) => work({ run }, items).finally(() => upkeep.note())),
    rehearsal: (work) => undoing((inner) => transaction(inner, 'long'), work),
    ping: async () => void (await repeatOnDeadlock(() => root.run(sql`select 1`))),
    close: async () => {
      await upkeep.close();
      await orm.close(true);
      await release();
    },
  };
}

/** Opens the database and brings its schema up to date. */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  const opened = location.kind === 'pglite' ? await openPGlite(location.directory) : await openPostgreSQL(location.url);
  try {
    await migrate(opened.orm, location.kind);
  } catch (error) {
    await opened.orm.close(true);
    await opened.release();
    throw error;
  }
  return databaseOn({ ...opened, gather: gathering(), upkeep: searchUpkeep(opened.root) });
}
