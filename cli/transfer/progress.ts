/** How far a transfer is, on stderr: one line that is written over on a terminal, a line now and then elsewhere. */
import type { Session } from '../session.js';

const ON_A_TERMINAL = 200;
const ELSEWHERE = 5000;

export interface Progress {
  /** Told often; shown now and then. */
  at(sentence: string): Promise<void>;
  /** Takes the line off the terminal, before something else is written. */
  clear(): Promise<void>;
}

export function startProgress({ io: { stderr }, isQuiet }: Session): Progress {
  const pause = stderr.isTTY ? ON_A_TERMINAL : ELSEWHERE;
  let shownAt = performance.now();
  let isShown = false;
  return {
    at: async (sentence) => {
      if (isQuiet || performance.now() - shownAt < pause) return;
      shownAt = performance.now();
      isShown = stderr.isTTY;
      await stderr.write(stderr.isTTY ? `\r\u001b[K${sentence}` : `${sentence}\n`);
    },
    clear: async () => {
      if (isShown) await stderr.write('\r\u001b[K');
      isShown = false;
    },
  };
}
