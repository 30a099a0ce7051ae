/**
 * Keeps the indexes of what is searched in order, beside the requests. PostgreSQL puts what is new for such an index on a list, and the write that finds
 * the list full sorts it all in: it, and all that are written with it, take ten times as long as the others. Here that is done before the list is full.
 * Writes do not depend on it: without it the list is sorted in as PostgreSQL does it.
 */
import type { Statements } from './database.js';
import { sql } from './sql.js';

export interface SearchUpkeep {
  /** So many rows have been written. */
  note(rows: number): void;
  /** Ends; what is under way is waited for. Never rejects. */
  close(): Promise<void>;
}

/** Pages of the list, of 8 KiB: half as long costs as much again to sort in, twice as long makes searches slower, which read it. A quarter of what is full. */
const PAGES = 128;
/** Rows between two looks: of users with much in them, and of what is not searched, as members are. As long as nothing is known, users as Okta sends them. */
const [FEWEST, AT_FIRST, MOST] = [10, 120, 500];
/** The last ones are not left for long: each search would read them. */
const REST_MILLISECONDS = 2000;

/** How many pages were sorted in. Takes the owner's rights. */
const sortIn = sql<{ pages: string }>`select greatest(gin_clean_pending_list('app_user_search'), gin_clean_pending_list('app_group_search')) as pages`;

/** `on` runs statements as the owner. */
export function searchUpkeep(on: Statements): SearchUpkeep {
  let written = 0;
  let enough = AT_FIRST;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  /** Learns from how many pages the rows have become: not all are searched, and other processes write, too. More at once is tried bit by bit. */
  async function sort(rows: number): Promise<void> {
    const [answer] = await on.run(sortIn);
    const fitting = rows * PAGES / Math.max(Number(answer!.pages), 1);
    enough = Math.min(MOST, Math.max(FEWEST, Math.min(fitting, enough * 1.5)));
  }

  function look(): void {
    clearTimeout(timer);
    timer = undefined;
    const rows = written;
    written = 0;
    looking = sort(rows).catch(() => undefined).finally(() => {
      looking = undefined;
      if (!isClosed) note(0);
    });
  }

  function note(rows: number): void {
    written += rows;
    if (isClosed || looking || written === 0) return;
    if (written >= enough) look();
    else timer ??= setTimeout(look, REST_MILLISECONDS).unref();
  }

  return {
    note,
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
