/**
 * The rates as SVG: each workload's servers as parts of the limit's rate, which is 1. Where there is no limit there is no bar: a rate alone
 * says nothing.
 */
import { figure, ratio } from './format.mjs';
import { colours, picture } from './picture.mjs';

const [WIDTH, LABEL, LINE, TOP, END] = [900, 390, 15, 56, 120];
const LONGEST = 1.25; // a bar that is longer is cut

const shareOf = ({ rate }, { bare }) => rate.median / bare.rate.median;

/** The picture of all workloads that have a limit. */
export function rateChartOf(summaries) {
  const shown = summaries.filter(({ targets }) => targets.bare && Object.keys(targets).length > 1);
  const x = (share) => LABEL + (Math.min(share, LONGEST) / LONGEST) * (WIDTH - LABEL - END);
  let y = TOP;
  const rows = shown.map(({ title, targets }) => {
    const entries = Object.entries(targets).filter(([name]) => name !== 'bare');
    const middle = y + (entries.length * LINE) / 2 + 4;
    const bars = entries.map(([name, target]) => {
      const share = shareOf(target, targets);
      y += LINE;
      return (
        `<rect x="${LABEL}" y="${y - LINE + 2}" width="${(x(share) - LABEL).toFixed(1)}" height="${LINE - 3}" fill="${colours[name]}"/>` +
        `<text x="${(x(share) + 5).toFixed(1)}" y="${y - 3}" font-size="11">${ratio(share)} (${figure(target.rate.median)}/s)</text>`
      );
    });
    y += LINE;
    return `<text x="${LABEL - 10}" y="${middle}" text-anchor="end">${title}</text>${bars.join('')}`;
  });
  const limit = `<path d="M${x(1).toFixed(1)} ${TOP - 6}V${y}" stroke="${colours.bare}" stroke-dasharray="4 3"/>`;
  return picture(WIDTH, y + 10, 'Rate as a part of the limit’s (the dashed line)', shown, [...rows, limit]);
}
