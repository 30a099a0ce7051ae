/** Connects the stores and makes what the rules work with. */
import type { Logger } from 'pino';
import type { IdentityConfig } from './config.js';
import { quotaLimits } from '../../schema/quota.js';
import { limits } from '../../schema/resources.js';
import { admission } from './domain/admission/admission.js';
import { dialectSightings } from './domain/tenants/dialect-sightings.js';
import { housekeeping } from './domain/housekeeping.js';
import type { Services } from './domain/services.js';
import { tenantDeletions } from './domain/tenants/tenant-deletion.js';
import { typeRegistry } from './domain/tenants/tenant-types.js';
import { endedTokens } from './domain/tokens/ended-tokens.js';
import { tokenUses } from './domain/tokens/token-uses.js';
import { tokenVerifier } from './domain/tokens/token-verifier.js';
import { attemptLimiter } from './store/redis/attempt-limiter.js';
import { type IdentityMetrics, noMetrics } from './metrics.js';
import { openDatabase } from './store/connection/database.js';
import { openRedis } from './store/redis/redis.js';
import { requestCounter } from './store/redis/request-counter.js';
import { addSightings } from './store/tenants/sighting-rows.js';
import { redisTokenCache } from './store/redis/redis-token-cache.js';
import { memoryTokenCache } from './store/redis/token-cache.js';
import { tokenEra } from './store/redis/token-era.js';
import { findEndedTokens } from './store/tokens/ended-token-rows.js';
import { noteTokenUses } from './store/tokens/token-use-rows.js';
import { memoryWalkMemory, redisWalkMemory } from './store/redis/walk-memory.js';

const WRONG_PER_CLIENT = 5; // a minute, from one address
const WRONG_PER_ADDRESS = 50; // a minute
const REPORTS_PER_ADDRESS = 60; // a minute

/** Everything connected, and the way to disconnect it. A migration that waits when `ending` is aborted fails with its reason. */
export async function connectServices(
  config: IdentityConfig,
  log: Logger,
  metrics: IdentityMetrics = noMetrics,
  ending?: AbortSignal,
): Promise<{ services: Services; disconnect: () => Promise<void> }> {
  const database = await openDatabase(config.database, {
    ending,
    server: (error) => log.warn({ err: error }, 'waits for PostgreSQL, which does not answer yet'),
    transactions: (wait) => log.warn(wait, 'a migration waits for transactions that are open'),
    anotherCore: () => log.warn('waits for another core, which brings the database up to date'),
    migrated: (migration) => log.info({ migration }, 'the database has been brought up to date'),
    ofLaterRelease: (migrations) =>
      log.warn({ migrations }, 'a later release has been at work on the database, which this one does not know'),
  });
  const redis = config.redisUrl
    ? openRedis(config.redisUrl, {
        away: (error) => log.warn({ err: error }, 'Redis is away: tokens are looked up in PostgreSQL'),
        back: () => log.warn('Redis is back'),
      })
    : undefined;
  const tokenCache = redis ? redisTokenCache(redis, tokenEra(database)) : memoryTokenCache();
  const keeping = housekeeping(database, (error, late) => log.warn({ err: error }, late));
  const ended = endedTokens(
    (digests) => findEndedTokens(database, digests),
    ({ tenantId: tenant, tokenId: token, state: tokenState }) =>
      log.info({ tenant, token, tokenState }, 'a token was refused that has ended'),
  );
  const services: Services = {
    database,
    tokenCache,
    types: typeRegistry(database),
    publicUrl: config.publicUrl,
    deletions: tenantDeletions(database, (error) => log.warn({ err: error }, 'a tenant is not deleted yet')),
    walks: redis ? redisWalkMemory(redis) : memoryWalkMemory(),
    verifier: tokenVerifier(database, tokenCache, metrics.observeVerdict, ended.note),
    clientAttempts: attemptLimiter('client', WRONG_PER_CLIENT, redis),
    addressAttempts: attemptLimiter('address', WRONG_PER_ADDRESS, redis),
    scannerAttempts: attemptLimiter(
      'scanner',
      REPORTS_PER_ADDRESS,
      redis,
      `Too many reports. Wait as long as Retry-After says, and report up to ${limits.leakedTokens} tokens at once.`,
    ),
    tokenUses: tokenUses(
      (uses) => noteTokenUses(database, uses),
      (error) => log.warn({ err: error }, 'the uses of tokens are not written yet'),
    ),
    admission: admission(
      requestCounter(quotaLimits.windowSeconds, quotaLimits.mostDebtSeconds, redis),
      config.requestsPerSecond,
      config.work,
      metrics.observeRefusal,
    ),
    sightings: dialectSightings(
      (rows) => addSightings(database, rows),
      (error) => log.warn({ err: error }, 'the dialects seen are not written yet'),
    ),
  };
  metrics.lookAt({ ...services, redis });
  return {
    services,
    disconnect: async () => {
      await Promise.all([
        ended.close(),
        services.sightings.close(),
        services.tokenUses.close(),
        services.deletions.close(),
        keeping.close(),
      ]);
      redis?.close();
      await database.close();
    },
  };
}
