/** Queries and mutations of users: arguments in, rule called, row out. */
import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Ctx, FieldResolver, Info, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { groupResource, limits, userResource } from '../../../schema/resources.js';
import { permit } from '../domain/caller.js';
import { findResourceBy } from '../domain/reading.js';
import { OrderBy } from './common-inputs.js';
import type { Context } from './context.js';
import { expectedPage } from './look-ahead.js';
import { GroupConnection } from './group-types.js';
import { toNode } from './node.js';
import { type ConnectionSource, change, create, list, namedBy, readOne, relation, remove, replace } from './resource-operations.js';
import type { MutationInput } from './resource-types.js';
import {
  ChangeUserPayload, CreateUserPayload, DeleteUserPayload, ReplaceUserPayload, User, UserBy, UserConnection, userInputs,
} from './user-types.js';

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, { nullable: true, description: 'One user of the tenant; null where there is none such.' })
  async user(@Arg('by', () => UserBy) by: UserBy, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    const [name, value] = namedBy(by);
    if (name === 'id') return readOne(userResource, value, context, expectedPage(info, 'User', 'groups'));
    const { tenantId } = permit(context.caller, 'users:read');
    const row = await findResourceBy(context.services.database, userResource, tenantId, name, value);
    return row ? toNode(userResource, row) : null;
  }

  @Query(() => UserConnection, { description: 'The users of the tenant, in the order of their creation unless another is asked for.' })
  users(
    @Arg('filter', () => String, { nullable: true, description: 'A filter in SCIM\'s grammar (RFC 7644, 3.4.2.2), as in `active eq true`.' }) filter: string | null,
    @Arg('orderBy', () => OrderBy, { nullable: true, description: 'Another order.' }) orderBy: OrderBy | null,
    @Arg('first', () => Int, { defaultValue: limits.defaultPageSize, description: 'How many at the most, up to 1,000.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The cursor after which the page begins.' }) after: string | null,
    @Arg('offset', () => Int, { nullable: true, description: 'How many to pass over, after the cursor if there is one.' }) offset: number | null,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionSource> {
    return list(userResource, { filter, orderBy, first, after, offset }, context, expectedPage(info, 'User', 'groups'));
  }

  @Mutation(() => CreateUserPayload, { description: 'Creates a user. A taken user name is refused with UNIQUENESS.' })
  createUser(@Arg('input', () => userInputs.Create) input: Record<string, object>, @Ctx() context: Context): Promise<unknown> {
    return create(userResource, input, context);
  }

  @Mutation(() => ReplaceUserPayload, { description: 'Replaces a user as a whole; `active` and `externalId` stay where they are absent.' })
  replaceUser(@Arg('input', () => userInputs.Replace) input: MutationInput, @Ctx() context: Context): Promise<unknown> {
    return replace(userResource, input, context);
  }

  @Mutation(() => ChangeUserPayload, { description: 'Changes a user by canonical changes, in order, all or nothing.' })
  changeUser(@Arg('input', () => userInputs.Change) input: MutationInput, @Ctx() context: Context): Promise<unknown> {
    return change(userResource, input, context);
  }

  @Mutation(() => DeleteUserPayload, { description: 'Deletes a user and takes it out of every group; its user name is free at once.' })
  deleteUser(@Arg('input', () => userInputs.Delete) input: MutationInput, @Ctx() context: Context): Promise<unknown> {
    return remove(userResource, input, context);
  }

  @FieldResolver(() => GroupConnection, { description: 'The groups the user is a member of.' })
  groups(
    @Root() user: User,
    @Arg('first', () => Int, { defaultValue: limits.defaultPageSize, description: 'How many at the most, up to 1,000.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The cursor after which the page begins.' }) after: string | null,
    @Ctx() context: Context,
  ): Promise<ConnectionSource> {
    permit(context.caller, 'groups:read');
    return relation('groups', user, { first, after }, ({ resource }) => toNode(groupResource, resource!), context);
  }
}

@Resolver(() => UserConnection)
export class UserConnectionResolver {
  @FieldResolver(() => Int, { description: 'How many users there are in all pages.' })
  totalCount(@Root() source: ConnectionSource): Promise<number> {
    return source.total();
  }
}
