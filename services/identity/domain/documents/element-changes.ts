/** Changes of the elements of a multi-valued attribute: some are added, replaced, removed, or changed where a filter says so. */
import type { Attribute } from '../../../../schema/attribute.js';
import type { Json } from '../../../../schema/change.js';
import { checkElements, checkValue } from '../../../../schema/check.js';
import type { Comparing } from '../../../../schema/comparison-budget.js';
import { isNamedBy } from '../../../../schema/element.js';
import { added, describedElement, withPrimaryOf } from '../../../../schema/element-edits.js';
import { Failure } from '../../../../schema/failure.js';
import { heldIn, isObject } from '../../../../schema/held.js';
import { elementMatcher } from '../../../../schema/match.js';
import { formatRef } from '../../../../schema/path.js';
import type { Filter } from '../../../../schema/tree.js';
import { editOf, listOf, type Mutable, setOrDelete, type Task } from './change-task.js';
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
  const elements = attribute.multiValued ? listOf(heldIn(container, attribute.name)) : [heldIn(container, attribute.name) ?? {}];
  const matches = elementMatcher(filter, comparing);
  const isNamed = isAbout(task);
  const isFound = (element: Json) => (attribute.type === 'complex' ? isObject(element) && matches(element) : matches({ value: element }));
  const isMeant = elements.map((element) => isFound(element) && isNamed(element));
  if (!isMeant.includes(true)) return void (change.op === 'remove' || addDescribed(task, filter, elements));
  if (change.op === 'remove' && !sub) {
    return store(
      container,
      attribute,
      elements.filter((_, at) => !isMeant[at]),
    );
  }
  const edit = editOf(target, change);
  const changed = elements.map((element, at) => (isMeant[at] ? edit(element) : element));
  store(
    container,
    attribute,
    change.op === 'remove'
      ? changed
      : withPrimaryOf(
          attribute,
          changed.filter((_, at) => isMeant[at]),
          changed,
        ),
  );
}

const store = (container: Mutable, attribute: Attribute, elements: readonly Json[]): void =>
  setOrDelete(container, attribute.name, attribute.multiValued ? elements : (elements[0] ?? null));

/** Entra builds an element by naming it: `emails[type eq "work"].value` where there is no work address yet. */
function addDescribed({ container, target, change, comparing }: Task, filter: Filter, elements: readonly Json[]): void {
  const { attribute } = target;
  const described = describedElement(filter);
  if (!described) {
    throw new Failure('NO_TARGET', { detail: 'The filter matches no value, and does not say what a new one would be; use "eq" for that.' });
  }
  const created = editOf(target, change)(described);
  store(container, attribute, added(attribute, attribute.multiValued ? elements : [], [created], comparing));
}
