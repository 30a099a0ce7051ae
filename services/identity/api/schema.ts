/** The GraphQL schema, built from the resolver classes. */
import 'reflect-metadata';
import { GraphQLInputObjectType, type GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { authoriseFields } from './authorisation.js';
import { BulkResolver } from './bulk-resolver.js';
import { CallerResolver } from './caller-resolver.js';
import { ChangeResolver } from './change-resolver.js';
import { ClientResolver } from './client-resolver.js';
import { ClientTotalResolver } from './client-types.js';
import { DialectResolver } from './dialect-resolver.js';
import { resolveDirectly } from './direct-resolvers.js';
import { ExtensionResolver } from './extension-resolver.js';
import { GroupMemberConnectionResolver, GroupMemberResolver, GroupMembersResolver } from './group-member-resolver.js';
import { GroupMemberTotalResolver, UserGroupTotalResolver } from './group-member-types.js';
import { GroupResolver } from './group-resolver.js';
import { GroupTotalResolver } from './group-types.js';
import { ManagerResolver } from './manager-resolver.js';
import { ManyUsersResolver } from './many-users-resolver.js';
import { MembershipResolver } from './membership-resolver.js';
import { NodeResolver, ResourceTotalResolver } from './node-resolver.js';
import { RateLimitResolver } from './rate-limit-resolver.js';
import { RefusedRequestTotalResolver, RefusedRequestResolver } from './refused-request-resolver.js';
import { SecurityEventResolver } from './security-event-resolver.js';
import { TenantTotalResolver, TenantListResolver } from './tenant-list-resolver.js';
import { TenantLifeResolver } from './tenant-life-resolver.js';
import { TenantLimitsResolver } from './tenant-limits-resolver.js';
import { TenantResolver } from './tenant-resolver.js';
import { LeakedTokenResolver } from './leaked-token-resolver.js';
import { TokenPolicyResolver } from './token-policy-resolver.js';
import { TokenResolver } from './token-resolver.js';
import { AccessTokenTotalResolver } from './token-types.js';
import { UserResolver } from './user-resolver.js';
import { UserTotalResolver } from './user-types.js';

/** Inputs of which exactly one field must be given; TypeGraphQL 2 has no word for it yet. */
const ONE_OF = ['UserBy', 'GroupBy'];

export function buildIdentitySchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      UserResolver,
      UserTotalResolver,
      UserGroupTotalResolver,
      ManagerResolver,
      GroupResolver,
      GroupTotalResolver,
      GroupMembersResolver,
      GroupMemberConnectionResolver,
      GroupMemberTotalResolver,
      GroupMemberResolver,
      NodeResolver,
      ResourceTotalResolver,
      CallerResolver,
      TenantResolver,
      TokenResolver,
      DialectResolver,
      BulkResolver,
      ExtensionResolver,
      TenantListResolver,
      TenantTotalResolver,
      TenantLifeResolver,
      ClientResolver,
      ClientTotalResolver,
      ChangeResolver,
      AccessTokenTotalResolver,
      TokenPolicyResolver,
      LeakedTokenResolver,
      MembershipResolver,
      ManyUsersResolver,
      RateLimitResolver,
      TenantLimitsResolver,
      RefusedRequestResolver,
      RefusedRequestTotalResolver,
      SecurityEventResolver,
    ],
    validate: false,
  });
  for (const name of ONE_OF) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLInputObjectType)) throw new Error(`${name} is not an input type`);
    type.isOneOf = true;
  }
  resolveDirectly(schema);
  authoriseFields(schema);
  return schema;
}
