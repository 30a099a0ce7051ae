/** How a write is done, and how its answer says so: once under a key, or as a rehearsal that changes nothing. */
import type { JsonObject } from '../schema/change.js';
import { sendJson } from './answers.js';
import type { WriteExchange } from './exchange.js';
import { mutate } from './operations.js';
import type { OperationName } from './core.js';
import { type PlannedChange, presentPlan } from './scim/plan.js';
import { DRY_RUN, readManner } from './scim/preferences.js';

/** What every write's payload says beside its own. */
export interface Performed {
  readonly replayed: boolean;
  readonly changes: readonly PlannedChange[] | null;
}

export function readHowToWrite(exchange: WriteExchange): void {
  const { prefer, 'idempotency-key': key } = exchange.http.req.headers;
  exchange.manner = readManner(prefer, key);
}

/** Asks for a write in the manner that the client wants, and notes what there is to say about it. */
export async function performWrite<Payload>(exchange: WriteExchange, operation: OperationName, input: object, variables: object = {}): Promise<Payload & Performed> {
  const performed = await mutate<Payload & Performed>(exchange, operation, { ...variables, input: { ...input, ...exchange.manner } });
  exchange.plan = performed.changes ?? undefined;
  if (performed.replayed) exchange.http.set('Idempotency-Replayed', 'true');
  if (exchange.manner.dryRun) exchange.http.set('Preference-Applied', DRY_RUN);
  return performed;
}

/** Whether this was a rehearsal: then what would change is the answer, beside what the answer would have been. */
export const isRehearsal = ({ manner }: WriteExchange): boolean => manner.dryRun === true;

/** The answer to a rehearsal; `status` is the one that the write would have. */
export function sendPlan(exchange: WriteExchange, status: number, more: JsonObject = {}): void {
  sendJson(exchange, 200, presentPlan(status, exchange.plan ?? [], more));
}
