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
  /** The limit set for the tenant, if one is. */
  readonly requestsPerSecond?: number | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

export interface TokenCache {
  /** The verdict, or undefined where the cache has none or cannot be asked. */
  get(digest: string): Promise<Verdict | undefined>;
  /** Keeps the verdict for so many milliseconds, unless the token was revoked meanwhile. Never rejects. */
  fill(digest: string, verdict: Verdict, milliseconds: number): Promise<void>;
  /** Forgets verdicts that are out of date, as far as the cache can be reached. Never rejects. */
  forget(digests: readonly string[]): Promise<void>;
  /** Forgets a revoked token; answers whether every process will have heard of it. Never rejects. */
  revoke(digest: string): Promise<boolean>;
}

const MARKER_MILLISECONDS = 300_000; // far longer than any fill can be under way

/** A cache in this process, for a core that is alone. */
export function memoryTokenCache(): TokenCache {
  const verdicts = new LRUCache<string, Verdict>({ max: 50_000, ttl: 60_000 });
  const revoked = new LRUCache<string, true>({ max: 50_000, ttl: MARKER_MILLISECONDS });
  return {
    get: async (digest) => verdicts.get(digest),
    fill: async (digest, verdict, ttl) => {
      if (!revoked.has(digest)) verdicts.set(digest, verdict, { ttl });
    },
    forget: async (digests) => {
      for (const digest of digests) verdicts.delete(digest);
    },
    revoke: async (digest) => {
      revoked.set(digest, true);
      verdicts.delete(digest);
      return true;
    },
  };
}

const FILL = 'if redis.call("exists", KEYS[2]) == 1 then return 0 end redis.call("set", KEYS[1], ARGV[1], "px", ARGV[2]) return 1';
const verdictKey = (digest: string) => `identity:token:${digest}`;
const markerKey = (digest: string) => `identity:revoked:${digest}`;

const ignore = () => undefined;

/** A cache shared by all processes. */
export function redisTokenCache(redis: RedisDoor): TokenCache {
  return {
    get: async (digest) => {
      const text = await redis.attempt((client) => client.get(verdictKey(digest))).catch(ignore);
      return text ? (JSON.parse(text) as Verdict) : undefined;
    },
    fill: async (digest, verdict, ttl) => {
      await redis.attempt((client) => client.eval(FILL, 2, verdictKey(digest), markerKey(digest), JSON.stringify(verdict), Math.ceil(ttl))).catch(ignore);
    },
    forget: async (digests) => {
      if (digests.length > 0) await redis.attempt((client) => client.del(digests.map(verdictKey))).catch(ignore);
    },
    revoke: async (digest) => {
      const command = redis.client.multi().set(markerKey(digest), '1', 'PX', MARKER_MILLISECONDS).del(verdictKey(digest)).exec();
      return command.then((results) => results?.every(([error]) => !error) ?? false, () => false);
    },
  };
}
