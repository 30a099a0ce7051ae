/** Reading users and groups: one, or a page of a list; always within the caller's tenant. */
import { parseFilter } from '../../../schema/filter.js';
import { parseAttributeRef } from '../../../schema/path.js';
import type { ResourceType } from '../../../schema/resources.js';
import { type ResourceRow, type ResourceTable, tableOf } from '../store/columns.js';
import type { Statements } from '../store/database.js';
import { countRows, listRows, type ListedRow, type ListQuery, type Order, positionAt } from '../store/resource-lists.js';
import { type Along, findRow, findRows } from '../store/resource-rows.js';
import { isUuid } from '../store/uuid.js';
import { cutPage, type Page, type PageRequest, readPage, tagOf, toCursor } from './paging.js';
import type { Services } from './services.js';
import { type Reader, seenBy, walkThrough } from './walks.js';

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

export type ListServices = Pick<Services, 'database' | 'walks'>;

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
export async function listResources({ database, walks }: ListServices, type: ResourceType, reader: Reader, request: ListRequest): Promise<ResourcePage> {
  const { tenantId } = reader;
  const table = tableOf(type);
  const filter = request.filter ? parseFilter(type, request.filter) : undefined;
  const order = readOrder(type, request.orderBy);
  const asked = readPage(request, order);
  const walk = walkThrough(walks, reader, [type.name, request.filter, tagOf(order)]);
  const page = await beginning(database, table, tenantId, await walk.locate(asked), { filter, order });
  const found = page ? await listRows(database, table, tenantId, { ...page, ...request.along, filter, order, limit: page.size + 1 }) : [];
  const cut = cutPage(found, asked);
  await walk.leave(asked, cut.rows, isWalked(request) && (cut.hasNextPage || asked.offset > 0));
  const isWhole = !asked.isBackward && !asked.from && asked.offset === 0 && !cut.hasNextPage;
  const count = () => countRows(database, table, tenantId, filter);
  const total = async () => (isWhole ? cut.rows.length : Math.max(seenBy(asked, cut.rows, cut.hasNextPage), await (filter ? walk.total(asked, count) : count())));
  return { ...cut, cursors: cut.rows.map(({ position }) => toCursor(position, order)), total };
}

/** Who asks with an offset, be it 0, is expected to go on with another. */
export const isWalked = ({ offset }: ListRequest): boolean => offset !== null && offset !== undefined;

/** Where a page begins that nobody has walked to: its place is counted out in an index; undefined where the list is shorter. */
async function beginning(on: Statements, table: ResourceTable, tenantId: string, page: Page, list: Pick<ListQuery, 'filter' | 'order'>): Promise<Page | undefined> {
  if (page.offset === 0 || page.from) return page;
  const from = await positionAt(on, table, tenantId, { ...list, offset: page.offset - 1 });
  return from && { ...page, from, offset: 0 };
}
