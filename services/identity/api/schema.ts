/** The GraphQL schema, built from the resolver classes. */
import 'reflect-metadata';
import { GraphQLInputObjectType, type GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { BulkResolver } from './bulk-resolver.js';
import { CallerResolver } from './caller-resolver.js';
import { DialectResolver } from './dialect-resolver.js';
import { resolveDirectly } from './direct-fields.js';
import { ExtensionResolver } from './extension-resolver.js';
import { GroupMemberConnectionResolver, GroupMemberResolver, GroupMembersResolver } from './group-member-resolver.js';
import { GroupConnectionResolver, GroupResolver } from './group-resolver.js';
import { NodeResolver, ResourceConnectionResolver } from './node-resolver.js';
import { TenantResolver } from './tenant-resolver.js';
import { TokenResolver } from './token-resolver.js';
import { UserConnectionResolver, UserGroupConnectionResolver, UserResolver } from './user-resolver.js';

/** Inputs of which exactly one field must be given; TypeGraphQL 2 has no word for it yet. */
const ONE_OF = ['UserBy', 'GroupBy', 'RevokeTokenInput'];

export function buildIdentitySchema(): GraphQLSchema {
  const schema = buildSchemaSync({
    resolvers: [
      UserResolver, UserConnectionResolver, UserGroupConnectionResolver,
      GroupResolver, GroupConnectionResolver, GroupMembersResolver, GroupMemberConnectionResolver, GroupMemberResolver,
      NodeResolver, ResourceConnectionResolver, CallerResolver, TenantResolver, TokenResolver, DialectResolver, BulkResolver, ExtensionResolver,
    ],
    validate: false,
  });
  for (const name of ONE_OF) {
    const type = schema.getType(name);
    if (!(type instanceof GraphQLInputObjectType)) throw new Error(`${name} is not an input type`);
    type.isOneOf = true;
  }
  resolveDirectly(schema);
  return schema;
}
