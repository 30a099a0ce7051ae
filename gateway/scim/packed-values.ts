/** Values that come as JSON text. */
import type { Attribute } from '../../schema/attribute.js';
import type { Json, JsonObject } from '../../schema/change.js';
import { Failure } from '../../schema/failure.js';
import { heldIn } from '../../schema/held.js';
import { findAttribute, limits } from '../../schema/resources.js';
import { isNothing, isObject, textOf } from './dialects.js';
import { checkText } from './json-text.js';

/**
 * Entra (AppRoleAssignmentsComplex) sends a role in a PATCH as `{"value": "{\"id\":\"…\",\"value\":\"Admin\",\"displayName\":\"Admin\"}"}`:
 * the object that such a text holds; undefined where it is any other text, one without a `value` of its own, too.
 */
export function packedIn(text: Json | undefined): JsonObject | undefined {
  if (typeof text !== 'string' || text.length > limits.stringLength || !text.trimStart().startsWith('{')) return undefined;
  const packed = parsed(text);
  return isObject(packed) && !isNothing(textOf(heldIn(packed, 'value') ?? null)) ? packed : undefined;
}

/** A member's value is an id, and no text that may hold something; of members there may be very many. */
const mayBePacked = ({ multiValued, isRelation }: Attribute): boolean => multiValued && !isRelation;

/** The parts of an element, with those that its `value` holds in place of it. */
export function unpacked(attribute: Attribute, parts: JsonObject): JsonObject {
  if (!mayBePacked(attribute)) return parts;
  for (const key of Object.keys(parts)) {
    const packed = packedIn(parts[key]);
    if (packed && findAttribute(attribute.subAttributes ?? [], key)?.name === 'value') {
      const { [key]: _, ...others } = parts;
      return { ...others, ...packed };
    }
  }
  return parts;
}

/** The same of one part by itself, as at `roles[primary eq true].value`. */
export const unpackedPart = (attribute: Attribute, { name }: Attribute, part: Json): Json =>
  (mayBePacked(attribute) && name === 'value' ? packedIn(part)?.['value'] : undefined) ?? part;

/** Long numbers keep their digits, as they do in a body. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(checkText(text)) as Json;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof Failure) return undefined;
    throw error;
  }
}
