/**
 * Looks ahead in the operation: a relation that will be asked for is read along with its owner, in one statement instead of two, and
 * what will not be asked for is not read.
 */
import {
  type FieldNode, getArgumentValues, getDirectiveValues, getNamedType, GraphQLIncludeDirective, type GraphQLObjectType, type GraphQLResolveInfo,
  GraphQLSkipDirective, Kind, type SelectionNode,
} from 'graphql';
import { limits, relationOf, type ResourceType } from '../../../schema/resources.js';
import type { Along } from '../domain/reading.js';
import { relationNamed } from '../domain/relations.js';

/** Fields of every resource that are no attributes of its document. */
const SYSTEM_FIELDS = ['__typename', 'id', 'version', 'createdAt', 'updatedAt'];

function isIncluded(node: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variableValues);
  return skip?.['if'] !== true && include?.['if'] !== false;
}

/** The fields directly below these, those of fragments too, whatever type the fragments are about. */
function fieldsBelow(nodes: readonly { readonly selectionSet?: FieldNode['selectionSet'] }[], info: GraphQLResolveInfo): FieldNode[] {
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []).filter((node) => isIncluded(node, info));
  return selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node];
    return fieldsBelow(node.kind === Kind.INLINE_FRAGMENT ? [node] : [info.fragments[node.name.value]!], info);
  });
}

const named = (fields: readonly FieldNode[], name: string): FieldNode[] => fields.filter((field) => field.name.value === name);

/** The fields of the resources that the field being resolved answers: itself, in a payload or as a connection. */
function resourceFields(info: GraphQLResolveInfo, type: ResourceType): FieldNode[] {
  const fields = fieldsBelow(info.fieldNodes, info);
  const answered = getNamedType(info.returnType).name;
  if (answered.endsWith('Payload')) return fieldsBelow(named(fields, type.name.toLowerCase()), info);
  if (!answered.endsWith('Connection')) return fields;
  const edges = fieldsBelow(named(fields, 'edges'), info);
  return fieldsBelow([...named(fields, 'nodes'), ...named(edges, 'node')], info);
}

function argumentsOf(field: FieldNode, type: ResourceType, info: GraphQLResolveInfo): Record<string, unknown> {
  const owner = info.schema.getType(type.name) as GraphQLObjectType;
  return getArgumentValues(owner.getFields()[field.name.value]!, field, info.variableValues);
}

/** The first page of the type's relation, if the operation asks for it once. */
function expectedRelation(fields: readonly FieldNode[], type: ResourceType, info: GraphQLResolveInfo): Along['related'] {
  const name = relationOf(type).name as 'members' | 'groups';
  const [field, ...others] = named(fields, name);
  if (!field || others.length > 0) return undefined;
  const { first, after, effective } = argumentsOf(field, type, info) as { first: number; after?: string; effective: boolean };
  return after || first < 0 || first > limits.maxPageSize ? undefined : { name: relationNamed(name, effective), limit: first + 1 };
}

/** The names of all attributes that the operation asks for; undefined where it asks for the whole document. */
function expectedAttributes(fields: readonly FieldNode[], type: ResourceType, info: GraphQLResolveInfo): Along['wanted'] {
  const asked = fields.filter(({ name }) => !SYSTEM_FIELDS.includes(name.value) && name.value !== relationOf(type).name);
  const names = asked.map((field): readonly string[] | undefined => {
    const name = field.name.value;
    if (name === 'attributes') return argumentsOf(field, type, info)['only'] as string[] | undefined ?? undefined;
    return [type.extensions.find((extension) => extension.field === name)?.id ?? name];
  });
  return names.includes(undefined) ? undefined : names.flatMap((some) => some!);
}

/** What to read of resources of the type, and along with them, for the field that is being resolved. */
export function expectedOf(info: GraphQLResolveInfo, type: ResourceType): Along {
  const fields = resourceFields(info, type);
  return { related: expectedRelation(fields, type, info), wanted: expectedAttributes(fields, type, info) };
}
