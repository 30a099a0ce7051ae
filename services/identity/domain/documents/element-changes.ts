/** Changes of the elements of a multi-valued attribute: some are added, replaced, removed, or changed where a filter says so. */
import type { Attribute } from '../../../../schema/attribute.js';
import type { Json } from '../../../../schema/change.js';
import { checkElements, checkValue } from '../../../../schema/check.js';
import type { Comparing } from '../../../../schema/comparison-budget.js';
import { isNamedBy } from '../../../../schema/element.js';
import { added, edited, elementsOf, foundBy, withDescribed } from '../../../../schema/element-edits.js';
import { Failure } from '../../../../schema/failure.js';
import { heldIn } from '../../../../schema/held.js';
import { formatRef } from '../../../../schema/path.js';
import type { Filter } from '../../../../schema/tree.js';
import { editOf, listOf, setOrDelete, type Task } from './change-task.js';
import { asList, isAbout, namesIn } from './named-values.js';

/** A list as a whole: `emails`. */
export function applyToList(task: Task): void {
  const {
    container,
    target: { attribute },
  } = task;
  setOrDelete(container, attribute.name, changedList(task, listOf(heldIn(container, attribute.name))));
}

function changedList({ target, change, comparing }: Task, old: readonly Json[]): Json {
  const { attribute } = target;
  const value = change.value === undefined || change.value === null ? null : asList(change.value);
  if (change.op === 'remove') return value === null ? null : without(attribute, old, value, comparing);
  if (change.op === 'replace') return value === null ? null : checkValue(attribute, value, formatRef(target));
  return value === null ? old : added(attribute, old, checkElements(attribute, value, formatRef(target)), comparing);
}

/** Removes the values named, and no other. */
function without(attribute: Attribute, old: readonly Json[], value: Json, comparing: Comparing): Json {
  const isNamed = isNamedBy(attribute, namesIn(attribute, value), comparing);
  return old.filter((element) => !isNamed(element));
}

/** The elements that a filter finds: `emails[type eq "work"]`, or a sub-attribute of them. */
export function applyToElements(task: Task, filter: Filter): void {
  const { container, target, change, comparing } = task;
  const { attribute, sub } = target;
  const elements = elementsOf(attribute, heldIn(container, attribute.name));
  const isFound = foundBy(attribute, filter, comparing);
  const isNamed = isAbout(task);
  const isMeant = elements.map((element) => isFound(element) && isNamed(element));
  const store = (all: readonly Json[]) => setOrDelete(container, attribute.name, attribute.multiValued ? all : (all[0] ?? null));
  if (change.op !== 'remove') return store(written(task, filter, elements, isMeant));
  if (!isMeant.includes(true)) return;
  if (!sub) return store(elements.filter((_, at) => !isMeant[at]));
  const edit = editOf(target, change);
  store(elements.map((element, at) => (isMeant[at] ? edit(element) : element)));
}

/** The elements with what is said of those that are meant, or with a new one that is as the filter says. */
function written(
  { target, change, comparing }: Task,
  filter: Filter,
  elements: readonly Json[],
  isMeant: readonly boolean[],
): readonly Json[] {
  const { attribute } = target;
  if (isMeant.includes(true)) return edited(attribute, elements, isMeant, editOf(target, change));
  const after = withDescribed(attribute, elements, filter, (described) => editOf(target, change)(described), comparing);
  if (after) return after;
  throw new Failure('NO_TARGET', { detail: 'The filter matches no value, and does not say what a new one would be; use "eq" for that.' });
}
