/** Tokens in GraphQL: what is shown of them, and lists of them. */
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Audience } from '../domain/caller.js';
import type { TokenRow } from '../domain/tokens/tokens.js';
import { countedConnectionOf } from './connections.js';
import { audiences } from './token-audience.js';

export enum TokenState {
  LIVE = 'LIVE',
  EXPIRED = 'EXPIRED',
  REVOKED = 'REVOKED',
  IDLE = 'IDLE',
}
registerEnumType(TokenState, {
  name: 'TokenState',
  description: 'Whether a token is good.',
  valuesConfig: {
    LIVE: { description: 'It is good.' },
    EXPIRED: { description: 'Its time is over.' },
    REVOKED: { description: 'Somebody has ended it.' },
    IDLE: { description: "It was not used for longer than the tenant's policy allows." },
  },
});

@ObjectType('TokenCreator', { description: 'Who made a token; a token made at start-up has neither.', simpleResolvers: true })
class TokenCreator {
  @Field(() => ID, { nullable: true, description: 'The id of the token with which it was made.' })
  tokenId!: string | null;

  @Field(() => String, { nullable: true, description: 'The `clientId` of the client for whose credentials it was issued.' })
  clientId!: string | null;
}

@ObjectType('TokenUse', { description: 'A use of a token.', simpleResolvers: true })
class TokenUse {
  @Field(() => String, { description: 'When, to the minute: ISO 8601 in UTC.' })
  at!: string;

  @Field(() => String, { nullable: true, description: 'The address it came from.' })
  address!: string | null;

  @Field(() => String, { nullable: true, description: 'What the client called itself.' })
  userAgent!: string | null;
}

@ObjectType('AccessToken', {
  description: 'What is known of a bearer token; the token itself is shown once and never kept.',
  simpleResolvers: true,
})
export class AccessToken {
  @Field(() => ID, { description: 'The id, good for revoking.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'A name, for people to read.' })
  name!: string | null;

  @Field(() => String, { nullable: true, description: 'What it is for.' })
  description!: string | null;

  @Field(() => TokenState, { description: 'Whether it is good at the moment.' })
  state!: TokenState;

  @Field(() => audiences, { description: 'The door it opens.' })
  audience!: Audience;

  @Field(() => [String], { description: 'What it permits.' })
  scopes!: string[];

  @Field(() => [String], {
    description: "Networks it may be used from, in CIDR; empty where from anywhere. Those of the tenant's policy hold as well.",
  })
  allowedNetworks!: string[];

  @Field(() => String, {
    nullable: true,
    description: "The `clientId` of the client that it belongs to: it ends with the client's tokens.",
  })
  clientId!: string | null;

  @Field(() => TokenCreator, { description: 'Who made it.' })
  createdBy!: TokenCreator;

  @Field(() => ID, { description: 'Tokens that replaced each other have one family: the id of the first of them.' })
  family!: string;

  @Field(() => ID, { nullable: true, description: 'The id of the token it replaces.' })
  rotatedFrom!: string | null;

  @Field(() => ID, { nullable: true, description: 'The id of the token that replaces it.' })
  rotatedTo!: string | null;

  @Field(() => String, { description: 'When it was issued: ISO 8601 in UTC.' })
  createdAt!: string;

  @Field(() => String, { description: 'When it expires: ISO 8601 in UTC.' })
  expiresAt!: string;

  @Field(() => String, { nullable: true, description: 'When it was revoked: ISO 8601 in UTC.' })
  revokedAt!: string | null;

  @Field(() => String, { nullable: true, description: 'When it was last used, to the minute: ISO 8601 in UTC.' })
  lastUsedAt!: string | null;

  @Field(() => TokenUse, { nullable: true, description: 'Its last use, as known within a minute; null where it was never used.' })
  lastUsed!: TokenUse | null;
}

/** A row as GraphQL shows it. */
export const toAccessToken = (row: TokenRow) => ({
  ...row,
  createdBy: { tokenId: row.createdBy, clientId: row.createdBy === null ? row.clientId : null },
  lastUsed: row.lastUsedAt === null ? null : { at: row.lastUsedAt, address: row.lastUsedAddress, userAgent: row.lastUsedAgent },
});

export const { Connection: AccessTokenConnection, TotalResolver: AccessTokenTotalResolver } = countedConnectionOf(
  'AccessToken',
  () => AccessToken,
  'tokens',
  'How many tokens there are in all pages.',
);

@InputType({ description: 'Which tokens; what is absent makes no difference.' })
export class TokenFilterInput {
  @Field(() => TokenState, { nullable: true, description: 'Those in this state.' })
  state?: TokenState | null;

  @Field(() => String, { nullable: true, description: 'Those that belong to the client of this id.' })
  clientId?: string | null;

  @Field(() => audiences, { nullable: true, description: 'Those for this door.' })
  audience?: Audience | null;

  @Field(() => Int, { nullable: true, description: 'Those not used for so many days, or, never used, issued so long ago.' })
  unusedForDays?: number | null;

  @Field(() => Int, { nullable: true, description: 'Live ones that expire within so many days.' })
  expiringWithinDays?: number | null;
}
