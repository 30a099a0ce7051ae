/** The whole CLI as a function: what is asked and the world around it in, an exit code out. */
import { CommanderError } from 'commander';
import { EXIT, type ExitCode, tell, type Told } from './exit-codes.js';
import type { Io } from './io.js';
import { buildProgram } from './program.js';
import { Interrupted, startRunning } from './runner.js';

const isPipeClosed = (error: unknown): boolean => (error as { code?: unknown } | undefined)?.code === 'EPIPE';

function sentenceOf({ code, message, field, requestId }: Told): string {
  const details = [code, field === undefined ? '' : `field ${field}`, requestId === undefined ? '' : `request ${requestId}`]
    .filter(Boolean)
    .join(', ');
  return `error: ${message} [${details}]\n`;
}

/** Runs one command line, without the names of the program. Rejects never. */
export async function runCli(args: readonly string[], io: Io): Promise<ExitCode> {
  const running = startRunning(io);
  const written: Promise<void>[] = [];
  const program = buildProgram(running.runner, {
    writeOut: (text) => void written.push(io.stdout.write(text)),
    writeErr: (text) => void written.push(io.stderr.write(text)),
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return running.exitCode();
  } catch (error) {
    await Promise.allSettled(written);
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (isPipeClosed(error)) return EXIT.done; // whoever read has enough, as `head` has
    if (error instanceof Interrupted) {
      await io.stderr.write('error: Interrupted. [INTERRUPTED]\n').catch(() => undefined);
      return EXIT.interrupted;
    }
    const session = running.session();
    const told = tell(error, session?.lastRequestId());
    await io.stderr.write(session?.isJson ? `${JSON.stringify({ error: told })}\n` : sentenceOf(told)).catch(() => undefined);
    return told.exitCode;
  }
}
