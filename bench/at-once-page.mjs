/** What docs/benchmarks.md says of the point requests by how many are under way at once. */
import { CONNECTIONS } from './constants.mjs';
import { costs, figure, range, ratio, table } from './format.mjs';
import { panelOf, panelsOf, ticksOf } from './line-panel.mjs';
import { colours, names } from './picture.mjs';

const SERVERS = ['system', 'one', 'bare'];

/** The workloads that were measured with several numbers at once, each with its summaries from the fewest on. */
function curvesOf(summaries) {
  const repeated = summaries.filter(({ name }) => summaries.some(({ of }) => of === name));
  return repeated.map((usual) => ({
    title: usual.title,
    steps: [usual, ...summaries.filter(({ of }) => of === usual.name)]
      .map((summary) => ({ ...summary, atOnce: summary.connections ?? CONNECTIONS }))
      .toSorted((one, other) => one.atOnce - other.atOnce),
  }));
}

const HEAD = [
  'workload',
  'at once',
  'gateway and core: requests/s',
  'one process: requests/s',
  'limit: requests/s',
  'gateway and core / limit',
  'one process / limit',
  'p50 ms: gateway and core, one process, limit',
  'CPU ms a request: gateway and core',
  'of the one process',
  'of the limit',
];

const lineOf = (title, { atOnce, targets, toBare, oneToBare }) => [
  title,
  String(atOnce),
  ...SERVERS.map((name) => figure(targets[name]?.rate.median)),
  ...[toBare, oneToBare].map((spread) => (spread ? `**${range(spread, ratio)}**` : '-')),
  SERVERS.map((name) => figure(targets[name]?.p50)).join(', '),
  ...SERVERS.map((name) => (targets[name] ? costs(targets[name].cpu) : '-')),
];

/** The section of the page; nothing where they were not measured. */
export function atOnceText(summaries) {
  const curves = curvesOf(summaries);
  if (curves.length === 0) return '';
  const rows = curves.flatMap(({ title, steps }) => steps.map((step, at) => lineOf(at === 0 ? title : '', step)));
  return `## By requests at once

One request goes through more processes than the limit has, and wakes each; among many the processes work side by side, and what comes
together goes on together. The other tables are of ${CONNECTIONS} at once.

${table(HEAD, rows)}

![Rates by requests at once](benchmarks/at-once.svg)

`;
}

/** The picture of it: a panel for each workload. */
export function atOnceChartOf(summaries) {
  const panels = curvesOf(summaries).map(({ title, steps }, at) => {
    const lines = SERVERS.map((name) => ({
      title: names[name],
      colour: colours[name],
      values: steps.map(({ targets }) => targets[name]?.rate.median ?? 0),
    }));
    return panelOf(
      `${title}: requests a second, by requests at once`,
      lines,
      at,
      steps.map(({ atOnce }) => atOnce),
      ticksOf(lines),
    );
  });
  return panelsOf(panels);
}
