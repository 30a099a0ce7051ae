/** From what came with an operation to its caller, let in when it is their turn, and the context of what they ask. */
import { Failure } from '../../../schema/failure.js';
import { oncePerPair } from '../../../schema/once-per.js';
import { builtInTypes } from '../../../schema/tenant-types.js';
import type { Leave } from '../domain/admission/fair-queue.js';
import { type Caller, OPERATOR_TENANT, type RequestOrigin, toCaller } from '../domain/caller.js';
import type { Services } from '../domain/services.js';
import { requireAllowedAddress } from '../domain/tokens/networks.js';
import type { Context } from './context.js';
import { makeLoaders } from './loaders.js';

/** What travels with an operation. */
export interface OperationOrigin extends RequestOrigin {
  readonly token?: string | undefined;
  /** Who sent the request to the facade, and which habits it shows (schema/habits.ts); unknown names count for nothing. */
  readonly client?: string | undefined;
  readonly habits?: readonly string[] | undefined;
  /** The version of the tenant's declared attributes that the facade has read the request by; 0 where absent. */
  readonly schemaVersion?: number | undefined;
  /** The span of the facade that it is part of (W3C Trace Context). */
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

/** Whether a token of the audience opens the tools' door. */
export const isForTools = (audience: string): boolean => audience !== 'scim';

/** Where there is a token for this door. */
const OTHER_TOKEN = {
  scim: 'SCIM takes those that the token provider issues for a client id and its secret.',
  tools: 'GraphQL takes those of issueToken and createToken with another audience than SCIM.',
};

/** Who a request is from; undefined where it brings no token. A token that is sent must be good, and for this door. */
export async function identify(
  { verifier, tokenUses }: Services,
  { token, requestId, address, userAgent }: OperationOrigin,
  isForDoor: (audience: string) => boolean,
): Promise<Caller | undefined> {
  if (token === undefined) return undefined;
  const verdict = await verifier.verify(token);
  if (!verdict) throw new Failure('UNAUTHENTICATED');
  if (!isForDoor(verdict.audience)) {
    throw new Failure('FORBIDDEN', {
      detail: `This token is for another door: its audience is "${verdict.audience}". ${OTHER_TOKEN[isForTools(verdict.audience) ? 'scim' : 'tools']}`,
    });
  }
  requireAllowedAddress(verdict, address);
  tokenUses.note({ tenantId: verdict.tenantId, tokenId: verdict.tokenId, address, userAgent: userAgent ?? '' });
  return toCaller(verdict, { requestId, address });
}

/** Milliseconds; a little longer than what Redis has answered counts. */
const WAITED = 10;

/**
 * Waits for a turn. Who had to wait for it is asked for again: a token that ended meanwhile begins nothing any more. Fails like `enter` and
 * `identify`.
 */
async function whileGood(
  services: Services,
  caller: Caller | undefined,
  origin: OperationOrigin,
  enter: () => Promise<Leave>,
): Promise<Leave> {
  const came = performance.now();
  const leave = await enter();
  if (!caller || performance.now() - came < WAITED) return leave;
  try {
    await identify(services, origin, (audience) => audience === caller.audience);
    return leave;
  } catch (error) {
    leave();
    throw error;
  }
}

/** Lets a request in when it is its turn. Fails like `admission.enter` and `identify`. */
export const letIn = (services: Services, caller: Caller | undefined, origin: OperationOrigin, units: number): Promise<Leave> =>
  whileGood(services, caller, origin, () => services.admission.enter(caller, origin.address, units));

/** Callers of a tenant reach nothing but its rows, whatever a resolver asks for; operators are at work on any. */
const servicesFor = (services: Services, caller: Caller | undefined): Services =>
  caller && caller.tenantId !== OPERATOR_TENANT ? servicesOn(services, services.database.within(caller.tenantId)) : services;

const servicesOn = oncePerPair((services: Services, database: Services['database']): Services => ({ ...services, database }));

/**
 * The context of one operation of a caller who has been let in. Of what the tenant has declared, the facade may have read more than the
 * token's verdict knows yet.
 */
export async function makeContext(all: Services, caller: Caller | undefined, operation: OperationOrigin): Promise<Context> {
  const { requestId, address, schemaVersion = 0 } = operation;
  const services = servicesFor(all, caller);
  const types = caller ? await services.types.typesOf(caller.tenantId, caller.schemaVersion, schemaVersion) : builtInTypes;
  return {
    caller,
    origin: { requestId, address },
    services,
    types,
    loaders: makeLoaders(services, caller?.tenantId ?? ''),
    enterFurther: (who, units) => whileGood(all, who, operation, () => all.admission.enterFurther(who, units)),
  };
}
