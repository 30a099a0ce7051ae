/**
 * What is remembered of walks through lists by startIndex: where the next page begins, and how many there are. In Redis where there is
 * one, so that any process can serve the next page; in this process otherwise. What is forgotten is found out again, at a price.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { RedisDoor } from './redis.js';

export interface WalkMemory {
  /** What was remembered under these parts; undefined where nothing is, or where the memory cannot be reached. Never rejects. */
  recall(parts: readonly unknown[]): Promise<string | undefined>;
  /** Remembers a text for an hour, if the memory can be reached. Never rejects. */
  remember(parts: readonly unknown[], text: string): Promise<void>;
}

const MILLISECONDS = 3_600_000;

/** Filters are long, and may hold what is nobody's business: a key tells none of it. */
const keyOf = (parts: readonly unknown[]): string => `identity:walk:${createHash('sha256').update(JSON.stringify(parts)).digest('base64url')}`;

export function memoryWalkMemory(): WalkMemory {
  const texts = new LRUCache<string, string>({ max: 50_000, ttl: MILLISECONDS });
  return {
    recall: async (parts) => texts.get(keyOf(parts)),
    remember: async (parts, text) => void texts.set(keyOf(parts), text),
  };
}

/** The digits of a time in milliseconds: what was remembered later sorts later. */
const STAMP = 13;

/**
 * This process remembers, too: one slow answer of Redis would be a page that begins at the wrong place, and the door then stays shut for a
 * second. What either of them remembered last counts: in Redis it may be a page of an earlier walk.
 */
export function redisWalkMemory(redis: RedisDoor): WalkMemory {
  const own = memoryWalkMemory();
  return {
    recall: async (parts) => {
      const known = [await redis.attempt((client) => client.get(keyOf(parts))).catch(() => undefined), await own.recall(parts)];
      return known.filter((text) => typeof text === 'string').toSorted().at(-1)?.slice(STAMP);
    },
    remember: async (parts, text) => {
      const stamped = `${Date.now()}${text}`;
      await own.remember(parts, stamped);
      await redis.attempt((client) => client.set(keyOf(parts), stamped, 'PX', MILLISECONDS)).catch(() => undefined);
    },
  };
}
