/** The identity core put together: stores, rules, GraphQL, and the doors for tools, for the facade and for health checks. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import Koa from 'koa';
import type { Logger } from 'pino';
import { listen } from '../../process/listen.js';
import { watchStandstill } from '../../process/standstill.js';
import type { Tracing } from '../../process/tracing.js';
import { plainAddress } from '../../wire/address.js';
import { CONVERSATION_PATH } from '../../wire/conversation.js';
import { requestIdFrom } from '../../wire/request-id.js';
import { ANSWER_MILLISECONDS, serverOptions } from '../../wire/server-options.js';
import type { OperationOrigin } from './api/callers.js';
import { makeGraphqlServer } from './api/graphql-server.js';
import { type Operations, prepareOperations } from './api/operations.js';
import { buildIdentitySchema } from './api/schema.js';
import { buildToolsSchema } from './api/subgraph.js';
import { readManifest, trustedDocuments } from './api/trusted-documents.js';
import type { IdentityConfig } from './config.js';
import { bootstrap } from './domain/tenants/bootstrap.js';
import { whileAwaited } from './domain/current-request.js';
import type { Services } from './domain/services.js';
import { graphiql } from './graphiql.js';
import { GRAPHQL_PATH, inGraphqlForm, notAfter, withDocuments, withinTime } from './graphql-outside.js';
import { graphqlDoor } from './graphql-door.js';
import { heldAnswers } from './held-answers.js';
import { type FacadeDoor, facadeDoor } from './facade-door.js';
import { type IdentityMetrics, noMetrics } from './metrics.js';
import { connectServices } from './connect-services.js';
import { tracedOperations, tracedServices, tracedTools } from './tracing.js';
import { toolBodies } from './tool-bodies.js';

/** A running core. */
export interface Identity {
  /** The port for a facade in this process: the same operations as over the network. */
  readonly core: Pick<Operations, 'execute'> & { ready(): Promise<boolean> };
  readonly url: string;
  /** Says from now on that it is not ready. */
  leave(): void;
  close(): Promise<void>;
}

const bearer = (header: string | undefined): string | undefined =>
  header === undefined ? undefined : header.replace(/^bearer +/i, '').trim();

/** The one that came with the request where it can be written to a log, or one of our own. */
const requestIdOf = (ctx: Koa.Context): string => (ctx.state['requestId'] ??= requestIdFrom(ctx.get('x-request-id'))) as string;

function originOf(ctx: Koa.Context): OperationOrigin {
  return {
    token: bearer(ctx.get('authorization') || undefined),
    requestId: requestIdOf(ctx),
    address: plainAddress(ctx.ip),
    userAgent: ctx.get('user-agent') || undefined,
  };
}

/**
 * /livez asks nobody: an outage elsewhere must not get this process killed; nor does /startupz, for there is a port only when the start is
 * complete. /readyz asks the database.
 */
const health =
  (isReady: () => Promise<boolean>): Koa.Middleware =>
  async (ctx, next) => {
    if (!['/livez', '/readyz', '/startupz'].includes(ctx.path)) return next();
    const isWell = ctx.path !== '/readyz' || (await isReady());
    ctx.status = isWell ? 200 : 503;
    ctx.body = { status: isWell ? 'ok' : 'unavailable' };
  };

/** What is no HTTP request any more: the facade's conversations. */
const STRANGERS_TOLD_EVERY_MILLISECONDS = 60_000;

/** Once a minute: who knocks may knock often. */
function tellOfStrangers(log: Logger): (address: string | undefined) => void {
  let nextAt = 0;
  return (address) => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + STRANGERS_TOLD_EVERY_MILLISECONDS;
    log.error({ address: address && plainAddress(address) }, 'a facade was turned away: its FACADE_SECRET is not that of this core');
  };
}

/** Whoever asks for another protocol than WebSocket, as Java does for HTTP/2, is answered in this one. */
const shouldUpgradeCallback = ({ headers }: IncomingMessage): boolean => headers.upgrade?.toLowerCase() === 'websocket';

const takeUpConversations = (server: Server, door: FacadeDoor) =>
  void server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => undefined); // it may be gone before it is answered
    if (request.url?.split('?', 1)[0]?.endsWith(CONVERSATION_PATH)) return door.open(request, socket, head);
    socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });

