/** Panels of lines as SVG, two in a row; both axes on a logarithmic scale. */
import { figure } from './format.mjs';

const COLOURS = ['#1f6feb', '#d29922', '#2da44e', '#cf222e', '#8250df', '#6e7781', '#bf3989', '#1b7c83'];
const GRID = '#d8dee4';
const [WIDTH, HEIGHT, LEFT, TOP, PLOT_WIDTH, PLOT_HEIGHT, LEGEND_LINE] = [520, 450, 56, 40, 430, 210, 17];

/**
 * A line of a panel.
 * @typedef {object} Line
 * @property {string} title
 * @property {readonly number[]} values one for each place on the axis below; where there is none, or 0, the line has a gap
 * @property {string} [colour] where it is not the next one
 */

/** Marks that hold the values of all lines: powers of ten, and 2 and 5 times them where those are few. */
export function ticksOf(lines) {
  const values = lines.flatMap((line) => line.values).filter((value) => value > 0);
  const [first, last] = [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  const decades = Array.from({ length: Math.max(last, first + 1) - first + 1 }, (_, at) => 10 ** (first + at));
  if (decades.length > 3) return decades;
  const fine = decades.flatMap((decade) => [decade, 2 * decade, 5 * decade]);
  const [from, to] = [fine.findLastIndex((tick) => tick <= Math.min(...values)), fine.findIndex((tick) => tick >= Math.max(...values))];
  return fine.slice(from, Math.max(to, from + 1) + 1);
}

/** From a value to its place on an axis of so many pixels. */
function scaleOf(from, to, length) {
  const span = Math.log10(to / from) || 1;
  return (value) => (Math.log10(value / from) / span) * length;
}

function gridOf(places, ticks, x, y) {
  const across = ticks.map(
    (tick) =>
      `<path d="M0 ${y(tick).toFixed(1)}H${PLOT_WIDTH}" stroke="${GRID}"/><text x="-6" y="${(y(tick) + 4).toFixed(1)}" text-anchor="end">${figure(tick)}</text>`,
  );
  const down = places.map(
    (place) =>
      `<path d="M${x(place).toFixed(1)} 0V${PLOT_HEIGHT}" stroke="${GRID}"/><text x="${x(place).toFixed(1)}" y="${PLOT_HEIGHT + 16}" text-anchor="middle">${place.toLocaleString('en')}</text>`,
  );
  return [...across, ...down].join('\n');
}

/** A line with its points and its legend. */
function drawn({ title, values, colour }, at, places, x, y) {
  const shade = colour ?? COLOURS[at % COLOURS.length];
  const points = values.flatMap((value, step) => (value > 0 ? [[x(places[step]).toFixed(1), y(value).toFixed(1)]] : []));
  const legendAt = PLOT_HEIGHT + 40 + at * LEGEND_LINE;
  return (
    `<polyline points="${points.map((point) => point.join(',')).join(' ')}" fill="none" stroke="${shade}" stroke-width="2"/>` +
    points.map(([left, top]) => `<circle cx="${left}" cy="${top}" r="3" fill="${shade}"/>`).join('') +
    `<rect x="0" y="${legendAt - 9}" width="14" height="4" fill="${shade}"/><text x="20" y="${legendAt - 3}">${title}</text>`
  );
}

/** The panel in place `at` of the picture: lines over `places` on the axis below, between the marks. */
export function panelOf(heading, lines, at, places, ticks) {
  const x = scaleOf(places[0], places.at(-1), PLOT_WIDTH);
  const height = scaleOf(ticks[0], ticks.at(-1), PLOT_HEIGHT);
  const y = (value) => PLOT_HEIGHT - height(value);
  return `<g transform="translate(${(at % 2) * WIDTH + LEFT} ${Math.floor(at / 2) * HEIGHT + TOP})">
<text x="0" y="-14" font-weight="bold">${heading}</text>
${gridOf(places, ticks, x, y)}
${lines.map((line, index) => drawn(line, index, places, x, y)).join('\n')}
</g>`;
}

/** The picture that holds the panels. */
export function panelsOf(panels) {
  const height = Math.ceil(panels.length / 2) * HEIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${2 * WIDTH}" height="${height}" viewBox="0 0 ${2 * WIDTH} ${height}" font-family="sans-serif" font-size="12" fill="#24292f">
<rect width="${2 * WIDTH}" height="${height}" fill="#fff"/>
${panels.join('\n')}
</svg>
`;
}
