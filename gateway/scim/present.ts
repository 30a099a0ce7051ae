/** What the core answers -> SCIM: only what is declared and asked for, addresses derived, nothing null and nothing empty. */
import type { Json, JsonObject } from '../../schema/change.js';
import { heldIn } from '../../schema/held.js';
import { messages, type ResourceType } from '../../schema/resources.js';
import { isNothing, isObject, listOf } from './dialects.js';
import type { PagePlace } from './paging.js';
import type { Projection, Shown, View } from './projection.js';
import { toTag } from './versions.js';

/** A resource as the core answers it in its field `document`. */
export interface Node {
  readonly id: string;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly attributes: JsonObject;
  readonly relation?: RelationPage | null;
  /** The name of its resource type. */
  readonly type: string;
}

/** A resource as the operations in `schema/operations` select it. */
export interface Answered {
  readonly document: JsonObject;
}

export const nodeIn = ({ document }: Answered): Node => document as unknown as Node;

export interface RelationPage {
  readonly nodes: readonly JsonObject[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** A document under construction. */
type Draft = Record<string, Json>;

/** Makes the address of a path below the SCIM base. */
export type Locate = (path: string) => string;

export const addressOf = (type: ResourceType, id: string, locate: Locate): string => locate(`${type.endpoint}/${encodeURIComponent(id)}`);

/** A resource with the first page of its relation. */
export function present(view: View, node: Node, locate: Locate): JsonObject {
  const { projection } = view;
  const resource = presentWithoutRelation(view, node, locate);
  const elements = presentRelation(projection, node.relation?.nodes ?? [], locate);
  if (projection.relation && elements.length > 0) resource[projection.relation.attribute.name] = elements;
  return resource;
}

/** A resource but for the elements of its relation, which may be too many for one piece. */
export function presentWithoutRelation({ type, projection }: View, node: Node, locate: Locate): Draft {
  const schemas = [type.schema.id];
  const resource: Draft = { schemas, id: node.id };
  showAll(resource, projection.core, { ...node.attributes, meta: metaOf(type, node, locate) }, locate);
  for (const { schema, attributes } of projection.extensions) {
    const extension = showAll({}, attributes, node.attributes[schema.id], locate);
    if (isEmpty(extension)) continue;
    schemas.push(schema.id);
    resource[schema.id] = extension;
  }
  return resource;
}

/** Elements of a relation. */
export const presentRelation = ({ relation }: Projection, nodes: readonly JsonObject[], locate: Locate): JsonObject[] =>
  relation ? nodes.map((node) => showParts(relation, elementOf(node), locate)) : [];

/** Where the relation itself has something to say (as "direct"), that comes beside the node it leads to. */
const elementOf = (edge: JsonObject): JsonObject => (isObject(edge['node']) ? { ...edge['node'], ...edge } : edge);

/** A list answer; `itemsPerPage` is how many came (RFC 7644, 3.4.2.4). */
export const presentList = (totalResults: number, place: PagePlace, resources: readonly JsonObject[]): JsonObject => ({
  ...presentListHead(totalResults, place, resources.length),
  Resources: resources,
});

export const presentListHead = (totalResults: number, place: PagePlace, itemsPerPage: number): JsonObject => ({
  schemas: [messages.listResponse],
  totalResults,
  ...place,
  itemsPerPage,
});

const metaOf = (type: ResourceType, { id, version, createdAt, updatedAt }: Node, locate: Locate): JsonObject => ({
  resourceType: type.name,
  created: createdAt,
  lastModified: updatedAt,
  location: addressOf(type, id, locate),
  version: toTag(version),
});

/** Adds to the result what there is of the attributes. */
function showAll(result: Draft, attributes: readonly Shown[], document: Json | undefined, locate: Locate): Draft {
  if (!isObject(document)) return result;
  for (const shown of attributes) {
    const value = showValue(shown, heldIn(document, shown.attribute.name), locate);
    if (value !== undefined) result[shown.attribute.name] = value;
  }
  return result;
}

function showValue(shown: Shown, value: Json | undefined, locate: Locate): Json | undefined {
  if (value === undefined || isNothing(value)) return undefined;
  if (shown.attribute.type !== 'complex') return value;
  if (isObject(value)) return unlessEmpty(showParts(shown, value, locate));
  const elements = listOf(value)
    .filter(isObject)
    .map((element) => showParts(shown, element, locate))
    .filter((parts) => !isEmpty(parts));
  return elements.length === 0 ? undefined : elements;
}

function showParts({ subs }: Shown, element: JsonObject, locate: Locate): JsonObject {
  const result: Record<string, Json> = {};
  for (const { name, targets } of subs) {
    const value = targets.length > 0 ? referenceTo(targets, element, locate) : heldIn(element, name);
    if (!isNothing(value)) result[name] = value!;
  }
  return result;
}

function referenceTo(targets: readonly ResourceType[], { value: id, type }: JsonObject, locate: Locate): string | undefined {
  const target = targets.length > 1 ? targets.find(({ name }) => name === type) : targets[0];
  return target && typeof id === 'string' && id !== '' ? addressOf(target, id, locate) : undefined;
}

const isEmpty = (object: JsonObject): boolean => Object.keys(object).length === 0;

const unlessEmpty = (object: JsonObject): JsonObject | undefined => (isEmpty(object) ? undefined : object);
