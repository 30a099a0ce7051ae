/** Figures as people read them. */

/** Two or three digits that count; thousands with a comma. */
export function figure(value) {
  if (value === undefined || !Number.isFinite(value)) return '-';
  if (value >= 100) return Math.round(value).toLocaleString('en');
  if (value >= 10) return value.toFixed(1);
  return value >= 1 ? value.toFixed(2) : String(Number(value.toPrecision(2)));
}

export const ratio = (value) => (value === undefined || !Number.isFinite(value) ? '-' : value >= 100 ? figure(value) : value.toFixed(2));

export const range = (spread, show) => (spread ? `${show(spread.median)} (${show(spread.least)} to ${show(spread.most)})` : '-');

export const costs = (cpu) =>
  Object.entries(cpu)
    .filter(([, time]) => time >= 0.01)
    .map(([name, time]) => `${name} ${figure(time)}`)
    .join(', ');

const row = (...cells) => `| ${cells.join(' | ')} |`;

/** A table of Markdown. */
export const table = (head, rows) => [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');
