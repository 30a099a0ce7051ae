/** Slows those who try credentials: rate-limiter-flexible, in Redis where there is one, in this process while Redis is away. */
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { Failure } from '../../../schema/failure.js';
import type { RedisDoor } from './redis.js';

export interface AttemptLimiter {
  /** Counts an attempt; rejects with TOO_MANY_REQUESTS when there were too many. */
  attempt(key: string): Promise<void>;
  /** Takes an attempt back that turned out to be right. */
  forgive(key: string): Promise<void>;
}

/** Permits so many wrong attempts a minute for each key; then none until the minute is over. */
export function attemptLimiter(name: string, perMinute: number, redis?: RedisDoor): AttemptLimiter {
  const options = { keyPrefix: `identity:attempts:${name}`, points: perMinute, duration: 60 };
  const memory = new RateLimiterMemory(options);
  const limiter = redis ? new RateLimiterRedis({ ...options, storeClient: redis.client, insuranceLimiter: memory, rejectIfRedisNotReady: true }) : memory;
  return {
    attempt: async (key) => {
      try {
        await limiter.consume(key);
      } catch (error) {
        if (!(error instanceof RateLimiterRes)) throw error;
        throw new Failure('TOO_MANY_REQUESTS', {
          detail: 'Too many attempts with wrong credentials. Wait as long as Retry-After says, and check the client id and the secret.',
          retryAfter: Math.max(1, Math.ceil(error.msBeforeNext / 1000)),
        });
      }
    },
    forgive: async (key) => void (await limiter.reward(key)),
  };
}
