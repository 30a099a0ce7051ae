/** The GraphQL schema, built from the resolver classes. */
import 'reflect-metadata';
import { GraphQLInputObjectType, type GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { authoriseFields } from './authorisation.js';
import { BulkResolver } from './bulk-resolver.js';
import { CallerResolver } from './caller-resolver.js';
import { ChangeResolver } from './change-resolver.js';
import { ClientConnectionResolver, ClientResolver } from './client-resolver.js';
import { DialectResolver } from './dialect-resolver.js';
import { resolveDirectly } from './direct-resolvers.js';
import { ExtensionResolver } from './extension-resolver.js';
import { GroupMemberConnectionResolver, GroupMemberResolver, GroupMembersResolver } from './group-member-resolver.js';
import { GroupConnectionResolver, GroupResolver } from './group-resolver.js';
import { ManagerResolver } from './manager-resolver.js';
import { ManyUsersResolver } from './many-users-resolver.js';
import { MembershipResolver } from './membership-resolver.js';
import { NodeResolver, ResourceConnectionResolver } from './node-resolver.js';
import { RateLimitResolver } from './rate-limit-resolver.js';
import { RefusedRequestConnectionResolver, RefusedRequestResolver } from './refused-request-resolver.js';
import { SecurityEventResolver } from './security-event-resolver.js';
import { TenantConnectionResolver, TenantListResolver } from './tenant-list-resolver.js';
import { TenantLifeResolver } from './tenant-life-resolver.js';
import { TenantLimitsResolver } from './tenant-limits-resolver.js';
import { TenantResolver } from './tenant-resolver.js';
import { LeakedTokenResolver } from './leaked-token-resolver.js';
import { TokenPolicyResolver } from './token-policy-resolver.js';
import { AccessTokenConnectionResolver, TokenResolver } from './token-resolver.js';
import { UserConnectionResolver, UserGroupConnectionResolver, UserResolver } from './user-resolver.js';

/** Inputs of which exactly one field must be given; TypeGraphQL 2 has no word for it yet. */
const ONE_OF = ['UserBy', 'GroupBy'];

export function buildIdentitySchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      UserResolver,
      UserConnectionResolver,
      UserGroupConnectionResolver,
      ManagerResolver,
      GroupResolver,
      GroupConnectionResolver,
      GroupMembersResolver,
      GroupMemberConnectionResolver,
      GroupMemberResolver,
      NodeResolver,
      ResourceConnectionResolver,
      CallerResolver,
      TenantResolver,
      TokenResolver,
      DialectResolver,
      BulkResolver,
      ExtensionResolver,
      TenantListResolver,
      TenantConnectionResolver,
      TenantLifeResolver,
      ClientResolver,
      ClientConnectionResolver,
      ChangeResolver,
      AccessTokenConnectionResolver,
      TokenPolicyResolver,
      LeakedTokenResolver,
      MembershipResolver,
      ManyUsersResolver,
      RateLimitResolver,
      TenantLimitsResolver,
      RefusedRequestResolver,
      RefusedRequestConnectionResolver,
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
