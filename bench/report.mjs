/** The end of a run: the table on the terminal, the rounds as JSON, the page and its charts. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chartOf } from './chart.mjs';
import { costs, figure, range, ratio } from './format.mjs';
import { pageOf } from './page.mjs';
import { summariesOf } from './summary.mjs';
import { workloads } from './workloads.mjs';

const place = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const line = (name, { rate, p50, p99, cpu, delay, memory }) =>
  `  ${name.padEnd(7)}${range(rate, figure).padEnd(26)} p50 ${figure(p50).padEnd(7)} p99 ${figure(p99).padEnd(7)} CPU ms: ${costs(cpu)}  loop late p99 ${Object.values(delay).map(figure).join(', ') || '-'}  MiB ${Object.values(memory).join(' + ')}`;

/** The figures as text. */
export const textOf = (outcome) => summariesOf(outcome).map(({ title, targets, toBare, oneToBare, toPeer, costToBare, oneCostToBare }) => [
  `\n${title} (requests a second; milliseconds)`,
  ...Object.entries(targets).map(([name, target]) => line(name, target)),
  `  system/bare ${range(toBare, ratio)}   one/bare ${range(oneToBare, ratio)}   system/peer ${range(toPeer, ratio)}   CPU of gateway + core / bare ${ratio(costToBare)}, of one / bare ${ratio(oneCostToBare)}`,
].join('\n')).join('\n');

/** Writes what is to be kept, and answers where. Only a whole run makes the page: a short one, or a part, would mislead. */
export async function writeReport(outcome) {
  const isWhole = !outcome.settings.quick && workloads.every(({ name }) => outcome.results[name]);
  const results = `bench/results/${isWhole ? `${outcome.at.slice(0, 10)}.json` : 'part.tmp'}`;
  await mkdir(place('bench/results'), { recursive: true });
  await writeFile(place(results), `${JSON.stringify({ ...outcome, summaries: summariesOf(outcome) }, undefined, 1)}\n`);
  if (isWhole) await writePage(outcome);
  return isWhole ? `${results}, docs/benchmarks.md and docs/benchmarks/*.svg` : results;
}

/** Makes the page and the charts from a run. */
export async function writePage(outcome) {
  const summaries = summariesOf(outcome);
  await mkdir(place('docs/benchmarks'), { recursive: true });
  for (const summary of summaries) await writeFile(place(`docs/benchmarks/${summary.name}.svg`), chartOf(summary));
  const previous = await readFile(place('docs/benchmarks.md'), 'utf8').catch(() => '');
  await writeFile(place('docs/benchmarks.md'), pageOf(outcome, summaries, previous));
}
