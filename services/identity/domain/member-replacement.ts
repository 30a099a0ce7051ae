/** What making some ids the only members of a group comes to: who joins, who leaves. Those who stay, mostly nearly all, need no further look. */
import type { Statements } from '../store/database.js';
import { idAt, type IdSet } from '../store/id-set.js';
import { type Adjustment, presentMembers } from '../store/membership-rows.js';
import type { MemberChange } from './member-changes.js';
import type { NamedIds } from './named-ids.js';

/** Whom to add and to remove, and what was said of members that is yet to be checked. */
export interface Moves extends Adjustment, Pick<MemberChange, 'said'> {}

interface Difference {
  /** Those who are not in the set, each once, in the order in which they were named. */
  readonly others: ReadonlySet<string>;
  /** Those in the set who were not named. */
  readonly unnamed: readonly string[];
}

/** Where each of those named is in the set, and what is named at a place. Where all are UUIDs, as mostly, no text is made of those who stay. */
function placed(named: NamedIds, present: IdSet): { readonly places: Int32Array; readonly nameAt: (at: number) => string } {
  const bytes = named.bytes();
  if (bytes) return { places: present.placesOf(bytes), nameAt: (at) => idAt(bytes, at) };
  const list = named.list();
  return { places: Int32Array.from(list, (id) => present.placeOf(id)), nameAt: (at) => list[at]! };
}

export function difference(named: NamedIds, present: IdSet): Difference {
  const others = new Set<string>();
  const isNamed = new Uint8Array(present.size);
  const { places, nameAt } = placed(named, present);
  for (let at = 0; at < places.length; at += 1) {
    const place = places[at]!;
    if (place < 0) others.add(nameAt(at));
    else isNamed[place] = 1;
  }
  const unnamed: string[] = [];
  for (let place = isNamed.indexOf(0); place >= 0; place = isNamed.indexOf(0, place + 1)) unnamed.push(present.idAt(place));
  return { others, unnamed };
}

/** What makes the members those; the group must be locked, so that its members stay as they are. */
export async function movesTo(on: Statements, tenantId: string, groupId: string, members: NamedIds, said: MemberChange['said']): Promise<Moves> {
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
