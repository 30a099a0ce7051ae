/** The steps of queries, by GET or by POST, for the resources of one type or of all. */
import { sendList } from './answers.js';
import type { VariablesOf } from './core.js';
import type { ListExchange } from './exchange.js';
import { ask } from './operations.js';
import type { PageInfo } from './scim/cursors.js';
import { placeOf } from './scim/paging.js';
import { type Answered, nodeIn } from './scim/present.js';
import { selectedBy } from './scim/projection.js';
import { type ListVariables, readList, readShown, soleOf } from './scim/query.js';
import { readSearchRequest } from './scim/search-request.js';

interface ListData {
  readonly page: { readonly totalCount: number; readonly pageInfo?: PageInfo; readonly nodes: readonly Answered[] };
}

/** Takes the parameters from the body (RFC 7644, section 3.4.3). */
export function readSearch(exchange: ListExchange): void {
  exchange.parameters = readSearchRequest(exchange.body);
}

export async function listResources(exchange: ListExchange): Promise<void> {
  const { listed: types, parameters } = exchange;
  exchange.views = types.map((type) => ({ type, projection: readShown(type, parameters) }));
  const request = readList(types, parameters, Math.trunc(Date.now() / 1000));
  const { page } = await find(exchange, request.variables);
  sendList(exchange, page.totalCount, placeOf(request, page.pageInfo), page.nodes.map(nodeIn));
}

/** Asks for the page of one type, or for that of all. */
function find(exchange: ListExchange, variables: ListVariables): Promise<ListData> {
  const {
    listed: types,
    views: [view],
  } = exchange;
  if (!soleOf(types) || !view) return search(exchange, variables);
  const asked = { ...variables, ...selectedBy(view) };
  return variables.offset === undefined
    ? ask(exchange, `List${view.type.name}s`, asked)
    : ask(exchange, `List${view.type.name}sByIndex`, asked);
}

/** In `Search` the selection and the relation of each type have names of their own. */
function search(exchange: ListExchange, variables: ListVariables): Promise<ListData> {
  const selection = exchange.views.flatMap((view) =>
    Object.entries(selectedBy(view)).map(([name, value]) => [name + view.type.name, value]),
  );
  return ask(exchange, 'Search', { ...variables, ...Object.fromEntries(selection) } as VariablesOf<'Search'>);
}
