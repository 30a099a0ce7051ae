/** A bar chart as SVG: requests a second of the servers in one workload. */
import { figure } from './format.mjs';

const names = { system: 'condeco-identity', one: 'the same in one process', bare: 'bare Koa + pg (the limit)', peer: 'scimmy, in memory' };
const colours = { system: '#1f6feb', one: '#54aeff', bare: '#8b949e', peer: '#d29922' };
const [WIDTH, LABEL, LINE, TOP, END] = [720, 190, 30, 44, 90];

function bar([name, { rate }], at, most) {
  const length = Math.max(1, (rate.median / most) * (WIDTH - LABEL - END));
  const y = TOP + at * LINE;
  return `<text x="${LABEL - 8}" y="${y + 15}" text-anchor="end">${names[name]}</text>`
    + `<rect x="${LABEL}" y="${y}" width="${length.toFixed(1)}" height="20" fill="${colours[name]}"/>`
    + `<text x="${(LABEL + length + 6).toFixed(1)}" y="${y + 15}">${figure(rate.median)}</text>`;
}

/** The chart of a workload's summary. */
export function chartOf({ title, targets }) {
  const entries = Object.entries(targets);
  const most = Math.max(...entries.map(([, { rate }]) => rate.median));
  const height = TOP + entries.length * LINE + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="#24292f">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
<text x="10" y="24" font-weight="bold">${title}: requests a second</text>
${entries.map((entry, at) => bar(entry, at, most)).join('\n')}
</svg>
`;
}
