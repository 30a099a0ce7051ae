/** Successful answers. Small ones are one JSON text; resources with more members than a page are written piece by piece. */
import { Readable } from 'node:stream';
import type { JsonObject } from '../schema/change.js';
import { Failure } from '../schema/failure.js';
import type { Exchange, ResourceExchange } from './exchange.js';
import { SCIM_TYPE } from './failures.js';
import { ask } from './operations.js';
import {
  type Node, present, presentList, presentListHead, presentRelation, presentWithoutRelation, type RelationPage,
} from './scim/present.js';

export function sendJson({ http }: Exchange, status: number, body: JsonObject, type = SCIM_TYPE): void {
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
  if (isLarge(exchange, node)) return sendPieces(exchange, status, resourcePieces(exchange, node));
  sendJson(exchange, status, present(exchange.type, exchange.projection, node, exchange.gateway.locate));
}

/** A list of resources, of which `totalResults` match. */
export function sendList(exchange: ResourceExchange, totalResults: number, startIndex: number, nodes: readonly Node[]): void {
  const { type, projection, gateway: { locate } } = exchange;
  if (nodes.some((node) => isLarge(exchange, node))) {
    return sendPieces(exchange, 200, listPieces(exchange, totalResults, startIndex, nodes));
  }
  sendJson(exchange, 200, presentList(totalResults, startIndex, nodes.map((node) => present(type, projection, node, locate))));
}

const isLarge = ({ projection }: ResourceExchange, { relation }: Node): boolean =>
  projection.relation !== undefined && relation?.pageInfo.hasNextPage === true;

type Pieces = AsyncGenerator<string, void, undefined>;
type Pages = AsyncGenerator<RelationPage, void, undefined>;

/** Streams the pieces. What fails in the middle makes Koa break the connection: half a list must never look like a whole one. */
function sendPieces({ http }: Exchange, status: number, pieces: Pieces): void {
  http.status = status;
  http.set('Content-Type', SCIM_TYPE);
  http.body = Readable.from(pieces, { objectMode: false });
}

async function* listPieces(exchange: ResourceExchange, totalResults: number, startIndex: number, nodes: readonly Node[]): Pieces {
  yield `${unclosed(presentListHead(totalResults, startIndex, nodes.length))},"Resources":[`;
  for (const [index, node] of nodes.entries()) {
    if (index > 0) yield ',';
    yield* resourcePieces(exchange, node);
  }
  yield ']}';
}

async function* resourcePieces(exchange: ResourceExchange, node: Node): Pieces {
  const { type, projection, gateway: { locate } } = exchange;
  const head = presentWithoutRelation(type, projection, node, locate);
  const name = projection.relation?.attribute.name;
  if (name === undefined || !node.relation?.nodes.length) return yield JSON.stringify(head);
  yield `${unclosed(head)},${JSON.stringify(name)}:[`;
  let separator = '';
  for await (const page of relationPages(exchange, node.id, node.relation)) {
    yield separator + presentRelation(projection, page.nodes, locate).map((element) => JSON.stringify(element)).join(',');
    separator = ',';
  }
  yield ']}';
}

async function* relationPages(exchange: ResourceExchange, id: string, first: RelationPage): Pages {
  let page = first;
  yield page;
  while (page.pageInfo.hasNextPage) {
    const { resource } = await ask<{ resource: { relation: RelationPage } | null }>(
      exchange, `Page${exchange.type.name}Relation`, { id, after: page.pageInfo.endCursor });
    if (!resource) throw new Failure('NOT_FOUND', { detail: 'The resource was deleted while it was being shown.' });
    page = resource.relation;
    if (page.nodes.length > 0) yield page;
  }
}

const unclosed = (object: JsonObject): string => JSON.stringify(object).slice(0, -1);
