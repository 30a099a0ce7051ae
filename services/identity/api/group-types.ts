/** Groups in GraphQL: the type, its members, its inputs and payloads. */
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import { coreAttributes, groupResource, relationOf } from '../../../schema/resources.js';
import { addPatchAnswer } from './policies.js';
import { addResourceFields, inputType, resourceInput } from './derived-types.js';
import { addManner, addPerformed } from './performed.js';
import { Node } from './node-interface.js';
import { connectionOf, deletionPayloadOf, inputsOf, payloadOf } from './resource-types.js';
import { UserError } from './user-errors.js';

@ObjectType('Group', { description: groupResource.description, implements: Node, simpleResolvers: true })
export class Group extends Node {
  @Field(() => Int, { description: 'Moves by one with every effective change of the group or its members; the ETag of SCIM.' })
  version!: number;

  @Field(() => String, { description: 'When the group was created: ISO 8601 in UTC.' })
  createdAt!: string;

  @Field(() => String, { description: 'When the group or its members last really changed: ISO 8601 in UTC.' })
  updatedAt!: string;

  /** A field with an argument: its resolver is with the others. */
  attributes!: JsonObject;
}
const ownAttributes = coreAttributes(groupResource).filter(({ name }) => !['schemas', 'id', 'meta'].includes(name));
addResourceFields(Group, ownAttributes, groupResource.extensions);

export enum GroupMemberType { User = 'User' }
registerEnumType(GroupMemberType, { name: 'GroupMemberType', description: 'What a member is.', valuesConfig: { User: { description: 'A user.' } } });

@ObjectType('GroupMember', { description: 'A member of a group.', simpleResolvers: true })
export class GroupMember {
  @Field(() => ID, { description: 'The id of the user.' })
  id!: string;

  @Field(() => GroupMemberType, { description: 'What the member is.' })
  type!: GroupMemberType;

  @Field(() => String, { description: 'The name of the member, for people to read.' })
  display!: string;
}

export const { Connection: GroupConnection } = connectionOf('Group', () => Group, 'groups');
export const { Connection: GroupMemberConnection } = connectionOf('GroupMember', () => GroupMember, 'members');

const members = relationOf(groupResource);
export const groupInputClass = resourceInput('GroupInput', 'A group; where members are absent, they stay as they are.', ownAttributes, groupResource.extensions);
export const MemberInput = inputType('MemberInput', members.description, members.subAttributes!);
export const groupInputs = inputsOf('Group', () => groupInputClass);
export const CreateGroupPayload = payloadOf('CreateGroup', 'group', () => Group);
export const ReplaceGroupPayload = payloadOf('ReplaceGroup', 'group', () => Group);
export const ChangeGroupPayload = payloadOf('ChangeGroup', 'group', () => Group, addPatchAnswer);
export const DeleteGroupPayload = deletionPayloadOf('DeleteGroup');

@InputType({ description: 'Users to add to a group, to remove from it, or to be its only members.' })
export class GroupMembersInput {
  @Field(() => ID, { description: 'The id of the group.' })
  groupId!: string;

  @Field(() => [ID], { description: 'Ids of users, up to 100,000. Unknown ones are refused by name and nothing is changed; to remove, they are ignored.' })
  userIds!: string[];

  @Field(() => Int, { nullable: true, description: 'Only if the group is still at this version.' })
  ifVersion?: number | null;

  idempotencyKey?: string | null;

  dryRun?: boolean | null;
}
addManner(GroupMembersInput);

@ObjectType({ description: 'The group after its members changed.', simpleResolvers: true })
export class GroupMembersPayload {
  @Field(() => Group, { nullable: true, description: 'The group afterwards; null where nothing was done.' })
  group!: Group | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}
addPerformed(GroupMembersPayload);

@InputType({ description: 'One way to name a group.' })
export class GroupBy {
  @Field(() => ID, { nullable: true, description: 'The id, the same as in SCIM.' })
  id?: string;

  @Field(() => String, { nullable: true, description: 'The display name, in any case.' })
  displayName?: string;

  @Field(() => String, { nullable: true, description: 'The id of the identity provider; the oldest group where several have it.' })
  externalId?: string;
}
