/** The bodies of requests by tools: short ones of anybody; long ones of callers alone, who pay for them from their quota, and nobody too many at once. */
import type Koa from 'koa';
import { Failure } from '../../schema/failure.js';
import { limits } from '../../schema/resources.js';
import { identify, isForTools, type OperationOrigin } from './api/operations.js';
import type { Services } from './domain/services.js';
import { isOfUnknownLength, readJsonBody } from './json-body.js';
import { longBodies } from './long-bodies.js';

const LONGEST_BODY = limits.groupBodyBytes * 2;
/** Bytes. */
const MOST_LONG_BODIES = LONGEST_BODY * 10;
/** Bytes of a long body that count as one more request. */
const BYTES_A_UNIT = 64 * 1024;

const unitsOf = (bytes: number): number => Math.floor(bytes / BYTES_A_UNIT);

/** A body that there is room for. */
interface Admitted {
  /** Takes from the quota what the body has turned out to be, beside what it was said to be. */
  readonly pay?: (bytes: number) => Promise<void>;
  readonly done: () => void;
}

/** Reads the body of each request; `originOf` tells where one comes from. */
export function toolBodies(services: Services, originOf: (ctx: Koa.Context) => OperationOrigin): Koa.Middleware {
  const { admission } = services;
  const room = longBodies(MOST_LONG_BODIES);

  /** Whose it is must have a quota for it and a token for this door. Fails with UNAUTHENTICATED, FORBIDDEN, TENANT_SUSPENDED, TOO_MANY_REQUESTS, OVERLOADED. */
  async function admit(ctx: Koa.Context): Promise<Admitted> {
    const said = Math.min(ctx.request.length ?? 0, LONGEST_BODY);
    if (!isOfUnknownLength(ctx.req) && said <= limits.bodyBytes) return { done: () => {} };
    const caller = await identify(services, originOf(ctx), isForTools);
    if (!caller) throw new Failure('UNAUTHENTICATED');
    await admission.charge(caller, unitsOf(said));
    return {
      done: room.take(caller.tenantId, isOfUnknownLength(ctx.req) ? LONGEST_BODY : said),
      pay: (bytes) => admission.charge(caller, Math.max(0, unitsOf(bytes) - unitsOf(said))),
    };
  }

  return async (ctx, next) => {
    const { pay, done } = await admit(ctx);
    try {
      (ctx.request as { body?: object }).body = await readJsonBody(ctx, LONGEST_BODY, pay);
      await next();
    } finally {
      done();
    }
  };
}
