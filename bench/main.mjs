/**
 * The benchmark: core and gateway as two processes on PostgreSQL and Redis, beside the limit and a peer, in interleaved rounds of
 * one run. Started by `npm run bench` and `npm run bench:quick`.
 */
import { isAsked, workloads } from './workloads.mjs';
import { CONNECTIONS, DISTURBED, FEW_MEMBERS } from './constants.mjs';
import { createDatabase, describeServer, settle } from './database.mjs';
import { describeMachine } from './machine.mjs';
import { checkAnswer, checkMembers, isOnce, measure } from './measure.mjs';
import { startHelper, stopAll } from './processes.mjs';
import { profile } from './profile.mjs';
import { describeRedis } from './redis.mjs';
import { figure } from './format.mjs';
import { textOf, writeReport } from './report.mjs';
import { settings } from './settings.mjs';
import { startTargets } from './system.mjs';

const say = (text) => process.stdout.write(`${text}\n`);
const chosen = workloads.filter(({ name }) => settings.only?.includes(name) ?? true);

function tellRound(number, targetName, workload, { rate, p50, p99, cpu, foreign, isDisturbed }) {
  const costs = Object.entries(cpu).map(([name, time]) => `${name} ${time.toFixed(3)}`).join(', ');
  say(`round ${number}  ${workload.name.padEnd(6)} ${targetName.padEnd(6)} ${figure(rate).padStart(6)}/s  p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms  CPU ms: ${costs}  others ${(foreign * 100).toFixed(0)} %${isDisturbed ? '  DISTURBED' : ''}`);
}

/** A round that others disturbed is measured again; the least disturbed one stands. */
async function measureQuietly(world, number, targetName, workload) {
  let best;
  const repeats = isOnce(targetName, workload) ? 0 : settings.repeats;
  for (let attempt = 0; attempt <= repeats && (best?.isDisturbed ?? true); attempt += 1) {
    const result = await measure(world, targetName, workload, settings.seconds);
    tellRound(number, targetName, workload, result);
    if (!best || result.foreign < best.foreign) best = result;
  }
  return best;
}

/** The servers that are asked for the workload. */
const namesFor = ({ targets }, workload) => Object.keys(targets).filter((name) => isAsked(name, workload));

async function warmUp(world) {
  for (const workload of chosen) {
    for (const name of namesFor(world, workload).filter((target) => !isOnce(target, workload))) {
      await checkAnswer(world, name, world.targets[name], workload);
      await measure(world, name, workload, settings.warmUp);
    }
    say(`warmed up: ${workload.title}`);
  }
}

async function measureAll(world) {
  const results = Object.fromEntries(chosen.map((workload) => [workload.name, Object.fromEntries(namesFor(world, workload).map((target) => [target, []]))]));
  for (let number = 1; number <= settings.rounds; number += 1) {
    for (const workload of chosen) {
      // Who comes first changes with the round: none is always the one after the slowest.
      const names = namesFor(world, workload);
      const order = names.map((_, at) => names[(at + number) % names.length]);
      for (const name of order.filter((target) => number === 1 || !isOnce(target, workload))) results[workload.name][name].push(await measureQuietly(world, number, name, workload));
    }
  }
  return results;
}

/** The largest share of the machine that others used in a round that stands. */
const worstOf = (results) => Math.max(...Object.values(results).flatMap((byTarget) => Object.values(byTarget).flat()).map(({ foreign }) => foreign));

async function connectLoad(targets) {
  const load = await startHelper('load.mjs');
  for (const [name, { port, base, data }] of Object.entries(targets)) await load.ask({ what: 'configure', name, port, base, data });
  return load;
}

async function run(database) {
  const machine = describeMachine(); // now: the commit may move on while we run
  const redis = await describeRedis(settings.redisUrl);
  const { targets } = await startTargets(settings, database, say);
  await settle(database);
  const world = { database, targets, load: await connectLoad(targets), others: { main: process.pid, ...(redis.pid && { redis: redis.pid }) } };
  await warmUp(world);
  const results = await measureAll(world);
  if (chosen.some(({ name }) => name === 'few')) await checkMembers(world, 'fewId', FEW_MEMBERS);
  if (chosen.some(({ name }) => name === 'many')) await checkMembers(world, 'manyId', settings.manyMembers);
  const { databaseUrl: _url, redisUrl: _redis, ...shown } = settings;
  return {
    at: new Date().toISOString(), ...machine, redis: redis.version, postgresql: await describeServer(database),
    settings: { ...shown, connections: CONNECTIONS, disturbedAbove: DISTURBED, worst: worstOf(results) }, results,
  };
}

const started = performance.now();
const database = await createDatabase(settings.databaseUrl);
let isEnding = false;
async function end(code) {
  if (isEnding) return;
  isEnding = true;
  await stopAll();
  await database.drop();
  process.exit(code);
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void end(1));

try {
  if (settings.profile) {
    await profile(settings, database, connectLoad, say);
  } else {
    const outcome = await run(database);
    say(textOf(outcome));
    say(`\nWritten: ${await writeReport(outcome)}`);
    say(`0 errors. Took ${Math.round((performance.now() - started) / 1000)} s.`);
  }
  await end(0);
} catch (error) {
  say(`THE BENCHMARK STOPPED: ${error.stack}`);
  await end(1);
}
