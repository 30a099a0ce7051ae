/**
 * Transactions on a pool of connections. Not by way of MikroORM: Kysely under it never gives a connection back on which it could not begin,
 * or not roll back, and ten that broke at the wrong moment would be all there are.
 */
import type { Pool } from 'pg';
import type { Statements } from './database.js';
import type { SilenceWatch } from './silent-connections.js';
import { compile, type RawBuilder, sql } from '../query/sql.js';
import { enterTenant } from './tenant-connections.js';

/** How long one statement may take: `long` is for sets of thousands of rows. */
export type Patience = 'usual' | 'long';

/** `long` is below the 60 s after which Okta hangs up. */
export const statementMilliseconds: Readonly<Record<Patience, number>> = { usual: 5000, long: 40_000 };

/** Runs the work in a transaction, as the tenant's where one is named. */
export type Transact = <Result>(
  patience: Patience,
  tenantId: string | undefined,
  work: (on: Statements) => Promise<Result>,
) => Promise<Result>;

const LONG = sql.raw(`set local statement_timeout = ${statementMilliseconds.long}`);

const beginning = (patience: Patience, tenantId: string | undefined): RawBuilder<unknown>[] => [
  sql.raw('begin'),
  ...(tenantId === undefined ? [] : [enterTenant(tenantId)]),
  ...(patience === 'long' ? [LONG] : []),
];

/** The pool's clients take a statement while others are under way. A connection that is broken does not go back to the pool. */
export const transactOn =
  (pool: Pool, silence: SilenceWatch): Transact =>
  async (patience, tenantId, work) => {
    const client = await pool.connect();
    const query = (statement: RawBuilder<unknown>) => {
      const { text, values } = compile(statement);
      return client.query(text, values as unknown[]);
    };
    let broken: Error | undefined;
    try {
      silence.allow(client, statementMilliseconds[patience]);
      await Promise.all(beginning(patience, tenantId).map(query));
      const result = await work({ run: async <Row>(statement: RawBuilder<Row>) => (await query(statement)).rows as Row[] });
      await query(sql.raw('commit'));
      return result;
    } catch (error) {
      await query(sql.raw('rollback')).catch((why: Error) => {
        broken = why;
      });
      throw error;
    } finally {
      silence.allow(client, statementMilliseconds.usual);
      client.release(broken);
    }
  };
