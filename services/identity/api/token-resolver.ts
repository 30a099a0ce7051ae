/** Tokens: issued for a client's credentials, listed, revoked. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { type Audience, permit } from '../domain/caller.js';
import { issueToken, listTenantTokens, revokeToken } from '../domain/tokens.js';
import type { Context } from './context.js';
import { audiences } from './token-audience.js';
import { payload, UserError } from './user-errors.js';

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

@Resolver()
export class TokenResolver {
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
