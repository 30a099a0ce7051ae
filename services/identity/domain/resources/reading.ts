/** Reading users and groups: one, or a page of a list; always within the caller's tenant. */
import { parseFilter } from '../../../../schema/filter.js';
import type { ResourceType } from '../../../../schema/resources.js';
import { Failure, toFailure } from '../../../../schema/failure.js';
import { parseSortKey } from '../../../../schema/sort-key.js';
import { type ResourceRow, type ResourceTable, tableOf } from '../../store/query/columns.js';
import type { Statements } from '../../store/connection/database.js';
import { countRows, listRows, type ListedRow, type ListQuery, type Order, positionAt } from '../../store/resources/resource-lists.js';
import { isLookUp } from '../../store/query/filter-sql.js';
import { type Along, findRow, findRows } from '../../store/resources/resource-rows.js';
import { isUuid } from '../../store/resources/uuid.js';
import { readListPage, type ResourcePage } from './list-page.js';
import { type Page, type PageRequest, tagOf } from './paging.js';
import type { Services } from '../services.js';
import { type Manner, noWalk, type Reader, walkThrough } from './offset-paging.js';

export type { Along } from '../../store/resources/resource-rows.js';

/** The resource of an id; undefined where the tenant has none such, whatever the id looks like. */
export const findResource = async (
  on: Statements,
  type: ResourceType,
  tenantId: string,
  id: string,
  along?: Along,
): Promise<ResourceRow | undefined> => (isUuid(id) ? findRow(on, tableOf(type), tenantId, id, along) : undefined);

/** The resources of many ids, in their order; undefined where the tenant has none such. */
export async function findResources(
  on: Statements,
  type: ResourceType,
  tenantId: string,
  ids: readonly string[],
): Promise<(ResourceRow | undefined)[]> {
  const rows = await findRows(on, tableOf(type), tenantId, ids.filter(isUuid));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id));
}

export type ListServices = Pick<Services, 'database' | 'walks'>;

export interface ListRequest extends PageRequest {
  /** The RFC 7644 filter grammar, as text. */
  readonly filter?: string | null | undefined;
  /** An attribute's path, as in `name.familyName`. */
  readonly orderBy?: { readonly field: string; readonly descending: boolean } | null | undefined;
  /** What is read of each resource, and along with it. */
  readonly along?: Along | undefined;
}

/** Reads what a list is sorted by. Its language calls it a path; in a refusal it has the name that the caller knows. */
export function fromOrderBy<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const { code, message: detail, cause } = toFailure(error);
    throw new Failure(code, { detail, cause, field: 'orderBy.field' });
  }
}

function readOrder(type: ResourceType, orderBy: ListRequest['orderBy']): Order | undefined {
  return orderBy ? { target: fromOrderBy(() => parseSortKey(type, orderBy.field)), descending: orderBy.descending } : undefined;
}

/** One page of the tenant's resources. Fails with INVALID_FILTER, INVALID_PATH, INVALID_VALUE, INVALID_CURSOR. */
export async function listResources(
  { database, walks }: ListServices,
  type: ResourceType,
  reader: Reader,
  request: ListRequest,
): Promise<ResourcePage<ListedRow>> {
  const { tenantId } = reader;
  const table = tableOf(type);
  const filter = isSaid(request.filter) ? parseFilter(type, request.filter) : undefined;
  const order = readOrder(type, request.orderBy);
  const isNoted = filter ? !isLookUp(table, filter) : isWalked(request);
  return readListPage(request, {
    order,
    walk: isNoted ? walkThrough(walks, reader, [type.name, request.filter, tagOf(order)], mannerOf(request)) : noWalk,
    read: async (asked) => {
      const page = await beginning(database, table, tenantId, asked, { filter, order });
      return page ? listRows(database, table, tenantId, { ...page, along: request.along, filter, order, limit: page.size + 1 }) : [];
    },
    count: () => countRows(database, table, tenantId, filter),
    isDearToCount: filter !== undefined,
  });
}

/** An empty filter is refused like any other that cannot be read: whoever sends one may have meant to find somebody, never everybody. */
export const isSaid = (filter: string | null | undefined): filter is string => filter !== null && filter !== undefined;

/** Who asks with an offset, be it 0, is expected to go on with another. */
export const isWalked = ({ offset }: ListRequest): boolean => offset !== null && offset !== undefined;
export const mannerOf = (request: ListRequest): Manner => (isWalked(request) ? 'byOffset' : 'byCursor');

/**
 * Where a page begins that nobody has walked to: its place is counted out in an index, from the nearest known one; undefined where the list
 * is shorter.
 */
async function beginning(
  on: Statements,
  table: ResourceTable,
  tenantId: string,
  page: Page,
  list: Pick<ListQuery, 'filter' | 'order'>,
): Promise<Page | undefined> {
  if (page.offset === 0) return page;
  const from = await positionAt(on, table, tenantId, { ...list, from: page.from, offset: page.offset - 1 });
  return from && { ...page, from, offset: 0 };
}
