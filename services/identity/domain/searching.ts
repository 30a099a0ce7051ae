/** Searching users and groups together (RFC 7644, sections 3.4.2.1 and 3.4.3): one filter, one order, one paging. */
import { Failure } from '../../../schema/failure.js';
import { parseFilter } from '../../../schema/filter.js';
import { parseAttributeRef } from '../../../schema/path.js';
import type { ResourceType } from '../../../schema/resources.js';
import type { Filter } from '../../../schema/tree.js';
import { tableOf } from '../store/columns.js';
import { listMixedRows, type MixedRow } from '../store/mixed-lists.js';
import { countRows, type Order } from '../store/resource-lists.js';
import { cutPage, readPage, tagOf, toCursor } from './paging.js';
import { type Along, isWalked, type ListRequest, type ListServices, type ResourcePage } from './reading.js';
import { type Reader, seenBy, walkThrough } from './walks.js';

export type { MixedRow } from '../store/mixed-lists.js';

export const others = (types: readonly ResourceType[], type: ResourceType): ResourceType[] => types.filter((other) => other !== type);

/** The order as it is about a type; undefined where only another type has the attribute, refused where none has. */
export function orderOf(types: readonly ResourceType[], type: ResourceType, orderBy: NonNullable<ListRequest['orderBy']>): Order | undefined {
  const read = (one: ResourceType) => parseAttributeRef(one, orderBy.field);
  const knows = (one: ResourceType) => {
    try {
      return read(one);
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  };
  const target = knows(type) ?? (others(types, type).some(knows) ? undefined : read(type));
  return target && { target, descending: orderBy.descending };
}

/** One page of all of the tenant's resources; `alongOf` says what to read of each type. */
export async function searchResources(
  { database, walks }: ListServices, reader: Reader, types: readonly ResourceType[], request: ListRequest, alongOf: (type: ResourceType) => Along,
): Promise<ResourcePage<MixedRow>> {
  const { filter: text, orderBy } = request;
  const filters = new Map<ResourceType, Filter | undefined>(types.map((type) => [type, text ? parseFilter(type, text, others(types, type)) : undefined]));
  const parts = types.map((type) => ({
    ...alongOf(type), table: tableOf(type), filter: filters.get(type), order: orderBy ? orderOf(types, type, orderBy) : undefined,
  }));
  const order = parts.find((part) => part.order)?.order;
  const asked = readPage(request, order);
  const walk = walkThrough(walks, reader, ['*', text, tagOf(order)]);
  const page = await walk.locate(asked);
  const { tenantId } = reader;
  const found = await listMixedRows(database, tenantId, { ...page, parts, descending: orderBy?.descending, limit: page.size + 1 });
  const count = async () => {
    const totals = await Promise.all(types.map((type) => countRows(database, tableOf(type), tenantId, filters.get(type))));
    return totals.reduce((sum, total) => sum + total, 0);
  };
  const cut = cutPage(found, asked);
  await walk.leave(asked, cut.rows, isWalked(request) && (cut.hasNextPage || asked.offset > 0));
  return { ...cut, cursors: cut.rows.map(({ position }) => toCursor(position, order)), total: async () => Math.max(seenBy(asked, cut.rows, cut.hasNextPage), await (text ? walk.total(asked, count) : count())) };
}
