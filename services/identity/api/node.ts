/** What resolvers hand to GraphQL for a row, and what they make of an input: extensions go by their field here, by their URN inside. */
import type { Json, JsonObject } from '../../../schema/change.js';
import { Failure } from '../../../schema/failure.js';
import { findAttribute, type ResourceType } from '../../../schema/resources.js';
import type { ResourceRow } from '../domain/resources.js';

/** A user or group as the source of its GraphQL fields. */
export type ResourceNode = ResourceRow & { readonly [attribute: string]: unknown };

export function toNode(type: ResourceType, row: ResourceRow): ResourceNode {
  const node: Record<string, unknown> = { ...row.attributes, ...row };
  for (const { id, field } of type.extensions) if (field !== undefined && row.attributes[id] !== undefined) node[field] = row.attributes[id];
  return node as ResourceNode;
}

/** The named parts of a document; the whole of it where no names are given. */
export const pick = (document: JsonObject, names: readonly string[] | null | undefined): JsonObject =>
  (names ? Object.fromEntries(Object.entries(document).filter(([name]) => names.includes(name))) : document);

/** The field of an input that holds the values of the tenant's own extensions, by URN. */
export const DECLARED = 'extensions';

/** URNs are the same in any case (RFC 7643, section 3.1). */
const declaredValues = (declared: Json | undefined, urn: string): Json | undefined =>
  Object.entries((declared ?? {}) as JsonObject).find(([key]) => key.toLowerCase() === urn.toLowerCase())?.[1];

/** A slip of the pen in JSON would be lost without a word: GraphQL checks the names of all other fields. Fails with INVALID_VALUE. */
function refuseUndeclared(type: ResourceType, declared: Json | undefined): void {
  const extensions = type.extensions.filter(({ field }) => field === undefined);
  for (const [urn, values] of Object.entries((declared ?? {}) as JsonObject)) {
    const extension = extensions.find(({ id }) => id.toLowerCase() === urn.toLowerCase());
    if (!extension) throw new Failure('INVALID_VALUE', { field: DECLARED, detail: `The tenant has declared no extension ${JSON.stringify(urn.slice(0, 200))} of ${type.name.toLowerCase()}s.` });
    const unknown = Object.keys((values ?? {}) as JsonObject).find((name) => !findAttribute(extension.attributes, name));
    if (unknown !== undefined) throw new Failure('INVALID_VALUE', { field: `${extension.id}:${unknown.slice(0, 200)}`, detail: `The extension "${extension.id}" has no attribute ${JSON.stringify(unknown.slice(0, 200))}.` });
  }
}

/** The document an input describes. Fails with INVALID_VALUE where it names an extension, or an attribute of one, that the tenant has not declared. */
export function toDocumentInput(type: ResourceType, input: object): JsonObject {
  const document: Record<string, Json> = { ...(input as JsonObject) };
  const declared = document[DECLARED];
  delete document[DECLARED];
  refuseUndeclared(type, declared);
  for (const { id, field } of type.extensions) {
    const values = field === undefined ? declaredValues(declared, id) : document[field];
    if (field !== undefined) delete document[field];
    if (values !== undefined) document[id] = values;
  }
  return document;
}
