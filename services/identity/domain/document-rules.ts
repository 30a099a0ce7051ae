/** The rules of a resource's document, whoever writes it: defaults, what a PUT keeps, what differs. */
import { isDeepStrictEqual } from 'node:util';
import type { Attribute } from '../../../schema/attribute.js';
import type { Json, JsonObject } from '../../../schema/change.js';
import { coreAttributes, type ResourceType } from '../../../schema/resources.js';
import { Failure } from '../../../schema/failure.js';
import type { ChangeRecord } from '../store/change-rows.js';

/** Only the attributes that differ, with their old and new values. */
export function difference(before: JsonObject, after: JsonObject): Pick<ChangeRecord, 'before' | 'after'> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !isDeepStrictEqual(before[name], after[name]));
  const pick = (from: JsonObject) => Object.fromEntries(names.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]!]));
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

/** What may be set once (RFC 7643, section 7): absent it stays, another value is refused. */
export function withImmutables(type: ResourceType, current: JsonObject, next: JsonObject): JsonObject {
  let kept = next;
  for (const { id, attributes } of type.extensions) {
    for (const { name } of attributes.filter(({ mutability }) => mutability === 'immutable')) {
      const [old, now] = [current, kept].map((document) => (document[id] as JsonObject | undefined)?.[name]);
      if (old === undefined || isDeepStrictEqual(old, now)) continue;
      if (now !== undefined) throw new Failure('MUTABILITY', { field: `${id}:${name}`, detail: `"${name}" is set once and cannot be changed.` });
      kept = { ...kept, [id]: { ...(kept[id] as JsonObject | undefined), [name]: old } };
    }
  }
  return kept;
}
