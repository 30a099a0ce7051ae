/** The members of groups, read and changed: arguments in, rule called, row out. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import { groupResource, type ResourceType, userResource } from '../../../schema/resources.js';
import { permit } from '../domain/caller.js';
import { changeMembersById } from '../domain/members/group-members.js';
import { relationNamed } from '../domain/members/relations.js';
import type { Writable } from '../domain/resources/resources.js';
import { PageArguments } from './common-inputs.js';
import type { ConnectionSource } from './connection-source.js';
import type { Context } from './context.js';
import { documentDescription, documentOf, onlyDescription, relationPage } from './document-field.js';
import { GroupMember, GroupMemberConnection, GroupMembersInput, GroupMembersPayload } from './group-member-types.js';
import { Group } from './group-types.js';
import { toNode } from './node.js';
import { mutation } from './performed.js';
import { relation } from './resource-operations.js';
import { User } from './user-types.js';

async function changeMembers(operation: 'add' | 'remove' | 'replace', input: GroupMembersInput, context: Context) {
  const actor = permit(context.caller, 'groups:write');
  const work = (database: Writable) =>
    changeMembersById(database, actor, input.groupId, operation, input.memberIds, input.ifVersion ?? undefined);
  return mutation(`${operation}GroupMembers`, input, actor, context, work, (row) => ({ group: toNode(groupResource, row) }));
}

/** The member as the whole resource that it is; null where it is none of that type. */
async function resourceOf(type: ResourceType, member: GroupMember, { loaders }: Context): Promise<unknown> {
  const row = (member.type as string) === type.name ? await loaders.resource(type, member.id) : undefined;
  return row ? toNode(type, row) : null;
}

@Resolver(() => Group)
export class GroupMembersResolver {
  @Mutation(() => GroupMembersPayload, {
    description: 'Adds users and groups to a group. Those who are members already stay so; a group that would contain itself is refused.',
  })
  addGroupMembers(@Arg('input', () => GroupMembersInput) input: GroupMembersInput, @Ctx() context: Context): Promise<unknown> {
    return changeMembers('add', input, context);
  }

  @Mutation(() => GroupMembersPayload, { description: 'Removes users and groups from a group. Those who are no members stay so.' })
  removeGroupMembers(@Arg('input', () => GroupMembersInput) input: GroupMembersInput, @Ctx() context: Context): Promise<unknown> {
    return changeMembers('remove', input, context);
  }

  @Mutation(() => GroupMembersPayload, { description: 'Makes these users and groups the only members of a group.' })
  replaceGroupMembers(@Arg('input', () => GroupMembersInput) input: GroupMembersInput, @Ctx() context: Context): Promise<unknown> {
    return changeMembers('replace', input, context);
  }

  @FieldResolver(() => GroupMemberConnection, {
    description:
      'The members of the group, in the order of their creation as users and groups unless another is asked for. Filter and order are about the users and groups that are members, as in `search`.',
  })
  members(
    @Root() group: Group,
    @Args(() => PageArguments) page: PageArguments,
    @Arg('effective', () => Boolean, {
      defaultValue: false,
      description: 'Instead of the members, as SCIM shows them: all users in the group and in the groups below it, each once.',
    })
    effective: boolean,
    @Ctx() context: Context,
  ): ConnectionSource | Promise<ConnectionSource> {
    permit(context.caller, 'groups:read');
    // What it finds, or the order, would tell of users what only they themselves do.
    if (page.filter || page.orderBy) permit(context.caller, 'users:read');
    const { all, User: users } = context.types;
    const of = { name: relationNamed('members', effective), types: effective ? [users] : all };
    return relation(of, group, page, (node) => ({ node }), context);
  }

  @FieldResolver(() => GraphQLJSONObject, { description: documentDescription('members') })
  document(
    @Root() group: Group,
    @Arg('only', () => [String], { nullable: true, description: onlyDescription }) only: string[] | null,
    @Arg('relation', () => Boolean, { defaultValue: false, description: 'With the members.' }) isWithMembers: boolean,
    @Ctx() context: Context,
  ): object | Promise<object> {
    return documentOf(
      context.types.Group,
      group,
      only,
      isWithMembers ? this.members(group, relationPage, false, context) : undefined,
      memberValues,
    );
  }
}

/** The members of a group as SCIM lists them. */
const memberValues = ({ nodes }: ConnectionSource): JsonObject[] =>
  (nodes as readonly GroupMember[]).map(({ id, display, type }) => ({ value: id, display, type }));

@Resolver(() => GroupMemberConnection)
export class GroupMemberConnectionResolver {
  @FieldResolver(() => [GraphQLJSONObject], {
    description:
      "The nodes of the page as SCIM's attribute lists them: objects with `value`, `display` and `type`. Of a long group they take less time than nodes.",
  })
  attributeValues(@Root() source: ConnectionSource): JsonObject[] {
    return memberValues(source);
  }
}

@Resolver(() => GroupMember)
export class GroupMemberResolver {
  @FieldResolver(() => User, {
    nullable: true,
    description: "The member's user; null where the member is a group, or was deleted just now.",
  })
  user(@Root() member: GroupMember, @Ctx() context: Context): Promise<unknown> {
    permit(context.caller, 'users:read');
    return resourceOf(userResource, member, context);
  }

  @FieldResolver(() => Group, {
    nullable: true,
    description: "The member's group; null where the member is a user, or was deleted just now.",
  })
  group(@Root() member: GroupMember, @Ctx() context: Context): Promise<unknown> {
    permit(context.caller, 'groups:read');
    return resourceOf(groupResource, member, context);
  }
}
