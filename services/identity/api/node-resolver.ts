/** What is asked about users and groups alike: by an id, or in one list. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, type ClassType, Ctx, ID, Info, Query, Resolver } from 'type-graphql';
import { limits, type ResourceType } from '../../../schema/resources.js';
import { permit } from '../domain/caller.js';
import { findByIds, requireFew } from '../domain/resources/finding.js';
import type { Along } from '../domain/resources/reading.js';
import { ListArguments } from './common-inputs.js';
import type { ConnectionSource } from './connection-source.js';
import type { Context } from './context.js';
import { Group } from './group-types.js';
import { expectedOf } from './look-ahead.js';
import { Node } from './node-interface.js';
import { type ResourceNode, toNode } from './node.js';
import { readOne, scopeOf, search } from './resource-operations.js';
import { countedConnectionOf } from './connections.js';
import { User } from './user-types.js';

export const { Connection: ResourceConnection, TotalResolver: ResourceTotalResolver } = countedConnectionOf(
  'Resource',
  () => Node as unknown as ClassType,
  'users and groups',
  'How many users and groups there are in all pages.',
);

/** GraphQL tells the type of a node by its class. */
const classed = (type: ResourceType, node: ResourceNode): Node => Object.assign(type.name === 'User' ? new User() : new Group(), node);

/** The types that the caller may read. Fails with FORBIDDEN where there are none. */
function readableTypes({ caller, types }: Context): readonly ResourceType[] {
  const readable = types.all.filter((type) => caller?.scopes.includes(scopeOf(type, 'read')));
  if (readable.length === 0) permit(caller, scopeOf(types.User, 'read'));
  return readable;
}

const readMany = async (type: ResourceType, ids: readonly string[], { caller, services }: Context, along: Along): Promise<Node[]> =>
  (await findByIds(services.database, type, permit(caller, scopeOf(type, 'read')).tenantId, ids, along)).map((row) =>
    classed(type, toNode(type, row)),
  );

@Resolver()
export class NodeResolver {
  @Query(() => Node, {
    nullable: true,
    description:
      'A user or a group of the tenant by its id; null where there is none such. A token that may read only one of the two finds only these.',
  })
  async node(
    @Arg('id', () => ID, { description: 'The id.' }) id: string,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    for (const type of readableTypes(context)) {
      const found = await readOne(type, id, context, expectedOf(info, type));
      if (found) return classed(type, found);
    }
    return null;
  }

  @Query(() => [Node], {
    nullable: 'items',
    description: `Users and groups of the tenant by their ids, up to ${limits.maxPageSize}, in the order of the ids; null in the place of an id that neither has. A token that may read only one of the two finds only these.`,
  })
  async nodes(
    @Arg('ids', () => [ID], { description: 'The ids.' }) ids: string[],
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown[]> {
    requireFew(ids.length, 'ids', 'ids');
    const found = await Promise.all(readableTypes(context).map((type) => readMany(type, ids, context, expectedOf(info, type))));
    const byId = new Map(found.flat().map((node) => [node.id, node]));
    return ids.map((id) => byId.get(id.toLowerCase()) ?? null);
  }

  @Query(() => ResourceConnection, {
    description:
      'Users and groups of the tenant in one list, in the order of their creation unless another is asked for. What a filter or an order says of an attribute that only one of the two has, the other has no value for.',
  })
  search(
    @Args(() => ListArguments) request: ListArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionSource> {
    return search(request, context, (type) => expectedOf(info, type), classed);
  }
}
