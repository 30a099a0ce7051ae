/** PostgreSQL, on a server: who is served over which connections. */
import { MikroORM } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { Failure } from '../../../../schema/failure.js';
import type { DatabaseLocation, Opened, PoolState, Statements } from './database.js';
import { type Connection, migratePostgreSQL, type MigrationListener, ormOptions } from '../tables/migrate.js';
import { preparingClient } from './preparing-client.js';
import { silenceWatch } from './silent-connections.js';
import { asLookUp, compile, type Compiled, type RawBuilder, sql } from '../query/sql.js';
import { poolOf, rowsFrom, type Run, tenantConnections } from './tenant-connections.js';
import { statementMilliseconds, transactOn } from './transactions.js';

/**
 * For statements of tenants' callers; beside them two for look-ups, and those below. Three processes like this one fit into the hundred
 * that PostgreSQL allows unless it is told.
 */
const CONNECTIONS = 18;
/** For transactions, searches, and what is about all tenants. */
const OWNERS_CONNECTIONS = 8;
/** For look-ups that are about all tenants: whose a token is must be known whoever else waits for a lock. */
const OWNERS_LOOK_UP_CONNECTIONS = 2;
const LOOK_UP_MILLISECONDS = 2500;
const PING_MILLISECONDS = 1500;
/**
 * What is planned for long recursions is short: to compile it takes ten times as long as to do it. The others are the usual ones, which a
 * database or a login may have been given otherwise: then times would come in a form that we cannot read, or backslashes in texts would
 * mean something.
 */
const SESSION =
  '-c jit=off -c datestyle=ISO -c intervalstyle=postgres -c bytea_output=hex -c standard_conforming_strings=on -c client_encoding=UTF8 -c timezone=UTC';

const everywhere = {
  connectionTimeoutMillis: 1500, // a caller hears 503 within two seconds
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000, // of a connection where nothing is asked the network must hear sooner than its usual two hours
  application_name: 'condeco-identity',
  options: SESSION,
};

const serving = {
  statement_timeout: statementMilliseconds.usual,
  lock_timeout: 2000,
  idle_in_transaction_session_timeout: 10_000,
  pipeline: true,
};

/** The pool itself, without Kysely's layers between: for one statement they cost more than its text. */
const runOn =
  (pool: Pool): Run =>
  (text, values) =>
    rowsFrom(pool, (client) => client.query(text, values as unknown[]));

const stateOf = ({ totalCount: total, idleCount: idle, waitingCount: waiting, options: { max } }: Pool): PoolState => ({
  total,
  idle,
  waiting,
  max,
});

const statementsBy = (run: (compiled: Compiled, kind: RawBuilder<unknown>['kind']) => Promise<readonly unknown[]>): Statements => ({
  run: <Row>(statement: RawBuilder<Row>) => run(compile(statement), statement.kind) as Promise<Row[]>,
});

/** Whoever asks whether we are ready does not wait for long. */
async function inTime(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(reject, PING_MILLISECONDS, new Failure('UNAVAILABLE'));
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The ORM with its pool, which nothing but transactions and statements of the owner's use. */
async function openORM(
  { clientUrl, driverOptions }: Connection,
  Client: unknown,
): Promise<{ readonly orm: MikroORM; readonly pool: Pool }> {
  let pool: Pool | undefined;
  const orm = await MikroORM.init({
    ...ormOptions,
    clientUrl,
    pool: { min: 0, max: OWNERS_CONNECTIONS },
    driverOptions: {
      ...driverOptions,
      ...serving,
      Client,
      onPoolCreated: (created: Pool) => {
        pool = created;
      },
    },
  });
  await orm.em.getConnection().getNativeClient(); // makes the pool, if it is not made yet
  return { orm, pool: pool! };
}

/** Brings the schema up to date, and connects. */
export async function openPostgreSQL(
  { url, tls }: Extract<DatabaseLocation, { kind: 'postgresql' }>,
  listener: MigrationListener,
): Promise<Opened> {
  const connection = { clientUrl: url, driverOptions: { ...everywhere, ...(tls !== undefined && { ssl: tls }) } };
  await migratePostgreSQL(connection, listener);
  const silence = silenceWatch();
  const PreparingClient = preparingClient(silence);
  const { orm, pool } = await openORM(connection, PreparingClient);
  const options = { ...pool.options, ...serving, password: pool.options.password }; // which is not enumerable
  const asOwner = runOn(pool);
  const lookUps = poolOf({ ...options, max: OWNERS_LOOK_UP_CONNECTIONS, statement_timeout: LOOK_UP_MILLISECONDS });
  const lookUpAsOwner = runOn(lookUps);
  const tenants = tenantConnections({ ...options, max: CONNECTIONS }, (more) => new PreparingClient({ ...options, ...more }), asOwner);
  const root = statementsBy(({ text, values }, kind) => (kind === 'lookUp' ? lookUpAsOwner : asOwner)(text, values));
  let ended: Promise<unknown> | undefined;
  return {
    root,
    within: (tenantId) => statementsBy(({ text, values }, kind) => tenants[kind ?? 'run'](tenantId, text, values)),
    transact: transactOn(pool, silence),
    pools: () => ({ owner: stateOf(pool), owner_look_ups: stateOf(lookUps), tenants: stateOf(tenants.pool) }),
    ping: () => inTime(Promise.all([root.run(asLookUp(sql`select 1`)), tenants.ping()])),
    close: async () => void (await (ended ??= Promise.all([orm.close(true), lookUps.end(), tenants.close()]))),
  };
}
