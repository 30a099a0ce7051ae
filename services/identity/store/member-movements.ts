/** What a change of members inserts and deletes in each table: parts of one statement, and only those that the change needs. */
import { type RawBuilder, sql } from 'kysely';
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

/** Relations with a `member_id`; absent where there is nothing to delete, or nothing to insert. */
interface Difference {
  readonly surplus?: RawBuilder<unknown> | undefined;
  readonly missing?: RawBuilder<unknown> | undefined;
}

const idsOf = (ids: readonly string[]) => sql`select unnest(${[...ids]}::uuid[]) as member_id`;

/** `wanted` is absent where no member of the table's kind is to be added. */
function difference({ table, member }: MemberTable, delta: MemberDelta, wanted: RawBuilder<unknown> | undefined, { tenantId, groupId }: MovementScope): Difference {
  if (delta.kind === 'adjust') return { surplus: delta.remove.length > 0 ? idsOf(delta.remove) : undefined, missing: wanted };
  // EXCEPT hashes both sides; NOT EXISTS over unnest() ran for minutes on a table that was not analysed yet.
  const present = sql`select ${sql.ref(member)} as member_id from ${sql.table(table)} where tenant_id = ${tenantId}::uuid and group_id = ${groupId}::uuid`;
  return { surplus: wanted ? sql`${present} except ${wanted}` : present, missing: wanted && sql`${wanted} except ${present}` };
}

function movementsIn(one: MemberTable, delta: MemberDelta, wanted: RawBuilder<unknown> | undefined, scope: MovementScope): Movement[] {
  const { surplus, missing } = difference(one, delta, wanted, scope);
  const [table, member] = [sql.table(one.table), sql.ref(one.member)];
  const isOfGroups = one === nesting;
  const removal = surplus && sql`
    delete from ${table} using permitted, (${surplus}) as surplus
    where ${table}.tenant_id = ${scope.tenantId}::uuid and ${table}.group_id = permitted.id and ${table}.${member} = surplus.member_id
    returning ${table}.${member} as member_id`;
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
