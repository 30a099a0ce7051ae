/** The one place where a bearer token becomes a verdict: checksum, memory of unknown tokens, cache, database. */
import { LRUCache } from 'lru-cache';
import { Failure } from '../../../schema/failure.js';
import type { Database } from '../store/database.js';
import type { TokenCache, Verdict } from '../store/token-cache.js';
import { useToken } from '../store/token-rows.js';
import { digestOf, isWellFormedToken } from './token-format.js';

const CACHE_MILLISECONDS = 60_000;
const UNKNOWN_MILLISECONDS = 3000;

export interface TokenVerifier {
  /** The verdict on a token; undefined where it is malformed, unknown, expired or revoked. Rejects with TENANT_SUSPENDED, or UNAVAILABLE, never guesses. */
  verify(token: string): Promise<Verdict | undefined>;
}

export function tokenVerifier(database: Database, cache: TokenCache): TokenVerifier {
  // Tokens are random: one that is unknown now will not be issued within seconds. Bounded, so that guessing cannot fill the memory.
  const unknown = new LRUCache<string, true>({ max: 10_000, ttl: UNKNOWN_MILLISECONDS });
  // Many requests with a token are one question to the cache, and at most one to the database. A request may only share a question that
  // was put after it came: an older one may have been answered before a revocation that has returned since.
  const unasked = new Map<string, Promise<Verdict | undefined>>();
  const running = new Map<string, Promise<Verdict | undefined>>();
  const waiting = new Map<string, Promise<Verdict | undefined>>();

  async function ask(digest: Buffer, key: string): Promise<Verdict | undefined> {
    const keep = await cache.reserve(key); // before the question: see token-cache.ts
    const row = await useToken(database, digest);
    if (!row || row.tenantState === 'DELETING') {
      unknown.set(key, true);
      return undefined;
    }
    // Not cached, so that it holds no longer than the suspension.
    if (row.tenantState === 'SUSPENDED') throw new Failure('TENANT_SUSPENDED');
    const left = row.secondsLeft * 1000;
    const { tenantId, id: tokenId, clientRowId: clientId, audience, scopes, policies, schemaVersion, allowedNetworks: networks, tenantNetworks, requestsPerSecond } = row;
    const verdict: Verdict = {
      tenantId, tokenId, clientId, audience, scopes, policies, schemaVersion, networks, tenantNetworks, requestsPerSecond, expiresAt: Date.now() + left,
    };
    // Not waited for: a cache that hangs must not hold up the caller.
    void keep(verdict, Math.max(1, Math.min(CACHE_MILLISECONDS, left)));
    return verdict;
  }

  async function lookUp(digest: Buffer, key: string): Promise<Verdict | undefined> {
    const cached = await cache.get(key);
    return cached && cached.expiresAt > Date.now() ? cached : ask(digest, key);
  }

  function start(digest: Buffer, key: string): Promise<Verdict | undefined> {
    waiting.delete(key);
    // It is put when all that has just come, in one message of the facade, has been looked at.
    const question = Promise.resolve().then(() => {
      unasked.delete(key);
      return lookUp(digest, key);
    }).finally(() => running.delete(key));
    unasked.set(key, question);
    running.set(key, question);
    return question;
  }

  function askOnce(digest: Buffer, key: string): Promise<Verdict | undefined> {
    const coming = unasked.get(key);
    if (coming) return coming;
    const current = running.get(key);
    if (!current) return start(digest, key);
    const next = waiting.get(key) ?? current.then(() => start(digest, key), () => start(digest, key));
    waiting.set(key, next);
    return next;
  }

  return {
    verify: async (token) => {
      if (!isWellFormedToken(token)) return undefined;
      const digest = digestOf(token);
      const key = digest.toString('hex');
      if (unknown.has(key)) return undefined;
      return askOnce(digest, key);
    },
  };
}
