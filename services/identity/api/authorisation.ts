/**
 * Who may read what, said once for each type: every field that leads to it asks, however one has come there. What a mutation would answer
 * is looked at before anything is done: a token that may write but not read is refused, or does not ask.
 */
import {
  defaultFieldResolver,
  type FieldNode,
  getNamedType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { type Caller, permit, type Scope } from '../domain/caller.js';
import type { Context } from './context.js';
import { fieldsBelow } from './look-ahead.js';

/** A member's id, type and name belong to its group; the user behind is a user. */
const readers: Readonly<Record<string, Scope>> = {
  User: 'users:read',
  UserConnection: 'users:read',
  Group: 'groups:read',
  GroupConnection: 'groups:read',
  UserGroupConnection: 'groups:read',
  GroupMember: 'groups:read',
  GroupMemberConnection: 'groups:read',
  Membership: 'groups:read',
};
const scopes = [...new Set(Object.values(readers))];

/** SCIM shows users without their groups rather than no users: the field itself leaves them out. */
const isLeftOut = (caller: Caller | undefined, name: string): boolean => name === 'UserGroupConnection' && caller?.audience === 'scim';

/** Edges and nodes belong to their connection: who has come to that may see them. */
const isInside = ({ name }: GraphQLObjectType): boolean => /(Connection|Edge)$/.test(name);

type Selecting = Pick<FieldNode, 'selectionSet'>;

/** Asks for all that is selected below a field that answers the type. */
function permitBelow(caller: Caller, type: GraphQLObjectType, nodes: readonly Selecting[], info: GraphQLResolveInfo): void {
  for (const node of fieldsBelow(nodes, info)) {
    const field = type.getFields()[node.name.value];
    const named = field && getNamedType(field.type);
    if (!isObjectType(named) || isLeftOut(caller, named.name)) continue;
    const scope = readers[named.name];
    if (scope) permit(caller, scope);
    permitBelow(caller, named, [node], info);
  }
}

interface WriteInput {
  readonly dryRun?: boolean | null;
  readonly operations?: readonly { readonly type: string }[];
}
interface WriteArguments {
  readonly input?: WriteInput;
}

/** What may be read of what a mutation of users or groups writes. */
const readersOf = (name: string, { operations }: WriteInput): readonly Scope[] => {
  const types = operations ? operations.map(({ type }) => type) : [name.includes('Group') ? 'Group' : 'User'];
  return types.flatMap((type) => readers[type] ?? []);
};

/** The changes that a rehearsal tells hold what is there: of a deletion, all of it. */
function permitPlan(caller: Caller, { input }: WriteArguments, info: GraphQLResolveInfo): void {
  const isTold = input?.dryRun === true && fieldsBelow(info.fieldNodes, info).some(({ name }) => name.value === 'changes');
  if (isTold) for (const scope of readersOf(info.fieldName, input)) permit(caller, scope);
}

function beforeDoing({ caller }: Context, args: WriteArguments, info: GraphQLResolveInfo): void {
  const type = getNamedType(info.returnType);
  const mayReadAll = !caller || scopes.every((scope) => caller.scopes.includes(scope));
  if (mayReadAll || !isObjectType(type)) return;
  permitBelow(caller, type, info.fieldNodes, info);
  permitPlan(caller, args, info);
}

/** Makes the fields of a built schema ask. */
export function authoriseFields(schema: GraphQLSchema): void {
  const mutation = schema.getMutationType();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || isInside(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve ?? defaultFieldResolver;
      const { name } = getNamedType(field.type);
      if (type === mutation) {
        field.resolve = (source, args, context: Context, info) => {
          beforeDoing(context, args as WriteArguments, info);
          return resolve(source, args, context, info);
        };
      } else if (readers[name]) {
        field.resolve = (source, args, context: Context, info) => {
          if (!isLeftOut(context.caller, name)) permit(context.caller, readers[name]!);
          return resolve(source, args, context, info);
        };
      }
    }
  }
}
