/**
 * Looks ahead in the operation: a relation that will be asked for is read along with its owner, in one statement instead of two, and
 * what will not be asked for is not read.
 */
import {
  type ASTNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { groupResource, limits, relationOf, type ResourceType, resourceTypes } from '../../../schema/resources.js';
import type { Along } from '../domain/resources/reading.js';
import { oncePerPair } from '../../../schema/once-per.js';
import { DOCUMENT_RELATION } from './document-field.js';
import { nameInDocument } from './node.js';
import { isPlain, relationNamed, type RelationRequest } from '../domain/members/relations.js';

/** Fields of every resource that are no attributes of its document. */
const SYSTEM_FIELDS = ['__typename', 'id', 'version', 'createdAt', 'updatedAt'];

function isIncluded(node: SelectionNode, { variableValues }: GraphQLResolveInfo): boolean {
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variableValues);
  return skip?.['if'] !== true && include?.['if'] !== false;
}

/** Whether a fragment is about another type of resource: of a list of users and groups, each is asked for its own fields. */
const isOfAnother = ({ typeCondition }: InlineFragmentNode | FragmentDefinitionNode, type: ResourceType | undefined): boolean =>
  type !== undefined &&
  typeCondition !== undefined &&
  typeCondition.name.value !== type.name &&
  resourceTypes.some(({ name }) => name === typeCondition.name.value);

/** The fields directly below these, those of fragments too: of a type of resource, or of whatever type the fragments are about. */
export function fieldsBelow(
  nodes: readonly { readonly selectionSet?: FieldNode['selectionSet'] }[],
  info: GraphQLResolveInfo,
  type?: ResourceType,
): FieldNode[] {
  const selections = nodes.flatMap(({ selectionSet }) => selectionSet?.selections ?? []).filter((node) => isIncluded(node, info));
  return selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [node];
    const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : info.fragments[node.name.value]!;
    return isOfAnother(fragment, type) ? [] : fieldsBelow([fragment], info, type);
  });
}

const named = (fields: readonly FieldNode[], name: string): FieldNode[] => fields.filter((field) => field.name.value === name);

/** The fields of the nodes of a connection that these are the fields of. */
function nodeFields(fields: readonly FieldNode[], type: ResourceType, info: GraphQLResolveInfo): FieldNode[] {
  const edges = fieldsBelow(named(fields, 'edges'), info, type);
  return fieldsBelow([...named(fields, 'nodes'), ...named(edges, 'node')], info, type);
}

/** The fields of the resources that the field being resolved answers: itself, in a payload or as a connection. */
function resourceFields(type: ResourceType, info: GraphQLResolveInfo): FieldNode[] {
  const fields = fieldsBelow(info.fieldNodes, info, type);
  const answered = getNamedType(info.returnType).name;
  if (answered.endsWith('Payload')) return fieldsBelow(named(fields, type.name.toLowerCase()), info, type);
  return answered.endsWith('Connection') ? nodeFields(fields, type, info) : fields;
}

function argumentsOf(field: FieldNode, type: ResourceType, info: GraphQLResolveInfo): Record<string, unknown> {
  const owner = info.schema.getType(type.name) as GraphQLObjectType;
  return getArgumentValues(owner.getFields()[field.name.value]!, field, info.variableValues);
}

/** The first page of the type's relation, if the operation asks for it once. */
function expectedRelation(fields: readonly FieldNode[], type: ResourceType, info: GraphQLResolveInfo): Along['related'] {
  const name = relationOf(type).name as 'members' | 'groups';
  const documents = named(fields, 'document').filter((document) => argumentsOf(document, type, info)['relation'] === true);
  const [field, ...more] = [...named(fields, name), ...documents];
  if (!field || more.length > 0) return undefined;
  if (field === documents[0]) {
    return {
      name: relationNamed(name, name === 'groups'),
      limit: DOCUMENT_RELATION + 1,
      wanted: name === 'groups' ? ['displayName'] : undefined,
    };
  }
  const { first, after, effective, ...others } = argumentsOf(field, type, info) as RelationRequest & { effective: boolean };
  const size = first ?? limits.defaultPageSize;
  if (after || !isPlain(others) || size < 0 || size > limits.maxPageSize) return undefined;
  return { name: relationNamed(name, effective), limit: size + 1, wanted: name === 'groups' ? expectedOfGroups(field, info) : undefined };
}

/** What to read of the groups of users: all of them where the operation asks for more than groups have everywhere. */
function expectedOfGroups(field: FieldNode, info: GraphQLResolveInfo): Along['wanted'] {
  const wanted = expectedAttributes(nodeFields(fieldsBelow([field], info), groupResource, info), groupResource, info);
  return wanted?.every((name) => groupResource.schema.attributes.some((attribute) => attribute.name === name)) ? wanted : undefined;
}

/** One that there is not is refused where it is resolved. */
const namesIn = (only: unknown, type: ResourceType): readonly string[] | undefined =>
  (only as readonly string[] | null | undefined)?.map((name) => nameInDocument(type, name) ?? name);

/** The names of all attributes that the operation asks for; undefined where it asks for the whole document. */
function expectedAttributes(fields: readonly FieldNode[], type: ResourceType, info: GraphQLResolveInfo): Along['wanted'] {
  const asked = fields.filter(({ name }) => !SYSTEM_FIELDS.includes(name.value) && name.value !== relationOf(type).name);
  const names = asked.map((field): readonly string[] | undefined => {
    const name = field.name.value;
    if (name === 'attributes' || name === 'document') return namesIn(argumentsOf(field, type, info)['only'], type);
    return [type.extensions.find((extension) => extension.field === name)?.id ?? name];
  });
  return names.includes(undefined) ? undefined : names.flatMap((some) => some!);
}

function lookAhead(info: GraphQLResolveInfo, type: ResourceType): Along {
  const fields = resourceFields(type, info);
  return { related: expectedRelation(fields, type, info), wanted: expectedAttributes(fields, type, info) };
}

const variablesOf = new WeakMap<FieldNode, readonly string[]>();

/** The names of the variables below a field: of its own arguments nothing that is expected depends. */
function variablesBelow(field: FieldNode, { fragments }: GraphQLResolveInfo): readonly string[] {
  const known = variablesOf.get(field);
  if (known) return known;
  const names = new Set<string>();
  const seen = new Set<string>();
  const look = (node: ASTNode | undefined): unknown =>
    node &&
    visit(node, {
      Variable: ({ name }) => void names.add(name.value),
      FragmentSpread: ({ name: { value } }) => {
        if (seen.has(value)) return;
        seen.add(value);
        look(fragments[value]);
      },
    });
  look(field.selectionSet);
  variablesOf.set(field, [...names]);
  return [...names];
}

/** Clients may choose what is shown of a resource in endless ways. */
const MOST = 100;

/** What is expected of a field of a document that came before, by the values of the variables below it. */
const remembered = oncePerPair((_field: FieldNode, _type: ResourceType) => new LRUCache<string, Along>({ max: MOST }));

/**
 * What to read of resources of the type, and along with them, for the field that is being resolved. The same object for the same document,
 * type and variables.
 */
export function expectedOf(info: GraphQLResolveInfo, type: ResourceType): Along {
  const [field, ...others] = info.fieldNodes;
  if (!field || others.length > 0) return lookAhead(info, type);
  const known = remembered(field, type);
  const key = JSON.stringify(
    variablesBelow(field, info).map((name) => (name in info.variableValues ? [info.variableValues[name]] : 'absent')),
  );
  const found = known.get(key);
  if (found) return found;
  const expected = lookAhead(info, type);
  known.set(key, expected);
  return expected;
}
