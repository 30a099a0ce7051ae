/** The facade as a process of its own. */
import '../process/node-version.js';

const { pino } = await import('pino');
const { withMetrics } = await import('../process/metrics.js');
const { withTracing } = await import('../process/with-tracing.js');
const { orExit, runUntilSignal } = await import('../process/run-until-signal.js');
const { startGateway } = await import('./app.js');
const { readGatewayConfig } = await import('./config.js');
const { connectCore } = await import('./core-client.js');
const { gatewayMetrics } = await import('./prometheus.js');

/** Lines are gathered for a moment: to write each by itself costs a request a tenth of its time. What is left is written at the end, come what may. */
const GATHERED = { sync: false, minLength: 16_000, periodicFlush: 200 };

const config = orExit(() => readGatewayConfig(process.env, true));
const log = pino({ name: 'gateway', level: config.logLevel ?? 'info' }, pino.destination(GATHERED));

await runUntilSignal(() => withMetrics(config, log, (registry) => withTracing('condeco-gateway', config.traces, log, async (tracing) => {
  const core = connectCore(config.identityUrl, config.facadeSecret);
  const gateway = await startGateway(config, core, log, registry && gatewayMetrics(registry), tracing);
  log.info({ url: gateway.url, identityUrl: config.identityUrl }, 'listening');
  return { close: () => gateway.close().then(() => core.close()) };
})), log);
