/** Tokens: issued for a client's credentials or by who may manage them, listed, replaced, revoked. */
import { Arg, Args, ArgsType, Ctx, Field, ID, Mutation, Query, Resolver } from 'type-graphql';
import { type Caller, permit } from '../domain/caller.js';
import { countTokens, createToken, listTokens, onTenant, readToken, rotateToken } from '../domain/tokens/token-management.js';
import { revokeToken, revokeTokens } from '../domain/tokens/token-revocation.js';
import { issueToken } from '../domain/tokens/tokens.js';
import { CursorArguments } from './common-inputs.js';
import { rowConnection } from './connection-source.js';
import type { Context } from './context.js';
import {
  CreateTokenInput,
  CreateTokenPayload,
  IssueTokenInput,
  IssueTokenPayload,
  RevokeTokenInput,
  RevokeTokenPayload,
  RevokeTokensInput,
  RevokeTokensPayload,
  ofTenant,
  RotateTokenInput,
  RotateTokenPayload,
  toIssued,
} from './token-inputs.js';
import { AccessToken, AccessTokenConnection, toAccessToken, TokenFilterInput } from './token-types.js';
import { payload } from './user-errors.js';

@ArgsType()
class TokensArguments extends CursorArguments {
  @Field(() => TokenFilterInput, { nullable: true, description: 'Which of them; all if absent.' })
  filter?: TokenFilterInput | null;

  @Field(() => ID, ofTenant)
  tenantId?: string | null;
}

/** Who manages tokens, at work on its own tenant or on the one an operator names. */
const manager = ({ caller, services }: Context, tenantId: string | null | undefined): Promise<Caller> =>
  onTenant(services, permit(caller, 'tokens:manage'), tenantId);

@Resolver()
export class TokenResolver {
  @Query(() => AccessTokenConnection, { description: 'The tokens of the tenant, newest first. Needs the scope "tokens:manage".' })
  async tokens(@Args(() => TokensArguments) { filter, tenantId, ...asked }: TokensArguments, @Ctx() context: Context): Promise<unknown> {
    const { tenantId: of } = await manager(context, tenantId);
    const { rows, ...page } = await listTokens(context.services, of, filter ?? {}, asked);
    return rowConnection({ rows: rows.map(toAccessToken), ...page }, () => countTokens(context.services, of, filter ?? {}));
  }

  @Query(() => AccessToken, {
    nullable: true,
    description: 'A token of the tenant by its id; null where there is none such. Needs the scope "tokens:manage".',
  })
  async token(
    @Arg('id', () => ID, { description: 'The id.' }) id: string,
    @Arg('tenantId', () => ID, ofTenant) tenantId: string | null,
    @Ctx() context: Context,
  ): Promise<unknown> {
    const row = await readToken(context.services, (await manager(context, tenantId)).tenantId, id);
    return row ? toAccessToken(row) : null;
  }

  @Mutation(() => IssueTokenPayload, {
    description:
      "Issues a token for a client's credentials; needs no other authentication. After 5 wrong attempts within a minute for one client from one address, or 50 from one address, further ones are refused with TOO_MANY_REQUESTS.",
  })
  issueToken(@Arg('input', () => IssueTokenInput) input: IssueTokenInput, @Ctx() { services, origin }: Context): Promise<unknown> {
    return payload<object>(async () => toIssued(await issueToken(services, input, origin)));
  }

  @Mutation(() => CreateTokenPayload, { description: 'Issues a token for the tenant. Needs the scope "tokens:manage".' })
  createToken(@Arg('input', () => CreateTokenInput) { tenantId, ...input }: CreateTokenInput, @Ctx() context: Context): Promise<unknown> {
    return payload<object>(async () => toIssued(await createToken(context.services, await manager(context, tenantId), input)));
  }

  @Mutation(() => RotateTokenPayload, {
    description:
      'Replaces a token by a new one; the old one stays good for the overlap. Needs the scope "tokens:manage", and those of the token.',
  })
  rotateToken(@Arg('input', () => RotateTokenInput) { tenantId, ...input }: RotateTokenInput, @Ctx() context: Context): Promise<unknown> {
    return payload<object>(async () => toIssued(await rotateToken(context.services, await manager(context, tenantId), input)));
  }

  @Mutation(() => RevokeTokenPayload, {
    description: 'Revokes a token of the tenant. Once this has answered, nobody accepts the token. Needs the scope "tokens:manage".',
  })
  revokeToken(@Arg('input', () => RevokeTokenInput) { tenantId, ...input }: RevokeTokenInput, @Ctx() context: Context): Promise<unknown> {
    return payload<object>(async () => {
      const { id, effectiveAt } = await revokeToken(context.services, await manager(context, tenantId), input);
      return { revokedId: id, effectiveAt };
    });
  }

  @Mutation(() => RevokeTokensPayload, {
    description:
      'Revokes all tokens of a client, or of the tenant. Once this has answered, nobody accepts them. Needs the scope "tokens:manage".',
  })
  revokeTokens(
    @Arg('input', () => RevokeTokensInput) { tenantId, ...input }: RevokeTokensInput,
    @Ctx() context: Context,
  ): Promise<unknown> {
    return payload<object>(async () => revokeTokens(context.services, await manager(context, tenantId), input));
  }
}
