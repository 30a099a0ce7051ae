/** One operation of the core asked, its GraphQL answer opened: data, or the failure it tells. */
import { Failure, isFailureCode } from '../schema/failure.js';
import type { DataOf, GraphQLAnswer, OperationName, Origin, VariablesOf } from './core.js';
import { type Quota, quotaHeaders } from '../schema/quota.js';
import type { Exchange, ListExchange, ResourceExchange } from './exchange.js';
import { clientOf, habitsOf, type Observed } from './scim/habits.js';
import { soleOf } from './scim/query.js';

/** The mutations: each answers a payload called `result`. */
export type MutationName = { [Name in OperationName]: DataOf<Name> extends { readonly result: unknown } ? Name : never }[OperationName];
export type PayloadOf<Name extends MutationName> = DataOf<Name>['result'];

/** Asks the core on behalf of the caller. Its data have the shape that the operation's document in `schema/operations` selects. */
export async function ask<Name extends OperationName>(
  exchange: Exchange,
  operation: Name,
  variables: VariablesOf<Name>,
): Promise<DataOf<Name>> {
  exchange.isAnswered = true;
  const { data, errors, extensions } = await exchange.gateway.core.execute(operation, variables, originOf(exchange));
  exchange.tenant ??= extensions?.tenant;
  if (extensions?.quota && !exchange.http.headerSent) exchange.http.set(quotaHeaders(extensions.quota));
  const [error] = errors ?? [];
  if (error) throw noted(exchange, failureOf(error), extensions?.quota);
  if (typeof data !== 'object' || data === null) throw unknownAnswer(`${operation} was answered with neither data nor errors`);
  return data as DataOf<Name>;
}

/** Where the operation comes from. One request may be several operations: they tell a habit once, as soon as it is seen. */
function originOf(exchange: Exchange): Origin {
  const {
    http: { req },
    toldHabits,
    types: { version },
  } = exchange;
  const origin = version === 0 ? exchange.origin : { ...exchange.origin, schemaVersion: version };
  const observed = observedOf(exchange);
  const habits = observed ? habitsOf(observed).filter((habit) => !toldHabits.has(habit)) : [];
  if (habits.length === 0) return origin;
  for (const habit of habits) toldHabits.add(habit);
  return { ...origin, client: clientOf(req.headers['user-agent']), habits };
}

/** What of the request shows habits: all that is about one type. The body of a query is no resource. */
function observedOf({
  http: { method },
  query,
  body,
  type,
  listed = [],
}: Exchange & Partial<ResourceExchange & ListExchange>): Observed | undefined {
  if (type) return { method, query, body, type };
  const sole = soleOf(listed);
  return sole && { method, query, body: {}, type: sole };
}

/** Asks for a mutation and answers its payload; the errors a caller can mend are thrown, all their sentences in one. */
export async function mutate<Name extends MutationName>(
  exchange: Exchange,
  operation: Name,
  variables: VariablesOf<Name>,
): Promise<PayloadOf<Name>> {
  const { result } = await ask(exchange, operation, variables);
  const [first] = result.userErrors;
  if (!first) return result;
  const detail = [...new Set(result.userErrors.map(({ message }) => message))].join(' ');
  throw isFailureCode(first.code) ? new Failure(first.code, { detail }) : unknownCode(first.code, detail);
}

/** Makes sure that the core accepts the caller and has counted the request, before anything is shown that we say ourselves. */
export async function authenticate(exchange: Exchange): Promise<void> {
  if (!exchange.isAnswered) await ask(exchange, 'Authenticate', {});
}

/** Makes sure that the core accepts the caller, before a long body is read; the request is not counted by this. */
export async function recognize(exchange: Exchange): Promise<void> {
  if (exchange.isAnswered) return;
  holdAs(exchange, await tenantIdOf(exchange));
  exchange.isAnswered = false;
}

/** Learns whose the token is: what many share is shared by tenants. The core is asked only where it has not said so with an answer. */
export async function learnTenant(exchange: Exchange): Promise<void> {
  holdAs(exchange, exchange.tenant ?? (await tenantIdOf(exchange)));
}

const tenantIdOf = async (exchange: Exchange): Promise<string> => (await ask(exchange, 'Recognize', {})).caller.tenant.id;

function holdAs(exchange: Exchange, tenantId: string): void {
  exchange.gateway.recognizedTokens.note(exchange.origin.token, tenantId);
  exchange.holder = tenantId;
}

function failureOf({ message, extensions = {} }: NonNullable<GraphQLAnswer['errors']>[number]): Failure {
  const { code, retryAfter } = extensions;
  if (!isFailureCode(code)) return unknownCode(code, message);
  return new Failure(code, { detail: message, retryAfter: typeof retryAfter === 'number' ? retryAfter : undefined });
}

function noted({ gateway, origin }: Exchange, failure: Failure, quota: Quota | undefined): Failure {
  gateway.exhaustedQuotas.note(origin.token, failure, quota);
  return failure;
}

/** What the core has not agreed to make public stays inside. */
const unknownCode = (code: unknown, message: string): Failure =>
  unknownAnswer(`the core told an unknown code ${JSON.stringify(code)}: ${message}`);

const unknownAnswer = (message: string): Failure => new Failure('INTERNAL', { cause: new Error(message) });
