/** The CLI as a process: `node dist/cli/main.js …`; `npx identity …` leads here. */
import { homedir } from 'node:os';
import { runCli } from './cli.js';
import { EXIT } from './exit-codes.js';
import type { Sink } from './io.js';

const sink = (stream: NodeJS.WriteStream): Sink => {
  // Told by the write itself; an error event without a listener would end the process.
  stream.on('error', () => undefined);
  return {
    write: (text) => new Promise((resolve, reject) => stream.write(text, (error) => (error ? reject(error) : resolve()))),
    isTTY: stream.isTTY ?? false,
  };
};

const IMPATIENCE = 1000; // milliseconds

/** One Ctrl-C may come several times: from the terminal, and handed on by npx. Only one that comes later means "at once". */
const interrupted = new AbortController();
let first: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (first !== undefined && performance.now() - first > IMPATIENCE) process.exit(EXIT.interrupted);
    first ??= performance.now();
    interrupted.abort();
  });
}

process.exit(
  await runCli(process.argv.slice(2), {
    environment: process.env,
    home: homedir(),
    stdin: { read: () => process.stdin as AsyncIterable<Uint8Array>, isTTY: process.stdin.isTTY ?? false },
    stdout: sink(process.stdout),
    stderr: sink(process.stderr),
    interrupted: interrupted.signal,
  }),
);
