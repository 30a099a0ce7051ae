/**
 * When tokens are used, from where and by what: noted in this process, each token once a minute, and written a little later for all
 * together. No request waits for it; a process that is killed loses its last second.
 */
import { LRUCache } from 'lru-cache';
import { later } from '../../../../schema/later.js';
import { storablePart } from '../../../../schema/value.js';
import type { PastUse, TokenUse } from '../../store/tokens/token-use-rows.js';

export interface TokenUses {
  note(use: TokenUse): void;
  /** Writes what is left; nothing is written afterwards. Never rejects. */
  close(): Promise<void>;
}

const MINUTE_MILLISECONDS = 60_000;
const INTERVAL_MILLISECONDS = 1000;
const MOST_KEPT = 10_000;
const LONGEST_AGENT = 256;

/** Notes in this process; `write` passes over those that other processes have noted. */
export function tokenUses(write: (uses: readonly PastUse[]) => Promise<void>, onFailure: (error: unknown) => void): TokenUses {
  const noted = new LRUCache<string, true>({ max: 100_000, ttl: MINUTE_MILLISECONDS });
  let kept = new Map<string, TokenUse & { readonly noted: number }>();

  async function writeKept(): Promise<void> {
    const now = performance.now();
    const uses = [...kept.values()].map(({ noted: at, ...use }) => ({ ...use, seconds: (now - at) / 1000 }));
    kept = new Map();
    try {
      await write(uses);
    } catch (error) {
      onFailure(error);
      for (const { tokenId } of uses) noted.delete(tokenId); // the next use is noted again
    }
  }

  const writing = later(writeKept, INTERVAL_MILLISECONDS);
  return {
    note: (use) => {
      if (noted.has(use.tokenId) || kept.size >= MOST_KEPT) return;
      noted.set(use.tokenId, true);
      kept.set(use.tokenId, {
        ...use,
        noted: performance.now(),
        address: storablePart(use.address, LONGEST_AGENT),
        userAgent: storablePart(use.userAgent, LONGEST_AGENT),
      });
      writing.want();
    },
    close: () => writing.close(),
  };
}
