/** The rules of groups in groups: no group contains itself, however far round, and the levels are limited. */
import { Failure } from '../../../../schema/failure.js';
import { limits } from '../../../../schema/resources.js';
import { groupTable } from '../../store/query/columns.js';
import type { Statements } from '../../store/connection/database.js';
import { heightsAround, idsAmong, type NestedIn, nestingAbove } from '../../store/members/nesting-rows.js';
import { findRows } from '../../store/resources/resource-rows.js';
import { isUuid } from '../../store/resources/uuid.js';
import type { Moves } from './member-replacement.js';

const refuse = (detail: string) => new Failure('INVALID_VALUE', { detail: `${detail} Nothing was changed.`, field: 'members' });

/** The groups among the members that come, and among those of whom something is said. */
export async function findSubgroups(on: Statements, tenantId: string, { add, said }: Moves): Promise<ReadonlySet<string>> {
  const ids = [...new Set([...add, ...said.map(({ id }) => id)])].filter(isUuid);
  return new Set(ids.length > 0 ? await idsAmong(on, groupTable, tenantId, ids) : []);
}

/** Fails with INVALID_VALUE where the group cannot contain the subgroups; the tenant's nesting must be locked. */
export async function refuseBadNesting(on: Statements, tenantId: string, groupId: string, subgroups: readonly string[]): Promise<void> {
  const { above, below, closes } = await heightsAround(on, tenantId, groupId, subgroups, limits.groupLevels);
  if (closes) {
    throw refuse(`A group cannot contain itself: ${await namesAlong(on, tenantId, await cycle(on, tenantId, groupId, subgroups))}.`);
  }
  const levels = above + below;
  if (levels > limits.groupLevels) {
    throw refuse(`Groups may be nested ${limits.groupLevels} levels deep at the most; these would be ${levels} or more.`);
  }
}

/** The ids along a shortest cycle that would come to be, from the group through one of the subgroups to the group again. */
async function cycle(on: Statements, tenantId: string, groupId: string, subgroups: readonly string[]): Promise<string[]> {
  const wayDown = shortestWays(groupId, await nestingAbove(on, tenantId, groupId));
  const found = [...wayDown.keys()].find((id) => subgroups.includes(id));
  const path = [groupId];
  for (let id = found; id !== undefined; id = wayDown.get(id)) path.push(id);
  return path;
}

/** For each group that contains this one: the next on the way down to it. The nearest come first. */
function shortestWays(groupId: string, nesting: readonly NestedIn[]): Map<string, string | undefined> {
  const containing = Map.groupBy(nesting, ({ subgroup }) => subgroup);
  const ways = new Map<string, string | undefined>([[groupId, undefined]]);
  for (const id of ways.keys()) for (const { group } of containing.get(id) ?? []) if (!ways.has(group)) ways.set(group, id);
  return ways;
}

const SHOWN_AT_EACH_END = 4;
const LONGEST_NAME = 40;

const shortened = (name: string) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1).trimEnd()}…` : name);

async function namesAlong(on: Statements, tenantId: string, path: readonly string[]): Promise<string> {
  const rows = await findRows(on, groupTable, tenantId, path, { wanted: ['displayName'] });
  const names = new Map(rows.map(({ id, attributes }) => [id, `"${shortened(attributes['displayName'] as string)}"`]));
  return shownPath(path.map((id) => names.get(id) ?? id));
}

function shownPath(steps: readonly string[]): string {
  const isLong = steps.length > 2 * SHOWN_AT_EACH_END + 1;
  return (isLong ? [...steps.slice(0, SHOWN_AT_EACH_END), '…', ...steps.slice(-SHOWN_AT_EACH_END)] : steps).join(' → ');
}

/** The refusal of new groups that would contain each other, by their names along the way round. */
export const circleOf = (names: readonly string[]): Failure =>
  refuse(`A group cannot contain itself: ${shownPath(names.map((name) => `"${shortened(name)}"`))}.`);
