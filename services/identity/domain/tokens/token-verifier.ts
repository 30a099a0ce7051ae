/** The one place where a bearer token becomes a verdict: checksum, memory of unknown tokens, cache, database. */
import { LRUCache } from 'lru-cache';
import { Failure } from '../../../../schema/failure.js';
import type { Database } from '../../store/connection/database.js';
import type { TokenCache, Verdict } from '../../store/redis/token-cache.js';
import { useToken } from '../../store/tokens/token-rows.js';
import { hexDigestOf, isWellFormedToken } from './token-format.js';

const CACHE_MILLISECONDS = 60_000;
const UNKNOWN_MILLISECONDS = 3000;

/** How it became known whose a token is: the cache said it, the database did, or it is nobody's. */
export const verdictSources = ['cache', 'database', 'unknown'] as const;
export type VerdictSource = (typeof verdictSources)[number];

export interface TokenVerifier {
  /**
   * The verdict on a token; undefined where it is malformed, unknown, expired or revoked. Rejects with TENANT_SUSPENDED, or UNAVAILABLE,
   * never guesses.
   */
  verify(token: string): Promise<Verdict | undefined>;
}

type Question = Promise<Verdict | undefined>;

/**
 * The questions about a token. Many requests with it are one question to the cache, and at most one to the database. A request may only
 * share a question that is put after it came: an older one may have been answered before a revocation that has returned since.
 */
interface Asked {
  unput: Question | undefined;
  running: Question | undefined;
  /** The one that is put when the running one is answered. */
  waiting: Question | undefined;
}

/**
 * `observe` hears of each question once, however many requests have shared it; `onRefused` of the digests that the database has no good
 * token of.
 */
export function tokenVerifier(
  database: Database,
  cache: TokenCache,
  observe: (source: VerdictSource) => void = () => {},
  onRefused: (digest: string) => void = () => {},
): TokenVerifier {
  // Tokens are random: one that is unknown now will not be issued within seconds. Bounded, so that guessing cannot fill the memory.
  const unknown = new LRUCache<string, true>({ max: 10_000, ttl: UNKNOWN_MILLISECONDS });
  const askedOf = new Map<string, Asked>();

  function nobodys(): undefined {
    observe('unknown');
  }

  async function ask(digest: string): Promise<Verdict | undefined> {
    const keep = await cache.reserve(digest); // before the question: see token-cache.ts
    const row = await useToken(database, Buffer.from(digest, 'hex'));
    if (!row || row.tenantState === 'DELETING') {
      unknown.set(digest, true);
      onRefused(digest);
      return nobodys();
    }
    observe('database');
    // Not cached, so that it holds no longer than the suspension.
    if (row.tenantState === 'SUSPENDED') throw new Failure('TENANT_SUSPENDED');
    const left = row.secondsLeft * 1000;
    const {
      tenantId,
      id: tokenId,
      clientRowId: clientId,
      audience,
      scopes,
      policies,
      schemaVersion,
      allowedNetworks: networks,
      tenantNetworks,
      requestsPerSecond,
    } = row;
    const verdict: Verdict = {
      tenantId,
      tokenId,
      clientId,
      audience,
      scopes,
      policies,
      schemaVersion,
      networks,
      tenantNetworks,
      requestsPerSecond,
      expiresAt: Date.now() + left,
    };
    // Not waited for: a cache that hangs must not hold up the caller.
    void keep(verdict, Math.max(1, Math.min(CACHE_MILLISECONDS, left)));
    return verdict;
  }

  async function judge(token: string): Promise<Verdict | undefined> {
    if (!isWellFormedToken(token)) return nobodys();
    const digest = hexDigestOf(token);
    if (unknown.has(digest)) return nobodys();
    const cached = await cache.get(digest);
    if (!cached || cached.expiresAt <= Date.now()) return ask(digest);
    observe('cache');
    return cached;
  }

  function start(token: string, asked: Asked): Question {
    asked.waiting = undefined;
    // It is put when all that has just come, in one message of the facade, has been looked at.
    const question = Promise.resolve()
      .then(() => {
        asked.unput = undefined;
        return judge(token);
      })
      .finally(() => {
        asked.running = undefined;
        if (!asked.waiting) askedOf.delete(token);
      });
    asked.unput = question;
    asked.running = question;
    return question;
  }

  function askedAbout(token: string): Asked {
    const known = askedOf.get(token);
    if (known) return known;
    const asked: Asked = { unput: undefined, running: undefined, waiting: undefined };
    askedOf.set(token, asked);
    return asked;
  }

  return {
    verify: (token) => {
      const asked = askedAbout(token);
      const coming = asked.unput ?? asked.waiting;
      if (coming) return coming;
      if (!asked.running) return start(token, asked);
      const startNext = () => start(token, asked);
      asked.waiting = asked.running.then(startNext, startNext);
      return asked.waiting;
    },
  };
}
