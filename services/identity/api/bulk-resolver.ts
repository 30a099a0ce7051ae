/** Many writes in one request, in GraphQL: what SCIM's Bulk is made of. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Failure } from '../../../schema/failure.js';
import { limits, type ResourceType } from '../../../schema/resources.js';
import type { ResourceName, TenantTypes } from '../../../schema/tenant-types.js';
import { performBulk } from '../domain/bulk/bulk.js';
import type { BulkMethod, BulkOperation, BulkResult } from '../domain/bulk/bulk-run.js';
import { permit } from '../domain/caller.js';
import { ChangeInput } from './common-inputs.js';
import type { Context } from './context.js';
import { groupInputClass } from './group-types.js';
import { withMembersListed, withValueListed } from './joined-members.js';
import { readDocument } from './node.js';
import { addWriteOptions, addPerformed, mutation } from './performed.js';
import { scopeOf } from './resource-operations.js';
import { UserError } from './user-errors.js';
import { userInputClass } from './user-types.js';
import { enumOf, inCapitals } from './enums.js';

const methods = enumOf<BulkMethod>('BulkMethod', 'What an operation of a bulk does.', {
  CREATE: 'Creates the resource.',
  REPLACE: 'Replaces the whole resource.',
  CHANGE: 'Changes the resource by canonical changes.',
  DELETE: 'Deletes the resource.',
});
const typeNames = enumOf<ResourceName>(
  'ResourceTypeName',
  'A type of resource.',
  {
    User: 'A user.',
    Group: 'A group.',
  },
  inCapitals,
);

@InputType({
  description:
    'One write of a bulk. `bulkId:NAME` stands for the id of the resource that the operation of that name makes: in `id`, as a member, as a manager.',
})
class BulkOperationInput {
  @Field(() => methods, { description: 'What to do.' })
  method!: BulkMethod;

  @Field(() => typeNames, { description: 'The type of the resource.' })
  type!: ResourceName;

  @Field(() => ID, { nullable: true, description: 'The id of the resource; absent for CREATE.' })
  id?: string | null;

  @Field(() => String, { nullable: true, description: "A name of the caller's for the operation, unique in the request." })
  bulkId?: string | null;

  @Field(() => Int, { nullable: true, description: 'Only if the resource is still at this version.' })
  ifVersion?: number | null;

  @Field(() => userInputClass, { nullable: true, description: 'The whole user, to create or replace.' })
  user?: object | null;

  @Field(() => groupInputClass, { nullable: true, description: 'The whole group, to create or replace.' })
  group?: object | null;

  @Field(() => [ChangeInput], { nullable: true, description: 'What to change.' })
  changes?: ChangeInput[] | null;
}

@InputType({
  description:
    'Many writes. What an operation refers to is done before it; each is done whole or not at all, whatever becomes of the others.',
})
class BulkInput {
  @Field(() => [BulkOperationInput], { description: `The operations, up to ${limits.bulkOperations}.` })
  operations!: BulkOperationInput[];

  @Field(() => Int, { nullable: true, description: 'After so many refused operations no other is begun.' })
  failOnErrors?: number | null;

  idempotencyKey?: string | null;

  dryRun?: boolean | null;
}
addWriteOptions(BulkInput);

@ObjectType('BulkResult', { description: 'What became of an operation.', simpleResolvers: true })
class BulkResultType {
  @Field(() => Int, { description: 'The place of the operation in the request, from 0.' })
  place!: number;

  @Field(() => ID, { nullable: true, description: 'The id of the resource; null where none was created.' })
  id!: string | null;

  @Field(() => Int, { nullable: true, description: 'The version of the resource afterwards; null where it was refused or deleted.' })
  version!: number | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty where it was done.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of the operations.', simpleResolvers: true })
class BulkPayload {
  @Field(() => [BulkResultType], {
    nullable: true,
    description: 'In the order of the request, of those that were begun; null where the request itself was refused.',
  })
  results!: BulkResultType[] | null;

  @Field(() => [UserError], { description: 'Why the request was refused; empty where it was worked on.' })
  userErrors!: UserError[];
}
addPerformed(BulkPayload);

type OperationField = 'id' | 'ifVersion' | 'user' | 'group' | 'changes';

/** What an operation of a method must have, and may have; `body` is the user or the group, by the type. */
const fieldsOf: Readonly<
  Record<BulkMethod, { readonly needs: readonly (OperationField | 'body')[]; readonly takes: readonly OperationField[] }>
> = {
  CREATE: { needs: ['body'], takes: [] },
  REPLACE: { needs: ['id', 'body'], takes: ['ifVersion'] },
  CHANGE: { needs: ['id', 'changes'], takes: ['ifVersion'] },
  DELETE: { needs: ['id'], takes: ['ifVersion'] },
};
const operationFields: readonly OperationField[] = ['id', 'ifVersion', 'user', 'group', 'changes'];

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

/** What does not fit is refused: passed over, a user to be deactivated would stay active with a success. */
function refusalOf(input: BulkOperationInput): Failure | undefined {
  const { method, type } = input;
  const { needs, takes } = fieldsOf[method];
  const needed = needs.map((field) => (field === 'body' ? (type.toLowerCase() as OperationField) : field));
  const isGiven = (field: OperationField) => given(input[field]) !== undefined;
  const missing = needed.find((field) => !isGiven(field));
  const stray = operationFields.find((field) => isGiven(field) && !needed.includes(field) && !takes.includes(field));
  if (missing === undefined && stray === undefined) return undefined;
  const fault = missing === undefined ? `"${stray}" does not belong to it` : `"${missing}" is missing`;
  return new Failure('INVALID_VALUE', {
    field: missing ?? stray,
    detail: `${method} of a ${type} takes ${quoted([...needed, ...takes])}: ${fault}.`,
  });
}

const given = <Value>(value: Value | null | undefined): Value | undefined => value ?? undefined;

function toOperation(input: BulkOperationInput, types: TenantTypes): BulkOperation {
  const type: ResourceType = types[input.type];
  const body = given(type.name === 'User' ? input.user : input.group);
  const { document, failure } = body ? readDocument(type, withMembersListed(body)) : {};
  return {
    failure: refusalOf(input) ?? failure,
    method: input.method,
    type,
    id: given(input.id),
    bulkId: given(input.bulkId),
    ifVersion: given(input.ifVersion),
    document,
    changes: given(input.changes)?.map(withValueListed),
  };
}

export const toBulkResult = ({ failure, ...result }: BulkResult): BulkResultType => ({ ...result, userErrors: failure ? [failure] : [] });

@Resolver()
export class BulkResolver {
  @Mutation(() => BulkPayload, {
    description:
      'Creates, replaces, changes and deletes many users and groups in one transaction. Each operation is done whole or refused by itself.',
  })
  bulk(@Arg('input', () => BulkInput) input: BulkInput, @Ctx() context: Context): Promise<unknown> {
    const { caller, types } = context;
    const [first = types.User, ...others] = input.operations.map(({ type }) => types[type]);
    const writer = permit(caller, scopeOf(first, 'write'));
    for (const type of others) permit(caller, scopeOf(type, 'write'));
    const operations = () => input.operations.map((operation) => toOperation(operation, types));
    return mutation(
      'bulk',
      input,
      writer,
      context,
      (database) => performBulk(database, writer, operations(), given(input.failOnErrors)),
      (results) => ({ results: results.map(toBulkResult) }),
    );
  }
}
