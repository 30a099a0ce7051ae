/**
 * Queries, mutations and fields resolved by their methods and nothing between. TypeGraphQL makes an instance of a class for each input,
 * looked for among all classes, and a promise for each argument: in a list of a hundred that was half of the time that GraphQL took. What
 * it would check GraphQL has checked.
 */
import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { getMetadataStorage } from 'type-graphql';
import type { Context } from './context.js';

type Resolve = GraphQLFieldResolver<unknown, Context, Record<string, unknown>>;
type Resolver = ReturnType<typeof getMetadataStorage>['fieldResolvers' | 'queries'][number];
type Param = NonNullable<Resolver['params']>[number];
type ReadParam = (...given: Parameters<Resolve>) => unknown;

/** Without those that are parameters by themselves. */
const remaining = (args: Record<string, unknown>, apart: readonly string[]): Record<string, unknown> =>
  apart.length === 0 ? args : Object.fromEntries(Object.entries(args).filter(([name]) => !apart.includes(name)));

function readerOf(param: Param, apart: readonly string[]): ReadParam {
  switch (param.kind) {
    case 'root':
      return (root) => root;
    case 'context':
      return (_root, _args, context) => context;
    case 'info':
      return (_root, _args, _context, info) => info;
    case 'arg':
      return (_root, args) => args[param.name];
    case 'args':
      return (_root, args) => remaining(args, apart);
    default:
      throw new Error(`a resolver's parameter of the kind "${param.kind}" is not known`);
  }
}

type Methods = Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;

function directly({ methodName, params = [] }: Resolver, resolver: Methods): Resolve {
  const apart = params.flatMap((param) => (param.kind === 'arg' ? [param.name] : []));
  const readers = params.toSorted((one, other) => one.index - other.index).map((param) => readerOf(param, apart));
  return (root, args, context, info) => resolver[methodName]!(...readers.map((read) => read(root, args, context, info)));
}

/** TypeGraphQL's own guards are left out together with its resolvers: whoever writes one must not believe that it works. */
function refuseGuards({ methodName, roles, middlewares = [] }: Resolver): void {
  if (roles || middlewares.length > 0) {
    throw new Error(`${methodName}: @Authorized and @UseMiddleware have no effect here; say in authorisation.ts who may`);
  }
}

/** Puts the methods of the resolver classes in the place of TypeGraphQL's resolvers. */
export function resolveDirectly(schema: GraphQLSchema): void {
  const { queries, mutations, fieldResolvers, objectTypes } = getMetadataStorage();
  const instances = new Map<unknown, Methods>();
  const instanceOf = (target: new () => Methods): Methods => {
    if (!instances.has(target)) instances.set(target, new target());
    return instances.get(target)!;
  };
  const put = (type: GraphQLObjectType, resolver: Resolver): void => {
    refuseGuards(resolver);
    type.getFields()[resolver.schemaName]!.resolve = directly(
      resolver,
      instanceOf(resolver.target as new () => Methods),
    ) as GraphQLFieldResolver<unknown, unknown>;
  };
  for (const query of queries) put(schema.getQueryType()!, query);
  for (const mutation of mutations) put(schema.getMutationType()!, mutation);
  // A field that is a method of what it belongs to ("internal") needs an instance of that, and TypeGraphQL to make it.
  for (const field of fieldResolvers.filter(({ kind }) => kind === 'external')) {
    const { name } = objectTypes.find(({ target }) => target === field.getObjectType!())!;
    put(schema.getType(name) as GraphQLObjectType, field);
  }
}
