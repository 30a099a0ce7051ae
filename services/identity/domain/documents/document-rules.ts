/** The rules of a resource's document, whoever writes it: defaults, what a PUT keeps, what differs. */
import { isDeepStrictEqual } from 'node:util';
import type { Attribute, Schema } from '../../../../schema/attribute.js';
import type { Json, JsonObject } from '../../../../schema/change.js';
import { checkAttributes } from '../../../../schema/check.js';
import { Failure } from '../../../../schema/failure.js';
import { toComparable } from '../../../../schema/fold.js';
import { heldIn, isObject, isSame } from '../../../../schema/held.js';
import { coreAttributes, findAttribute, type ResourceType } from '../../../../schema/resources.js';
import { storable } from './document-size.js';
import { isUnseen, withUnseenParts } from './unseen-parts.js';

/** What differs between two of a kind: the names with their old and new values. */
export interface Difference {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** Only the attributes that differ. */
export function difference(before: JsonObject, after: JsonObject): Difference {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  );
  const pick = (from: JsonObject): JsonObject =>
    Object.fromEntries(names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]!]));
  return { before: pick(before), after: pick(after) };
}

/** The document with the defaults of what has no value. */
export function withDefaults(type: ResourceType, input: JsonObject): JsonObject {
  const defaults = coreAttributes(type).filter(({ name, defaultValue }) => defaultValue !== undefined && (input[name] ?? null) === null);
  return { ...input, ...Object.fromEntries(defaults.map(({ name, defaultValue }) => [name, defaultValue as Json])) };
}

/** What has a default has no cleared state to ask for: null is as good as absent. */
const isAbsent = ({ defaultValue }: Attribute, given: Json | undefined): boolean =>
  given === undefined || (defaultValue !== undefined && given === null);

/** The attributes that have a value and keep it, as the declaration says, where none is given. */
function keptOf(attributes: readonly Attribute[], input: JsonObject, current: JsonObject): readonly Attribute[] {
  const held = attributes.filter(
    (attribute) =>
      Object.hasOwn(current, attribute.name) &&
      !attribute.isRelation &&
      (attribute.keptWhenAbsent === true || isUnseen(attribute, current[attribute.name]!)),
  );
  if (held.length === 0) return held;
  const given = new Map(Object.entries(input).map(([key, value]) => [findAttribute(attributes, key), value]));
  return held.filter((attribute) => isAbsent(attribute, given.get(attribute)));
}

const valuesOf = (attributes: readonly Attribute[], document: JsonObject): JsonObject =>
  Object.fromEntries(attributes.map(({ name }) => [name, document[name]!]));

/** PUT clears what is absent, except what the declaration keeps: a missing `active` must not bring a leaver back. */
export function withKept(type: ResourceType, input: JsonObject, current: JsonObject): JsonObject {
  const kept: Record<string, Json> = {
    ...input,
    ...valuesOf(keptOf(coreAttributes(type), input, current), current),
    ...madeAnew(coreAttributes(type), input, current),
  };
  for (const { id, attributes } of type.extensions) {
    const [old, given] = [heldIn(current, id), heldIn(input, id)];
    if (!isObject(old) || given === null) continue;
    const values = (given ?? {}) as JsonObject;
    const staying = withRequired(attributes, keptOf(attributes, values, old), old, Object.keys(values).length === 0);
    const whole = withUnseenParts(attributes, values, old);
    if (staying.length > 0 || whole !== values) kept[id] = { ...whole, ...valuesOf(staying, old) };
  }
  return kept;
}

/**
 * Okta answers a GET with a PUT, in which only those parts of a name are new that it maps. A whole name that was made of the parts, and
 * comes back as it was, follows them; any other is the client's own.
 */
function madeAnew(attributes: readonly Attribute[], input: JsonObject, current: JsonObject): JsonObject {
  const made = attributes.flatMap(({ name, subAttributes = [] }) => {
    const [old, given] = [heldIn(current, name), heldIn(input, name)];
    const sub = subAttributes.find(({ madeOf }) => madeOf);
    if (!sub || !isObject(old) || !isObject(given)) return [];
    const [before, now] = [old, given].map((value) => joined(value, sub.madeOf!));
    const isEchoed = before !== undefined && old[sub.name] === before && given[sub.name] === before;
    return isEchoed && now !== undefined ? [[name, { ...given, [sub.name]: now }]] : [];
  });
  return Object.fromEntries(made) as JsonObject;
}

/** Undefined where one of the parts has no value: what the whole was made of is not known then. */
function joined(value: JsonObject, names: readonly string[]): string | undefined {
  const parts = names.flatMap((name) => {
    const part = heldIn(value, name);
    return typeof part === 'string' ? [part] : [];
  });
  return parts.length === names.length ? parts.join(' ') : undefined;
}

/**
 * Where the whole extension is left out, as by a PUT of a provider that does not know it, what is required stays beside what stays by
 * itself: without it the extension would be one that nobody could have written.
 */
const withRequired = (
  attributes: readonly Attribute[],
  staying: readonly Attribute[],
  old: JsonObject,
  isLeftOut: boolean,
): readonly Attribute[] =>
  isLeftOut && staying.length > 0
    ? attributes.filter((attribute) => staying.includes(attribute) || (attribute.required && Object.hasOwn(old, attribute.name)))
    : staying;

/** The document of a new resource, checked. Fails with INVALID_VALUE. */
export const newDocument = (type: ResourceType, input: JsonObject): JsonObject =>
  storable(checkAttributes(type, withDefaults(type, input)));

/** The document in place of the current one, checked where it differs, with what is set once. Fails with INVALID_VALUE, MUTABILITY. */
export const checkedAgainst = (type: ResourceType, current: JsonObject, next: JsonObject): JsonObject =>
  withImmutables(type, current, checkAttributes(type, next, current));

/** What may be set once (RFC 7643, section 7): absent it stays, another value is refused. */
function withImmutables(type: ResourceType, current: JsonObject, next: JsonObject): JsonObject {
  let kept = next;
  for (const extension of type.extensions) {
    const [old, now] = [current, next].map((document) => document[extension.id] as JsonObject | undefined);
    const staying = old ? stayingIn(extension, old, now) : [];
    if (staying.length > 0) kept = { ...kept, [extension.id]: { ...now, ...valuesOf(staying, old!) } };
  }
  return kept;
}

/** Case makes no other value where the declaration says that it does not count. */
const isAnother = (attribute: Attribute, given: Json | undefined, old: Json): boolean =>
  given !== undefined && !isSame(toComparable(attribute, given), toComparable(attribute, old));

/** The attributes of an extension that are set once and keep their values. */
function stayingIn({ id, attributes }: Schema, old: JsonObject, now: JsonObject | undefined): readonly Attribute[] {
  const fixed = attributes.filter(({ name, mutability }) => mutability === 'immutable' && Object.hasOwn(old, name));
  const changed = fixed.find((attribute) => isAnother(attribute, heldIn(now, attribute.name), old[attribute.name]!));
  if (changed) {
    throw new Failure('MUTABILITY', { field: `${id}:${changed.name}`, detail: `"${changed.name}" is set once and cannot be changed.` });
  }
  return withRequired(attributes, fixed, old, now === undefined);
}
