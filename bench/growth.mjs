/**
 * The growth curve: what a request costs in a tenant of a thousand users, and of up to a million. One database grows from size to size,
 * another stays small, each with a core and a gateway of its own; both are asked in turns. Started by `npm run bench:growth`.
 */
import { readFile } from 'node:fs/promises';
import { createDatabase, describeServer } from './database.mjs';
import { figure, ratio } from './format.mjs';
import { found, grow, SMALL } from './growth-data.mjs';
import { growthOf, measure, practise, ready } from './growth-measure.mjs';
import { textOf, writePage, writeReport } from './growth-report.mjs';
import { settings } from './growth-settings.mjs';
import { seriesOf, walkLength, workloads } from './growth-workloads.mjs';
import { describeMachine } from './machine.mjs';
import { stopAll } from './processes.mjs';
import { runOnServers } from './run-on-servers.mjs';
import { describeRedis } from './redis.mjs';
import { startSystem } from './system.mjs';

const say = (text) => process.stdout.write(`${text}\n`);
const chosen = workloads.filter(
  (workload) => settings.only === undefined || seriesOf(workload).some(({ name }) => settings.only.includes(name)),
);

/** How many requests: a jump is only cold once, so it is made a few times, each with its walk. */
function countOf({ rounds, isImport, series = [0] }, size) {
  if (isImport) return Math.ceil(size / 100);
  return rounds ? rounds * (2 * walkLength(size) + 1) : settings.requests * series.length;
}

const measureAt = (one, size) =>
  measure(one, { count: countOf(one.workload, size), seconds: one.workload.isImport ? settings.importSeconds : settings.seconds });

/**
 * Guesses for a machine that nobody else uses: users seeded a second, seconds for a workload at a size, milliseconds for a page of an
 * import.
 */
const [SEEDED, EACH, PAGE] = [3500, 4, 9];
/** How long each workload is practised on each side. */
const PRACTICE_SECONDS = 2;

/** A long wait is told before it begins. */
function tellEstimate() {
  const imports = chosen.filter(({ isImport }) => isImport).length;
  const seconds =
    settings.sizes.at(-1) / SEEDED +
    settings.sizes.reduce(
      (sum, size) => sum + chosen.length * EACH + imports * Math.min(settings.importSeconds, (size / 100) * (PAGE / 1000)),
      0,
    );
  say(`This takes about ${Math.ceil(seconds / 60)} minutes, longer where others use the machine.`);
}

function tell(size, results) {
  for (const [name, cell] of Object.entries(results)) {
    const { isRefused, count, p50, p99, rate, small } = cell;
    const figures = isRefused
      ? 'REFUSED'
      : `p50 ${figure(p50).padEnd(6)} p99 ${figure(p99).padEnd(6)} ms, small p50 ${figure(small.p50).padEnd(6)} ms: ${ratio(growthOf(cell))}, ${count} requests${rate ? `, ${figure(rate)}/s at once` : ''}`;
    say(`${size.toLocaleString('en').padStart(9)} users  ${name.padEnd(14)} ${figures}`);
  }
}

/** The tenant that grows, or the one that does not: a core, a gateway and a database for each. */
async function settleIn(database, name) {
  const system = await startSystem(database.url, database.redisUrl);
  return { tenant: await found(system, database, name), database };
}

async function measureSizes(growing, small) {
  await grow(small.database, small.tenant, SMALL);
  const ones = chosen.map((workload) => ready({ growing: growing.tenant, small: small.tenant }, workload));
  const steps = [];
  for (const size of settings.sizes) {
    const step = { ...(await grow(growing.database, growing.tenant, size)), results: {} };
    if (steps.length === 0) await practiseAll(ones);
    for (const one of ones) {
      const results = await measureAt(one, size);
      tell(size, results);
      Object.assign(step.results, results);
    }
    steps.push(step);
  }
  return steps;
}

async function practiseAll(ones) {
  say('warming up');
  for (const one of ones) await practise(one, PRACTICE_SECONDS);
}

async function measureBoth(database, other) {
  try {
    return await measureSizes(await settleIn(database, 'Growth'), await settleIn(other, 'Small'));
  } finally {
    await stopAll();
    await other.drop();
  }
}

async function run(database) {
  const machine = describeMachine(); // now: the commit may move on while we run
  const redis = await describeRedis(database.redisUrl);
  const other = { ...(await createDatabase(database.serverUrl, '_small')), redisUrl: database.redisUrl };
  const steps = await measureBoth(database, other);
  const { sizes, requests, seconds, importSeconds, isWhole } = settings;
  return {
    at: new Date().toISOString(),
    ...machine,
    redis: redis.version,
    postgresql: await describeServer(database),
    settings: { sizes, requests, seconds, importSeconds, isWhole },
    steps,
  };
}

async function runAll() {
  const started = performance.now();
  tellEstimate();
  await runOnServers(async (database) => {
    const outcome = await run(database);
    say(`\n${textOf(outcome)}`);
    say(`\nWritten: ${await writeReport(outcome)}. Took ${Math.round((performance.now() - started) / 1000)} s.`);
  }, say);
}

if (settings.from) await writePage(JSON.parse(await readFile(settings.from, 'utf8')));
else await runAll();
