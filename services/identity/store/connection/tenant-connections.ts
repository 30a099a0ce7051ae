/**
 * Connections on which PostgreSQL sees to it that statements touch the rows of one tenant alone (row-level security): a resolver that asks
 * for another's finds nothing. Who the tenant is comes from the token, not from the statement.
 */
import pg, { type Client, type Pool, type PoolClient, type PoolConfig, type QueryResult } from 'pg';
import { Failure } from '../../../../schema/failure.js';
import { beginCount, endCount } from './answer-size.js';
import { lookUpConnections } from './look-up-connections.js';
import { TENANT_SETTING } from '../tables/migrations/20261126-row-security.js';
import { sql } from '../query/sql.js';
import { TENANT_ROLE } from './tenant-role.js';
import type { Values } from './batched-look-ups.js';

/** Runs a compiled statement and answers its rows. */
export type Run = (text: string, values: Values) => Promise<readonly unknown[]>;

/** A pool. Whoever asked on a connection that ends is told; it is replaced when it is needed. */
export const poolOf = (config: PoolConfig): Pool =>
  new pg.Pool(config).on('error', () => undefined).on('connect', (client) => void client.on('error', () => undefined));

/** What one statement on a connection of the pool answers. */
export async function rowsFrom(pool: Pool, query: (client: PoolClient) => Promise<QueryResult>): Promise<readonly unknown[]> {
  const client = await pool.connect();
  beginCount(client);
  try {
    return (await query(client)).rows;
  } finally {
    endCount(client);
    client.release();
  }
}

export interface TenantConnections {
  /** Those of statements that are no look-ups and no searches. */
  readonly pool: Pool;
  run(tenantId: string, text: string, values: Values): Promise<readonly unknown[]>;
  lookUp(tenantId: string, text: string, values: Values): Promise<readonly unknown[]>;
  search(tenantId: string, text: string, values: Values): Promise<readonly unknown[]>;
  /** Rejects where PostgreSQL does not answer on the connections that look-ups share. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

const SET = `select set_config('${TENANT_SETTING}', $1, false)`;

/** Begins a transaction as the tenant's; with its end the session is its owner's again. */
export const enterTenant = (tenantId: string) =>
  sql`select set_config('role', ${TENANT_ROLE}::text, true), set_config(${TENANT_SETTING}::text, ${tenantId}::text, true)`;

/** Whose rows a connection shows from now on, and when PostgreSQL has heard of it. */
interface Entered {
  readonly tenantId: string;
  readonly told: Promise<unknown>;
}

const enteredOn = new WeakMap<object, Entered>();

/** Says whose rows are meant, where the connection was another's; what is sent after it waits for it in PostgreSQL, not here. */
function enter(client: Client | PoolClient, tenantId: string): Entered {
  const known = enteredOn.get(client);
  if (known?.tenantId === tenantId) return known;
  const entered: Entered = { tenantId, told: client.query(SET, [tenantId]) };
  entered.told.catch(() => {
    if (enteredOn.get(client) === entered) enteredOn.delete(client);
  });
  enteredOn.set(client, entered);
  return entered;
}

/**
 * A statement of the tenant's. It fails where that could not be said, even if it was run: what it has seen were another's rows, which is
 * nothing.
 */
async function queryAs(client: Client | PoolClient, tenantId: string, text: string, values: Values): Promise<QueryResult> {
  const { told } = enter(client, tenantId);
  const [result] = await Promise.all([client.query(text, values as unknown[]), told]);
  return result;
}

/**
 * A condition that is not leak-proof (LIKE, @>, a part of a document) cannot use an index behind a policy: PostgreSQL would look at every
 * row of the tenant. Such searches are run by the owner of the tables, and must name the tenant themselves.
 */
function requireTenant(tenantId: string, values: Values): void {
  if (!values.includes(tenantId)) throw new Failure('INTERNAL', { cause: new Error('a search of one tenant was to be made of another') });
}

/** `asOwner` runs a statement without a policy. */
export function tenantConnections(config: PoolConfig, newClient: (more: object) => Client, asOwner: Run): TenantConnections {
  const role = `-c role=${TENANT_ROLE}`;
  const pool = poolOf({ ...config, options: `${config.options} ${role}` });
  // Look-ups have one good plan whatever is looked for; PostgreSQL takes a plan for lists of any length to be dear, and would plan at each
  // request.
  const lookUps = lookUpConnections(
    () => newClient({ options: `${config.options} ${role} -c plan_cache_mode=force_generic_plan` }),
    queryAs,
  );
  return {
    pool,
    lookUp: (tenantId, text, values) => lookUps.query(tenantId, text, values),
    search: async (tenantId, text, values) => {
      requireTenant(tenantId, values);
      return asOwner(text, values);
    },
    ping: () => lookUps.ping(),
    run: (tenantId, text, values) => rowsFrom(pool, (client) => queryAs(client, tenantId, text, values)),
    close: async () => void (await Promise.all([pool.end(), lookUps.close()])),
  };
}
