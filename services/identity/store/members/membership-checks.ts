/** Who is in which group, asked for many pairs at once. */
import { sql } from '../query/sql.js';
import type { Statements } from '../connection/database.js';
import { allGroups } from '../query/relation-sql.js';

/** A user and a group, by UUIDs. */
export interface Pair {
  readonly userId: string;
  readonly groupId: string;
}

/**
 * How the user of each pair belongs to its group, in the order of the pairs; null where it does not, or where one of the two is not there.
 */
export async function membershipKinds(on: Statements, tenantId: string, pairs: readonly Pair[]): Promise<('direct' | 'indirect' | null)[]> {
  const rows = await on.run(sql<{ type: 'direct' | 'indirect' | null }>`
    with pair as (
      select * from unnest(${pairs.map(({ userId }) => userId)}::uuid[], ${pairs.map(({ groupId }) => groupId)}::uuid[]) with ordinality as pair (user_id, group_id, place)
    ), person as (
      select distinct user_id as id from pair
    ), belonging as materialized (
      select person.id as user_id, relation.id as group_id, relation.type from person cross join lateral (${allGroups(tenantId, sql`person.id`)}) as relation
    )
    select belonging.type from pair left join belonging on belonging.user_id = pair.user_id and belonging.group_id = pair.group_id order by place`);
  return rows.map(({ type }) => type);
}
