/** All that the facade answers, on one screen: method, path, and the steps of the request in order. */
import { Failure } from '../schema/failure.js';
import { type ResourceType, resourceTypes, SCIM_BASE_PATH, TOKEN_PATH, TOKEN_SCANNING_PATH } from '../schema/resources.js';
import { listResourceTypes, listSchemas, refuseFilter, showResourceType, showSchema, showServiceProviderConfig } from './discovery.js';
import type { BulkExchange, ListExchange, ResourceExchange, Step } from './exchange.js';
import { readJson, readLongJson } from './bodies.js';
import { performBulk, readBulkRequest } from './bulk.js';
import { forgetReceiver, readPoll, requireReceiver, tellEvents } from './security-events.js';
import { listResources, readSearch } from './lists.js';
import { readHowToWrite } from './write-options.js';
import { showAlive, showReady } from './probes.js';
import {
  changeResource,
  createResource,
  deleteResource,
  findResource,
  readInput,
  readPatch,
  readProjection,
  readQuery,
  readVersion,
  replaceResource,
  requireCaller,
  requireId,
  show,
  showCreated,
  showPatched,
  showUnlessKnown,
} from './steps.js';
import { issueToken, readCredentials } from './token.js';
import { readFindings, revokeFindings } from './token-scanning.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export type Method = (typeof METHODS)[number];

interface Address {
  readonly method: Method;
  /** `{id}` stands for any last segment. */
  readonly path: string;
  /** At the SCIM door even refusals are only for callers that the core accepts; the token provider refuses in words of its own. */
  readonly door: 'scim' | 'token' | 'open';
}

/** What a request is about decides what its steps find on the exchange. */
export type Route = Address &
  (
    | { readonly about: 'service'; readonly steps: readonly Step[] }
    | { readonly about: 'resource'; readonly type: ResourceType; readonly steps: readonly Step<ResourceExchange>[] }
    | { readonly about: 'list'; readonly types: readonly ResourceType[]; readonly steps: readonly Step<ListExchange>[] }
    | { readonly about: 'bulk'; readonly steps: readonly Step<BulkExchange>[] }
  );

const scim = (method: Method, path: string, ...steps: Step[]): Route => ({
  method,
  path: SCIM_BASE_PATH + path,
  door: 'scim',
  about: 'service',
  steps,
});

/** Outside of SCIM: the token provider, and what watches over the process. */
const other = (method: Method, path: string, door: 'token' | 'open', ...steps: Step[]): Route => ({
  method,
  path,
  door,
  about: 'service',
  steps,
});

/** What the service says about itself. */
const description = (path: string, show: Step): Route => scim('GET', path, requireCaller, readQuery, refuseFilter, show);

/** RFC 7644, section 3.11, for a service that knows no user behind a token. */
function refuseMe(): never {
  throw new Failure('NOT_IMPLEMENTED', {
    detail:
      'A token belongs to a tenant and to none of its users, so nobody is "Me"; find the user with GET /Users?filter=… and use the id.',
  });
}

/** A list can be asked for in the address and, where a filter is too long or too private for one, in a body. */
function listRoutes(path: string, types: readonly ResourceType[]): Route[] {
  const route = (method: Method, below: string, ...steps: Step<ListExchange>[]): Route => ({
    method,
    path: SCIM_BASE_PATH + path + below,
    door: 'scim',
    about: 'list',
    types,
    steps,
  });
  return [route('GET', '', readQuery, listResources), route('POST', '/.search', readJson, readSearch, listResources)];
}

function resourceRoutes(type: ResourceType): Route[] {
  const all = SCIM_BASE_PATH + type.endpoint;
  const one = `${all}/{id}`;
  const route = (method: Method, path: string, ...steps: Step<ResourceExchange>[]): Route => ({
    method,
    path,
    door: 'scim',
    about: 'resource',
    type,
    steps,
  });
  return [
    ...listRoutes(type.endpoint, [type]),
    route('POST', all, readQuery, readProjection, readHowToWrite, readJson, readInput, createResource, showCreated),
    route('GET', one, requireId, readQuery, readProjection, findResource, showUnlessKnown),
    route('PUT', one, requireId, readQuery, readProjection, readVersion, readHowToWrite, readJson, readInput, replaceResource, show),
    route(
      'PATCH',
      one,
      requireId,
      readQuery,
      readProjection,
      readVersion,
      readHowToWrite,
      readJson,
      readPatch,
      changeResource,
      showPatched,
    ),
    route('DELETE', one, requireId, readVersion, readHowToWrite, deleteResource),
  ];
}

export const routes: readonly Route[] = [
  ...resourceTypes.flatMap(resourceRoutes),
  ...listRoutes('', resourceTypes),
  description('/ServiceProviderConfig', showServiceProviderConfig),
  description('/Schemas', listSchemas),
  description('/Schemas/{id}', showSchema),
  description('/ResourceTypes', listResourceTypes),
  description('/ResourceTypes/{id}', showResourceType),
  {
    method: 'POST',
    path: `${SCIM_BASE_PATH}/Bulk`,
    door: 'scim',
    about: 'bulk',
    steps: [readHowToWrite, readLongJson, readBulkRequest, performBulk],
  },
  scim('POST', '/Events/{id}', requireReceiver, readJson, readPoll, tellEvents),
  scim('DELETE', '/Events/{id}', requireReceiver, forgetReceiver),
  ...METHODS.flatMap((method) => [scim(method, '/Me', refuseMe), scim(method, '/Me/{id}', refuseMe)]),
  other('POST', TOKEN_PATH, 'token', readCredentials, issueToken),
  other('POST', TOKEN_SCANNING_PATH, 'token', readFindings, revokeFindings),
  other('GET', '/livez', 'open', showAlive),
  other('GET', '/startupz', 'open', showAlive), // there is a port only when the start is complete
  other('GET', '/readyz', 'open', showReady),
];
