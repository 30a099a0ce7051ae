/**
 * Memberships are rows. A change of members never reads the group: its cost is that of the members named, whatever the size of
 * the group. Every statement here locks the group's row first, so that parallel changes of one group queue instead of dead-locking.
 */
import { type RawBuilder, sql } from '../query/sql.js';
import { type Actor, recordRows } from '../changes/change-rows.js';
import { groupTable, type ResourceRow, toRow } from '../query/columns.js';
import type { Statements } from '../connection/database.js';
import { type Adjustment, type Movement, movementsOf } from './member-movements.js';
import { columnList } from '../query/column-list.js';
import { isVersion } from '../resources/resource-rows.js';

export type { Adjustment } from './member-movements.js';

export interface MembersOutcome {
  /** The group as it is afterwards; undefined where it does not exist. */
  readonly group: ResourceRow | undefined;
  /** Whether the group was at the version asked for. */
  readonly versionMatches: boolean;
  /** An id that is no member the tenant could have, where there is one: then nothing was changed. */
  readonly unknown: readonly string[];
}

type MembersAnswer = Record<string, unknown> & {
  new_version: number | null;
  new_updated_at: string | null;
  version_matches: boolean;
  unknown: string[];
};

/** Members in one change record, so that a reader's page stays small. */
export const CHANGE_CHUNK = 1000;

export interface MembersCondition {
  /** Only if the group is at this version. */
  readonly ifVersion?: number | undefined;
  /** The group came to be in this transaction: its first members are part of its first version. */
  readonly isNew?: boolean;
  /** Whether ids that are nobody's are passed over instead of standing in the way. */
  readonly ignoresUnknown?: boolean;
  /** Which of the ids to add are groups that may be added. All others must be users. */
  readonly subgroups?: readonly string[];
}

/**
 * The members that came or went, as a change record tells them: all by their ids (`member_id`), and which of them are groups (`is_group`).
 */
export const told = (which: RawBuilder<unknown>) => sql`jsonb_strip_nulls(jsonb_build_object(
  'members', coalesce(jsonb_agg(member_id) filter (where ${which}), '[]'), 'subgroups', jsonb_agg(member_id) filter (where is_group and ${which})))`;

const nobody = sql`select null::uuid as member_id, false as is_new, false as is_group where false`;

const movedBy = (movements: readonly Movement[]): RawBuilder<unknown> =>
  movements.length === 0
    ? nobody
    : sql.join(
        movements.map(
          ({ name, isNew, isOfGroups }) =>
            sql`select member_id, ${sql.lit(isNew)} as is_new, ${sql.lit(isOfGroups)} as is_group from ${sql.ref(name)}`,
        ),
        sql` union all `,
      );

/** Changes the members of a group in one statement, moving its version only if a member really came or went. */
export async function changeMembers(
  on: Statements,
  actor: Actor,
  groupId: string,
  adjustment: Adjustment,
  { ifVersion, isNew = false, ignoresUnknown = false, subgroups = [] }: MembersCondition = {},
): Promise<MembersOutcome> {
  const { tenantId } = actor;
  const movements = movementsOf(adjustment, { tenantId, groupId, subgroups });
  const [row] = await on.run(sql<MembersAnswer>`
    with target as (
      select ${columnList(groupTable)} from app_group where tenant_id = ${tenantId}::uuid and id = ${groupId}::uuid for no key update
    ), named as (
      select distinct unnest(${[...adjustment.add]}::uuid[]) as member_id
    ), wanted as (
      select member_id from named join app_user on app_user.tenant_id = ${tenantId}::uuid and app_user.id = named.member_id
    ), unknown as (
      select member_id from named where not ${ignoresUnknown}::boolean except select member_id from wanted
      ${subgroups.length > 0 ? sql`except select unnest(${[...subgroups]}::uuid[])` : sql``}
    ), permitted as (
      select id from target
      where ${isVersion(ifVersion)} and not exists (select 1 from unknown)
    ), ${sql.join(
      movements.map(({ name, statement }) => sql`${sql.ref(name)} as (${statement}),`),
      sql` `,
    )}
    moved as (
      ${movedBy(movements)}
    ), changed as (
      update app_group set version = version + ${isNew ? 0 : 1}::integer, updated_at = now()
      from permitted, (select count(*) as moves from moved) as counted
      where app_group.tenant_id = ${tenantId}::uuid and app_group.id = permitted.id and counted.moves > 0
      returning app_group.id, app_group.version, app_group.external_id, app_group.updated_at
    ), numbered as (
      select member_id, is_new, is_group, (row_number() over () - 1) / ${CHANGE_CHUNK}::integer as chunk from moved
    ), records as (
      select changed.id, changed.version, changed.external_id, ${told(sql`not is_new`)} as before, ${told(sql`is_new`)} as after
      from changed, numbered group by changed.id, changed.version, changed.external_id, chunk
    ), recorded as (${recordRows(actor, { kind: 'GROUP_MEMBERS_CHANGED', subjectType: 'GROUP' }, sql`records`)})
    select target.*, changed.version as new_version, changed.updated_at as new_updated_at, ${isVersion(ifVersion, sql`target.version`)} as version_matches,
      array(select member_id::text from unknown order by 1 limit 1) as unknown
    from target left join changed on true`);
  if (!row) return { group: undefined, versionMatches: false, unknown: [] };
  const group = toRow(groupTable, {
    ...row,
    version: row.new_version ?? row['version'],
    updated_at: row.new_updated_at ?? row['updated_at'],
  });
  return { group, versionMatches: row.version_matches, unknown: row.unknown };
}

/** The members of a group. */
export interface PresentMembers {
  /** 16 bytes each. */
  readonly users: Uint8Array;
  readonly subgroups: readonly string[];
}

/** Bytes in a row: PostgreSQL writes the next one while we read this; one row of all takes half as long again. */
const PIECE = 32 * 1024;

/** All members as they are now, users as bytes: rows, arrays and texts cost PostgreSQL and us several times as much. */
export async function presentMembers(on: Statements, tenantId: string, groupId: string): Promise<PresentMembers> {
  const inGroup = sql`where tenant_id = ${tenantId}::uuid and group_id = ${groupId}::uuid`;
  const rows = await on.run(sql<{ users: Uint8Array; subgroups: string[] | null }>`
    with members as materialized (select coalesce(string_agg(uuid_send(user_id), ''), '') as users from membership ${inGroup})
    select substring(users from piece * ${PIECE}::integer + 1 for ${PIECE}::integer) as users,
      case when piece = 0 then array(select subgroup_id::text from nesting ${inGroup}) end as subgroups
    from members, generate_series(0, length(users) / ${PIECE}::integer) as piece order by piece`);
  return { users: Buffer.concat(rows.map(({ users }) => users)), subgroups: rows[0]!.subgroups! };
}
