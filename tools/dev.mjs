// npm run dev: compiles and starts again whenever a source file changes. Ends both when either ends.
import { spawn } from 'node:child_process';
import { build, install, node, root } from './steps.mjs';

install();
build(); // once before, so that there is something to start

const start = (args) => spawn(node(), args, { cwd: root, stdio: 'inherit' });
const children = [
  start(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput']),
  start(['--watch', '--enable-source-maps', 'dist/services/standalone/main.js']),
];
const end = (signal) => children.forEach((child) => child.kill(signal));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => end(signal));
for (const child of children) child.once('exit', () => end('SIGTERM'));
