/** Tenants: made by operators, with policies that they decide themselves. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import type { Policies } from '../../../schema/policies.js';
import { permit } from '../domain/caller.js';
import { createTenant, type OnboardedTenant, readTenant, updateTenantPolicies } from '../domain/tenants.js';
import type { Context } from './context.js';
import { TenantPolicies, TenantPoliciesInput } from './policies.js';
import { payload, UserError } from './user-errors.js';

@ObjectType('Tenant', { description: 'A customer: the owner of users, groups, clients and tokens.', simpleResolvers: true })
export class Tenant {
  @Field(() => ID, { description: 'The id.' })
  id!: string;

  @Field(() => String, { description: 'The name, for people to read.' })
  name!: string;

  @Field(() => String, { description: 'When the tenant was created: ISO 8601 in UTC.' })
  createdAt!: string;

  @Field(() => TenantPolicies, { description: 'What the tenant has decided.' })
  policies!: Policies;

  @Field(() => [GraphQLJSONObject], { description: 'Extensions that the tenant has declared: `{ resource, schema }`, the schema as RFC 7643, section 7, writes it.' })
  extensions!: JsonObject[];

  @Field(() => Int, { description: 'How often the tenant has declared something; moves with every declaration.' })
  schemaVersion!: number;

  @Field(() => Int, { nullable: true, description: 'How many requests a second the tenant may send to each door, where an operator has set it; null where the usual limit holds.' })
  requestsPerSecond!: number | null;
}

@ObjectType({ description: 'The policies after the change.', simpleResolvers: true })
class UpdateTenantPoliciesPayload {
  @Field(() => TenantPolicies, { nullable: true, description: 'All policies afterwards; null where nothing was done.' })
  policies!: Policies | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

@InputType({ description: 'A tenant to create.' })
class CreateTenantInput {
  @Field(() => String, { description: 'The name, for people to read.' })
  name!: string;
}

@ObjectType({ description: 'A new tenant and what its admin needs to issue tokens.', simpleResolvers: true })
class CreateTenantPayload {
  @Field(() => Tenant, { nullable: true, description: 'The tenant; null where nothing was done.' })
  tenant!: Tenant | null;

  @Field(() => String, { nullable: true, description: 'The id of its SCIM client.' })
  clientId!: string | null;

  @Field(() => String, { nullable: true, description: 'The secret of its SCIM client: shown this once, never again.' })
  clientSecret!: string | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

@Resolver()
export class TenantResolver {
  @Mutation(() => CreateTenantPayload, { description: 'Creates a tenant with its first SCIM client. For operators.' })
  createTenant(@Arg('input', () => CreateTenantInput) { name }: CreateTenantInput, @Ctx() { caller, services }: Context): Promise<unknown> {
    const creator = permit(caller, 'tenants:manage');
    return payload<object>(async () => {
      const { tenantId, clientId, clientSecret }: OnboardedTenant = await createTenant(services, creator, name);
      return { tenant: await readTenant(services, tenantId), clientId, clientSecret };
    });
  }

  @Mutation(() => UpdateTenantPoliciesPayload, { description: 'Decides policies of the caller\'s tenant; in force at once, or within a minute while the cache cannot be reached.' })
  updateTenantPolicies(@Arg('input', () => TenantPoliciesInput) input: TenantPoliciesInput, @Ctx() { caller, services }: Context): Promise<unknown> {
    const actor = permit(caller, 'settings:manage');
    const decided = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null && value !== undefined)) as Partial<Policies>;
    return payload<object>(async () => ({ policies: await updateTenantPolicies(services, actor, decided) }));
  }
}
