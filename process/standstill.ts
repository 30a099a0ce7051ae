/**
 * A process that has stood still (stopped, swapped out, its machine frozen) finds what was sent to it meanwhile as if it had just come.
 * Whoever sent it may have given up long ago and done something else since, through another process: what was asked then must not be done
 * now.
 */
import type { Logger } from 'pino';

export interface Standstill {
  /** Whether what comes now may be old; then it is not to be begun. */
  isJustOver(): boolean;
  close(): void;
}

/** A little less than the facade waits for the core, which is less than clients wait for the facade. */
const LONG_MILLISECONDS = 9000;
const BEAT_MILLISECONDS = 500;
/** So long what has waited is taken for old: far longer than it takes to refuse it. */
const OVER_MILLISECONDS = 1000;

/** Watches this process, by the clock that only goes on; `long` is how long it must stand still for that to matter. */
export function watchStandstill(log: Logger, long = LONG_MILLISECONDS): Standstill {
  let lastBeat = performance.now();
  let end = -Infinity;
  // What has come may be read before the timer has its turn: whoever asks looks at the clock, too.
  const beat = () => {
    const now = performance.now();
    const milliseconds = now - lastBeat;
    lastBeat = now;
    if (milliseconds > long + BEAT_MILLISECONDS) {
      end = now + OVER_MILLISECONDS;
      log.warn({ milliseconds: Math.round(milliseconds) }, 'the process has stood still: what came meanwhile is not begun');
    }
    return now < end;
  };
  const timer = setInterval(beat, BEAT_MILLISECONDS).unref();
  return { isJustOver: beat, close: () => clearInterval(timer) };
}
