/** The rules of a resource's document, whoever writes it: defaults, what a PUT keeps, what differs. */
import { isDeepStrictEqual } from 'node:util';
import type { Attribute, Schema } from '../../../schema/attribute.js';
import type { Json, JsonObject } from '../../../schema/change.js';
import { checkAttributes } from '../../../schema/check.js';
import { Failure } from '../../../schema/failure.js';
import { heldIn, isSame } from '../../../schema/held.js';
import { coreAttributes, type ResourceType } from '../../../schema/resources.js';
import { storable } from './document-size.js';

/** What differs between two of a kind: the names with their old and new values. */
export interface Difference {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** Only the attributes that differ. */
export function difference(before: JsonObject, after: JsonObject): Difference {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !isDeepStrictEqual(before[name], after[name]));
  const pick = (from: JsonObject): JsonObject => Object.fromEntries(names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]!]));
  return { before: pick(before), after: pick(after) };
}

/** The document with the defaults of what has no value. */
export function withDefaults(type: ResourceType, input: JsonObject): JsonObject {
  const defaults = coreAttributes(type).filter(({ name, defaultValue }) => defaultValue !== undefined && (input[name] ?? null) === null);
  return { ...input, ...Object.fromEntries(defaults.map(({ name, defaultValue }) => [name, defaultValue as Json])) };
}

/** What has a default has no cleared state to ask for: null is as good as absent. */
const isAbsent = ({ name, defaultValue }: Attribute, input: JsonObject) => input[name] === undefined || (defaultValue !== undefined && input[name] === null);

/** PUT clears what is absent, except what the declaration keeps: a missing `active` must not bring a leaver back. */
export function withKept(type: ResourceType, input: JsonObject, current: JsonObject): JsonObject {
  const kept = coreAttributes(type).filter((attribute) => attribute.keptWhenAbsent && !attribute.isRelation && isAbsent(attribute, input));
  return { ...input, ...Object.fromEntries(kept.filter(({ name }) => Object.hasOwn(current, name)).map(({ name }) => [name, current[name]!])) };
}

/** The document of a new resource, checked. Fails with INVALID_VALUE. */
export const newDocument = (type: ResourceType, input: JsonObject): JsonObject => storable(checkAttributes(type, withDefaults(type, input)));

/** The document in place of the current one, checked where it differs, with what is set once. Fails with INVALID_VALUE, MUTABILITY. */
export const checkedAgainst = (type: ResourceType, current: JsonObject, next: JsonObject): JsonObject =>
  withImmutables(type, current, checkAttributes(type, next, current));

/** What may be set once (RFC 7643, section 7): absent it stays, another value is refused. */
function withImmutables(type: ResourceType, current: JsonObject, next: JsonObject): JsonObject {
  let kept = next;
  for (const extension of type.extensions) {
    const [old, now] = [current, next].map((document) => document[extension.id] as JsonObject | undefined);
    const staying = old ? stayingIn(extension, old, now) : [];
    if (staying.length > 0) kept = { ...kept, [extension.id]: { ...now, ...Object.fromEntries(staying.map(({ name }) => [name, old![name]!])) } };
  }
  return kept;
}

/**
 * The attributes of an extension that keep their values. Where the whole extension is left out, as by a PUT of a provider that does not know
 * it, what is required beside them stays, too: without it the extension would be one that nobody could have written.
 */
function stayingIn({ id, attributes }: Schema, old: JsonObject, now: JsonObject | undefined): readonly Attribute[] {
  const fixed = attributes.filter(({ name, mutability }) => mutability === 'immutable' && Object.hasOwn(old, name));
  const changed = fixed.find(({ name }) => heldIn(now, name) !== undefined && !isSame(heldIn(now, name), old[name]));
  if (changed) throw new Failure('MUTABILITY', { field: `${id}:${changed.name}`, detail: `"${changed.name}" is set once and cannot be changed.` });
  if (now || fixed.length === 0) return fixed;
  return attributes.filter((attribute) => fixed.includes(attribute) || (attribute.required && Object.hasOwn(old, attribute.name)));
}
