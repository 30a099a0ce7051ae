/** A program of the project as a process of its own, started as a user starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import { exchange } from './http.js';

const root = path.resolve(import.meta.dirname, '../..');

export interface Program {
  /** What it has written so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Waits for text on stdout; rejects when the program ends without it. */
  shows(text: string): Promise<void>;
  /** Ends it with a signal; answers its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number>;
  isRunning(): boolean;
  /** The exit code, when it has ended. */
  readonly ended: Promise<number>;
}

/** Nothing of the test runner's own environment: what is not given is not set. */
const machine = () => ({ PATH: process.env['PATH'], HOME: process.env['HOME'] });

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null;

async function waitFor(condition: () => boolean, child: ChildProcess): Promise<void> {
  while (!condition() && isRunning(child)) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Runs `node tool ...args` in the project with these variables. */
export function launch(tool: string, args: readonly string[], variables: Readonly<Record<string, string>> = {}): Program {
  const child = spawn(process.execPath, [tool, ...args], {
    cwd: root,
    env: { ...machine(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.err += text;
  });
  const ended = once(child, 'close').then(([code]) => Number(code));
  return {
    out: () => written.out,
    err: () => written.err,
    ended,
    isRunning: () => isRunning(child),
    shows: async (text) => {
      await waitFor(() => written.out.includes(text), child);
      if (!written.out.includes(text)) throw new Error(`ended without "${text}":\n${written.out}\n${written.err}`);
    },
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Waits until who is asked there says that it is ready; throws what the programs have written where one of them has ended. */
export async function untilReady(origin: string, programs: readonly Program[]): Promise<void> {
  while (programs.every((program) => program.isRunning())) {
    const answer = await exchange(origin, 'GET', '/readyz').catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(programs.map((program) => program.err()).join('\n'));
}
