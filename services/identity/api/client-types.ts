/** Clients in GraphQL: what is shown of them, and what they are asked for by. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { limits } from '../../../schema/resources.js';
import type { ClientRow, ClientSecretRow } from '../domain/tokens/clients.js';
import { tenantMeant } from './common-inputs.js';
import { countedConnectionOf } from './connections.js';
import { UserError } from './user-errors.js';

const errors = { description: 'Why nothing was done; empty where it was done.' };

@ObjectType({
  description: 'A secret of a client, without the secret itself: that is shown once and kept as a digest.',
  simpleResolvers: true,
})
class ClientSecret implements ClientSecretRow {
  @Field(() => String, { description: 'When it was made: ISO 8601 in UTC.' })
  createdAt!: string;

  @Field(() => String, { nullable: true, description: 'When it ceases to be good, because it is being rotated out: ISO 8601 in UTC.' })
  expiresAt!: string | null;

  @Field(() => String, { nullable: true, description: 'When a token was last issued for it, to the minute: ISO 8601 in UTC.' })
  lastUsedAt!: string | null;
}

@ObjectType({ description: 'A client of a tenant: credentials that tokens are issued for.', simpleResolvers: true })
export class Client implements Omit<ClientRow, 'tenantId'> {
  @Field(() => ID, { description: 'The id by which it is managed.' })
  id!: string;

  @Field(() => String, { description: 'What the client sends to the token provider, beside a secret.' })
  clientId!: string;

  @Field(() => String, { description: 'The name, for people to read.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is for, for people to read.' })
  description!: string | null;

  @Field(() => String, { description: 'When it was created: ISO 8601 in UTC.' })
  createdAt!: string;

  @Field(() => String, { nullable: true, description: 'When it was revoked: ISO 8601 in UTC.' })
  revokedAt!: string | null;

  @Field(() => [ClientSecret], {
    description: 'The secrets that are good, the newest first: one, two while one is rotated out, none of a revoked client.',
  })
  secrets!: ClientSecret[];
}

export const { Connection: ClientConnection, TotalResolver: ClientTotalResolver } = countedConnectionOf(
  'Client',
  () => Client,
  'clients',
  'How many clients there are in all pages.',
);

const clientIdField = { description: 'The id of the client (`id`, not `clientId`).' };
const once = {
  nullable: true,
  description:
    'Makes it happen once: for 24 hours the same request with this key is answered again, but without the secret, which is kept nowhere.',
};

@InputType({ description: 'A client to create.' })
export class CreateClientInput {
  @Field(() => ID, tenantMeant)
  tenantId?: string | null;

  @Field(() => String, { description: 'The name, for people to read: 1 to 512 characters.' })
  name!: string;

  @Field(() => String, { nullable: true, description: 'What it is for: up to 2000 characters.' })
  description?: string | null;

  @Field(() => String, once)
  idempotencyKey?: string | null;
}

@InputType({ description: 'What to change of a client; what is absent stays.' })
export class UpdateClientInput {
  @Field(() => ID, tenantMeant)
  tenantId?: string | null;

  @Field(() => ID, clientIdField)
  id!: string;

  @Field(() => String, { nullable: true, description: 'Another name.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: 'Another description; null takes it away.' })
  description?: string | null;
}

@InputType({ description: 'A client to give a new secret.' })
export class RotateClientSecretInput {
  @Field(() => ID, tenantMeant)
  tenantId?: string | null;

  @Field(() => ID, clientIdField)
  id!: string;

  @Field(() => Int, {
    defaultValue: limits.overlapSeconds.default,
    description: `For how many seconds the secret before stays good, too: an hour unless said otherwise, ${limits.overlapSeconds.max} (seven days) at the most; 0 ends it now. One that was already being rotated out ends now in any case.`,
  })
  overlapSeconds!: number;

  @Field(() => String, once)
  idempotencyKey?: string | null;
}

@InputType({ description: 'A client to revoke.' })
export class RevokeClientInput {
  @Field(() => ID, tenantMeant)
  tenantId?: string | null;

  @Field(() => ID, clientIdField)
  id!: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether the tokens it has stay good until they expire; they are revoked with it otherwise.',
  })
  keepTokens!: boolean;
}

@ObjectType({ description: 'A client, with a secret of its own that was just made.', simpleResolvers: true })
export class ClientSecretPayload {
  @Field(() => Client, { nullable: true, description: 'The client; null where nothing was done.' })
  client!: Client | null;

  @Field(() => String, {
    nullable: true,
    description: 'The secret: shown this once, never again; null where an idempotency key came a second time.',
  })
  clientSecret!: string | null;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}

@ObjectType({ description: 'A client that was changed.', simpleResolvers: true })
export class UpdateClientPayload {
  @Field(() => Client, { nullable: true, description: 'The client afterwards; null where nothing was done.' })
  client!: Client | null;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}

@ObjectType({ description: 'The result of revoking a client.', simpleResolvers: true })
export class RevokeClientPayload {
  @Field(() => Client, { nullable: true, description: 'The client, revoked; null where nothing was done.' })
  client!: Client | null;

  @Field(() => Int, { nullable: true, description: 'How many tokens this call has revoked.' })
  revokedTokens!: number | null;

  @Field(() => String, { nullable: true, description: 'From when on nobody accepts these tokens: now. ISO 8601 in UTC.' })
  effectiveAt!: string | null;

  @Field(() => [UserError], errors)
  userErrors!: UserError[];
}
