/** What the resolvers of users and groups have in common: permission, the domain's function, the answer's shape. */
import { Failure } from '../../../schema/failure.js';
import { parseFilter } from '../../../schema/filter.js';
import { mentions } from '../../../schema/mentions.js';
import { relationOf, type ResourceType, writesRelation } from '../../../schema/resources.js';
import { type Caller, permit, type Scope } from '../domain/caller.js';
import { findNamed } from '../domain/resources/finding.js';
import type { ResourcePage } from '../domain/resources/list-page.js';
import { type Along, findResource, listResources, type ListRequest } from '../domain/resources/reading.js';
import { firstPage, isPlain, type RelatedRow, type RelationOf, type RelationPageRows } from '../domain/members/relations.js';
import {
  changeResource,
  createResource,
  deleteResource,
  replaceResource,
  type ResourceRow,
  type Writable,
} from '../domain/resources/resources.js';
import { searchResources } from '../domain/resources/searching.js';
import { updateResource } from '../domain/documents/updates.js';
import { type ChangeInput, type ListArguments, OrderDirection, type PageArguments } from './common-inputs.js';
import { type ConnectionSource, connectionSource } from './connection-source.js';
import type { Context } from './context.js';
import { type ResourceNode, toDocumentInput, toNode } from './node.js';
import { pageInfo } from './page-info.js';
import { mutation } from './performed.js';
import type { MutationInput } from './resource-types.js';

export const scopeOf = (type: ResourceType, right: 'read' | 'write') => `${type.name.toLowerCase()}s:${right}` as Scope;

const fieldOf = (type: ResourceType) => type.name.toLowerCase();

const documentIn = (type: ResourceType, input: MutationInput) => toDocumentInput(type, input[fieldOf(type)] as object);

const targetOf = (type: ResourceType, { id, ifVersion }: MutationInput) => ({ type, id, ifVersion: ifVersion ?? undefined });

const toPayload = (type: ResourceType) => (row: ResourceRow) => ({ [fieldOf(type)]: toNode(type, row) });

export function create(type: ResourceType, input: MutationInput, context: Context) {
  const actor = permit(context.caller, scopeOf(type, 'write'));
  const work = (database: Writable) => createResource(database, type, actor, documentIn(type, input));
  return mutation(`create${type.name}`, input, actor, context, work, toPayload(type));
}

/** What was done under a key may be shown otherwise later, and a rehearsal shows nothing that is left: both look for themselves. */
const relatedFor = ({ idempotencyKey, dryRun }: MutationInput, along: Along | undefined) =>
  idempotencyKey || dryRun ? undefined : along?.related;

export function replace(type: ResourceType, input: MutationInput, context: Context, along?: Along) {
  const actor = permit(context.caller, scopeOf(type, 'write'));
  const work = (database: Writable) =>
    replaceResource(database, actor, targetOf(type, input), documentIn(type, input), relatedFor(input, along));
  return mutation(`replace${type.name}`, input, actor, context, work, toPayload(type));
}

export function update(type: ResourceType, input: MutationInput, context: Context) {
  const actor = permit(context.caller, scopeOf(type, 'write'));
  const work = (database: Writable) => updateResource(database, actor, targetOf(type, input), documentIn(type, input));
  return mutation(`update${type.name}`, input, actor, context, work, toPayload(type));
}

/** A leaver, or one who has come back: the same as an update of nothing else. */
export function activate(type: ResourceType, active: boolean, { id, ifVersion, ...options }: MutationInput, context: Context) {
  return update(type, { id, ifVersion: ifVersion ?? null, ...options, [fieldOf(type)]: { active } }, context);
}

export async function change(type: ResourceType, input: MutationInput, context: Context, along?: Along) {
  const actor = permit(context.caller, scopeOf(type, 'write'));
  const work = (database: Writable) =>
    changeResource(database, actor, targetOf(type, input), input.changes as ChangeInput[], { related: relatedFor(input, along) });
  const changed = await mutation(`change${type.name}`, input, actor, context, work, toPayload(type));
  return { ...changed, patchAnswer: actor.policies.patchAnswer };
}

export function remove(type: ResourceType, input: MutationInput, context: Context) {
  const actor = permit(context.caller, scopeOf(type, 'write'));
  const work = async (database: Writable) => {
    await deleteResource(database, actor, targetOf(type, input));
    return input.id;
  };
  return mutation(`delete${type.name}`, input, actor, context, work, (deletedId) => ({ deletedId }));
}

