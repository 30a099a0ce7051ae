/**
 * The field `document`: a resource as one value, for who hands it on as a whole, as the facade does. GraphQL asks each field of each
 * resource for itself: of a hundred users that was a quarter of the core's work.
 */
import type { JsonObject } from '../../../schema/change.js';
import { limits, type ResourceType } from '../../../schema/resources.js';
import type { ResourceRow } from '../domain/resources/resources.js';
import type { ConnectionSource } from './connection-source.js';
import { pick } from './node.js';

/** So many elements of the relation are told, and where the others begin. */
export const DOCUMENT_RELATION = limits.maxPageSize;

export const documentDescription = (relation: string): string =>
  `The resource as one value: \`type\`, \`id\`, \`version\`, \`createdAt\`, \`updatedAt\`, \`attributes\` as in the field of this name, and where it is asked for \`relation\`, the first ${DOCUMENT_RELATION} of the ${relation}: \`nodes\` as SCIM lists them, and \`pageInfo\` with \`hasNextPage\` and \`endCursor\`. Of many resources it takes less time than their fields.`;

export const onlyDescription =
  'Names of attributes and URNs of extensions, in any case: of the attributes nothing else is read and answered. A name that there is not is refused; a URN that the tenant has not declared for this type stands for nothing.';

/** The arguments of the first page of the relation. */
export const relationPage = { first: DOCUMENT_RELATION };

type Related = ConnectionSource | Promise<ConnectionSource> | undefined;

/** The value of the field; `valuesOf` tells the elements of the relation as SCIM lists them. */
export function documentOf(
  type: ResourceType,
  { id, version, createdAt, updatedAt, attributes }: ResourceRow,
  only: readonly string[] | null,
  related: Related,
  valuesOf: (source: ConnectionSource) => JsonObject[],
): object | Promise<object> {
  const document = { type: type.name, id, version, createdAt, updatedAt, attributes: pick(type, attributes, only) };
  if (!related) return document;
  const add = (source: ConnectionSource) => {
    const { hasNextPage, endCursor } = source.pageInfo;
    return { ...document, relation: { nodes: valuesOf(source), pageInfo: { hasNextPage, endCursor } } };
  };
  return related instanceof Promise ? related.then(add) : add(related);
}
