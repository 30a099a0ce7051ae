/** Queries and mutations of users: arguments in, rule called, row out. */
import type { GraphQLResolveInfo } from 'graphql';
import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import { groupResource } from '../../../schema/resources.js';
import { permit } from '../domain/caller.js';
import { relationNamed } from '../domain/members/relations.js';
import { ListArguments, PageArguments } from './common-inputs.js';
import type { ConnectionSource } from './connection-source.js';
import type { Context } from './context.js';
import { documentDescription, documentOf, onlyDescription, relationPage } from './document-field.js';
import { expectedOf } from './look-ahead.js';
import { UserGroupConnection } from './group-member-types.js';
import { pick, type ResourceNode, toNode } from './node.js';
import { activate, change, create, emptyConnection, list, readNamed, relation, remove, replace, update } from './resource-operations.js';
import type { MutationInput } from './resource-types.js';
import {
  activationInputs,
  ChangeUserPayload,
  CreateUserPayload,
  DeactivateUserPayload,
  DeleteUserPayload,
  ReactivateUserPayload,
  ReplaceUserPayload,
  UpdateUserPayload,
  User,
  UserBy,
  UserConnection,
  userInputs,
} from './user-types.js';

/** The groups of a user as SCIM lists them. */
const groupValues = ({ edges }: ConnectionSource): JsonObject[] =>
  edges.map(({ node, type }) => ({
    value: (node as ResourceNode).id,
    display: (node as ResourceNode).attributes['displayName']!,
    type: type!,
  }));

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, {
    nullable: true,
    description: 'One user of the tenant; null where there is none such. Fails with AMBIGUOUS where several have the value.',
  })
  user(@Arg('by', () => UserBy) by: UserBy, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return readNamed(context.types.User, by, context, expectedOf(info, context.types.User));
  }

  @Query(() => UserConnection, { description: 'The users of the tenant, in the order of their creation unless another is asked for.' })
  users(
    @Args(() => ListArguments) request: ListArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionSource> {
    return list(context.types.User, request, context, expectedOf(info, context.types.User));
  }

  @FieldResolver(() => GraphQLJSONObject, { description: "The document with SCIM's names, extensions under their URNs." })
  attributes(
    @Root() user: User,
    @Arg('only', () => [String], { nullable: true, description: onlyDescription }) only: string[] | null,
    @Ctx() { types }: Context,
  ): JsonObject {
    return pick(types.User, user.attributes, only);
  }

  @FieldResolver(() => GraphQLJSONObject, { description: documentDescription('groups') })
  document(
    @Root() user: User,
    @Arg('only', () => [String], { nullable: true, description: onlyDescription }) only: string[] | null,
    @Arg('relation', () => Boolean, { defaultValue: false, description: 'With the groups, through groups in groups as well.' })
    isWithGroups: boolean,
    @Ctx() context: Context,
  ): object | Promise<object> {
    return documentOf(
      context.types.User,
      user,
      only,
      isWithGroups ? this.groups(user, relationPage, true, context) : undefined,
      groupValues,
    );
  }

  @Mutation(() => CreateUserPayload, { description: 'Creates a user. A taken user name is refused with UNIQUENESS.' })
  createUser(@Arg('input', () => userInputs.Create) input: MutationInput, @Ctx() context: Context): Promise<unknown> {
    return create(context.types.User, input, context);
  }

  @Mutation(() => ReplaceUserPayload, {
    description:
      'Replaces a user as a whole; `active`, `externalId` and attributes that are declared with `returned` "request" stay where they are absent.',
  })
  replaceUser(
    @Arg('input', () => userInputs.Replace) input: MutationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return replace(context.types.User, input, context, expectedOf(info, context.types.User));
  }

  @Mutation(() => UpdateUserPayload, { description: 'Changes the attributes that are given, and no others; null clears one.' })
  updateUser(@Arg('input', () => userInputs.Update) input: MutationInput, @Ctx() context: Context): Promise<unknown> {
    return update(context.types.User, input, context);
  }

  @Mutation(() => ChangeUserPayload, { description: 'Changes a user by canonical changes, in order, all or nothing.' })
  changeUser(
    @Arg('input', () => userInputs.Change) input: MutationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context.types.User, input, context, expectedOf(info, context.types.User));
  }

  @Mutation(() => DeactivateUserPayload, {
    description:
      'Makes a user inactive, as a leaver is: the user stays, with all groups, and may not use Condeco. Repeating it changes nothing.',
  })
  deactivateUser(@Arg('input', () => activationInputs.Deactivate) input: MutationInput, @Ctx() context: Context): Promise<unknown> {
    return activate(context.types.User, false, input, context);
  }

  @Mutation(() => ReactivateUserPayload, { description: 'Makes a user active again. Repeating it changes nothing.' })
  reactivateUser(@Arg('input', () => activationInputs.Reactivate) input: MutationInput, @Ctx() context: Context): Promise<unknown> {
    return activate(context.types.User, true, input, context);
  }

  @Mutation(() => DeleteUserPayload, { description: 'Deletes a user and takes it out of every group; its user name is free at once.' })
  deleteUser(@Arg('input', () => userInputs.Delete) input: MutationInput, @Ctx() context: Context): Promise<unknown> {
    return remove(context.types.User, input, context);
  }

  @FieldResolver(() => UserGroupConnection, {
    description:
      'The groups the user belongs to, in the order of their creation unless another is asked for. Filter and order are about groups.',
  })
  groups(
    @Root() user: User,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('effective', () => Boolean, {
      defaultValue: true,
      description: 'Through groups in groups as well, as SCIM shows them; false for those alone that the user was put into.',
    })
    effective: boolean,
    @Ctx() context: Context,
  ): ConnectionSource | Promise<ConnectionSource> {
    // SCIM shows what the token may see: users without their groups rather than no users.
    if (context.caller?.audience === 'scim' && !context.caller.scopes.includes('groups:read')) return emptyConnection;
    permit(context.caller, 'groups:read');
    const of = { name: relationNamed('groups', effective), types: [context.types.Group] };
    return relation(of, user, page, ({ resource, type }) => ({ node: toNode(groupResource, resource!), type }), context);
  }
}
