/** `node bench/start.mjs --profile`: where core and gateway spend their time, by function and by package. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settle } from './database.mjs';
import { CONNECTIONS } from './constants.mjs';
import { startTargets } from './system.mjs';
import { workloads } from './workloads.mjs';

const SHOWN = 30;
/** Members of the large group, unless the command line says how many: most workloads never touch it. */
const FEW_MEMBERS = 1000;

/** The package, folder or part of Node that a function belongs to. */
function ownerOf({ url, functionName }) {
  const [, inPackage] = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url) ?? [];
  if (inPackage) return inPackage;
  const [, ours] = /\/dist\/(.*)\.js$/.exec(url) ?? [];
  if (ours) return `ours: ${ours}`;
  if (url.startsWith('node:')) return url.startsWith('node:internal/') ? url.split('/').slice(0, 2).join('/') : url;
  return functionName.startsWith('(') ? functionName : '(native)';
}

/** Microseconds of the clock that V8 stamps its samples with, the same in every process. */
const now = () => Number(process.hrtime.bigint() / 1000n);

/** Self times of the samples taken since a moment: starting and compiling are not what is asked about. */
function selfTimes(text, since) {
  const { nodes, samples, timeDeltas, startTime } = JSON.parse(text);
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const [byFunction, byOwner] = [new Map(), new Map()];
  let total = 0;
  let moment = startTime;
  for (const [at, id] of samples.entries()) {
    moment += timeDeltas[at];
    if (moment < since) continue;
    const frame = byId.get(id);
    if (frame.functionName === '(idle)' || frame.functionName === '(root)') continue;
    const time = timeDeltas[at] ?? 0;
    total += time;
    const add = (map, key) => map.set(key, (map.get(key) ?? 0) + time);
    add(byFunction, `${frame.functionName || '(anonymous)'} [${ownerOf(frame)}:${frame.lineNumber + 1}]`);
    add(byOwner, ownerOf(frame));
  }
  const top = (map) =>
    [...map]
      .toSorted(([, one], [, other]) => other - one)
      .slice(0, SHOWN)
      .map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(6)} %  ${name}`);
  return { total, byFunction: top(byFunction), byOwner: top(byOwner) };
}

/** Runs the chosen workloads on the system alone, and with `--targets one` on the one process, under V8's sampling profiler. */
export async function profile(settings, database, connectLoad, say) {
  const target = settings.targets.includes('one') && settings.targets.length === 1 ? 'one' : 'system';
  for (const name of settings.only ?? ['create', 'find']) {
    const folder = await mkdtemp(join(tmpdir(), 'identity-profile-'));
    const { system, targets } = await startTargets(
      { ...settings, manyMembers: settings.isUsual ? FEW_MEMBERS : settings.manyMembers, targets: [target] },
      database,
      () => undefined,
      ['--cpu-prof', `--cpu-prof-dir=${folder}`],
    );
    await settle(database);
    const load = await connectLoad(targets);
    const order = {
      what: 'run',
      target,
      workload: name,
      connections: workloads.find((one) => one.name === name)?.connections ?? CONNECTIONS,
    };
    await load.ask({ ...order, seconds: settings.warmUp * 2 });
    const since = now();
    const { count } = await load.ask({ ...order, seconds: settings.seconds * 3 });
    await load.stop();
    await targets.one?.stop();
    await system.gateway.stop();
    await system.core.stop();
    for (const file of await readdir(folder)) {
      const text = await readFile(join(folder, file), 'utf8');
      const { total, byFunction, byOwner } = selfTimes(text, since);
      const program = ['gateway', 'standalone'].find((folder) => text.includes(`${folder}/main.js`)) ?? 'core';
      if ((program === 'standalone') !== (target === 'one')) continue;
      say(
        `\n== ${name}: ${program}, ${(total / 1000 / count).toFixed(3)} ms a request with the profiler, ${count} requests\n${byOwner.join('\n')}\n-- functions\n${byFunction.join('\n')}`,
      );
    }
    await rm(folder, { recursive: true });
  }
}