/** One step around another. */
const around =
  (outer: Koa.Middleware, inner: Koa.Middleware): Koa.Middleware =>
  (ctx, next) =>
    outer(ctx, () => inner(ctx, next) as Promise<unknown>);

function makeApp(
  { trustProxy = false, production }: IdentityConfig,
  services: Services,
  graphql: Koa.Middleware,
  isReady: () => Promise<boolean>,
  log: Logger,
  metrics: IdentityMetrics,
  tracing?: Tracing,
): Koa {
  const app = new Koa({ proxy: trustProxy, maxIpsCount: 1 }); // of a proxy's list its own entry, the right-most, as in the facade
  app.on('error', (error: Error) => log.warn({ err: error }, 'a request was not answered'));
  app.use(async (ctx, next) => {
    ctx.set('cache-control', 'no-store');
    await next();
  });
  app.use(health(isReady));
  if (!production) app.use(graphiql);
  app.use(async (ctx, next) => (ctx.path === GRAPHQL_PATH ? next() : void (ctx.status = 404)));
  if (tracing) app.use(tracedTools(tracing, trustProxy));
  app.use(inGraphqlForm(requestIdOf, log, metrics.observeGraphql));
  app.use(toolBodies(services, originOf));
  app.use(graphql);
  return app;
}

/** On the embedded database there is no other process: nobody can have done anything since. */
export const standstillOf = ({
  database,
  standstillMilliseconds,
}: Pick<IdentityConfig, 'database' | 'standstillMilliseconds'>): number | undefined =>
  database.kind === 'pglite' ? Infinity : standstillMilliseconds;

/**
 * Starts the core: connects, migrates, creates what the configuration asks for, listens. Where it only waits when `ending` is aborted, it
 * fails with its reason.
 */
export async function startIdentity(
  config: IdentityConfig,
  log: Logger,
  metrics: IdentityMetrics = noMetrics,
  tracing?: Tracing,
  ending?: AbortSignal,
): Promise<Identity> {
  const { services: connected, disconnect } = await connectServices(config, log, metrics, ending);
  const services = tracing ? tracedServices(connected, tracing) : connected;
  for (const note of await bootstrap(services, config.bootstrap)) log.warn(note);
  const schema = buildIdentitySchema();
  const prepared = prepareOperations(schema, services, log);
  const operations = metrics.watch(tracing ? tracedOperations(prepared, tracing) : prepared);
  const server = createServer({ ...serverOptions, shouldUpgradeCallback });
  server.setTimeout(ANSWER_MILLISECONDS);
  const apollo = makeGraphqlServer(buildToolsSchema(schema, config.introspection), server, config.introspection, log);
  await apollo.start();
  const toolServices = { ...services, database: whileAwaited(services.database) };
  const answer = graphqlDoor(apollo, toolServices, originOf);
  const standstill = watchStandstill(log, standstillOf(config));
  const inTime = around(notAfter(standstill), withinTime(config.operationMilliseconds));
  const graphql = around(
    heldAnswers(),
    around(inTime, around(withDocuments(trustedDocuments(readManifest()), config.trustedOnly ?? false), answer)),
  );
  let isClosing = false;
  let ping: Promise<boolean> | undefined; // for all who ask meanwhile: whoever asks often makes no more work
  const isThere = () =>
    (ping ??= services.database
      .ping()
      .then(
        () => true,
        () => {
          door.sendAway(); // another core may reach what we do not
          return false;
        },
      )
      .finally(() => {
        ping = undefined;
      }));
  const isReady = async () => !isClosing && isThere();
  const handle = makeApp(config, services, graphql, isReady, log, metrics, tracing).callback();
  server.on('request', (request, response) => void handle(request, response));
  const door = facadeDoor(operations, (token) => services.verifier.verify(token), standstill, {
    secrets: [config.facadeSecret, config.previousFacadeSecret].filter((secret) => secret !== undefined),
    onStranger: tellOfStrangers(log),
  });
  takeUpConversations(server, door);
  const url = await listen(server, config.host, config.port);
  return {
    core: { execute: operations.execute, ready: isReady },
    url,
    leave: () => {
      isClosing = true;
    },
    close: async () => {
      isClosing = true;
      standstill.close();
      await door.close();
      await apollo.stop(); // drains the HTTP server, too
      await disconnect();
    },
  };
}
