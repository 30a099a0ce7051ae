/** The core's part of a trace: operations of facades, requests of tools, and the statements of both. */
import type Koa from 'koa';
import { tellAnswer, tellOutcome, traceContextIn, type Tracing } from '../../process/tracing.js';
import { isOurs, outcomeOf } from '../../schema/outcome.js';
import type { Operations } from './api/operations.js';
import { GRAPHQL_PATH } from './graphql-outside.js';
import type { Observe } from './store/connection/observed.js';

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

/** Answers requests of tools as spans; of a trace of the tool's own only where a proxy of ours stands in front. Documents and variables are not told. */
export const tracedTools = (tracing: Tracing, isProxied: boolean): Koa.Middleware => (ctx, next) => {
  return tracing.span(`POST ${GRAPHQL_PATH}`, { kind: 'server', parent: traceContextIn(ctx.req.headers, isProxied), attributes: { 'http.route': GRAPHQL_PATH } }, async (span) => {
    await next();
    tellAnswer(span, ctx.status, ctx.response.get('x-request-id'));
  });
};

const LONGEST_TEXT = 2000;

/** Statements and transactions as spans. The text of a statement holds no values: those are its parameters. */
export const tracedStatements = (tracing: Tracing): Observe => (name, text, work) => tracing.span(name, { kind: 'client', attributes: { 'db.system.name': 'postgresql' } }, (span) => {
  if (text && span.isRecorded) span.set({ 'db.query.text': text().replace(/\s+/g, ' ').slice(0, LONGEST_TEXT) });
  return work();
});
