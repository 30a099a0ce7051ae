/**
 * Which habits the clients of each tenant show. Counted in this process and written every few seconds: no request waits for it, and
 * what cannot be written is kept for the next time. A process that is killed loses its last seconds.
 */
import { isClient, isHabit } from '../../../../schema/habits.js';
import { later } from '../../../../schema/later.js';
import type { Database } from '../../store/connection/database.js';
import { listSightings, type SightingRow } from '../../store/tenants/sighting-rows.js';

export interface DialectSightings {
  /** Counts a request of a tenant's client. Names that are not declared are passed over. */
  note(tenantId: string, client: string, habits: readonly string[]): void;
  /** Writes what is left; nothing is written afterwards. Never rejects. */
  close(): Promise<void>;
}

const INTERVAL_MILLISECONDS = 3000;
const MOST_KEPT = 10_000;

type Kept = Map<string, SightingRow>;

/** Adds a sighting to those kept; a new one is let go where there are too many. */
function keep(kept: Kept, sighting: SightingRow): void {
  const key = `${sighting.tenantId} ${sighting.client} ${sighting.habit}`;
  const known = kept.get(key);
  if (!known && kept.size >= MOST_KEPT) return;
  kept.set(key, known ? merge(known, sighting) : sighting);
}

const merge = (one: SightingRow, other: SightingRow): SightingRow => ({
  ...one,
  firstSeenAt: one.firstSeenAt < other.firstSeenAt ? one.firstSeenAt : other.firstSeenAt,
  lastSeenAt: one.lastSeenAt > other.lastSeenAt ? one.lastSeenAt : other.lastSeenAt,
  requests: one.requests + other.requests,
});

/** Counts in this process; `write` adds to what was counted before. */
export function dialectSightings(
  write: (sightings: readonly SightingRow[]) => Promise<void>,
  onFailure: (error: unknown) => void,
  interval = INTERVAL_MILLISECONDS,
): DialectSightings {
  let kept: Kept = new Map();

  async function writeKept(): Promise<void> {
    const sightings = [...kept.values()];
    kept = new Map();
    try {
      await write(sightings);
    } catch (error) {
      onFailure(error);
      for (const sighting of sightings) keep(kept, sighting);
      writing.want();
    }
  }

  const writing = later(writeKept, interval);
  return {
    note: (tenantId, client, habits) => {
      if (!isClient(client)) return;
      const now = new Date().toISOString();
      for (const habit of new Set(habits)) {
        if (isHabit(habit)) keep(kept, { tenantId, client, habit, firstSeenAt: now, lastSeenAt: now, requests: 1 });
      }
      if (kept.size > 0) writing.want();
    },
    close: () => writing.close(),
  };
}

/** What has been seen of the clients of each of these tenants and written; names that only another version of ours knows are left out. */
export async function listDialects(services: { readonly database: Database }, tenantIds: readonly string[]): Promise<SightingRow[][]> {
  const rows = await listSightings(services.database, tenantIds);
  const known = Map.groupBy(
    rows.filter(({ client, habit }) => isClient(client) && isHabit(habit)),
    ({ tenantId }) => tenantId,
  );
  return tenantIds.map((id) => known.get(id) ?? []);
}
