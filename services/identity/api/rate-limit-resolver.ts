/** What an operation counts for, told to who asks, as GitHub tells it. */
import { Ctx, Field, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { Failure } from '../../../schema/failure.js';
import type { Caller } from '../domain/caller.js';
import type { Context } from './context.js';

@ObjectType({ description: 'What this operation counts for, and what the tenant has left.', simpleResolvers: true })
class RateLimit {
  @Field(() => Int, {
    description:
      'Points of this operation: how many connections it reads at the most, divided by a hundred, or how many thousands of nodes, whichever is more; 1 at least.',
  })
  cost!: number;

  @Field(() => Int, {
    description: 'Nodes this operation may answer at the most: each connection at its `first` or `last`, multiplied by those around it.',
  })
  nodeCount!: number;

  @Field(() => Int, { description: 'Units that the tenant has in a window of ten seconds, at this door.' })
  limit!: number;

  @Field(() => Int, { description: 'Units left in this window.' })
  remaining!: number;

  @Field(() => String, { description: 'When all units are there again: ISO 8601 in UTC.' })
  resetAt!: string;
}

function quotaOf({ services }: Context, caller: Caller): Pick<RateLimit, 'limit' | 'remaining' | 'resetAt'> {
  const { units: limit, left: remaining, reset } = services.admission.quotaOf(caller);
  return { limit, remaining, resetAt: new Date(Date.now() + reset * 1000).toISOString() };
}

@Resolver()
export class RateLimitResolver {
  @Query(() => RateLimit, { description: 'What this operation counts for. Fails with UNAUTHENTICATED without a good token.' })
  rateLimit(@Ctx() context: Context): RateLimit {
    if (!context.caller) throw new Failure('UNAUTHENTICATED');
    return { cost: 1, nodeCount: 0, ...context.counted, ...quotaOf(context, context.caller) };
  }
}
