/** What making some ids the only members of a group comes to: who joins, who leaves. Those who stay, mostly nearly all, need no further look. */
import type { Statements } from '../store/database.js';
import { type Adjustment, presentMembers } from '../store/membership-rows.js';
import type { MemberChange } from './member-changes.js';

/** Whom to add and to remove, and what was said of members that is yet to be checked. */
export interface Moves extends Adjustment, Pick<MemberChange, 'said'> {
  /** Where `add` has lost the order in which the ids were named: all that were. */
  readonly named?: readonly string[];
}

/** Ids in one order and not in the other list, each once. */
interface Difference {
  readonly came: readonly string[];
  readonly gone: readonly string[];
}

/** Walks through two lists in the same order, most of which are the same. Sets of 100,000 would take many times as long. */
function difference(wanted: readonly string[], present: readonly string[]): Difference {
  const [came, gone]: [string[], string[]] = [[], []];
  let at = 0;
  let last: string | undefined;
  for (const id of wanted) {
    if (id !== present[at] && id !== last) {
      while (at < present.length && present[at]! < id) gone.push(present[at++]!);
      if (id !== present[at]) came.push(id);
    }
    if (id === present[at]) at += 1;
    last = id;
  }
  return { came, gone: [...gone, ...present.slice(at)] };
}

/** What makes the members those; the group must be locked, so that its members stay as they are. */
export async function movesTo(on: Statements, tenantId: string, groupId: string, members: readonly string[], said: MemberChange['said']): Promise<Moves> {
  if (members.length === 0) return { add: [], remove: 'all', said };
  const { users, subgroups } = await presentMembers(on, tenantId, groupId);
  const { came, gone } = difference(members.toSorted(), users);
  const ofGroups = difference(came, subgroups);
  return { add: ofGroups.came, remove: [...gone, ...ofGroups.gone], said: said.length > 0 ? unproven(said, users) : [], named: members };
}

/** Those to add in the order in which they were named, for refusals. */
export function inOrderOf({ add, named }: Moves): readonly string[] {
  const added = new Set(add);
  return named ? [...new Set(named.filter((id) => added.has(id)))] : add;
}

function unproven(said: MemberChange['said'], users: readonly string[]): MemberChange['said'] {
  const known = new Set(users);
  return said.filter(({ id, type }) => type !== 'User' || !known.has(id));
}
