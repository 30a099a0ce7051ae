/** Long work without a pause would keep everybody else of the process waiting. */
import { setImmediate } from 'node:timers/promises';

const MOST_MILLISECONDS = 10;

/** Takes all there is, and lets others have their turn whenever it has gone on for a while. */
export async function inTurns<Item>(items: Iterable<Item>): Promise<Item[]> {
  const taken: Item[] = [];
  let since = performance.now();
  for (const item of items) {
    taken.push(item);
    if (performance.now() - since < MOST_MILLISECONDS) continue;
    await setImmediate();
    since = performance.now();
  }
  return taken;
}
