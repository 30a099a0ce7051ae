/** One change at one attribute, and what it makes of a complex value. */
import type { Attribute } from '../../../../schema/attribute.js';
import type { Json, JsonObject } from '../../../../schema/change.js';
import { checkElement, checkValue } from '../../../../schema/check.js';
import type { Comparing } from '../../../../schema/comparison-budget.js';
import { Failure } from '../../../../schema/failure.js';
import { isList, isObject } from '../../../../schema/held.js';
import { findAttribute } from '../../../../schema/resources.js';
import type { Path } from '../../../../schema/tree.js';
import type { ReadChange } from './apply-changes.js';

export type Mutable = Record<string, Json>;

export interface Task {
  /** Where the attribute is: the document, or an extension in it. */
  readonly container: Mutable;
  readonly target: Extract<Path, { kind: 'attribute' }>;
  readonly change: ReadChange;
  readonly comparing: Comparing;
}

type Part = readonly [name: string, value: Json];

export const listOf = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);
/** Some clients send the one value of a filtered path as a list. */
const onlyOne = (value: Json): Json => (Array.isArray(value) && value.length === 1 ? (value[0] as Json) : value);

/** Where nothing is left, nothing is there: an extension of which a part of nothing was taken away has not begun. */
export function setOrDelete(object: Mutable, name: string, value: Json): void {
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) delete object[name];
  else object[name] = value;
}

/** A name that is nobody's: the facade leaves those of identity providers out; to tools it is told, as everywhere. */
export const undeclared = (owner: string, name: string): Failure =>
  new Failure('INVALID_VALUE', { detail: `"${owner}" has no attribute "${name.slice(0, 64).toWellFormed()}".` });

/** The sub-attributes that a value names, checked; null where one is to have no value. */
export function partsOf(attribute: Attribute, value: Json): Part[] {
  if (!isObject(value)) throw new Failure('INVALID_VALUE', { detail: `"${attribute.name}" takes an object with its sub-attributes.` });
  return Object.entries(value).flatMap(([name, part]) => {
    const sub = findAttribute(attribute.subAttributes ?? [], name);
    if (!sub) throw undeclared(attribute.name, name);
    return sub.mutability !== 'readOnly' ? [[sub.name, checkValue(sub, part, `${attribute.name}.${sub.name}`)] as const] : [];
  });
}

/** The complex value with these parts in place of what it had; the others stay. */
export function withParts(value: Json | undefined, parts: readonly Part[]): JsonObject {
  const merged: Mutable = { ...(isObject(value) ? value : {}) };
  for (const [name, part] of parts) setOrDelete(merged, name, part);
  return merged;
}

/**
 * What the change makes of each complex value that it is about, null where nothing is to be left. Its own value is checked once, for
 * however many.
 */
export function editOf({ attribute, sub }: Task['target'], change: ReadChange): (element: Json) => Json {
  const value = change.op === 'remove' ? null : (change.value ?? null);
  const whole = onlyOne(value);
  if (!sub && whole === null) return () => null;
  if (!sub && attribute.type !== 'complex') {
    const given = checkElement(attribute, whole, attribute.name);
    return () => given;
  }
  const parts = sub ? [[sub.name, checkValue(sub, value, `${attribute.name}.${sub.name}`)] as const] : partsOf(attribute, whole);
  return (element) => withParts(element, parts);
}
