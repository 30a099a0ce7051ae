/** The facade as a process of its own: reads the environment, starts, ends in order. */
import './node-version.js';

const { pino } = await import('pino');
const { startGateway } = await import('./app.js');
const { readGatewayConfig } = await import('./config.js');
const { connectCore } = await import('./core-client.js');

/** Milliseconds after which requests that still run are cut off. */
const HARD_STOP = 25_000;

/** Lines are gathered for a moment: to write each by itself costs a request a tenth of its time. What is left is written at the end, come what may. */
const GATHERED = { sync: false, minLength: 16_000, periodicFlush: 200 };

async function run(): Promise<void> {
  const config = readGatewayConfig(process.env, true);
  const log = pino({ name: 'gateway', level: process.env.LOG_LEVEL || 'info' }, pino.destination(GATHERED));
  const core = connectCore(config.identityUrl, config.facadeSecret);
  const gateway = await startGateway(config, core, log);
  log.info({ url: gateway.url, identityUrl: config.identityUrl }, 'listening');
  let isEnding = false;
  // One Ctrl-C arrives several times, from the terminal and from npm: only the first counts.
  const stop = async (signal: string): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    log.info({ signal }, 'ending');
    setTimeout(() => process.exit(1), HARD_STOP).unref();
    await gateway.close();
    await core.close();
    process.exit(0);
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
}

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
