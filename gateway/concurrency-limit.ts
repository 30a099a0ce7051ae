/** How many requests are being answered. Each holds a body, and the core refuses what it cannot do in time: more of them would only fill the memory. */
import { fullFailure } from '../schema/failure.js';
import { type Shares, shares } from '../wire/shares.js';
import type { Origin } from './core.js';

export interface ConcurrencyLimit {
  /**
   * Counts a request until what it answers is called. Throws TOO_MANY_REQUESTS where its token has too many under way (at the token provider: its address), OVERLOADED where all
   * together have.
   */
  begin(door: 'scim' | 'token', origin: Origin): () => void;
}

const STRANGERS = '';

/** Of so many places one token gets half. Strangers get half together, and at the token provider, which reads what they send, each address a twentieth. */
export function concurrencyLimit(most: number): ConcurrencyLimit {
  const places = shares(most, Math.ceil(most / 2));
  const placesByAddress = shares(most, Math.ceil(most / 20));
  return {
    begin: (door, { token = STRANGERS, address }) => {
      if (door === 'scim') return placeIn(places, token, 'with this token');
      const leave = placeIn(placesByAddress, address, 'from this address');
      try {
        return both(placeIn(places, STRANGERS), leave);
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}

/** Where all of a holder's places are taken, it is told so by the name that is given; who has none hears that there is too much for us. */
function placeIn(places: Shares, holder: string, name = ''): () => void {
  const full = places.take(holder, 1);
  if (full) throw fullFailure(holder === STRANGERS ? 'ALL' : full, `Too many requests ${name} are under way at the same time; send fewer at once.`);
  return () => places.giveBack(holder, 1);
}

const both = (first: () => void, second: () => void) => () => {
  first();
  second();
};
