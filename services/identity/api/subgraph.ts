/**
 * The schema of the tools' door: the API, and what makes it a subgraph of Federation 2, in which other services may name users and groups
 * by their ids. The facade's door has the API alone.
 */
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLFieldResolver, type GraphQLSchema, isInputObjectType, isObjectType, parse, printSchema } from 'graphql';
import { createResolversMap } from 'type-graphql';
import { Failure } from '../../../schema/failure.js';
import { limits, resourceTypes } from '../../../schema/resources.js';
import { permit } from '../domain/caller.js';
import type { Context } from './context.js';
import { toNode } from './node.js';
import { scopeOf } from './resource-operations.js';

const FEDERATION = 'https://specs.apollo.dev/federation/v2.9';

/** What the API's own SDL does not say. */
const ENTITIES = `
  extend schema @link(url: "${FEDERATION}", import: ["@key", "@shareable"])
  ${resourceTypes.map(({ name }) => `extend type ${name} @key(fields: "id")`).join('\n  ')}
`;

/**
 * Other services page through lists of their own by the same `PageInfo`. It is said at the type: at an extension it would be about the
 * extension's fields.
 */
const subgraphText = (schema: GraphQLSchema): string => printSchema(schema).replace(/^type PageInfo /m, '$&@shareable ') + ENTITIES;

interface Reference {
  readonly __typename: string;
  readonly id: string;
}

const isReference = (given: unknown): given is Reference => {
  const { __typename: name, id } = (given ?? {}) as Partial<Reference>;
  return typeof id === 'string' && resourceTypes.some((type) => type.name === name);
};

/** A user or group by its key; null where the caller's tenant has none such. Those of one request are found in one statement. */
async function resolveReference({ __typename: name, id }: Reference, { caller, types, loaders }: Context): Promise<object | null> {
  const type = types.all.find((each) => each.name === name)!;
  permit(caller, scopeOf(type, 'read'));
  const row = await loaders.resource(type, id);
  return row ? toNode(type, row) : null;
}

type Resolver = GraphQLFieldResolver<unknown, Context>;

/** The library takes any type's name for an entity's, and as many as come. */
const checked =
  (resolve: Resolver): Resolver =>
  (source, args, context, info) => {
    const { representations } = args as { readonly representations: readonly unknown[] };
    if (representations.length > limits.maxPageSize) {
      throw new Failure('TOO_MANY', { detail: `At most ${limits.maxPageSize} entities are answered at once.` });
    }
    if (!representations.every(isReference)) {
      throw new Failure('INVALID_VALUE', {
        field: 'representations',
        detail: `A representation has a \`__typename\`, ${resourceTypes.map(({ name }) => name).join(' or ')}, and an \`id\`.`,
      });
    }
    return resolve(source, args, context, info);
  };

/** The SDL is told to whoever may ask for the schema. */
const refused: Resolver = () => {
  throw new Failure('FORBIDDEN', { detail: 'The schema is not told here.' });
};

type Defaults = { readonly name: string; defaultValue?: unknown };

const defaultsOf = (schema: GraphQLSchema): [string, Defaults][] =>
  Object.values(schema.getTypeMap()).flatMap((type): [string, Defaults][] => {
    if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => [`${type.name}.${field.name}`, field]);
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap(({ name, args }) =>
      args.map((argument): [string, Defaults] => [`${type.name}.${name}.${argument.name}`, argument]),
    );
  });

/** The text is read before the library knows what the values of enums are inside: a default among them is taken from the API itself. */
function keepDefaults(from: GraphQLSchema, to: GraphQLSchema): void {
  const known = new Map(defaultsOf(from));
  for (const [path, input] of defaultsOf(to)) {
    if (input.defaultValue !== undefined) input.defaultValue = known.get(path)?.defaultValue ?? input.defaultValue;
  }
}

/** The API's schema as a subgraph. Built anew from its text: resolvers are the same functions. */
export function buildToolsSchema(schema: GraphQLSchema, isSchemaTold: boolean): GraphQLSchema {
  const resolvers = createResolversMap(schema) as Record<string, object>;
  for (const { name } of resourceTypes) resolvers[name] = { ...resolvers[name], __resolveReference: resolveReference };
  const subgraph = buildSubgraphSchema([{ typeDefs: parse(subgraphText(schema)), resolvers: resolvers as never }]);
  keepDefaults(schema, subgraph);
  const { _entities: entities, _service: service } = subgraph.getQueryType()!.getFields();
  entities!.resolve = checked(entities!.resolve as Resolver);
  if (!isSchemaTold) service!.resolve = refused;
  return subgraph;
}
