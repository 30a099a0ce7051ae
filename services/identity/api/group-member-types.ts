/** Membership in GraphQL: the members of a group, the groups of a user, and how members are changed. */
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Group } from './group-types.js';
import { addWriteOptions, addPerformed } from './performed.js';
import { countedConnectionOf } from './connections.js';
import { UserError } from './user-errors.js';

export enum GroupMemberType {
  User = 'User',
  Group = 'Group',
}
registerEnumType(GroupMemberType, {
  name: 'GroupMemberType',
  description: 'What a member is.',
  valuesConfig: { User: { description: 'A user.' }, Group: { description: 'A group.' } },
});

@ObjectType('GroupMember', { description: 'A member of a group.', simpleResolvers: true })
export class GroupMember {
  @Field(() => ID, { description: 'The id of the user or group.' })
  id!: string;

  @Field(() => GroupMemberType, { description: 'What the member is.' })
  type!: GroupMemberType;

  @Field(() => String, { description: 'The name of the member, for people to read.' })
  display!: string;
}

export const { Connection: GroupMemberConnection, TotalResolver: GroupMemberTotalResolver } = countedConnectionOf(
  'GroupMember',
  () => GroupMember,
  'members',
  'How many members there are in all pages; of effective ones, how many users.',
);

/** Named as SCIM does: the facade hands it on. */
export enum UserGroupType {
  direct = 'direct',
  indirect = 'indirect',
}
registerEnumType(UserGroupType, {
  name: 'UserGroupType',
  description: 'How a user belongs to a group (RFC 7643, section 4.1.2).',
  valuesConfig: {
    direct: { description: 'The user is a member of the group, whether or not also by another group.' },
    indirect: { description: 'A group that the user belongs to is a member of the group.' },
  },
});

const userGroups = countedConnectionOf('UserGroup', () => Group, 'the groups of a user', 'How many groups there are in all pages.');
Field(() => UserGroupType, { description: 'How the user belongs to the group.' })(userGroups.Edge.prototype, 'type');
export const { Connection: UserGroupConnection, TotalResolver: UserGroupTotalResolver } = userGroups;

@InputType({ description: 'Users and groups to add to a group, to remove from it, or to be its only members.' })
export class GroupMembersInput {
  @Field(() => ID, { description: 'The id of the group.' })
  groupId!: string;

  @Field(() => [ID], {
    description:
      'Ids of users and groups, up to 100,000. Unknown ones are refused by name and nothing is changed; to remove, they are ignored. An empty one is refused in any case.',
  })
  memberIds!: string[];

  @Field(() => Int, { nullable: true, description: 'Only if the group is still at this version.' })
  ifVersion?: number | null;

  idempotencyKey?: string | null;

  dryRun?: boolean | null;
}
addWriteOptions(GroupMembersInput);

@ObjectType({ description: 'The group after its members changed.', simpleResolvers: true })
export class GroupMembersPayload {
  @Field(() => Group, { nullable: true, description: 'The group afterwards; null where nothing was done.' })
  group!: Group | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}
addPerformed(GroupMembersPayload);
