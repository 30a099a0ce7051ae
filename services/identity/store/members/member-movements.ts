/** What a change of members inserts and deletes in each table: parts of one statement, and only those that the change needs. */
import { type RawBuilder, sql } from '../query/sql.js';
import { type MemberTable, membership, nesting } from './member-tables.js';

/** Whom to add and to remove; `all` removes everybody. */
export interface Adjustment {
  readonly add: readonly string[];
  readonly remove: readonly string[] | 'all';
}

/** Members who come or go: a part of a statement that has `permitted` (the group) and `wanted` (users); it answers `member_id`. */
export interface Movement {
  readonly name: string;
  readonly statement: RawBuilder<unknown>;
  readonly isNew: boolean;
  readonly isOfGroups: boolean;
}

export interface MovementScope {
  readonly tenantId: string;
  readonly groupId: string;
  readonly subgroups: readonly string[];
}

const idsOf = (ids: readonly string[]) => sql`select unnest(${[...ids]}::uuid[]) as member_id`;

const inGroup = ({ tenantId, groupId }: MovementScope) => sql`tenant_id = ${tenantId}::uuid and group_id = ${groupId}::uuid`;

/**
 * Members who go are named as an array, which the index looks up one by one: joined, the planner may read the whole group, where most
 * others are small.
 */
function surplusOf({ table, member }: MemberTable, { remove }: Adjustment): RawBuilder<unknown> | undefined {
  if (remove === 'all') return sql`true`;
  return remove.length > 0 ? sql`${sql.ref(`${table}.${member}`)} = any(${[...remove]}::uuid[])` : undefined;
}

/** `wanted` is absent where no member of the table's kind is to be added. */
function movementsIn(one: MemberTable, adjustment: Adjustment, wanted: RawBuilder<unknown> | undefined, scope: MovementScope): Movement[] {
  const surplus = surplusOf(one, adjustment);
  const [table, member] = [sql.table(one.table), sql.ref(one.member)];
  const isOfGroups = one === nesting;
  const removal =
    surplus &&
    sql`
    delete from ${table} where ${inGroup(scope)} and exists (select 1 from permitted) and ${surplus}
    returning ${member} as member_id`;
  const addition =
    wanted &&
    sql`
    insert into ${table} (tenant_id, group_id, ${member})
    select ${scope.tenantId}::uuid, permitted.id, missing.member_id from permitted, (${wanted}) as missing
    on conflict do nothing returning ${member} as member_id`;
  return [
    ...(removal ? [{ name: `gone_from_${one.table}`, statement: removal, isNew: false, isOfGroups }] : []),
    ...(addition ? [{ name: `new_in_${one.table}`, statement: addition, isNew: true, isOfGroups }] : []),
  ];
}

/** An id to remove is looked for in both tables: it is in one of them at the most, and the look costs little. */
export function movementsOf(adjustment: Adjustment, scope: MovementScope): Movement[] {
  const users = adjustment.add.length > 0 ? sql`select member_id from wanted` : undefined;
  const groups = scope.subgroups.length > 0 ? idsOf(scope.subgroups) : undefined;
  return [...movementsIn(membership, adjustment, users, scope), ...movementsIn(nesting, adjustment, groups, scope)];
}
