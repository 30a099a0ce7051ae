/** The latencies as SVG: for each workload and server a line from the median to the 99th percentile, on a logarithmic scale. */
import { figure } from './format.mjs';
import { colours, picture } from './picture.mjs';

const [WIDTH, LABEL, LINE, TOP, END] = [900, 390, 13, 78, 40];

const fromLog = (value) => Math.log10(Math.max(value, 0.1)) + 1; // a tenth of a millisecond is the left edge

/** The picture of all workloads. */
export function latencyChartOf(summaries) {
  const most = Math.ceil(fromLog(Math.max(...summaries.flatMap(({ targets }) => Object.values(targets).map(({ p99 }) => p99)))));
  const x = (value) => LABEL + (fromLog(value) / most) * (WIDTH - LABEL - END);
  let y = TOP;
  const rows = summaries.map(({ title, targets }) => {
    const entries = Object.entries(targets);
    const middle = y + (entries.length * LINE) / 2 + 4;
    const lines = entries.map(([name, { p50, p99 }]) => {
      y += LINE;
      const at = y - LINE / 2;
      return `<path d="M${x(p50).toFixed(1)} ${at}H${x(p99).toFixed(1)}" stroke="${colours[name]}" stroke-width="3"/><circle cx="${x(p50).toFixed(1)}" cy="${at}" r="4" fill="${colours[name]}"/>`;
    });
    y += LINE;
    return `<text x="${LABEL - 10}" y="${middle}" text-anchor="end">${title}</text>${lines.join('')}`;
  });
  const grid = Array.from({ length: most + 1 }, (_, at) => 10 ** (at - 1)).map(
    (time) =>
      `<path d="M${x(time).toFixed(1)} ${TOP - 6}V${y}" stroke="#d8dee4"/><text x="${x(time).toFixed(1)}" y="${TOP - 12}" text-anchor="middle">${figure(time)}</text>`,
  );
  return picture(WIDTH, y + 10, 'Milliseconds: a dot is the median, the line goes to the 99th percentile', summaries, [...grid, ...rows]);
}
