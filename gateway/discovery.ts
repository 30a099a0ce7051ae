/** What the service says about itself (RFC 7644, section 4). */
import type { JsonObject } from '../schema/change.js';
import { resourceTypeResources, schemaResources, serviceProviderConfig } from '../schema/discovery.js';
import { Failure } from '../schema/failure.js';
import { findSchema } from '../schema/resources.js';
import { sendJson } from './answers.js';
import type { Exchange } from './exchange.js';
import { presentList } from './scim/present.js';

/** RFC 7644, section 4: a filter here is forbidden; the rest of the query is ignored. */
export function refuseFilter({ parameters }: Exchange): void {
  if (parameters.filter === undefined) return;
  throw new Failure('FORBIDDEN', { detail: 'This address takes no filter; leave it out.' });
}

export function showServiceProviderConfig(exchange: Exchange): void {
  sendJson(exchange, 200, serviceProviderConfig(exchange.gateway.locate));
}

export function listSchemas(exchange: Exchange): void {
  list(exchange, schemaResources(exchange.gateway.locate, exchange.types.all));
}

export function showSchema(exchange: Exchange): void {
  const { id, types, gateway } = exchange;
  const schema = types.all.map((type) => findSchema(type, id)).find((one) => one !== undefined);
  showOne(exchange, schemaResources(gateway.locate, types.all), schema?.id);
}

export function listResourceTypes(exchange: Exchange): void {
  list(exchange, resourceTypeResources(exchange.gateway.locate, exchange.types.all));
}

export function showResourceType(exchange: Exchange): void {
  showOne(exchange, resourceTypeResources(exchange.gateway.locate, exchange.types.all));
}

function list(exchange: Exchange, resources: readonly JsonObject[]): void {
  sendJson(exchange, 200, presentList(resources.length, { startIndex: 1 }, resources));
}

/** URNs and names are found in any case (RFC 7643, section 3.1). */
function showOne(exchange: Exchange, resources: readonly JsonObject[], wanted = exchange.id): void {
  const found = resources.find(({ id }) => typeof id === 'string' && id.toLowerCase() === wanted.toLowerCase());
  if (!found) throw new Failure('NOT_FOUND');
  sendJson(exchange, 200, found);
}
