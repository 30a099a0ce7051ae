/** How a write is done, and how its answer says so: once under a key, or as a rehearsal that changes nothing. */
import type { JsonObject } from '../schema/change.js';
import { sendJson } from './answers.js';
import type { WriteExchange } from './exchange.js';
import type { VariablesOf } from './core.js';
import { mutate, type MutationName, type PayloadOf } from './operations.js';
import { presentPlan } from './scim/dry-run-answer.js';
import { DRY_RUN, readWriteOptions } from './scim/preferences.js';

/** The mutations of users and groups: each says how it was done. */
export type WriteName = { [Name in MutationName]: PayloadOf<Name> extends { readonly replayed: unknown } ? Name : never }[MutationName];
/** What a write takes beside its input. */
export type Beside<Name extends WriteName> = Omit<VariablesOf<Name>, 'input'>;

export function readHowToWrite(exchange: WriteExchange): void {
  const { prefer, 'idempotency-key': key } = exchange.http.req.headers;
  exchange.writeOptions = readWriteOptions(prefer, key);
}

/**
 * Asks for a write with the options that the client wants, and notes what there is to say about it. The input is what SCIM's reader made;
 * the core checks it.
 */
export async function performWrite<Name extends WriteName>(
  exchange: WriteExchange,
  operation: Name,
  input: object,
  beside: Beside<Name>,
): Promise<PayloadOf<Name>> {
  const variables = { ...beside, input: { ...input, ...exchange.writeOptions } } as VariablesOf<Name>;
  const performed = await mutate(exchange, operation, variables);
  exchange.plan = performed.changes ?? undefined;
  if (performed.replayed) exchange.http.set('Idempotency-Replayed', 'true');
  if (exchange.writeOptions.dryRun) exchange.http.set('Preference-Applied', DRY_RUN);
  return performed;
}

/** Whether this was a rehearsal: then what would change is the answer, beside what the answer would have been. */
export const isRehearsal = ({ writeOptions }: WriteExchange): boolean => writeOptions.dryRun === true;

/** The answer to a rehearsal; `status` is the one that the write would have. */
export function sendPlan(exchange: WriteExchange, status: number, more: JsonObject = {}): void {
  sendJson(exchange, 200, presentPlan(status, exchange.plan ?? [], more));
}
