/** Reading relations in pages: the members of groups, the groups of users, in groups in groups as well. */
import { parseFilter } from '../../../../schema/filter.js';
import type { ResourceType } from '../../../../schema/resources.js';
import { tableOf } from '../../store/query/columns.js';
import type { Statements } from '../../store/connection/database.js';
import { countRelatedLists, type RelatedPart, relatedLists } from '../../store/members/related-lists.js';
import { countRelated, relatedRows, type RelatedRow, type RelationName } from '../../store/members/related-rows.js';
import type { Order } from '../../store/resources/resource-lists.js';
import { isUuid } from '../../store/resources/uuid.js';
import { cutPage, type Page, type PageRequest, readPage, type RowPage, toCursor } from '../resources/paging.js';
import type { ListRequest } from '../resources/reading.js';
import { orderOf, others } from '../resources/searching.js';

export type { RelatedRow, RelationName } from '../../store/members/related-rows.js';

/** The members of a group or the groups of a user; `effective` are those through groups in groups, too. */
export function relationNamed(name: 'members' | 'groups', effective: boolean): RelationName {
  if (name === 'members') return effective ? 'effectiveMembers' : 'members';
  return effective ? 'effectiveGroups' : 'groups';
}

/** A relation and the types of resource that its elements may have. */
export interface RelationOf {
  readonly name: RelationName;
  readonly types: readonly ResourceType[];
}

/** A page of a relation: the order is that of the elements' creation where none is given, and a cursor then is the id of an element. */
export type RelationRequest = Omit<PageRequest, 'offset'> & Pick<ListRequest, 'filter' | 'orderBy'>;

export interface RelationPageRows extends RowPage<RelatedRow> {
  readonly cursors: readonly string[];
}

/** Whether nothing is asked but the next elements in the order of their creation, which an index has. */
export const isPlain = ({ last, before, filter, orderBy }: RelationRequest): boolean =>
  [last, before, filter, orderBy].every((asked) => asked === undefined || asked === null);

function partsOf({ types }: RelationOf, { filter, orderBy }: RelationRequest): RelatedPart[] {
  return types.map((type) => ({
    table: tableOf(type),
    filter: filter ? parseFilter(type, filter, others(types, type)) : undefined,
    order: orderBy ? orderOf(types, type, orderBy) : undefined,
  }));
}

const orderIn = (parts: readonly RelatedPart[]): Order | undefined => parts.find(({ order }) => order)?.order;

function readRelationPage(request: RelationRequest, order: Order | undefined): Page {
  const read = (cursor: string | null | undefined) =>
    cursor && !order && isUuid(cursor) ? toCursor({ value: null, id: cursor }, undefined) : cursor;
  return readPage({ first: request.first, last: request.last, after: read(request.after), before: read(request.before) }, order);
}

/** A page out of rows of which there is one more than asked for, where there are more. */
function toPageRows(found: readonly RelatedRow[], page: Page, order: Order | undefined): RelationPageRows {
  const cut = cutPage(found, page);
  return { ...cut, cursors: cut.rows.map(({ id, orderedBy }) => (order ? toCursor({ value: orderedBy ?? null, id }, order) : id)) };
}

/** The first page, out of what was read along with the owner. */
export const firstPage = (found: readonly RelatedRow[], request: RelationRequest): RelationPageRows =>
  toPageRows(found, readRelationPage(request, undefined), undefined);

/**
 * The same page of a relation for each of many owners, in their order. Fails with INVALID_FILTER, INVALID_PATH, INVALID_VALUE,
 * INVALID_CURSOR.
 */
export async function relationPages(
  on: Statements,
  tenantId: string,
  of: RelationOf,
  ownerIds: readonly string[],
  request: RelationRequest,
): Promise<RelationPageRows[]> {
  const parts = partsOf(of, request);
  const order = orderIn(parts);
  const page = readRelationPage(request, order);
  const limit = page.size + 1;
  const found = isPlain(request)
    ? await relatedRows(on, tenantId, of.name, ownerIds, { after: page.from?.id, limit })
    : await relatedLists(on, tenantId, of.name, ownerIds, {
        parts,
        descending: request.orderBy?.descending,
        from: page.from,
        isBackward: page.isBackward,
        limit,
      });
  return ownerIds.map((ownerId) => toPageRows(found.get(ownerId) ?? [], page, order));
}

/** How many elements the relation has, or the filter finds, for each of many owners, in their order. */
export async function countRelations(
  on: Statements,
  tenantId: string,
  of: RelationOf,
  ownerIds: readonly string[],
  filter: string | null | undefined,
): Promise<number[]> {
  const counts = filter
    ? await countRelatedLists(on, tenantId, of.name, ownerIds, partsOf(of, { filter }))
    : await countRelated(on, tenantId, of.name, ownerIds);
  return ownerIds.map((ownerId) => counts.get(ownerId) ?? 0);
}
