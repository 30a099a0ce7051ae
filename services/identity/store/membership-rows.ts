/**
 * Memberships are rows. A change of members never reads the group: its cost is that of the members named, whatever the size of
 * the group. Every statement here locks the group's row first, so that parallel changes of one group queue instead of dead-locking.
 */
import { type RawBuilder, sql } from 'kysely';
import { relationOf } from '../../../schema/resources.js';
import type { Filter } from '../../../schema/tree.js';
import { type Actor, recordRows } from './change-rows.js';
import { groupTable, type ResourceRow, toRow } from './columns.js';
import type { Statements } from './database.js';
import { elementsMatching } from './filter-sql.js';
import { columnList } from './resource-rows.js';

/** What to do to the members: add and remove these, or make them exactly these. */
export type MemberDelta =
  | { readonly kind: 'adjust'; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly kind: 'replace'; readonly members: readonly string[] };

export interface MembersOutcome {
  /** The group as it is afterwards; undefined where it does not exist. */
  readonly group: ResourceRow | undefined;
  /** Whether the group was at the version asked for. */
  readonly versionMatches: boolean;
  /** An id that is no user of the tenant, where there is one: then nothing was changed. */
  readonly unknown: readonly string[];
}

type MembersAnswer = Record<string, unknown> & { new_version: number | null; new_updated_at: string | null; version_matches: boolean; unknown: string[] };

const isVersion = (ifVersion: number | undefined, version: RawBuilder<unknown> = sql`version`) =>
  sql`(${ifVersion ?? null}::integer is null or ${version} = ${ifVersion ?? null}::integer)`;

const CHANGE_CHUNK = 1000; // members in one change record, so that a reader's page stays small

/** The rows to delete and to insert, as relations with a `user_id`, given `permitted` (the group) and `wanted` (users). */
function difference(delta: MemberDelta, tenantId: string, groupId: string): { surplus: RawBuilder<unknown>; missing: RawBuilder<unknown> } {
  if (delta.kind === 'adjust') {
    return { surplus: sql`select unnest(${[...delta.remove]}::uuid[]) as user_id`, missing: sql`select user_id from wanted` };
  }
  // EXCEPT hashes both sides; NOT EXISTS over unnest() ran for minutes on a table that was not analysed yet.
  const present = sql`select user_id from membership where tenant_id = ${tenantId}::uuid and group_id = ${groupId}::uuid`;
  return { surplus: sql`${present} except select user_id from wanted`, missing: sql`select user_id from wanted except ${present}` };
}

export interface MembersCondition {
  /** Only if the group is at this version. */
  readonly ifVersion?: number | undefined;
  /** The group came to be in this transaction: its first members are part of its first version. */
  readonly isNew?: boolean;
  /** Whether ids that are no users are passed over instead of standing in the way. */
  readonly ignoresUnknown?: boolean;
}

/** Changes the members of a group in one statement, moving its version only if a member really came or went. */
export async function changeMembers(
  on: Statements, actor: Actor, groupId: string, delta: MemberDelta, { ifVersion, isNew = false, ignoresUnknown = false }: MembersCondition = {},
): Promise<MembersOutcome> {
  const { tenantId } = actor;
  const wanted = delta.kind === 'adjust' ? delta.add : delta.members;
  const { surplus, missing } = difference(delta, tenantId, groupId);
  const [row] = await on.run(sql<MembersAnswer>`
    with target as (
      select ${columnList(groupTable)} from app_group where tenant_id = ${tenantId}::uuid and id = ${groupId}::uuid for no key update
    ), named as (
      select distinct unnest(${[...wanted]}::uuid[]) as user_id
    ), wanted as (
      select user_id from named join app_user on app_user.tenant_id = ${tenantId}::uuid and app_user.id = named.user_id
    ), unknown as (
      select user_id from named where not ${ignoresUnknown}::boolean except select user_id from wanted
    ), permitted as (
      select id from target
      where ${isVersion(ifVersion)} and not exists (select 1 from unknown)
    ), removed as (
      delete from membership using permitted, (${surplus}) as surplus
      where membership.tenant_id = ${tenantId}::uuid and membership.group_id = permitted.id and membership.user_id = surplus.user_id
      returning membership.user_id
    ), added as (
      insert into membership (tenant_id, group_id, user_id)
      select ${tenantId}::uuid, permitted.id, missing.user_id from permitted, (${missing}) as missing
      on conflict do nothing returning user_id
    ), moved as (
      select user_id, true as is_new from added union all select user_id, false from removed
    ), changed as (
      update app_group set version = version + ${isNew ? 0 : 1}::integer, updated_at = now()
      from permitted, (select count(*) as moves from moved) as counted
      where app_group.tenant_id = ${tenantId}::uuid and app_group.id = permitted.id and counted.moves > 0
      returning app_group.id, app_group.version, app_group.updated_at
    ), numbered as (
      select user_id, is_new, (row_number() over () - 1) / ${CHANGE_CHUNK}::integer as chunk from moved
    ), records as (
      select changed.id,
        jsonb_build_object('members', coalesce(jsonb_agg(user_id) filter (where not is_new), '[]')) as before,
        jsonb_build_object('members', coalesce(jsonb_agg(user_id) filter (where is_new), '[]')) as after
      from changed, numbered group by changed.id, chunk
    ), recorded as (${recordRows(actor, { kind: 'GROUP_MEMBERS_CHANGED', subjectType: 'GROUP' }, sql`records`)})
    select target.*, changed.version as new_version, changed.updated_at as new_updated_at, ${isVersion(ifVersion, sql`target.version`)} as version_matches,
      array(select user_id::text from unknown order by 1 limit 1) as unknown
    from target left join changed on true`);
  if (!row) return { group: undefined, versionMatches: false, unknown: [] };
  const group = toRow(groupTable, { ...row, version: row.new_version ?? row['version'], updated_at: row.new_updated_at ?? row['updated_at'] });
  return { group, versionMatches: row.version_matches, unknown: row.unknown };
}

