/** Groups in groups: what must be known before one is put into another. */
import { sql } from '../query/sql.js';
import type { ResourceTable } from '../query/columns.js';
import { oneRow } from '../query/counts.js';
import type { Statements } from '../connection/database.js';
import { lockAlone } from '../tenants/tenant-locks.js';
import { childrenOf, parentsOf } from '../query/relation-sql.js';

/** Those of the ids that are rows of the table. */
export async function idsAmong(on: Statements, { table }: ResourceTable, tenantId: string, ids: readonly string[]): Promise<string[]> {
  const rows = await on.run(sql<{ id: string }>`
    select id from ${sql.table(table)} where tenant_id = ${tenantId}::uuid and id = any(${[...ids]}::uuid[])`);
  return rows.map(({ id }) => id);
}

/** Nobody else puts groups into groups of the tenant until the transaction ends: two could close a cycle that neither sees. */
export async function lockNesting(on: Statements, tenantId: string): Promise<void> {
  await lockAlone(on, 'nesting', tenantId);
}

export interface Heights {
  /** The longest chain of groups that ends with the group, from the outermost on; the group counts. */
  readonly above: number;
  /** The longest chain that begins with one of the subgroups, which counts. */
  readonly below: number;
  /** Whether the group is one of the subgroups, or in one at any depth. */
  readonly closes: boolean;
}

/** How the group and groups that are to be put into it stand to each other. Chains are followed for `limit` levels. */
export function heightsAround(
  on: Statements,
  tenantId: string,
  groupId: string,
  subgroups: readonly string[],
  limit: number,
): Promise<Heights> {
  return oneRow(
    on,
    sql<Heights>`
    with recursive above (id, level) as (
      select ${groupId}::uuid, 1
      union select parent.group_id, level + 1 from above cross join ${parentsOf(tenantId, sql`above.id`)} where level < ${limit}::integer
    ), below (id, level) as (
      select unnest(${[...subgroups]}::uuid[]), 1
      union select child.subgroup_id, level + 1 from below cross join ${childrenOf(tenantId, sql`below.id`)} where level < ${limit}::integer
    )
    select (select max(level) from above) as above, (select max(level) from below) as below,
      exists (select 1 from above where id = any(${[...subgroups]}::uuid[])) as closes`,
  );
}

/** A group that is a member of another. */
export interface NestedIn {
  readonly group: string;
  readonly subgroup: string;
}

/** All nesting at and above a group, in no order. */
export const nestingAbove = (on: Statements, tenantId: string, groupId: string): Promise<NestedIn[]> =>
  on.run(sql<NestedIn>`
  with recursive above (group_id, subgroup_id) as (
    select group_id, subgroup_id from nesting where tenant_id = ${tenantId}::uuid and subgroup_id = ${groupId}::uuid
    union select parent.group_id, above.group_id from above cross join ${parentsOf(tenantId, sql`above.group_id`)}
  )
  select group_id as group, subgroup_id as subgroup from above`);
