/** Tenants as operators see them, and what of a tenant is counted or made up when it is asked for. */
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { SCIM_BASE_PATH, TOKEN_PATH } from '../../../schema/resources.js';
import { permit } from '../domain/caller.js';
import {
  countResourcesOf,
  countTenants,
  countTokensOf,
  findCustomer,
  listTenants,
  type TenantRow,
  type TenantState,
} from '../domain/tenants/tenant-lists.js';
import { permitOrOperate } from '../domain/tenants/tenant-target.js';
import { CursorArguments } from './common-inputs.js';
import { rowConnection } from './connection-source.js';
import type { Context } from './context.js';
import { countedConnectionOf } from './connections.js';
import { Tenant, tenantStates } from './tenant-resolver.js';

const { Connection: TenantConnection, TotalResolver } = countedConnectionOf(
  'Tenant',
  () => Tenant,
  'tenants',
  'How many tenants there are in all pages.',
);

@ArgsType()
class TenantArguments extends CursorArguments {
  @Field(() => String, { nullable: true, description: 'A part of the name, in any case.' })
  name?: string | null;

  @Field(() => tenantStates, { nullable: true, description: 'Only those in this state.' })
  state?: TenantState | null;

  @Field(() => String, { nullable: true, description: 'Only the one with this reference.' })
  reference?: string | null;
}

@Resolver(() => Tenant)
export class TenantListResolver {
  @Query(() => TenantConnection, {
    description: 'All tenants, in the order of their creation. For operators: needs the scope "tenants:manage".',
  })
  async tenants(
    @Args(() => TenantArguments) { name, state, reference, ...page }: TenantArguments,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    permit(caller, 'tenants:manage');
    const filter = { name, state, reference };
    return rowConnection(await listTenants(services, filter, page), () => countTenants(services, filter));
  }

  @Query(() => Tenant, {
    nullable: true,
    description:
      'One tenant; null where there is none such. For operators: needs the scope "tenants:manage". A tenant sees itself in `caller { tenant }`.',
  })
  async tenant(
    @Arg('id', () => ID, { description: 'The id of the tenant.' }) id: string,
    @Ctx() { caller, services }: Context,
  ): Promise<unknown> {
    permit(caller, 'tenants:manage');
    return findCustomer(services, id);
  }

  @FieldResolver(() => String, { description: 'The base URL of the SCIM service, as it is pasted into Okta.' })
  scimUrl(@Ctx() { services: { publicUrl } }: Context): string {
    return `${publicUrl}${SCIM_BASE_PATH}/`;
  }

  @FieldResolver(() => String, { description: 'The URL of the token provider.' })
  tokenUrl(@Ctx() { services: { publicUrl } }: Context): string {
    return `${publicUrl}${TOKEN_PATH}`;
  }

  @FieldResolver(() => Int, { description: 'How many users it has. Needs the scope "users:read" or "tenants:manage".' })
  userCount(@Root() { id }: TenantRow, @Ctx() { caller, services, loaders }: Context): Promise<number> {
    permitOrOperate(caller, 'users:read');
    return loaders.by('users', id, (ids) => countResourcesOf(services.database, 'User', ids));
  }

  @FieldResolver(() => Int, { description: 'How many groups it has. Needs the scope "groups:read" or "tenants:manage".' })
  groupCount(@Root() { id }: TenantRow, @Ctx() { caller, services, loaders }: Context): Promise<number> {
    permitOrOperate(caller, 'groups:read');
    return loaders.by('groups', id, (ids) => countResourcesOf(services.database, 'Group', ids));
  }

  @FieldResolver(() => Int, {
    description: 'How many tokens of it have neither expired nor been revoked. Needs the scope "tokens:manage" or "tenants:manage".',
  })
  liveTokenCount(@Root() { id }: TenantRow, @Ctx() { caller, services, loaders }: Context): Promise<number> {
    permitOrOperate(caller, 'tokens:manage');
    return loaders.by('tokens', id, (ids) => countTokensOf(services.database, ids));
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'While it is being deleted: how many users and groups are still to go; their memberships go before them. Null in every other state.',
  })
  async remaining(@Root() tenant: TenantRow, @Ctx() context: Context): Promise<number | null> {
    if (tenant.state !== 'DELETING') return null;
    const [users, groups] = await Promise.all([this.userCount(tenant, context), this.groupCount(tenant, context)]);
    return users + groups;
  }
}

export { TotalResolver as TenantTotalResolver };
