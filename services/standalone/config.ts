/** Both configurations, read from one environment. */
import { type GatewayConfig, readGatewayConfig } from '../../gateway/config.js';
import type { Environment } from '../../process/environment.js';
import { type IdentityConfig, readIdentityConfig } from '../identity/config.js';

export interface Configs {
  readonly identity: IdentityConfig;
  readonly gateway: GatewayConfig;
  /** The folder of the embedded database and of the credentials. */
  readonly dataDirectory: string;
}

/** Throws an Error that names the faults of both sides, so that one look is enough. */
export function readConfigs(environment: Environment): Configs {
  const faults: string[] = [];
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const identity = attempt(() => readIdentityConfig(environment));
  const gateway = attempt(() => readGatewayConfig(environment));
  if (!identity || !gateway) throw new Error(faults.join('\n'));
  return { identity, gateway, dataDirectory: environment.DATA_DIR || '.data' };
}
