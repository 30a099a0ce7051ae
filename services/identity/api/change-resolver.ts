/** The change feed: reading it, where it ends, and letting go of what is old. */
import { Arg, Args, Ctx, Field, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { permit } from '../domain/caller.js';
import { endOfChanges, type FeedRecord, listChanges, pruneChanges } from '../domain/changes/changes.js';
import { ChangeConnection, ChangesArguments, type ChangeType } from './change-types.js';
import type { Context } from './context.js';
import { payload, UserError } from './user-errors.js';

@InputType({ description: 'Which change records to delete.' })
class PruneChangesInput {
  @Field(() => String, { description: 'Records from before this time: ISO 8601.' })
  before!: string;
}

@ObjectType({ description: 'The result of `pruneChanges`.', simpleResolvers: true })
class PruneChangesPayload {
  @Field(() => Int, { nullable: true, description: 'How many records are gone; null where nothing was done.' })
  pruned!: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether there are more from before that time: then call it again.' })
  hasMore!: boolean | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

const toNode = ({
  sequence,
  roundedAt: _,
  door,
  tokenId,
  tokenName,
  clientId,
  clientName,
  address,
  ...record
}: FeedRecord): ChangeType => ({ ...record, id: sequence, actor: { door, tokenId, tokenName, clientId, clientName, address } });

@Resolver()
export class ChangeResolver {
  @Query(() => ChangeConnection, {
    description:
      'Every effective change, in commit order and without gaps; a record is there once all transactions are over that were open when it was written. `endCursor` is there for an empty page, too, and says how far was read: pass it as `after` to go on. With a filter a page may be short, or empty, although `hasNextPage` says that there is more to look at.',
  })
  async changes(@Args(() => ChangesArguments) request: ChangesArguments, @Ctx() { caller, services }: Context): Promise<object> {
    const { records, cursors, ...pageInfo } = await listChanges(services, caller, request);
    const nodes = records.map(toNode);
    return { nodes, edges: nodes.map((node, at) => ({ node, cursor: cursors[at] })), pageInfo };
  }

  @Query(() => String, {
    description:
      'The cursor of the newest change that can be read. To copy a tenant: ask for this first, then list its users and groups, then read changes after this cursor for ever.',
  })
  changesCursor(@Ctx() { caller, services }: Context): Promise<string> {
    return endOfChanges(services, caller);
  }

  @Mutation(() => PruneChangesPayload, {
    description:
      'Deletes the oldest change records of all tenants, up to 200,000 at once. Whoever has not read them yet is answered EXPIRED_CURSOR. For operators.',
  })
  pruneChanges(
    @Arg('input', () => PruneChangesInput) { before }: PruneChangesInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    const operator = permit(caller, 'tenants:manage');
    return payload<object>(() => pruneChanges(services, operator, before));
  }
}
