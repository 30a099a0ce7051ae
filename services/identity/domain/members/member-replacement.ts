/**
 * What making some ids the only members of a group comes to: who joins, who leaves. Those who stay, mostly nearly all, need no further
 * look.
 */
import { setImmediate } from 'node:timers/promises';
import type { Statements } from '../../store/connection/database.js';
import { ID_BYTES, idAt, type IdSet, idSet } from '../../store/members/id-set.js';
import { type Adjustment, presentMembers } from '../../store/members/membership-rows.js';
import type { MemberChange } from './member-changes.js';
import type { NamedIds } from './named-ids.js';

/** Whom to add and to remove, and what was said of members that is yet to be checked. */
export interface Moves extends Adjustment, Pick<MemberChange, 'said'> {}

interface Difference {
  /** Those named who are not there, each once, in the order in which they were named. */
  readonly others: ReadonlySet<string>;
  /** Those who are there and were not named. */
  readonly unnamed: readonly string[];
}

/** The ids named, to be found by the bytes of those who are there. Where all are UUIDs, as mostly, no text is made of those who stay. */
function setOf(named: NamedIds): IdSet {
  const bytes = named.bytes();
  if (bytes) return idSet(bytes);
  const list = named.list();
  const firsts = new Map<string, number>();
  for (const [at, id] of list.entries()) if (!firsts.has(id)) firsts.set(id, at);
  return {
    placesOf: (some) => Int32Array.from({ length: some.length / ID_BYTES }, (_, at) => firsts.get(idAt(some, at)) ?? -1),
    firstOf: (at) => firsts.get(list[at]!)!,
    idAt: (at) => list[at]!,
  };
}

function difference(named: IdSet, count: number, present: Uint8Array): Difference {
  const isPresent = new Uint8Array(count);
  const unnamed: string[] = [];
  for (const [at, place] of named.placesOf(present).entries()) {
    if (place < 0) unnamed.push(idAt(present, at));
    else isPresent[place] = 1;
  }
  const others = new Set<string>();
  for (let at = isPresent.indexOf(0); at >= 0; at = isPresent.indexOf(0, at + 1)) {
    if (isPresent[named.firstOf(at)] === 0) others.add(named.idAt(at));
  }
  return { others, unnamed };
}

/** What makes the members those; the group must be locked, so that its members stay as they are. */
export async function movesTo(
  on: Statements,
  tenantId: string,
  groupId: string,
  members: NamedIds,
  said: MemberChange['said'],
): Promise<Moves> {
  if (members.length === 0) return { add: [], remove: 'all', said };
  // The set is made once the question is on its way, while PostgreSQL is at work on it.
  const [{ users, subgroups }, named] = await Promise.all([
    presentMembers(on, tenantId, groupId),
    setImmediate().then(() => setOf(members)),
  ]);
  const { others, unnamed } = difference(named, members.length, users);
  const nested = new Set(subgroups);
  return {
    add: [...others].filter((id) => !nested.has(id)),
    remove: [...unnamed, ...subgroups.filter((id) => !others.has(id))],
    said: said.filter(({ id, type }) => type !== 'User' || others.has(id)), // whoever is there as a user is one
  };
}
