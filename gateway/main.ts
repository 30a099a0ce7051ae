/** The facade as a process of its own. */
import '../process/node-version.js';

const { pino } = await import('pino');
const { logDestination } = await import('../process/log-destination.js');
const { withMetrics } = await import('../process/metrics.js');
const { withTracing } = await import('../process/with-tracing.js');
const { orExit, runUntilSignal } = await import('../process/run-until-signal.js');
const { VERSION } = await import('../process/version.js');
const { startGateway } = await import('./app.js');
const { readGatewayConfig } = await import('./config.js');
const { connectCore } = await import('./core-client.js');
const { gatewayMetrics } = await import('./prometheus.js');

const config = orExit(() => readGatewayConfig(process.env, true));
const log = pino({ name: 'gateway', level: config.logLevel ?? 'info' }, logDestination(1, { isGathering: true }));

await runUntilSignal(
  () =>
    withMetrics(config, log, (registry) =>
      withTracing('condeco-gateway', config.traces, log, async (tracing) => {
        const core = connectCore(config.identityUrl, config.facadeSecret);
        const gateway = await startGateway(config, core, log, registry && gatewayMetrics(registry), tracing);
        log.info({ version: VERSION, url: gateway.url, identityUrl: config.identityUrl }, 'listening');
        return { leave: () => gateway.leave(), close: () => gateway.close().then(() => core.close()) };
      }),
    ),
  log,
  config.drainSeconds,
);
