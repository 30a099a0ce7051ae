/** What every mutation of users and groups takes and answers besides its own: a key of the caller's, a rehearsal and what came of them. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { type ClassType, Field, ID, ObjectType } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import type { Caller, Scope } from '../domain/caller.js';
import { type Weighed, weightOf } from '../domain/admission/weights.js';
import { type WriteOptions, perform, type Performed } from '../domain/resources/perform.js';
import type { Writable } from '../domain/resources/resources.js';
import type { Context } from './context.js';
import { listed } from './joined-members.js';
import { payload } from './user-errors.js';

@ObjectType({ description: 'A change record that a dry run would have left.', simpleResolvers: true })
class PlannedChange {
  @Field(() => String, { description: 'What would happen, as in USER_UPDATED.' })
  kind!: string;

  @Field(() => ID, { description: 'The id of the user or group; of one that would be created, an id that it will not have.' })
  subjectId!: string;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'What differs, as it is.' })
  before!: JsonObject | null;

  @Field(() => GraphQLJSONObject, { nullable: true, description: 'What differs, as it would be.' })
  after!: JsonObject | null;
}

/** Adds to an input how the mutation is to be done. */
export function addWriteOptions(input: ClassType): void {
  Field(() => String, {
    nullable: true,
    description:
      '1 to 255 visible ASCII characters, best a random UUID. The same input with the same key is done once: for 24 hours its first answer is given again. Another input with the key is refused with IDEMPOTENCY_MISMATCH.',
  })(input.prototype, 'idempotencyKey');
  Field(() => Boolean, { nullable: true, description: 'Answers what would come of it, and changes nothing.' })(input.prototype, 'dryRun');
}

/** Adds to a payload how it was done. */
export function addPerformed(type: ClassType): void {
  Field(() => Boolean, { description: 'Whether this is the answer to an earlier request with the same idempotency key.' })(
    type.prototype,
    'replayed',
  );
  Field(() => [PlannedChange], {
    nullable: true,
    description:
      'Of a dry run: what would change, in order, of what the token may read; null otherwise. Needs the scope that reads what is written, "users:read" or "groups:read".',
  })(type.prototype, 'changes');
}

const readers: Readonly<Record<string, Scope>> = { USER: 'users:read', GROUP: 'groups:read' };

/** What would change, of what the caller may read: with a user go the memberships, which belong to the groups. */
const toldTo = ({ scopes }: Caller, { changes }: Performed<unknown>) =>
  changes?.filter(({ subjectType }) => scopes.includes(readers[subjectType]!)) ?? null;

/** Does a mutation with the options that its input asks for, and makes its payload of the result. */
export function mutation<Result>(
  name: string,
  input: WriteOptions & Weighed,
  caller: Caller,
  { services, enterFurther }: Pick<Context, 'services' | 'enterFurther'>,
  work: (database: Writable) => Promise<Result>,
  toPayload: (result: Result) => object,
) {
  const { idempotencyKey, dryRun, ...asked } = input;
  return payload(
    async () => {
      // One unit was taken when the request came in.
      const leave = await enterFurther(caller, weightOf(input) - 1);
      const performed: Performed<Result> = await perform(
        services.database,
        caller,
        { name, input: idempotencyKey ? listed(asked) : asked },
        { idempotencyKey, dryRun },
        work,
      ).finally(leave);
      return { ...toPayload(performed.result), replayed: performed.isReplayed, changes: toldTo(caller, performed) };
    },
    { replayed: false },
  );
}
