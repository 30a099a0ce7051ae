/** How many requests are being answered. Each holds a body, and the core refuses what it cannot do in time: more of them would only fill the memory. */
import { Failure } from '../schema/failure.js';

export interface ConcurrencyLimit {
  /** Counts a request until what it answers is called. Throws TOO_MANY_REQUESTS where its token has too many under way, OVERLOADED where all together have. */
  begin(token: string | undefined): () => void;
}

/** The bearer of one token gets a part of the places, so that nobody else finds them all taken. */
export function concurrencyLimit(most: number): ConcurrencyLimit {
  const mostOfOne = Math.ceil(most / 2);
  const byToken = new Map<string | undefined, number>();
  let all = 0;
  return {
    begin: (token) => {
      const own = byToken.get(token) ?? 0;
      if (token !== undefined && own >= mostOfOne) {
        throw new Failure('TOO_MANY_REQUESTS', { detail: 'Too many requests with this token are under way at the same time; send fewer at once.', retryAfter: 1 });
      }
      if (all >= most || own >= mostOfOne) throw new Failure('OVERLOADED');
      all += 1;
      byToken.set(token, own + 1);
      return () => {
        all -= 1;
        const left = byToken.get(token)! - 1;
        if (left > 0) byToken.set(token, left);
        else byToken.delete(token);
      };
    },
  };
}
