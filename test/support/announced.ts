/** What the service announces of itself, read over HTTP, and the values that its attributes can be tried with. */
import type { ScimBody } from './http.js';
import { expectList } from './scim.js';
import type { Tenant } from './world.js';

/** An attribute as `/Schemas` describes it (RFC 7643, section 7). */
export interface Described {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: string;
  readonly returned: string;
  readonly uniqueness: string;
  readonly canonicalValues?: readonly string[];
  readonly subAttributes?: readonly Described[];
}

export interface ResourceType {
  readonly id: string;
  readonly endpoint: string;
  readonly schema: string;
  readonly schemaExtensions: readonly { readonly schema: string; readonly required: boolean }[];
}

interface Supported {
  readonly supported: boolean;
}

export interface ServiceProviderConfig {
  readonly patch: Supported;
  readonly bulk: Supported & { readonly maxOperations: number; readonly maxPayloadSize: number };
  readonly filter: Supported & { readonly maxResults: number };
  readonly changePassword: Supported;
  readonly sort: Supported;
  readonly etag: Supported;
  readonly pagination: {
    readonly cursor: boolean;
    readonly index: boolean;
    readonly defaultPaginationMethod: string;
    readonly defaultPageSize: number;
    readonly maxPageSize: number;
    readonly cursorTimeout: number;
  };
  readonly authenticationSchemes: readonly { readonly type: string; readonly name: string; readonly description: string }[];
}

/** An attribute with simple values, and how it is called in a filter. */
export interface Leaf {
  readonly path: string;
  readonly top: string;
  readonly attribute: Described;
  readonly isWritable: boolean;
}

const isWritable = ({ mutability }: Described): boolean => mutability !== 'readOnly';

const leavesOf = (prefix: string, attributes: readonly Described[]): Leaf[] =>
  attributes.flatMap((attribute) => {
    const path = prefix + attribute.name;
    const parts = (attribute.subAttributes ?? []).map((part) => ({
      path: `${path}.${part.name}`,
      top: path,
      attribute: part,
      isWritable: isWritable(attribute) && isWritable(part),
    }));
    return parts.length > 0 ? parts : [{ path, top: path, attribute, isWritable: isWritable(attribute) }];
  });

/** A resource type with the attributes of its own schema and of its extensions, by URN. */
export interface Announced {
  readonly type: ResourceType;
  readonly attributes: readonly Described[];
  readonly extensions: ReadonlyMap<string, readonly Described[]>;
}

export async function readAnnounced(tenant: Tenant): Promise<Announced[]> {
  const list = async (path: string) => expectList(await tenant.scim('GET', path));
  const schemas = new Map((await list('/Schemas')).map(({ id, ...schema }) => [id, schema['attributes'] as readonly Described[]]));
  const types = (await list('/ResourceTypes')) as unknown as readonly ResourceType[];
  return types.map((type) => ({
    type,
    attributes: schemas.get(type.schema)!,
    extensions: new Map(type.schemaExtensions.map(({ schema }) => [schema, schemas.get(schema)!])),
  }));
}

/** The leaves of a resource type; those of an extension begin with its URN. */
export const allLeaves = ({ attributes, extensions }: Announced): Leaf[] => [
  ...leavesOf('', attributes),
  ...Array.from(extensions, ([urn, own]) => leavesOf(`${urn}:`, own)).flat(),
];

/** A resource with a value for every attribute, whether it may be written or not. */
export function sample({ type, attributes, extensions }: Announced, values: Samples): Record<string, unknown> {
  const filled = (prefix: string, own: readonly Described[]) =>
    Object.fromEntries(own.map((attribute) => [attribute.name, sampleOf(attribute, prefix + attribute.name, values)]));
  return {
    schemas: [type.schema, ...extensions.keys()],
    ...filled('', attributes),
    ...Object.fromEntries(Array.from(extensions, ([urn, own]) => [urn, filled(`${urn}:`, own)])),
  };
}

/** Values by path, for attributes that do not take any. */
export type Samples = Readonly<Record<string, unknown>>;

export function sampleOf({ type, multiValued, subAttributes = [] }: Described, path: string, values: Samples): unknown {
  const parts = () => Object.fromEntries(subAttributes.map((part) => [part.name, sampleOf(part, `${path}.${part.name}`, values)]));
  const one = type === 'complex' ? parts() : (values[path] ?? simpleSample(type, path));
  return multiValued ? [one] : one;
}

function simpleSample(type: string, path: string): unknown {
  if (type === 'boolean') return true;
  if (type === 'binary') return Buffer.from(path).toString('base64');
  return type === 'reference' ? `https://Example.com/${path}` : `Sample ${path}`;
}

/** The value of a resource at the path of a leaf; of a list, of its first element. */
export function valueAt(resource: ScimBody, { path, top }: Leaf): unknown {
  const [urn, name = top] = top.split(/:(?=[^:]*$)/);
  const holder = (urn === top ? resource : resource[urn!]) as ScimBody | undefined;
  const [value] = [holder?.[name]].flat();
  return path === top ? value : (value as Record<string, unknown> | undefined)?.[path.slice(top.length + 1)];
}

export const swapCase = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()));