export async function readOne(type: ResourceType, id: string, { caller, services }: Context, along?: Along): Promise<ResourceNode | null> {
  const { tenantId } = permit(caller, scopeOf(type, 'read'));
  const row = await findResource(services.database, type, tenantId, id, along);
  return row ? toNode(type, row) : null;
}

/** The one resource that is named in one of the ways its type has. */
export async function readNamed(type: ResourceType, by: object, context: Context, along?: Along): Promise<ResourceNode | null> {
  const [name, value] = namedBy(by);
  if (name === 'id') return readOne(type, value, context, along);
  const { tenantId } = permit(context.caller, scopeOf(type, 'read'));
  const row = await findNamed(context.services.database, type, tenantId, { by: name, value }, along);
  return row ? toNode(type, row) : null;
}

/** A list without anything in it. */
export const emptyConnection: ConnectionSource = {
  edges: [],
  nodes: [],
  pageInfo: pageInfo([], { hasNextPage: false, hasPreviousPage: false }),
  total: () => 0,
};

const toRequest = ({ orderBy, ...rest }: ListArguments): ListRequest => ({
  ...rest,
  orderBy: orderBy && { field: orderBy.field, descending: orderBy.direction === OrderDirection.DESC },
});

function connection<Row>(page: ResourcePage<Row>, toSource: (row: Row) => unknown): ConnectionSource {
  const { rows, cursorOf, total } = page;
  const nodes = rows.map(toSource);
  return connectionSource({
    nodes,
    total,
    edges: () => nodes.map((node, at) => ({ cursor: cursorOf(rows[at]!), node })),
    pageInfo: () => pageInfo([...rows.slice(0, 1), ...rows.slice(-1)].map(cursorOf), page),
  });
}

/** To find users by their groups is to read the groups; members belong to their group. */
function permitFilter(type: ResourceType, { filter }: ListArguments, caller: Caller): void {
  if (!filter || writesRelation(type) || caller.scopes.includes('groups:read')) return;
  if (mentions(parseFilter(type, filter), relationOf(type))) permit(caller, 'groups:read');
}

export async function list(
  type: ResourceType,
  request: ListArguments,
  { caller, services }: Context,
  along?: Along,
): Promise<ConnectionSource> {
  const reader = permit(caller, scopeOf(type, 'read'));
  permitFilter(type, request, reader);
  return connection(await listResources(services, type, reader, { ...toRequest(request), along }), (row) => toNode(type, row));
}

/** Users and groups in one list; `toSource` makes what GraphQL tells their types by. */
export async function search(
  request: ListArguments,
  { caller, services, types }: Context,
  alongOf: (type: ResourceType) => Along,
  toSource: (type: ResourceType, node: ResourceNode) => unknown,
): Promise<ConnectionSource> {
  for (const type of types.all) permit(caller, scopeOf(type, 'read'));
  const page = await searchResources(services, permit(caller, 'users:read'), types.all, toRequest(request), alongOf);
  return connection(page, (row) => toSource(row.table.type, toNode(row.table.type, row)));
}

/** What is at a place in a relation: a node, and what the relation itself says of it. */
interface RelatedEdge {
  readonly node: unknown;
  readonly type?: string;
}

/** A page of a relation of one resource as the source of a connection: at once where it was read along with its owner. */
export function relation(
  of: RelationOf,
  owner: { readonly id: string; readonly related?: RelatedRow[] },
  page: PageArguments,
  toEdge: (row: RelatedRow) => RelatedEdge,
  { loaders }: Context,
): ConnectionSource | Promise<ConnectionSource> {
  const request = toRequest(page);
  const toSource = ({ rows, cursors, ...places }: RelationPageRows): ConnectionSource =>
    connectionSource({
      nodes: rows.map((row) => toEdge(row).node),
      edges: () => rows.map((row, at) => ({ cursor: cursors[at]!, ...toEdge(row) })),
      pageInfo: () => pageInfo(cursors, places),
      total: () => loaders.count(of, owner.id, page.filter),
    });
  // What was not read along is gathered over all owners of the answer.
  return owner.related && isPlain(request) && !page.after
    ? toSource(firstPage(owner.related, request))
    : loaders.page(of, owner.id, request).then(toSource);
}

/** Exactly one of the ways to name a resource was given: GraphQL has checked that. */
function namedBy(by: object): [name: string, value: string] {
  const [entry] = Object.entries(by).filter(([, value]) => value !== undefined && value !== null);
  if (!entry) throw new Failure('INVALID_VALUE', { detail: 'Say which one.' });
  return entry as [string, string];
}
