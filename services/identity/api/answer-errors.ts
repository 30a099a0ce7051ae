/** The API's border: what goes out of an error is a code of the table and its public sentence; the rest stays in the log. */
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { type Failure, toFailure } from '../../../schema/failure.js';

/** The error as it leaves: message, code, and where it helps the field at fault and the seconds to wait. */
export function presentFailure(failure: Failure): GraphQLFormattedError {
  const { code, field, retryAfter } = failure;
  return { message: failure.message, extensions: { code, ...(field !== undefined && { field }), ...(retryAfter !== undefined && { retryAfter }) } };
}

/** Only our own outages and faults are worth a line; a caller's mistake is not. */
export function logFailure(log: Logger, failure: Failure, requestId: string): void {
  if (failure.code === 'INTERNAL') log.error({ requestId, err: failure.cause ?? failure }, 'a request failed on a fault of ours');
  else if (failure.code === 'UNAVAILABLE') log.warn({ requestId, err: failure.cause }, 'a request failed because a dependency is away');
}

/** What was thrown inside a resolver; undefined where GraphQL itself refused the request. */
export function thrownInside(error: unknown): Failure | undefined {
  if (!(error instanceof GraphQLError)) return toFailure(error);
  return error.originalError && !(error.originalError instanceof GraphQLError) ? toFailure(error.originalError) : undefined;
}

/** A failure before anything is executed (a bad token, no database, too much asked) in the form Apollo answers with a status. */
export function refusal(error: unknown): GraphQLError {
  const failure = toFailure(error);
  const { message, extensions } = presentFailure(failure);
  const headers = new Map(failure.retryAfter === undefined ? [] : [['retry-after', String(failure.retryAfter)]]);
  return new GraphQLError(message, { originalError: failure, extensions: { ...extensions, http: { status: failure.kind.status, headers } } });
}
