// npm run bench, bench:growth, bench:seed: installs and builds what is missing, then runs the program on the locked Node. Plain JavaScript
// for any Node from 20 on.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, install, run, say } from '../tools/steps.mjs';

const inBench = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The peer and the progress bar are dependencies of the benchmark alone: whoever never runs it never installs them. */
function installOwn() {
  const installed = statSync(inBench('node_modules/.package-lock.json'), { throwIfNoEntry: false });
  if (installed && installed.mtimeMs >= statSync(inBench('package-lock.json')).mtimeMs) return;
  say('Installing what only the benchmark needs (npm ci in bench/).');
  const { status } = spawnSync('npm', ['ci'], { cwd: inBench('.'), stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0 || !existsSync(inBench('node_modules/scimmy'))) process.exit(1);
}

install();
build();
if (!process.argv.includes('--quick')) installOwn(); // which asks neither peer nor people
const [first, ...others] = process.argv.slice(2);
const isProgram = ['growth', 'seed'].includes(first);
process.exitCode = await run(isProgram ? [`bench/${first}.mjs`, ...others] : ['bench/main.mjs', ...process.argv.slice(2)]);
