/** Keys of JSON objects and names in query parameters -> declared attributes; what names nothing is undefined, never an error. */
import type { Json, JsonObject } from '../../schema/change.js';
import { findName } from '../../schema/name.js';
import { findPath } from '../../schema/path.js';
import { findSchema, type ResourceType } from '../../schema/resources.js';
import type { Path } from '../../schema/tree.js';
import { isNothing, isObject } from './dialects.js';
import { invalid } from './values.js';

/** What a name stands for: `attribute`, `attribute.sub`, `URN:attribute`, the URN of an extension. In any case. A body may have very many names of nothing: nothing is thrown. */
export function resolveName(type: ResourceType, name: string): Path | undefined {
  const text = name.trim();
  const found = findName(type, text);
  if (found) return { kind: 'attribute', ...found };
  const schema = findSchema(type, text);
  return schema && schema !== type.schema ? { kind: 'extension', extension: schema } : undefined;
}

/** The same, and value paths as in `emails[type eq "work"].value`. These have to be read: not for more keys than there may be operations. */
export const resolveKey = (type: ResourceType, key: string): Path | undefined => (key.includes('[') ? findPath(type, key) : resolveName(type, key));

/** Whether a text is the URN of the type's own schema. */
export const isOwnUrn = (type: ResourceType, text: string): boolean => text.length === type.schema.id.length && findSchema(type, text) === type.schema;

/**
 * The attributes of a resource. Some clients nest them under the URN of the resource's own schema, which RFC 7644, section 3.10, lets stand before
 * each: these come first. So what is given in both places is what stands at the top, where the standard has it: to refuse such a body would
 * keep a leaver in.
 */
export function entriesOf(type: ResourceType, resource: JsonObject): readonly (readonly [string, Json])[] {
  const entries = Object.entries(resource);
  const nested = entries.filter(([key]) => isOwnUrn(type, key));
  if (nested.length === 0) return entries;
  return [...nested.flatMap(([urn, value]) => nestedIn(urn, value)), ...entries.filter((entry) => !nested.includes(entry))];
}

function nestedIn(urn: string, value: Json): readonly (readonly [string, Json])[] {
  if (isNothing(value)) return [];
  if (!isObject(value)) throw invalid(urn, 'takes an object with attributes of the resource');
  return Object.entries(value);
}
