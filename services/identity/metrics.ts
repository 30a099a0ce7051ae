/** What the core has counted, by whoever counts. */
import type { Operations } from './api/operations.js';
import type { Admission, AdmissionRefusal } from './domain/admission/admission.js';
import type { VerdictSource } from './domain/tokens/token-verifier.js';
import type { Database } from './store/connection/database.js';
import type { RedisDoor } from './store/redis/redis.js';

/** What can be looked at when somebody asks for the metrics. */
export interface Watched {
  readonly database: Pick<Database, 'state'>;
  readonly admission: Pick<Admission, 'state'>;
  readonly redis?: Pick<RedisDoor, 'isReachable'> | undefined;
}

/** A request of a tool: the kind of its operation, `unknown` where it was not got to, and OK or the code of its first error. */
export interface GraphqlRequest {
  readonly operation: string;
  readonly outcome: string;
  readonly seconds: number;
}

export interface IdentityMetrics {
  /** The same operations of facades, counted. */
  readonly watch: (operations: Operations) => Operations;
  readonly observeGraphql: (request: GraphqlRequest) => void;
  readonly observeVerdict: (source: VerdictSource) => void;
  readonly observeRefusal: (reason: AdmissionRefusal) => void;
  readonly lookAt: (watched: Watched) => void;
}

const nothing = () => undefined;

export const noMetrics: IdentityMetrics = {
  watch: (operations) => operations,
  observeGraphql: nothing,
  observeVerdict: nothing,
  observeRefusal: nothing,
  lookAt: nothing,
};
