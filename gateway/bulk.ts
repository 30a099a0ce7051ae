/** Many writes in one request (RFC 7644, section 3.7): one operation of the core, one answer for each of them. */
import type { JsonObject } from '../schema/change.js';
import { Failure, isFailureCode } from '../schema/failure.js';
import { messages } from '../schema/resources.js';
import { sendJson } from './answers.js';
import type { BulkExchange } from './exchange.js';
import { scimError } from './failures.js';
import { isRehearsal, performWrite, sendPlan } from './write-options.js';
import type { PayloadOf } from './operations.js';
import { type BulkOperation, readBulk } from './scim/bulk.js';
import { addressOf } from './scim/present.js';
import { toTag } from './scim/versions.js';
import { inTurns } from './turns.js';

type CoreResult = NonNullable<PayloadOf<'Bulk'>['results']>[number];

const STATUSES: Readonly<Record<string, number>> = { POST: 201, PUT: 200, PATCH: 200, DELETE: 204 };

export async function readBulkRequest(exchange: BulkExchange): Promise<void> {
  const { operations, failOnErrors } = readBulk(exchange.types, exchange.body);
  exchange.bulk = { operations: await inTurns(operations), failOnErrors };
}

export async function performBulk(exchange: BulkExchange): Promise<void> {
  const { operations, failOnErrors = Number.POSITIVE_INFINITY } = exchange.bulk;
  const refused = operations.flatMap(({ failure }, place) => (failure ? [place] : []));
  // What makes no sense counts as a failure, too: nothing behind the last that may fail is sent on.
  const end = refused[failOnErrors - 1] ?? operations.length;
  const sent = operations.flatMap(({ input }, place) => (input && place <= end ? [{ place, input }] : []));
  const left = failOnErrors - refused.filter((place) => place < end).length;
  const input = { operations: sent.map((operation) => operation.input), ...(Number.isFinite(left) && { failOnErrors: Math.max(1, left) }) };
  const { results } = await performWrite(exchange, 'Bulk', input, {});
  const done = new Map(results!.map((result) => [sent[result.place]!.place, result]));
  const answers = operations.flatMap((operation, place) => (place <= end ? answerTo(exchange, operation, done.get(place)) : []));
  const body = { Operations: answers };
  if (isRehearsal(exchange)) sendPlan(exchange, 200, body);
  else sendJson(exchange, 200, { schemas: [messages.bulkResponse], ...body });
}

/** None for an operation that was not begun. */
function answerTo(exchange: BulkExchange, { method, bulkId, type, id, failure }: BulkOperation, result: CoreResult | undefined): JsonObject[] {
  const said = { method, ...(bulkId !== undefined && { bulkId }) };
  const subject = result?.id ?? id;
  // RFC 7644, section 3.7: in every answer but that to a POST which was refused.
  const address: JsonObject = subject && type ? { location: addressOf(type, subject, exchange.gateway.locate) } : {};
  const [error] = result?.userErrors ?? [];
  const refusal = failure ?? (error && new Failure(isFailureCode(error.code) ? error.code : 'INTERNAL', { detail: error.message }));
  if (refusal) {
    const { status, scimType } = refusal.kind;
    return [{ ...said, ...address, status: String(status), response: scimError(status, refusal.message, scimType) }];
  }
  if (!result) return [];
  return [{ ...said, ...address, ...(result.version !== null && { version: toTag(result.version) }), status: String(STATUSES[method]) }];
}
