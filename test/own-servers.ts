/** PostgreSQL and Redis processes of one's own, on free ports, to be stopped, frozen and killed: never those of the machine. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { globSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

function which(name: string): string | undefined {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Where the programs are; undefined where one of them is missing. */
export function findPrograms(): { postgresFolder: string; redisServer: string } | undefined {
  const initdb = globSync('/usr/lib/postgresql/*/bin/initdb').toSorted().at(-1) ?? which('initdb');
  const redisServer = which('redis-server');
  return initdb && redisServer ? { postgresFolder: dirname(initdb), redisServer } : undefined;
}

/** A port that is free at the moment. */
export const freePort = (): Promise<number> => new Promise((resolve, reject) => {
  const server = createServer().once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    server.close(() => resolve(port));
  });
});

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port}`);
}

export interface OwnPostgres {
  readonly url: string;
  start(): Promise<void>;
  /** Pulls the plug: connections break, nothing is put in order. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export async function createPostgres(programs: string): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'identity-postgres-'));
  const port = await freePort();
  const data = join(folder, 'data');
  const isRoot = process.getuid?.() === 0; // PostgreSQL refuses to run as root
  if (isRoot) {
    await run('chown', ['postgres', folder]);
    await chmod(folder, 0o700);
  }
  const call = (name: string, ...args: string[]) =>
    (isRoot ? run('runuser', ['-u', 'postgres', '--', join(programs, name), ...args], { cwd: '/' }) : run(join(programs, name), args));
  await call('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync');
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=50`;
  const start = async () => {
    await call('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start');
    await untilListening(port);
  };
  const stop = async () => void await call('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
  await start();
  return {
    url: `postgresql://postgres@127.0.0.1:${port}/postgres`,
    start,
    stop,
    remove: async () => {
      await stop().catch(() => {});
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface OwnRedis {
  readonly url: string;
  /** Starts it, with what was last saved. */
  start(): Promise<void>;
  /** Takes requests and answers none. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  /** Sends one command and answers what came back, as it came. */
  command(...words: string[]): Promise<string>;
  /** The bytes of the dump that SAVE leaves. */
  dump(): Promise<Buffer>;
}

const sendTo = (port: number, words: readonly string[]): Promise<string> => new Promise((resolve, reject) => {
  const socket = connect(port, '127.0.0.1', () => socket.end(`${words.join(' ')}\r\n`)).once('error', reject);
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => { answer += text; }).on('end', () => resolve(answer));
});

export async function createRedis(program: string): Promise<OwnRedis> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'identity-redis-'));
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--rdbcompression', 'no', '--dir', folder], { stdio: 'ignore', cwd: folder });
    await untilListening(port);
  };
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await start();
  const command: OwnRedis['command'] = (...words) => sendTo(port, words);
  return {
    url: `redis://127.0.0.1:${port}/0`,
    start,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    kill: () => new Promise((resolve) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    }),
    command,
    dump: async () => {
      await command('SAVE');
      return readFile(join(folder, 'dump.rdb'));
    },
  };
}
