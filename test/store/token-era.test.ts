/**
 * Verdicts on tokens are of one history of the database: what Redis has kept of another one, as before a standby took over, counts for
 * nothing.
 */
import { expect, test } from 'vitest';
import { openDatabase } from '../../services/identity/store/connection/database.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { tokenEra } from '../../services/identity/store/redis/token-era.js';
import { createOwnStore } from '../support/own-store.js';

test('another history of the database is another era', { timeout: 60_000 }, async () => {
  const own = await createOwnStore();
  const database = await openDatabase(own.location);
  try {
    const before = await tokenEra(database).present();
    expect(before).toBeDefined();
    expect(await tokenEra(database).present()).toBe(before);
    await database.run(sql`update change_feed set id = gen_random_uuid()`); // as the number of a timeline, it is a part of what tells histories apart
    const after = await tokenEra(database).present();
    expect(after).toBeDefined();
    expect(after).not.toBe(before);
  } finally {
    await database.close();
    await own.drop();
  }
});
