/** An upgrade: people written by an earlier version of ours are found, counted and listed by this one, and that version may go on writing. */
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parseFilter } from '../../schema/filter.js';
import { userResource } from '../../schema/resources.js';
import { userTable } from '../../services/identity/store/columns.js';
import { type Database, openDatabase } from '../../services/identity/store/database.js';
import { FirstSchema } from '../../services/identity/store/migrations/20261123-first.js';
import { DialectSightings } from '../../services/identity/store/migrations/20261124-dialect-sightings.js';
import { countRows, listRows } from '../../services/identity/store/resource-lists.js';
import { createOwnDatabase, type OwnDatabase } from '../own-database.js';

const TENANT = '11111111-1111-7111-8111-111111111111';
const insertPerson = (number: number) => `
  insert into app_user (tenant_id, id, user_name, user_name_key, display_name, display_name_key, profile, folded)
  values ('${TENANT}', '01900000-0000-7000-8000-00000000000${number}', 'Person${number}', 'person${number}', 'A "quoted" Näme', 'a "quoted" näme',
    '{"title": "Boss\\\\"}', '{"title": "boss\\\\", "emails": [{"value": "p${number}@x.com", "type": "work"}]}')`;

let own: OwnDatabase | undefined;
let database: Database | undefined;

describe.runIf(inject('world') === 'network')('a database of the first version', () => {
  beforeAll(async () => {
    own = await createOwnDatabase(process.env['DATABASE_URL']!);
    const earlier = await MikroORM.init({
      clientUrl: own.url, entities: [], discovery: { warnWhenNoEntities: false }, extensions: [Migrator],
      migrations: { migrationsList: [FirstSchema, DialectSightings], snapshot: false, silent: true },
    });
    await earlier.migrator.up();
    await earlier.close(true);
    await own.query(`insert into tenant (id, name) values ('${TENANT}', 'T')`);
    for (const number of [1, 2, 3]) await own.query(insertPerson(number));
  });
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  test('is brought up to date by two that start at once', async () => {
    const [one, two] = await Promise.all([openDatabase({ kind: 'postgresql', url: own!.url }), openDatabase({ kind: 'postgresql', url: own!.url })]);
    await two.close();
    database = one;
    expect(await countRows(database, userTable, TENANT)).toBe(3);
  });

  test('is written by the earlier version and read by this one', async () => {
    await own!.query(insertPerson(4));
    await own!.query(`delete from app_user where user_name_key = 'person2'`);
    expect(await countRows(database!, userTable, TENANT)).toBe(3);
    for (const filter of ['emails co "p4@x"', 'displayName sw "a \\"quoted\\" n"', 'title ew "oss\\\\" and userName co "son4"', 'emails.value eq "P4@X.com"']) {
      const found = await listRows(database!, userTable, TENANT, { filter: parseFilter(userResource, `${filter} and userName eq "Person4"`), limit: 10 });
      expect(found.map(({ attributes }) => attributes['userName']), filter).toEqual(['Person4']);
    }
  });
});
