/**
 * Who is in which group, as relations with the `id` and the `type` of each element. Through groups in groups it goes by recursion over
 * the nesting alone, which never meets a user: UNION leaves out what was met before.
 */
import { literal, type RawBuilder, sql } from './sql.js';

/** A stretch of a relation in the order of the ids. */
export interface Stretch {
  readonly after?: string | undefined;
  readonly limit: number;
}

type Id = RawBuilder<unknown>;

/**
 * A tenant by its id; or, within a statement about one row or a page of them, by the rows' own column beside it. Tenants differ: by the id
 * of a small one the planner sees less to do than by any id, takes a plan of its own to be worth it, and plans anew at every request for
 * longer than that takes.
 */
export type Tenant = string | { readonly id: string; readonly column: RawBuilder<unknown> };

/** An id may be that of a statement that is prepared: a place, which is no text. */
const isBeside = (tenant: Tenant): tenant is Exclude<Tenant, string> => typeof tenant === 'object' && 'column' in tenant;

const idIn = (tenant: Tenant): string => (isBeside(tenant) ? tenant.id : tenant);
export const of = (tenant: Tenant) => (isBeside(tenant) ? sql`tenant_id = ${tenant.column}` : sql`tenant_id = ${tenant}::uuid`);

/** The end of a SELECT that answers a stretch, out of an index that is ordered by the column. */
function endOf(stretch: Stretch | undefined, column: RawBuilder<unknown>): RawBuilder<unknown> {
  if (!stretch) return sql``;
  return sql`${stretch.after ? sql`and ${column} > ${stretch.after}::uuid` : sql``} order by ${column} limit ${literal(stretch.limit)}`;
}

/** The members of a group as it lists them: users and groups. Of a stretch each kind gives as many as are asked for at the most. */
export const directMembers = (tenantId: Tenant, group: Id, stretch?: Stretch): RawBuilder<unknown> => sql`
  (select user_id as id, 'User'::text as type from membership where ${of(tenantId)} and group_id = ${group} ${endOf(stretch, sql`user_id`)})
  union all
  (select subgroup_id, 'Group' from nesting where ${of(tenantId)} and group_id = ${group} ${endOf(stretch, sql`subgroup_id`)})`;

// The groups that a group is in, and those in it, to be joined to a recursion as `parent` and `child`. OFFSET 0 keeps the planner from
// joining: it takes a recursion for long, and would read a whole table for the few groups there are.
export const parentsOf = (tenantId: Tenant, group: Id) =>
  sql`lateral (select group_id from nesting where ${of(tenantId)} and subgroup_id = ${group} offset 0) as parent`;
export const childrenOf = (tenantId: Tenant, group: Id) =>
  sql`lateral (select subgroup_id from nesting where ${of(tenantId)} and group_id = ${group} offset 0) as child`;

/** `with recursive below (id)`: the groups, and all that are in them at any depth. */
export const below = (tenantId: Tenant, groups: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  with recursive below (id) as (
    ${groups} union select child.subgroup_id from below cross join ${childrenOf(tenantId, sql`below.id`)}
  )`;

/**
 * The users in a group or in any group below it, each once. Of a stretch each group gives as many as are asked for at the most: it does
 * not matter how many there are.
 */
export function usersBelow(tenantId: Tenant, group: Id, stretch?: Stretch): RawBuilder<unknown> {
  return sql`${below(tenantId, sql`select ${group}`)}
    select distinct found.id, 'User'::text as type from below
    cross join lateral (select user_id as id from membership where ${of(tenantId)} and group_id = below.id ${endOf(stretch, sql`user_id`)}) as found`;
}

/** The groups that a user was put into. */
export const directGroups = (tenantId: Tenant, user: Id): RawBuilder<unknown> => sql`
  select group_id as id, 'direct'::text as type from membership where ${of(tenantId)} and user_id = ${user}`;

/**
 * These, and the groups that they are in, at any depth; each once, and direct where it is both (RFC 7643, 4.1.2). Tenants without
 * nesting do not pay for it: whether there is any is asked once for all users of an answer.
 */
export const allGroups = (tenantId: Tenant, user: Id): RawBuilder<unknown> => sql`
  ${directGroups(tenantId, user)}
  union all
  (with recursive above (id) as (
    select parent.group_id from membership cross join ${parentsOf(tenantId, sql`membership.group_id`)}
    where membership.${of(tenantId)} and membership.user_id = ${user}
    union select parent.group_id from above cross join ${parentsOf(tenantId, sql`above.id`)}
  )
  select id, 'indirect' from above
  where (select exists (select 1 from nesting where ${of(idIn(tenantId))}))
    and not exists (select 1 from membership where ${of(tenantId)} and user_id = ${user} and group_id = above.id offset 0))`;

/** The name of a user or group, as it was given; `keys` are the folded ones. */
export function nameOf(
  tenantId: Tenant,
  { id, type }: { readonly id: Id; readonly type: RawBuilder<unknown> },
  kind: 'given' | 'key',
): RawBuilder<unknown> {
  const [display, user] = kind === 'key' ? [sql`display_name_key`, sql`user_name_key`] : [sql`display_name`, sql`user_name`];
  return sql`case ${type} when 'User' then (select coalesce(${display}, ${user}) from app_user where ${of(tenantId)} and app_user.id = ${id})
    else (select ${display} from app_group where ${of(tenantId)} and app_group.id = ${id}) end`;
}
