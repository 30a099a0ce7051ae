/** Where the figures come from. */
import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function git(...args) {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Sources that were changed since the commit are told: figures that nobody can check out are nobody's. */
export function describeMachine() {
  const [{ model }] = cpus();
  const changed = git('status', '--porcelain', '--', 'schema', 'wire', 'gateway', 'services', 'package-lock.json');
  return {
    machine: { cpu: model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), system: `${type()} ${release()}` },
    node: process.version,
    commit: `${git('rev-parse', '--short=10', 'HEAD')}${changed === '' ? '' : ' with uncommitted changes'}`,
  };
}
