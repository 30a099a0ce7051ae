/** Tenants: made by operators, with policies that they decide themselves. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import { Failure } from '../../../schema/failure.js';
import type { Policies } from '../../../schema/policies.js';
import { permit } from '../domain/caller.js';
import type { TenantState } from '../domain/tenants/tenant-lists.js';
import { actingOn } from '../domain/tenants/tenant-target.js';
import { onboardTenant, readTenant, updateTenantPolicies } from '../domain/tenants/tenants.js';
import type { Context } from './context.js';
import { TenantPolicies, TenantPoliciesInput } from './policies.js';
import { payload, UserError } from './user-errors.js';
import { enumOf } from './enums.js';

export const tenantStates = enumOf<TenantState>('TenantState', 'Whether a tenant is served.', {
  ACTIVE: 'Its tokens are good.',
  SUSPENDED: 'Its tokens are refused with TENANT_SUSPENDED (403), and none is issued. Its data stay.',
  DELETING: 'Its tokens are unknown (401), and everything it owns is being deleted.',
});

@ObjectType('Tenant', { description: 'A customer: the owner of users, groups, clients and tokens.', simpleResolvers: true })
export class Tenant {
  @Field(() => ID, { description: 'The id.' })
  id!: string;

  @Field(() => String, { description: 'The name, for people to read.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A key from outside that the operator gave it, as the id in a customer list; unique among all tenants.',
  })
  reference!: string | null;

  @Field(() => tenantStates, { description: 'Whether it is served.' })
  state!: TenantState;

  @Field(() => String, { nullable: true, description: "Why it is suspended, in the operator's words; null while it is active." })
  stateReason!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Since when it is in this state: ISO 8601 in UTC; null where it was never in another.',
  })
  stateChangedAt!: string | null;

  @Field(() => String, { description: 'When the tenant was created: ISO 8601 in UTC.' })
  createdAt!: string;

  @Field(() => TenantPolicies, { description: 'What the tenant has decided.' })
  policies!: Policies;

  @Field(() => [GraphQLJSONObject], {
    description: 'Extensions that the tenant has declared: `{ resource, schema }`, the schema as RFC 7643, section 7, writes it.',
  })
  extensions!: JsonObject[];

  @Field(() => Int, { description: 'A number that moves on with every declaration; 0 where the tenant has declared nothing.' })
  schemaVersion!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many requests a second the tenant may send to each door, where an operator has set it; null where the usual limit holds.',
  })
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
  @Field(() => String, { description: 'The name, for people to read: 1 to 512 characters.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'A key of your own, as the id in a customer list: a second tenant with it is refused with UNIQUENESS.',
  })
  reference?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Makes it happen once: for 24 hours the same request with this key is answered again, but without the secret, which is kept nowhere: get a new one with `rotateClientSecret`.',
  })
  idempotencyKey?: string | null;
}

@ObjectType({ description: 'A new tenant and what its admin needs to issue tokens.', simpleResolvers: true })
class CreateTenantPayload {
  @Field(() => Tenant, { nullable: true, description: 'The tenant, with its addresses; null where nothing was done.' })
  tenant!: Tenant | null;

  @Field(() => String, { nullable: true, description: 'The id of its SCIM client.' })
  clientId!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The secret of its SCIM client: shown this once, never again; null where an idempotency key came a second time.',
  })
  clientSecret!: string | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

/** What is decided. Fails with INVALID_VALUE at null: to fall back to a default would be a decision that nobody has made. */
function decidedIn(input: object): Partial<Policies> {
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const [field] = given.find(([, value]) => value === null) ?? [];
  if (field !== undefined) {
    throw new Failure('INVALID_VALUE', { field, detail: `"${field}" always has a value: give another one instead of null.` });
  }
  return Object.fromEntries(given);
}

@Resolver()
export class TenantResolver {
  @Mutation(() => CreateTenantPayload, {
    description: 'Creates a tenant with its first SCIM client. For operators: needs the scope "tenants:manage".',
  })
  createTenant(
    @Arg('input', () => CreateTenantInput) { name, reference, idempotencyKey }: CreateTenantInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    const operator = permit(caller, 'tenants:manage');
    return payload<object>(async () => {
      const {
        result: { tenantId, clientId },
        secret,
      } = await onboardTenant(services, operator, { name, reference }, { idempotencyKey });
      return { tenant: await readTenant(services, tenantId), clientId, clientSecret: secret };
    });
  }

  @Mutation(() => UpdateTenantPoliciesPayload, {
    description:
      'Decides policies of the caller\'s tenant, or, for operators, of the one named; in force at once, or within a minute while the cache cannot be reached. Needs the scope "settings:manage" or "tenants:manage".',
  })
  updateTenantPolicies(
    @Arg('input', () => TenantPoliciesInput) { tenantId, ...input }: TenantPoliciesInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    return payload<object>(async () => {
      const actor = await actingOn(services, caller, 'settings:manage', tenantId);
      return { policies: await updateTenantPolicies(services, actor, decidedIn(input)) };
    });
  }
}
