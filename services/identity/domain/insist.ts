/** What must be heard is said again: a busy moment is no outage, and whoever revokes can wait longer than whoever reads. */
import { setTimeout as pause } from 'node:timers/promises';

const ATTEMPTS = 6;
const FIRST_PAUSE_MILLISECONDS = 20; // doubled each time: a second and a half at the most, with 50 ms for each attempt

/** Does it until it says that it was heard, or has been tried long enough; answers which. */
export async function insist(tell: () => Promise<boolean>): Promise<boolean> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) await pause(FIRST_PAUSE_MILLISECONDS * 2 ** (attempt - 1));
    if (await tell()) return true;
  }
  return false;
}
