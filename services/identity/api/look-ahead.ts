/** Looks ahead in the operation: a relation that will be asked for is read along with its owner, in one statement instead of two. */
import {
  type FieldNode, getArgumentValues, getDirectiveValues, getNamedType, GraphQLIncludeDirective, GraphQLObjectType, type GraphQLResolveInfo,
  GraphQLSkipDirective, isObjectType, Kind,
} from 'graphql';
import { limits } from '../../../schema/resources.js';
import type { RelationName } from '../domain/relations.js';

/** A page of a relation that the operation will ask for. */
export interface ExpectedPage {
  readonly name: RelationName;
  readonly limit: number;
}

function isIncluded(node: FieldNode, { variableValues }: GraphQLResolveInfo): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variableValues);
  return skip?.['if'] !== true && include?.['if'] !== false;
}

/** The one field of that name directly below these; fragments are not looked into (a loader serves what is not seen here). */
function fieldBelow(nodes: readonly FieldNode[], name: string): FieldNode[] {
  const fields = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []);
  return fields.filter((field): field is FieldNode => field.kind === Kind.FIELD && field.name.value === name);
}

/** The first page of the relation, if the operation asks for it once, below the field being resolved or below its `nodes`. */
export function expectedPage(info: GraphQLResolveInfo, owner: 'User' | 'Group', name: RelationName): ExpectedPage | undefined {
  const isConnection = getNamedType(info.returnType).name !== owner;
  const owners = isConnection ? fieldBelow(info.fieldNodes, 'nodes') : info.fieldNodes;
  const [node, ...others] = fieldBelow(owners, name);
  const type = info.schema.getType(owner);
  if (!node || others.length > 0 || !isObjectType(type) || !isIncluded(node, info)) return undefined;
  const { first, after } = getArgumentValues((type as GraphQLObjectType).getFields()[name]!, node, info.variableValues) as { first: number; after?: string };
  return after || first < 0 || first > limits.maxPageSize ? undefined : { name, limit: first + 1 };
}
