/** What making some ids the only members of a group comes to: who joins, who leaves. Those who stay, mostly nearly all, need no further look. */
import type { Statements } from '../store/database.js';
import type { IdSet } from '../store/id-set.js';
import { type Adjustment, presentMembers } from '../store/membership-rows.js';
import type { MemberChange } from './member-changes.js';

/** Whom to add and to remove, and what was said of members that is yet to be checked. */
export interface Moves extends Adjustment, Pick<MemberChange, 'said'> {}

interface Difference {
  /** Those who are not in the set, each once, in the order in which they were named. */
  readonly others: ReadonlySet<string>;
  /** Those in the set who were not named. */
  readonly unnamed: readonly string[];
}

function difference(named: readonly string[], present: IdSet): Difference {
  const others = new Set<string>();
  const isNamed = new Uint8Array(present.size);
  for (const id of named) {
    const place = present.placeOf(id);
    if (place < 0) others.add(id);
    else isNamed[place] = 1;
  }
  const unnamed: string[] = [];
  for (let place = isNamed.indexOf(0); place >= 0; place = isNamed.indexOf(0, place + 1)) unnamed.push(present.idAt(place));
  return { others, unnamed };
}

/** What makes the members those; the group must be locked, so that its members stay as they are. */
export async function movesTo(on: Statements, tenantId: string, groupId: string, members: readonly string[], said: MemberChange['said']): Promise<Moves> {
  if (members.length === 0) return { add: [], remove: 'all', said };
  const { users, subgroups } = await presentMembers(on, tenantId, groupId);
  const { others, unnamed } = difference(members, users);
  const nested = new Set(subgroups);
  return {
    add: [...others].filter((id) => !nested.has(id)),
    remove: [...unnamed, ...subgroups.filter((id) => !others.has(id))],
    said: said.filter(({ id, type }) => type !== 'User' || users.placeOf(id) < 0),
  };
}
