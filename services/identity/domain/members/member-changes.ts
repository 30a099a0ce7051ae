/** What changes of `members` come to, in order: a set of ids to add and one to remove, or the whole new set. */
import type { Change, ChangeOperation, Json, JsonObject } from '../../../../schema/change.js';
import { Failure } from '../../../../schema/failure.js';
import { isList, isNull } from '../../../../schema/held.js';
import { limits, resourceTypes } from '../../../../schema/resources.js';
import type { Filter } from '../../../../schema/tree.js';
import type { MemberType } from '../../store/members/member-tables.js';
import { atChange, type ReadChange } from '../documents/apply-changes.js';
import { idOf, joinedIds, listedIds, type NamedIds } from './named-ids.js';

/** A member as a client names it: mostly by the id alone. */
export interface NamedMember {
  readonly id: string;
  readonly type?: MemberType | undefined;
}

/** Whom to add and to remove. */
export interface MemberAdjustment {
  readonly kind: 'adjust';
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** Who are to be the only members; an id may stand more than once. */
export interface Replacement {
  readonly kind: 'replace';
  readonly members: NamedIds;
}

export type MemberDelta = MemberAdjustment | Replacement;

/** Filters by which members go: `members[display sw "A"]`. */
export interface MemberSearch {
  readonly filters: readonly Filter[];
  /**
   * What the changes come to, given whom each of the filters finds among the members that the group has and those who are to join. A filter
   * says who somebody is, not since when somebody is a member: so it can be asked once, of everybody, whatever comes before and after it.
   */
  readonly settle: (found: readonly (readonly string[])[]) => MemberDelta;
}

export interface MemberChange {
  /** Where there are filters: what it comes to if these find nobody. Nobody else will join, and it is of the same kind. */
  readonly delta: MemberDelta;
  /** What clients have said of members: it must be so. */
  readonly said: readonly Required<NamedMember>[];
  /** Absent where all are named by their ids, as mostly. */
  readonly search?: MemberSearch | undefined;
}

/** The ids that a list names, as often as it does, and what it says of some of them. */
interface Named {
  readonly ids: NamedIds;
  readonly said: readonly Required<NamedMember>[];
}

function requireFew({ length }: { readonly length: number }): void {
  if (length <= limits.membersPerRequest) return;
  throw new Failure('TOO_MANY', { detail: `One request takes at most ${limits.membersPerRequest} members; ${length} were sent.` });
}

function joinedMembers(text: string): Named {
  const ids = joinedIds(text);
  requireFew(ids);
  return { ids, said: [] };
}

function namedMembers(value: Json | undefined): Named {
  const elements = isList(value) ? value : isNull(value) ? [] : [value];
  requireFew(elements);
  const said: Required<NamedMember>[] = [];
  const ids = elements.map((element) => {
    if (typeof element === 'string') return idOf(element);
    const { id, type } = namedMember((element ?? {}) as JsonObject);
    if (type) said.push({ id, type });
    return id;
  });
  return { ids: listedIds(ids), said };
}

const namedMember = ({ value, type }: JsonObject): NamedMember => ({
  id: idOf(value),
  type: typeof type === 'string' ? memberType(type) : undefined,
});

function memberType(type: string): MemberType {
  const known = resourceTypes.find(({ name }) => name.toLowerCase() === type.toLowerCase());
  if (!known) {
    throw new Failure('INVALID_VALUE', {
      detail: `Members are users and groups; "${type.slice(0, 40)}" is not a type of member here.`,
      field: 'members',
    });
  }
  return known.name;
}

/** Those who are to be members, whoever else is. */
export const namedIn = (delta: MemberDelta): { readonly length: number } => (delta.kind === 'adjust' ? delta.add : delta.members);

/** The ids in `members[value eq "a" or value eq "b"]`; undefined where the filter says something else. */
function idsInFilter(filter: Filter): string[] | undefined {
  if (filter.kind === 'or') {
    const ids = filter.terms.map(idsInFilter);
    return ids.includes(undefined) ? undefined : ids.flatMap((some) => some!);
  }
  const isId = filter.kind === 'compare' && filter.operator === 'eq' && filter.target.sub?.name === 'value';
  return isId && typeof filter.value === 'string' ? [filter.value] : undefined;
}

/** Members as a request lists them: as values, or of whom no more is said than their ids, by these in one text. */
export type Listed = Pick<Change, 'value' | 'joinedMemberIds'>;

interface Sets {
  /** Whether everybody who is not in `add` goes. */
  exact: boolean;
  /** The list that took everybody's place, as long as nothing came after it: a set of 100,000 is dear. */
  whole: NamedIds | undefined;
  readonly add: Set<string>;
  readonly remove: Set<string>;
  readonly said: Required<NamedMember>[];
  /** The changes whose filters matter: those since everybody's place was taken. */
  searches: ReadChange[];
}

const noSets = (): Sets => ({ exact: false, whole: undefined, add: new Set(), remove: new Set(), said: [], searches: [] });

const deltaOf = ({ exact, whole, add, remove }: Sets): MemberDelta =>
  exact ? { kind: 'replace', members: whole ?? listedIds([...add]) } : { kind: 'adjust', add: [...add], remove: [...remove] };

function unpack(sets: Sets): void {
  for (const id of sets.whole?.list() ?? []) sets.add.add(id);
  sets.whole = undefined;
}

function addTo(sets: Sets, ids: NamedIds): void {
  unpack(sets);
  for (const id of ids.list()) {
    sets.add.add(id);
    sets.remove.delete(id);
  }
}

function removeFrom(sets: Sets, ids: NamedIds): void {
  unpack(sets);
  for (const id of ids.list()) {
    sets.add.delete(id);
    if (!sets.exact) sets.remove.add(id);
  }
}

function replaceAll(sets: Sets, ids: NamedIds): void {
  sets.exact = true;
  sets.add.clear();
  sets.remove.clear();
  sets.searches = [];
  sets.whole = ids;
}

/** Who is named by two ids in one text is nobody, and would stay without a word; whoever is added by such a text is refused as unknown. */
function refuseJoined(ids: NamedIds): void {
  if (ids.bytes() || !ids.list().some((id) => id.includes(','))) return;
  throw new Failure('INVALID_VALUE', { field: 'members', detail: 'A member has one id as its "value": list each member by its own.' });
}

function applyList(sets: Sets, op: ChangeOperation, { value, joinedMemberIds: joined }: Listed): void {
  const { ids, said } = typeof joined === 'string' ? joinedMembers(joined) : namedMembers(value);
  for (const one of said) sets.said.push(one);
  if (op === 'add') return addTo(sets, ids);
  if (op === 'replace') return replaceAll(sets, ids);
  refuseJoined(ids);
  // `remove` without a value means everybody (RFC 7644, 3.5.2.2); with a list just those (Entra, JumpCloud).
  return typeof joined !== 'string' && (value === undefined || value === null) ? replaceAll(sets, ids) : removeFrom(sets, ids);
}

/** Whom the filters of changes find; nobody where it is not known yet. */
type Found = ReadonlyMap<ReadChange, readonly string[]>;

const filterOf = ({ target }: ReadChange): Filter | undefined => (target.kind === 'attribute' ? target.filter : undefined);

/** Of those whom a filter finds the ones that the change names, if it names any; a filter of ids says enough. */
function meantBy(sets: Sets, { value }: ReadChange): (id: string) => boolean {
  if (isNull(value)) return () => true;
  const { ids, said } = namedMembers(value);
  for (const one of said) sets.said.push(one);
  const named = new Set(ids.list());
  return (id) => named.has(id);
}

function apply(sets: Sets, change: ReadChange, found: Found): void {
  const { op, target } = change;
  const filter = filterOf(change);
  if (target.kind === 'attribute' && target.sub) {
    throw new Failure('INVALID_PATH', { detail: 'A member is added or removed as a whole; its parts cannot be changed.' });
  }
  if (!filter) return applyList(sets, op, change);
  if (op !== 'remove') throw new Failure('MUTABILITY', { detail: 'A member is added or removed, never edited: add it to "members".' });
  const named = idsInFilter(filter);
  if (named) return removeFrom(sets, namedMembers(named).ids);
  sets.searches.push(change);
  const isMeant = meantBy(sets, change);
  return removeFrom(sets, listedIds((found.get(change) ?? []).filter(isMeant)));
}

function applyAll(changes: readonly ReadChange[], found: Found = new Map()): Sets {
  const sets = noSets();
  for (const change of changes) atChange(change, () => apply(sets, change, found));
  return sets;
}

function searchFor(searches: readonly ReadChange[], changes: readonly ReadChange[]): MemberSearch | undefined {
  if (searches.length === 0) return undefined;
  if (searches.length > limits.memberFilters) {
    throw new Failure('TOO_MANY', {
      field: 'members',
      detail: `One request takes at most ${limits.memberFilters} operations that look for members by a filter; ${searches.length} were sent. Name the members as in members[value eq "id"], join filters by "or", or send several requests.`,
    });
  }
  return {
    filters: searches.map((change) => filterOf(change)!),
    settle: (found) => deltaOf(applyAll(changes, new Map(searches.map((change, at) => [change, found[at]!])))),
  };
}

/** Folds the changes into one; undefined where there are none. */
export function memberChange(changes: readonly ReadChange[]): MemberChange | undefined {
  if (changes.length === 0) return undefined;
  const sets = applyAll(changes);
  return { delta: deltaOf(sets), said: sets.said, search: searchFor(sets.searches, changes) };
}

/** One operation on members as a whole. */
export function memberListChange(op: ChangeOperation, listed: Listed): MemberChange {
  const sets = noSets();
  applyList(sets, op, listed);
  return { delta: deltaOf(sets), said: sets.said };
}
