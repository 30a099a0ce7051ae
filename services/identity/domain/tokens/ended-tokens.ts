/**
 * Whose the tokens were that are refused: the likeliest reason why an identity provider is turned away is that its token has expired. The
 * log tells it, a little later and for all together: how long a refusal takes must tell nobody whether the token ever was one, and whoever
 * guesses tokens must not make more work than that.
 */
import { LRUCache } from 'lru-cache';
import { later } from '../../../../schema/later.js';
import type { EndedToken } from '../../store/tokens/ended-token-rows.js';

export interface EndedTokens {
  /** Looks by and by whether the refused token of this digest (hexadecimal) was somebody's. */
  readonly note: (digest: string) => void;
  readonly close: () => Promise<void>;
}

const INTERVAL_MILLISECONDS = 1000;
const MOST_AT_ONCE = 100;
/** A client that goes on with its old token is told of once a minute. */
const TOLD_MILLISECONDS = 60_000;

/** `find` answers those of the digests that were somebody's; `tell` hears of each. What cannot be found out is let go. */
export function endedTokens(
  find: (digests: readonly Uint8Array[]) => Promise<readonly EndedToken[]>,
  tell: (token: EndedToken) => void,
): EndedTokens {
  const told = new LRUCache<string, true>({ max: 10_000, ttl: TOLD_MILLISECONDS });
  const noted = new Set<string>();

  async function look(): Promise<void> {
    const digests = [...noted];
    noted.clear();
    const found = await find(digests.map((digest) => Buffer.from(digest, 'hex'))).catch(() => []);
    for (const token of found.filter(({ tokenId }) => !told.has(tokenId))) {
      told.set(token.tokenId, true);
      tell(token);
    }
  }

  const looking = later(look, INTERVAL_MILLISECONDS);
  return {
    note: (digest) => {
      if (noted.size >= MOST_AT_ONCE) return;
      noted.add(digest);
      looking.want();
    },
    close: () => looking.stop(),
  };
}
