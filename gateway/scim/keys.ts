/** Keys of JSON objects and names in query parameters -> declared attributes; what names nothing is undefined, never an error. */
import type { Json, JsonObject } from '../../schema/change.js';
import { findName } from '../../schema/name.js';
import { findPath } from '../../schema/path.js';
import { findSchema, type ResourceType } from '../../schema/resources.js';
import type { AttributePath, Path } from '../../schema/tree.js';
import { isNothing, isObject } from './dialects.js';
import { invalid } from './values.js';

/**
 * What a name stands for: `attribute`, `attribute.sub`, `URN:attribute`, the URN of an extension. In any case. A body may have very many
 * names of nothing: nothing is thrown.
 */
function resolveName(type: ResourceType, name: string): Path | undefined {
  const text = name.trim();
  const found = findName(type, text);
  if (found) return { kind: 'attribute', ...found };
  const schema = findSchema(type, text);
  return schema && schema !== type.schema ? { kind: 'extension', extension: schema } : undefined;
}

/**
 * The same, and value paths as in `emails[type eq "work"].value`. These have to be read: not for more keys than there may be operations.
 */
export const resolveKey = (type: ResourceType, key: string): Path | undefined =>
  key.includes('[') ? findPath(type, key) : resolveName(type, key);

/** Whether a text is the URN of the type's own schema. */
export const isOwnUrn = (type: ResourceType, text: string): boolean =>
  text.length - type.schema.id.length <= 1 && findSchema(type, text) === type.schema;

/** What a client says of an attribute, or of a whole extension. */
export interface Said {
  readonly path: Path;
  readonly value: Json;
}

/**
 * What an object says of attributes, in the order in which it is to be applied: of an attribute that comes twice, the later counts. Some
 * clients nest the attributes under the URN of the resource's own schema, which RFC 7644, section 3.10, lets stand before each: these come
 * last. We show none there, so what stands plainly beside one may be the echo of what we have shown, and to refuse such a body would keep a
 * leaver in.
 */
export function saidIn(type: ResourceType, resource: JsonObject): readonly Said[] {
  const entries = Object.entries(resource);
  const nested = entries.filter(([key]) => isOwnUrn(type, key));
  const said = (all: readonly (readonly [string, Json])[]) => inOrder(type, all, (key) => resolveKey(type, key));
  if (nested.length === 0) return said(entries);
  return [...said(entries.filter((entry) => !nested.includes(entry))), ...said(nested.flatMap(([urn, value]) => nestedIn(urn, value)))];
}

/** The same of the object that stands under the URN of an extension, which the names in it may have before them once more. */
export const saidInExtension = (type: ResourceType, urn: string, attributes: JsonObject): readonly Said[] =>
  inOrder(type, Object.entries(attributes), (key) =>
    resolveName(type, key.toLowerCase().startsWith(`${urn}:`.toLowerCase()) ? key : `${urn}:${key}`),
  );

function nestedIn(urn: string, value: Json): readonly (readonly [string, Json])[] {
  if (isNothing(value)) return [];
  if (!isObject(value)) throw invalid(urn, 'takes an object with attributes of the resource');
  return Object.entries(value);
}

function inOrder(
  type: ResourceType,
  entries: readonly (readonly [string, Json])[],
  find: (key: string) => Path | undefined,
): readonly Said[] {
  const said = entries.flatMap(([key, value]) => {
    const path = find(key);
    return path ? [{ path, value, rank: rankOf(type, key, path) }] : [];
  });
  return said.sort((one, other) => one.rank - other.rank);
}

const SPELLINGS = 4;

/**
 * What a provider echoes is in our own spelling, as we have shown it; what an admin has mapped beside it may be in any other. So that the
 * order of the keys, which JSON gives no meaning, does not decide whether a leaver stays: our own spelling first, then with its URN,
 * aliases, other cases; and the whole before its parts.
 */
const rankOf = (type: ResourceType, key: string, path: Path): number =>
  path.kind === 'extension' ? Number(key !== path.extension.id) : SPELLINGS * breadthOf(path) + spellingOf(type, key, path);

function breadthOf({ sub, filter }: AttributePath): number {
  if (filter) return 3;
  return sub ? 2 : 1;
}

function spellingOf(type: ResourceType, key: string, { extension, attribute, sub }: AttributePath): number {
  const below = sub ? `.${sub.name}` : '';
  if (key === attribute.name + below) return 0;
  if (key === `${(extension ?? type.schema).id}:${attribute.name}${below}`) return 1;
  return attribute.aliases?.some((alias) => key === alias + below) ? 2 : 3;
}
