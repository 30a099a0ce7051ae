/** What resolvers hand to GraphQL for a row, and what they make of an input: extensions go by their field here, by their URN inside. */
import type { Json, JsonObject } from '../../../schema/change.js';
import { Failure } from '../../../schema/failure.js';
import { oncePerPair } from '../../../schema/once-per.js';
import { coreAttributes, findAttribute, type ResourceType } from '../../../schema/resources.js';
import type { ResourceRow } from '../domain/resources/resources.js';

/** A user or group as the source of its GraphQL fields. */
export type ResourceNode = ResourceRow & { readonly [attribute: string]: unknown };

export function toNode(type: ResourceType, row: ResourceRow): ResourceNode {
  const node: Record<string, unknown> = { ...row.attributes, ...row };
  for (const { id, field } of type.extensions) {
    if (field !== undefined && row.attributes[id] !== undefined) node[field] = row.attributes[id];
  }
  return node as ResourceNode;
}

/** The field of an input that holds the values of the tenant's own extensions, by URN. */
export const DECLARED = 'extensions';

/** URNs and the names of attributes are the same in any case (RFC 7643, sections 2.1 and 3.1). */
const sameName =
  (one: string) =>
  (other: string): boolean =>
    one.toLowerCase() === other.toLowerCase();

/** As a caller wrote it, shortened. */
const quoted = (name: string): string => JSON.stringify(name.slice(0, 200));

/** The name as documents have it: of an attribute, or the URN of an extension; undefined where there is none such. */
export const nameInDocument = (type: ResourceType, name: string): string | undefined =>
  findAttribute(coreAttributes(type), name)?.name ?? type.extensions.find(({ id }) => sameName(id)(name))?.id;

/** A URN that stands for nothing is no mistake of who asks: the extension may be the other type's, or was taken back a moment ago. */
const namesInDocument = oncePerPair((type: ResourceType, names: readonly string[]): readonly string[] =>
  names.map((name) => {
    const known = nameInDocument(type, name);
    if (known === undefined && !/^urn:/i.test(name)) {
      throw new Failure('INVALID_VALUE', {
        field: 'only',
        detail: `${type.name}s have no attribute ${quoted(name)}: "only" takes the names of whole attributes, and URNs of extensions.`,
      });
    }
    return known ?? name;
  }),
);

/** The named parts of a document; the whole of it where no names are given. Fails with INVALID_VALUE where one is nobody's name. */
export function pick(type: ResourceType, document: JsonObject, names: readonly string[] | null | undefined): JsonObject {
  if (!names) return document;
  const wanted = namesInDocument(type, names);
  return Object.fromEntries(Object.entries(document).filter(([name]) => wanted.includes(name)));
}

/** Null takes away what there is of every one of them, as of each. */
const declaredValues = (declared: Json | undefined, urn: string): Json | undefined =>
  declared === null ? null : Object.entries((declared ?? {}) as JsonObject).find(([key]) => sameName(urn)(key))?.[1];

/** Of two names that mean the same, one would be lost without a word. */
function refuseTwice(field: string, object: JsonObject): void {
  const names = Object.keys(object);
  const folded = names.map((name) => name.toLowerCase());
  if (new Set(folded).size === names.length) return;
  const again = names.find((_, at) => folded.indexOf(folded[at]!) < at)!;
  throw new Failure('INVALID_VALUE', { field, detail: `${quoted(again)} is given twice, in different case: names are the same in any.` });
}

/** A slip of the pen in JSON would be lost without a word: GraphQL checks the names of all other fields. Fails with INVALID_VALUE. */
function refuseUndeclared(type: ResourceType, declared: JsonObject): void {
  const extensions = type.extensions.filter(({ field }) => field === undefined);
  refuseTwice(DECLARED, declared);
  for (const [urn, given] of Object.entries(declared)) {
    const extension = extensions.find(({ id }) => sameName(id)(urn));
    if (!extension) {
      throw new Failure('INVALID_VALUE', {
        field: DECLARED,
        detail: `The tenant has declared no extension ${quoted(urn)} of ${type.name.toLowerCase()}s.`,
      });
    }
    const values = (given ?? {}) as JsonObject;
    const unknown = Object.keys(values).find((name) => !findAttribute(extension.attributes, name));
    if (unknown !== undefined) {
      throw new Failure('INVALID_VALUE', {
        field: `${extension.id}:${unknown.slice(0, 200)}`,
        detail: `The extension "${extension.id}" has no attribute ${quoted(unknown)}.`,
      });
    }
    refuseTwice(extension.id, values);
  }
}

/**
 * The document an input describes. Fails with INVALID_VALUE where it names an extension, or an attribute of one, that the tenant has not
 * declared, or one twice.
 */
export function toDocumentInput(type: ResourceType, input: object): JsonObject {
  const document: Record<string, Json> = { ...(input as JsonObject) };
  const declared = document[DECLARED];
  delete document[DECLARED];
  refuseUndeclared(type, (declared ?? {}) as JsonObject);
  for (const { id, field } of type.extensions) {
    const values = field === undefined ? declaredValues(declared, id) : document[field];
    if (field !== undefined) delete document[field];
    if (values !== undefined) document[id] = values;
  }
  return document;
}

/** The same of one of many, each of which is refused by itself. */
export function readDocument(type: ResourceType, input: object): { readonly document?: JsonObject; readonly failure?: Failure } {
  try {
    return { document: toDocumentInput(type, input) };
  } catch (error) {
    if (error instanceof Failure) return { failure: error };
    throw error;
  }
}
