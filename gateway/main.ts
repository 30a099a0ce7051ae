/** The facade as a process of its own: reads the environment, starts, ends in order. */
import './node-version.js';

const { pino } = await import('pino');
const { startGateway } = await import('./app.js');
const { readGatewayConfig } = await import('./config.js');
const { connectCore } = await import('./core-client.js');

const HARD_STOP = 25_000;

function readConfig() {
  try {
    return readGatewayConfig(process.env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return process.exit(1);
  }
}

const config = readConfig();
const log = pino({ name: 'gateway' });
const core = connectCore(config.identityUrl);
const gateway = await startGateway(config, core, log);
log.info({ url: gateway.url, identityUrl: config.identityUrl }, 'listening');

async function stop(signal: string): Promise<void> {
  log.info({ signal }, 'ending');
  setTimeout(() => process.exit(1), HARD_STOP).unref();
  await gateway.close();
  await core.close();
  process.exit(0);
}

process.once('SIGTERM', (signal) => void stop(signal));
process.once('SIGINT', (signal) => void stop(signal));
