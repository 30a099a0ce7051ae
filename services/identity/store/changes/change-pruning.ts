/** Letting go of old change records: from the beginning of the feed on, a part at a time, so that no statement takes long. */
import { literal, sql } from '../query/sql.js';
import { type Actor, recordRows } from './change-rows.js';
import { feedState } from './change-feed.js';
import { totalOf } from '../query/counts.js';
import type { Statements } from '../connection/database.js';

/**
 * Deletes the oldest records, up to the first that is not older than the time (ISO 8601), `most` of them. Notes up to where, in the same
 * statement: a reader who stands before that place has missed something, and hears it. Leaves a record of its own. Answers how many went.
 */
export async function pruneOldest(on: Statements, actor: Actor, before: string, most: number): Promise<number> {
  return totalOf(
    on,
    sql`
    with feed as materialized (${feedState}), oldest as materialized (
      select tenant_id, place, sequence, at from change where (place + 0) < (select horizon from feed) order by (place + 0), sequence limit ${literal(most)}
    ), kept as materialized (
      select place, sequence from oldest where at >= ${before}::timestamptz order by place, sequence limit 1
    ), old as materialized (
      select oldest.* from oldest left join kept on true where kept.place is null or (oldest.place, oldest.sequence) < (kept.place, kept.sequence)
    ), gone as (
      delete from change using old where change.tenant_id = old.tenant_id and change.place = old.place and change.sequence = old.sequence returning 1
    ), noted as (
      update change_feed set pruned_place = last.place, pruned_sequence = last.sequence
      from (select place, sequence from old order by place desc, sequence desc limit 1) as last where (pruned_place, pruned_sequence) < (last.place, last.sequence)
    ), counted as (
      select ${actor.tenantId}::uuid as id, null::jsonb as before, jsonb_build_object('before', ${before}::text, 'records', count(*)) as after from gone having count(*) > 0
    ), recorded as (${recordRows(actor, { kind: 'CHANGES_PRUNED', subjectType: 'TENANT' }, sql`counted`)})
    select count(*) as total from gone`,
  );
}
