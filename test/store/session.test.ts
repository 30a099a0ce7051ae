/** Databases that somebody has set up otherwise: what can be read all the same is, what would lose something is refused at the start. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDatabase } from '../../services/identity/store/connection/database.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { createOwnDatabase, openSession, type OwnDatabase } from '../support/own-database.js';

describe.skipIf(inject('world') !== 'network')('a database of other settings', { timeout: 60_000 }, () => {
  let own: OwnDatabase;
  beforeAll(async () => {
    own = await createOwnDatabase(process.env['DATABASE_URL']!);
  });
  afterAll(() => own.drop());

  test('of other forms for times, intervals, bytes and texts is read as any', async () => {
    const name = new URL(own.url).pathname.slice(1);
    for (const setting of [
      `datestyle = 'German, DMY'`,
      `intervalstyle = 'iso_8601'`,
      `bytea_output = 'escape'`,
      'standard_conforming_strings = off',
      `timezone = 'Asia/Kathmandu'`,
    ]) {
      await own.query(`alter database "${name}" set ${setting}`);
    }
    const database = await openDatabase({ kind: 'postgresql', url: own.url });
    try {
      const [row] = await database.run(
        sql<
          Record<string, string>
        >`select '2026-01-31 09:30:00+00'::timestamptz::text as at, ${sql.lit('a\\b')}::text as text, interval '1 day'::text as day, '\\x01ff'::bytea::text as bytes`,
      );
      expect(row).toMatchObject({ text: 'a\\b', day: '1 day', bytes: String.raw`\x01ff` });
      expect(new Date(row!['at']!).toISOString()).toBe('2026-01-31T09:30:00.000Z');
      await database.run(sql`insert into tenant (id, name) values (gen_random_uuid(), ${'T\\'})`);
      expect(await database.run(sql`select name from tenant where name = ${'T\\'}`)).toHaveLength(1);
    } finally {
      await database.close();
    }
  });

  test('of an encoding that cannot hold every name is refused, with what to do', async () => {
    const server = await openSession(process.env['DATABASE_URL']!);
    const name = `${new URL(own.url).pathname.slice(1)}_latin1`;
    await server.query(`create database "${name}" encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`);
    try {
      const url = new URL(own.url);
      url.pathname = `/${name}`;
      await expect(openDatabase({ kind: 'postgresql', url: url.href })).rejects.toThrow(/encoded in LATIN1.*ENCODING 'UTF8'/);
    } finally {
      await server.query(`drop database "${name}" with (force)`);
      await server.end();
    }
  });
});
