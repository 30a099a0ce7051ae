/** Looks whether tokens are about to expire, and leaves change records that say so. Any number of processes may. */
import type { Database } from '../../store/connection/database.js';
import { writeDueWarnings } from '../../store/tokens/token-warning-rows.js';

const AT_ONCE = 1000;

/** Writes all warnings that are due. Answers how many this call has written. */
export async function warnOfExpiry(database: Database): Promise<number> {
  let all = 0;
  for (;;) {
    const written = await writeDueWarnings(database, AT_ONCE);
    all += written;
    if (written < AT_ONCE) return all;
  }
}
