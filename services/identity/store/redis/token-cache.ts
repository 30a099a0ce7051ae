/**
 * What is known of tokens without asking the database: verdicts by digest, for a minute at most. Whoever is about to ask the database
 * takes a place first, and may keep the answer only if the place still stands: ending a token takes verdict and place away at once, so
 * that an answer from before cannot bring it back. That holds where the cache loses everything, too: what is lost are places.
 */
import { LRUCache } from 'lru-cache';
import type { Policies } from '../../../../schema/policies.js';

/** Who a live token speaks for. Holds nothing that could authenticate. */
export interface Verdict {
  readonly tenantId: string;
  readonly tokenId: string;
  /**
   * The id of the client's row, not the public one. Verdicts are kept in Redis, where versions of ours share them: so it keeps its name.
   */
  readonly clientId: string | null;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly policies: Policies;
  /** The version of the tenant's declared attributes; absent in a verdict that an older version of ours has cached. */
  readonly schemaVersion?: number;
  /** Networks (CIDR) that the token may be used from, and those of its tenant; empty where it may be from anywhere. */
  readonly networks: readonly string[];
  readonly tenantNetworks: readonly string[];
  /** The limit set for the tenant, if one is. */
  readonly requestsPerSecond?: number | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Keeps a verdict for so many milliseconds, if its place still stands. Never rejects. */
export type Fill = (verdict: Verdict, milliseconds: number) => Promise<void>;

export interface TokenCache {
  /** The verdict, or undefined where the cache has none or cannot be asked. Never rejects. */
  get(digest: string): Promise<Verdict | undefined>;
  /** Takes a place; to be done before the database is asked. Never rejects. */
  reserve(digest: string): Promise<Fill>;
  /**
   * Forgets tokens that have ended in the database, or of which it says something else now. When this resolves, no process has a verdict
   * from before. Rejects with UNAVAILABLE.
   */
  revoke(digests: readonly string[]): Promise<void>;
}

/** How long a place may be held: far longer than any question to the database takes. */
export const PLACE_MILLISECONDS = 60_000;

/** A cache in this process, for a core that is alone. */
export function memoryTokenCache(): TokenCache {
  const verdicts = new LRUCache<string, Verdict>({ max: 50_000, ttl: 60_000 });
  const places = new LRUCache<string, object>({ max: 50_000, ttl: PLACE_MILLISECONDS });
  return {
    get: async (digest) => verdicts.get(digest),
    reserve: async (digest) => {
      const place = {};
      places.set(digest, place);
      return async (verdict, ttl) => {
        if (places.get(digest) === place) verdicts.set(digest, verdict, { ttl });
      };
    },
    revoke: async (digests) => {
      for (const digest of digests) {
        places.delete(digest);
        verdicts.delete(digest);
      }
    },
  };
}
