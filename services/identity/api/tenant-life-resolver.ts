/** What operators do to a tenant after it was made. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { permit } from '../domain/caller.js';
import { deleteTenant, resumeTenant, suspendTenant, updateTenant } from '../domain/tenants/tenant-life.js';
import type { Context } from './context.js';
import { Tenant } from './tenant-resolver.js';
import { payload, UserError } from './user-errors.js';

const FOR_OPERATORS = 'For operators: needs the scope "tenants:manage".';
const meant = { description: 'The id of the tenant.' };
const decided = { nullable: true, description: 'The tenant afterwards; null where nothing was done.' };
const errors = { description: 'Why nothing was done; empty where it was done.' };
const inForce = { nullable: true, description: 'From when on every process acts on it: now. ISO 8601 in UTC.' };

@InputType({ description: 'What to change of a tenant; what is absent stays.' })
class UpdateTenantInput {
  @Field(() => ID, meant)
  tenantId!: string;

  @Field(() => String, { nullable: true, description: 'Another name; a tenant always has one.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Another key from outside, unique among all tenants; null takes it away.' })
  reference?: string | null;
}

@ObjectType({ description: 'A tenant that was changed.', simpleResolvers: true })
class UpdateTenantPayload {
  @Field(() => Tenant, decided)
  tenant!: Tenant | null;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}

@InputType({ description: 'A tenant to suspend.' })
class SuspendTenantInput {
  @Field(() => ID, meant)
  tenantId!: string;

  @Field(() => String, { description: "Why, for your own records: 1 to 1000 characters. The tenant's callers are not told." })
  reason!: string;
}

@InputType({ description: 'A tenant to resume.' })
class ResumeTenantInput {
  @Field(() => ID, meant)
  tenantId!: string;
}

@InputType({ description: 'A tenant to delete.' })
class DeleteTenantInput {
  @Field(() => ID, meant)
  tenantId!: string;

  @Field(() => String, { description: 'The name of the tenant, exactly as it is: so that nobody deletes another one by mistake.' })
  confirmName!: string;
}

@ObjectType({ description: 'A tenant that is in another state now.', simpleResolvers: true })
class TenantStatePayload {
  @Field(() => Tenant, decided)
  tenant!: Tenant | null;

  @Field(() => String, inForce)
  effectiveAt!: string | null;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}

@Resolver()
export class TenantLifeResolver {
  @Mutation(() => UpdateTenantPayload, { description: `Renames a tenant, or gives it another reference. ${FOR_OPERATORS}` })
  updateTenant(
    @Arg('input', () => UpdateTenantInput) { tenantId, ...changes }: UpdateTenantInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    const operator = permit(caller, 'tenants:manage');
    return payload<object>(async () => ({ tenant: await updateTenant(services, operator, tenantId, changes) }));
  }

  @Mutation(() => TenantStatePayload, {
    description: `Suspends a tenant: from \`effectiveAt\` on all its tokens are refused at both doors with TENANT_SUSPENDED (403), and none is issued. Its data and tokens stay. Repeating it is harmless. ${FOR_OPERATORS}`,
  })
  suspendTenant(
    @Arg('input', () => SuspendTenantInput) { tenantId, reason }: SuspendTenantInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    const operator = permit(caller, 'tenants:manage');
    return payload<object>(() => suspendTenant(services, operator, tenantId, reason));
  }

  @Mutation(() => TenantStatePayload, {
    description: `Resumes a suspended tenant: all its tokens that have neither expired nor been revoked are good again. Repeating it is harmless. ${FOR_OPERATORS}`,
  })
  resumeTenant(
    @Arg('input', () => ResumeTenantInput) { tenantId }: ResumeTenantInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    const operator = permit(caller, 'tenants:manage');
    return payload<object>(() => resumeTenant(services, operator, tenantId));
  }

  @Mutation(() => TenantStatePayload, {
    description: `Deletes a tenant with everything it owns, for good: from \`effectiveAt\` on its tokens are unknown; the rows go in the background (\`tenant { state remaining }\`), and then the tenant itself. Change records stay. Repeating it is harmless. ${FOR_OPERATORS}`,
  })
  deleteTenant(
    @Arg('input', () => DeleteTenantInput) { tenantId, confirmName }: DeleteTenantInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    const operator = permit(caller, 'tenants:manage');
    return payload<object>(() => deleteTenant(services, operator, tenantId, confirmName));
  }
}
