/** What the facade has counted, by whoever counts. */
import type { FailureCode } from '../schema/failure.js';
import type { Core } from './core.js';
import type { Match } from './router.js';

/**
 * Why a request was sent away: too many of its token or tenant (at the token provider: of its address) or of all are under way here, or too
 * many bytes of theirs; its tenant has used up its share, too many wrong credentials, the core has too much to do.
 */
export const refusals = [
  'token_concurrency',
  'process_concurrency',
  'token_bytes',
  'process_bytes',
  'tenant_limit',
  'credential_attempts',
  'core_overloaded',
] as const;
export type Refusal = (typeof refusals)[number];

export interface AnsweredRequest {
  /** The method and the address as the table of routes has them, never as they were sent. */
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

export interface GatewayMetrics {
  /** A request has come; what this answers is called once, when it is over. */
  readonly begin: () => (request: AnsweredRequest) => void;
  readonly observeRefusal: (reason: Refusal) => void;
  /** The same core, where what is asked of it is counted. */
  readonly watch: (core: Core) => Core;
}

const nothing = () => undefined;

export const noMetrics: GatewayMetrics = { begin: () => nothing, observeRefusal: nothing, watch: (core) => core };

/** What nginx writes where the client has hung up before it was answered. */
export const CLIENT_CLOSED = 499;

/** The method counts where the address takes it. Any other would be a series for each address. HEAD is GET here. */
export const methodOf = ({ route }: Match): string => route?.method ?? 'other';

/** Of what is under way here, whose share is full. */
export const fullShareOf = (code: FailureCode, what: 'concurrency' | 'bytes'): Refusal | undefined => {
  if (code === 'OVERLOADED') return `process_${what}`;
  return code === 'TOO_MANY_REQUESTS' ? `token_${what}` : undefined;
};

/** Why the core has sent the request away; undefined where it was not for being too much. */
export function refusalOf({ door }: Match, code: FailureCode | undefined): Refusal | undefined {
  if (code === 'OVERLOADED') return 'core_overloaded';
  if (code !== 'TOO_MANY_REQUESTS') return undefined;
  return door === 'token' ? 'credential_attempts' : 'tenant_limit';
}
