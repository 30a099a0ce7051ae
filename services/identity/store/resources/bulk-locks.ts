/** What a Bulk request is about to write, locked before its first operation: users before groups, and each in the order of their ids. */
import { sql } from '../query/sql.js';
import type { Statements } from '../connection/database.js';

export interface Named {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Those of them that are to be deleted: the groups that they leave are written, too. */
  readonly deleted: readonly string[];
}

/**
 * Two requests that name the same resources in different orders would else wait for each other. A single write keeps to the order, too: who
 * is deleted is locked before the groups that are left, and a change of members locks one group.
 */
export async function lockNamed(on: Statements, tenantId: string, { users, groups, deleted }: Named): Promise<void> {
  const ofTenant = sql`tenant_id = ${tenantId}::uuid`;
  await on.run(sql`
    with people as materialized (
      select id from app_user where ${ofTenant} and id = any(${[...users]}::uuid[]) order by id for no key update
    )
    select id from app_group where ${ofTenant} and (select count(*) from people) >= 0 and id in (
      select unnest(${[...groups]}::uuid[])
      union all select group_id from membership where ${ofTenant} and user_id = any(${[...deleted]}::uuid[])
      union all select group_id from nesting where ${ofTenant} and subgroup_id = any(${[...deleted]}::uuid[]))
    order by id for no key update`);
}
