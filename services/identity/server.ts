/** The identity core put together: stores, rules, GraphQL, and the doors for tools, for the facade and for health checks. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { koaMiddleware } from '@as-integrations/koa';
import { bodyParser } from '@koa/bodyparser';
import Koa from 'koa';
import type { Logger } from 'pino';
import { limits } from '../../schema/resources.js';
import { makeGraphqlServer, refusedContext } from './api/graphql-server.js';
import { makeContext, type OperationOrigin, type Operations, prepareOperations } from './api/operations.js';
import { buildIdentitySchema } from './api/schema.js';
import { buildToolsSchema } from './api/subgraph.js';
import { readManifest, trustedDocuments } from './api/trusted-documents.js';
import type { IdentityConfig } from './config.js';
import { bootstrap } from './domain/tenants.js';
import { whileAwaited } from './domain/current-request.js';
import type { Services } from './domain/services.js';
import { graphiql } from './graphiql.js';
import { GRAPHQL_PATH, inGraphqlForm, withDocuments, withinTime } from './graphql-outside.js';
import { connectServices } from './services.js';

/** A running core. */
export interface Identity {
  /** The port for a facade in this process: the same operations as over HTTP. */
  readonly core: Pick<Operations, 'execute'> & { ready(): Promise<boolean> };
  readonly url: string;
  close(): Promise<void>;
}

const bearer = (header: string | undefined): string | undefined => (header === undefined ? undefined : header.replace(/^bearer +/i, '').trim());

/** The names in a header; undefined where it is absent. */
const namesIn = (header: string): string[] | undefined => (header === '' ? undefined : header.split(',').map((name) => name.trim()));

/** The one that came with the request where it can be written to a log, or one of our own. */
const requestIdOf = (ctx: Koa.Context): string =>
  (ctx.state['requestId'] ??= /^[\w.-]{1,64}$/.test(ctx.get('x-request-id')) ? ctx.get('x-request-id') : randomUUID()) as string;

function originOf(ctx: Koa.Context): OperationOrigin {
  return {
    token: bearer(ctx.get('authorization') || undefined),
    requestId: requestIdOf(ctx),
    address: ctx.get('x-forwarded-for') || ctx.req.socket.remoteAddress || '',
    client: ctx.get('x-scim-client') || undefined,
    habits: namesIn(ctx.get('x-scim-habits')),
    schemaVersion: Number(ctx.get('x-schema-version')) || 0,
  };
}

/** /livez asks nobody: an outage elsewhere must not get this process killed. /readyz asks the database. */
const health = (isReady: () => Promise<boolean>): Koa.Middleware => async (ctx, next) => {
  if (ctx.path !== '/livez' && ctx.path !== '/readyz') return next();
  const isWell = ctx.path === '/livez' || await isReady();
  ctx.status = isWell ? 200 : 503;
  ctx.body = { status: isWell ? 'ok' : 'unavailable' };
};

/** A stranger may make us keep a small body only. */
const longBodiesForCallersOnly = (services: Services): Koa.Middleware => async (ctx, next) => {
  const isLong = ctx.req.headers['transfer-encoding'] !== undefined || (ctx.request.length ?? 0) > limits.bodyBytes;
  const { token } = isLong ? originOf(ctx) : {};
  if (isLong && !(token !== undefined && await services.verifier.verify(token).catch(() => undefined))) return void (ctx.status = 401);
  return next();
};

const OPERATION_PATH = '/operations/';

/** POST /operations/{name}: what the facade sends. */
const facadeDoor = (operations: Operations): Koa.Middleware => async (ctx, next) => {
  const name = ctx.path.startsWith(OPERATION_PATH) ? ctx.path.slice(OPERATION_PATH.length) : undefined;
  if (name === undefined) return next();
  if (ctx.method !== 'POST' || !operations.has(name)) return void (ctx.status = 404);
  const { variables = {} } = ctx.request.body as { variables?: Record<string, unknown> };
  ctx.body = await operations.execute(name, variables, originOf(ctx));
};

/** One step around another. */
const around = (outer: Koa.Middleware, inner: Koa.Middleware): Koa.Middleware => (ctx, next) => outer(ctx, () => inner(ctx, next) as Promise<unknown>);

async function listen(server: Server, { host, port }: IdentityConfig): Promise<string> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const address = server.address() as AddressInfo;
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

function makeApp(services: Services, operations: Operations, graphql: Koa.Middleware, isReady: () => Promise<boolean>, log: Logger, page?: Koa.Middleware): Koa {
  const app = new Koa();
  app.on('error', (error: Error) => log.warn({ err: error }, 'a request was not answered'));
  app.use(async (ctx, next) => {
    ctx.set('cache-control', 'no-store');
    await next();
  });
  app.use(health(isReady));
  if (page) app.use(page);
  app.use(inGraphqlForm(requestIdOf, log));
  app.use(longBodiesForCallersOnly(services));
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: limits.groupBodyBytes * 2 }));
  app.use(facadeDoor(operations));
  app.use(async (ctx, next) => (ctx.path === GRAPHQL_PATH ? graphql(ctx, next) : void (ctx.status = 404)));
  return app;
}

/** Starts the core: connects, migrates, creates what the configuration asks for, listens. */
export async function startIdentity(config: IdentityConfig, log: Logger): Promise<Identity> {
  const { services, disconnect } = await connectServices(config, log);
  await bootstrap(services, config.bootstrap);
  const schema = buildIdentitySchema();
  const operations = prepareOperations(schema, services, log);
  const server = createServer();
  server.keepAliveTimeout = 65_000; // longer than any client's, so that it is never us who close under a request
  const apollo = makeGraphqlServer(buildToolsSchema(schema, config.introspection), server, config.introspection, log);
  await apollo.start();
  const toolServices = { ...services, database: whileAwaited(services.database) };
  const answer = koaMiddleware(apollo, {
    context: ({ ctx }) => makeContext(toolServices, originOf(ctx), (audience) => audience !== 'scim').catch((error) => { throw refusedContext(error); }),
  });
  const graphql = around(withinTime(config.operationMilliseconds), around(withDocuments(trustedDocuments(readManifest()), config.trustedOnly ?? false), answer));
  let isClosing = false;
  const isReady = async () => !isClosing && services.database.ping().then(() => true, () => false);
  const handle = makeApp(services, operations, graphql, isReady, log, config.production ? undefined : graphiql).callback();
  server.on('request', (request, response) => void handle(request, response));
  const url = await listen(server, config);
  return {
    core: { execute: operations.execute, ready: isReady },
    url,
    close: async () => {
      isClosing = true;
      await apollo.stop(); // drains the HTTP server, too
      await disconnect();
    },
  };
}
