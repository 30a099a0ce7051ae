/** What changes of `members` come to, in order: a set of ids to add and one to remove, or the whole new set. */
import type { ChangeOperation, Json, JsonObject } from '../../../schema/change.js';
import { Failure } from '../../../schema/failure.js';
import { limits, resourceTypes } from '../../../schema/resources.js';
import type { Filter } from '../../../schema/tree.js';
import type { MemberType } from '../store/member-tables.js';
import { isUuid } from '../store/uuid.js';
import { atChange, type ReadChange } from './apply-changes.js';

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
  readonly members: readonly string[];
}

export type MemberDelta = MemberAdjustment | Replacement;

export interface MemberChange {
  readonly delta: MemberDelta;
  /** What clients have said of members: it must be so. */
  readonly said: readonly Required<NamedMember>[];
}

/** The ids that a list names, as often as it does, and what it says of some of them. */
interface Named {
  readonly ids: readonly string[];
  readonly said: readonly Required<NamedMember>[];
}

function namedMembers(value: Json | undefined): Named {
  const elements = (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]) as readonly Json[];
  if (elements.length > limits.membersPerRequest) {
    throw new Failure('TOO_MANY', { detail: `One request takes at most ${limits.membersPerRequest} members; ${elements.length} were sent.` });
  }
  const said: Required<NamedMember>[] = [];
  const ids = elements.map((element) => {
    if (typeof element === 'string') return idOf(element);
    const { id, type } = namedMember((element ?? {}) as JsonObject);
    if (type) said.push({ id, type });
    return id;
  });
  return { ids, said };
}

const namedMember = ({ value, type }: JsonObject): NamedMember => ({ id: idOf(value), type: typeof type === 'string' ? memberType(type) : undefined });

function idOf(value: Json | undefined): string {
  if (typeof value !== 'string' || value === '') {
    throw new Failure('INVALID_VALUE', { detail: 'Every member needs the id of a user or a group as its "value".', field: 'members' });
  }
  const folded = value.toLowerCase();
  return folded !== value && isUuid(value) ? folded : value;
}

function memberType(type: string): MemberType {
  const known = resourceTypes.find(({ name }) => name.toLowerCase() === type.toLowerCase());
  if (!known) throw new Failure('INVALID_VALUE', { detail: `Members are users and groups; "${type.slice(0, 40)}" is not a type of member here.`, field: 'members' });
  return known.name;
}

/** The ids of those who are to be members, whoever else is. */
export const namedIn = (delta: MemberDelta): readonly string[] => (delta.kind === 'adjust' ? delta.add : delta.members);

/** The ids in `members[value eq "a" or value eq "b"]`; undefined where the filter says something else. */
export function idsInFilter(filter: Filter): string[] | undefined {
  if (filter.kind === 'or') {
    const ids = filter.terms.map(idsInFilter);
    return ids.includes(undefined) ? undefined : ids.flatMap((some) => some!);
  }
  const isId = filter.kind === 'compare' && filter.operator === 'eq' && filter.target.sub?.name === 'value';
  return isId && typeof filter.value === 'string' ? [filter.value] : undefined;
}

interface Sets {
  /** Whether everybody who is not in `add` goes. */
  exact: boolean;
  /** The list that took everybody's place, as long as nothing came after it: a set of 100,000 is dear. */
  whole: readonly string[] | undefined;
  readonly add: Set<string>;
  readonly remove: Set<string>;
  readonly said: Required<NamedMember>[];
}

const noSets = (): Sets => ({ exact: false, whole: undefined, add: new Set(), remove: new Set(), said: [] });

const changeOf = ({ exact, whole, add, remove, said }: Sets): MemberChange =>
  ({ delta: exact ? { kind: 'replace', members: whole ?? [...add] } : { kind: 'adjust', add: [...add], remove: [...remove] }, said });

function unpack(sets: Sets): void {
  for (const id of sets.whole ?? []) sets.add.add(id);
  sets.whole = undefined;
}

function addTo(sets: Sets, ids: readonly string[]): void {
  unpack(sets);
  for (const id of ids) {
    sets.add.add(id);
    sets.remove.delete(id);
  }
}

function removeFrom(sets: Sets, ids: readonly string[]): void {
  unpack(sets);
  for (const id of ids) {
    sets.add.delete(id);
    if (!sets.exact) sets.remove.add(id);
  }
}

function replaceAll(sets: Sets, ids: readonly string[]): void {
  sets.exact = true;
  sets.add.clear();
  sets.remove.clear();
  sets.whole = ids;
}

function applyList(sets: Sets, op: ChangeOperation, value: Json | undefined): void {
  const { ids, said } = namedMembers(value);
  for (const one of said) sets.said.push(one);
  if (op === 'add') return addTo(sets, ids);
  if (op === 'replace') return replaceAll(sets, ids);
  // `remove` without a value means everybody (RFC 7644, 3.5.2.2); with a list just those (Entra, JumpCloud).
  return value === undefined || value === null ? replaceAll(sets, []) : removeFrom(sets, ids);
}

function apply(sets: Sets, { op, target, value }: ReadChange): void {
  const { sub, filter } = target.kind === 'attribute' ? target : {};
  if (sub) throw new Failure('INVALID_PATH', { detail: 'A member is added or removed as a whole; its parts cannot be changed.' });
  if (!filter) return applyList(sets, op, value);
  if (op !== 'remove') throw new Failure('MUTABILITY', { detail: 'A member is added or removed, never edited: add it to "members".' });
  return removeFrom(sets, namedMembers(idsInFilter(filter)).ids);
}

/** Folds the changes into one; undefined where there are none. */
export function memberChange(changes: readonly ReadChange[]): MemberChange | undefined {
  if (changes.length === 0) return undefined;
  const sets = noSets();
  for (const change of changes) atChange(change, () => apply(sets, change));
  return changeOf(sets);
}

/** One operation on members as a whole. */
export function memberListChange(op: ChangeOperation, value: Json): MemberChange {
  const sets = noSets();
  applyList(sets, op, value);
  return changeOf(sets);
}
