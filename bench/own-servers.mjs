/**
 * PostgreSQL and Redis of the run's own, where their programs are found and no address says which to use: as the machine's are set up does
 * not matter then.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { freePort } from './processes.mjs';

function which(name) {
  try {
    return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim() || undefined;
  } catch {
    return undefined;
  }
}

async function untilListening(port) {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const isThere = await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port}`);
}

/** As a server of that size is set up for real: it waits for the disk at each commit. */
const SETTINGS = { shared_buffers: '1GB', max_wal_size: '4GB', max_connections: '100', shared_preload_libraries: 'pg_stat_statements' };

/** A new cluster on a free port; undefined where PostgreSQL's programs are not found. */
async function startPostgres() {
  const initdb = globSync('/usr/lib/postgresql/*/bin/initdb').toSorted().at(-1) ?? which('initdb');
  if (!initdb) return undefined;
  const folder = mkdtempSync(join(process.env.BENCH_DIR || tmpdir(), 'identity-bench-postgres-'));
  const port = await freePort();
  const isRoot = process.getuid?.() === 0; // PostgreSQL refuses to run as root
  const call = (name, ...args) => {
    const program = join(dirname(initdb), name);
    const [file, ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', program, ...args] : [program, ...args];
    execFileSync(file, rest, { cwd: '/', stdio: 'ignore' });
  };
  if (isRoot) execFileSync('chown', ['postgres', folder]);
  chmodSync(folder, 0o700);
  const data = join(folder, 'data');
  call('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8');
  const options = Object.entries({ listen_addresses: '127.0.0.1', ...SETTINGS })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
  process.once('exit', () => {
    try {
      call('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
  call('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', `-p ${port} -k ${folder} ${options}`, 'start');
  return { url: `postgresql://postgres@127.0.0.1:${port}/postgres` };
}

/** A Redis that keeps nothing; undefined where its program is not found. */
async function startRedis() {
  const program = which('redis-server');
  if (!program) return undefined;
  const port = await freePort();
  const child = spawn(program, ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
    cwd: tmpdir(),
  });
  process.once('exit', () => child.kill());
  await untilListening(port);
  return { url: `redis://127.0.0.1:${port}/0` };
}

/** The addresses to use; whatever the environment names is used as it is. What was started ends with this process. */
export async function findServers() {
  const redis = process.env.REDIS_URL ? undefined : await startRedis();
  const postgres = process.env.DATABASE_URL ? undefined : await startPostgres();
  return { databaseUrl: postgres?.url, redisUrl: redis?.url };
}
