/** Users in GraphQL: the type, its inputs and payloads. */
import { Field, Int, ObjectType } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import { coreAttributes, userResource } from '../../../schema/resources.js';
import { addPatchAnswer } from './policies.js';
import { addIdentifiers } from './identifier-inputs.js';
import { addResourceFields, resourceInput } from './derived-types.js';
import { Node } from './node-interface.js';
import { countedConnectionOf } from './connections.js';
import { deletionPayloadOf, inputsOf, payloadOf, targetInput } from './resource-types.js';

@ObjectType('User', { description: userResource.description, implements: Node, simpleResolvers: true })
export class User extends Node {
  @Field(() => Int, { description: 'Moves by one with every effective change; the ETag of SCIM.' })
  version!: number;

  @Field(() => String, { description: 'When the user was created: ISO 8601 in UTC.' })
  createdAt!: string;

  @Field(() => String, { description: 'When the user last really changed: ISO 8601 in UTC.' })
  updatedAt!: string;

  /** A field with an argument: its resolver is with the others. */
  attributes!: JsonObject;
}
const ownAttributes = coreAttributes(userResource).filter(({ name }) => !['schemas', 'id', 'meta'].includes(name));
addResourceFields(User, ownAttributes, userResource.extensions);

export const { Connection: UserConnection, TotalResolver: UserTotalResolver } = countedConnectionOf(
  'User',
  () => User,
  'users',
  'How many users there are in all pages.',
);
export const userInputClass = resourceInput(
  'UserInput',
  'A user. Where one is created or replaced, what is absent has no value; in an update it stays as it is.',
  ownAttributes.filter(({ isRelation }) => !isRelation),
  userResource.extensions,
);
export const userInputs = inputsOf('User', () => userInputClass);
export const CreateUserPayload = payloadOf('CreateUser', 'user', () => User);
export const ReplaceUserPayload = payloadOf('ReplaceUser', 'user', () => User);
export const activationInputs = {
  Deactivate: targetInput('DeactivateUserInput', 'A user who leaves.'),
  Reactivate: targetInput('ReactivateUserInput', 'A user who comes back.'),
};
export const UpdateUserPayload = payloadOf('UpdateUser', 'user', () => User);
export const ChangeUserPayload = payloadOf('ChangeUser', 'user', () => User, addPatchAnswer);
export const DeactivateUserPayload = payloadOf('DeactivateUser', 'user', () => User);
export const ReactivateUserPayload = payloadOf('ReactivateUser', 'user', () => User);
export const DeleteUserPayload = deletionPayloadOf('DeleteUser');

/** One of these, and nothing else. */
export class UserBy {}
addIdentifiers(UserBy, userResource);
