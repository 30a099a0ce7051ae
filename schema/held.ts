/** JSON objects, and their values by names that others have chosen. */
import type { Json, JsonObject } from './change.js';

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** Of these two, absent and null, neither is a value (RFC 7643, section 2.5). */
export const isNull = (value: Json | undefined): value is null | undefined => value === null || value === undefined;

/** The object's own value of that name: a tenant may call an attribute `constructor`, which every object has from its prototype. */
export const heldIn = (object: JsonObject | undefined, name: string): Json | undefined =>
  object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;

/** Whether two values are the same; in what order an object has its members means nothing. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (!isCompound(one) || !isCompound(other) || Array.isArray(one) !== Array.isArray(other)) return false;
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => Object.hasOwn(other, name) && isSame(one[name], other[name]));
}

/** An object, or a list, which is read like one whose names are numbers. */
const isCompound = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null;
