/** Reading users and groups: one, or a page of a list; always within the caller's tenant. */
import { parseFilter } from '../../../schema/filter.js';
import { parseAttributeRef } from '../../../schema/path.js';
import type { ResourceType } from '../../../schema/resources.js';
import { type ResourceRow, tableOf } from '../store/columns.js';
import type { Statements } from '../store/database.js';
import { countRows, listRows, type ListedRow, type Order } from '../store/resource-lists.js';
import { type Along, findRow, findRowBy, findRows, type Wanted } from '../store/resource-rows.js';
import { isUuid } from '../store/uuid.js';
import { cutPage, type PageRequest, readPage, toCursor } from './paging.js';

export type { Along } from '../store/resource-rows.js';

/** The resource of an id; undefined where the tenant has none such, whatever the id looks like. */
export const findResource = async (on: Statements, type: ResourceType, tenantId: string, id: string, along?: Along): Promise<ResourceRow | undefined> =>
  (isUuid(id) ? findRow(on, tableOf(type), tenantId, id, along) : undefined);

/** The resources of many ids, in their order; undefined where the tenant has none such. */
export async function findResources(on: Statements, type: ResourceType, tenantId: string, ids: readonly string[]): Promise<(ResourceRow | undefined)[]> {
  const rows = await findRows(on, tableOf(type), tenantId, ids.filter(isUuid));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id));
}

/** The resource whose attribute of that name, which must be a column, has the value; the oldest where several do. */
export const findResourceBy = (on: Statements, type: ResourceType, tenantId: string, attribute: string, value: string, wanted?: Wanted): Promise<ResourceRow | undefined> =>
  findRowBy(on, tableOf(type), tenantId, attribute, value, wanted);

export interface ListRequest extends PageRequest {
  /** The RFC 7644 filter grammar, as text. */
  readonly filter?: string | null | undefined;
  /** An attribute's path, as in `name.familyName`. */
  readonly orderBy?: { readonly field: string; readonly descending: boolean } | null | undefined;
  /** What is read of each resource, and along with it. */
  readonly along?: Along | undefined;
}

export interface ResourcePage<Row = ListedRow> {
  readonly rows: readonly Row[];
  /** The place of each row. */
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** How many there are in all pages. */
  readonly total: () => Promise<number>;
}

function readOrder(type: ResourceType, orderBy: ListRequest['orderBy']): Order | undefined {
  return orderBy ? { target: parseAttributeRef(type, orderBy.field), descending: orderBy.descending } : undefined;
}

/** One page of the tenant's resources. Fails with INVALID_FILTER, INVALID_PATH, INVALID_VALUE, INVALID_CURSOR. */
export async function listResources(on: Statements, type: ResourceType, tenantId: string, request: ListRequest): Promise<ResourcePage> {
  const filter = request.filter ? parseFilter(type, request.filter) : undefined;
  const order = readOrder(type, request.orderBy);
  const page = readPage(request, order);
  const found = await listRows(on, tableOf(type), tenantId, { ...page, ...request.along, filter, order, limit: page.size + 1 });
  const cut = cutPage(found, page);
  const reachesEnd = !page.isBackward && !page.from && !cut.hasNextPage && (found.length > 0 || page.offset === 0);
  return { ...cut, cursors: cut.rows.map(({ position }) => toCursor(position, order)), total: async () => (reachesEnd ? page.offset + cut.rows.length : countRows(on, tableOf(type), tenantId, filter)) };
}
