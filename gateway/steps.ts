/** The steps of requests about resources, generic over their types: each does one thing and leaves its result on the exchange. */
import { Failure } from '../schema/failure.js';
import type { PolicyValue } from '../schema/policies.js';
import { type ResourceType, writesRelation } from '../schema/resources.js';
import { isStorable } from '../schema/value.js';
import { sendNothing, sendResource } from './answers.js';
import type { Exchange, ResourceExchange } from './exchange.js';
import { type Beside, isRehearsal, performWrite, sendPlan } from './write-options.js';
import { ask, authenticate, type PayloadOf } from './operations.js';
import { readResource, toGraphQLInput } from './scim/body.js';
import { withElementsJoined, withValueJoined } from './scim/joined-ids.js';
import { readChanges } from './scim/patch.js';
import { readParameters } from './scim/parameters.js';
import { addressOf, type Answered, nodeIn, present } from './scim/present.js';
import { selectedBy } from './scim/projection.js';
import { namesAttributes, readShown } from './scim/query.js';
import { hasTagOf, namesSeveral, readIfMatch, toTag } from './scim/versions.js';

const LONGEST_ID = 256;

type ResourceWrite = `${'Create' | 'Replace' | 'Change'}${'User' | 'Group'}`;

const inputField = (type: ResourceType): string => type.name.toLowerCase();

function keep(exchange: ResourceExchange, answered: Answered | null): void {
  if (answered === null) throw new Failure('NOT_FOUND');
  const node = nodeIn(answered);
  exchange.http.set('ETag', toTag(node.version));
  exchange.node = node;
}

export async function requireCaller(exchange: Exchange): Promise<void> {
  await authenticate(exchange);
}

/** What cannot be an id is the id of nothing, and the core need not look for it. */
export function requireId({ id }: Exchange): void {
  if (id === '' || id.length > LONGEST_ID || !isStorable(id)) throw new Failure('NOT_FOUND');
}

export function readQuery(exchange: Exchange): void {
  exchange.parameters = readParameters(exchange.query);
}

export function readProjection(exchange: ResourceExchange): void {
  exchange.projection = readShown(exchange.type, exchange.parameters);
}

/** RFC 9110, section 13.1. */
export async function readVersion(exchange: ResourceExchange): Promise<void> {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = exchange.http.req.headers;
  if (ifNoneMatch === undefined && !namesSeveral(ifMatch)) {
    exchange.ifVersion = readIfMatch(ifMatch);
    return;
  }
  const version = await currentVersion(exchange);
  requireMatch(version, ifMatch);
  if (hasTagOf(version, ifNoneMatch)) {
    throw new Failure('VERSION_MISMATCH', {
      detail: 'The resource is at a version that "If-None-Match" names; leave that header out to write whatever the version is.',
    });
  }
  exchange.ifVersion = version;
}

/** Where there is an If-Match, it names this version, or any. */
function requireMatch(version: number, ifMatch: string | undefined): void {
  if (ifMatch && !hasTagOf(version, ifMatch)) throw new Failure('VERSION_MISMATCH');
}

/**
 * Read for those alone who send If-None-Match with a write, or a list of versions, which no provider does: the core knows no such
 * condition, so it is asked to write at this version.
 */
async function currentVersion(exchange: ResourceExchange): Promise<number> {
  const { resource } = await ask(exchange, `Read${exchange.type.name}`, { id: exchange.id, only: [], relation: false });
  if (resource === null) throw new Failure('NOT_FOUND');
  return nodeIn(resource).version;
}

export function readInput(exchange: ResourceExchange): void {
  exchange.input = toGraphQLInput(exchange.type, withElementsJoined(exchange.type, readResource(exchange.type, exchange.body)));
}

export function readPatch(exchange: ResourceExchange): void {
  exchange.changes = readChanges(exchange.type, exchange.body).map((change) => withValueJoined(exchange.type, change));
}

export async function findResource(exchange: ResourceExchange): Promise<void> {
  const { type, id } = exchange;
  const { resource } = await ask(exchange, `Read${type.name}`, { id, ...selectedBy(exchange) });
  keep(exchange, resource);
}

