/** The limits of tenants: set by operators, obeyed at both doors. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { quotaLimits } from '../../../schema/quota.js';
import { permit } from '../domain/caller.js';
import { updateTenantLimits } from '../domain/tenants/tenant-limits.js';
import type { Context } from './context.js';
import { Tenant } from './tenant-resolver.js';
import { payload, UserError } from './user-errors.js';

const { min, max } = quotaLimits.requestsPerSecond;

@InputType({ description: 'How much a tenant may ask.' })
class UpdateTenantLimitsInput {
  @Field(() => ID, { description: 'The id of the tenant.' })
  tenantId!: string;

  @Field(() => Int, {
    nullable: true,
    description: `How many requests a second it may send to each door, from ${min} to ${max}; null for the usual limit. Stays as it is where it is left out.`,
  })
  requestsPerSecond?: number | null;
}

@ObjectType({ description: 'A tenant with its limits after the change.', simpleResolvers: true })
class UpdateTenantLimitsPayload {
  @Field(() => Tenant, { nullable: true, description: 'The tenant; null where nothing was done.' })
  tenant!: Tenant | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

@Resolver()
export class TenantLimitsResolver {
  @Mutation(() => UpdateTenantLimitsPayload, {
    description: 'Sets how much a tenant may ask; in force at once, or within a minute while the cache cannot be reached. For operators.',
  })
  updateTenantLimits(
    @Arg('input', () => UpdateTenantLimitsInput) input: UpdateTenantLimitsInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    const operator = permit(caller, 'tenants:manage');
    return payload<object>(async () => ({
      tenant: await updateTenantLimits(services, operator, input.tenantId, input),
    }));
  }
}
