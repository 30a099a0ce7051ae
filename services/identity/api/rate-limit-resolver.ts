/** What an operation counts for, told to who asks, as GitHub tells it. */
import { Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { Failure } from '../../../schema/failure.js';
import type { Context } from './context.js';

@ObjectType({ description: 'What this operation counts for, and what the tenant has left.', simpleResolvers: true })
class RateLimit {
  @Field(() => Int, { description: 'Points of this operation: how many connections it reads at the most, divided by a hundred; 1 at least.' })
  cost!: number;

  @Field(() => Int, { description: 'Nodes this operation may answer at the most: each connection at its `first` or `last`, multiplied by those around it.' })
  nodeCount!: number;

  @Field(() => Int, { nullable: true, description: 'Points in a window; null where none are counted.' })
  limit!: number | null;

  @Field(() => Int, { nullable: true, description: 'Points left in this window; null where none are counted.' })
  remaining!: number | null;

  @Field(() => String, { nullable: true, description: 'When all points are there again: ISO 8601 in UTC; null where none are counted.' })
  resetAt!: string | null;
}

/** Where the numbers of the tenant's quota go in. */
const quotaOf = (_context: Context): Pick<RateLimit, 'limit' | 'remaining' | 'resetAt'> => ({ limit: null, remaining: null, resetAt: null });

@Resolver()
export class RateLimitResolver {
  @Query(() => RateLimit, { description: 'What this operation counts for. Fails with UNAUTHENTICATED without a good token.' })
  rateLimit(@Ctx() context: Context): RateLimit {
    if (!context.caller) throw new Failure('UNAUTHENTICATED');
    return { cost: 1, nodeCount: 0, ...context.counted, ...quotaOf(context) };
  }
}
