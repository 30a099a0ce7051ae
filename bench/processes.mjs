/** The servers measured, each a process of its own on a loopback port, and the processor time each has used. */
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const loopDelay = fileURLToPath(new URL('loop-delay.mjs', import.meta.url));
const started = [];
let folder;

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function untilReady(child, url, logFile) {
  for (let attempt = 0; attempt < 150; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`${url} ended at its start:\n${readFileSync(logFile, 'utf8')}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${url} is not ready after 30 s:\n${readFileSync(logFile, 'utf8')}`);
}

/** Starts a program of the system as it is run for real: built, with its log, which goes to a file. */
export async function startProgram(program, port, environment, nodeOptions = []) {
  folder ??= await mkdtemp(join(tmpdir(), 'identity-bench-'));
  const logFile = join(folder, `${port}.log`);
  const log = await open(logFile, 'a');
  const delayFile = join(folder, `${port}.delay`);
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', loopDelay, ...nodeOptions, program], {
    cwd: root,
    env: { PATH: process.env.PATH, HOST: '127.0.0.1', DATA_DIR: join(folder, String(port)), LOOP_DELAY_FILE: delayFile, ...environment },
    stdio: ['ignore', log.fd, log.fd],
  });
  started.push(child);
  await untilReady(child, `http://127.0.0.1:${port}/readyz`, logFile);
  await log.close();
  return { pid: child.pid, port, stop: () => stop(child), delay: () => delayOf(child, delayFile) };
}

/** How late the program's event loop was since this was last asked. */
async function delayOf(child, file) {
  await rm(file, { force: true });
  child.kill('SIGUSR2');
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text) return JSON.parse(text);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return undefined;
}

/** Starts one of the benchmark's own processes; `ask` sends it a message and waits for its answer. */
export async function startHelper(file, environment = {}) {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...environment },
    serialization: 'advanced',
  });
  started.push(child);
  const ask = (message) =>
    new Promise((resolve, reject) => {
      const answer = (text) => {
        child.off('exit', fail);
        if (text?.error) reject(new Error(text.error));
        else resolve(text);
      };
      const fail = () => reject(new Error(`${file} ended`));
      child.once('message', answer).once('exit', fail);
      if (message !== undefined) child.send(message);
    });
  const { port } = await ask();
  return { pid: child.pid, port, ask, stop: () => stop(child) };
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await once(child, 'exit');
  clearTimeout(late);
}

/** Ends everything that was started, and throws the logs away. */
export async function stopAll() {
  await Promise.all(started.map(stop));
  if (folder) await rm(folder, { recursive: true, force: true });
}

const TICK = 10; // milliseconds: USER_HZ is 100 on every Linux that Node runs on

/** Milliseconds of processor time a process has used; undefined where that cannot be told. */
export function processorTime(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  } catch {
    return undefined;
  }
}

function statusOf(pid, name) {
  try {
    return Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024);
  } catch {
    return undefined;
  }
}

/** MiB of memory that a process holds; undefined where that cannot be told. */
export const memoryOf = (pid) => statusOf(pid, 'VmRSS');

/** Watches a process from now on: answers a function that tells how many MiB more than now it has held at the most since. */
export function watchMemory(pid) {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5'); // forgets the peak
  } catch {
    return () => undefined;
  }
  const before = memoryOf(pid);
  return () => statusOf(pid, 'VmHWM') - before;
}

/** Milliseconds all processors together have been busy, time stolen by other machines included. */
export function machineTime() {
  try {
    const [user, nice, system, , , interrupt, softInterrupt, stolen] = readFileSync('/proc/stat', 'utf8')
      .split('\n')[0]
      .trim()
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return (user + nice + system + interrupt + softInterrupt + stolen) * TICK;
  } catch {
    return undefined;
  }
}
