/** The values that a removal names: what is none of them stays. */
import type { Attribute } from '../../../../schema/attribute.js';
import type { Json } from '../../../../schema/change.js';
import { checkElement } from '../../../../schema/check.js';
import { isNamedBy } from '../../../../schema/element.js';
import { heldIn, isObject } from '../../../../schema/held.js';
import { listOf, partsOf, type Task } from './change-task.js';

type IsNamed = (value: Json) => boolean;

export const asList = (value: Json): readonly Json[] => listOf(Array.isArray(value) ? value : [value]);

/** A value that names another; not all that is required of one is needed for that. */
function nameOf(attribute: Attribute, element: Json): Json {
  if (attribute.type !== 'complex' || element === null) return checkElement(attribute, element, attribute.name);
  const parts = partsOf(attribute, element).filter(([, part]) => part !== null);
  return parts.length === 0 ? null : Object.fromEntries(parts);
}

/** The values of the attribute that say something. */
export const namesIn = (attribute: Attribute, value: Json): readonly Json[] =>
  asList(value)
    .map((element) => nameOf(attribute, element))
    .filter((element) => element !== null);

/** Whether the change is about a value of its attribute; only removals name what they are about. */
export function isAbout({ target: { attribute, sub }, change, comparing }: Task): IsNamed {
  const one = sub ?? attribute;
  const names = change.op === 'remove' && !sub?.multiValued ? namesIn(one, change.value ?? null) : [];
  if (names.length === 0) return () => true;
  const isNamed = isNamedBy(one, names, comparing);
  return sub ? (element) => isNamed((isObject(element) ? heldIn(element, sub.name) : undefined) ?? null) : isNamed;
}
