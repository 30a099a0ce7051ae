/**
 * Walks through a list by offset, page after page, as identity providers import (`startIndex`). Counting rows from the start would cost more
 * with every page, and would skip somebody whenever somebody before is deleted: instead the place where a page ended is remembered for the one
 * that walks, and the next page begins there. So everybody who is there all the time is seen, once.
 */
import type { Position } from '../store/resource-lists.js';
import type { WalkMemory } from '../store/walk-memory.js';
import type { Page } from './paging.js';

/** Who reads: two tokens that walk the same list are two walks. */
export interface Reader {
  readonly tenantId: string;
  readonly tokenId: string | null;
}

/** One walk: by whom, through which list. */
export interface Walk {
  /** The page that is asked for, from where it begins where that is known. */
  locate(page: Page): Promise<Page>;
  /** Remembers where the page after this one begins; after the last page of a walk, too: before it was read again, it may not have been the last. */
  leave(page: Page, rows: readonly { readonly position: Position }[], goesOn: boolean): Promise<void>;
  /** How many there are: counted with the first page where counting has its price, remembered for those after it. */
  total(page: Page, count: () => Promise<number>): Promise<number>;
}

/**
 * What a total must not be less than. Who walks stops when it has seen as many as the total says: deletions behind it lower the total,
 * and it would stop before the end of the list.
 */
export const seenBy = ({ offset }: Page, rows: readonly unknown[], hasNextPage: boolean): number =>
  (rows.length > 0 ? offset + rows.length + (hasNextPage ? 1 : 0) : 0);

const isByOffset = ({ isBackward, from }: Page): boolean => !isBackward && from === undefined;

/** A walk through the list that these texts describe (its type, filter and order). */
export function walkThrough(memory: WalkMemory, { tenantId, tokenId }: Reader, list: readonly (string | null | undefined)[]): Walk {
  const place = (offset: number) => ['place', tenantId, tokenId, ...list, offset];
  const counted = ['total', tenantId, tokenId, ...list];
  return {
    locate: async (page) => {
      if (page.offset === 0 || !isByOffset(page)) return page;
      const found = await memory.recall(place(page.offset));
      return found === undefined ? page : { ...page, from: JSON.parse(found) as Position, offset: 0 };
    },
    leave: async (page, rows, goesOn) => {
      const last = rows.at(-1);
      if (last && goesOn && isByOffset(page)) await memory.remember(place(page.offset + rows.length), JSON.stringify(last.position));
    },
    total: async (page, count) => {
      const isFirst = page.offset === 0 && page.from === undefined;
      const known = isFirst ? undefined : await memory.recall(counted);
      if (known !== undefined) return Number(known);
      const total = await count();
      await memory.remember(counted, String(total));
      return total;
    },
  };
}
