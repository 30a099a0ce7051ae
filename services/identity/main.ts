/** The identity core as a process of its own. */
import '../../process/node-version.js';

const { pino } = await import('pino');
const { logDestination } = await import('../../process/log-destination.js');
const { withMetrics } = await import('../../process/metrics.js');
const { withTracing } = await import('../../process/with-tracing.js');
const { orExit, runUntilSignal } = await import('../../process/run-until-signal.js');
const { VERSION } = await import('../../process/version.js');
const { readIdentityConfig } = await import('./config.js');
const { identityMetrics } = await import('./prometheus.js');
const { startIdentity } = await import('./server.js');

const config = orExit(() => readIdentityConfig(process.env, true));
const log = pino({ level: config.logLevel ?? 'info' }, logDestination(1, { isGathering: true }));

await runUntilSignal(
  (ending) =>
    withMetrics(config, log, (registry) =>
      withTracing('condeco-core', config.traces, log, async (tracing) => {
        const identity = await startIdentity(config, log, registry && identityMetrics(registry), tracing, ending);
        log.info({ version: VERSION, url: identity.url }, 'the identity core is ready');
        return identity;
      }),
    ),
  log,
  config.drainSeconds,
);
