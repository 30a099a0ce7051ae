/** Queries and mutations of groups: arguments in, rule called, row out. */
import type { GraphQLResolveInfo } from 'graphql';
import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Info, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import { ListArguments } from './common-inputs.js';
import type { ConnectionSource } from './connection-source.js';
import type { Context } from './context.js';
import { onlyDescription } from './document-field.js';
import { expectedOf } from './look-ahead.js';
import {
  ChangeGroupPayload,
  CreateGroupPayload,
  DeleteGroupPayload,
  Group,
  GroupBy,
  GroupConnection,
  groupInputs,
  ReplaceGroupPayload,
  UpdateGroupPayload,
} from './group-types.js';
import { pick } from './node.js';
import { change, create, list, readNamed, remove, replace, update } from './resource-operations.js';
import type { MutationInput } from './resource-types.js';

@Resolver(() => Group)
export class GroupResolver {
  @Query(() => Group, {
    nullable: true,
    description: 'One group of the tenant; null where there is none such. Fails with AMBIGUOUS where several have the value.',
  })
  group(@Arg('by', () => GroupBy) by: GroupBy, @Ctx() context: Context, @Info() info: GraphQLResolveInfo): Promise<unknown> {
    return readNamed(context.types.Group, by, context, expectedOf(info, context.types.Group));
  }

  @Query(() => GroupConnection, { description: 'The groups of the tenant, in the order of their creation unless another is asked for.' })
  groups(
    @Args(() => ListArguments) request: ListArguments,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<ConnectionSource> {
    return list(context.types.Group, request, context, expectedOf(info, context.types.Group));
  }

  @FieldResolver(() => GraphQLJSONObject, {
    description: "The document with SCIM's names, extensions under their URNs, without the members.",
  })
  attributes(
    @Root() group: Group,
    @Arg('only', () => [String], { nullable: true, description: onlyDescription }) only: string[] | null,
    @Ctx() { types }: Context,
  ): JsonObject {
    return pick(types.Group, group.attributes, only);
  }

  @Mutation(() => CreateGroupPayload, {
    description: 'Creates a group with its members, all or nothing. A taken display name is refused with UNIQUENESS.',
  })
  createGroup(@Arg('input', () => groupInputs.Create) input: MutationInput, @Ctx() context: Context): Promise<unknown> {
    return create(context.types.Group, input, context);
  }

  @Mutation(() => ReplaceGroupPayload, { description: 'Replaces a group; its members and its `externalId` stay where they are absent.' })
  replaceGroup(
    @Arg('input', () => groupInputs.Replace) input: MutationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return replace(context.types.Group, input, context, expectedOf(info, context.types.Group));
  }

  @Mutation(() => UpdateGroupPayload, {
    description:
      'Changes the attributes that are given, and no others; null clears one. Members that are given are the only ones afterwards.',
  })
  updateGroup(@Arg('input', () => groupInputs.Update) input: MutationInput, @Ctx() context: Context): Promise<unknown> {
    return update(context.types.Group, input, context);
  }

  @Mutation(() => ChangeGroupPayload, {
    description: 'Changes a group by canonical changes, in order, all or nothing; members are changed without reading the others.',
  })
  changeGroup(
    @Arg('input', () => groupInputs.Change) input: MutationInput,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<unknown> {
    return change(context.types.Group, input, context, expectedOf(info, context.types.Group));
  }

  @Mutation(() => DeleteGroupPayload, {
    description: 'Deletes a group and takes it out of every group; its members stay, users and groups. Its display name is free at once.',
  })
  deleteGroup(@Arg('input', () => groupInputs.Delete) input: MutationInput, @Ctx() context: Context): Promise<unknown> {
    return remove(context.types.Group, input, context);
  }
}
