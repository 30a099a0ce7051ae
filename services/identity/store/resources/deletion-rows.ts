/** Deleting users and groups: out of every group (whose version moves, with a record), then the row; one statement each. */
import { type RawBuilder, sql } from '../query/sql.js';
import { type Actor, recordRows } from '../changes/change-rows.js';
import type { Statements } from '../connection/database.js';
import { CHANGE_CHUNK, told } from '../members/membership-rows.js';
import { isVersion } from './resource-rows.js';

export interface DeleteOutcome {
  readonly found: boolean;
  readonly versionMatches: boolean;
}

interface DeletedRow {
  found: boolean;
  version_matches: boolean;
}

const outcome = (row: DeletedRow | undefined): DeleteOutcome => ({ found: row!.found, versionMatches: row!.version_matches });

const verdict = sql`select exists (select 1 from target) as found, exists (select 1 from gone) as version_matches`;

const tenantOf = ({ tenantId }: Actor) => sql`tenant_id = ${tenantId}::uuid`;

/** The groups that the member has left, from `left_groups`: their versions move, and each has a record with these members before. */
const movedOn = (actor: Actor, before: RawBuilder<unknown>) => sql`
  moved as (
    update app_group set version = version + 1, updated_at = now() from left_groups
    where app_group.${tenantOf(actor)} and app_group.id = left_groups.group_id returning app_group.id, app_group.version, app_group.external_id
  ), moves as (
    select id, version, external_id, jsonb_build_object(${before}) as before, '{"members": []}'::jsonb as after from moved
  ), moves_recorded as (${recordRows(actor, { kind: 'GROUP_MEMBERS_CHANGED', subjectType: 'GROUP' }, sql`moves`)} returning 1)`;

/** What is gone, once it is told whom that concerns: in which order PostgreSQL does parts of a statement is else for it to choose. */
const goneAfter = (...told: readonly ('moves_recorded' | 'leavers_recorded')[]) =>
  sql`gone, ${sql.join(told.map((name) => sql`(select count(*) from ${sql.ref(name)}) as ${sql.ref(`after_${name}`)}`))}`;

/**
 * A member added at the same moment makes this fail on the foreign key; the caller repeats it. The user's row goes last: who adds the user
 * to a group has that group locked, and waits for the row, while we may wait for the group.
 */
export async function deleteUserRow(on: Statements, actor: Actor, id: string, ifVersion?: number): Promise<DeleteOutcome> {
  const tenant = tenantOf(actor);
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
    ), ${movedOn(actor, sql`'members', jsonb_build_array(${id}::text)`)},
    gone as (
      delete from app_user using permitted, (select count(*) from left_groups) as locked_before
      where app_user.${tenant} and app_user.id = permitted.id
      returning app_user.id, app_user.version, app_user.external_id, jsonb_strip_nulls(jsonb_build_object('userName', user_name, 'externalId', external_id,
        'displayName', display_name, 'active', active) || profile) as before, null::jsonb as after
    ), recorded as (${recordRows(actor, { kind: 'USER_DELETED', subjectType: 'USER' }, goneAfter('moves_recorded'))})
    ${verdict}`);
  return outcome(row);
}

/**
 * Those who were members of a deleted group, told before it is told that the group is gone: `without_users` and `without_groups` have
 * deleted their memberships.
 */
const leaversRecorded = (actor: Actor) => sql`
  leavers as (
    select member_id, is_group, (row_number() over () - 1) / ${CHANGE_CHUNK}::integer as chunk
    from (select user_id as member_id, false as is_group from without_users union all select subgroup_id, true from without_groups) as left_over
  ), leaving as (
    select permitted.id, permitted.version, permitted.external_id, ${told(sql`true`)} as before, '{"members": []}'::jsonb as after
    from permitted, leavers group by permitted.id, permitted.version, permitted.external_id, chunk
  ), leavers_recorded as (${recordRows(actor, { kind: 'GROUP_MEMBERS_CHANGED', subjectType: 'GROUP' }, sql`leaving`)} returning 1)`;

/**
 * Its members stay, users and groups. The group and those it is a member of are locked in the order of their ids, as those of a deleted
 * user are: otherwise two deletions might wait for each other.
 */
export async function deleteGroupRow(on: Statements, actor: Actor, id: string, ifVersion?: number): Promise<DeleteOutcome> {
  const tenant = tenantOf(actor);
  const [row] = await on.run(sql<DeletedRow>`
    with locked as (
      select id, version, external_id from app_group where ${tenant} and id in (
        select ${id}::uuid union all select group_id from nesting where ${tenant} and subgroup_id = ${id}::uuid)
      order by id for update
    ), target as (
      select id, version, external_id from locked where id = ${id}::uuid
    ), permitted as (
      select id, version, external_id from target where ${isVersion(ifVersion)}
    ), left_groups as (
      delete from nesting using permitted, locked
      where nesting.${tenant} and nesting.group_id = locked.id and nesting.subgroup_id = permitted.id returning nesting.group_id
    ), ${movedOn(actor, sql`'members', jsonb_build_array(${id}::text), 'subgroups', jsonb_build_array(${id}::text)`)},
    without_users as (
      delete from membership using permitted where membership.${tenant} and group_id = permitted.id returning user_id
    ), without_groups as (
      delete from nesting using permitted where nesting.${tenant} and group_id = permitted.id returning subgroup_id
    ), ${leaversRecorded(actor)},
    gone as (
      delete from app_group using permitted where app_group.${tenant} and app_group.id = permitted.id
      returning app_group.id, app_group.version, app_group.external_id, jsonb_strip_nulls(jsonb_build_object('displayName', display_name, 'externalId', app_group.external_id) || profile) as before, null::jsonb as after
    ), recorded as (${recordRows(actor, { kind: 'GROUP_DELETED', subjectType: 'GROUP' }, goneAfter('moves_recorded', 'leavers_recorded'))})
    ${verdict}`);
  return outcome(row);
}
