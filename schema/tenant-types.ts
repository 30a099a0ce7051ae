/** The resource types as one tenant has them: those that are built in, with the extensions that the tenant has declared. */
import type { Schema } from './attribute.js';
import type { Json, JsonObject } from './change.js';
import { declarationLimits, readKept } from './declaration.js';
import { describeSchema } from './discovery.js';
import { Failure } from './failure.js';
import { type ResourceType, resourceTypes, schemasOf } from './resources.js';

export type ResourceName = ResourceType['name'];

/** An extension and the type of resource that it extends. */
export interface DeclaredExtension {
  readonly resource: ResourceName;
  readonly schema: Schema;
}

/** The types of a tenant, at a version of its declarations; 0 is that of a tenant which has declared nothing. */
export interface TenantTypes {
  readonly version: number;
  readonly extensions: readonly DeclaredExtension[];
  readonly all: readonly ResourceType[];
  readonly User: ResourceType;
  readonly Group: ResourceType;
}

/** The types of a tenant with these extensions. */
export function tenantTypes(version: number, extensions: readonly DeclaredExtension[]): TenantTypes {
  const all =
    version === 0
      ? resourceTypes
      : resourceTypes.map((type): ResourceType => ({
          ...type,
          declarations: version,
          extensions: [...type.extensions, ...extensions.filter(({ resource }) => resource === type.name).map(({ schema }) => schema)],
        }));
  const [User, Group] = all as readonly [ResourceType, ResourceType];
  return { version, extensions, all, User, Group };
}

/** The types of a tenant that has declared nothing. */
export const builtInTypes: TenantTypes = tenantTypes(0, []);

const isResourceName = (name: Json | undefined): name is ResourceName => name === 'User' || name === 'Group';

const builtInUrns: ReadonlySet<string> = new Set(resourceTypes.flatMap(schemasOf).map(({ id }) => id));

/** Whether a document holds values of attributes that a tenant has declared, or had declared once. */
export const holdsDeclared = (document: JsonObject): boolean =>
  Object.keys(document).some((name) => name.includes(':') && !builtInUrns.has(name));

/** Extensions as text, for the database and the wire. */
export const formatExtensions = (extensions: readonly DeclaredExtension[]): JsonObject[] =>
  extensions.map(({ resource, schema }) => ({ resource, schema: describeSchema(schema) }));

/** Reads what formatExtensions wrote, in this release or an earlier one. */
export const readExtensions = (list: readonly Json[]): DeclaredExtension[] =>
  list.map((one) => {
    const { resource, schema } = one as JsonObject;
    return { resource: isResourceName(resource) ? resource : 'User', schema: readKept(schema as JsonObject) };
  });

/** Names and URNs that mean something already: a declared one must not take their place. */
function refuseTaken(types: TenantTypes, { resource, schema }: DeclaredExtension): void {
  const taken = resourceTypes.flatMap(schemasOf).some(({ id }) => id.toLowerCase() === schema.id.toLowerCase().replace(/:$/, ''));
  if (taken) throw new Failure('INVALID_VALUE', { field: 'id', detail: `The schema "${schema.id}" is built in and cannot be declared.` });
  const elsewhere = types.extensions.some(
    (other) => other.resource !== resource && other.schema.id.toLowerCase() === schema.id.toLowerCase(),
  );
  if (elsewhere) {
    throw new Failure('INVALID_VALUE', { field: 'id', detail: `The schema "${schema.id}" extends another type of resource already.` });
  }
  const type = types[resource];
  const names = new Map(
    type.extensions
      .filter(({ id }) => id.toLowerCase() !== schema.id.toLowerCase())
      .concat(type.schema)
      .flatMap(({ id, attributes }) => attributes.map(({ name }) => [name.toLowerCase(), id])),
  );
  const twin = schema.attributes.find(({ name }) => names.has(name.toLowerCase()));
  // Entra names attributes of extensions without their URN: a name must lead to one attribute.
  if (twin) {
    throw new Failure('INVALID_VALUE', {
      field: 'attributes',
      detail: `The attribute "${twin.name}" is there already, in ${names.get(twin.name.toLowerCase())}; choose another name.`,
    });
  }
}

/**
 * The types with an extension declared, or declared anew: then under its URN as it is spelled already, for that is where resources keep its
 * values. Fails with INVALID_VALUE.
 */
export function withExtension(types: TenantTypes, extension: DeclaredExtension): TenantTypes {
  refuseTaken(types, extension);
  const others = withoutUrn(types.extensions, extension.schema.id);
  const known = types.extensions.find((one) => !others.includes(one));
  if (others.length >= declarationLimits.extensions) {
    throw new Failure('INVALID_VALUE', {
      field: 'id',
      detail: `A tenant has at most ${declarationLimits.extensions} extensions of its own.`,
    });
  }
  return tenantTypes(types.version + 1, [
    ...others,
    { ...extension, schema: { ...extension.schema, id: known?.schema.id ?? extension.schema.id } },
  ]);
}

const withoutUrn = (extensions: readonly DeclaredExtension[], urn: string) =>
  extensions.filter(({ schema }) => schema.id.toLowerCase() !== urn.toLowerCase());

/** The types without an extension; undefined where they do not have it. */
export function withoutExtension(types: TenantTypes, urn: string): TenantTypes | undefined {
  const others = withoutUrn(types.extensions, urn);
  return others.length === types.extensions.length ? undefined : tenantTypes(types.version + 1, others);
}
