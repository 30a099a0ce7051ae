/** What a change of members inserts and deletes in each table: parts of one statement, and only those that the change needs. */
import { type RawBuilder, sql } from './sql.js';
import { type MemberTable, membership, nesting } from './member-tables.js';

/** What to do to the members: add and remove these, or make them exactly these. */
export type MemberDelta =
  | { readonly kind: 'adjust'; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly kind: 'replace'; readonly members: readonly string[] };

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

/** Rows of a table with the group and its tenant: which of them go, and a relation with the `member_id` of those that come. */
interface Difference {
  readonly surplus?: RawBuilder<unknown> | undefined;
  readonly missing?: RawBuilder<unknown> | undefined;
}

const idsOf = (ids: readonly string[]) => sql`select unnest(${[...ids]}::uuid[]) as member_id`;

const inGroup = ({ tenantId, groupId }: MovementScope) => sql`tenant_id = ${tenantId}::uuid and group_id = ${groupId}::uuid`;

/**
 * `wanted` is absent where no member of the table's kind is to be added. Members who go are named as an array, which the index looks up
 * one by one: joined, the planner may read the whole group, where most others are small.
 */
function difference({ table, member }: MemberTable, delta: MemberDelta, wanted: RawBuilder<unknown> | undefined, scope: MovementScope): Difference {
  const column = sql.ref(`${table}.${member}`);
  if (delta.kind === 'adjust') {
    return { surplus: delta.remove.length > 0 ? sql`${column} = any(${[...delta.remove]}::uuid[])` : undefined, missing: wanted };
  }
  if (!wanted) return { surplus: sql`true` };
  // EXCEPT and NOT IN hash what they compare with. NOT EXISTS over unnest(), and a join with those who go, ran for minutes on a table that was not analysed yet.
  const present = sql`select ${sql.ref(member)} as member_id from ${sql.table(table)} where ${inGroup(scope)}`;
  return { surplus: sql`${column} not in (${wanted})`, missing: sql`${wanted} except ${present}` };
}

function movementsIn(one: MemberTable, delta: MemberDelta, wanted: RawBuilder<unknown> | undefined, scope: MovementScope): Movement[] {
  const { surplus, missing } = difference(one, delta, wanted, scope);
  const [table, member] = [sql.table(one.table), sql.ref(one.member)];
  const isOfGroups = one === nesting;
  const removal = surplus && sql`
    delete from ${table} where ${inGroup(scope)} and exists (select 1 from permitted) and ${surplus}
    returning ${member} as member_id`;
  const addition = missing && sql`
    insert into ${table} (tenant_id, group_id, ${member})
    select ${scope.tenantId}::uuid, permitted.id, missing.member_id from permitted, (${missing}) as missing
    on conflict do nothing returning ${member} as member_id`;
  return [
    ...(removal ? [{ name: `gone_from_${one.table}`, statement: removal, isNew: false, isOfGroups }] : []),
    ...(addition ? [{ name: `new_in_${one.table}`, statement: addition, isNew: true, isOfGroups }] : []),
  ];
}

/** An id to remove is looked for in both tables: it is in one of them at the most, and the look costs little. */
export function movementsOf(delta: MemberDelta, scope: MovementScope): Movement[] {
  const named = delta.kind === 'adjust' ? delta.add : delta.members;
  const users = named.length > 0 ? sql`select member_id from wanted` : undefined;
  const groups = scope.subgroups.length > 0 ? idsOf(scope.subgroups) : undefined;
  return [...movementsIn(membership, delta, users, scope), ...movementsIn(nesting, delta, groups, scope)];
}
