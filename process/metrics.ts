/**
 * What a process tells Prometheus: a registry of its own, and the port where it is read. That is never a public one: the figures tell of
 * the traffic of all tenants, and who may read them is said by who reaches the port.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { listen } from './listen.js';
import { type Running, thenClosing } from './run-until-signal.js';
import { VERSION } from './version.js';

/** Where metrics are told; without a port they are not even counted. */
export interface MetricsAddress {
  readonly host: string;
  readonly metricsPort?: number | undefined;
}

const METRICS_PATH = '/metrics';

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 }).end();
}

function makeServer(registry: Registry, log: Logger): Server {
  return createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, ({ method, url = '' }, response) => {
    if (method !== 'GET' || url.split('?', 1)[0] !== METRICS_PATH) return refuse(response, 404);
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' }).end(text),
      (error: unknown) => {
        log.warn({ err: error }, 'the metrics could not be told');
        refuse(response, 500);
      },
    );
  });
}

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** As Prometheus has it: a figure that is always 1, for what its label says. */
function tellVersion(registry: Registry): void {
  new Gauge({ name: 'condeco_identity_build_info', help: 'The release', labelNames: ['version'], registers: [registry] }).set(
    { version: VERSION },
    1,
  );
}

/**
 * Starts a program, and beside it, where it has a port for them, its metrics: there from before the program has started until after it has
 * ended.
 */
export async function withMetrics(
  { host, metricsPort }: MetricsAddress,
  log: Logger,
  start: (registry?: Registry) => Promise<Running>,
): Promise<Running> {
  if (metricsPort === undefined) return start();
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  tellVersion(registry);
  const server = makeServer(registry, log);
  const url = await listen(server, host, metricsPort);
  log.info({ url: url + METRICS_PATH }, 'metrics are told');
  return thenClosing(await start(registry), () => closeServer(server));
}
