/** The composition root of the single-machine default: hands the facade a port made of the core's own execute. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { startGateway } from '../../gateway/app.js';
import { gatewayMetrics } from '../../gateway/prometheus.js';
import { identityMetrics } from '../identity/prometheus.js';
import { type Identity, standstillOf, startIdentity } from '../identity/server.js';
import type { Running } from '../../process/run-until-signal.js';
import type { Tracing } from '../../process/tracing.js';
import { announcement } from './announcement.js';
import type { Configs } from './config.js';
import { completeCredentials, type Credentials, readCredentials, storeCredentials } from './credentials.js';
import { readyToken } from './ready-token.js';
import { VERSION } from '../../process/version.js';

/** In production nothing is made up, stored or printed: what is created at the start is what the environment gave. */
async function keptCredentials({ identity, dataDirectory }: Configs): Promise<Credentials | undefined> {
  if (identity.production) return undefined;
  const credentials = completeCredentials(identity.bootstrap, await readCredentials(dataDirectory));
  await storeCredentials(dataDirectory, credentials);
  return credentials;
}

async function withTokens({ core }: Identity, kept: Credentials, directory: string): Promise<Credentials> {
  const complete = {
    ...kept,
    scimToken: await readyToken(core, kept, 'SCIM', kept.scimToken),
    graphqlToken: await readyToken(core, kept, 'GRAPHQL', kept.graphqlToken),
  };
  await storeCredentials(directory, complete);
  return complete;
}

/** What both count in and record their traces with, and whether the start is to end where it only waits. */
interface Around {
  readonly registry?: Registry | undefined;
  readonly tracing?: Tracing | undefined;
  readonly ending?: AbortSignal | undefined;
}

/** Starts the core, then the facade, and prints what a person needs. Closing goes the other way round. */
export async function startStandalone(
  configs: Configs,
  print: (page: string) => void,
  log: Logger,
  { registry, tracing, ending }: Around = {},
): Promise<Running> {
  const kept = await keptCredentials(configs);
  const facadeSecret = configs.identity.facadeSecret ?? randomUUID(); // the facade in this process does not come by the network
  const identity = await startIdentity(
    { ...configs.identity, facadeSecret, bootstrap: kept ?? configs.identity.bootstrap },
    log,
    registry && identityMetrics(registry),
    tracing,
    ending,
  );
  try {
    const credentials = kept && (await withTokens(identity, kept, configs.dataDirectory));
    const gateway = await startGateway(
      { ...configs.gateway, standstillMilliseconds: standstillOf(configs.identity) },
      identity.core,
      log,
      registry && gatewayMetrics(registry),
      tracing,
    );
    const where = { publicUrl: configs.gateway.publicUrl ?? gateway.url, graphqlUrl: `${identity.url}/graphql` };
    log.info({ version: VERSION, ...where }, 'ready');
    print(announcement(configs, where, credentials));
    const leave = () => {
      gateway.leave();
      identity.leave();
    };
    return { leave, close: () => gateway.close().then(() => identity.close()) };
  } catch (error) {
    await identity.close();
    throw error;
  }
}
