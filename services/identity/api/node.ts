/** What resolvers hand to GraphQL for a row, and what they make of an input: extensions go by their field here, by their URN inside. */
import type { Json, JsonObject } from '../../../schema/change.js';
import type { ResourceType } from '../../../schema/resources.js';
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

/** The document an input describes. */
export function toDocumentInput(type: ResourceType, input: object): JsonObject {
  const document: Record<string, Json> = { ...(input as JsonObject) };
  const declared = document[DECLARED];
  delete document[DECLARED];
  for (const { id, field } of type.extensions) {
    const values = field === undefined ? declaredValues(declared, id) : document[field];
    if (field !== undefined) delete document[field];
    if (values !== undefined) document[id] = values;
  }
  return document;
}
