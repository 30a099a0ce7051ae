/** The registry: what resources there are, where they live, how their attributes are found, and the limits everybody obeys. */
import { type Attribute, complex, dateTime, many, reference, type Schema, string } from './attribute.js';
import { groupSchema } from './group.js';
import { oncePer } from './once-per.js';
import { condecoUserSchema, enterpriseUserSchema, userSchema } from './user.js';

/** Attributes that every resource has, whatever its schema (RFC 7643, section 3.1). */
export const commonAttributes: readonly Attribute[] = [
  many(reference('schemas', 'The URNs of the schemas this resource uses.', ['uri'], { mutability: 'readOnly', returned: 'always' })),
  // RFC 7643, 3.1, has ids compare with case. Ours have letters in one case only, and some providers keep them in capitals: they are found
  // in any, by a filter as by an address.
  string('id', 'The id Condeco gave the resource; never changes.', { mutability: 'readOnly', returned: 'always', uniqueness: 'server' }),
  string('externalId', 'The id the identity provider gave the resource.', { caseExact: true, keptWhenAbsent: true, isIndexed: true }),
  complex(
    'meta',
    'Facts about the resource itself.',
    [
      string('resourceType', 'The name of the resource type.', { mutability: 'readOnly', caseExact: true }),
      dateTime('created', 'When the resource was created.', { mutability: 'readOnly' }),
      dateTime('lastModified', 'When the resource last really changed.', { mutability: 'readOnly' }),
      reference('location', 'The address of the resource.', ['uri'], { mutability: 'readOnly' }),
      string('version', 'The version of the resource, as in its ETag.', { mutability: 'readOnly', caseExact: true }),
    ],
    { mutability: 'readOnly' },
  ),
];

export interface ResourceType {
  readonly name: 'User' | 'Group';
  readonly endpoint: string;
  readonly description: string;
  readonly schema: Schema;
  readonly extensions: readonly Schema[];
  /** Of a type as a tenant has it: the version of its declarations; absent where it has declared nothing. */
  readonly declarations?: number;
}

export const userResource: ResourceType = {
  name: 'User',
  endpoint: '/Users',
  description: userSchema.description,
  schema: userSchema,
  extensions: [enterpriseUserSchema, condecoUserSchema],
};
export const groupResource: ResourceType = {
  name: 'Group',
  endpoint: '/Groups',
  description: groupSchema.description,
  schema: groupSchema,
  extensions: [],
};
export const resourceTypes: readonly ResourceType[] = [userResource, groupResource];

/** The path of the SCIM service below the public URL, as published; matched in any case. */
export const SCIM_BASE_PATH = '/scim/api/V1';
/** The path of the token provider below the public URL, as published. */
export const TOKEN_PATH = '/api/V1/token';
/** Where scanners report leaked tokens, below the public URL. */
export const TOKEN_SCANNING_PATH = '/token-scanning/revoke';

/** URNs of the protocol's messages (RFC 7644, section 8.2; RFC 7643, section 10.4). */
export const messages = {
  listResponse: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  patchOp: 'urn:ietf:params:scim:api:messages:2.0:PatchOp',
  searchRequest: 'urn:ietf:params:scim:api:messages:2.0:SearchRequest',
  bulkRequest: 'urn:ietf:params:scim:api:messages:2.0:BulkRequest',
  bulkResponse: 'urn:ietf:params:scim:api:messages:2.0:BulkResponse',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
  /** Our own: what a dry run answers. */
  dryRun: 'urn:condeco:params:scim:api:messages:2.0:DryRun',
  serviceProviderConfig: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  resourceType: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  schema: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
} as const;

