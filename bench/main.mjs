/**
 * The benchmark: core and gateway as two processes on PostgreSQL and Redis, beside the core asked directly, the same in one process, the
 * limit and a peer, in interleaved rounds of one run. Started by `npm run bench` and `npm run bench:quick`.
 */
import { readFile } from 'node:fs/promises';
import { CONNECTIONS, DISTURBED, FEW_MEMBERS } from './constants.mjs';
import { describeServer, settle } from './database.mjs';
import { measureExchange } from './exchange.mjs';
import { firstSync } from './first-sync.mjs';
import { describeMachine } from './machine.mjs';
import { checkMembers } from './measure.mjs';
import { startHelper } from './processes.mjs';
import { runOnServers } from './run-on-servers.mjs';
import { profile } from './profile.mjs';
import { describeRedis } from './redis.mjs';
import { textOf, writePage, writeReport } from './report.mjs';
import { estimate, measureAll, warmUp } from './rounds.mjs';
import { settings } from './settings.mjs';
import { topStatements } from './statements.mjs';
import { startTargets } from './system.mjs';
import { workloads } from './workloads.mjs';

const say = (text) => process.stdout.write(`${text}\n`);
const chosen = workloads.filter(({ name, of }) => settings.isAskedFor(name) && !(settings.quick && of));
const SYNC_A_SECOND = 150; // things synced, where the machine is slow

/** The largest share of the machine that others used in a round that stands. */
const worstOf = (results) =>
  Math.max(
    0,
    ...Object.values(results)
      .flatMap((byTarget) => Object.values(byTarget).flat())
      .map(({ foreign }) => foreign),
  );

async function connectLoad(targets) {
  const load = await startHelper('load.mjs');
  for (const [name, { port, base, media, data }] of Object.entries(targets)) {
    await load.ask({ what: 'configure', name, port, base, media, data });
  }
  return load;
}

/** A long wait is told before it begins. */
function tellEstimate() {
  const { users, groups } = settings.sync;
  const seconds =
    estimate(chosen, settings) +
    (settings.isAskedFor('sync') ? (users + groups) / SYNC_A_SECOND : 0) +
    chosen.length * settings.statementSeconds +
    (settings.manyMembers * settings.targets.length) / 10_000;
  say(`This takes about ${Math.ceil(seconds / 60)} minutes, longer where others use the machine.`);
}

/** What is not practised comes before the requests that are megabytes long: the memory that those leave behind would hide what it takes. */
async function practiseAndMeasure(world) {
  const isLarge = ({ connections }) => connections !== undefined;
  const [cold, others] = [chosen.filter(({ isCold }) => isCold), chosen.filter(({ isCold }) => !isCold)];
  const practised = others.filter(({ of }) => !chosen.some(({ name }) => name === of));
  await warmUp(
    world,
    practised.filter((workload) => !isLarge(workload)),
  );
  const results = await measureAll(world, cold);
  await warmUp(world, practised.filter(isLarge));
  return { ...results, ...(await measureAll(world, others)) };
}

async function run(database) {
  const machine = describeMachine(); // now: the commit may move on while we run
  const exchange = await measureExchange();
  const redis = await describeRedis(database.redisUrl);
  const { system, targets } = await startTargets({ ...settings, redisUrl: database.redisUrl }, database, say);
  await settle(database);
  const world = {
    settings,
    say,
    system,
    database,
    targets,
    load: await connectLoad(targets),
    others: { main: process.pid, ...(redis.pid && { redis: redis.pid }) },
  };
  const results = await practiseAndMeasure(world);
  if (settings.isAskedFor('few')) await checkMembers(world, 'fewId', FEW_MEMBERS);
  if (settings.isAskedFor('many')) await checkMembers(world, 'manyId', settings.manyMembers);
  const once = chosen.filter(({ of }) => !of);
  const statements = settings.statementSeconds > 0 ? await topStatements(world, once, CONNECTIONS, settings.statementSeconds) : undefined;
  const sync = settings.isAskedFor('sync') ? await firstSync(world, settings.sync) : undefined;
  return {
    at: new Date().toISOString(),
    ...machine,
    exchange,
    redis: redis.version,
    postgresql: await describeServer(database),
    settings: { ...settings, connections: CONNECTIONS, disturbedAbove: DISTURBED, worst: worstOf(results) },
    results,
    statements,
    sync,
  };
}

async function runAll() {
  const started = performance.now();
  tellEstimate();
  await runOnServers(async (database) => {
    if (settings.profile) return profile({ ...settings, redisUrl: database.redisUrl }, database, connectLoad, say);
    const outcome = await run(database);
    say(textOf(outcome));
    say(`\nWritten: ${await writeReport(outcome)}`);
    say(`0 errors. Took ${Math.round((performance.now() - started) / 1000)} s.`);
  }, say);
}

if (settings.from) await writePage(JSON.parse(await readFile(settings.from, 'utf8')));
else await runAll();
