/** One request on its way: all that belongs to it lives here and nowhere else. */
import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import type { Logger } from 'pino';
import type { Standstill } from '../process/standstill.js';
import type { Change, JsonObject } from '../schema/change.js';
import type { Habit } from '../schema/habits.js';
import type { PolicyValue } from '../schema/policies.js';
import type { ResourceType } from '../schema/resources.js';
import type { TenantTypes } from '../schema/tenant-types.js';
import { plainAddress } from '../wire/address.js';
import { requestIdFrom } from '../wire/request-id.js';
import type { AnswerRoom } from '../wire/answers.js';
import type { BodyRoom } from '../wire/bodies.js';
import type { Shares } from '../wire/shares.js';
import type { Core, Origin } from './core.js';
import type { ExhaustedQuotas } from './exhausted-quotas.js';
import type { GatewayMetrics, Refusal } from './metrics.js';
import type { ConcurrencyLimit, Place } from './concurrency-limit.js';
import type { RefusedRequests } from './refused-requests.js';
import type { RecognizedTokens } from './recognized-tokens.js';
import type { TenantTypesCache } from './tenant-types.js';
import { tokenOf } from './scim/dialects.js';
import { answerTypeFor } from './scim/media-types.js';
import type { BulkRequest } from './scim/bulk.js';
import type { PlannedChange } from './scim/dry-run-answer.js';
import type { WriteOptions } from './scim/preferences.js';
import type { Locate, Node } from './scim/present.js';
import type { Parameters } from './scim/parameters.js';
import type { Projection, View } from './scim/projection.js';

/** What all requests share: where the facade is, whom it asks, what it tells. */
export interface Gateway {
  readonly core: Core;
  readonly log: Logger;
  /** Makes the address of a path below the SCIM base. */
  readonly locate: Locate;
  /** Whether the process is about to end: no new work, please. */
  readonly isDraining: () => boolean;
  readonly standstill: Standstill;
  /** What tenants have declared, as far as it is known. */
  readonly tenantTypes: TenantTypesCache;
  /** Who has just been told that nothing is left. */
  readonly exhaustedQuotas: ExhaustedQuotas;
  readonly concurrencyLimit: ConcurrencyLimit;
  readonly bodyRoom: BodyRoom;
  readonly answerRoom: AnswerRoom;
  readonly recognizedTokens: RecognizedTokens;
  readonly refusedRequests: RefusedRequests;
  /** Polls that wait for events. */
  readonly waitingPolls: Shares;
  readonly metrics: GatewayMetrics;
}

export interface Exchange {
  readonly gateway: Gateway;
  readonly http: Context;
  readonly origin: Origin;
  /** The path as the client wrote it, and the text after its "?". */
  readonly path: string;
  readonly query: string;
  /** The media type of SCIM's answers to this client; undefined where it takes none of ours. */
  readonly answerType: string | undefined;
  /** The last segment of the path where the route has one open, decoded. */
  id: string;
  /**
   * Whether the core has already counted this request, and so said something about its caller: then a refusal of our own gives nothing
   * away.
   */
  isAnswered: boolean;
  /** Whose part it takes of what many share: a tenant's, or a token's as long as it is not known whose that is. */
  holder: string;
  /** Where it is counted; undefined where it is not. */
  place: Place | undefined;
  /** Why the facade itself has sent the request away for being too much, where it has. */
  refusedFor: Refusal | undefined;
  /** The id of the caller's tenant, once the core has told it; for the log. */
  tenant: string | undefined;
  /** The types of resources as the caller's tenant has them, as far as they are known. */
  types: TenantTypes;
  /** The body, once it is being read: it can be read only once. */
  reading: Promise<JsonObject> | undefined;
  /** The habits of the client that the core has been told of. */
  readonly toldHabits: Set<Habit>;
  /** What the steps leave for the steps after them. */
  body: JsonObject;
  /** Of the query, or of the body that stands for one. */
  parameters: Parameters;
}

/** A request that writes, and how it is to be done. */
export interface WriteExchange extends Exchange {
  writeOptions: WriteOptions;
  /** What a rehearsal would change. */
  plan: readonly PlannedChange[] | undefined;
}

/** A request of many writes. */
export interface BulkExchange extends WriteExchange {
  bulk: BulkRequest;
}

/** A request about a resource of a type. */
export interface ResourceExchange extends WriteExchange {
  readonly type: ResourceType;
  projection: Projection;
  ifVersion: number | undefined;
  input: JsonObject;
  changes: readonly Change[];
  /** What the tenant has decided about answers to PATCH. */
  patchAnswer: PolicyValue<'patchAnswer'>;
  /** The resource to show; undefined before the core has answered. */
  node: Node | undefined;
}

/** A request for a list of the resources of these types. */
export interface ListExchange extends Exchange {
  readonly listed: readonly ResourceType[];
  /** How each of the types is shown. */
  views: readonly View[];
}

/** A step of a request. Its name is what it does. */
export type Step<E extends Exchange = Exchange> = (exchange: E) => void | Promise<void>;

/** What a request is before it is known what it is about. */
export function openExchange(gateway: Gateway, http: Context): Exchange {
  const { req } = http;
  const target = (req.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '');
  const mark = target.indexOf('?');
  const token = tokenOf(req.headers.authorization);
  return {
    gateway,
    http,
    origin: { token, requestId: requestIdOf(req), address: plainAddress(http.ip), userAgent: req.headers['user-agent'] },
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    types: gateway.tenantTypes.typesFor(token),
    reading: undefined,
    answerType: answerTypeFor(req.headers.accept),
    id: '',
    isAnswered: false,
    holder: gateway.recognizedTokens.tenantOf(token) ?? token ?? '',
    place: undefined,
    refusedFor: undefined,
    tenant: undefined,
    toldHabits: new Set(),
    body: {},
    parameters: {},
  };
}

/** The caller's own id of the request where it is fit for a log, else a new one. */
export const requestIdOf = ({ headers }: IncomingMessage): string => requestIdFrom(headers['x-request-id']);
