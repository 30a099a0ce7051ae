/** The door to PostgreSQL, or to PGlite, which is PostgreSQL in this process: statements, transactions, migrations. */
import type { ConnectionOptions } from 'node:tls';
import { LRUCache } from 'lru-cache';
import { Failure } from '../../../../schema/failure.js';
import { isRetryable, toStoreFailure } from './driver-errors.js';
import { alone, batchingInside, type Gather, writeBatching } from './write-batching.js';
import type { MigrationListener } from '../tables/migrate.js';
import { openPGlite } from './pglite.js';
import { openPostgreSQL } from './postgresql.js';
import { type SearchUpkeep, searchUpkeep } from '../tables/search-upkeep.js';
import type { RawBuilder } from '../query/sql.js';
import type { Patience, Transact } from './transactions.js';

export type { Patience } from './transactions.js';

/** Where statements run: outside of a transaction each is one of its own. */
export interface Statements {
  /** Runs one statement and answers its rows. Timestamps come as text. */
  run<Row>(statement: RawBuilder<Row>): Promise<Row[]>;
}

/** Where writes are done: in transactions of their own, or as parts of one that is under way. */
export interface Writable extends Statements {
  /**
   * Runs the work in one transaction; all statements in it must use the argument. Repeats it when PostgreSQL chose it as a deadlock's
   * victim.
   */
  transaction<Result>(work: (statements: Statements) => Promise<Result>, patience?: Patience): Promise<Result>;
  /**
   * Does the work together with what others ask under the same key at the same moment: in one go, in one transaction of its own or in that
   * under way. `work` answers for each item, in their order, the result or why there is none; what fails as a whole is tried again for
   * each.
   */
  together<Item, Result>(
    key: string,
    item: Item,
    work: (on: Statements, items: readonly Item[]) => Promise<readonly (Result | Failure)[]>,
  ): Promise<Result>;
  /** Whether a transaction is under way: then whoever began it repeats what must be repeated. */
  readonly isInside: boolean;
}

/** The same for work that is part of a transaction under way. */
export const insideOf = (on: Statements): Writable => ({
  run: (statement) => on.run(statement),
  transaction: (work) => work(on),
  together: (_key, item, work) => alone(item, (items) => work(on, items)),
  isInside: true,
});

/**
 * The same, for several parts at the same time: what they ask together is done in one go. Where that fails, nothing more can be done in the
 * transaction, but to undo the part.
 */
export function gatheredInside(on: Statements): Writable {
  const gather = batchingInside();
  return { ...insideOf(on), together: (key, item, work) => gather(key, item, (items) => work(on, items)) };
}

export interface Database extends Writable {
  /**
   * The same database for the callers of one tenant: PostgreSQL shows and changes the rows of that tenant, whatever a statement asks for.
   * The embedded database, one session of its owner, has nothing but the statements' own conditions.
   */
  within(tenantId: string): Database;
  /** Runs the work in a transaction whose effects are undone, and answers its result. */
  rehearsal<Result>(work: (statements: Statements) => Promise<Result>): Promise<Result>;
  /** Rejects with UNAVAILABLE where the database does not answer. */
  ping(): Promise<void>;
  /** What is under way at the moment, by pool, and how often anything was begun anew. */
  state(): { readonly pools: Readonly<Record<string, PoolState>>; readonly repeats: number };
  close(): Promise<void>;
}

/** `tls` is how Node's TLS is to be used, or false for none; the URL has no parameters. */
export type DatabaseLocation =
  | { readonly kind: 'pglite'; readonly directory?: string | undefined }
  | { readonly kind: 'postgresql'; readonly url: string; readonly tls?: ConnectionOptions | false };

/** Connections of a pool, and who waits for one. */
export interface PoolState {
  readonly total: number;
  readonly idle: number;
  readonly waiting: number;
  readonly max: number;
}

const ATTEMPTS = 4;
const TENANTS_AT_HAND = 1000;

/** A database that is connected and up to date. */
export interface Opened {
  /** Where statements go that are no part of a transaction. */
  readonly root: Statements;
  /** Where those of one tenant go; absent where there is one session for all. */
  readonly within?: (tenantId: string) => Statements;
  readonly transact: Transact;
  /** Absent where there is one session for all. */
  readonly pools?: () => Readonly<Record<string, PoolState>>;
  /** Rejects where the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** With what writes from everywhere go through. */
interface Store extends Opened {
  readonly gather: Gather;
  /** The databases of the tenants that were asked for last. */
  readonly ofTenants: LRUCache<string, Database>;
  /** Hears of writes. */
  readonly upkeep: SearchUpkeep;
  /** How often anything was begun anew. */
  repeats: number;
}

async function repeatOnDeadlock<Result>(store: Store, work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isRetryable(error) || attempt >= ATTEMPTS) throw toStoreFailure(error);
      store.repeats += 1;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * attempt));
    }
  }
}

/** A transaction ends without effects only where something is thrown: a failure that exists to roll back a dry run, and is never shown. */
async function undoing<Result>(
  transaction: (work: (on: Statements) => Promise<never>) => Promise<never>,
  work: (on: Statements) => Promise<Result>,
): Promise<Result> {
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
  const { root, gather, upkeep } = store;
  const on = tenantId === undefined ? root : (store.within?.(tenantId) ?? root);
  const transaction: Writable['transaction'] = (work, patience = 'usual') =>
    repeatOnDeadlock(store, () => store.transact(patience, tenantId, work)).finally(() => upkeep.note());
  const run: Statements['run'] = (statement) => repeatOnDeadlock(store, () => on.run(statement));
  return {
    isInside: false,
    within: (id) => store.ofTenants.memo(id),
    run,
    transaction,
    together: (key, item, work) => gather(`${tenantId ?? ''} ${key}`, item, (items) => work({ run }, items).finally(() => upkeep.note())),
    rehearsal: (work) => undoing((inner) => transaction(inner, 'long'), work),
    state: () => ({ pools: store.pools?.() ?? {}, repeats: store.repeats }),
    ping: () =>
      store.ping().catch((error: unknown) => {
        throw toStoreFailure(error);
      }),
    close: async () => {
      await upkeep.close();
      await store.close();
    },
  };
}

const UNHEARD: MigrationListener = { server: () => undefined, transactions: () => undefined, anotherCore: () => undefined };

/** Opens the database and brings its schema up to date; `listener` hears whom a migration waits for. */
export async function openDatabase(location: DatabaseLocation, listener: MigrationListener = UNHEARD): Promise<Database> {
  const opened = location.kind === 'pglite' ? await openPGlite(location.directory) : await openPostgreSQL(location, listener);
  const ofTenants = new LRUCache<string, Database>({ max: TENANTS_AT_HAND, memoMethod: (id): Database => databaseOn(store, id) });
  const store: Store = { ...opened, gather: writeBatching(), upkeep: searchUpkeep(opened.root), ofTenants, repeats: 0 };
  return databaseOn(store);
}
