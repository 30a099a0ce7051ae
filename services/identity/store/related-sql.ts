/** Whether a row is related to a resource that a filter names by its id: looked up, with nothing else of the relation read. */
import { type RawBuilder, sql } from './sql.js';
import { fold } from '../../../schema/fold.js';
import type { Filter, Literal } from '../../../schema/tree.js';
import type { ResourceTable } from './columns.js';
import type { Statements } from './database.js';
import { memberTables } from './member-tables.js';
import { below } from './relation-sql.js';
import { isUuid } from './uuid.js';

/** Whose rows are filtered, and, of each group that the filter asks for the users of, all groups in it at any depth. */
export interface Within {
  readonly tenantId: string;
  readonly below: ReadonlyMap<string, readonly string[]>;
}

/** The ids that a filter compares the relation of users with. */
function groupsNamedIn(filter: Filter): Literal[] {
  switch (filter.kind) {
    case 'and': case 'or': return filter.terms.flatMap(groupsNamedIn);
    case 'not': return groupsNamedIn(filter.term);
    case 'element': return groupsNamedIn(filter.filter);
    case 'compare': return filter.target.attribute.isRelation && filter.target.sub?.name === 'value' && filter.operator === 'eq' ? [filter.value] : [];
    case 'present': case 'constant': return [];
  }
}

/**
 * What must be known before a filter becomes a condition. Who is in a group is a question about all groups in it: they are looked up
 * first, because the planner must see which they are to know how many members they have. A filter that names no group costs nothing.
 */
export async function withinTenant(on: Statements, table: ResourceTable, tenantId: string, filter: Filter | undefined): Promise<Within> {
  const named = filter && table.type.name === 'User' ? groupsNamedIn(filter).map(String).filter(isUuid) : [];
  if (named.length === 0) return { tenantId, below: new Map() };
  const rows = await on.run(sql<{ id: string; groups: string[] }>`
    select id, array(${below(tenantId, sql`select named.id`)} select below.id::text from below) as groups from unnest(${named}::uuid[]) as named (id)`);
  return { tenantId, below: new Map(rows.map(({ id, groups }) => [id, groups])) };
}

const anyOf = (ids: readonly string[]) => (ids.length === 1 ? sql`= ${ids[0]}::uuid` : sql`= any(${[...ids]}::uuid[])`);

const isMember = (tenantId: string, groups: readonly string[]) => sql`exists (select 1 from membership m
  where m.tenant_id = ${tenantId}::uuid and m.user_id = app_user.id and m.group_id ${anyOf(groups)})`;

/** Directly or through groups in groups, unless the type says which (folded: `direct`, `indirect`). */
function isInGroup({ tenantId, below }: Within, id: string, type: string | undefined): RawBuilder<unknown> {
  const group = id.toLowerCase();
  if (type === 'direct') return isMember(tenantId, [group]);
  const groups = below.get(group) ?? [group];
  if (type === undefined) return isMember(tenantId, groups);
  const others = groups.filter((one) => one !== group);
  return type === 'indirect' && others.length > 0 ? sql`(${isMember(tenantId, others)} and not ${isMember(tenantId, [group])})` : sql`false`;
}

/** As the group lists them: a member is a user or a group, unless the type says which (folded: `user`, `group`). */
function hasMember({ tenantId }: Within, id: string, type: string | undefined): RawBuilder<unknown> {
  const asked = memberTables.filter(({ of }) => type === undefined || type === fold(of.type.name));
  const groups = asked.map(({ table, member }) => sql`select group_id from ${sql.table(table)} where tenant_id = ${tenantId}::uuid and ${sql.ref(member)} = ${id}::uuid`);
  return groups.length === 0 ? sql`false` : sql`app_group.id in (${sql.join(groups, sql` union all `)})`;
}

/** Whether the row is related to the resource of that id, and in the way that the type says, where there is one. */
export function related(table: ResourceTable, within: Within, id: string, type?: string): RawBuilder<unknown> {
  if (!isUuid(id)) return sql`false`;
  return table.type.name === 'User' ? isInGroup(within, id, type) : hasMember(within, id, type);
}
