/** The API's border: what goes out of an error is a code of the table and its public sentence; the rest stays in the log. */
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import type { Logger } from 'pino';
import { type Failure, toFailure } from '../../../schema/failure.js';
import type { Caller } from '../domain/caller.js';
import type { CurrentRequest } from '../domain/current-request.js';

/** The error as it leaves: message, code, and where it helps the field at fault and the seconds to wait. */
export function presentFailure(failure: Failure): GraphQLFormattedError {
  const { code, field, retryAfter } = failure;
  return {
    message: failure.message,
    extensions: { code, ...(field !== undefined && { field }), ...(retryAfter !== undefined && { retryAfter }) },
  };
}

/** What a line of the log tells of a request: whose it is and what it asks for, and nothing that the caller has sent. */
export interface About {
  readonly requestId: string;
  readonly tenant?: string | undefined;
  /** The token's id. */
  readonly token?: string | undefined;
  readonly operation?: string | undefined;
  readonly fields?: readonly string[] | undefined;
}

export const aboutCaller = (caller: Pick<Caller, 'tenantId' | 'tokenId'> | undefined): Pick<About, 'tenant' | 'token'> => ({
  tenant: caller?.tenantId,
  token: caller?.tokenId,
});

/** Of a tool's request. */
export const aboutRequest = ({ requestId, caller, operation, fields }: CurrentRequest): About => ({
  requestId,
  ...aboutCaller(caller),
  operation,
  fields,
});

/** Outages and faults of ours, each with its cause. */
export function logFailure(log: Logger, failure: Failure, about: About): void {
  const { code, cause } = failure;
  if (code === 'INTERNAL') log.error({ ...about, code, err: cause ?? failure }, 'a request failed on a fault of ours');
  else if (code === 'UNAVAILABLE') log.warn({ ...about, code, err: cause }, 'a request failed because a dependency is away');
}

/** One line for a request that was refused, when it is over; none where it was done, or where `logFailure` has told it. */
export function logRefusal(log: Logger, code: string | undefined, about: () => About, started: number): void {
  if (code === undefined || code === 'OK' || code === 'INTERNAL' || code === 'UNAVAILABLE') return;
  log.info({ ...about(), code, duration: Math.round(performance.now() - started) }, 'a request was refused');
}

/**
 * Whether graphql-js says this of what the caller has written: it points to a value in the document, as to a variable that is null where an
 * argument takes none. What it says of our own values (a number that is none, a type that nobody knows) points nowhere, or to the field
 * that answered them.
 */
export const isOfDocument = (error: unknown): boolean =>
  error instanceof GraphQLError &&
  !error.originalError &&
  error.nodes !== undefined &&
  error.nodes.length > 0 &&
  error.nodes.every(({ kind }) => kind !== Kind.FIELD);

/**
 * What was thrown inside a resolver, or is wrong with what one answered; undefined where GraphQL itself refused the request: of variables
 * it says so before there is a path.
 */
export function thrownInside(error: unknown): Failure | undefined {
  if (!(error instanceof GraphQLError)) return toFailure(error);
  const { originalError, path } = error;
  const own = originalError instanceof GraphQLError && !originalError.originalError ? originalError : undefined;
  if (!originalError || (own && (!path || isOfDocument(own)))) return undefined;
  return toFailure(originalError instanceof GraphQLError ? (originalError.originalError ?? originalError) : originalError);
}

/** A failure before anything is executed (a bad token, no database, too much asked) in the form Apollo answers with a status. */
export function refusal(error: unknown): GraphQLError {
  const failure = toFailure(error);
  const { message, extensions } = presentFailure(failure);
  const headers = new Map(failure.retryAfter === undefined ? [] : [['retry-after', String(failure.retryAfter)]]);
  return new GraphQLError(message, {
    originalError: failure,
    extensions: { ...extensions, http: { status: failure.kind.status, headers } },
  });
}
