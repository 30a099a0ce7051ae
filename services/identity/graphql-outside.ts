/**
 * What the tools' door has around it: every answer carries the request's id, every refusal has GraphQL's form, ids of trusted documents
 * become their texts, and nobody waits longer than an operation may take.
 */
import type Koa from 'koa';
import type { Logger } from 'pino';
import type { Standstill } from '../../process/standstill.js';
import { Failure, toFailure } from '../../schema/failure.js';
import { aboutRequest, logFailure, logRefusal, presentFailure } from './api/answer-errors.js';
import { operationLimits } from './api/operation-limits.js';
import type { TrustedDocuments } from './api/trusted-documents.js';
import { type CurrentRequest, currentRequest } from './domain/current-request.js';
import { type GraphqlRequest, noMetrics } from './metrics.js';

export const GRAPHQL_PATH = '/graphql';

function refuse(ctx: Koa.Context, failure: Failure, request: CurrentRequest): void {
  const { requestId } = request;
  request.code = failure.code;
  const { message, extensions } = presentFailure(failure);
  ctx.status = failure.kind.status;
  if (failure.retryAfter !== undefined) ctx.set('retry-after', String(failure.retryAfter));
  ctx.body = { errors: [{ message, extensions: { ...extensions, requestId } }] };
}

/** For everything below: the id, and GraphQL's form for what is refused before GraphQL is asked. */
export const inGraphqlForm =
  (
    requestIdOf: (ctx: Koa.Context) => string,
    log: Logger,
    observe: (request: GraphqlRequest) => void = noMetrics.observeGraphql,
  ): Koa.Middleware =>
  async (ctx, next) => {
    const started = performance.now();
    const requestId = requestIdOf(ctx);
    ctx.set('x-request-id', requestId);
    const request: CurrentRequest = { requestId, isOver: false, answered: { bytes: 0 } };
    try {
      await currentRequest.run(request, () => next());
    } catch (error) {
      const failure = toFailure(error);
      logFailure(log, failure, aboutRequest(request));
      refuse(ctx, failure, request);
    }
    const { operation = 'unknown', code = 'OK' } = request;
    observe({ operation, outcome: code, seconds: (performance.now() - started) / 1000 });
    logRefusal(log, request.code ?? request.refused, () => aboutRequest(request), started);
  };

/** Refuses what may have waited for too long (process/standstill.ts). */
export const notAfter =
  (standstill: Standstill): Koa.Middleware =>
  (_, next) => {
    if (standstill.isJustOver()) throw new Failure('UNAVAILABLE');
    return next();
  };

/** The document of a request by GET or by POST. */
const documentIn = ({ method, query }: Koa.Context, body: unknown): unknown =>
  method === 'GET' ? query['query'] : (body as { readonly query?: unknown } | undefined)?.query;

/** Opens ids of trusted documents; refuses documents that may not run, and what is too large to be looked at. */
export const withDocuments =
  (documents: TrustedDocuments, onlyTrusted: boolean): Koa.Middleware =>
  async (ctx, next) => {
    const request = ctx.request as { body?: unknown };
    request.body = documents.open(request.body);
    const text = documentIn(ctx, request.body);
    if (typeof text === 'string' && text.length > operationLimits.characters) {
      throw new Failure('BODY_TOO_LARGE', {
        detail: `The document has more than ${operationLimits.characters} characters; put values into variables.`,
      });
    }
    if (onlyTrusted && typeof text === 'string' && !documents.has(text)) throw new Failure('UNTRUSTED_DOCUMENT');
    return next();
  };

const LONG_BODY = 100_000; // bytes
const LONG_MILLISECONDS = operationLimits.longMilliseconds;

/** Whether it is done, well or not, before so many milliseconds have passed. */
async function isDoneWithin(answered: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'late');
  });
  try {
    return (await Promise.race([answered, late])) !== 'late';
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Answers TIMEOUT where the operation is not done in time; what it has begun ends by itself and begins no further statement. A set to write
 * takes its time, whether the request brings it or finds it in the database.
 */
export const withinTime =
  (limit: number = operationLimits.milliseconds): Koa.Middleware =>
  async (ctx, next) => {
    const milliseconds = (ctx.request.length ?? 0) > LONG_BODY ? LONG_MILLISECONDS : limit;
    const answered = next();
    if (await isDoneWithin(answered, milliseconds)) return;
    const request = currentRequest.getStore();
    const isLong = request?.isLong === true && milliseconds < LONG_MILLISECONDS;
    if (isLong && (await isDoneWithin(answered, LONG_MILLISECONDS - milliseconds))) return;
    answered.catch(() => undefined); // nobody waits for it any more
    if (request) request.isOver = true;
    throw new Failure('TIMEOUT', {
      detail: `The operation took longer than ${(isLong ? LONG_MILLISECONDS : milliseconds) / 1000} seconds and was given up; ask for less at once. A write may have been done: look, or send it again with its idempotency key.`,
    });
  };
