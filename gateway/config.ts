/** What the facade is told from outside: read once, checked at start, all faults reported together with what to write. */
import { z } from 'zod';
import {
  common,
  type Environment,
  type Fault,
  type ProgramConfig,
  programConfigOf,
  PUBLIC_URL_SENTENCE,
  readEnvironment,
  webAddress,
  withoutSlash,
} from '../process/environment.js';

export interface GatewayConfig extends ProgramConfig {
  readonly port: number;
  /** What addresses in answers start with, without a slash at the end; the address listened on where it is not said. */
  readonly publicUrl?: string | undefined;
  /** Requests under way at once, where it is not the usual number. */
  readonly mostUnderWay?: number | undefined;
  /** Bytes of their bodies at once, likewise. */
  readonly mostBodyBytes?: number | undefined;
  /** Bytes of long answers that are not taken yet, likewise. */
  readonly mostAnswerBytes?: number | undefined;
  /** Milliseconds that the process must stand still for that to matter, where it is not the usual 9,000. */
  readonly standstillMilliseconds?: number | undefined;
}

/** The facade as a process of its own: it has to find the core. */
export interface GatewayProcessConfig extends GatewayConfig {
  readonly identityUrl: string;
}

/** A variable of the facade has its line in docker-compose.yml, or a reason in test/programs/deployment.test.ts. */
export const gatewayVariables = z.object({
  ...common,
  IDENTITY_URL: webAddress('write the address of the identity core, as in http://127.0.0.1:4000'),
});
type Variables = z.infer<typeof gatewayVariables>;

function faultsOf({ NODE_ENV, PUBLIC_URL, FACADE_SECRET }: Variables, isAlone: boolean): Fault<Variables>[] {
  if (NODE_ENV !== 'production') return [];
  return [
    ...(PUBLIC_URL ? [] : [['PUBLIC_URL', `is missing; ${PUBLIC_URL_SENTENCE}`] as const]),
    ...(FACADE_SECRET || !isAlone
      ? []
      : [['FACADE_SECRET', 'is missing; write the same as for the core: 32 or more random characters without spaces'] as const]),
  ];
}

/**
 * The configuration of the facade, which is alone where its core is another process. Throws an Error whose message names every fault and
 * never repeats a value.
 */
export function readGatewayConfig(environment: Environment, isAlone = false): GatewayProcessConfig {
  const given = readEnvironment('the gateway', gatewayVariables, environment, (all) => faultsOf(all, isAlone));
  return {
    ...programConfigOf(given),
    port: Number(given.GATEWAY_PORT ?? 8080),
    publicUrl: given.PUBLIC_URL && withoutSlash(given.PUBLIC_URL),
    identityUrl: withoutSlash(given.IDENTITY_URL ?? 'http://127.0.0.1:4000'),
  };
}
