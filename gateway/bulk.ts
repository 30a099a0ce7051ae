/** Many writes in one request (RFC 7644, section 3.7): one operation of the core, one answer for each of them. */
import type { Json, JsonObject } from '../schema/change.js';
import { Failure, isFailureCode } from '../schema/failure.js';
import { messages } from '../schema/resources.js';
import { sendJson } from './answers.js';
import type { BulkExchange } from './exchange.js';
import { scimError } from './failures.js';
import { isRehearsal, performWrite, sendPlan } from './write-options.js';
import type { PayloadOf } from './operations.js';
import type { RefusedPart } from './refused-requests.js';
import { type BulkOperation, readBulk } from './scim/bulk.js';
import { isObject, memberOf, textOf } from './scim/dialects.js';
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
  const { operations, failOnErrors } = exchange.bulk;
  const type = operations.find(({ input }) => input)?.input!['type'] ?? 'USER';
  const input = {
    operations: operations.map((operation) => operation.input ?? refusedInput(type, operation)),
    ...(failOnErrors !== undefined && { failOnErrors }),
  };
  const { results } = await performWrite(exchange, 'Bulk', input, {});
  const body = { Operations: results!.map((result) => answerTo(exchange, operations[result.place]!, result)) };
  exchange.http.res.once('close', () => noteRefused(exchange, results!));
  if (isRehearsal(exchange)) sendPlan(exchange, 200, body);
  else sendJson(exchange, 200, { schemas: [messages.bulkResponse], ...body });
}

/**
 * What was refused here, as the core refuses it, too: a deletion of nothing. So it counts where it stands, against `failOnErrors`, and
 * whoever refers to it is told that it was refused. Its type, which says who may send it, is that of another one.
 */
const refusedInput = (type: Json, { bulkId }: BulkOperation): JsonObject => ({ method: 'DELETE', type, bulkId: bulkId ?? null });

/** Why an operation was refused, here or by the core. */
function failureOf({ failure }: BulkOperation, { userErrors: [error] }: CoreResult): Failure | undefined {
  return failure ?? (error && new Failure(isFailureCode(error.code) ? error.code : 'INTERNAL', { detail: error.message }));
}

/** For support, each like a request of its own. */
function noteRefused(exchange: BulkExchange, results: readonly CoreResult[]): void {
  const sent = memberOf(exchange.body, 'Operations') as readonly Json[];
  for (const result of results) {
    const operation = exchange.bulk.operations[result.place]!;
    const failure = failureOf(operation, result);
    if (failure) exchange.gateway.refusedRequests.note(exchange, failure, partOf(exchange, operation, sent[result.place]!));
  }
}

/** What names no values has none that could be masked. */
function partOf({ path }: BulkExchange, { method }: BulkOperation, sent: Json): RefusedPart {
  if (!isObject(sent)) return { method, path, body: undefined };
  const data = memberOf(sent, 'data');
  return { method, path: `${path} → ${textOf(memberOf(sent, 'path') ?? null) ?? ''}`, body: isObject(data) ? data : undefined };
}

function answerTo(exchange: BulkExchange, operation: BulkOperation, result: CoreResult): JsonObject {
  const { method, bulkId, type, id, failure } = operation;
  const said = { method, ...(bulkId !== undefined && { bulkId }) };
  const subject = failure ? id : result.id;
  // RFC 7644, section 3.7: in every answer but that to a POST which was refused.
  const address: JsonObject = subject && type ? { location: addressOf(type, subject, exchange.gateway.locate) } : {};
  const refusal = failureOf(operation, result);
  if (refusal) {
    const { status, scimType } = refusal.kind;
    return { ...said, ...address, status: String(status), response: scimError(status, refusal.message, scimType) };
  }
  return { ...said, ...address, ...(result.version !== null && { version: toTag(result.version) }), status: String(STATUSES[method]) };
}
