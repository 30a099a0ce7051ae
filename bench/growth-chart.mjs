/** The growth curve as SVG: panels, one line for each series; users and milliseconds both on a logarithmic scale. */
import { panelOf, panelsOf, ticksOf } from './line-panel.mjs';

const PANELS = { find: 'One user', write: 'Writes', list: 'Pages of a list', search: 'Searches, orders, counts', group: 'Groups' };

/** A series as a line: its medians. */
const lineOf = ({ title, cells }) => ({ title, values: cells.map(({ p50 }) => p50) });

/** The groups of the largest tenant, by their members. */
function membersPanel(lines, at) {
  const groups = lines.filter(({ members }) => members);
  if (groups.length < 2) return '';
  const curve = (title, name) => ({ title, values: groups.map(({ cells }) => cells.at(-1)[name]) });
  const curves = [curve('median', 'p50'), curve('99th percentile', 'p99')];
  return panelOf(
    'A member joins or leaves: ms, by members of the group',
    curves,
    at,
    groups.map(({ members }) => members),
    ticksOf(curves),
  );
}

/** The picture of a run. */
export function chartOf({ steps }, lines) {
  const users = steps.map((step) => step.users);
  const times = ticksOf(lines.map(lineOf));
  const panels = Object.entries(PANELS).map(([chart, heading], at) =>
    panelOf(`${heading}: median ms, by users in the tenant`, lines.filter((line) => line.chart === chart).map(lineOf), at, users, times),
  );
  return panelsOf([...panels, membersPanel(lines, panels.length)]);
}
