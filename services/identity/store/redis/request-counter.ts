/**
 * Counts requests in windows of time: rate-limiter-flexible in Redis, so that all processes share a window. Each process counts for itself,
 * too, and asks only where the limit is near: nobody else waits for Redis, and while Redis is away the own count decides.
 */
import { LRUCache } from 'lru-cache';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { RedisDoor } from './redis.js';

/** What is known of a key's window. */
export interface Used {
  readonly units: number;
  /** Milliseconds until it ends. */
  readonly left: number;
}

export interface RequestCounter {
  /**
   * Takes units from the key's window, and answers whether there was something left before. Whoever finds one unit may take more than are
   * there: then nobody takes any until the excess is worked off. Never rejects.
   */
  take(key: string, limit: number, units: number): Promise<boolean>;
  /** What has been used, as far as this process knows. */
  look(key: string): Used;
}

interface Window {
  /** What Redis has told of all processes, what it is just being told, and what it has not been told yet. */
  shared: number;
  telling: number;
  own: number;
  ends: number;
}

/** More than any limit: what is in Redis while an excess is being worked off. */
const MOST = 1_000_000_000;
const ASKS_FROM = 1 / 2;
const TELLS_FROM = 1 / 16;
const TELLS_AGAIN_MILLISECONDS = 1100; // a little longer than Redis is spared after a failure

const usedOf = ({ shared, telling, own }: Window): number => shared + telling + own;

export function requestCounter(windowSeconds: number, mostDebtSeconds: number, redis?: RedisDoor): RequestCounter {
  const options = { keyPrefix: 'identity:requests', points: MOST, duration: windowSeconds };
  const limiter = redis && new RateLimiterRedis({ ...options, storeClient: redis.client, rejectIfRedisNotReady: true });
  const windows = new LRUCache<string, Window>({ max: 50_000 });

  function windowOf(key: string): Window {
    const now = Date.now();
    const found = windows.get(key);
    if (found && found.ends > now) return found;
    const fresh = { shared: 0, telling: 0, own: 0, ends: now + windowSeconds * 1000 };
    windows.set(key, fresh);
    return fresh;
  }

  /** Tells Redis what it does not know yet and answers the sum over all processes; undefined where Redis cannot be asked. */
  async function tell(key: string, window: Window): Promise<number | undefined> {
    if (!redis || !limiter) return undefined;
    const told = window.own;
    window.own = 0;
    window.telling += told;
    // Not the library's own insurance: it would wait for a frozen Redis at every call.
    const found = await redis.attempt(() => limiter.penalty(key, told)).catch(() => undefined);
    window.telling -= told;
    if (!found) {
      window.own += told;
      return undefined;
    }
    if (window.shared < MOST) {
      window.shared = found.consumedPoints;
      window.ends = Date.now() + Math.max(1, found.msBeforeNext);
    }
    return found.consumedPoints;
  }

  /** A window twice as full as it may be is followed by one in which there is nothing to take. */
  function workOff(key: string, window: Window, windowsOfExcess: number): void {
    const left = (window.ends - Date.now()) / 1000;
    const seconds = Math.min(mostDebtSeconds, Math.ceil(left + windowsOfExcess * windowSeconds));
    window.shared = MOST;
    window.ends = Date.now() + seconds * 1000;
    void tellExcess(key, window);
  }

  /** Until Redis knows of it, or it is worked off: the request that took so much keeps this process busy, and Redis may seem slow. */
  async function tellExcess(key: string, window: Window): Promise<void> {
    const seconds = Math.ceil((window.ends - Date.now()) / 1000);
    if (!redis || !limiter || seconds < 1) return;
    await redis
      .attempt(() => limiter.block(key, seconds))
      .catch(() => setTimeout(() => void tellExcess(key, window), TELLS_AGAIN_MILLISECONDS).unref());
  }

  return {
    take: async (key, limit, units) => {
      const window = windowOf(key);
      const before = usedOf(window);
      if (before >= limit) return false; // without asking: who knocks on and on is sent away cheaply
      window.own += units;
      const isNear = before + units >= limit * ASKS_FROM;
      if (!isNear && window.own >= limit * TELLS_FROM) void tell(key, window);
      const total = (isNear ? await tell(key, window) : undefined) ?? before + units;
      if (total - units >= limit) return false;
      if (total > limit) workOff(key, window, (total - limit) / limit);
      return true;
    },
    look: (key) => {
      const window = windowOf(key);
      return { units: usedOf(window), left: window.ends - Date.now() };
    },
  };
}
