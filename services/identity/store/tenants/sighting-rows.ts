/** Rows of habits that a tenant's clients have shown. */
import { sql } from '../query/sql.js';
import { isoOf } from '../query/columns.js';
import type { Statements } from '../connection/database.js';
import type { DialectSighting, Row } from '../tables/entities.js';

export interface SightingRow {
  readonly tenantId: string;
  readonly client: string;
  readonly habit: string;
  /** ISO 8601 in UTC. */
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly requests: number;
}

const toSighting = (row: Row<typeof DialectSighting>): SightingRow => ({
  tenantId: row.tenant_id,
  client: row.client,
  habit: row.habit,
  firstSeenAt: isoOf(row.first_seen_at),
  lastSeenAt: isoOf(row.last_seen_at),
  requests: Number(row.requests),
});

/**
 * Adds to what is known, in one statement. Tenants that are gone are passed over. Processes that write the same rows take their locks in
 * the same order.
 */
export async function addSightings(on: Statements, sightings: readonly SightingRow[]): Promise<void> {
  const column = (name: keyof SightingRow) => sql`${sightings.map((sighting) => String(sighting[name]))}::text[]`;
  await on.run(sql`
    insert into dialect_sighting (tenant_id, client, habit, first_seen_at, last_seen_at, requests)
    select tenant.id, seen.client, seen.habit, seen.first_seen_at::timestamptz, seen.last_seen_at::timestamptz, seen.requests::bigint
    from unnest(${column('tenantId')}, ${column('client')}, ${column('habit')}, ${column('firstSeenAt')}, ${column('lastSeenAt')}, ${column('requests')})
      as seen (tenant_id, client, habit, first_seen_at, last_seen_at, requests)
    join tenant on tenant.id = seen.tenant_id::uuid
    order by tenant.id, seen.client, seen.habit
    on conflict (tenant_id, client, habit) do update set
      first_seen_at = least(dialect_sighting.first_seen_at, excluded.first_seen_at),
      last_seen_at = greatest(dialect_sighting.last_seen_at, excluded.last_seen_at),
      requests = dialect_sighting.requests + excluded.requests`);
}

/** The sightings of these tenants. */
export async function listSightings(on: Statements, tenantIds: readonly string[]): Promise<SightingRow[]> {
  const rows = await on.run(sql<Row<typeof DialectSighting>>`
    select tenant_id, client, habit, first_seen_at, last_seen_at, requests from dialect_sighting
    where tenant_id = any(${[...tenantIds]}::uuid[]) order by client, habit`);
  return rows.map(toSighting);
}
