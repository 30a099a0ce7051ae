#!/usr/bin/env node
// npx identity …: the CLI, in the folder that the user is in. Installs and builds where that has not been done, or the sources have changed since.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, root, run } from './steps.mjs';

const program = join(root, 'dist', 'cli', 'main.js');

/** When the newest of the sources was written. */
const newest = (...folders) => Math.max(...folders.flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => statSync(join(root, folder, name)).mtimeMs)));

/** The compiler writes this file whenever it has compiled something. */
function isBuilt() {
  const [main, info] = [program, join(root, 'dist', '.tsbuildinfo')].map((path) => statSync(path, { throwIfNoEntry: false }));
  return main !== undefined && info !== undefined && info.mtimeMs >= newest('cli', 'client');
}

install();
if (!isBuilt()) build();
process.exitCode = await run(['--enable-source-maps', program, ...process.argv.slice(2)], { cwd: process.cwd() });
