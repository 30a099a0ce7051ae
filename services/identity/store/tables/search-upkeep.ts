/**
 * Keeps the indexes of what is searched in order, beside the requests. PostgreSQL puts what is new for such an index on a list, and the
 * write that finds the list full sorts it all in: it, and all that are written with it, take ten times as long as the others. Here that is
 * done before the list is full. Writes do not depend on it: without it the list is sorted in as PostgreSQL does it. (The embedded database
 * is one session: there requests wait, as they did.)
 */
import type { Statements } from '../connection/database.js';
import { sql } from '../query/sql.js';

export interface SearchUpkeep {
  /** Something has been written. */
  note(): void;
  /** Ends; what is under way is waited for. Never rejects. */
  close(): Promise<void>;
}

/**
 * From a write to the look after it: under load some 700 rows, 175 pages of the list of 8 KiB, of the 512 that are full. More often costs
 * more for each row, the more the larger the index; less often makes searches slower, which read the list.
 */
const INTERVAL_MILLISECONDS = 500;

/** Takes the owner's rights. */
const sortIn = sql`select gin_clean_pending_list('app_user_search'), gin_clean_pending_list('app_group_search')`;

/** `on` runs statements as the owner. */
export function searchUpkeep(on: Statements): SearchUpkeep {
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();
  let isClosed = false;

  function look(): void {
    if (isClosed) return;
    timer = undefined;
    // One that fails is made up for by the next, by PostgreSQL's own upkeep, or by a write that finds the list full.
    looking = on.run(sortIn).then(
      () => undefined,
      () => undefined,
    );
  }

  return {
    note: () => {
      // What is written while the list is sorted in may have come too late for it: the next look begins when this one has ended.
      if (!isClosed) timer ??= setTimeout(() => void looking.then(look), INTERVAL_MILLISECONDS).unref();
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await looking;
    },
  };
}
