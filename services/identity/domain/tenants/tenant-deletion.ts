/** Deletes tenants in the background, a batch at a time. What one process leaves undone, whatever ends it, another takes up. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../store/connection/database.js';
import {
  claimDeletion,
  deleteEmptyTenant,
  deleteSome,
  deletingTenants,
  type OwnedTable,
  ownedTables,
  type Place,
} from '../../store/tenants/tenant-deletion-rows.js';

export interface TenantDeletions {
  /** Looks at once whether there is something to delete. */
  kick(): void;
  /** Ends after the batch under way; the rest is for another process, or a later start. Never rejects. */
  close(): Promise<void>;
}

const INTERVAL_MILLISECONDS = 15_000;
const BATCH_ROWS = 1000;

/** Looks every few seconds, and when it is told to. */
export function tenantDeletions(database: Database, onFailure: (error: unknown) => void): TenantDeletions {
  const over = new AbortController();
  let isWanted = false;
  let working: Promise<void> | undefined;

  const batch = (tenantId: string, table: OwnedTable, place: Place | undefined): Promise<Place | 'ELSEWHERE' | undefined> =>
    database.transaction(async (on) =>
      (await claimDeletion(on, tenantId)) ? deleteSome(on, table, tenantId, place, BATCH_ROWS) : 'ELSEWHERE',
    );

  /**
   * Empties the table; false where another process is at it, or where we are to end. After each batch comes as long a rest as it took:
   * others come first.
   */
  async function empty(tenantId: string, table: OwnedTable): Promise<boolean> {
    let place: Place | undefined;
    while (!over.signal.aborted) {
      const started = performance.now();
      const reached = await batch(tenantId, table, place);
      if (reached === undefined || reached === 'ELSEWHERE') return reached === undefined;
      place = reached;
      await pause(performance.now() - started);
    }
    return false;
  }

  async function remove(tenantId: string): Promise<void> {
    for (const table of ownedTables) if (!(await empty(tenantId, table))) return;
    await database.transaction((on) => deleteEmptyTenant(on, tenantId));
  }

  async function work(): Promise<void> {
    do {
      isWanted = false;
      for (const tenantId of await deletingTenants(database)) if (!over.signal.aborted) await remove(tenantId);
    } while (isWanted && !over.signal.aborted);
  }

  function kick(): void {
    isWanted = true;
    if (over.signal.aborted || working) return;
    working = work()
      .catch(onFailure)
      .finally(() => {
        working = undefined;
      });
  }

  const timer = setInterval(kick, INTERVAL_MILLISECONDS).unref();
  kick();
  return {
    kick,
    close: async () => {
      over.abort();
      clearInterval(timer);
      await working;
    },
  };
}
