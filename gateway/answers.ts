/** Successful answers. Small ones are one JSON text; resources with more members than a page are written piece by piece. */
import { Readable } from 'node:stream';
import type { JsonObject } from '../schema/change.js';
import { Failure } from '../schema/failure.js';
import type { Exchange, ListExchange, ResourceExchange } from './exchange.js';
import { scimTypeFor } from './failures.js';
import { ask } from './operations.js';
import type { PagePlace } from './scim/paging.js';
import {
  type Node,
  present,
  presentList,
  presentListHead,
  presentRelation,
  presentWithoutRelation,
  type RelationPage,
} from './scim/present.js';
import type { View } from './scim/projection.js';

/** A resource and how it is shown. */
interface ShownNode {
  readonly node: Node;
  readonly view: View;
}

export function sendJson(exchange: Exchange, status: number, body: JsonObject | readonly JsonObject[], type = scimTypeFor(exchange)): void {
  const { http } = exchange;
  http.status = status;
  http.set('Content-Type', type);
  http.body = JSON.stringify(body);
}

export function sendNothing({ http }: Exchange, status: 204 | 304 = 204): void {
  http.status = status;
  http.body = null;
}

/** One resource. */
export function sendResource(exchange: ResourceExchange, status: number, node: Node): void {
  const shown = { node, view: exchange };
  if (isLarge(shown)) return sendPieces(exchange, status, resourcePieces(exchange, shown));
  sendJson(exchange, status, present(exchange, node, exchange.gateway.locate));
}

/** A page of resources, of which `totalResults` match, each shown as its type is. */
export function sendList(exchange: ListExchange, totalResults: number, place: PagePlace, nodes: readonly Node[]): void {
  const {
    gateway: { locate },
    views,
  } = exchange;
  const shown = nodes.map((node) => ({ node, view: views.find(({ type }) => type.name === node.type)! }));
  if (shown.some(isLarge)) {
    return sendPieces(exchange, 200, listPieces(exchange, presentListHead(totalResults, place, nodes.length), shown));
  }
  sendJson(
    exchange,
    200,
    presentList(
      totalResults,
      place,
      shown.map(({ node, view }) => present(view, node, locate)),
    ),
  );
}

const isLarge = ({ view: { projection }, node: { relation } }: ShownNode): boolean =>
  projection.relation !== undefined && relation?.pageInfo.hasNextPage === true;

type Pieces = AsyncGenerator<string, void, undefined>;
type Pages = AsyncGenerator<RelationPage, void, undefined>;

/** Streams the pieces. What fails in the middle makes Koa break the connection: half a list must never look like a whole one. */
function sendPieces(exchange: Exchange, status: number, pieces: Pieces): void {
  const { http } = exchange;
  http.status = status;
  http.set('Content-Type', scimTypeFor(exchange));
  http.body = Readable.from(pieces, { objectMode: false });
}

async function* listPieces(exchange: Exchange, head: JsonObject, all: readonly ShownNode[]): Pieces {
  yield `${unclosed(head)},"Resources":[`;
  for (const [index, shown] of all.entries()) {
    if (index > 0) yield ',';
    yield* resourcePieces(exchange, shown);
  }
  yield ']}';
}

async function* resourcePieces(exchange: Exchange, { node, view }: ShownNode): Pieces {
  const {
    gateway: { locate },
  } = exchange;
  const head = presentWithoutRelation(view, node, locate);
  const name = view.projection.relation?.attribute.name;
  if (name === undefined || !node.relation?.nodes.length) return yield JSON.stringify(head);
  yield `${unclosed(head)},${JSON.stringify(name)}:[`;
  let separator = '';
  for await (const page of relationPages(exchange, view, node.id, node.relation)) {
    yield separator + JSON.stringify(presentRelation(view.projection, page.nodes, locate)).slice(1, -1);
    separator = ',';
  }
  yield ']}';
}

async function* relationPages(exchange: Exchange, { type }: View, id: string, first: RelationPage): Pages {
  let page = first;
  yield page;
  while (page.pageInfo.hasNextPage) {
    const { resource } = await ask(exchange, `Page${type.name}Relation`, { id, after: page.pageInfo.endCursor! });
    if (!resource) throw new Failure('NOT_FOUND', { detail: 'The resource was deleted while it was being shown.' });
    page = resource.relation;
    if (page.nodes.length > 0) yield page;
  }
}

const unclosed = (object: JsonObject): string => JSON.stringify(object).slice(0, -1);
