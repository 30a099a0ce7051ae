/**
 * Fields that every resource of every answer is asked for, resolved by their methods and nothing between. TypeGraphQL makes an instance of the
 * class for each, and a promise for each argument: in a list of a hundred that was half of the time that GraphQL took.
 */
import type { GraphQLFieldResolver, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { PageArguments } from './common-inputs.js';
import type { Context } from './context.js';
import { GroupMembersResolver } from './group-member-resolver.js';
import { GroupResolver } from './group-resolver.js';
import type { Group } from './group-types.js';
import { UserResolver } from './user-resolver.js';
import type { User } from './user-types.js';

interface RelationArguments extends PageArguments {
  readonly effective: boolean;
}

interface Attributes { readonly only?: string[] | null }
interface DocumentArguments extends Attributes { readonly relation?: boolean }

type Resolve<Root, Arguments> = (root: Root, given: Arguments, context: Context) => unknown;

const users = new UserResolver();
const groups = new GroupResolver();
const groupMembers = new GroupMembersResolver();

const userFields = {
  attributes: ((user, { only }) => users.attributes(user, only ?? null)) satisfies Resolve<User, Attributes>,
  document: ((user, { only, relation = false }, context) => users.document(user, only ?? null, relation, context)) satisfies Resolve<User, DocumentArguments>,
  groups: ((user, { effective, ...page }, context) => users.groups(user, page, effective, context)) satisfies Resolve<User, RelationArguments>,
};
const groupFields = {
  attributes: ((group, { only }) => groups.attributes(group, only ?? null)) satisfies Resolve<Group, Attributes>,
  document: ((group, { only, relation = false }, context) => groupMembers.document(group, only ?? null, relation, context)) satisfies Resolve<Group, DocumentArguments>,
  members: ((group, { effective, ...page }, context) => groupMembers.members(group, page, effective, context)) satisfies Resolve<Group, RelationArguments>,
};

/** Puts the methods in the place of TypeGraphQL's resolvers. */
export function resolveDirectly(schema: GraphQLSchema): void {
  for (const [type, direct] of [['User', userFields], ['Group', groupFields]] as const) {
    const fields = (schema.getType(type) as GraphQLObjectType<unknown, Context>).getFields();
    for (const [name, resolve] of Object.entries(direct)) fields[name]!.resolve = resolve as GraphQLFieldResolver<unknown, Context>;
  }
}
