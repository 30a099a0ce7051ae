/** The life of a process: configuration or a list of faults, a start or a sentence why not, and an orderly end on a signal. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

export interface Running {
  /** Says from now on that it is not ready, and goes on working: whoever spreads the requests is to find another. */
  leave(): void;
  close(): Promise<void>;
}

/** The same, with something more to close once it has ended, well or not. */
export const thenClosing = (running: Running, closeRest: () => Promise<void>): Running => ({
  leave: () => running.leave(),
  close: async () => {
    try {
      await running.close();
    } finally {
      await closeRest();
    }
  },
});

/** A little less than what orchestrators wait before they kill (30 s). */
const HARD_STOP_MS = 25_000;

const tell = (sentence: string) => process.stderr.write(`${sentence}\n`);
const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** What the reader answers; where it throws, its message goes to stderr and the process ends. */
export function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    tell(messageOf(error));
    process.exit(1);
  }
}

/** What to change where a start failed for one of the usual reasons; undefined for all others. */
function startAdvice(error: unknown): string | undefined {
  const { code, address, port } = error as { code?: string; address?: string; port?: number };
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${address} is taken: stop what listens there, or choose other ports with IDENTITY_PORT, GATEWAY_PORT and METRICS_PORT.`;
  }
  if (code === 'EACCES' && port) {
    return `This user may not listen on port ${port}: choose ports above 1023 with IDENTITY_PORT, GATEWAY_PORT and METRICS_PORT.`;
  }
  if (code === 'EADDRNOTAVAIL') return `${address} is no address of this machine: set HOST to one that is, as in 127.0.0.1.`;
  return undefined;
}

const LAST_LINES_MS = 1000;

/** Lets the last lines of the log out, where they can be written. */
const flush = (log: Logger): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, LAST_LINES_MS);
    log.flush(() => resolve());
  });

/** The start was to end, and has: nothing is half made. */
async function endUnstarted(log: Logger): Promise<never> {
  log.info('ended before the start was complete');
  await flush(log);
  process.exit(0);
}

async function failStart(error: unknown, log: Logger): Promise<never> {
  const advice = startAdvice(error);
  if (advice === undefined) log.fatal({ err: error }, 'could not start');
  tell(`Could not start. ${advice ?? messageOf(error)}`);
  await flush(log);
  process.exit(1);
}

/**
 * Starts, and stays until SIGINT or SIGTERM; then is not ready for so many seconds, closes and exits with 0, or with 1 where closing fails
 * or takes too long. A signal during the start aborts `ending`: a start that only waits ends with its reason, and the process with 0; any
 * other is waited for, so that a database that is being created is not left half made, but for no longer than closing may take. Further
 * signals change nothing, because one Ctrl-C arrives several times (from the terminal, from npm, and from the launcher).
 */
export async function runUntilSignal(start: (ending: AbortSignal) => Promise<Running>, log: Logger, drainSeconds = 0): Promise<void> {
  const ending = new AbortController();
  const started = start(ending.signal);
  let running: Running | undefined;
  const end = async () => {
    if (ending.signal.aborted) return;
    ending.abort();
    const drain = running ? drainSeconds * 1000 : 0; // nobody has heard of one that is only starting
    setTimeout(() => process.exit(1), drain + HARD_STOP_MS).unref();
    running ??= await started;
    running.leave();
    if (drain > 0) await sleep(drain);
    await running.close();
    await flush(log);
    process.exit(0);
  };
  const endOrFail = () =>
    void end().catch(async (error: unknown) => {
      if (error === ending.signal.reason) return; // told below
      log.error({ err: error }, 'could not close in order');
      await flush(log);
      process.exit(1);
    });
  process.on('SIGINT', endOrFail).on('SIGTERM', endOrFail);
  running = await started.catch((error: unknown) => (error === ending.signal.reason ? endUnstarted(log) : failStart(error, log)));
}
