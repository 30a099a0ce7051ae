/** docs/benchmarks-growth.md: written by the growth run, but for the findings at its end, which people write. */
import { CONNECTIONS } from './constants.mjs';
import { figure, ratio, table } from './format.mjs';
import { SMALL, TEAM_MEMBERS } from './growth-data.mjs';
import { growthOf } from './growth-measure.mjs';
import { growthRows, tableOf } from './verdict.mjs';

/** What takes twice as long in the largest tenant as in the smallest counts as growing: less may be the machine. */
const GROWS = 2;
const FINDINGS = '## Findings';

const plain = (count) => count.toLocaleString('en');
const cellOf = (name) => (cell) => (cell.isRefused ? 'refused' : figure(cell[name]));

function verdict({ steps }, lines) {
  const [first, last] = [SMALL, steps.at(-1).users].map(plain);
  const isFlat = ({ growth }) => growth < GROWS;
  const named = ({ title, cells, growth }) =>
    `- ${title}: ${
      cells.at(-1).isRefused
        ? 'refused in the largest tenant: it takes longer than a statement may'
        : `${ratio(growth)} times, from ${figure(cells.at(-1).small.p50)} to ${figure(cells.at(-1).p50)} ms`
    }`;
  const flat = lines.filter(isFlat);
  const growing = lines.filter((line) => !isFlat(line)).toSorted((one, other) => Math.sign(other.growth - one.growth) || 0);
  return `From ${first} to ${last} users in the tenant, ${flat.length} of ${lines.length} requests keep their time (less than ${GROWS} times the median).
${growing.length > 0 ? `\nThese grow:\n\n${growing.map(named).join('\n')}\n` : ''}`;
}

const medians = ({ steps }, lines) =>
  table(
    ['median ms', ...steps.map(({ users }) => plain(users)), `${plain(steps.at(-1).users)} / ${plain(SMALL)}`],
    lines.map(({ title, cells, growth }) => [
      title,
      ...cells.map((cell) => cellOf('p50')(cell) + (cell.isRefused ? '' : ` (${ratio(growthOf(cell))})`)),
      `**${ratio(growth)}**`,
    ]),
  );

/** The groups of the largest tenant, by how many are in them. */
function membership({ steps }, lines) {
  const ofGroups = lines.filter(({ members }) => members);
  if (ofGroups.length === 0) return '';
  const [smallest] = ofGroups.map(({ cells }) => cells.at(-1).p50);
  return `A member joins or leaves a group of the tenant of ${plain(steps.at(-1).users)}; the groups take turns, request by request.

${table(
  ['members', 'median ms', '99th percentile, ms', '/ 10 members'],
  ofGroups.map(({ members, cells }) => {
    const { p50, p99 } = cells.at(-1);
    return [plain(members), figure(p50), figure(p99), `**${ratio(p50 / smallest)}**`];
  }),
)}
`;
}

const of = (name, heading, { steps }, lines) =>
  table(
    [heading, ...steps.map(({ users }) => plain(users))],
    lines.filter(({ cells }) => cells.some((cell) => cell[name])).map(({ title, cells }) => [title, ...cells.map(cellOf(name))]),
  );

const megabytes = (bytes) => `${figure(bytes / 2 ** 20)} MiB`;
const seeding = ({ steps }) =>
  table(
    ['users in the tenant', 'added', 'seconds for them', 'users a second', 'table of users', 'its indexes'],
    steps.map(({ users, added, seconds, bytes }) => [
      plain(users),
      plain(added),
      figure(seconds),
      figure(added / seconds),
      megabytes(bytes.table),
      megabytes(bytes.indexes),
    ]),
  );

const facts = ({ machine, node, postgresql, redis, commit, at, settings }) =>
  table(
    ['', ''],
    [
      ['when, commit', `${at.slice(0, 16).replace('T', ' ')} UTC, ${commit}`],
      [
        'machine',
        `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; everything on this one machine, client included`,
      ],
      ['versions', `Node ${node}, PostgreSQL ${postgresql.server_version}, Redis ${redis}`],
      [
        'PostgreSQL',
        Object.entries(postgresql)
          .filter(([name]) => name !== 'server_version')
          .map(([name, value]) => `${name} ${value}`)
          .join(', '),
      ],
      [
        'data',
        `one tenant that grows, everybody in a team of ${plain(TEAM_MEMBERS)}; in another database one of ${plain(SMALL)} with a core and a gateway of its own; vacuumed and analysed after each growth`,
      ],
      [
        'load',
        `one connection, one request at a time, ${settings.requests} of each kind and tenant, ten of one and ten of the other in turns, after a warm-up of 20, or what fits into ${settings.seconds} s; requests a second: ${CONNECTIONS} connections for a second`,
      ],
    ],
  );

/** The whole page; `previous` is the page as it stands. */
export function pageOf(outcome, lines, previous = '') {
  const findings = previous.includes(FINDINGS) ? previous.slice(previous.indexOf(FINDINGS)) : `${FINDINGS}\n\nNone yet.\n`;
  return `# Growth

What a request takes in a tenant of a thousand users, and of a million. Written by \`npm run bench:growth\`, up to the findings; the other
measurements are in [benchmarks](benchmarks.md).

## Verdict

${tableOf(growthRows({ ...outcome, lines }))}

${verdict(outcome, lines)}
## The figures

The median of each request, and in parentheses its ratio to that of a tenant of ${plain(SMALL)} users in a database of its own, asked in turns with it: the
result is that ratio. The column of ${plain(outcome.steps[0].users)} tells what two equal tenants differ by.

${medians(outcome, lines)}

${membership(outcome, lines)}
![The growth curve](benchmarks/growth.svg)

${of('p99', '99th percentile, ms', outcome, lines)}

${of('rate', 'requests a second', outcome, lines)}

${seeding(outcome)}

## What is asked

- Through SCIM, as Okta asks, gateway and core as two processes; GraphQL asks the core itself.
- Who is asked for changes from request to request, over a thousand users from everywhere in the tenant.
- The searches are as long as it takes to find about ten people at each size; \`co\` looks for the end of the part before the "@".
- A jump asks for a \`startIndex\` that nobody has asked for before; the pages after it are asked for with the same token, as an identity
  provider that reads the whole list does; so are the pages from the first on, in turn with them. There are six jumps with up to twenty pages each: the 99th percentile of jumps is the slowest.
- A group has nearly the whole tenant as members where that is smaller. Everybody is in as many groups at every size: a user that shows fewer would be faster.
- An import reads every page of the tenant once, by \`startIndex\` or by cursor, for ${outcome.settings.importSeconds ?? '-'} s at most.
- Every answer is checked: its status, and that it holds what was asked for.

## The run

${facts(outcome)}

${findings}`;
}
