/**
 * A dump restored into another cluster, whose transactions are counted from the beginning: the feed goes on in order there, and old cursors
 * are refused.
 */
import { exec } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, test } from 'vitest';
import { defaultPolicies } from '../../schema/policies.js';
import { userResource } from '../../schema/resources.js';
import { createResource } from '../../services/identity/domain/resources/resources.js';
import { feedEnd, readFeed } from '../../services/identity/store/changes/change-feed.js';
import type { Writer } from '../../services/identity/store/changes/change-rows.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { sql } from '../../services/identity/store/query/sql.js';
import { newId } from '../../services/identity/store/resources/uuid.js';
import { createOwnDatabase } from '../support/own-database.js';
import { createPostgres, findPrograms } from '../support/own-servers.js';

const programs = inject('world') === 'network' ? findPrograms() : undefined;

describe.runIf(programs)('a restored database', () => {
  const writer: Writer = { tenantId: newId(), tokenId: null, door: 'test', requestId: 'test', address: null, policies: defaultPolicies };
  const create = async (database: Database, ...names: string[]) => {
    for (const userName of names) await createResource(database, userResource, writer, { userName });
  };

  /** Names in the order of the feed, once nothing is outstanding. */
  async function names(database: Database, most: number): Promise<unknown[]> {
    for (const deadline = Date.now() + 60_000; ;) {
      const { records } = await readFeed(database, {
        tenantId: writer.tenantId,
        isBackward: false,
        limit: 1000,
        operators: writer.tenantId,
      });
      if (records.length >= most || Date.now() > deadline) return records.map(({ after }) => after!['userName']);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  test('tells the old records first, then what is written there', { timeout: 120_000 }, async () => {
    const own = await createOwnDatabase(process.env['DATABASE_URL']!);
    const other = await createPostgres(programs!.postgresFolder);
    try {
      const before = await openDatabase({ kind: 'postgresql', url: own.url });
      await before.run(sql`insert into tenant (id, name) values (${writer.tenantId}::uuid, 'T')`);
      await create(before, 'a', 'b', 'c');
      expect(await names(before, 3)).toEqual(['a', 'b', 'c']);
      const old = await feedEnd(before);
      await before.close();
      await promisify(exec)(
        `"${path.join(programs!.postgresFolder, 'pg_dump')}" --no-owner --no-privileges "${own.url}" | "${path.join(programs!.postgresFolder, 'psql')}" -q -v ON_ERROR_STOP=1 "${other.url}"`,
      );

      const after = await openDatabase({ kind: 'postgresql', url: other.url });
      const now = await feedEnd(after);
      expect(now.tag).not.toBe(old.tag);
      // Without an era of its own the records would be far ahead of this young cluster's transactions.
      const [row] = await after.run(
        sql<{
          xid: string;
          was: string;
        }>`select pg_current_xact_id()::text as xid, (max(place) & ((1::bigint << 48) - 1))::text as was from change`,
      );
      expect(Number(row!.xid)).toBeLessThan(Number(row!.was));
      await create(after, 'd', 'e');
      expect(await names(after, 5)).toEqual(['a', 'b', 'c', 'd', 'e']);
      await after.close();
    } finally {
      await other.remove();
      await own.drop();
    }
  });
});
