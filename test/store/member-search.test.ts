/** Members that filters remove, while others join: the filter is asked once the group is locked, so it misses nobody who has joined. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { defaultPolicies } from '../../schema/policies.js';
import { parsePath } from '../../schema/path.js';
import { groupResource, userResource } from '../../schema/resources.js';
import type { Filter } from '../../schema/tree.js';
import { changeResource, createResource } from '../../services/identity/domain/resources/resources.js';
import type { Writer } from '../../services/identity/store/changes/change-rows.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { membersMatching } from '../../services/identity/store/members/member-search.js';
import { changeMembers } from '../../services/identity/store/members/membership-rows.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';

const TENANT = randomUUID();
const writer: Writer = { tenantId: TENANT, tokenId: null, door: 'scim', requestId: 'test', address: null, policies: defaultPolicies };

describe.runIf(inject('world') === 'network')('a filter on members, while somebody joins', () => {
  let own: OwnDatabase;
  let opened: Database;
  let database: Database;
  let [joining, staying, group] = ['', '', ''];
  let groups = 0;

  beforeAll(async () => {
    own = await createOwnDatabase(String(process.env['DATABASE_URL']));
    opened = await openDatabase({ kind: 'postgresql', url: own.url });
    await opened.run(sql`insert into tenant (id, name) values (${TENANT}::uuid, 'T')`);
    database = opened.within(TENANT);
    joining = (await createResource(database, userResource, writer, { userName: 'joining' })).id;
    staying = (await createResource(database, userResource, writer, { userName: 'staying' })).id;
  }, 60_000);
  afterAll(async () => {
    await opened?.close();
    await own?.drop();
  });
  beforeEach(async () => {
    group = (
      await createResource(database, groupResource, writer, { displayName: `Group ${(groups += 1)}`, members: [{ value: staying }] })
    ).id;
  });

  const members = async () => (await own.query(`select user_id from membership where group_id = '${group}'`)).map((row) => row['user_id']);
  const waiting = () => own.query(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`);

  /** Begins the work while somebody has joined whose transaction is still open, and ends that when the work waits for it. */
  async function whileJoining<Result>(work: () => Promise<Result>): Promise<Result> {
    const [hasJoined, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const join = database.transaction(async (on) => {
      await changeMembers(on, writer, group, { add: [joining], remove: [] });
      hasJoined.resolve();
      await mayEnd.promise;
    });
    await hasJoined.promise;
    const done = work();
    await Promise.race([done.catch(() => {}), expect.poll(waiting, { interval: 10 }).toHaveLength(1)]);
    mayEnd.resolve();
    await join;
    return done;
  }

  test('finds who has just joined', async () => {
    await whileJoining(() =>
      changeResource(database, writer, { type: groupResource, id: group }, [{ op: 'remove', path: 'members[display sw "join"]' }]),
    );
    expect(await members()).toEqual([staying]);
  });

  test('finds who has just joined, beside a change of the group itself', async () => {
    await whileJoining(() =>
      changeResource(database, writer, { type: groupResource, id: group }, [
        { op: 'replace', path: 'displayName', value: `New ${groups}` },
        { op: 'remove', path: 'members[type eq "User"]' },
      ]),
    );
    expect(await members()).toEqual([]);
  });

  test('finds nobody where the group is no longer at the version asked for', async () => {
    const removal = whileJoining(() =>
      changeResource(database, writer, { type: groupResource, id: group, ifVersion: 1 }, [
        { op: 'remove', path: 'members[type eq "User"]' },
      ]),
    );
    await expect(removal).rejects.toMatchObject({ code: 'VERSION_MISMATCH' });
    expect((await members()).toSorted()).toEqual([joining, staying].toSorted());
  });

  test('finds as many as are asked for at the most, and says where there are more', async () => {
    await changeMembers(database, writer, group, { add: [joining], remove: [] });
    const filters = ['type eq "User"', 'display sw "join"'].map(
      (text) => (parsePath(groupResource, `members[${text}]`) as { filter: Filter }).filter,
    );
    const find = (most: number) => membersMatching(database, TENANT, { groupId: group, named: [] }, filters, most);
    expect((await find(2))!.map((ids) => ids.toSorted())).toEqual([[joining, staying].toSorted(), [joining]]);
    expect(await find(1)).toBeUndefined();
  });
});
