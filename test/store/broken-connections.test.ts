/** Connections that break under a transaction: it fails as UNAVAILABLE, and what comes after it has a connection all the same. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { toStoreFailure } from '../../services/identity/store/connection/driver-errors.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';

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

  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'an answer',
      ({ code }: { code: string }) => code,
    );

  test('under a transaction leaves room for the next', async () => {
    for (let at = 0; at < MANY; at += 1) {
      expect(
        await codeOf(
          database.transaction(async (on) => {
            const [row] = await on.run(sql<{ pid: number }>`select pg_backend_pid() as pid`);
            await own.query(`select pg_terminate_backend(${row!.pid})`);
            return on.run(sql`select 1`);
          }),
        ),
        `transaction ${at}`,
      ).toBe('UNAVAILABLE');
    }
    expect(await codeOf(database.transaction((on) => on.run(sql`select 1`)))).toBe('an answer');
  });

  test('because this process stood still in a transaction for longer than PostgreSQL waits', async () => {
    expect(
      await codeOf(
        database.transaction(async (on) => {
          await on.run(sql`set local idle_in_transaction_session_timeout = 50`);
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
          return on.run(sql`select 1`); // sent before anything is heard
        }),
      ),
    ).toBe('UNAVAILABLE');
    expect(await codeOf(database.transaction((on) => on.run(sql`select 1`)))).toBe('an answer');
  });

  test.each([
    [
      'because the login is not there',
      (url: URL) => {
        url.username = 'identity_nobody';
      },
    ],
    [
      'because the database is not there',
      (url: URL) => {
        url.pathname = '/identity_nowhere';
      },
    ],
  ])('or cannot be made, %s', async (_, change) => {
    const url = new URL(own.url);
    change(url);
    expect(
      await codeOf(
        new pg.Client(url.href).connect().catch((error: unknown) => {
          throw toStoreFailure(error);
        }),
      ),
    ).toBe('UNAVAILABLE');
  });

  test.each(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN'])('because of the network: %s', (code) => {
    expect(toStoreFailure(Object.assign(new Error(`connect ${code} 10.0.0.1:5432`), { code, syscall: 'connect' })).code).toBe(
      'UNAVAILABLE',
    );
  });

  test.each(['Connection terminated unexpectedly', 'connection terminated', 'Timeout expired'])(
    'in whatever case it is told: %s',
    (message) => {
      expect(toStoreFailure(new Error(message)).code).toBe('UNAVAILABLE');
    },
  );

  test('is what becomes of one whose answer is longer than we hold, and whoever asked is told to ask for less', async () => {
    const asked = (megabytes: number) =>
      sql<{ text: string }>`select repeat('x', 1000000) as text from generate_series(1, ${megabytes}::integer)`;
    for (const on of [database, database.within('01890a5d-ac96-774b-bcce-b302099a8057')]) {
      expect(await codeOf(on.run(asked(70)))).toBe('TOO_MANY');
      for (let round = 0; round < 2; round += 1) expect(await on.run(asked(60))).toHaveLength(60);
    }
  });

  test('is not one on which a statement takes as long as it may', async () => {
    expect(await codeOf(database.transaction((on) => on.run(sql`select pg_sleep(8)`), 'long'))).toBe('an answer');
    expect(await codeOf(database.transaction((on) => on.run(sql`select pg_sleep(8)`)))).toBe('UNAVAILABLE');
  });
});
