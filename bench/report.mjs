/** The end of a run: the table on the terminal, the rounds as JSON, the page and its charts. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rateChartOf } from './chart.mjs';
import { largestOf } from './first-sync.mjs';
import { atOnceChartOf } from './at-once-page.mjs';
import { costs, figure, range, ratio } from './format.mjs';
import { linesOf } from './growth-report.mjs';
import { latencyChartOf } from './latency-chart.mjs';
import { pageOf } from './page.mjs';
import { summariesOf } from './summary.mjs';
import { workloads } from './workloads.mjs';

const place = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What a page is about. */
const TARGETS = ['system', 'graphql', 'one', 'bare', 'peer'];

const line = (name, { rate, p50, p99, cpu, delay, memory, grown }) =>
  `  ${name.padEnd(7)}${range(rate, figure).padEnd(26)} p50 ${figure(p50).padEnd(7)} p99 ${figure(p99).padEnd(7)} CPU ms: ${costs(cpu)}  loop late p99 ${Object.values(delay).map(figure).join(', ') || '-'}  MiB ${Object.values(memory).join(' + ')}, up by ${Object.values(grown).join(' + ') || '-'}`;

const comparison = ({ toBare, graphqlToBare, oneToBare, toPeer, costToBare, oneCostToBare }) =>
  [
    toBare && `system/bare ${range(toBare, ratio)}, its CPU of gateway + core ${ratio(costToBare)}`,
    graphqlToBare && `graphql/bare ${range(graphqlToBare, ratio)}`,
    oneToBare && `one/bare ${range(oneToBare, ratio)}, its CPU ${ratio(oneCostToBare)}`,
    toPeer && `system/peer ${range(toPeer, ratio)}`,
  ]
    .filter(Boolean)
    .map((text) => `  ${text}`);

const syncText = (sync) => `\nfirst sync of ${sync.users} users, ${sync.groups} groups, ${sync.memberships} memberships
  seconds: ${Object.entries(sync.seconds)
    .map(([name, time]) => `${name} ${figure(time)}`)
    .join(', ')}   CPU seconds: ${costs(sync.cpu)}   the most of it: ${largestOf(sync)}`;

/** The figures as text. */
export const textOf = (outcome) =>
  [
    ...summariesOf(outcome).map((summary) =>
      [
        `\n${summary.title} (requests a second; milliseconds)`,
        ...Object.entries(summary.targets).map(([name, target]) => line(name, target)),
        ...comparison(summary),
      ].join('\n'),
    ),
    ...(outcome.sync ? [syncText(outcome.sync)] : []),
  ].join('\n');

/** Writes what is to be kept, and answers where. Only a whole run makes the page: a short one, or a part, would mislead. */
export async function writeReport(outcome) {
  const { quick, isUsual, targets } = outcome.settings;
  const isWhole =
    !quick &&
    isUsual &&
    TARGETS.every((name) => targets.includes(name)) &&
    outcome.sync !== undefined &&
    workloads.every(({ name }) => outcome.results[name]);
  const results = `bench/results/${isWhole ? `${outcome.at.slice(0, 10)}.json` : 'part.tmp'}`;
  await mkdir(place('bench/results'), { recursive: true });
  await writeFile(place(results), `${JSON.stringify({ ...outcome, summaries: summariesOf(outcome) }, undefined, 1)}\n`);
  if (isWhole) await writePage(outcome);
  return isWhole ? `${results}, docs/benchmarks.md and docs/benchmarks/*.svg` : results;
}

/** The newest whole growth run, with the lines of its table: the verdict speaks of it too. */
async function newestGrowth() {
  const files = (await readdir(place('bench/results'))).filter((name) => /^growth-[\d-]+\.json$/.test(name)).toSorted();
  if (files.length === 0) return undefined;
  const growth = JSON.parse(await readFile(place(`bench/results/${files.at(-1)}`), 'utf8'));
  return { ...growth, lines: linesOf(growth) };
}

/** Makes the page and the charts from a run. */
export async function writePage(outcome) {
  const summaries = summariesOf(outcome);
  const usual = summaries.filter(({ of }) => !of);
  await mkdir(place('docs/benchmarks'), { recursive: true });
  await writeFile(place('docs/benchmarks/rates.svg'), rateChartOf(usual));
  await writeFile(place('docs/benchmarks/latencies.svg'), latencyChartOf(usual));
  if (usual.length < summaries.length) await writeFile(place('docs/benchmarks/at-once.svg'), atOnceChartOf(summaries));
  const previous = await readFile(place('docs/benchmarks.md'), 'utf8').catch(() => '');
  await writeFile(place('docs/benchmarks.md'), pageOf(outcome, summaries, await newestGrowth(), previous));
}
