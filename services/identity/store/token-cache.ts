/**
 * What is known of tokens without asking the database: verdicts by digest, for a minute at most. A revocation deletes the verdict and
 * leaves a marker, so that a slow fill, begun before the revocation, cannot bring it back.
 */
import { LRUCache } from 'lru-cache';
import type { Policies } from '../../../schema/policies.js';
import type { RedisDoor } from './redis.js';

/** Who a live token speaks for. Holds nothing that could authenticate. */
export interface Verdict {
  readonly tenantId: string;
  readonly tokenId: string;
  readonly clientId: string | null;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly policies: Policies;
  /** The version of the tenant's declared attributes; absent in a verdict that an older version of ours has cached. */
  readonly schemaVersion?: number;
  /** How often the tenant's row had changed; absent in a verdict that an older version of ours has cached. */
  readonly tenantVersion?: number;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface TokenCache {
  /** The verdict, or undefined where the cache has none or cannot be asked. */
  get(digest: string): Promise<Verdict | undefined>;
  /** Keeps the verdict for so many milliseconds, unless the token was revoked or its tenant outdated meanwhile. Never rejects. */
  fill(digest: string, verdict: Verdict, milliseconds: number): Promise<void>;
  /** Keeps no verdict any more that was found before the tenant's row had this version; answers whether every process will have heard of it. Never rejects. */
  outdate(tenantId: string, version: number): Promise<boolean>;
  /** Forgets verdicts that are out of date; answers whether every process will have heard of it. Never rejects. */
  forget(digests: readonly string[]): Promise<boolean>;
  /** Forgets a revoked token; answers whether every process will have heard of it. Never rejects. */
  revoke(digest: string): Promise<boolean>;
}

const MARKER_MILLISECONDS = 300_000; // far longer than any fill can be under way

/** A cache in this process, for a core that is alone. */
export function memoryTokenCache(): TokenCache {
  const verdicts = new LRUCache<string, Verdict>({ max: 50_000, ttl: 60_000 });
  const revoked = new LRUCache<string, true>({ max: 50_000, ttl: MARKER_MILLISECONDS });
  const versions = new LRUCache<string, number>({ max: 50_000, ttl: MARKER_MILLISECONDS });
  return {
    get: async (digest) => verdicts.get(digest),
    fill: async (digest, verdict, ttl) => {
      const isOutdated = (versions.get(verdict.tenantId) ?? 0) > (verdict.tenantVersion ?? 0);
      if (!isOutdated && !revoked.has(digest)) verdicts.set(digest, verdict, { ttl });
    },
    outdate: async (tenantId, version) => {
      versions.set(tenantId, Math.max(version, versions.get(tenantId) ?? 0));
      return true;
    },
    forget: async (digests) => {
      for (const digest of digests) verdicts.delete(digest);
      return true;
    },
    revoke: async (digest) => {
      revoked.set(digest, true);
      verdicts.delete(digest);
      return true;
    },
  };
}

const FILL = `
  if redis.call("exists", KEYS[2]) == 1 or tonumber(redis.call("get", KEYS[3]) or 0) > tonumber(ARGV[3]) then return 0 end
  redis.call("set", KEYS[1], ARGV[1], "px", ARGV[2])
  return 1`;
/** Two changes of a tenant may be told in the other order: the later version stays. */
const OUTDATE = 'redis.call("set", KEYS[1], math.max(tonumber(ARGV[1]), tonumber(redis.call("get", KEYS[1]) or 0)), "px", ARGV[2]) return 1';
const verdictKey = (digest: string) => `identity:token:${digest}`;
const markerKey = (digest: string) => `identity:revoked:${digest}`;
const versionKey = (tenantId: string) => `identity:tenant-version:${tenantId}`;

const ignore = () => undefined;

/** A cache shared by all processes. */
export function redisTokenCache(redis: RedisDoor): TokenCache {
  return {
    get: async (digest) => {
      const text = await redis.attempt((client) => client.get(verdictKey(digest))).catch(ignore);
      return text ? (JSON.parse(text) as Verdict) : undefined;
    },
    fill: async (digest, verdict, ttl) => {
      const keys = [verdictKey(digest), markerKey(digest), versionKey(verdict.tenantId)];
      await redis.attempt((client) => client.eval(FILL, keys.length, ...keys, JSON.stringify(verdict), Math.ceil(ttl), verdict.tenantVersion ?? 0)).catch(ignore);
    },
    outdate: (tenantId, version) => redis.client.eval(OUTDATE, 1, versionKey(tenantId), version, MARKER_MILLISECONDS).then(() => true, () => false),
    forget: async (digests) => digests.length === 0 || redis.client.del(digests.map(verdictKey)).then(() => true, () => false),
    revoke: async (digest) => {
      const command = redis.client.multi().set(markerKey(digest), '1', 'PX', MARKER_MILLISECONDS).del(verdictKey(digest)).exec();
      return command.then((results) => results?.every(([error]) => !error) ?? false, () => false);
    },
  };
}
