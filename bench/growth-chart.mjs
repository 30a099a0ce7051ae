/** The growth curve as SVG: panels, one line for each series; users and milliseconds both on a logarithmic scale. */
import { figure } from './format.mjs';

const PANELS = { find: 'One user', write: 'Writes', list: 'Pages of a list', search: 'Searches, orders, counts', group: 'Groups' };
const COLOURS = ['#1f6feb', '#d29922', '#2da44e', '#cf222e', '#8250df', '#6e7781', '#bf3989', '#1b7c83'];
const ROWS = 3;
const [WIDTH, HEIGHT, LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT, LEGEND_LINE] = [520, 450, 56, 40, 430, 210, 17];
const GRID = '#d8dee4';

/** The powers of ten that hold all values. */
function decadesOf(values) {
  const [first, last] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  return Array.from({ length: Math.max(last, first + 1) - first + 1 }, (_, at) => 10 ** (first + at));
}

/** From a value to its place on an axis of so many pixels. */
function scaleOf(from, to, length) {
  const span = Math.log10(to / from) || 1;
  return (value) => (Math.log10(value / from) / span) * length;
}

function gridOf(users, times, x, y) {
  const across = times.map(
    (time) =>
      `<path d="M0 ${y(time)}H${PLOT_WIDTH}" stroke="${GRID}"/><text x="-6" y="${y(time) + 4}" text-anchor="end">${figure(time)}</text>`,
  );
  const down = users.map(
    (count) =>
      `<path d="M${x(count).toFixed(1)} 0V${PLOT_HEIGHT}" stroke="${GRID}"/><text x="${x(count).toFixed(1)}" y="${PLOT_HEIGHT + 16}" text-anchor="middle">${count.toLocaleString('en')}</text>`,
  );
  return [...across, ...down].join('\n');
}

/** A line with its points; where the server gave up, it ends. */
function lineOf({ title, cells }, at, users, x, y) {
  const colour = COLOURS[at % COLOURS.length];
  const points = cells.flatMap(({ p50 }, step) => (p50 > 0 ? [[x(users[step]).toFixed(1), y(p50).toFixed(1)]] : []));
  const legendAt = PLOT_HEIGHT + 40 + at * LEGEND_LINE;
  return (
    `<polyline points="${points.map((point) => point.join(',')).join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>` +
    points.map(([left, top]) => `<circle cx="${left}" cy="${top}" r="3" fill="${colour}"/>`).join('') +
    `<rect x="0" y="${legendAt - 9}" width="14" height="4" fill="${colour}"/><text x="20" y="${legendAt - 3}">${title}</text>`
  );
}

function panelOf(heading, lines, at, users, times) {
  const x = scaleOf(users[0], users.at(-1), PLOT_WIDTH);
  const height = scaleOf(times[0], times.at(-1), PLOT_HEIGHT);
  const y = (time) => PLOT_HEIGHT - height(time);
  return `<g transform="translate(${(at % 2) * WIDTH + LEFT} ${Math.floor(at / 2) * HEIGHT + TOP})">
<text x="0" y="-14" font-weight="bold">${heading}</text>
${gridOf(users, times, x, y)}
${lines.map((line, index) => lineOf(line, index, users, x, y)).join('\n')}
</g>`;
}

/** The groups of the largest tenant, by their members. */
function membersPanel(lines, at) {
  const groups = lines.filter(({ members }) => members);
  if (groups.length < 2) return '';
  const curve = (title, name) => ({ title, cells: groups.map(({ cells }) => ({ p50: cells.at(-1)[name] })) });
  const curves = [curve('median', 'p50'), curve('99th percentile', 'p99')];
  return panelOf(
    'A member joins or leaves: ms, by members of the group',
    curves,
    at,
    groups.map(({ members }) => members),
    timesOf(curves),
  );
}

const timesOf = (lines) => decadesOf(lines.flatMap(({ cells }) => cells.map(({ p50 }) => p50)).filter((time) => time > 0));

/** The picture of a run. */
export function chartOf({ steps }, lines) {
  const users = steps.map((step) => step.users);
  const times = timesOf(lines);
  const panels = Object.entries(PANELS).map(([chart, heading], at) =>
    panelOf(
      `${heading}: median ms, by users in the tenant`,
      lines.filter((line) => line.chart === chart),
      at,
      users,
      times,
    ),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * WIDTH}" height="${ROWS * HEIGHT}" viewBox="0 0 ${2 * WIDTH} ${ROWS * HEIGHT}" font-family="sans-serif" font-size="12" fill="#24292f">
<rect width="${2 * WIDTH}" height="${ROWS * HEIGHT}" fill="#fff"/>
${[...panels, membersPanel(lines, panels.length)].join('\n')}
</svg>
`;
}
