/** From what the parser has found to an action with a session. */
import type { Command } from 'commander';
import type { ExitCode } from './exit-codes.js';
import type { Io } from './io.js';
import { type GlobalOptions, openSession, type Session } from './session.js';

/** An action: the session, the options, then the arguments. Answers an exit code where that is not 0. */
export type Action<Options, Args extends readonly unknown[]> = (
  session: Session,
  options: Options,
  ...args: Args
) => Promise<ExitCode | void>;

export interface Runner {
  /** Makes of an action what the parser calls. */
  <Options, Args extends readonly unknown[]>(action: Action<Options, Args>): (...given: unknown[]) => Promise<void>;
}

export interface Running {
  readonly runner: Runner;
  exitCode(): ExitCode;
  /** The session of the command that ran; absent where none did. */
  session(): Session | undefined;
}

/** Whether a command is let finish what it is at when it is interrupted: it then sees to the signal itself. */
const endsByItself = new WeakSet<Command>();
export const letFinish = (command: Command): Command => {
  endsByItself.add(command);
  return command;
};

/** Ends a command that was interrupted. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export const interruption = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(new Interrupted());
    signal.addEventListener('abort', () => reject(new Interrupted()), { once: true });
  });

/** How often what was put off is asked for again: by what runs for long, and by anything else. */
const [PATIENT, USUAL] = [20, 4];

/** Commander gives the arguments, then the options, then the command. */
export function startRunning(io: Io): Running {
  let exitCode: ExitCode = 0;
  let session: Session | undefined;
  const runner: Runner =
    (action) =>
    async (...given) => {
      const command = given.at(-1) as Command;
      const options = command.optsWithGlobals<GlobalOptions>();
      session = openSession(io, options, endsByItself.has(command) ? PATIENT : USUAL);
      const running = action(session, options as never, ...(given.slice(0, -2) as never));
      exitCode = (await (endsByItself.has(command) ? running : Promise.race([running, interruption(io.interrupted)]))) ?? 0;
    };
  return { runner, exitCode: () => exitCode, session: () => session };
}
