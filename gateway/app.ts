/** The facade put together: an HTTP server, Koa in it, and every request run through the steps of its route. */
import { createServer, type Server } from 'node:http';
import Koa, { type Context } from 'koa';
import type { Logger } from 'pino';
import { listen } from '../process/listen.js';
import { watchStandstill } from '../process/standstill.js';
import type { Tracing } from '../process/tracing.js';
import { fullFailure } from '../schema/failure.js';
import { SCIM_BASE_PATH } from '../schema/resources.js';
import { pollLimits } from '../schema/security-events.js';
import { answerRoom } from '../wire/answers.js';
import { bodyRoom } from '../wire/bodies.js';
import { ANSWER_MILLISECONDS, serverOptions } from '../wire/server-options.js';
import { shares } from '../wire/shares.js';
import type { GatewayConfig } from './config.js';
import type { Core } from './core.js';
import type { Gateway } from './exchange.js';
import { exhaustedQuotas } from './exhausted-quotas.js';
import { type GatewayMetrics, methodOf, noMetrics } from './metrics.js';
import { answerBadRequest, lacksHost, refuseExpectation, refuseWithoutHost } from './refused-connection.js';
import { recognizedTokens } from './recognized-tokens.js';
import { refusedRequests } from './refused-requests.js';
import { createRouter, type Match } from './router.js';
import { routes } from './routes.js';
import { serve } from './serve.js';
import { tenantTypesCache } from './tenant-types.js';
import { concurrencyLimit } from './concurrency-limit.js';
import { type Routed, servedAsSpan, tracedCore } from './tracing.js';

export interface RunningGateway {
  /** `http://host:port` as listened on. */
  readonly url: string;
  /** Says from now on that it is not ready. */
  leave(): void;
  /** Takes no new connections, ends the requests under way, then resolves. */
  close(): Promise<void>;
}

const MOST_UNDER_WAY = 1000;
/** Half of them for one tenant: six of the longest bodies at once. */
const MOST_BODY_BYTES = 128 * 1024 * 1024;
/** Half of them for one tenant: two of the longest pages at once, or a thousand usual ones. */
const MOST_ANSWER_BYTES = 256 * 1024 * 1024;
const refuseBody = (full: 'OWN' | 'ALL') =>
  fullFailure(full, 'Too many long requests of this tenant are under way at the same time; send fewer at once.');

/** Starts the facade in front of a core. */
export async function startGateway(
  config: GatewayConfig,
  core: Core,
  log: Logger,
  metrics: GatewayMetrics = noMetrics,
  tracing?: Tracing,
): Promise<RunningGateway> {
  const server = createServer({ ...serverOptions, requireHostHeader: false });
  server.setTimeout(ANSWER_MILLISECONDS);
  const url = await listen(server, config.host, config.port);
  let isDraining = false;
  const base = (config.publicUrl ?? url) + SCIM_BASE_PATH;
  const { mostUnderWay = MOST_UNDER_WAY, trustProxy = false } = config;
  const watched = metrics.watch(core);
  const gateway: Gateway = {
    core: tracing ? tracedCore(watched, tracing) : watched,
    log,
    metrics,
    locate: (path) => base + path,
    isDraining: () => isDraining,
    standstill: watchStandstill(log, config.standstillMilliseconds),
    tenantTypes: tenantTypesCache(),
    recognizedTokens: recognizedTokens(),
    exhaustedQuotas: exhaustedQuotas(),
    refusedRequests: refusedRequests(watched, log),
    concurrencyLimit: concurrencyLimit(mostUnderWay),
    bodyRoom: bodyRoom(config.mostBodyBytes ?? MOST_BODY_BYTES, refuseBody),
    answerRoom: answerRoom(config.mostAnswerBytes ?? MOST_ANSWER_BYTES),
    waitingPolls: shares(Math.ceil(mostUnderWay / 4), pollLimits.receivers),
  };
  const router = createRouter(routes);
  // Behind a proxy its own entry counts, the right-most: what stands to the left of it the client may have made up.
  const app = new Koa({ proxy: trustProxy, maxIpsCount: 1 });
  const answer = (http: Context) => serve(gateway, router, http);
  app.use(tracing ? servedAsSpan(answer, tracing, routedOf, trustProxy) : answer);
  app.on('error', (error: Error, http?: Context) => {
    log.error({ err: error.cause ?? error, requestId: http?.response.get('X-Request-Id') }, 'the answer broke off');
  });
  const handle = app.callback();
  server.on(
    'request',
    (request, response) => void (lacksHost(request) ? refuseWithoutHost(log, request, response) : handle(request, response)),
  );
  server.on('checkExpectation', (request, response) => refuseExpectation(log, request, response));
  server.on('clientError', (error, socket) => answerBadRequest(log, error, socket));
  return {
    url,
    leave: () => {
      isDraining = true;
    },
    close: () => {
      isDraining = true;
      gateway.standstill.close();
      return closeServer(server).then(() => gateway.refusedRequests.close());
    },
  };
}

/** As `serve` has found it. */
function routedOf({ state }: Context): Routed {
  const match = state['match'] as Match;
  return { method: methodOf(match), route: match.path };
}

/** Node looks for idle connections only once; those that end a long answer later would be waited for until they time out. */
const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), 100);
    server.close(() => {
      clearInterval(sweep);
      resolve();
    });
  });
