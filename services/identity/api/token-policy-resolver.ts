/** What a tenant decides about its tokens, in GraphQL. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { Failure } from '../../../schema/failure.js';
import { limits } from '../../../schema/resources.js';
import { type Caller, permit } from '../domain/caller.js';
import { onTenant } from '../domain/tokens/token-management.js';
import { readTokenPolicy, type TokenPolicy, updateTokenPolicy } from '../domain/tokens/token-policy.js';
import type { Context } from './context.js';
import { ofTenant } from './token-inputs.js';
import { payload, UserError } from './user-errors.js';

const { min, max } = limits.tokenSeconds;

const described = {
  maxLifetime: `Seconds a token may live at the most: ${min} to ${max}; null for ten years. Live tokens that would live longer end sooner.`,
  allowedNetworks: 'Networks in CIDR, or addresses, outside of which no token of the tenant is good; empty for none.',
  maxLiveTokens: 'How many live tokens there may be; null for no limit. Those that are there stay.',
  inactivityDays: 'A token not used for so many days ends; null, as at first, for never.',
};

@ObjectType('TokenPolicy', { description: 'What a tenant has decided about its tokens.', simpleResolvers: true })
class TokenPolicyType {
  @Field(() => Int, { nullable: true, description: described.maxLifetime })
  maxLifetime!: number | null;

  @Field(() => [String], { description: described.allowedNetworks })
  allowedNetworks!: string[];

  @Field(() => Int, { nullable: true, description: described.maxLiveTokens })
  maxLiveTokens!: number | null;

  @Field(() => Int, { nullable: true, description: described.inactivityDays })
  inactivityDays!: number | null;
}

@InputType({ description: 'What to decide; what is absent stays as it is, and null is no limit.' })
class UpdateTokenPolicyInput {
  @Field(() => ID, ofTenant)
  tenantId?: string | null;

  @Field(() => Int, { nullable: true, description: described.maxLifetime })
  maxLifetime?: number | null;

  @Field(() => [String], { nullable: true, description: described.allowedNetworks })
  allowedNetworks?: string[] | null;

  @Field(() => Int, { nullable: true, description: described.maxLiveTokens })
  maxLiveTokens?: number | null;

  @Field(() => Int, { nullable: true, description: described.inactivityDays })
  inactivityDays?: number | null;
}

@ObjectType({ description: 'The policy after the change.', simpleResolvers: true })
class UpdateTokenPolicyPayload {
  @Field(() => TokenPolicyType, { nullable: true, description: 'The whole policy afterwards; null where nothing was done.' })
  policy!: TokenPolicyType | null;

  @Field(() => Int, { nullable: true, description: 'How many tokens end sooner now than they did.' })
  shortened!: number | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

/** Who decides for a tenant: itself, or an operator. */
function permitToDecide(caller: Caller | undefined): Caller {
  return permit(caller, caller?.audience === 'admin' ? 'tenants:manage' : 'settings:manage');
}

function permitToRead(caller: Caller | undefined): Caller {
  if (!caller) throw new Failure('UNAUTHENTICATED');
  return caller.scopes.includes('tokens:manage') ? caller : permitToDecide(caller);
}

const toDecided = ({ allowedNetworks, ...input }: Omit<UpdateTokenPolicyInput, 'tenantId'>): Partial<TokenPolicy> => {
  const given = { ...input, ...(allowedNetworks === undefined ? {} : { allowedNetworks: allowedNetworks ?? [] }) };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
};

@Resolver()
export class TokenPolicyResolver {
  @Query(() => TokenPolicyType, {
    description: 'What the tenant has decided about its tokens. Needs the scope "tokens:manage", or that of deciding it.',
  })
  async tokenPolicy(@Arg('tenantId', () => ID, ofTenant) tenantId: string | null, @Ctx() { caller, services }: Context): Promise<unknown> {
    const { tenantId: id } = await onTenant(services, permitToRead(caller), tenantId);
    return readTokenPolicy(services.database, id);
  }

  @Mutation(() => UpdateTokenPolicyPayload, {
    description:
      'Decides about the tenant\'s tokens; in force when this has answered. Needs the scope "settings:manage", or of operators "tenants:manage".',
  })
  updateTokenPolicy(
    @Arg('input', () => UpdateTokenPolicyInput) { tenantId, ...input }: UpdateTokenPolicyInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    const decider = permitToDecide(caller);
    return payload<object>(async () => {
      const actor = await onTenant(services, decider, tenantId);
      return updateTokenPolicy(
        services,
        actor,
        toDecided(input),
        actor.tenantId === decider.tenantId ? (decider.address ?? '') : undefined,
      );
    });
  }
}
