import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { groupResource, userResource } from '../../../schema/resources.js';
import type { Context } from './context.js';
import { Group } from './group-types.js';
import { Node } from './node-interface.js';
import { readOne } from './resource-operations.js';
import { User } from './user-types.js';

@Resolver()
export class NodeResolver {
  @Query(() => Node, { nullable: true, description: 'A user or a group of the tenant by its id; null where there is none such.' })
  async node(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<unknown> {
    const user = await readOne(userResource, id, context);
    if (user) return Object.assign(new User(), user);
    const group = await readOne(groupResource, id, context);
    return group && Object.assign(new Group(), group);
  }
}
