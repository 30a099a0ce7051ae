/** Work beside the requests, for all that was noted meanwhile. */
export interface Later {
  /** There is something to do: it is done by and by. */
  want(): void;
  /** Does what is wanted still, and nothing afterwards; never rejects. */
  close(): Promise<void>;
  /** Does nothing any more; waits for what is under way. */
  stop(): Promise<void>;
}

/** Does the work so many milliseconds after it is wanted, never twice at the same time. `work` deals with its own failures. */
export function later(work: () => Promise<unknown>, milliseconds: number): Later {
  let timer: NodeJS.Timeout | undefined;
  let working = Promise.resolve();
  let isClosed = false;

  /** From now on what is wanted is wanted anew. */
  function begin(): void {
    timer = undefined;
    working = working.then(work).then(
      () => undefined,
      () => undefined,
    );
  }

  async function beginAfterThisOne(): Promise<void> {
    await working;
    if (timer) begin(); // not where it has been closed meanwhile
  }

  /** Whether anything was wanted still. */
  function end(): boolean {
    const isWanted = timer !== undefined;
    isClosed = true;
    clearTimeout(timer);
    timer = undefined;
    return isWanted;
  }

  return {
    want: () => {
      if (!isClosed) timer ??= setTimeout(() => void beginAfterThisOne(), milliseconds).unref();
    },
    close: async () => {
      await working; // what it could not do it may want to do again
      if (end()) begin();
      await working;
    },
    stop: () => {
      end();
      return working;
    },
  };
}
