/** Change records in GraphQL: the type, its connection and the arguments of the feed. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import { changeKinds } from '../../../schema/change-kinds.js';
import { limits } from '../../../schema/resources.js';
import type { SubjectType } from '../domain/changes/changes.js';
import { connectionOf } from './connections.js';
import { enumOf } from './enums.js';

const subjectTypes = enumOf<SubjectType>('ChangeSubjectType', 'What a change record is about.', {
  USER: 'A user.',
  GROUP: 'A group, or its members.',
  TOKEN: 'An access token.',
  CLIENT: 'A client, which tokens are issued for.',
  TENANT: 'A tenant and its settings.',
});

@ObjectType({ description: 'Who made a change.', simpleResolvers: true })
class ChangeActor {
  @Field(() => String, {
    description:
      'The door: the audience of the token (`scim`, `graphql`, `admin`), `provider` where a client proved itself, `start` at start-up.',
  })
  door!: string;

  @Field(() => ID, { nullable: true, description: 'The id of the token; null where there was none.' })
  tokenId!: string | null;

  @Field(() => String, { nullable: true, description: 'The name of the token; null where it has none, or is not known any more.' })
  tokenName!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The client id that the token was issued for; null where the token belonged to no client, or where the client is not known any more.',
  })
  clientId!: string | null;

  @Field(() => String, { nullable: true, description: 'The name of that client.' })
  clientName!: string | null;

  @Field(() => String, { nullable: true, description: 'The address that the request came from; null or empty where there was none.' })
  address!: string | null;
}

@ObjectType('Change', {
  description: 'One effective change, as it was recorded with it. What changes nothing leaves no record.',
  simpleResolvers: true,
})
export class ChangeType {
  @Field(() => ID, { description: "The record's own id: one that is read again has the same." })
  id!: string;

  @Field(() => ID, { description: 'The tenant it happened in.' })
  tenantId!: string;

  @Field(() => String, {
    description:
      'When the transaction of the change began: ISO 8601 in UTC. Records are in the order of their changes, not of these times.',
  })
  at!: string;

  @Field(() => String, { description: 'What happened, as in `USER_CREATED`, `GROUP_MEMBERS_CHANGED` or `TOKEN_REVOKED`.' })
  kind!: string;

  @Field(() => subjectTypes, { description: 'What it is about.' })
  subjectType!: SubjectType;

  @Field(() => ID, { description: 'The id of what it is about.' })
  subjectId!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      'Of users and groups, the version afterwards (of a deleted one, the last): a copy at a later version holds the change already. A change of many members is several records with one version. Null for anything else.',
  })
  version!: number | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'What differs, as it was; null of a creation, the whole of a deletion. An attribute that is missing here had no value. Of members: `members` are the ids of those who left, `subgroups` those among them that are groups.',
  })
  before!: JsonObject | null;

  @Field(() => GraphQLJSONObject, {
    nullable: true,
    description:
      'What differs, as it is; the whole of a creation, null of a deletion. An attribute that is missing here has no value any more. Of members: `members` are the ids of those who joined, up to 1,000 in a record, `subgroups` those among them that are groups. Never a secret.',
  })
  after!: JsonObject | null;

  @Field(() => ChangeActor, { description: 'Who made it.' })
  actor!: ChangeActor;

  @Field(() => String, { description: 'The id of the request; changes of one request have the same.' })
  requestId!: string;
}

export const { Connection: ChangeConnection } = connectionOf('Change', () => ChangeType, 'change records');

@InputType({ description: "Which subjects' records." })
class ChangeSubject {
  @Field(() => subjectTypes, { nullable: true, description: 'The type of the subject.' })
  type?: SubjectType | null;

  @Field(() => ID, { nullable: true, description: 'The id of the subject.' })
  id?: string | null;
}

@ArgsType()
export class ChangesArguments {
  @Field(() => Int, {
    nullable: true,
    description: `How many at the most, up to ${limits.maxPageSize}; ${limits.defaultPageSize} where nothing is said. A page ends earlier after about a megabyte.`,
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The cursor after which the page begins: an `endCursor`, or that of `changesCursor`. Refused with EXPIRED_CURSOR where records after it may be missing. The oldest record kept where absent.',
  })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many at the most of those before `before`, or of the newest; goes with neither `first` nor `after`.',
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'The cursor before which the page ends.' })
  before?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: `Records of these kinds only, as in \`["USER_CREATED", "USER_DELETED"]\`; any of ${changeKinds.join(', ')}.`,
  })
  kinds?: string[] | null;

  @Field(() => ChangeSubject, { nullable: true, description: 'Records of this subject only, or of this type of subject.' })
  subject?: ChangeSubject | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Records of this user, or group, joining a group or leaving it: `GROUP_MEMBERS_CHANGED`, whose subject is the group, and which may name others, too. A page looks at 20,000 changes of members, or at fewer where they name very many, and may be empty although there is more: go on with its cursor.',
  })
  member?: string | null;

  @Field(() => String, { nullable: true, description: 'Records whose `at` is not before this time: ISO 8601.' })
  since?: string | null;

  @Field(() => String, { nullable: true, description: 'Records whose `at` is before this time: ISO 8601.' })
  until?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The tenant whose records; an operator who leaves it out reads those of all tenants. Any other caller reads its own tenant's.",
  })
  tenantId?: string | null;
}
