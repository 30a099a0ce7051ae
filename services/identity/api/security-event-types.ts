/** Security events in GraphQL: what is polled, and the inputs and payloads of polling. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import { pollLimits } from '../../../schema/security-events.js';
import { UserError } from './user-errors.js';

const { default: usual, max } = pollLimits.events;

@InputType({ description: 'Which receiver polls, what it acknowledges, and how much it takes.' })
export class PollEventsInput {
  @Field(() => String, {
    description: `The name of the receiver, which it chooses: 1 to 64 letters, digits, dots, hyphens and underscores. A name that is new makes a receiver, up to ${pollLimits.receivers} of a tenant; it begins with what happens from then on.`,
  })
  receiver!: string;

  @Field(() => Int, {
    nullable: true,
    description: `How many events at the most, from 0 (to acknowledge only) to ${max}; ${usual} where nothing is said. An answer ends earlier after about a megabyte.`,
  })
  maxEvents?: number | null;

  @Field(() => [String], {
    nullable: true,
    description: `Ids of events that the receiver has taken, up to ${pollLimits.acknowledged}. It moves on over those that come next; what is acknowledged out of order is told again.`,
  })
  acknowledged?: string[] | null;
}

@ObjectType({ description: 'One effective change of a user, a group or its members, as receivers are told.', simpleResolvers: true })
class SecurityEvent {
  @Field(() => String, { description: 'What to acknowledge it by; the same however often it is told.' })
  id!: string;

  @Field(() => String, { description: 'When the transaction of the change began: ISO 8601 in UTC, as in `createdAt` and `updatedAt`.' })
  at!: string;

  @Field(() => String, { description: 'What happened, as in `USER_CREATED` or `GROUP_MEMBERS_CHANGED`.' })
  kind!: string;

  @Field(() => ID, { description: 'The id of the user or group.' })
  subjectId!: string;

  @Field(() => Int, { nullable: true, description: 'The version of the user or group afterwards.' })
  version!: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The external id of the user or group afterwards, or of a deleted one the last; null where it has none, and of changes from before it was noted with each.',
  })
  externalId!: string | null;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'What differs, as it was: as in `Change.before`.' })
  before!: JsonObject | null;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'What differs, as it is: as in `Change.after`. Never a secret.' })
  after!: JsonObject | null;

  @Field(() => String, { description: 'The id of the request; events of one request have the same.' })
  requestId!: string;
}

@ObjectType({ description: 'What a receiver has not acknowledged yet.', simpleResolvers: true })
export class PollEventsPayload {
  @Field(() => [SecurityEvent], {
    nullable: true,
    description: 'The oldest events that are not acknowledged, in order; null where nothing was done.',
  })
  events!: SecurityEvent[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether there may be more after these.' })
  moreAvailable!: boolean | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

@InputType({ description: 'Which receiver to forget.' })
export class ForgetEventReceiverInput {
  @Field(() => String, { description: 'The name of the receiver.' })
  receiver!: string;
}

@ObjectType({ description: 'The result of `forgetEventReceiver`.', simpleResolvers: true })
export class ForgetEventReceiverPayload {
  @Field(() => String, { nullable: true, description: 'The name that was forgotten; null where nothing was done.' })
  receiver!: string | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}
