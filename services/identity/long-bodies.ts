/** How much of long bodies is kept at once: each is kept whole before it is known what it asks for, and a caller may send many and finish none. */
import { fullFailure } from '../../schema/failure.js';
import { shares } from '../../wire/shares.js';

export interface LongBodies {
  /** Makes room for so many bytes of a tenant's; to be called back when they are done with. Throws TOO_MANY_REQUESTS where the tenant has too many under way, OVERLOADED where all together have. */
  take(tenantId: string, bytes: number): () => void;
}

/** One tenant gets half of the bytes, so that nobody else finds them all taken. */
export function longBodies(most: number): LongBodies {
  const room = shares(most, most / 2);
  return {
    take: (tenantId, bytes) => {
      const full = room.take(tenantId, bytes);
      if (full) throw fullFailure(full, 'Too many long requests of this tenant are under way at the same time; send fewer at once.');
      return () => room.giveBack(tenantId, bytes);
    },
  };
}
