/**
 * Walks through a list by offset, page after page, as identity providers import (`startIndex`). Counting rows from the start would cost
 * more with every page, and would skip somebody whenever somebody before is deleted: instead the place where a page ended is noted for the
 * one that walks, and the next page begins there. So everybody who is there all the time is seen, once.
 */
import { randomUUID } from 'node:crypto';
import type { Position } from '../../store/resources/resource-lists.js';
import type { Walked, WalkMemory } from '../../store/redis/walk-memory.js';
import type { Page } from './paging.js';

/** Who reads: two tokens that walk the same list are two walks. */
export interface Reader {
  readonly tenantId: string;
  readonly tokenId: string | null;
}

/** By offset, with places to be noted; or by cursors, which hold the places, and only the total is to be known. */
export type Manner = 'byOffset' | 'byCursor';

/** One page of a walk: by whom, through which list. */
export interface Walk {
  /** The page that is asked for, from where it begins as far as that is known. A first page begins the walk anew. */
  locate(page: Page): Page | Promise<Page>;
  /**
   * Notes where the page after this one begins; after the last page of a walk, too: before it was read again, it may not have been the
   * last.
   */
  leave(
    page: Page,
    cut: { readonly rows: readonly { readonly position: Position }[]; readonly hasNextPage: boolean },
  ): void | Promise<void>;
  /** How many there are: counted with the first page where counting has its price, known for a few minutes to those after it. */
  total(page: Page, count: () => Promise<number>): Promise<number>;
}

/** What is noted: that a walk began, where a page ended, or how many there were. Walks that began later have greater names. */
interface Note {
  readonly walk: string;
  readonly at: number;
  readonly place?: { readonly offset: number; readonly position: Position; readonly isEnd: boolean };
  readonly total?: number;
}

const TOTAL_MILLISECONDS = 300_000;
/**
 * Somebody else with the same token, or a test of the connection, may begin while a walk is under way, which goes on if it does so soon.
 */
const OVERTAKEN_MILLISECONDS = 600_000;

/**
 * What a total must not be less than. Who walks stops when it has seen as many as the total says: deletions behind it lower the total,
 * and it would stop before the end of the list.
 */
export const seenBy = ({ offset }: Page, rows: readonly unknown[], hasNextPage: boolean): number =>
  rows.length > 0 ? offset + rows.length + (hasNextPage ? 1 : 0) : 0;

const isByOffset = ({ isBackward, from }: Page): boolean => !isBackward && from === undefined;
const isFirst = ({ offset, from }: Page): boolean => offset === 0 && from === undefined;

type PlaceNote = Note & Required<Pick<Note, 'place'>>;
const isPlace = (note: Note): note is PlaceNote => note.place !== undefined;

const latestWalk = (notes: readonly Note[]): string | undefined =>
  notes
    .map(({ walk }) => walk)
    .toSorted()
    .at(-1);

/** Whether this is the latest note of a recent, unfinished walk: it may go on, although the same token has begun another walk since. */
const isOvertaken = (places: readonly PlaceNote[], note: PlaceNote): boolean =>
  !note.place.isEnd && note.at > Date.now() - OVERTAKEN_MILLISECONDS && places.findLast(({ walk }) => walk === note.walk) === note;

/**
 * The place where the page begins, or the nearest one known before it: who asks for several pages at once asks for some of them before
 * the ones before are answered.
 */
function placeFor(notes: readonly Note[], offset: number): PlaceNote | undefined {
  const latest = latestWalk(notes);
  const places = notes.filter(isPlace);
  const exact = (note: PlaceNote) => note.place.offset === offset;
  const passed = places
    .filter(({ walk, place }) => walk === latest && place.offset <= offset)
    .toSorted((one, two) => one.place.offset - two.place.offset);
  const nearest = passed.at(-1); // sorting is stable: of those for one offset the last noted
  return nearest && exact(nearest) ? nearest : (places.findLast((note) => exact(note) && isOvertaken(places, note)) ?? nearest);
}

/** A name for a walk that begins at this time. Names are in the order of their times. */
const nameAt = (time: number): string => `${time}-${randomUUID()}`;
const timeIn = (name: string): number => Number.parseInt(name, 10);

const totalIn = (notes: readonly Note[]): number | undefined => {
  const latest = latestWalk(notes);
  return notes.findLast(({ walk, at, total }) => walk === latest && total !== undefined && at > Date.now() - TOTAL_MILLISECONDS)?.total;
};

/** Nobody walks on through what names one row or a few. */
export const noWalk: Walk = { locate: (page) => page, leave: () => undefined, total: (_, count) => count() };

/** A walk through the list that these texts describe (its type, filter and order). */
export function walkThrough(
  memory: WalkMemory,
  { tenantId, tokenId }: Reader,
  list: readonly (string | null | undefined)[],
  manner: Manner,
): Walk {
  const walked: Walked = [tenantId, tokenId, manner, ...list];
  let known: Promise<readonly Note[]> | undefined;
  const notes = () => (known ??= memory.notes(walked).then((texts) => texts.map((text) => JSON.parse(text) as Note)));
  let walk = nameAt(Date.now());
  const note = (more: Partial<Note>, when?: 'ifAny') =>
    memory.note(walked, JSON.stringify({ walk, at: Date.now(), ...more } satisfies Note), when);

  /**
   * Marks the beginning at once, for pages that are asked for together with the first one. Where the clock of who served the walk before is
   * ahead of ours, that would still be the latest: then once more, by a later name.
   */
  async function begin(): Promise<void> {
    const marked = note({}, 'ifAny');
    const latest = latestWalk(await notes());
    await marked;
    if (latest === undefined || latest <= walk) return;
    walk = nameAt(timeIn(latest) + 1);
    await note({}, 'ifAny');
  }

  let begun = Promise.resolve();
  return {
    locate: async (page) => {
      if (isFirst(page)) begun = begin(); // while the page is read
      if (page.offset === 0 || !isByOffset(page)) return page;
      const found = placeFor(await notes(), page.offset);
      walk = found?.walk ?? latestWalk(await notes()) ?? walk;
      return found ? { ...page, from: found.place.position, offset: page.offset - found.place.offset } : page;
    },
    leave: async (page, { rows, hasNextPage }) => {
      await begun;
      const last = rows.at(-1);
      const goesOn = manner === 'byOffset' && (hasNextPage || page.offset > 0);
      if (last && goesOn && isByOffset(page)) {
        await note({ place: { offset: page.offset + rows.length, position: last.position, isEnd: !hasNextPage } });
      }
    },
    total: async (page, count) => {
      const remembered = isFirst(page) ? undefined : totalIn(await notes());
      if (remembered !== undefined) return remembered;
      const total = await count();
      await note({ total });
      return total;
    },
  };
}
