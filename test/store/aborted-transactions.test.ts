/**
 * Of statements that were under way in a transaction at the same time, the one that ended it says why; the others only that it has ended.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { causeAmong, isLockedOut } from '../../services/identity/store/connection/driver-errors.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { createOwnEmbedded, type OwnStore } from '../support/own-store.js';

let own: OwnStore;
let database: Database;
beforeAll(async () => {
  own = await createOwnEmbedded();
  database = await openDatabase(own.location);
  await database.run(
    sql`create function lock_out() returns void language plpgsql as $$ begin raise exception 'not in time' using errcode = '55P03'; end $$`,
  );
}, 60_000);
afterAll(async () => {
  await database.close();
  await own.drop();
});

test('the cause is found in whichever order the errors were heard of', async () => {
  const errors: unknown[] = [];
  const heard = (error: unknown) => {
    errors.push(error);
  };
  await database
    .transaction(async (on) => {
      await Promise.all([on.run(sql`select lock_out()`).catch(heard), on.run(sql`select 1`).catch(heard)]);
      throw new Error('undo');
    })
    .catch(() => undefined);
  expect(errors).toHaveLength(2);
  for (const order of [errors, errors.toReversed()]) expect(isLockedOut(causeAmong(order))).toBe(true);
});
