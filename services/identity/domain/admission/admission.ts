/**
 * Who is let in: each tenant within its quota at each door, and all together in turns, so that nobody waits behind another's many requests.
 */
import { Failure, toFailure } from '../../../../schema/failure.js';
import { type Quota, quotaLimits } from '../../../../schema/quota.js';
import type { RequestCounter, Used } from '../../store/redis/request-counter.js';
import type { Caller } from '../caller.js';
import { type FairQueue, fairQueue, type Leave, type QueueLimits, type QueueState } from './fair-queue.js';

/** Why somebody is not let in: the quota is used up, the tenant has too many waiting or at heavy work, all together have. */
export const admissionRefusals = ['quota', 'tenant_busy', 'overloaded'] as const;
export type AdmissionRefusal = (typeof admissionRefusals)[number];

export interface Admission {
  /**
   * Takes so many units of the caller's quota and answers when it is the caller's turn; what is not known to be anybody's queues by its
   * address. Rejects with TOO_MANY_REQUESTS where the caller is the reason, with OVERLOADED where we are.
   */
  enter(caller: Caller | undefined, address: string, units: number): Promise<Leave>;
  /** The same for what a request turns out to take beside; where it is much, only a few may be at it at once. */
  enterFurther(caller: Caller, units: number): Promise<Leave>;
  /**
   * Takes so many units of the caller's quota and nothing else, for what is to come. Rejects with TOO_MANY_REQUESTS where nothing is left.
   */
  charge(caller: Caller, units: number): Promise<void>;
  /** What the caller has, and what is left of it. */
  quotaOf(caller: Caller): Quota;
  /** How many are worked on, and wait. */
  state(): QueueState;
}

/** How much is worked on: of all requests, and of those that are much work. */
export interface Work {
  readonly all?: Partial<QueueLimits>;
  readonly heavy?: Partial<QueueLimits>;
}

/**
 * More of one tenant at once would get everybody else's work done slower; it may have many more waiting. Where nobody else is there to be
 * slowed down, more at once share messages and statements, and cost a third less each; two of the eighteen connections to the database stay
 * free for whoever comes.
 */
const usualWork: QueueLimits = {
  running: 256,
  runningOfOne: 4,
  runningOfLone: 16,
  waiting: 512,
  waitingOfOne: 240,
  patience: 4000,
  lateIsOurs: true,
};
const HEAVY_FROM = 20;
/**
 * Long transactions: of the eight connections that transactions have half are for everybody else. One of a tenant's four places stays free
 * for its small requests.
 */
const heavyWork: QueueLimits = { running: 4, runningOfOne: 2, waiting: 64, waitingOfOne: 1, patience: 10_000, lateIsOurs: false };

const doorOf = ({ audience }: Caller): string => (audience === 'scim' ? 'scim' : 'graphql');
const keyOf = (caller: Caller): string => `${doorOf(caller)}:${caller.tenantId}`;

/** Until the window ends: a second at the least. */
const secondsIn = ({ left }: Used): number => Math.max(1, Math.ceil(left / 1000));

export function admission(
  counter: RequestCounter,
  usualPerSecond: number,
  work: Work = {},
  observe: (reason: AdmissionRefusal) => void = () => {},
): Admission {
  const queue = fairQueue({ ...usualWork, ...work.all });
  const heavy = fairQueue({ ...heavyWork, ...work.heavy });
  const unitsOf = ({ requestsPerSecond = usualPerSecond }: Caller): number => requestsPerSecond * quotaLimits.windowSeconds;
  /** Where another limit is set, counting begins anew: what is being worked off was too much for the one before. */
  const windowOf = (caller: Caller): string => `${keyOf(caller)}:${unitsOf(caller)}`;

  async function take(caller: Caller, units: number, taken = 0): Promise<void> {
    if (units === 0 || (await counter.take(windowOf(caller), unitsOf(caller) + taken, units))) return;
    observe('quota');
    const retryAfter = secondsIn(counter.look(windowOf(caller)));
    throw new Failure('TOO_MANY_REQUESTS', {
      retryAfter,
      detail: 'This tenant has sent more requests than it may; wait as long as Retry-After says.',
    });
  }

  async function enter(line: FairQueue, key: string): Promise<Leave> {
    try {
      return await line.enter(key);
    } catch (error) {
      observe(toFailure(error).code === 'TOO_MANY_REQUESTS' ? 'tenant_busy' : 'overloaded');
      throw error;
    }
  }

  return {
    enter: async (caller, address, units) => {
      if (caller) await take(caller, units);
      return enter(queue, caller ? keyOf(caller) : `from ${address}`);
    },
    enterFurther: async (caller, units) => {
      await take(caller, units, 1); // the request has found one unit when it came in, and that may have been the last
      return units < HEAVY_FROM ? () => {} : enter(heavy, caller.tenantId);
    },
    charge: (caller, units) => take(caller, units),
    quotaOf: (caller) => {
      const units = unitsOf(caller);
      const used = counter.look(windowOf(caller));
      const left = Math.max(0, units - used.units);
      return { door: doorOf(caller), units, seconds: quotaLimits.windowSeconds, left, reset: secondsIn(used) };
    },
    state: () => {
      const [all, much] = [queue.state(), heavy.state()];
      return { running: all.running, waiting: all.waiting + much.waiting }; // who is at much work is in the first of them, too
    },
  };
}
