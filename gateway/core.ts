/** The port to the core: what the facade needs of it, whoever provides it (the core in this process, or its URL). */

import type { FacadeOperations } from './generated/facade.js';
import type { Client, Habit } from '../schema/habits.js';
import type { Quota } from '../schema/quota.js';

/** The operations in `schema/operations`, by file name. */
export type OperationName = keyof FacadeOperations;
/** What an operation takes and answers, as its document and the schema say. */
export type VariablesOf<Name extends OperationName> = FacadeOperations[Name]['variables'];
export type DataOf<Name extends OperationName> = FacadeOperations[Name]['data'];

/** What travels with an operation: the caller's own token (the facade has none), and where the request came from. */
export interface Origin {
  /** The bearer token as the caller sent it; absent when none was sent. */
  readonly token?: string | undefined;
  readonly requestId: string;
  /** The address of the client, for the limits on wrong credentials. */
  readonly address: string;
  /** What the client calls itself. */
  readonly userAgent?: string | undefined;
  /** Who sends the request, and which habits it shows; for requests about resources, each habit once. */
  readonly client?: Client | undefined;
  readonly habits?: readonly Habit[] | undefined;
  /**
   * The version of the tenant's declared attributes that the request was read by; 0 where absent. The core refuses another than its own.
   */
  readonly schemaVersion?: number | undefined;
  /** The span of the facade that the operation is part of (W3C Trace Context), where traces are recorded. */
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

export interface GraphQLAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
  /** What the caller has left of its quota, and the id of its tenant; absent where the core does not know who that is. */
  readonly extensions?: { readonly quota?: Quota; readonly tenant?: string };
}

export interface Core {
  /**
   * Sends one operation and answers its GraphQL result as it came. Rejects with Failure UNAVAILABLE where the core cannot be
   * reached or did not answer in time; never rejects for an error the core told.
   */
  execute(operation: OperationName, variables: Record<string, unknown>, origin: Origin): Promise<GraphQLAnswer>;
  /**
   * Whether the core says that it is ready, and takes operations of ours; a core that cannot tell does. Rejects with Failure UNAVAILABLE
   * where an operator has to mend something first.
   */
  ready?(): Promise<boolean>;
}
