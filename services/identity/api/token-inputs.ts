/** What mutations of tokens take and answer. */
import { type ClassType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { limits } from '../../../schema/resources.js';
import type { Audience } from '../domain/caller.js';
import type { IssuedToken, RotatedToken } from '../domain/tokens/token-management.js';
import { audiences } from './token-audience.js';
import { AccessToken, toAccessToken } from './token-types.js';
import { UserError } from './user-errors.js';

const { min, max, default: usual } = limits.tokenSeconds;

/** For every field about tokens. */
export const ofTenant = {
  nullable: true,
  description: 'For operators: the tenant at whose tokens they are at work. Everybody else is at work on their own.',
} as const;

/** Adds what can be wished for of every new token. */
function addWishes(type: ClassType): void {
  const add = (field: string, of: () => unknown, description: string) =>
    Field(of as () => ClassType, { nullable: true, description })(type.prototype, field);
  add(
    'expiresIn',
    () => Int,
    `Seconds it is to live: ${min} to ${max}, that is ten years, or as the tenant's policy has it; ${usual} if absent.`,
  );
  add(
    'scopes',
    () => [String],
    'What it is to permit; all that can be granted if absent. A SCIM token with only "users:read" and "groups:read" can read, but not write.',
  );
  add('name', () => String, 'A name, for people to read.');
  add('description', () => String, 'What it is for.');
  add('allowedNetworks', () => [String], 'Networks in CIDR, or addresses, that it may be used from; from anywhere if absent.');
}

@InputType({ description: "A client's credentials, in exchange for a token." })
export class IssueTokenInput {
  @Field(() => String, { description: 'The `clientId` of the client, not its `id`.' })
  clientId!: string;

  @Field(() => String, { description: 'The secret of the client.' })
  clientSecret!: string;

  @Field(() => audiences, { defaultValue: 'scim', description: 'The door the token is to open.' })
  audience!: Audience;

  expiresIn?: number | null;

  scopes?: string[] | null;

  name?: string | null;

  description?: string | null;

  allowedNetworks?: string[] | null;
}
addWishes(IssueTokenInput);

@InputType({
  description:
    "A token to make. Nobody hands on more than they hold: scopes and networks are within the caller's own. Of a tenant, operators who hold tenants:manage beside tokens:manage give all that tenants may have; the tenant's changes tell of it.",
})
export class CreateTokenInput {
  @Field(() => ID, ofTenant)
  tenantId?: string | null;

  @Field(() => audiences, { description: 'The door the token is to open.' })
  audience!: Audience;

  expiresIn?: number | null;

  scopes?: string[] | null;

  name?: string | null;

  description?: string | null;

  allowedNetworks?: string[] | null;
}
addWishes(CreateTokenInput);

@InputType({ description: 'A token to replace by a new one of the same family, with the same scopes and networks.' })
export class RotateTokenInput {
  @Field(() => ID, ofTenant)
  tenantId?: string | null;

  @Field(() => ID, { description: 'The id of the token, which must be live.' })
  id!: string;

  @Field(() => Int, {
    defaultValue: limits.overlapSeconds.default,
    description: `Seconds that the old token stays good: 0, which revokes it now, to ${limits.overlapSeconds.max}, that is seven days.`,
  })
  overlapSeconds!: number;

  @Field(() => Int, { nullable: true, description: 'Seconds that the new token lives; as long as the old one was to if absent.' })
  expiresIn?: number | null;
}

@InputType({ description: 'The token to revoke, by its id or by itself: one of the two.' })
export class RevokeTokenInput {
  @Field(() => ID, ofTenant)
  tenantId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The id of the token.' })
  id?: string;

  @Field(() => String, { nullable: true, description: 'The token itself.' })
  token?: string;
}

@InputType({ description: 'The tokens to revoke: those of a client, or all; one of the two.' })
export class RevokeTokensInput {
  @Field(() => ID, ofTenant)
  tenantId?: string | null;

  @Field(() => String, { nullable: true, description: 'The `clientId` of the client, not its `id`.' })
  clientId?: string;

  @Field(() => Boolean, { nullable: true, description: "true: every token of the tenant, the caller's own among them." })
  all?: boolean;
}

/** The payload of a mutation that makes a token. */
function issuedPayload(mutation: string, addMore: (payload: ClassType) => void = () => undefined): ClassType {
  @ObjectType(`${mutation}Payload`, { description: 'A new token.', simpleResolvers: true })
  class Payload {
    @Field(() => String, { nullable: true, description: 'The token: shown this once, never again.' })
    accessToken!: string | null;

    @Field(() => Int, { nullable: true, description: 'Seconds it lives.' })
    expiresIn!: number | null;

    @Field(() => AccessToken, { nullable: true, description: 'What is kept of it.' })
    token!: AccessToken | null;

    @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
    userErrors!: UserError[];
  }
  addMore(Payload);
  return Payload;
}

export const IssueTokenPayload = issuedPayload('IssueToken');
export const CreateTokenPayload = issuedPayload('CreateToken');
export const RotateTokenPayload = issuedPayload('RotateToken', (payload) => {
  Field(() => AccessToken, { nullable: true, description: 'The token that is replaced; good until its `expiresAt`.' })(
    payload.prototype,
    'previous',
  );
});

/** What a mutation that makes a token answers. */
export const toIssued = ({ token, previous, ...issued }: IssuedToken & Partial<RotatedToken>): object => ({
  ...issued,
  token: toAccessToken(token),
  previous: previous && toAccessToken(previous),
});

const effective = 'From when on nobody accepts them: now. ISO 8601 in UTC.';

@ObjectType({ description: 'A token that is no longer good.', simpleResolvers: true })
export class RevokeTokenPayload {
  @Field(() => ID, { nullable: true, description: 'The id of the token; null where nothing was done.' })
  revokedId!: string | null;

  @Field(() => String, { nullable: true, description: effective })
  effectiveAt!: string | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}

@ObjectType({ description: 'Tokens that are no longer good.', simpleResolvers: true })
export class RevokeTokensPayload {
  @Field(() => Int, { nullable: true, description: 'How many were live; null where nothing was done.' })
  revoked!: number | null;

  @Field(() => String, { nullable: true, description: effective })
  effectiveAt!: string | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty where it was done.' })
  userErrors!: UserError[];
}