/** The ids of a group's members that a filter on `members` finds. */
export async function membersMatching(on: Statements, tenantId: string, groupId: string, filter: Filter): Promise<string[]> {
  const { rows, condition } = elementsMatching(groupTable, { attribute: relationOf(groupTable.type) }, filter);
  const found = await on.run(sql<{ value: string }>`
    select element.value from app_group cross join lateral ${rows}
    where app_group.tenant_id = ${tenantId}::uuid and app_group.id = ${groupId}::uuid and ${condition}`);
  return found.map(({ value }) => value);
}

export interface DeleteOutcome {
  readonly found: boolean;
  readonly versionMatches: boolean;
}

interface DeletedRow { found: boolean; version_matches: boolean }

const outcome = (row: DeletedRow | undefined): DeleteOutcome => ({ found: row!.found, versionMatches: row!.version_matches });

const verdict = sql`select exists (select 1 from target) as found, exists (select 1 from gone) as version_matches`;

/**
 * Deletes a user: out of every group (whose version moves, with a record), then the row. A member added at the same moment makes
 * this fail on the foreign key; the caller repeats it.
 */
export async function deleteUserRow(on: Statements, actor: Actor, id: string, ifVersion?: number): Promise<DeleteOutcome> {
  const tenant = sql`tenant_id = ${actor.tenantId}::uuid`;
  const [row] = await on.run(sql<DeletedRow>`
    with target as (
      select id, version from app_user where ${tenant} and id = ${id}::uuid for no key update
    ), permitted as (
      select id from target where ${isVersion(ifVersion)}
    ), joined as (
      select id from app_group where ${tenant} and exists (select 1 from permitted)
        and id in (select group_id from membership where ${tenant} and user_id = ${id}::uuid)
      order by id for no key update
    ), left_groups as (
      delete from membership using joined where membership.${tenant} and group_id = joined.id and user_id = ${id}::uuid returning group_id
    ), moved as (
      update app_group set version = version + 1, updated_at = now() from left_groups
      where app_group.${tenant} and app_group.id = left_groups.group_id returning app_group.id
    ), moves as (
      select id, jsonb_build_object('members', jsonb_build_array(${id}::text)) as before, '{"members": []}'::jsonb as after from moved
    ), moves_recorded as (${recordRows(actor, { kind: 'GROUP_MEMBERS_CHANGED', subjectType: 'GROUP' }, sql`moves`)}
    ), gone as (
      delete from app_user using permitted where app_user.${tenant} and app_user.id = permitted.id
      returning app_user.id, jsonb_strip_nulls(jsonb_build_object('userName', user_name, 'externalId', external_id,
        'displayName', display_name, 'active', active) || profile) as before, null::jsonb as after
    ), recorded as (${recordRows(actor, { kind: 'USER_DELETED', subjectType: 'USER' }, sql`gone`)})
    ${verdict}`);
  return outcome(row);
}

/** Deletes a group and its memberships; the users stay. */
export async function deleteGroupRow(on: Statements, actor: Actor, id: string, ifVersion?: number): Promise<DeleteOutcome> {
  const tenant = sql`tenant_id = ${actor.tenantId}::uuid`;
  const [row] = await on.run(sql<DeletedRow>`
    with target as (
      select id, version from app_group where ${tenant} and id = ${id}::uuid for update
    ), permitted as (
      select id from target where ${isVersion(ifVersion)}
    ), emptied as (
      delete from membership using permitted where membership.${tenant} and group_id = permitted.id returning user_id
    ), gone as (
      delete from app_group using permitted where app_group.${tenant} and app_group.id = permitted.id
      returning app_group.id, jsonb_strip_nulls(jsonb_build_object('displayName', display_name, 'externalId', external_id) || profile) as before, null::jsonb as after
    ), recorded as (${recordRows(actor, { kind: 'GROUP_DELETED', subjectType: 'GROUP' }, sql`gone`)})
    ${verdict}`);
  return outcome(row);
}
