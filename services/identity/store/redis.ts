/** The only file that knows ioredis. Redis is a cache here: with it gone everything still works, only slower. */
import { Redis } from 'ioredis';
import { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';

export interface RedisDoor {
  /** For libraries that take an ioredis client. */
  readonly client: Redis;
  /** Runs a command unless Redis has just failed: then callers are spared the wait, and once in a second one tries. */
  attempt<Result>(command: (client: Redis) => Promise<Result>): Promise<Result>;
  close(): void;
}

/** Connects in the background; commands fail at once while there is no connection, and after 50 ms without an answer. */
export function openRedis(url: string, onError: (error: Error) => void): RedisDoor {
  const client = new Redis(url, {
    commandTimeout: 50,
    connectTimeout: 1000,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    retryStrategy: (times) => Math.min(times * 100, 1000),
  });
  client.on('error', onError);
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: 1000, breaker: new ConsecutiveBreaker(1) });
  return {
    client,
    attempt: (command) => breaker.execute(() => command(client)),
    close: () => client.disconnect(),
  };
}
