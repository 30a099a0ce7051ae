/** Look-ups that share connections: each gets its own answer, and one that fails is nobody else's failure. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { asLookUp, sql } from '../../services/identity/store/query/sql.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';

const TENANT = randomUUID();

describe.runIf(inject('world') === 'network')('look-ups on PostgreSQL', () => {
  let own: OwnDatabase;
  let opened: Database;
  let database: Database;

  beforeAll(async () => {
    own = await createOwnDatabase(String(process.env['DATABASE_URL']));
    opened = await openDatabase({ kind: 'postgresql', url: own.url });
    database = opened.within(TENANT);
  }, 60_000);
  afterAll(async () => {
    await opened?.close();
    await own?.drop();
  });

  const double = async (value: number) =>
    (await database.run(asLookUp(sql<{ double: number }>`select ${value}::integer * 2 as double`)))[0]!.double;
  const failing = (text: string) =>
    database.run(asLookUp(sql`select ${text}::integer as number`)).then(
      () => 'an answer',
      ({ code }: { code: string }) => code,
    );
  const backends = async () =>
    (
      await database.run(
        sql<{
          pid: number;
        }>`select pid from pg_stat_activity where datname = current_database() and query like '%as double%' and pid <> pg_backend_pid()`,
      )
    ).map(({ pid }) => pid);

  test('answer who asked, over a few connections', async () => {
    const values = Array.from({ length: 500 }, (_, at) => at);
    for (let round = 0; round < 5; round += 1) expect(await Promise.all(values.map(double))).toEqual(values.map((value) => value * 2));
    expect((await backends()).length).toBeLessThanOrEqual(4);
  });

  test('that fail leave the others alone', async () => {
    const asked = Array.from({ length: 100 }, (_, at) => (at % 7 === 0 ? failing(`x${at}`) : double(at)));
    expect(await Promise.all(asked)).toEqual(asked.map((_, at) => (at % 7 === 0 ? 'INTERNAL' : at * 2)));
    expect(await double(21)).toBe(42);
  });

  test('are asked with any values, and find none, one or several rows', async () => {
    const texts = [
      '',
      'a',
      'NULL',
      'null',
      '{}',
      '{"a","b"}',
      'a,b',
      "it's",
      '"',
      '\\',
      '\\\\"',
      ' a ',
      '$1::text',
      'ünï 🙂',
      '\n\t',
      'true',
      '1',
    ];
    const asked = texts.map((value, at) =>
      database.run(
        asLookUp(sql<{ value: string; at: number }>`
      select ${value}::text as value, n as at from generate_series(1, ${at % 4}::integer) as n where ${at % 5 === 0 ? null : true}::boolean is not null order by n desc`),
      ),
    );
    expect(await Promise.all(asked)).toMatchObject(
      texts.map((value, at) => (at % 5 === 0 ? [] : Array.from({ length: at % 4 }, (_, n) => ({ value, at: (at % 4) - n })))),
    );
  });

  test('that are no look-ups of one value each are asked one by one', async () => {
    const asked = [[1, 2], [3], []].map((list) =>
      database.run(asLookUp(sql<{ sum: number | null }>`select sum(n)::integer as sum from unnest(${list}::integer[]) as n`)),
    );
    expect(await Promise.all(asked)).toEqual([[{ sum: 3 }], [{ sum: 3 }], [{ sum: null }]]);
  });

  const slow = (seconds: number) =>
    database.run(asLookUp(sql`select pg_sleep(${seconds}::float8), 1 as double from (values (1)) as one (number)`)).then(
      () => 'an answer',
      ({ code }: { code: string }) => code,
    );
  /**
   * Ends the connection on which somebody waits for a slow one, as soon as there is one; answers its process. One that was ended may still be
   * shown for a moment, and is to be ended but once.
   */
  async function breakSlow(before = 0): Promise<number> {
    let broken: Record<string, unknown>[] = [];
    const end = async () => {
      broken = await own.query(`select pid, pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
        and query like '%pg_sleep%' and state = 'active' and pid not in (pg_backend_pid(), ${before})`);
      return broken.length;
    };
    await expect.poll(end, { timeout: 5000 }).toBe(1);
    return Number(broken[0]!['pid']);
  }

  test('are asked once more when the connection breaks under them', async () => {
    const asked = slow(0.5);
    await breakSlow();
    expect(await asked).toBe('an answer');
    for (let at = 0; at < 20; at += 1) expect(await double(at)).toBe(at * 2);
  });

  test('are UNAVAILABLE when it breaks again, and go on with another', async () => {
    const asked = slow(4);
    await breakSlow(await breakSlow());
    expect(await asked).toBe('UNAVAILABLE');
    for (let at = 0; at < 20; at += 1) expect(await double(at)).toBe(at * 2);
  });
});
