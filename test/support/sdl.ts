/**
 * Operations made from the SDL: every root field with arguments that fit its types. What is added to the SDL is in them without being named
 * here.
 */
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** Texts that mean something where they stand; any other is "text". In SCIM's words the id of a member or a manager is a "value". */
const TEXTS: Readonly<Record<string, (id: string) => string>> = {
  path: () => 'displayName',
  field: () => 'id',
  urn: () => 'urn:nothing:of:the:kind',
  userName: (id) => `made-${id}`,
  displayName: (id) => `made-${id}`,
  externalId: (id) => id,
  value: (id) => id,
};
/** Optional, and given: what a resource cannot do without, and what names others. */
const GIVEN = ['userName', 'displayName', 'externalId', 'value'];

/** Optional, and left out: they change how the rest is understood. */
const LEFT_OUT = ['idempotencyKey', 'dryRun', 'ifVersion', 'after', 'before', 'last', 'first', 'offset', 'failOnErrors'];

/** A value that fits the type: the id wherever an id is asked for, in what is optional, too. */
export function valueFor(type: GraphQLInputType, id: string, name = '', depth = 0): Json {
  if (isNonNullType(type)) return valueFor(type.ofType, id, name, depth);
  if (isListType(type)) return [valueFor(type.ofType, id, name, depth)];
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const all = Object.values(type.getFields());
    if (type.isOneOf) {
      const one = all.find((field) => getNamedType(field.type).name === 'ID') ?? all[0]!;
      return { [one.name]: valueFor(one.type, id, one.name, depth) };
    }
    const given = all.filter((field) => isNonNullType(field.type) || (!LEFT_OUT.includes(field.name) && carriesId(field, depth)));
    return Object.fromEntries(given.map((field) => [field.name, valueFor(field.type, id, field.name, depth + 1)]));
  }
  switch (type.name) {
    case 'ID':
      return id;
    case 'Int':
    case 'SafeInt':
    case 'Float':
      return 60;
    case 'Boolean':
      return true;
    case 'JSONObject':
    case 'JSON':
      return {};
    case '_Any':
      return { __typename: 'User', id }; // a reference as Federation writes it
    default:
      return TEXTS[name]?.(id) ?? 'text';
  }
}

/** Whether an id may stand there, or further down. */
export function carriesId({ name, type }: { readonly name: string; readonly type: GraphQLInputType }, depth = 0): boolean {
  const named = getNamedType(type);
  if (['ID', '_Any'].includes(named.name) || GIVEN.includes(name)) return true;
  return depth < 4 && isInputObjectType(named) && Object.values(named.getFields()).some((field) => carriesId(field, depth + 1));
}

/** A root field as an operation, with the arguments that it must have or that name ids. */
export interface Operation {
  /** As in `Query.user`. */
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
  /** The document, with this selection where the field has one. */
  readonly document: (selection?: string) => string;
  readonly variables: (id: string) => Record<string, unknown>;
}

function operationOf(kind: 'Query' | 'Mutation', field: GraphQLField<unknown, unknown>): Operation {
  const args = field.args.filter((arg) => isNonNullType(arg.type) || (!LEFT_OUT.includes(arg.name) && carriesId(arg)));
  const declared = args.length > 0 ? `(${args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ')})` : '';
  const passed = args.length > 0 ? `(${args.map(({ name }) => `${name}: $${name}`).join(', ')})` : '';
  return {
    name: `${kind}.${field.name}`,
    field,
    document: (selection = '__typename') =>
      `${kind.toLowerCase()} ${declared} { result: ${field.name}${passed}${isCompositeType(getNamedType(field.type)) ? ` { ${selection} }` : ''} }`,
    variables: (id) => Object.fromEntries(args.map(({ name, type }) => [name, valueFor(type, id, name)])),
  };
}

/** All root fields. */
export const rootOperations = (schema: GraphQLSchema): Operation[] =>
  (
    [
      ['Query', schema.getQueryType()],
      ['Mutation', schema.getMutationType()],
    ] as const
  ).flatMap(([kind, type]) => Object.values(type?.getFields() ?? {}).map((field) => operationOf(kind, field)));

/** The types of objects that are not roots and no business of GraphQL's own. */
export const objectTypes = (schema: GraphQLSchema): GraphQLObjectType[] => {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !roots.includes(type) && !type.name.startsWith('__'));
};
