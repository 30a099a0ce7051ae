/** Values as clients send them -> values of the declared kind. `undefined` is "no value". The core checks them again, strictly. */
import type { Attribute } from '../../schema/attribute.js';
import type { Json, JsonObject } from '../../schema/change.js';
import { isOnlyLabels } from '../../schema/element.js';
import { Failure, type FailureCode } from '../../schema/failure.js';
import { idByAddress } from '../../schema/references.js';
import { findAttribute, limits } from '../../schema/resources.js';
import { takes, toNumber } from '../../schema/value.js';
import { bareOf, booleanOf, elementOf, isNothing, isObject, listOf, singleOf, textOf } from './dialects.js';
import { unpacked } from './packed-values.js';

/** What the service sets itself, and what it takes and never keeps: left out without a word (RFC 7644, 3.3). */
export const isIgnored = ({ mutability }: Attribute): boolean => mutability === 'readOnly' || mutability === 'writeOnly';

export const subAttributesOf = (attribute: Attribute): readonly Attribute[] => attribute.subAttributes ?? [];

/** Fits a value to its attribute: a list where it is multi-valued. Throws INVALID_VALUE that names the attribute. */
export const fitAttribute = (attribute: Attribute, value: Json, field = attribute.name): Json | undefined =>
  attribute.multiValued
    ? fitList(attribute, value, field, (element) => fitElement(attribute, element, field))
    : fitOne(attribute, singleOf(value), field);

/** Fits one value of the attribute, multi-valued or not. */
export function fitOne(attribute: Attribute, given: Json, field: string): Json | undefined {
  const value = attribute.type === 'complex' ? given : bareOf(given);
  if (isNothing(value)) return undefined;
  const fitted = attribute.type === 'complex' ? fitComplex(attribute, value, field) : fitScalar(attribute, value);
  if (fitted === undefined) throw invalid(field, `takes ${takes(attribute)}`);
  return attribute.type === 'complex' && Object.keys(fitted as JsonObject).length === 0 ? undefined : fitted;
}

/**
 * Fits a whole list. An element of a relation that says no more than its one required text, beside what is ignored, becomes that text: such
 * are nearly all members, of whom a request may have 100,000.
 */
export function fitWhole(attribute: Attribute, value: Json, field: string): Json | undefined {
  const fit: Fit = (element) => fitElement(attribute, element, field);
  if (!attribute.isRelation) return fitList(attribute, value, field, fit);
  const subs = new Map(subAttributesOf(attribute).map((sub) => [sub.name, sub]));
  return fitList(attribute, value, field, (element) => soleText(subs, element) ?? fit(element));
}

/**
 * Fits the values that a removal names. One that has but labels means all that have these, unless the rest is there and empty: then it is a
 * template that nobody has filled in.
 */
export function fitNamed(attribute: Attribute, value: Json, field: string): Json | undefined {
  if (attribute.isRelation) return fitWhole(attribute, value, field);
  return fitList(attribute, value, field, (element) => {
    const fitted = fitOne(attribute, element, field);
    const isUnfilled = isObject(element) && partsOf(attribute, element).some(({ part }) => isNothing(part));
    return isUnfilled && fitted !== undefined && isOnlyLabels(attribute, fitted) ? undefined : fitted;
  });
}

function soleText(subs: ReadonlyMap<string, Attribute>, element: Json): string | undefined {
  if (typeof element === 'string' && !isNothing(element)) return element;
  if (typeof element === 'number') return textOf(element); // as an object it would be seven times as long
  if (!isObject(element)) return undefined;
  let text: string | undefined;
  for (const key in element) {
    // makes no list of the keys
    const sub = subs.get(key);
    if (!sub) return undefined;
    if (isIgnored(sub)) continue;
    const part = element[key];
    if (!sub.required || typeof part !== 'string' || isNothing(part)) return undefined;
    text = part;
  }
  return text;
}

type Fit = (element: Json) => Json | undefined;

function fitList(attribute: Attribute, value: Json, field: string, fit: Fit): Json | undefined {
  const list = listOf(value);
  const most = attribute.isRelation ? limits.membersPerRequest : limits.multiValues;
  if (list.length > most) throw refused('TOO_MANY', field, `takes at most ${most} values; ${list.length} were sent`);
  const fitted = list.map(fit).filter((element) => element !== undefined);
  return fitted.length === 0 ? undefined : fitted;
}

function fitElement(attribute: Attribute, value: Json, field: string): Json | undefined {
  const fitted = fitOne(attribute, value, field);
  if (fitted === undefined) requireSubs(attribute, {}, field);
  return attribute.type === 'complex' && fitted !== undefined && isOnlyLabels(attribute, fitted) ? undefined : fitted;
}

function fitComplex(attribute: Attribute, value: Json, field: string): JsonObject | undefined {
  const said = elementOf(value);
  if (!said || (said !== value && !findAttribute(subAttributesOf(attribute), 'value'))) return undefined;
  const parts = unpacked(attribute, said);
  const fitted: Record<string, Json> = {};
  for (const { sub, part } of partsOf(attribute, parts)) {
    const fittedPart = fitAttribute(sub, part, `${field}.${sub.name}`);
    if (fittedPart !== undefined) fitted[sub.name] = fittedPart;
  }
  const id = idByAddress(attribute, parts);
  if (id !== undefined) fitted['value'] = id;
  requireSubs(attribute, fitted, field);
  return fitted;
}

/**
 * The parts of a complex value that are the client's to write, each once: what is in our own spelling is an echo where it is in another,
 * too (`saidIn`).
 */
export function partsOf(attribute: Attribute, value: JsonObject): readonly { readonly sub: Attribute; readonly part: Json }[] {
  const parts = Object.entries(value).flatMap(([key, part]) => {
    const sub = findAttribute(subAttributesOf(attribute), key);
    return sub && !isIgnored(sub) ? [{ sub, part, isExact: key === sub.name }] : [];
  });
  if (parts.every(({ isExact }) => isExact)) return parts;
  return [
    ...new Map(
      [...parts.filter(({ isExact }) => isExact), ...parts.filter(({ isExact }) => !isExact)].map((one) => [one.sub, one]),
    ).values(),
  ];
}

function fitScalar(attribute: Attribute, value: Json): Json | undefined {
  switch (attribute.type) {
    case 'boolean':
      return booleanOf(value);
    case 'integer':
    case 'decimal':
      return toNumber(attribute, textOf(value) ?? '');
    default:
      return textOf(value);
  }
}

/** Of an element of a relation. Of any other value the core says what is missing: it knows what was there, and leaves that alone. */
function requireSubs(attribute: Attribute, fitted: JsonObject, field: string): void {
  const missing = attribute.isRelation && subAttributesOf(attribute).find(({ name, required }) => required && !Object.hasOwn(fitted, name));
  if (missing) throw invalid(field, `needs "${missing.name}" in each of its values`);
}

/** The refusal of a value, naming the attribute. */
export const invalid = (field: string, sentence: string): Failure => refused('INVALID_VALUE', field, sentence);

const refused = (code: FailureCode, field: string, sentence: string): Failure =>
  new Failure(code, { detail: `The attribute "${field}" ${sentence}.`, field });
