/** The single-machine default: the core and the facade in one process, on the embedded database unless told otherwise. */
import '../../process/node-version.js';

const environment = { ...process.env };
// graphql-js looks here when it is loaded; unless it is told so, it examines the origin of each type that it meets: for those who develop
// with it.
process.env.NODE_ENV = 'production';

const { pino } = await import('pino');
const { logDestination } = await import('../../process/log-destination.js');
const { withMetrics } = await import('../../process/metrics.js');
const { withTracing } = await import('../../process/with-tracing.js');
const { orExit, runUntilSignal } = await import('../../process/run-until-signal.js');
const { readConfigs } = await import('./config.js');
const { startStandalone } = await import('./standalone.js');

const configs = orExit(() => readConfigs(environment));
// The log goes to stderr: stdout is a page for a person to read.
const log = pino({ level: configs.identity.logLevel ?? 'warn' }, logDestination(2));

const print = (page: string) => process.stdout.write(page);
await runUntilSignal(
  (ending) =>
    withMetrics(configs.identity, log, (registry) =>
      withTracing('condeco-identity', configs.identity.traces, log, (tracing) =>
        startStandalone(configs, print, log, { registry, tracing, ending }),
      ),
    ),
  log,
  configs.identity.drainSeconds,
);
