/**
 * How many requests are being answered. Each holds a body, and the core refuses what it cannot do in time: more of them would only fill the
 * memory.
 */
import { fullFailure } from '../schema/failure.js';
import { type Shares, shares } from '../wire/shares.js';

/** Where a request is counted. */
export interface Place {
  /** Counts it as this holder's. Throws like `begin`, and leaves it where it was. */
  moveTo(holder: string): void;
  /** Counts it no longer. */
  readonly leave: () => void;
}

export interface ConcurrencyLimit {
  /**
   * Counts a request. Throws TOO_MANY_REQUESTS where its holder has too many under way (at the token provider: its address), OVERLOADED
   * where all together have.
   */
  begin(door: 'scim' | 'token', holder: string, address: string): Place;
}

const STRANGERS = '';

/**
 * Of so many places one holder gets half: a tenant, or a token of which it is not known whose it is. Strangers get half together, and at
 * the token provider, which reads what they send, each address a twentieth.
 */
export function concurrencyLimit(most: number): ConcurrencyLimit {
  const places = shares(most, Math.ceil(most / 2));
  const placesByAddress = shares(most, Math.ceil(most / 20));
  return {
    begin: (door, holder, address) => {
      if (door === 'scim') return placeIn(places, holder, 'of this tenant');
      const own = placeIn(placesByAddress, address, 'from this address');
      try {
        return both(placeIn(places, STRANGERS), own);
      } catch (error) {
        own.leave();
        throw error;
      }
    },
  };
}

/** Where all of a holder's places are taken, it is told so by the name that is given; who has none hears that there is too much for us. */
function placeIn(places: Shares, holder: string, name = ''): Place {
  const take = (one: string): string => {
    const full = places.take(one, 1);
    if (full) {
      throw fullFailure(one === STRANGERS ? 'ALL' : full, `Too many requests ${name} are under way at the same time; send fewer at once.`);
    }
    return one;
  };
  let held = take(holder);
  const leave = () => places.giveBack(held, 1);
  const moveTo = (other: string) => {
    if (other === held) return;
    leave();
    try {
      held = take(other);
    } catch (error) {
      take(held); // which is free
      throw error;
    }
  };
  return { leave, moveTo };
}

const both = (first: Place, second: Place): Place => ({
  moveTo: (holder) => first.moveTo(holder),
  leave: () => {
    first.leave();
    second.leave();
  },
});
