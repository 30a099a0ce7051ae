/** PostgreSQL and Redis processes of one's own, on free ports, to be stopped, frozen and killed: never those of the machine. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chmod, chown, copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
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
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
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

/** Files in PEM: an authority of one's own, and what it has signed for the server at 127.0.0.1 and for a client, the user postgres. */
export interface Certificates {
  readonly folder: string;
  readonly authority: string;
  readonly server: string;
  readonly serverKey: string;
  readonly client: string;
  readonly clientKey: string;
}

/** Made anew, with the program openssl. */
export async function createCertificates(): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'identity-tls-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string) => join(folder, name);
  const make = (name: string, subject: string, ...more: string[]) =>
    run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-keyout',
      at(`${name}.key`),
      '-out',
      at(`${name}.crt`),
      '-subj',
      `/CN=${subject}`,
      ...more,
    ]);
  const signed = ['-CA', at('authority.crt'), '-CAkey', at('authority.key'), '-addext', 'basicConstraints=critical,CA:FALSE'];
  await make('authority', 'An authority');
  await make('server', 'the server', ...signed, '-addext', 'subjectAltName=IP:127.0.0.1');
  await make('client', 'postgres', ...signed);
  return {
    folder,
    authority: at('authority.crt'),
    server: at('server.crt'),
    serverKey: at('server.key'),
    client: at('client.crt'),
    clientKey: at('client.key'),
  };
}

/** Where PostgreSQL looks for them, and who may come: whoever is encrypted, with a certificate where one is asked for, and nobody else. */
async function encrypt(data: string, { authority, server, serverKey }: Certificates, asksForCertificates: boolean): Promise<string> {
  const files = { 'server.crt': server, 'server.key': serverKey, 'root.crt': authority };
  for (const [name, from] of Object.entries(files)) {
    const { uid, gid } = await stat(data);
    await copyFile(from, join(data, name));
    await chmod(join(data, name), 0o600);
    await chown(join(data, name), uid, gid);
  }
  await writeFile(join(data, 'pg_hba.conf'), `hostssl all all 127.0.0.1/32 ${asksForCertificates ? 'cert' : 'trust'}\n`);
  return ' -c ssl=on -c ssl_ca_file=root.crt';
}

/** With `tls` it takes encrypted connections alone; `client` asks for the client's certificate, too. */
export async function createPostgres(
  programs: string,
  tls?: { readonly certificates: Certificates; readonly client?: boolean },
): Promise<OwnPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'identity-postgres-'));
  const port = await freePort();
  const data = join(folder, 'data');
  const isRoot = process.getuid?.() === 0; // PostgreSQL refuses to run as root
  if (isRoot) {
    await run('chown', ['postgres', folder]);
    await chmod(folder, 0o700);
  }
  const call = (name: string, ...args: string[]) =>
    isRoot ? run('runuser', ['-u', 'postgres', '--', join(programs, name), ...args], { cwd: '/' }) : run(join(programs, name), args);
  await call('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync');
  const encrypted = tls ? await encrypt(data, tls.certificates, tls.client ?? false) : '';
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=50${encrypted}`;
  const start = async () => {
    await call('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options, 'start');
    await untilListening(port);
  };
  const stop = async () => void (await call('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop'));
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

const sendTo = (port: number, words: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(`${words.join(' ')}\r\n`)).once('error', reject);
    let answer = '';
    socket
      .setEncoding('utf8')
      .on('data', (text: string) => {
        answer += text;
      })
      .on('end', () => resolve(answer));
  });

export async function createRedis(program: string): Promise<OwnRedis> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'identity-redis-'));
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn(
      program,
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--rdbcompression', 'no', '--dir', folder],
      { stdio: 'ignore', cwd: folder },
    );
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
    kill: () =>
      new Promise((resolve) => {
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
