/** The facade's part of a trace: the request, and what is asked of the core for it. */
import type { Context } from 'koa';
import { tellAnswer, tellOutcome, traceContextIn, type Tracing } from '../process/tracing.js';
import { toFailure } from '../schema/failure.js';
import { isOurs, outcomeOf } from '../schema/outcome.js';
import type { Core } from './core.js';

/** The same core, told which span its own are parts of. */
export const tracedCore = (core: Core, tracing: Tracing): Core => ({
  ...core,
  execute: (operation, variables, origin) =>
    tracing.span(operation, { kind: 'client', attributes: { 'rpc.method': operation } }, async (span) => {
      try {
        const answer = await core.execute(operation, variables, { ...origin, ...tracing.context() });
        const outcome = outcomeOf(answer);
        tellOutcome(span, outcome, isOurs(outcome));
        return answer;
      } catch (error) {
        span.set({ 'condeco.outcome': toFailure(error).code });
        throw error;
      }
    }),
});

type Serve = (http: Context) => Promise<void>;

/** What the table of routes calls the request; methods that no route has are one. */
export interface Routed {
  readonly method: string;
  readonly route: string;
}

/**
 * Serves requests as spans. A caller's own trace is gone on with only where a proxy of ours stands in front: from outside, anybody could
 * say that everything is to be recorded. Never the path or the query, which hold people's data.
 */
export const servedAsSpan =
  (serve: Serve, tracing: Tracing, routedOf: (http: Context) => Routed, isProxied: boolean): Serve =>
  (http) =>
    tracing.span(http.method, { kind: 'server', parent: traceContextIn(http.req.headers, isProxied) }, async (span) => {
      await serve(http);
      const { method, route } = routedOf(http);
      span.rename(`${method} ${route}`);
      span.set({ 'http.request.method': method, 'http.route': route });
      tellAnswer(span, http.status, http.response.get('X-Request-Id'));
    });
