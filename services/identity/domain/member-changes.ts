/** What changes of `members` come to, in order: a set of ids to add and one to remove, or the whole new set. */
import type { Json, JsonObject } from '../../../schema/change.js';
import { Failure } from '../../../schema/failure.js';
import { limits } from '../../../schema/resources.js';
import type { Filter } from '../../../schema/tree.js';
import type { MemberDelta } from '../store/membership-rows.js';
import { atChange, type ReadChange } from './apply-changes.js';

/** The ids of members as a client lists them; a member is a user where no type is said (Okta never says it). */
export function memberIds(value: Json | undefined): string[] {
  const elements = (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]) as readonly Json[];
  if (elements.length > limits.membersPerRequest) {
    throw new Failure('TOO_MANY', { detail: `One request takes at most ${limits.membersPerRequest} members; ${elements.length} were sent.` });
  }
  return elements.map(memberId);
}

function memberId(element: Json): string {
  const { value, type } = (typeof element === 'string' ? { value: element } : element ?? {}) as JsonObject;
  if (typeof value !== 'string' || value === '') {
    throw new Failure('INVALID_VALUE', { detail: 'Every member needs the id of a user as its "value".', field: 'members' });
  }
  if (typeof type === 'string' && type.toLowerCase() !== 'user') {
    throw new Failure('INVALID_VALUE', { detail: `Members are users; "${type.slice(0, 40)}" is not a type of member here.`, field: 'members' });
  }
  return value;
}

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
  readonly add: Set<string>;
  readonly remove: Set<string>;
}

function addTo(sets: Sets, ids: readonly string[]): void {
  for (const id of ids) {
    sets.add.add(id);
    sets.remove.delete(id);
  }
}

function removeFrom(sets: Sets, ids: readonly string[]): void {
  for (const id of ids) {
    sets.add.delete(id);
    if (!sets.exact) sets.remove.add(id);
  }
}

function replaceAll(sets: Sets, ids: readonly string[]): void {
  sets.exact = true;
  sets.add.clear();
  sets.remove.clear();
  addTo(sets, ids);
}

function apply(sets: Sets, change: ReadChange): void {
  const target = change.target.kind === 'attribute' ? change.target : undefined;
  if (target?.sub) throw new Failure('INVALID_PATH', { detail: 'A member is added or removed as a whole; its parts cannot be changed.' });
  if (target?.filter) {
    if (change.op !== 'remove') throw new Failure('MUTABILITY', { detail: 'A member is added or removed, never edited: add it to "members".' });
    return removeFrom(sets, idsInFilter(target.filter) ?? []);
  }
  const ids = memberIds(change.value);
  if (change.op === 'add') return addTo(sets, ids);
  if (change.op === 'replace') return replaceAll(sets, ids);
  // `remove` without a value means everybody (RFC 7644, 3.5.2.2); with a list just those (Entra, JumpCloud).
  return change.value === undefined || change.value === null ? replaceAll(sets, []) : removeFrom(sets, ids);
}

/** Folds the changes into one delta; undefined where there are none. */
export function memberDelta(changes: readonly ReadChange[]): MemberDelta | undefined {
  if (changes.length === 0) return undefined;
  const sets: Sets = { exact: false, add: new Set(), remove: new Set() };
  for (const change of changes) atChange(change, () => apply(sets, change));
  return sets.exact ? { kind: 'replace', members: [...sets.add] } : { kind: 'adjust', add: [...sets.add], remove: [...sets.remove] };
}
