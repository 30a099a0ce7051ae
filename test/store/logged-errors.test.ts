/** What PostgreSQL says of an error goes into the log without the values that it repeats: a log is no place for people's data. */
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { createOwnEmbedded, type OwnStore } from '../support/own-store.js';

let own: OwnStore;
let database: Database;
beforeAll(async () => {
  own = await createOwnEmbedded();
  database = await openDatabase(own.location);
  await database.run(sql`create table person (name text unique check (length(name) < 20), age integer not null)`);
  await database.run(sql`create function tell() returns trigger language plpgsql as $$ begin perform new.name::uuid; return new; end $$`);
}, 60_000);
afterAll(async () => {
  await database.close();
  await own.drop();
});

/** The line that the failure's cause makes in the log. */
async function lineOf(work: Promise<unknown>): Promise<string> {
  const lines: string[] = [];
  const failure = await work.then(
    () => undefined,
    (error: Error) => error,
  );
  pino({}, { write: (line: string) => void lines.push(line) }).error({ err: failure?.cause }, 'a request failed');
  return lines.join('');
}

test.each([
  ['a value of the wrong kind', '22P02', sql`select ${'Jane Roe'}::text::uuid`],
  ['a row that breaks a check', '23514', sql`insert into person values (${'Jane Roe and many others'}, 1)`],
  ['a row without a value', '23502', sql`insert into person values (${'Jane Roe'}, null)`],
  ['a value that is there', '23505', sql`insert into person select ${'Jane Roe'}::text, n from generate_series(1, 2) n`],
])('%s', async (_, code, statement) => {
  const line = await lineOf(database.run(statement));
  expect(JSON.parse(line)).toMatchObject({ err: { code, stack: expect.stringContaining('\n    at ') as string } });
  expect(line).not.toMatch(/Jane/i);
});

test('inside of a function', async () => {
  await database.run(sql`create trigger tell before insert on person for each row execute function tell()`);
  const line = await lineOf(database.run(sql`insert into person values (${'Jane Roe'}, 1)`));
  expect(JSON.parse(line)).toMatchObject({ err: { code: '22P02' } });
  expect(line).not.toMatch(/Jane/i);
});
