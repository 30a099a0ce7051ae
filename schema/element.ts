/**
 * What an element of a multi-valued attribute is: when two are the same one, which one is preferred, and which say nothing (RFC 7643, 2.4).
 */
import type { Attribute } from './attribute.js';
import type { Json } from './change.js';
import type { Comparing } from './comparison-budget.js';
import { heldIn, isObject } from './held.js';
import { oncePer, oncePerPair } from './once-per.js';
import { findAttribute } from './resources.js';

type KeyOf = (element: Json) => string;

/** What says something about a value but is none. */
const LABELS = ['display', 'type', 'primary'];

const declaresValues = oncePer(({ subAttributes = [] }: Attribute) => subAttributes.some(({ name }) => !LABELS.includes(name)));

/**
 * Whether an element of the attribute has labels and nothing that they would be of, as in `{"type": "mobile", "value": ""}` of Okta's and
 * OneLogin's templates.
 */
export function isOnlyLabels(attribute: Attribute, element: Json): boolean {
  if (!isObject(element)) return false;
  const names = Object.keys(element);
  return declaresValues(attribute) ? names.every((name) => LABELS.includes(name)) : names.join() === 'primary';
}

/** Whether the attribute has a preferred value. */
export const hasPrimary = oncePer(({ subAttributes = [] }: Attribute) =>
  subAttributes.some(({ name, type }) => name === 'primary' && type === 'boolean'),
);

export const isPrimary = (element: Json | undefined): boolean => isObject(element) && element['primary'] === true;

/**
 * By what elements are told apart: `value` and `type`, of which the same are not to be there twice; without a value all that they say but
 * `primary`. Case counts where the declaration says so. Each element is looked at once in a request, however many operations there are.
 */
export const identityOf = oncePerPair((comparing: Comparing, attribute: Attribute): KeyOf => {
  const ofValue = keyBy(attribute, ['value', 'type'], comparing);
  const names = (attribute.subAttributes ?? []).map(({ name }) => name).filter((name) => name !== 'primary');
  const ofParts = keyBy(attribute, names, comparing);
  const known = new Map<Json, string>();
  return (element) => {
    comparing.count(1);
    const made =
      known.get(element) ?? (isObject(element) && !Object.hasOwn(element, 'value') ? `parts ${ofParts(element)}` : ofValue(element));
    known.set(element, made);
    return made;
  };
});

/**
 * Which of the elements that are there each of those given is, by the keys of `identityOf`; its own key where it is none of them. One that
 * says a value and no type is the first of that value: Entra sends the type of a role when it creates a user, and not in a PATCH.
 */
export function keysAmong(attribute: Attribute, there: readonly Json[], given: readonly Json[], comparing: Comparing): KeyOf {
  const keyOf = identityOf(comparing, attribute);
  if (!declaresType(attribute) || !given.some(isUntyped)) return keyOf;
  const valueOf = keyBy(attribute, ['value'], comparing);
  const known = new Set(there.map(keyOf));
  const byValue = new Map<string, string>();
  for (const element of [...there, ...given.filter((one) => !isUntyped(one))]) {
    comparing.count(1);
    if (!byValue.has(valueOf(element))) byValue.set(valueOf(element), keyOf(element));
  }
  return (element) => (isUntyped(element) && !known.has(keyOf(element)) ? byValue.get(valueOf(element)) : undefined) ?? keyOf(element);
}

const declaresType = oncePer(({ subAttributes = [] }: Attribute) => subAttributes.some(({ name }) => name === 'type'));

const isUntyped = (element: Json): boolean => isObject(element) && Object.hasOwn(element, 'value') && !Object.hasOwn(element, 'type');

/** Whether an element is one of those named. One that names only part of an element means all that have that part. */
export function isNamedBy(attribute: Attribute, named: readonly Json[], comparing: Comparing): (element: Json) => boolean {
  const byParts = Map.groupBy(named, (one) => partsOf(one).join());
  const keySets = [...byParts.values()].map((alike) => {
    const key = keyBy(attribute, partsOf(alike[0]!), comparing);
    return { key, keys: new Set(alike.map(key)) };
  });
  return (element) =>
    keySets.some(({ key, keys }) => {
      comparing.count(1);
      return keys.has(key(element));
    });
}

function partsOf(element: Json): string[] {
  if (!isObject(element)) return [];
  const names = Object.keys(element);
  return names.includes('value') ? names.filter((name) => name === 'value' || name === 'type') : names;
}

/** Equal for elements that say the same in these parts; NUL is in no text that is kept. */
function keyBy(attribute: Attribute, names: readonly string[], comparing: Comparing): KeyOf {
  const isCaseExact = names.map((name) => findAttribute(attribute.subAttributes ?? [], name)?.caseExact ?? false);
  const keyOfText = (value: Json | undefined, caseExact: boolean) =>
    typeof value === 'string' && !caseExact ? comparing.fold(value) : textOf(value);
  return (element) => {
    if (!isObject(element)) return keyOfText(element, attribute.caseExact);
    return names.map((name, at) => keyOfText(heldIn(element, name), isCaseExact[at]!)).join('\0');
  };
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));
