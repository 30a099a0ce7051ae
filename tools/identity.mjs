#!/usr/bin/env node
// npx identity …: the CLI, in the folder that the user is in. Installs and builds where that has not been done, or the sources have changed
// since.
import { join } from 'node:path';
import { build, install, root, run } from './steps.mjs';

const program = join(root, 'dist', 'cli', 'main.js');

install();
build();
process.exitCode = await run(['--enable-source-maps', program, ...process.argv.slice(2)], { cwd: process.cwd() });
