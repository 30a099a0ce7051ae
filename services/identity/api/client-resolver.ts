/** Clients: listed, made, described, given new secrets, revoked; by tools of their tenant, and by operators for any. */
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import {
  countClients,
  countTokensOfClients,
  type ClientRow,
  createClient,
  listClients,
  readClient,
  revokeClient,
  rotateClientSecret,
  updateClient,
} from '../domain/tokens/clients.js';
import { actingOn, permitOrOperate, requireAllThatClientsGive } from '../domain/tenants/tenant-target.js';
import {
  Client,
  ClientConnection,
  ClientSecretPayload,
  CreateClientInput,
  RevokeClientInput,
  RevokeClientPayload,
  RotateClientSecretInput,
  UpdateClientInput,
  UpdateClientPayload,
} from './client-types.js';
import { CursorArguments, tenantMeant } from './common-inputs.js';
import type { Context } from './context.js';
import { rowConnection } from './connection-source.js';
import { payload } from './user-errors.js';

const NEEDS = 'Needs the scope "tokens:manage", or, for any tenant, "tenants:manage".';
const SECRET_NEEDS =
  'Needs every scope of the audience GRAPHQL, and a token that is good from anywhere, as the secret gives them; or, for any tenant, "tenants:manage".';
const SCOPE = 'tokens:manage';

@ArgsType()
class ClientArguments extends CursorArguments {
  @Field(() => ID, tenantMeant)
  tenantId?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether those that were revoked are listed, too.' })
  includeRevoked!: boolean;
}

@Resolver(() => Client)
export class ClientResolver {
  @Query(() => ClientConnection, { description: `The clients of a tenant, in the order of their creation. ${NEEDS}` })
  async clients(
    @Args(() => ClientArguments) { tenantId: named, includeRevoked, ...page }: ClientArguments,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    const { tenantId } = await actingOn(services, caller, SCOPE, named);
    return rowConnection(await listClients(services, tenantId, includeRevoked, page), () =>
      countClients(services, tenantId, includeRevoked),
    );
  }

  @FieldResolver(() => Int, { description: `How many of its tokens have neither expired nor been revoked. ${NEEDS}` })
  liveTokenCount(@Root() { tenantId, id }: ClientRow, @Ctx() { caller, services, loaders }: Context): Promise<number> {
    permitOrOperate(caller, SCOPE);
    return loaders.by(`tokens of clients of ${tenantId}`, id, (ids) => countTokensOfClients(services.database, tenantId, ids));
  }

  @Mutation(() => ClientSecretPayload, { description: `Creates a client, of which a tenant has up to a hundred. ${SECRET_NEEDS}` })
  createClient(
    @Arg('input', () => CreateClientInput) { tenantId, idempotencyKey, ...wanted }: CreateClientInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    return payload<object>(async () => {
      const actor = await actingOn(services, caller, SCOPE, tenantId);
      requireAllThatClientsGive(actor);
      const { result, secret } = await createClient(services, actor, wanted, { idempotencyKey });
      return { client: await readClient(services, actor.tenantId, result.id), clientSecret: secret };
    });
  }

  @Mutation(() => UpdateClientPayload, { description: `Changes name and description of a client. ${NEEDS}` })
  updateClient(
    @Arg('input', () => UpdateClientInput) { tenantId, id, ...changes }: UpdateClientInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    return payload<object>(async () => ({
      client: await updateClient(services, await actingOn(services, caller, SCOPE, tenantId), id, changes),
    }));
  }

  @Mutation(() => ClientSecretPayload, {
    description: `Gives a client a new secret; the one before stays good for the overlap. Tokens stay as they are. ${SECRET_NEEDS}`,
  })
  rotateClientSecret(
    @Arg('input', () => RotateClientSecretInput) { tenantId, id, overlapSeconds, idempotencyKey }: RotateClientSecretInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    return payload<object>(async () => {
      const actor = await actingOn(services, caller, SCOPE, tenantId);
      requireAllThatClientsGive(actor);
      const { result, secret } = await rotateClientSecret(services, actor, id, overlapSeconds, { idempotencyKey });
      return { client: await readClient(services, actor.tenantId, result.id), clientSecret: secret };
    });
  }

  @Mutation(() => RevokeClientPayload, {
    description: `Revokes a client and its tokens: once this has answered, nobody issues one for it, and nobody accepts one after \`effectiveAt\`. Repeating it is harmless. ${NEEDS}`,
  })
  revokeClient(
    @Arg('input', () => RevokeClientInput) { tenantId, id, keepTokens }: RevokeClientInput,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    return payload<object>(async () => revokeClient(services, await actingOn(services, caller, SCOPE, tenantId), id, keepTokens));
  }
}
