/**
 * The bodies of requests by tools: short ones of anybody; long ones of callers alone, who pay for them from their quota, and nobody too
 * many at once.
 */
import type Koa from 'koa';
import { Failure, fullFailure } from '../../schema/failure.js';
import { limits } from '../../schema/resources.js';
import { bodyRoom, type KeepBytes, UNCOUNTED } from '../../wire/bodies.js';
import { identify, isForTools, type OperationOrigin } from './api/callers.js';
import type { Caller } from './domain/caller.js';
import type { Services } from './domain/services.js';
import { isOfUnknownLength, readJsonBytes, readObject } from './json-body.js';

const LONGEST_BODY = limits.groupBodyBytes * 2;
/** Bytes of all bodies at once. */
const MOST_BYTES = LONGEST_BODY * 10;
/** Bytes of a long body that count as one more request. */
const BYTES_A_UNIT = 64 * 1024;
/** Who brings no token; all of them have one share of the room. */
const STRANGERS = '';

const unitsOf = (bytes: number): number => Math.floor(bytes / BYTES_A_UNIT);

const refuse = (full: 'OWN' | 'ALL', holder: string): Failure =>
  fullFailure(
    holder === STRANGERS ? 'ALL' : full,
    'Too many long requests of this tenant are under way at the same time; send fewer at once.',
  );

/** Whose a body is. */
interface Admitted {
  readonly holder: string;
  /** Takes from the quota what the body has turned out to be, beside what it was said to be. */
  readonly pay: (bytes: number) => Promise<void>;
}

const free = async () => {};

/** Reads the body of each request; `originOf` tells where one comes from. */
export function toolBodies(services: Services, originOf: (ctx: Koa.Context) => OperationOrigin): Koa.Middleware {
  const { admission } = services;
  const room = bodyRoom(MOST_BYTES, refuse);

  /** Lets in a body that pays for itself. Fails with UNAUTHENTICATED, TOO_MANY_REQUESTS. */
  async function admitLong(caller: Caller | undefined, said: number): Promise<Admitted> {
    if (!caller) throw new Failure('UNAUTHENTICATED');
    await admission.charge(caller, unitsOf(said));
    return { holder: caller.tenantId, pay: (bytes) => admission.charge(caller, Math.max(0, unitsOf(bytes) - unitsOf(said))) };
  }

  /**
   * Whose it is must have a quota for a long one, and a token for this door. Fails with UNAUTHENTICATED, FORBIDDEN, TENANT_SUSPENDED,
   * TOO_MANY_REQUESTS.
   */
  async function admit(ctx: Koa.Context): Promise<Admitted> {
    const said = Math.min(ctx.request.length ?? 0, LONGEST_BODY);
    const isUnknown = isOfUnknownLength(ctx.req);
    if (!isUnknown && said <= UNCOUNTED) return { holder: STRANGERS, pay: free };
    const caller = await identify(services, originOf(ctx), isForTools);
    return isUnknown || said > limits.bodyBytes ? admitLong(caller, said) : { holder: caller?.tenantId ?? STRANGERS, pay: free };
  }

  /** Pays for what was read, also where it did not come to the end. */
  async function readPaid(ctx: Koa.Context, keep: KeepBytes, pay: Admitted['pay']): Promise<Buffer | undefined> {
    let read = 0;
    const noteRead = (length: number) => {
      read = length;
      keep(length);
    };
    try {
      return await readJsonBytes(ctx, { longest: LONGEST_BODY, keep: noteRead });
    } finally {
      await pay(read);
    }
  }

  return async (ctx, next) => {
    const { holder, pay } = await admit(ctx);
    const { keep, giveBack } = room.forOne(holder);
    try {
      const bytes = await readPaid(ctx, keep, pay);
      (ctx.request as { body?: object }).body = bytes ? readObject(bytes) : {};
      await next();
    } finally {
      giveBack();
    }
  };
}
