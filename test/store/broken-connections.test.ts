/** Connections that break under a transaction: it fails as UNAVAILABLE, and what comes after it has a connection all the same. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from '../../services/identity/store/database.js';
import { sql } from '../../services/identity/store/sql.js';
import { createOwnDatabase, type OwnDatabase } from '../own-database.js';

/** More than a core has connections. */
const MANY = 35;

describe.runIf(inject('world') === 'network')('a connection that breaks', () => {
  let own: OwnDatabase;
  let database: Database;

  beforeAll(async () => {
    own = await createOwnDatabase(String(process.env['DATABASE_URL']));
    database = await openDatabase({ kind: 'postgresql', url: own.url });
  }, 60_000);
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  const codeOf = (work: Promise<unknown>) => work.then(() => 'an answer', ({ code }: { code: string }) => code);

  test('under a transaction leaves room for the next', async () => {
    for (let at = 0; at < MANY; at += 1) {
      expect(await codeOf(database.transaction(async (on) => {
        const [row] = await on.run(sql<{ pid: number }>`select pg_backend_pid() as pid`);
        await own.query(`select pg_terminate_backend(${row!.pid})`);
        return on.run(sql`select 1`);
      })), `transaction ${at}`).toBe('UNAVAILABLE');
    }
    expect(await codeOf(database.transaction((on) => on.run(sql`select 1`)))).toBe('an answer');
  });

  test('is not one on which a statement takes as long as it may', async () => {
    expect(await codeOf(database.transaction((on) => on.run(sql`select pg_sleep(8)`), 'long'))).toBe('an answer');
    expect(await codeOf(database.transaction((on) => on.run(sql`select pg_sleep(8)`)))).toBe('UNAVAILABLE');
  });
});
