/** Partial updates in the form that tools send: the attributes to change with their new values, null to clear one. */
import type { Attribute } from '../../../../schema/attribute.js';
import type { Json, JsonObject } from '../../../../schema/change.js';
import { Failure } from '../../../../schema/failure.js';
import { heldIn, isObject } from '../../../../schema/held.js';
import { coreAttributes, findAttribute, findSchema, type ResourceType } from '../../../../schema/resources.js';
import type { Writer } from '../../store/changes/change-rows.js';
import { memberListChange } from '../members/member-changes.js';
import { membersIn, type ResourceRow, rewriteWithMembers, type Writable } from '../resources/resources.js';
import { type Rewrite, rewriteDocument, type Target } from './rewrite.js';

/** Parts that are not named keep their values, as in PATCH (RFC 7644, 3.5.2.3); a list is one value. */
function mergedValue(attribute: Attribute, old: Json | undefined, value: Json): Json {
  const isWhole = attribute.multiValued || !attribute.subAttributes || !isObject(old) || !isObject(value);
  return isWhole ? value : mergedObject(attribute.subAttributes, old, value);
}

function mergedObject(attributes: readonly Attribute[], old: JsonObject, given: JsonObject): JsonObject {
  const merged: Record<string, Json> = { ...old };
  for (const [key, value] of Object.entries(given)) {
    const attribute = findAttribute(attributes, key);
    if (attribute) merged[attribute.name] = mergedValue(attribute, heldIn(old, attribute.name), value);
  }
  return merged;
}

/** What has a default is never without a value: to fall back to it would bring a leaver back. */
function refuseCleared(type: ResourceType, given: JsonObject): void {
  const cleared = coreAttributes(type).find(({ name, defaultValue }) => defaultValue !== undefined && given[name] === null);
  if (cleared) {
    throw new Failure('INVALID_VALUE', {
      field: cleared.name,
      detail: `"${cleared.name}" always has a value: give another one instead of null.`,
    });
  }
}

/** The document, not yet checked, with what is given in place of what was there. Fails with INVALID_VALUE. */
function merged(type: ResourceType, current: JsonObject, given: JsonObject): JsonObject {
  refuseCleared(type, given);
  const next: Record<string, Json> = { ...mergedObject(coreAttributes(type), current, given) };
  for (const [key, value] of Object.entries(given)) {
    const schema = key.includes(':') ? findSchema(type, key) : undefined;
    const old = schema && current[schema.id];
    if (schema) next[schema.id] = isObject(value) ? mergedObject(schema.attributes, isObject(old) ? old : {}, value) : value;
  }
  return next;
}

/**
 * Changes what is given and nothing else; the members of a group, where they are given, as a whole. Fails with INVALID_VALUE, MUTABILITY,
 * UNIQUENESS, NOT_FOUND, VERSION_MISMATCH.
 */
export function updateResource(database: Writable, writer: Writer, target: Target, given: JsonObject): Promise<ResourceRow> {
  const rewrite: Rewrite = (current) => merged(target.type, current, given);
  const members = membersIn(target.type, given);
  if (members === undefined) return rewriteDocument(database, writer, target, rewrite);
  return rewriteWithMembers(database, writer, target, rewrite, memberListChange('replace', members));
}
