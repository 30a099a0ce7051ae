/** The steps that read a body: JSON, no longer than its address takes. */
import type { JsonObject } from '../schema/change.js';
import { toFailure } from '../schema/failure.js';
import { limits, type ResourceType, writesRelation } from '../schema/resources.js';
import type { Exchange } from './exchange.js';
import { fullShareOf } from './metrics.js';
import { recognize } from './operations.js';
import { declaredLength, readBytes, requireMediaType } from './body-bytes.js';
import { readObject } from './scim/json.js';
import { PLAIN_JSON, SCIM_JSON } from './scim/media-types.js';

const JSON_TYPES = [SCIM_JSON, PLAIN_JSON];

/** A request may be followed a second time, its body is there once. */
const readOnce = (exchange: Exchange, longest: number): Promise<JsonObject> => (exchange.reading ??= readKept(exchange, longest));

async function readKept(exchange: Exchange, longest: number): Promise<JsonObject> {
  const { http, holder, gateway } = exchange;
  const { keep, giveBack } = gateway.bodyRoom.forOne(holder);
  http.res.once('close', giveBack);
  const bytes = await readBytes(http.req, { longest, keep }).catch((error: unknown) => {
    exchange.refusedFor = fullShareOf(toFailure(error).code, 'bytes');
    throw error;
  });
  return readObject(bytes);
}

/** From here on a slow client may take its time: what it holds of places and bytes is its tenant's, however many tokens that has. */
function holdAsTenant(exchange: Exchange): void {
  const {
    gateway: { recognizedTokens },
    origin: { token },
    place,
  } = exchange;
  exchange.holder = recognizedTokens.tenantOf(token) ?? exchange.holder;
  try {
    place?.moveTo(exchange.holder);
  } catch (error) {
    exchange.refusedFor = fullShareOf(toFailure(error).code, 'concurrency');
    throw error;
  }
}

/** Of a stranger no body is read; for a long one, or one of unknown length, the caller is looked at anew. */
export async function readJson(exchange: Exchange & { readonly type?: ResourceType }): Promise<void> {
  const {
    http: { req },
    type,
    gateway: { recognizedTokens },
    origin: { token },
  } = exchange;
  requireMediaType(req, JSON_TYPES);
  if (!(declaredLength(req) <= limits.bodyBytes) || recognizedTokens.tenantOf(token) === undefined) await recognize(exchange);
  holdAsTenant(exchange);
  exchange.body = await readOnce(exchange, type && writesRelation(type) ? limits.groupBodyBytes : limits.bodyBytes);
}

/** The same for bodies that are long by their nature. */
export async function readLongJson(exchange: Exchange): Promise<void> {
  const { req } = exchange.http;
  requireMediaType(req, JSON_TYPES);
  await recognize(exchange);
  holdAsTenant(exchange);
  exchange.body = await readOnce(exchange, limits.groupBodyBytes);
}
