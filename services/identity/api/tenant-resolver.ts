/** The caller and its tenant; tenants and tokens, as far as connecting an identity provider takes them. */
import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Ctx, Field, FieldResolver, ID, InputType, Int, Mutation, ObjectType, Query, registerEnumType, Resolver, Root } from 'type-graphql';
import type { JsonObject } from '../../../schema/change.js';
import type { Policies } from '../../../schema/policies.js';
import { Failure } from '../../../schema/failure.js';
import { type Audience, type Caller, permit } from '../domain/caller.js';
import { createTenant, type OnboardedTenant, readTenant, updateTenantPolicies } from '../domain/tenants.js';
import { issueToken, listTenantTokens, revokeToken } from '../domain/tokens.js';
import type { Context } from './context.js';
import { TenantPolicies, TenantPoliciesInput } from './policies.js';
import { payload, UserError } from './user-errors.js';

const audiences: Readonly<Record<Uppercase<Audience>, Audience>> = { SCIM: 'scim', GRAPHQL: 'graphql', ADMIN: 'admin' };
registerEnumType(audiences, {
  name: 'TokenAudience', description: 'The door a token opens; it opens no other.',
  valuesConfig: {
    SCIM: { description: 'The SCIM facade: for identity providers.' },
    GRAPHQL: { description: 'This API: for tools of one tenant.' },
    ADMIN: { description: 'This API, for operators: tenants, not people.' },
  },
});

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
}

@ObjectType({ description: 'The policies after the change.', simpleResolvers: true })
class UpdateTenantPoliciesPayload {
  @Field(() => TenantPolicies, { nullable: true, description: 'All policies afterwards; null where nothing was done.' })
  policies!: Policies | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

@ObjectType('AccessToken', { description: 'What is known of a bearer token; the token itself is shown once and never kept.', simpleResolvers: true })
export class AccessToken {
  @Field(() => ID, { description: 'The id, good for revoking.' })
  id!: string;

  @Field(() => audiences as object, { description: 'The door it opens.' })
  audience!: Audience;

  @Field(() => [String], { description: 'What it permits.' })
  scopes!: string[];

  @Field(() => String, { description: 'When it was issued: ISO 8601 in UTC.' })
  createdAt!: string;

  @Field(() => String, { description: 'When it expires: ISO 8601 in UTC.' })
  expiresAt!: string;

  @Field(() => String, { nullable: true, description: 'When it was revoked: ISO 8601 in UTC.' })
  revokedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'When it was last used, to the minute: ISO 8601 in UTC.' })
  lastUsedAt!: string | null;
}

@ObjectType('Caller', { description: 'Who is asking: what the token says.' })
export class CallerType {
  @Field(() => audiences as object, { description: 'The door of the token.' })
  audience!: Audience;

  @Field(() => [String], { description: 'What the token permits.' })
  scopes!: string[];
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

@InputType({ description: 'A client\'s credentials, in exchange for a token.' })
class IssueTokenInput {
  @Field(() => String, { description: 'The id of the client.' })
  clientId!: string;

  @Field(() => String, { description: 'The secret of the client.' })
  clientSecret!: string;

  @Field(() => audiences as object, { defaultValue: 'scim', description: 'The door the token is to open.' })
  audience!: Audience;

  @Field(() => Int, { nullable: true, description: 'Seconds it is to live: 60 to 315360000, that is ten years; 84600 if absent.' })
  expiresIn?: number | null;
}

@ObjectType({ description: 'A new token.', simpleResolvers: true })
class IssueTokenPayload {
  @Field(() => String, { nullable: true, description: 'The token: shown this once, never again.' })
  accessToken!: string | null;

  @Field(() => Int, { nullable: true, description: 'Seconds it lives.' })
  expiresIn!: number | null;

  @Field(() => AccessToken, { nullable: true, description: 'What is kept of it.' })
  token!: AccessToken | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

@InputType({ description: 'The token to revoke, by its id or by itself.' })
class RevokeTokenInput {
  @Field(() => ID, { nullable: true, description: 'The id of the token.' })
  id?: string;

  @Field(() => String, { nullable: true, description: 'The token itself.' })
  token?: string;
}

@ObjectType({ description: 'A token that is no longer good.', simpleResolvers: true })
class RevokeTokenPayload {
  @Field(() => ID, { nullable: true, description: 'The id of the token; null where nothing was done.' })
  revokedId!: string | null;

  @Field(() => String, { nullable: true, description: 'From when on nobody accepts it: now, or within a minute while the cache cannot be reached. ISO 8601 in UTC.' })
  effectiveAt!: string | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
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

  @Query(() => [AccessToken], { description: 'The newest thousand tokens of the tenant, newest first.' })
  tokens(@Ctx() { caller, services }: Context): Promise<unknown> {
    return listTenantTokens(services, permit(caller, 'tokens:manage').tenantId);
  }

  @Mutation(() => IssueTokenPayload, { description: 'Issues a token for a client\'s credentials; needs no other authentication. Wrong credentials are slowed down.' })
  issueToken(@Arg('input', () => IssueTokenInput) input: IssueTokenInput, @Ctx() { services, origin }: Context): Promise<unknown> {
    return payload<object>(() => issueToken(services, input, origin));
  }

  @Mutation(() => RevokeTokenPayload, { description: 'Revokes a token of the tenant. Once this has answered, nobody accepts the token after `effectiveAt`.' })
  revokeToken(@Arg('input', () => RevokeTokenInput) input: RevokeTokenInput, @Ctx() { caller, services }: Context): Promise<unknown> {
    const actor = permit(caller, 'tokens:manage');
    return payload<object>(async () => {
      const { id, effectiveAt } = await revokeToken(services, actor, input);
      return { revokedId: id, effectiveAt };
    });
  }
}
