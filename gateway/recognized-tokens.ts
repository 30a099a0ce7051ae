/**
 * Tokens that the core has recognised lately, and whose they are. A body is read of their bearers alone: it may come as slowly as its
 * sender likes, and a thousand senders without a token of ours would hold every place that there is. What many share is shared by tenants,
 * who have as many tokens as they like. No more follows from it: each operation is verified by the core.
 */
import { LRUCache } from 'lru-cache';
import { digestOf } from './token-digest.js';

export interface RecognizedTokens {
  /** The id of the tenant; undefined where the core has not been asked about the token. */
  tenantOf(token: string | undefined): string | undefined;
  /** Keeps in mind whose token it is. */
  note(token: string | undefined, tenantId: string): void;
}

const MILLISECONDS = 600_000;

export function recognizedTokens(): RecognizedTokens {
  const known = new LRUCache<string, string>({ max: 10_000, ttl: MILLISECONDS });
  return {
    tenantOf: (token) => (token === undefined || known.size === 0 ? undefined : known.get(digestOf(token))),
    note: (token, tenantId) => {
      if (token !== undefined) known.set(digestOf(token), tenantId);
    },
  };
}
