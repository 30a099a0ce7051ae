/** Who is calling. */
import { Ctx, Field, FieldResolver, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { Failure } from '../../../schema/failure.js';
import type { Audience, Caller } from '../domain/caller.js';
import { readTenant } from '../domain/tenants/tenants.js';
import type { Context } from './context.js';
import { Tenant } from './tenant-resolver.js';
import { audiences } from './token-audience.js';

@ObjectType('Caller', { description: 'Who is asking: what the token says.' })
class CallerType {
  @Field(() => audiences, { description: 'The door of the token.' })
  audience!: Audience;

  @Field(() => [String], { description: 'What the token permits.' })
  scopes!: string[];

  @Field(() => String, {
    nullable: true,
    description: 'When the token expires, to the second: ISO 8601 in UTC; null where that is not known.',
  })
  tokenExpiresAt?: string | undefined;
}

@Resolver(() => CallerType)
export class CallerResolver {
  @Query(() => CallerType, { description: 'Who is asking. Fails with UNAUTHENTICATED without a good token.' })
  caller(@Ctx() { caller }: Context): Caller {
    if (!caller) throw new Failure('UNAUTHENTICATED');
    return caller;
  }

  @FieldResolver(() => Tenant, { description: 'The tenant the token belongs to.' })
  tenant(@Root() caller: Caller, @Ctx() { services }: Context): Promise<unknown> {
    return readTenant(services, caller.tenantId);
  }
}
