/**
 * Callers who have used up their quota. For a second after the core has said so, the facade says so by itself: no body is read and nobody
 * is asked, so that who knocks on and on takes no time from the others. No longer, for the core may have been told to let them in.
 */
import { LRUCache } from 'lru-cache';
import { Failure } from '../schema/failure.js';
import { type Quota, quotaHeaders } from '../schema/quota.js';
import type { Exchange } from './exchange.js';
import { digestOf } from './token-digest.js';

interface Refusal {
  readonly failure: Failure;
  readonly quota: Quota;
  /** When there is something left again, in milliseconds since 1970. */
  readonly ends: number;
}

export interface ExhaustedQuotas {
  /** Throws what the core has told the caller less than a second ago. */
  check(exchange: Exchange): void;
  /** Keeps in mind what the core has told the caller, where it is that nothing is left. */
  note(token: string | undefined, failure: Failure, quota: Quota | undefined): void;
}

const MILLISECONDS = 900;

export function exhaustedQuotas(): ExhaustedQuotas {
  const known = new LRUCache<string, Refusal>({ max: 10_000, ttl: MILLISECONDS });
  return {
    check: (exchange) => {
      const {
        http,
        origin: { token },
      } = exchange;
      const found = token === undefined || known.size === 0 ? undefined : known.get(digestOf(token));
      if (!found) return;
      const reset = Math.max(1, Math.ceil((found.ends - Date.now()) / 1000));
      exchange.isAnswered = true;
      http.set(quotaHeaders({ ...found.quota, reset }));
      throw new Failure(found.failure.code, { detail: found.failure.message, retryAfter: reset });
    },
    note: (token, failure, quota) => {
      if (token === undefined || failure.code !== 'TOO_MANY_REQUESTS' || quota?.left !== 0) return;
      known.set(digestOf(token), { failure, quota, ends: Date.now() + quota.reset * 1000 });
    },
  };
}
