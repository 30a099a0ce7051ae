/** Whether a row is related to resources that a filter names: looked up, with nothing else of the relation read. */
import { type RawBuilder, sql } from './sql.js';
import { fold } from '../../../../schema/fold.js';
import type { Filter } from '../../../../schema/tree.js';
import { groupTable, type ResourceTable } from './columns.js';
import { memberTables } from '../members/member-tables.js';
import { isUuid } from '../resources/uuid.js';

/** The ids of those whom a part of a filter is about: the groups of users, or the users and groups that are members. */
export type Related = ReadonlyMap<ResourceTable, readonly string[]>;

/** Whose rows are filtered, and what had to be looked up first. */
export interface Within {
  readonly tenantId: string;
  /** Of each group that the filter asks for the users of by its id, all groups in it at any depth. */
  readonly below: ReadonlyMap<string, readonly string[]>;
  /**
   * Of the parts of the filter that name groups or members by anything else, who these are; of groups that users are in, all groups in
   * them, too.
   */
  readonly found: ReadonlyMap<Filter, Related>;
}

const anyOf = (ids: readonly string[]) => (ids.length === 1 ? sql`= ${ids[0]}::uuid` : sql`= any(${[...ids]}::uuid[])`);

const isMember = (tenantId: string, groups: readonly string[]) =>
  groups.length === 0
    ? sql`false`
    : sql`exists (select 1 from membership m
  where m.tenant_id = ${tenantId}::uuid and m.user_id = app_user.id and m.group_id ${anyOf(groups)})`;

/** Directly or through groups in groups, unless the type says which (folded: `direct`, `indirect`). */
function isInGroup({ tenantId, below }: Within, id: string, type: string | undefined): RawBuilder<unknown> {
  const group = id.toLowerCase();
  if (type === 'direct') return isMember(tenantId, [group]);
  const groups = below.get(group) ?? [group];
  if (type === undefined) return isMember(tenantId, groups);
  const others = groups.filter((one) => one !== group);
  return type === 'indirect' && others.length > 0
    ? sql`(${isMember(tenantId, others)} and not ${isMember(tenantId, [group])})`
    : sql`false`;
}

/** As the group lists them: a member is a user or a group, unless the type says which (folded: `user`, `group`). */
function hasMember({ tenantId }: Within, id: string, type: string | undefined): RawBuilder<unknown> {
  const asked = memberTables.filter(({ of }) => type === undefined || type === fold(of.type.name));
  const groups = asked.map(
    ({ table, member }) =>
      sql`select group_id from ${sql.table(table)} where tenant_id = ${tenantId}::uuid and ${sql.ref(member)} = ${id}::uuid`,
  );
  return groups.length === 0 ? sql`false` : sql`app_group.id in (${sql.join(groups, sql` union all `)})`;
}

/** Whether the row is related to any of those found. */
export function relatedToAny(table: ResourceTable, { tenantId }: Within, found: readonly Related[]): RawBuilder<unknown> {
  const idsIn = (other: ResourceTable) => [...new Set(found.flatMap((related) => related.get(other) ?? []))];
  if (table.type.name === 'User') return isMember(tenantId, idsIn(groupTable));
  const groups = memberTables
    .map((one) => ({ ...one, ids: idsIn(one.of) }))
    .filter(({ ids }) => ids.length > 0)
    .map(
      ({ table: members, member, ids }) =>
        sql`select group_id from ${sql.table(members)} where tenant_id = ${tenantId}::uuid and ${sql.ref(member)} ${anyOf(ids)}`,
    );
  return groups.length === 0 ? sql`false` : sql`app_group.id in (${sql.join(groups, sql` union all `)})`;
}

/** Whether the row is related to the resource of that id, and in the way that the type says, where there is one. */
export function related(table: ResourceTable, within: Within, id: string, type?: string): RawBuilder<unknown> {
  if (!isUuid(id)) return sql`false`;
  return table.type.name === 'User' ? isInGroup(within, id, type) : hasMember(within, id, type);
}
