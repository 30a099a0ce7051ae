/** Many users created at once, each with its own result: a plain form of `bulk`. */
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Resolver, Root } from 'type-graphql';
import { limits, userResource } from '../../../schema/resources.js';
import { performBulk } from '../domain/bulk/bulk.js';
import type { BulkOperation } from '../domain/bulk/bulk-run.js';
import { permit } from '../domain/caller.js';
import { toBulkResult } from './bulk-resolver.js';
import type { Context } from './context.js';
import { readDocument, toNode } from './node.js';
import { addWriteOptions, addPerformed, mutation } from './performed.js';
import { UserError } from './user-errors.js';
import { User, userInputClass } from './user-types.js';

@InputType({ description: 'Users to create. Each is created or refused by itself, whatever becomes of the others.' })
class CreateUsersInput {
  @Field(() => [userInputClass], { description: `The users, up to ${limits.bulkOperations}.` })
  users!: object[];

  idempotencyKey?: string | null;

  dryRun?: boolean | null;
}
addWriteOptions(CreateUsersInput);

@ObjectType({ description: 'What became of a user to create.', simpleResolvers: true })
class CreateUsersResult {
  @Field(() => Int, { description: 'The place of the user in the request, from 0.' })
  place!: number;

  @Field(() => ID, { nullable: true, description: 'The id of the new user; null where none was created.' })
  id!: string | null;

  @Field(() => [UserError], { description: 'Why it was not created; empty where it was.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'What became of the users to create.', simpleResolvers: true })
class CreateUsersPayload {
  @Field(() => [CreateUsersResult], {
    nullable: true,
    description: 'One for each user, in the order of the request; null where the request itself was refused.',
  })
  results!: CreateUsersResult[] | null;

  @Field(() => [UserError], { description: 'Why the request was refused; empty where it was worked on.' })
  userErrors!: UserError[];
}
addPerformed(CreateUsersPayload);

@Resolver(() => CreateUsersResult)
export class ManyUsersResolver {
  @Mutation(() => CreateUsersPayload, {
    description: 'Creates many users in one transaction, each by itself: those who can be created are, the others say why not.',
  })
  createUsers(@Arg('input', () => CreateUsersInput) input: CreateUsersInput, @Ctx() context: Context): Promise<unknown> {
    const { caller, types } = context;
    const writer = permit(caller, 'users:write');
    const operations = () =>
      input.users.map((user): BulkOperation => ({ method: 'CREATE', type: types.User, ...readDocument(types.User, user) }));
    return mutation(
      'createUsers',
      input,
      writer,
      context,
      (database) => performBulk(database, writer, operations(), undefined, 'users'),
      (results) => ({ results: results.map(toBulkResult) }),
    );
  }

  @FieldResolver(() => User, { nullable: true, description: 'The new user; null where none was created, and in a dry run.' })
  async user(@Root() { id }: CreateUsersResult, @Ctx() { loaders }: Context): Promise<unknown> {
    const row = id === null ? undefined : await loaders.resource(userResource, id);
    return row ? toNode(userResource, row) : null;
  }
}
