/**
 * Where a resource names others by their ids: there, and nowhere else, an id may be written in another way, as Bulk writes it (RFC 7644,
 * 3.7.2).
 */
import type { Attribute } from './attribute.js';
import type { Json, JsonObject } from './change.js';
import { isList } from './held.js';
import { oncePer } from './once-per.js';
import { coreAttributes, findAttribute, findSchema, type ResourceType, resourceTypes } from './resources.js';
import type { AttributeRef, Filter, Path } from './tree.js';

/** Puts an id in place of one that is written in another way; answers all else as it is. */
export type ToId = (text: string) => string;

/** A reference says what it is to (RFC 7643, 7); one that does not may be to a resource as well. */
const isToResource = ({ type, referenceTypes }: Attribute): boolean =>
  type === 'reference' && (referenceTypes?.some((to) => resourceTypes.some(({ name }) => name === to)) ?? true);

/** Members and managers: their `value` is the id of what `$ref` beside it is the address of. */
const isOfResource = oncePer(({ subAttributes = [] }: Attribute): boolean =>
  subAttributes.some((sub) => sub.name === '$ref' && isToResource(sub)),
);

/**
 * The id of the resource that a value names by its address alone, as in `{"$ref": "../Users/2819c223"}` (RFC 7643, 4.3, asks for neither
 * `value` nor `$ref`). Not looked at where there is a `value`, be it empty: that takes a manager away.
 */
export function idByAddress({ subAttributes = [] }: Attribute, value: JsonObject): string | undefined {
  if (value['value'] !== undefined) return undefined; // as almost always: one may be a hundred thousand members
  const said = (name: string): Json | undefined =>
    Object.entries(value).find(([key]) => findAttribute(subAttributes, key)?.name === name)?.[1];
  const sub = subAttributes.find((one) => one.name === '$ref' && isToResource(one));
  const address = sub && said('$ref');
  if (typeof address !== 'string' || said('value') !== undefined) return undefined;
  const [, place, id] = /(?:^|\/)(\w+)\/([^/?#\s]+)$/.exec(address) ?? [];
  const target = resourceTypes.find(({ endpoint }) => endpoint.toLowerCase() === `/${place}`.toLowerCase());
  return target && sub?.referenceTypes?.includes(target.name) ? id : undefined;
}

/** Whether the attribute, or its sub-attribute, names a resource. A complex one may stand for its `value`: a member for its id. */
const namesResource = ({ attribute, sub }: AttributeRef): boolean =>
  sub ? isToResource(sub) || (sub.name === 'value' && isOfResource(attribute)) : isToResource(attribute) || isOfResource(attribute);

function inValue(ref: AttributeRef, value: Json, toId: ToId): Json {
  if (typeof value === 'string') return namesResource(ref) ? toId(value) : value;
  if (isList(value)) return value.map((one) => inValue(ref, one, toId));
  const { attribute, sub } = ref;
  return sub ? value : inObject(attribute.subAttributes, value, (found, part) => inValue({ attribute, sub: found }, part, toId));
}

/** Members of the object that nobody has declared stay as they are, to be refused or passed over later. */
function inObject(attributes: readonly Attribute[] = [], value: Json, inPart: (attribute: Attribute, part: Json) => Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      const attribute = findAttribute(attributes, key);
      return [key, attribute ? inPart(attribute, part) : part];
    }),
  );
}

const inAttributes = (attributes: readonly Attribute[], value: Json, toId: ToId): Json =>
  inObject(attributes, value, (attribute, part) => inValue({ attribute }, part, toId));

/** The document of a resource with its references written as ids. */
export function withReferences(type: ResourceType, document: JsonObject, toId: ToId): JsonObject {
  const inExtension = ([key, value]: [string, Json]): [string, Json] => {
    const schema = key.includes(':') ? findSchema(type, key) : undefined;
    return [key, schema ? inAttributes(schema.attributes, value, toId) : value];
  };
  const core = inAttributes(coreAttributes(type), document, toId) as JsonObject;
  return Object.fromEntries(Object.entries(core).map(inExtension));
}

/** The value of a change at a path. */
export function withReferencesAt(path: Path, value: Json, toId: ToId): Json {
  return path.kind === 'extension' ? inAttributes(path.extension.attributes, value, toId) : inValue(path, value, toId);
}

/** The path of a change: what its filter compares with. */
export function pathWithReferences(path: Path, toId: ToId): Path {
  return path.kind === 'attribute' && path.filter ? { ...path, filter: inFilter(path.filter, toId) } : path;
}

function inFilter(filter: Filter, toId: ToId): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { ...filter, terms: filter.terms.map((term) => inFilter(term, toId)) };
    case 'not':
      return { ...filter, term: inFilter(filter.term, toId) };
    case 'element':
      return { ...filter, filter: inFilter(filter.filter, toId) };
    case 'compare':
      return typeof filter.value === 'string' && namesResource(filter.target) ? { ...filter, value: toId(filter.value) } : filter;
    case 'constant':
    case 'present':
      return filter;
  }
}
