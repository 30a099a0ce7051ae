/**
 * Refuses those who try too many wrong credentials: rate-limiter-flexible, in Redis where there is one, in this process while Redis is
 * away.
 */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { Failure } from '../../../../schema/failure.js';
import type { RedisDoor } from './redis.js';

export interface AttemptLimiter {
  /** Rejects with TOO_MANY_REQUESTS where there were too many wrong attempts. */
  check(key: string): Promise<void>;
  /** Counts a wrong attempt. Only wrong ones count: many right ones at once are nobody's attack. */
  countWrong(key: string): Promise<void>;
}

type Limiter = RateLimiterMemory | RateLimiterRedis;

/** A refused `consume` is an answer, too. */
const answered = (error: unknown): RateLimiterRes => {
  if (error instanceof RateLimiterRes) return error;
  throw error;
};

const WRONG = 'Too many attempts with wrong credentials. Wait as long as Retry-After says, and check the client id and the secret.';

/** Permits so many wrong attempts a minute for each key; then none until the minute is over. */
export function attemptLimiter(name: string, perMinute: number, redis?: RedisDoor, detail = WRONG): AttemptLimiter {
  const options = { keyPrefix: `identity:attempts:${name}`, points: perMinute, duration: 60 };
  const memory = new RateLimiterMemory(options);
  const shared = redis && new RateLimiterRedis({ ...options, storeClient: redis.client, rejectIfRedisNotReady: true });
  // Not the library's own insurance: it would wait for a frozen Redis at every call.
  const ask = async <Result>(question: (limiter: Limiter) => Promise<Result>): Promise<Result> =>
    redis && shared ? redis.attempt(() => question(shared)).catch(() => question(memory)) : question(memory);

  return {
    check: async (key) => {
      const found = await ask((limiter) => limiter.get(key));
      if (!found || found.consumedPoints < perMinute) return;
      throw new Failure('TOO_MANY_REQUESTS', {
        detail,
        retryAfter: Math.max(1, Math.ceil(found.msBeforeNext / 1000)),
      });
    },
    countWrong: async (key) => void (await ask((limiter) => limiter.consume(key).catch(answered))),
  };
}