export async function createResource(exchange: ResourceExchange): Promise<void> {
  await write(exchange, `Create${exchange.type.name}`, { [inputField(exchange.type)]: exchange.input }, true);
}

export async function replaceResource(exchange: ResourceExchange): Promise<void> {
  const { type, id, input, ifVersion } = exchange;
  await write(exchange, `Replace${type.name}`, { id, [inputField(type)]: input, ifVersion }, true);
}

export async function changeResource(exchange: ResourceExchange): Promise<void> {
  const { type, id, ifVersion } = exchange;
  const changes = exchange.changes.map((change) => ({ ...change, op: change.op.toUpperCase() }));
  const { patchAnswer } = await write(exchange, `Change${type.name}`, { id, changes, ifVersion }, showsAfterPatch(exchange, 'BY_TYPE'));
  exchange.patchAnswer = patchAnswer;
}

export async function deleteResource(exchange: ResourceExchange): Promise<void> {
  const { type, id, ifVersion } = exchange;
  await performWrite(exchange, `Delete${type.name}`, { id, ifVersion }, {});
  if (isRehearsal(exchange)) sendPlan(exchange, 204);
  else sendNothing(exchange);
}

async function write<Name extends ResourceWrite>(
  exchange: ResourceExchange,
  operation: Name,
  input: object,
  isRelationShown: boolean,
): Promise<PayloadOf<Name>> {
  const { only, relation } = selectedBy(exchange);
  // The members of a rehearsal are gone before they could be read.
  const isRelationAsked = isRelationShown && relation && !isRehearsal(exchange);
  const beside: Beside<ResourceWrite> = { only, relation: isRelationAsked };
  const data = await performWrite(exchange, operation, input, beside as Beside<Name>);
  keep(exchange, data.resource);
  return data;
}

/**
 * RFC 7644, 3.5.2: 204 or 200 as we like, but 200 if attributes are asked for. To show a group with its members would make adding one
 * cost as much as all: where a tenant wants groups shown, it is without them (Okta is content with that).
 */
function showsAfterPatch({ type, parameters }: ResourceExchange, policy: PolicyValue<'patchAnswer'>): boolean {
  if (namesAttributes(parameters) || policy === 'RESOURCE') return true;
  return policy === 'BY_TYPE' && !writesRelation(type);
}

/** The resource as it would be, beside what would change. */
function showPlan(exchange: ResourceExchange, status: number): void {
  exchange.http.remove('ETag');
  sendPlan(exchange, status, { resource: present(exchange, exchange.node!, exchange.gateway.locate) });
}

/** RFC 7644, section 3.14: every answer that shows a resource says where it lives, be it its `Location` or that of what is shown. */
function tellLocation({ http, type, node, gateway }: ResourceExchange): void {
  const location = addressOf(type, node!.id, gateway.locate);
  http.set({ Location: location, 'Content-Location': location });
}

function showAs(exchange: ResourceExchange, status: number): void {
  if (isRehearsal(exchange)) return showPlan(exchange, status);
  tellLocation(exchange);
  sendResource(exchange, status, exchange.node!);
}

export function showCreated(exchange: ResourceExchange): void {
  showAs(exchange, 201);
}

export function show(exchange: ResourceExchange): void {
  showAs(exchange, 200);
}

/** RFC 9110, section 13.2.2: If-Match is looked at first. */
export function showUnlessKnown(exchange: ResourceExchange): void {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = exchange.http.req.headers;
  const node = exchange.node!;
  requireMatch(node.version, ifMatch);
  tellLocation(exchange);
  if (hasTagOf(node.version, ifNoneMatch)) sendNothing(exchange, 304);
  else sendResource(exchange, 200, node);
}

export function showPatched(exchange: ResourceExchange): void {
  if (isRehearsal(exchange) || showsAfterPatch(exchange, exchange.patchAnswer)) show(exchange);
  else sendNothing(exchange);
}