/** The limits everybody obeys: the facade announces and enforces them, the core enforces them again. */
export const limits = {
  /** Bytes of a request's body. */
  bodyBytes: 1024 * 1024,
  /** Bytes of the body where members come in bulk: groups. */
  groupBodyBytes: 10 * 1024 * 1024,
  /** Levels of nesting in a JSON body. */
  bodyDepth: 32,
  /** Lists and objects in one JSON body. */
  containers: 300_000,
  /** Names in one object of a JSON body, known or not, and in one list of attributes to show. */
  names: 1000,
  /** Characters of a filter. */
  filterLength: 4096,
  /** Nested parentheses, brackets and `not` in a filter. */
  filterDepth: 16,
  /** Comparisons in a filter. */
  filterTerms: 64,
  /** Resources in a page where the client asked for no number. */
  defaultPageSize: 100,
  /** Resources in a page at the most. */
  maxPageSize: 1000,
  /** Seconds a cursor is good for after the page it came with. */
  cursorSeconds: 24 * 60 * 60,
  /** Characters of one string value. */
  stringLength: 8192,
  /** Characters of a string that is indexed: user name, display name, external id, e-mail address (of which RFC 5321 allows 254). */
  indexedStringLength: 512,
  /** Values of one multi-valued attribute that is part of the document. */
  multiValues: 500,
  /** Characters of a resource's document in JSON, without its members: a page may hold a thousand of them. */
  documentLength: 256 * 1024,
  /** Operations in one PATCH. */
  patchOperations: 1000,
  /** Comparisons of values in one PATCH: those that its operations make, each with the values that are there. */
  comparisons: 1_000_000,
  /** The same in all operations of one Bulk request together. */
  bulkComparisons: 10_000_000,
  /** Operations in one Bulk request. */
  bulkOperations: 1000,
  /** Members in one request. */
  membersPerRequest: 100_000,
  /** Filters in one request that look for members who go; those that name them by their ids are not counted. */
  memberFilters: 30,
  /** Seconds for which the answer to a write with an idempotency key is given again. */
  idempotencySeconds: 86_400,
  /** Groups within groups, the outermost counted. */
  groupLevels: 32,
  /** Seconds a token may live: one minute to ten years. */
  tokenSeconds: { min: 60, max: 315_360_000, default: 84_600 },
  /** Leaked tokens in one report of a scanner. */
  leakedTokens: 100,
  /** Seconds that a token, or a client's secret, stays good beside the one that replaces it: up to seven days. */
  overlapSeconds: { max: 604_800, default: 3600 },
} as const;

const lower = (text: string) => text.toLowerCase();

/** All schemas of a resource type: its own, then its extensions. */
export const schemasOf = oncePer((type: ResourceType): readonly Schema[] => [type.schema, ...type.extensions]);

/** The resource type of an endpoint's name without the slash, in any case (`users`); undefined where there is none. */
export const findResourceType = (segment: string): ResourceType | undefined =>
  resourceTypes.find((type) => lower(type.endpoint.slice(1)) === lower(segment));

const byUrn = oncePer((type: ResourceType) => new Map(schemasOf(type).map((schema) => [lower(schema.id), schema])));

/**
 * The schema of a URN, in any case (RFC 7643, 3.1: URNs compare without case), and with a colon after it, as Condeco has published its
 * extension; undefined where the resource has none such.
 */
export function findSchema(type: ResourceType, urn: string): Schema | undefined {
  const found = byUrn(type).get(lower(urn));
  return found ?? (urn.endsWith(':') ? byUrn(type).get(lower(urn.slice(0, -1))) : undefined);
}

const byName = oncePer((attributes: readonly Attribute[]) => new Map(attributes.map((attribute) => [attribute.name, attribute])));

/** The names of an attribute, aliases included, in the form in which they are compared. */
export const namesOf = ({ name, aliases = [] }: Attribute): string[] => [name, ...aliases].map(lower);

/** Of two attributes of one name the first is found. */
const byFoldedName = oncePer(
  (attributes: readonly Attribute[]) =>
    new Map(attributes.toReversed().flatMap((attribute) => namesOf(attribute).map((name) => [name, attribute] as const))),
);

/**
 * The attribute of a name or alias, in any case (RFC 7643, 2.1). Bodies are full of names that are none: those must cost no more than the
 * others.
 */
export const findAttribute = (attributes: readonly Attribute[], name: string): Attribute | undefined =>
  byName(attributes).get(name) ?? // as nearly everybody writes it, and faster
  byFoldedName(attributes).get(lower(name));

/** The attributes at the top of a resource: the common ones and those of its own schema. */
export const coreAttributes = oncePer((type: ResourceType): readonly Attribute[] => [...commonAttributes, ...type.schema.attributes]);

/** The attribute whose values are rows of their own (`members` of a group, `groups` of a user). */
export const relationOf = oncePer((type: ResourceType): Attribute => {
  const found = type.schema.attributes.find((candidate) => candidate.isRelation);
  if (!found) throw new Error(`resource type ${type.name} declares no relation`);
  return found;
});

/** Resources whose relation is written through them (groups): their bodies may be long, and a PATCH of them is answered without them. */
export const writesRelation = (type: ResourceType): boolean => relationOf(type).mutability !== 'readOnly';
