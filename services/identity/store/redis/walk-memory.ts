/**
 * What is noted of walks through lists by startIndex: where pages ended, and how many there are. In Redis where there is one, so that any
 * process can serve the next page; in this process otherwise. Each walker has the last few notes about each list under one key: however
 * often and far it walks, it takes no more room. What is forgotten is found out again, at a price.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { RedisDoor } from './redis.js';

/** A walker and a list: the parts that tell them from others. */
export type Walked = readonly unknown[];

export interface WalkMemory {
  /** The last notes, oldest first; none where nothing is noted, or where the memory cannot be reached. Never rejects. */
  notes(walked: Walked): Promise<readonly string[]>;
  /** Notes a text for an hour after the last note; with `ifAny` only beside other notes. No two notes are alike. Never rejects. */
  note(walked: Walked, text: string, when?: 'ifAny'): Promise<void>;
}

const MILLISECONDS = 3_600_000;
/** For the pages of a walk that are asked for again or side by side, and for the marks of those that began meanwhile. */
const MOST = 16;
const WALKERS = 10_000;

/** Filters are long, and may hold what is nobody's business: a key tells none of it. */
const keyOf = (walked: Walked): string => `identity:walk:${createHash('sha256').update(JSON.stringify(walked)).digest('base64url')}`;

export function memoryWalkMemory(): WalkMemory {
  const kept = new LRUCache<string, readonly string[]>({ max: WALKERS, ttl: MILLISECONDS });
  return {
    notes: async (walked) => kept.get(keyOf(walked)) ?? [],
    note: async (walked, text, when) => {
      const key = keyOf(walked);
      const before = kept.get(key);
      if (before || when !== 'ifAny') kept.set(key, [...(before ?? []), text].slice(-MOST));
    },
  };
}

/** The digits of a time in milliseconds: what was noted later sorts later. */
const STAMP = 13;

/**
 * This process keeps its notes, too: one slow answer of Redis would be a page that begins at the wrong place, and the door then stays shut
 * for a second. Both together are the notes, in the order of their times. Notes are only ever added to a list, which Redis does for many
 * processes at once.
 */
export function redisWalkMemory(redis: RedisDoor): WalkMemory {
  const own = memoryWalkMemory();
  return {
    notes: async (walked) => {
      const shared = await redis.attempt((client) => client.lrange(keyOf(walked), 0, -1)).catch(() => []);
      const all = new Set([...shared, ...(await own.notes(walked))]);
      return [...all].toSorted().map((text) => text.slice(STAMP));
    },
    note: async (walked, text, when) => {
      const key = keyOf(walked);
      const stamped = `${Date.now()}${text}`;
      await own.note(walked, stamped, when);
      await redis
        .attempt((client) => {
          const multi = client.multi();
          return (when === 'ifAny' ? multi.lpushx(key, stamped) : multi.lpush(key, stamped))
            .ltrim(key, 0, MOST - 1)
            .pexpire(key, MILLISECONDS)
            .exec();
        })
        .catch(() => undefined);
    },
  };
}
