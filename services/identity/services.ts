/** Connects the stores and makes what the rules work with. */
import type { Logger } from 'pino';
import type { IdentityConfig } from './config.js';
import { quotaLimits } from '../../schema/quota.js';
import { admission } from './domain/admission.js';
import { dialectSightings } from './domain/dialect-sightings.js';
import type { Services } from './domain/services.js';
import { typeRegistry } from './domain/tenant-types.js';
import { tokenVerifier } from './domain/token-verifier.js';
import { attemptLimiter } from './store/attempt-limiter.js';
import { openDatabase } from './store/database.js';
import { openRedis } from './store/redis.js';
import { requestCounter } from './store/request-counter.js';
import { addSightings } from './store/sighting-rows.js';
import { memoryTokenCache, redisTokenCache } from './store/token-cache.js';
import { memoryWalkMemory, redisWalkMemory } from './store/walk-memory.js';

const WRONG_PER_CLIENT = 5; // a minute, from one address
const WRONG_PER_ADDRESS = 50; // a minute

/** Everything connected, and the way to disconnect it. */
export async function connectServices(config: IdentityConfig, log: Logger): Promise<{ services: Services; disconnect: () => Promise<void> }> {
  const database = await openDatabase(config.database);
  const redis = config.redisUrl ? openRedis(config.redisUrl, (error) => log.debug({ err: error }, 'Redis is away')) : undefined;
  const tokenCache = redis ? redisTokenCache(redis) : memoryTokenCache();
  const services: Services = {
    database,
    tokenCache,
    types: typeRegistry(database),
    walks: redis ? redisWalkMemory(redis) : memoryWalkMemory(),
    verifier: tokenVerifier(database, tokenCache),
    clientAttempts: attemptLimiter('client', WRONG_PER_CLIENT, redis),
    addressAttempts: attemptLimiter('address', WRONG_PER_ADDRESS, redis),
    admission: admission(requestCounter(quotaLimits.windowSeconds, quotaLimits.mostDebtSeconds, redis), config.requestsPerSecond, config.work),
    sightings: dialectSightings((rows) => addSightings(database, rows), (error) => log.warn({ err: error }, 'the dialects seen are not written yet')),
  };
  return {
    services,
    disconnect: async () => {
      await services.sightings.close();
      redis?.close();
      await database.close();
    },
  };
}
