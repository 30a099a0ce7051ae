/** Reading users and groups: one, or a page of a list; always within the caller's tenant. */
import { Failure } from '../../../schema/failure.js';
import { parseFilter } from '../../../schema/filter.js';
import { parseAttributeRef } from '../../../schema/path.js';
import { limits, type ResourceType } from '../../../schema/resources.js';
import type { Filter } from '../../../schema/tree.js';
import { type ResourceRow, tableOf } from '../store/columns.js';
import type { Statements } from '../store/database.js';
import { countRows, listRows, type ListedRow, type Order, type Position } from '../store/resource-lists.js';
import { findRow, findRowBy, findRows, type WithRelated } from '../store/resource-rows.js';
import { isUuid } from '../store/uuid.js';

/** The resource of an id; undefined where the tenant has none such, whatever the id looks like. */
export const findResource = async (on: Statements, type: ResourceType, tenantId: string, id: string, related?: WithRelated): Promise<ResourceRow | undefined> =>
  (isUuid(id) ? findRow(on, tableOf(type), tenantId, id, { related }) : undefined);

/** The resources of many ids, in their order; undefined where the tenant has none such. */
export async function findResources(on: Statements, type: ResourceType, tenantId: string, ids: readonly string[]): Promise<(ResourceRow | undefined)[]> {
  const rows = await findRows(on, tableOf(type), tenantId, ids.filter(isUuid));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id));
}

/** The resource whose attribute of that name, which must be a column, has the value; the oldest where several do. */
export const findResourceBy = (on: Statements, type: ResourceType, tenantId: string, attribute: string, value: string): Promise<ResourceRow | undefined> =>
  findRowBy(on, tableOf(type), tenantId, attribute, value);

export interface ListRequest {
  /** The RFC 7644 filter grammar, as text. */
  readonly filter?: string | null | undefined;
  /** An attribute's path, as in `name.familyName`. */
  readonly orderBy?: { readonly field: string; readonly descending: boolean } | null | undefined;
  readonly first: number;
  readonly after?: string | null | undefined;
  readonly offset?: number | null | undefined;
  /** Reads the first of a relation along with each resource. */
  readonly related?: WithRelated | undefined;
}

export interface ResourcePage {
  readonly rows: readonly ListedRow[];
  readonly hasNextPage: boolean;
  readonly filter: Filter | undefined;
  /** How many there are in all, where the page itself tells; otherwise it takes a count. */
  readonly knownTotal: number | undefined;
}

/** A cursor is opaque to callers: the position after which the next page begins. */
export const toCursor = ({ value, id }: Position): string => Buffer.from(JSON.stringify([value, id])).toString('base64url');

export function readCursor(cursor: string): Position {
  try {
    const [value, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [unknown, unknown];
    if ((value === null || typeof value === 'string') && typeof id === 'string' && isUuid(id)) return { value, id };
  } catch { /* refused below */ }
  throw new Failure('INVALID_VALUE', { field: 'after', detail: 'The cursor is not one of ours; use an endCursor or cursor exactly as it was answered.' });
}

function readOrder(type: ResourceType, orderBy: ListRequest['orderBy']): Order | undefined {
  return orderBy ? { target: parseAttributeRef(type, orderBy.field), descending: orderBy.descending } : undefined;
}

/** Page sizes and offsets outside of the limits are refused, not bent: GraphQL callers ask for what they mean. */
export function checkPage(first: number, offset = 0): void {
  if (first < 0 || first > limits.maxPageSize) throw new Failure('INVALID_VALUE', { field: 'first', detail: `"first" is a number from 0 to ${limits.maxPageSize}.` });
  if (offset < 0) throw new Failure('INVALID_VALUE', { field: 'offset', detail: '"offset" is a number from 0.' });
}

/** One page of the tenant's resources. Fails with INVALID_FILTER, INVALID_PATH, INVALID_VALUE. */
export async function listResources(on: Statements, type: ResourceType, tenantId: string, request: ListRequest): Promise<ResourcePage> {
  const offset = request.offset ?? 0;
  checkPage(request.first, offset);
  const filter = request.filter ? parseFilter(type, request.filter) : undefined;
  const order = readOrder(type, request.orderBy);
  const after = request.after ? readCursor(request.after) : undefined;
  const found = await listRows(on, tableOf(type), tenantId, { filter, order, after, offset, limit: request.first + 1, related: request.related });
  const rows = found.slice(0, request.first);
  const hasNextPage = found.length > request.first;
  const reachesEnd = !after && !hasNextPage && (found.length > 0 || offset === 0);
  return { rows, hasNextPage, filter, knownTotal: reachesEnd ? offset + rows.length : undefined };
}

/** How many resources the filter finds. */
export const countResources = (on: Statements, type: ResourceType, tenantId: string, filter: Filter | undefined): Promise<number> =>
  countRows(on, tableOf(type), tenantId, filter);
