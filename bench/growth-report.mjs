/** The end of a growth run: the table on the terminal, the figures as JSON, the page and its picture. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { figure, ratio } from './format.mjs';
import { chartOf } from './growth-chart.mjs';
import { growthOf } from './growth-measure.mjs';
import { pageOf } from './growth-page.mjs';
import { allSeries } from './growth-workloads.mjs';

const place = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Each line of the table: the series, its figures at each size, and how much it has grown at the last. */
export const linesOf = ({ steps }) =>
  allSeries
    .filter(({ name }) => steps[0].results[name])
    .map((series) => {
      const cells = steps.map(({ results }) => results[series.name]);
      return { ...series, cells, growth: growthOf(cells.at(-1)) };
    });

/** The figures as text. */
export function textOf(outcome) {
  const line = (title, cells, growth) => title.padEnd(66) + cells.map((cell) => cell.padStart(12)).join('') + growth.padStart(10);
  return [
    line(
      'median ms, by users in the tenant',
      outcome.steps.map(({ users }) => users.toLocaleString('en')),
      'ratio',
    ),
    ...linesOf(outcome).map(({ title, cells, growth }) =>
      line(
        title,
        cells.map((cell) => (cell.isRefused ? 'refused' : `${figure(cell.p50)} (${ratio(growthOf(cell))})`)),
        ratio(growth),
      ),
    ),
  ].join('\n');
}

/** Writes what is to be kept, and answers where. Only a whole run makes the page. */
export async function writeReport(outcome) {
  const { isWhole } = outcome.settings;
  const results = `bench/results/${isWhole ? `growth-${outcome.at.slice(0, 10)}.json` : 'growth-part.tmp'}`;
  await mkdir(place('bench/results'), { recursive: true });
  await writeFile(place(results), `${JSON.stringify(outcome, undefined, 1)}\n`);
  if (isWhole) await writePage(outcome);
  return isWhole ? `${results}, docs/benchmarks-growth.md and docs/benchmarks/growth.svg` : results;
}

/** Makes the page and the picture from a run. */
export async function writePage(outcome) {
  const lines = linesOf(outcome);
  await mkdir(place('docs/benchmarks'), { recursive: true });
  await writeFile(place('docs/benchmarks/growth.svg'), chartOf(outcome, lines));
  const previous = await readFile(place('docs/benchmarks-growth.md'), 'utf8').catch(() => '');
  await writeFile(place('docs/benchmarks-growth.md'), pageOf(outcome, lines, previous));
}
