/** The identity core as a process of its own. */
import '../../process/node-version.js';

const { pino } = await import('pino');
const { withMetrics } = await import('../../process/metrics.js');
const { orExit, runUntilSignal } = await import('../../process/run-until-signal.js');
const { readIdentityConfig } = await import('./config.js');
const { identityMetrics } = await import('./prometheus.js');
const { startIdentity } = await import('./server.js');

const config = orExit(() => readIdentityConfig(process.env, true));
const log = pino({ level: config.logLevel ?? 'info' });

await runUntilSignal(() => withMetrics(config, log, async (registry) => {
  const identity = await startIdentity(config, log, registry && identityMetrics(registry));
  log.info({ url: identity.url }, 'the identity core is ready');
  return identity;
}), log);
