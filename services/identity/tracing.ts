/**
 * The core's part of a trace: operations of facades, requests of tools, and what both take their time for: whose the token is, the wait for
 * their turn, statements.
 */
import type Koa from 'koa';
import { tellAnswer, tellOutcome, traceContextIn, type Tracing } from '../../process/tracing.js';
import { toFailure } from '../../schema/failure.js';
import { isOurs, outcomeOf } from '../../schema/outcome.js';
import type { Operations } from './api/operations.js';
import type { Services } from './domain/services.js';
import { GRAPHQL_PATH } from './graphql-outside.js';
import { type Observe, observedDatabase } from './store/connection/observed.js';

/** The same operations, as spans of the traces of facades. */
export const tracedOperations = (operations: Operations, tracing: Tracing): Operations => ({
  ...operations,
  execute: (name, variables, origin) => {
    const known = operations.has(name) ? name : 'unknown';
    const attributes = { 'rpc.method': known, 'condeco.request_id': origin.requestId };
    return tracing.span(known, { kind: 'server', parent: origin, attributes }, async (span) => {
      const answer = await operations.execute(name, variables, origin);
      const outcome = outcomeOf(answer);
      tellOutcome(span, outcome, isOurs(outcome));
      return answer;
    });
  },
});

/**
 * Answers requests of tools as spans; of a trace of the tool's own only where a proxy of ours stands in front. Documents and variables are
 * not told.
 */
export const tracedTools =
  (tracing: Tracing, isProxied: boolean): Koa.Middleware =>
  (ctx, next) => {
    return tracing.span(
      `POST ${GRAPHQL_PATH}`,
      { kind: 'server', parent: traceContextIn(ctx.req.headers, isProxied), attributes: { 'http.route': GRAPHQL_PATH } },
      async (span) => {
        await next();
        tellAnswer(span, ctx.status, ctx.response.get('x-request-id'));
      },
    );
  };

const LONGEST_TEXT = 2000;

/** Statements and transactions as spans. The text of a statement holds no values: those are its parameters. */
const tracedStatements =
  (tracing: Tracing): Observe =>
  (name, text, work) =>
    tracing.span(name, { kind: 'client', attributes: { 'db.system.name': 'postgresql' } }, (span) => {
      if (text && span.isRecorded) span.set({ 'db.query.text': text().replace(/\s+/g, ' ').slice(0, LONGEST_TEXT) });
      return work();
    });

/** Does the work as a span. What it is refused by the caller's fault is no fault of the span's. */
async function waited<Result>(tracing: Tracing, name: 'token' | 'turn', work: () => Promise<Result>): Promise<Result> {
  const settled = await tracing.span(name, { kind: 'internal' }, async (span) => {
    const [ended] = await Promise.allSettled([work()]);
    if (ended.status === 'rejected') {
      const { code } = toFailure(ended.reason);
      tellOutcome(span, code, isOurs(code));
    }
    return ended;
  });
  if (settled.status === 'rejected') throw settled.reason;
  return settled.value;
}

/**
 * The same services, with spans for what a request waits for. Of those that ask about one token at the same moment the first has the
 * statement in its trace.
 */
export function tracedServices(services: Services, tracing: Tracing): Services {
  const { verifier, admission } = services;
  return {
    ...services,
    database: observedDatabase(services.database, tracedStatements(tracing)),
    verifier: { verify: (token) => waited(tracing, 'token', () => verifier.verify(token)) },
    admission: {
      ...admission,
      enter: (caller, address, units) => waited(tracing, 'turn', () => admission.enter(caller, address, units)),
      enterFurther: (caller, units) => waited(tracing, 'turn', () => admission.enterFurther(caller, units)),
    },
  };
}
