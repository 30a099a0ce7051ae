/**
 * Keeps the indexes of what is searched in order, beside the requests. PostgreSQL puts what is new for such an index on a list, and the
 * write that finds the list full sorts it all in: it, and all that are written with it, take ten times as long as the others. Here that is
 * done before the list is full. Writes do not depend on it: without it the list is sorted in as PostgreSQL does it. (The embedded database
 * is one session: there requests wait, as they did.)
 */
import type { Statements } from '../connection/database.js';
import { later } from '../../../../schema/later.js';
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

/**
 * `on` runs statements as the owner. What is written while the list is sorted in may have come too late for it: it is sorted in once more.
 * Where that fails, the next time makes up for it, PostgreSQL's own upkeep, or a write that finds the list full.
 */
export function searchUpkeep(on: Statements): SearchUpkeep {
  const sorting = later(() => on.run(sortIn), INTERVAL_MILLISECONDS);
  return { note: () => sorting.want(), close: () => sorting.stop() };
}
