/**
 * What comparing values takes within one request: each text is folded once, and what is done is counted. A document may hold hundreds of
 * long values and a PATCH thousands of comparisons with each: one request of a few kilobytes would otherwise keep everybody waiting for
 * seconds.
 */
import { Failure } from './failure.js';
import { fold } from './fold.js';
import { limits } from './resources.js';

export interface Comparing {
  /** The text as it is compared without case. */
  readonly fold: (text: string) => string;
  /** Counts so many comparisons more. Fails with TOO_MANY where the request has made more than it may. */
  readonly count: (comparisons: number) => void;
}

/** What several that compare may make together: the operations of a Bulk request. */
export interface SharedComparisons {
  left: number;
}

/** Begins to count for one resource that is changed. */
export function startComparing(shared: SharedComparisons = { left: limits.comparisons }): Comparing {
  const folded = new Map<string, string>();
  let left: number = limits.comparisons;
  return {
    fold: (text) => {
      const known = folded.get(text);
      if (known !== undefined) return known;
      const key = fold(text);
      folded.set(text, key);
      return key;
    },
    count: (comparisons) => {
      left -= comparisons;
      shared.left -= comparisons;
      if (left < 0) throw tooMany(limits.comparisons);
      if (shared.left < 0) throw tooMany(limits.bulkComparisons);
    },
  };
}

const tooMany = (most: number): Failure =>
  new Failure('TOO_MANY', {
    detail: `The request compares values more often than ${most} times; send fewer operations at once, or filters with fewer terms.`,
  });
