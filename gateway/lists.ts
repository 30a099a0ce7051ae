/** The steps of queries for the resources of a type. */
import { sendList } from './answers.js';
import type { ListExchange } from './exchange.js';
import { ask } from './operations.js';
import type { PageInfo } from './scim/cursors.js';
import { placeOf } from './scim/paging.js';
import type { Node } from './scim/present.js';
import { selectedBy } from './scim/projection.js';
import { readList, readShown } from './scim/query.js';

interface ListData {
  readonly page: { readonly totalCount: number; readonly pageInfo?: PageInfo; readonly nodes: readonly Node[] };
}

export async function listResources(exchange: ListExchange): Promise<void> {
  const { types, parameters } = exchange;
  exchange.views = types.map((type) => ({ type, projection: readShown(type, parameters) }));
  const request = readList(types, parameters, Math.trunc(Date.now() / 1000));
  const [view] = exchange.views;
  const { page } = await ask<ListData>(exchange, `List${view!.type.name}s`, { ...request.variables, ...selectedBy(view!) });
  sendList(exchange, page.totalCount, placeOf(request, page.pageInfo), page.nodes);
}
