/**
 * Bounds the work that runs at once and the work that waits. Those who wait are let in round-robin by key (the tenant), so that a busy key
 * delays only itself. Of our own: the bulkhead of cockatiel, which we have, knows no keys.
 */
import { Failure } from '../../../../schema/failure.js';

export interface QueueLimits {
  /** Works at once: of all, and of one key. */
  readonly running: number;
  readonly runningOfOne: number;
  /** Works at once of a key that is alone: nobody else has come for a second, and nobody else is here. `runningOfOne` where absent. */
  readonly runningOfLone?: number;
  /** Those who wait: of all, and of one key. */
  readonly waiting: number;
  readonly waitingOfOne: number;
  /** Milliseconds that one waits. */
  readonly patience: number;
  /**
   * Whether who has waited too long behind its own key hears OVERLOADED (503: the work is small, so we are slow) or TOO_MANY_REQUESTS (429:
   * the work is heavy, so the key is).
   */
  readonly lateIsOurs: boolean;
}

/** To be called when the work is done, once or more often. */
export type Leave = () => void;

export interface QueueState {
  readonly running: number;
  readonly waiting: number;
}

export interface FairQueue {
  /**
   * Answers when it is the key's turn. Rejects with TOO_MANY_REQUESTS where the key itself has too much under way, with OVERLOADED where
   * all together have or we are too slow.
   */
  enter(key: string): Promise<Leave>;
  state(): QueueState;
}

interface Waiter {
  readonly begin: () => void;
  readonly refuse: (failure: Failure) => void;
}

const tooMany = () =>
  new Failure('TOO_MANY_REQUESTS', {
    detail: 'Too many requests of this tenant are under way at the same time; send fewer at once.',
    retryAfter: 1,
  });
const overloaded = () => new Failure('OVERLOADED');

const ALONE_AFTER_MILLISECONDS = 1000;

/** Remembers the last two keys that came, and when: who else has come lately is one of them. */
function comings() {
  let last = { key: '', at: -Infinity };
  let lastOther = last;
  return {
    note: (key: string) => {
      if (key !== last.key) lastOther = last;
      last = { key, at: performance.now() };
    },
    hasOther: (key: string) => performance.now() - (key === last.key ? lastOther : last).at < ALONE_AFTER_MILLISECONDS,
  };
}

export function fairQueue(limits: QueueLimits): FairQueue {
  const { runningOfOne, runningOfLone = runningOfOne } = limits;
  const came = comings();
  const running = new Map<string, number>();
  /** By key; the first is whose turn is next. */
  const lines = new Map<string, Waiter[]>();
  let [runningOfAll, waitingOfAll] = [0, 0];
  const isAlone = (key: string) => running.size + lines.size <= Number(running.has(key)) + Number(lines.has(key)) && !came.hasOther(key);

  function isFull(key: string): boolean {
    const ofKey = running.get(key) ?? 0;
    return ofKey >= runningOfOne && (ofKey >= runningOfLone || !isAlone(key));
  }

  function begin(key: string): Leave {
    runningOfAll += 1;
    running.set(key, (running.get(key) ?? 0) + 1);
    let isUnderWay = true;
    return () => {
      if (!isUnderWay) return;
      isUnderWay = false;
      runningOfAll -= 1;
      const others = running.get(key)! - 1;
      if (others > 0) running.set(key, others);
      else running.delete(key);
      while (runningOfAll < limits.running && beginNext()); // more than one where a key has just come to be alone
    };
  }

  /** Answers whether there was somebody to begin with. */
  function beginNext(): boolean {
    for (const [key, [waiter]] of lines) {
      if (isFull(key)) continue;
      const line = lines.get(key)!;
      leaveLine(key, waiter!);
      if (lines.delete(key) && line.length > 0) lines.set(key, line); // behind all others
      waiter!.begin();
      return true;
    }
    return false;
  }

  function leaveLine(key: string, waiter: Waiter): void {
    const line = lines.get(key)!;
    line.splice(line.indexOf(waiter), 1);
    waitingOfAll -= 1;
    if (line.length === 0) lines.delete(key);
  }

  /** Where nobody else may wait, the last of the longest line goes: never is somebody refused because another has many waiting. */
  function makeRoom(key: string): void {
    const [longest, line] = [...lines].reduce((one, other) => (other[1].length > one[1].length ? other : one), ['', [] as Waiter[]]);
    if (line.length <= (lines.get(key)?.length ?? 0) + 1) throw overloaded();
    const last = line.at(-1)!;
    leaveLine(longest, last);
    last.refuse(overloaded());
  }

  function wait(key: string): Promise<Leave> {
    return new Promise((resolve, reject) => {
      const waiter: Waiter = {
        begin: () => {
          clearTimeout(timer);
          resolve(begin(key));
        },
        refuse: (failure) => {
          clearTimeout(timer);
          reject(failure);
        },
      };
      const timer = setTimeout(() => {
        leaveLine(key, waiter);
        waiter.refuse(isFull(key) && !limits.lateIsOurs ? tooMany() : overloaded());
      }, limits.patience);
      lines
        .set(key, lines.get(key) ?? [])
        .get(key)!
        .push(waiter);
      waitingOfAll += 1;
    });
  }

  return {
    state: () => ({ running: runningOfAll, waiting: waitingOfAll }),
    enter: async (key) => {
      came.note(key);
      if (runningOfAll < limits.running && !lines.has(key) && !isFull(key)) return begin(key);
      if ((lines.get(key)?.length ?? 0) >= limits.waitingOfOne) throw tooMany();
      if (waitingOfAll >= limits.waiting) makeRoom(key);
      return wait(key);
    },
  };
}
