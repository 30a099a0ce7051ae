/**
 * The cache shared by all processes. A verdict counts only in the era and in the run of Redis that it was kept in: of what a Redis
 * brings back from a dump nothing counts, and neither does what it held while nobody could tell it of a revocation.
 * What Redis has just answered is not asked again for a moment, and whoever ends a token waits for longer than that.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { RedisDoor } from './redis.js';
import { type Fill, PLACE_MILLISECONDS, type TokenCache, type Verdict } from './token-cache.js';
import type { TokenEra } from './token-era.js';

const FILL =
  'if redis.call("get", KEYS[2]) ~= ARGV[1] then return 0 end redis.call("set", KEYS[1], ARGV[2], "px", ARGV[3]) redis.call("del", KEYS[2]) return 1';
const MOST_AT_ONCE = 1000;
const MOST_READ = 1000;
/** So long after it was asked an answer of Redis counts. Under load that is one question for forty requests. */
const MOMENT_MILLISECONDS = 10;
/** Two clocks that count the same moment may differ by a little. */
const MARGIN_MILLISECONDS = 5;
const verdictKey = (digest: string) => `identity:verdict:${digest}`;
const placeKey = (digest: string) => `identity:place:${digest}`;

interface KeptVerdict extends Verdict {
  readonly when: string;
}
interface Answered {
  readonly kept: KeptVerdict;
  readonly askedAt: number;
}

const ignore = () => undefined;
const keepNothing: Fill = async () => undefined;

export function redisTokenCache(redis: RedisDoor, era: TokenEra): TokenCache {
  // Redis answers the same text for a minute. It is the same object then, and so is what has been made of it (domain/caller.ts).
  const known = new LRUCache<string, KeptVerdict>({ max: MOST_READ });
  const answered = new LRUCache<string, Answered>({ max: MOST_READ });

  /** What is no verdict, whoever has written it, is as good as nothing: then the database is asked. */
  function read(text: string): KeptVerdict | undefined {
    const found = known.get(text);
    if (found) return found;
    try {
      const made = JSON.parse(text) as KeptVerdict | null;
      if (typeof made !== 'object' || made === null) return undefined;
      known.set(text, made);
      return made;
    } catch {
      return undefined;
    }
  }

  /** Era and run: undefined where one of them is not known, and then the cache is not to be used. */
  async function now(): Promise<string | undefined> {
    const present = redis.run() === undefined ? undefined : await era.present();
    const run = redis.run();
    return present !== undefined && run !== undefined ? `${present} ${run}` : undefined;
  }

  function justAnswered(digest: string, when: string): KeptVerdict | undefined {
    const answer = answered.get(digest);
    return answer?.kept.when === when && performance.now() - answer.askedAt < MOMENT_MILLISECONDS ? answer.kept : undefined;
  }

  /** What Redis says, if it was kept at the time given. */
  async function ask(digest: string, when: string): Promise<KeptVerdict | undefined> {
    const askedAt = performance.now(); // before the question: what is answered was true then or later
    const text = await redis.attempt((client) => client.get(verdictKey(digest))).catch(ignore);
    const kept = text ? read(text) : undefined;
    if (kept?.when !== when) return undefined;
    answered.set(digest, { kept, askedAt });
    return kept;
  }

  async function remove(digests: readonly string[]): Promise<void> {
    for (let at = 0; at < digests.length; at += MOST_AT_ONCE) {
      await redis.client.del(digests.slice(at, at + MOST_AT_ONCE).flatMap((digest) => [verdictKey(digest), placeKey(digest)]));
    }
  }

  return {
    get: async (digest) => {
      const when = await now();
      if (when === undefined) return undefined;
      const kept = justAnswered(digest, when) ?? (await ask(digest, when));
      // The run is compared once more: the command may have waited, and then gone to a Redis that has started again.
      return when.endsWith(` ${redis.run()}`) ? kept : undefined;
    },
    reserve: async (digest) => {
      const when = await now();
      if (when === undefined) return keepNothing;
      const place = randomUUID();
      const taken = await redis.attempt((client) => client.set(placeKey(digest), place, 'PX', PLACE_MILLISECONDS)).catch(ignore);
      if (taken !== 'OK') return keepNothing;
      return async (verdict, ttl) => {
        const text = JSON.stringify({ ...verdict, when } satisfies KeptVerdict);
        await redis
          .attempt((client) => client.eval(FILL, 2, verdictKey(digest), placeKey(digest), place, text, Math.ceil(ttl)))
          .catch(ignore);
      };
    },
    revoke: async (digests) => {
      if (digests.length === 0) return;
      // Once more before it is given up: a busy process may miss an answer that has come.
      const isRemoved = await remove(digests)
        .catch(() => remove(digests))
        .then(
          () => true,
          () => false,
        );
      await (isRemoved ? pause(MOMENT_MILLISECONDS + MARGIN_MILLISECONDS) : era.advance());
    },
  };
}
