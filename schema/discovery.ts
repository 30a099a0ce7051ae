/** What a client may ask about the service itself, derived from the declaration (RFC 7643, sections 5 to 7). */
import type { Attribute, Schema } from './attribute.js';
import type { Json, JsonObject } from './change.js';
import { limits, messages, type ResourceType, resourceTypes, schemasOf } from './resources.js';
import { eventUris } from './security-events.js';

/** Makes the address of a path below the SCIM base, as in `/Schemas/…`. */
export type Location = (path: string) => string;

/** The answer of `/ServiceProviderConfig`; `pagination` is of RFC 9865, section 4, `securityEvents` of RFC 9967, section 4. */
export const serviceProviderConfig = (location: Location): JsonObject => ({
  schemas: [messages.serviceProviderConfig],
  id: 'ServiceProviderConfig',
  patch: { supported: true },
  bulk: { supported: true, maxOperations: limits.bulkOperations, maxPayloadSize: limits.groupBodyBytes },
  filter: { supported: true, maxResults: limits.maxPageSize },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  pagination: {
    cursor: true,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: limits.defaultPageSize,
    maxPageSize: limits.maxPageSize,
    cursorTimeout: limits.cursorSeconds,
  },
  securityEvents: { asyncRequest: 'none', eventUris: Object.values(eventUris) },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'OAuth Bearer Token',
      description: 'A token from the token provider, sent as "Authorization: Bearer <token>".',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: location('/ServiceProviderConfig') },
});

/** The resources of `/Schemas`, in the order of the types. */
export const schemaResources = (location: Location, types: readonly ResourceType[] = resourceTypes): JsonObject[] =>
  [...new Set(types.flatMap(schemasOf))].map((schema) => schemaResource(schema, location));

/** The resources of `/ResourceTypes`. */
export const resourceTypeResources = (location: Location, types: readonly ResourceType[] = resourceTypes): JsonObject[] =>
  types.map((type) => resourceTypeResource(type, location));

/** A schema as RFC 7643, section 7, writes it. */
export const describeSchema = ({ id, name, description, attributes }: Schema): JsonObject => ({
  id,
  name,
  description,
  attributes: attributes.filter(isKept).map(describe),
});

/** What is taken and never kept (`password`) is nothing that a client could rely on; Microsoft's SCIM Validator stops at it. */
const isKept = ({ mutability, returned }: Attribute): boolean => mutability !== 'writeOnly' || returned !== 'never';

const schemaResource = (schema: Schema, location: Location): JsonObject => ({
  schemas: [messages.schema],
  ...describeSchema(schema),
  meta: { resourceType: 'Schema', location: location(`/Schemas/${schema.id}`) },
});

const resourceTypeResource = (type: ResourceType, location: Location): JsonObject => ({
  schemas: [messages.resourceType],
  id: type.name,
  name: type.name,
  endpoint: type.endpoint,
  description: type.description,
  schema: type.schema.id,
  schemaExtensions: type.extensions.map(({ id }) => ({ schema: id, required: false })),
  meta: { resourceType: 'ResourceType', location: location(`/ResourceTypes/${type.name}`) },
});

function describe(attribute: Attribute): JsonObject {
  const { name, type, multiValued, description, required, caseExact, mutability, returned, uniqueness } = attribute;
  const { canonicalValues, referenceTypes, subAttributes } = attribute;
  return {
    name,
    type,
    multiValued,
    description,
    required,
    caseExact,
    mutability,
    returned,
    uniqueness,
    ...given({ canonicalValues, referenceTypes, subAttributes: subAttributes?.map(describe) }),
  };
}

const given = (object: Record<string, Json | undefined>): JsonObject =>
  Object.fromEntries(Object.entries(object).filter((entry): entry is [string, Json] => entry[1] !== undefined));
