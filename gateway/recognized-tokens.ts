/**
 * Tokens that the core has recognised lately. A body is read of their bearers alone: it may come as slowly as its sender likes, and a thousand senders without a token of ours
 * would hold every place that there is. No more follows from it: each operation is verified by the core.
 */
import { LRUCache } from 'lru-cache';
import { digestOf } from './token-digest.js';

export interface RecognizedTokens {
  has(token: string | undefined): boolean;
  /** Keeps in mind that the core knows whose token it is. */
  note(token: string | undefined): void;
}

const MILLISECONDS = 600_000;

export function recognizedTokens(): RecognizedTokens {
  const known = new LRUCache<string, true>({ max: 10_000, ttl: MILLISECONDS });
  return {
    has: (token) => token !== undefined && known.has(digestOf(token)),
    note: (token) => {
      if (token !== undefined) known.set(digestOf(token), true);
    },
  };
}
