/** The identity core put together: stores, rules, GraphQL, and the doors for tools, for the facade and for health checks. */
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { koaMiddleware } from '@as-integrations/koa';
import { bodyParser } from '@koa/bodyparser';
import Koa from 'koa';
import type { Logger } from 'pino';
import { limits } from '../../schema/resources.js';
import { CONVERSATION_PATH } from '../../wire/conversation.js';
import { makeGraphqlServer, refusedContext } from './api/graphql-server.js';
import { makeContext, type OperationOrigin, type Operations, prepareOperations } from './api/operations.js';
import { buildIdentitySchema } from './api/schema.js';
import type { IdentityConfig } from './config.js';
import { bootstrap } from './domain/tenants.js';
import type { Services } from './domain/services.js';
import { type FacadeDoor, facadeDoor } from './facade-door.js';
import { connectServices } from './services.js';

/** A running core. */
export interface Identity {
  /** The port for a facade in this process: the same operations as over the network. */
  readonly core: Pick<Operations, 'execute'> & { ready(): Promise<boolean> };
  readonly url: string;
  close(): Promise<void>;
}

const bearer = (header: string | undefined): string | undefined => (header === undefined ? undefined : header.replace(/^bearer +/i, '').trim());

function originOf(ctx: Koa.Context): OperationOrigin {
  return {
    token: bearer(ctx.get('authorization') || undefined),
    requestId: /^[\w.-]{1,64}$/.test(ctx.get('x-request-id')) ? ctx.get('x-request-id') : randomUUID(),
    address: ctx.get('x-forwarded-for') || ctx.req.socket.remoteAddress || '',
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

/** What is no HTTP request any more: the facade's conversations. */
const takeUpConversations = (server: Server, door: FacadeDoor) => void server.on('upgrade', (request, socket, head) => {
  socket.on('error', () => undefined); // it may be gone before it is answered
  if (request.url?.split('?', 1)[0]?.endsWith(CONVERSATION_PATH)) return door.open(request, socket, head);
  socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
});

async function listen(server: Server, { host, port }: IdentityConfig): Promise<string> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const address = server.address() as AddressInfo;
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
}

function makeApp(services: Services, graphql: Koa.Middleware, isReady: () => Promise<boolean>, log: Logger): Koa {
  const app = new Koa();
  app.on('error', (error: Error) => log.warn({ err: error }, 'a request was not answered'));
  app.use(async (ctx, next) => {
    ctx.set('cache-control', 'no-store');
    await next();
  });
  app.use(health(isReady));
  app.use(longBodiesForCallersOnly(services));
  app.use(bodyParser({ enableTypes: ['json'], jsonLimit: limits.groupBodyBytes * 2 }));
  app.use(async (ctx, next) => (ctx.path === '/graphql' ? graphql(ctx, next) : void (ctx.status = 404)));
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
  const apollo = makeGraphqlServer(schema, server, config.introspection, log);
  await apollo.start();
  const graphql = koaMiddleware(apollo, {
    context: ({ ctx }) => makeContext(services, originOf(ctx), (audience) => audience !== 'scim').catch((error) => { throw refusedContext(error); }),
  });
  let isClosing = false;
  const isReady = async () => !isClosing && services.database.ping().then(() => true, () => false);
  const handle = makeApp(services, graphql, isReady, log).callback();
  server.on('request', (request, response) => void handle(request, response));
  const door = facadeDoor(operations, (token) => services.verifier.verify(token));
  takeUpConversations(server, door);
  const url = await listen(server, config);
  return {
    core: { execute: operations.execute, ready: isReady },
    url,
    close: async () => {
      isClosing = true;
      await door.close();
      await apollo.stop(); // drains the HTTP server, too
      await disconnect();
    },
  };
}
