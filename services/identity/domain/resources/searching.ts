/** Searching users and groups together (RFC 7644, sections 3.4.2.1 and 3.4.3): one filter, one order, one paging. */
import { Failure } from '../../../../schema/failure.js';
import { parseFilter } from '../../../../schema/filter.js';
import { parseAttributeRef } from '../../../../schema/path.js';
import type { ResourceType } from '../../../../schema/resources.js';
import { checkSortKey } from '../../../../schema/sort-key.js';
import type { AttributeRef, Filter } from '../../../../schema/tree.js';
import { tableOf } from '../../store/query/columns.js';
import { kindOf } from '../../store/query/keyset.js';
import { listMixedRows, type MixedRow } from '../../store/resources/mixed-lists.js';
import { countRows, type Order } from '../../store/resources/resource-lists.js';
import { readListPage, type ResourcePage } from './list-page.js';
import { noWalk, type Reader, walkThrough } from './offset-paging.js';
import { tagOf } from './paging.js';
import { type Along, fromOrderBy, isSaid, isWalked, type ListRequest, type ListServices, mannerOf } from './reading.js';

export type { MixedRow } from '../../store/resources/mixed-lists.js';

export const others = (types: readonly ResourceType[], type: ResourceType): ResourceType[] => types.filter((other) => other !== type);

/** The attribute of that name; undefined where the type has none. */
function findAttributeRef(type: ResourceType, name: string): AttributeRef | undefined {
  try {
    return parseAttributeRef(type, name);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/**
 * The order as it is about a type; undefined where only another type has the attribute, refused where none has or lists cannot be sorted by
 * it.
 */
export function orderOf(
  types: readonly ResourceType[],
  type: ResourceType,
  { field, descending }: NonNullable<ListRequest['orderBy']>,
): Order | undefined {
  return fromOrderBy(() => {
    const found = types.map((one) => findAttributeRef(one, field)).filter((target) => target !== undefined);
    const isAsText = new Set(found.map((target) => kindOf(checkSortKey(target)))).size > 1;
    const own = findAttributeRef(type, field) ?? (found.length > 0 ? undefined : parseAttributeRef(type, field));
    return own && { target: checkSortKey(own), descending, isAsText };
  });
}

/** One page of all of the tenant's resources; `alongOf` says what to read of each type. */
export async function searchResources(
  { database, walks }: ListServices,
  reader: Reader,
  types: readonly ResourceType[],
  request: ListRequest,
  alongOf: (type: ResourceType) => Along,
): Promise<ResourcePage<MixedRow>> {
  const { filter: text, orderBy } = request;
  const filters = new Map<ResourceType, Filter | undefined>(
    types.map((type) => [type, isSaid(text) ? parseFilter(type, text, others(types, type)) : undefined]),
  );
  const parts = types.map((type) => ({
    ...alongOf(type),
    table: tableOf(type),
    filter: filters.get(type),
    order: orderBy ? orderOf(types, type, orderBy) : undefined,
  }));
  const order = parts.find((part) => part.order)?.order;
  const { tenantId } = reader;
  const isFiltered = isSaid(text);
  return readListPage(request, {
    order,
    walk: isWalked(request) || isFiltered ? walkThrough(walks, reader, ['*', text, tagOf(order)], mannerOf(request)) : noWalk,
    read: (page) => listMixedRows(database, tenantId, { ...page, parts, descending: orderBy?.descending, limit: page.size + 1 }),
    count: async () => {
      const totals = await Promise.all(types.map((type) => countRows(database, tableOf(type), tenantId, filters.get(type))));
      return totals.reduce((sum, total) => sum + total, 0);
    },
    isDearToCount: isFiltered,
  });
}
