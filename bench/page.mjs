/** docs/benchmarks.md: written by the benchmark, but for the findings at its end, which people write. */
import { costs, figure, range, ratio, table } from './format.mjs';

/** The least shares of the limit's rate, as two processes and as one, and the most of its CPU. */
const AIMS = { rate: 0.6, list: 0.85, one: 0.75, cpu: 2.5 };
const AIMED_AT = ['create', 'find', 'get', 'patch', 'few', 'list'];
const FINDINGS = '## Findings';

const ratioTable = (summaries) => table(
  ['workload', 'system: requests/s', 'one process: requests/s', 'limit: requests/s', 'peer: requests/s', 'system / limit', 'one process / limit', 'system / peer',
    'CPU of gateway + core / limit', 'CPU of the one process / limit', 'CPU of PostgreSQL / limit'],
  summaries.map(({ title, targets, toBare, oneToBare, toPeer, costToBare, oneCostToBare, postgresToBare }) => [
    title, ...['system', 'one', 'bare', 'peer'].map((name) => range(targets[name]?.rate, figure)),
    `**${range(toBare, ratio)}**`, `**${range(oneToBare, ratio)}**`, `**${ratio(toPeer?.median)}**`, ratio(costToBare), ratio(oneCostToBare), ratio(postgresToBare),
  ]),
);

const detailTable = (summaries) => table(
  ['workload', 'server', 'p50 ms', 'p99 ms', 'CPU ms a request', 'event loop late, p99 ms', 'memory MiB', 'requests counted'],
  summaries.flatMap(({ title, targets }) => Object.entries(targets).map(([name, { p50, p99, cpu, delay, memory, requests }]) =>
    [title, name, figure(p50), figure(p99), costs(cpu), Object.values(delay).map(figure).join(', '), Object.values(memory).join(' + '), requests.toLocaleString('en')])),
);

const reached = (isReached) => (isReached ? 'reached' : '**missed**');

function verdictOn({ name, title, toBare, oneToBare, costToBare }) {
  const aim = name === 'list' ? AIMS.list : AIMS.rate;
  const alone = oneToBare ? `, in one process ${ratio(oneToBare.median)} (aim ${AIMS.one}: ${reached(oneToBare.median >= AIMS.one)})` : '';
  return `- ${title}: ${ratio(toBare.median)} of the limit's rate (aim ${aim}: ${reached(toBare.median >= aim)})${alone}; ${ratio(costToBare)} times its CPU (aim ${AIMS.cpu}: ${reached(costToBare <= AIMS.cpu)}).`;
}

function verdict(summaries) {
  const found = (name) => summaries.find((summary) => summary.name === name);
  const aims = AIMED_AT.map(found).filter((summary) => summary?.toBare).map(verdictOn);
  const behind = summaries.filter(({ toPeer }) => toPeer && toPeer.median < 1).map(({ title, toPeer }) => `${title} (${ratio(toPeer.median)})`);
  const peer = behind.length === 0
    ? '- The system is ahead of the in-memory peer in every workload, although it stores durably and leaves a record of every change.'
    : `- The system is ahead of the in-memory peer in every workload but: **${behind.join(', ')}**. The peer stores nothing.`;
  const [few, many] = [found('few'), found('many')];
  const flat = few && many
    ? [`- ${many.title}: ${ratio(many.targets.system.p50 / few.targets.system.p50)} times the median time of ${few.title}.`] : [];
  return [...aims, peer, ...flat].join('\n');
}

const charts = (summaries) => summaries.map(({ name, title }) => `![${title}](benchmarks/${name}.svg)`).join('\n\n');

const facts = ({ machine, node, postgresql, redis, commit, at, settings }) => table(['', ''], [
  ['when, commit', `${at.slice(0, 16).replace('T', ' ')} UTC, ${commit}`],
  ['machine', `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; everything on this one machine, load generator included`],
  ['versions', `Node ${node}, PostgreSQL ${postgresql.server_version}, Redis ${redis}`],
  ['PostgreSQL', Object.entries(postgresql).filter(([name]) => name !== 'server_version').map(([name, value]) => `${name} ${value}`).join(', ')],
  ['data', `${settings.users.toLocaleString('en')} users to read and change; a group of 10 and one of ${settings.manyMembers.toLocaleString('en')} among ${(settings.manyMembers + 1600).toLocaleString('en')} users; for system and limit each`],
  ['load', `${settings.connections} connections, one request at a time on each; ${settings.rounds} rounds of ${settings.seconds} s, interleaved, after ${settings.warmUp} s of warm-up and 0.3 s before each round; the order of the servers changes with the round`],
  ['quiet', `a round in which others used more than ${settings.disturbedAbove * 100} % of the machine is repeated, at most ${settings.repeats} times; the quietest stands (most in this run: ${figure(most(settings.worst))} %)`],
]);
const most = (share) => (share ?? 0) * 100;

/** The whole page; `previous` is the page as it stands. */
export function pageOf(outcome, summaries, previous = '') {
  const findings = previous.includes(FINDINGS) ? previous.slice(previous.indexOf(FINDINGS)) : `${FINDINGS}\n\nNone yet.\n`;
  return `# Benchmarks

Written by \`npm run bench\`, up to the findings. \`npm run bench:quick\` is the short version (under two minutes; prints, writes no page).

## Verdict

${verdict(summaries)}

## The figures

Medians over the rounds, the least and the most in parentheses. Ratios are of rounds that ran one after the other: they are the result, the
rates only say what this machine is like. CPU is user and system time of the processes, from the kernel.

${ratioTable(summaries)}

${detailTable(summaries)}

${charts(summaries)}

## What stands beside what

- **system**: gateway and core as two processes in production, logging to a file; every request a bearer token, checked through Redis; every
  write with its change record, in PostgreSQL with synchronous commit. All requests are those Okta sends.
- **one process**: the same two in one, as \`npm start\` has them, on PostgreSQL; its cache of tokens is in the process, and its log holds warnings only.
- **limit** (bare): Koa and \`pg\` in one process; no token, no checks, rows as JSON; one prepared statement for each request on the same
  tables, writes with their change record in the same statement; as many database connections. Its list of 100 counts the total in that
  statement; it never reads the groups that a SCIM user shows.
- **peer**: \`scimmy\` 1.3.5 and \`scimmy-routers\` 1.3.2 on Express 4, resources in a Map: nothing is stored, nothing recorded, any token is
  good. Its filters are evaluated by \`scimmy\` itself, user by user; pages are cut by its handler. For the large group it was asked once:
  a request takes it that long.

## The run

${facts(outcome)}

Every answer had the status it must have, or the run would have stopped; one answer of each workload was compared with what was asked for; after
each round of writes the change records were counted against the requests, and in the end the members of the groups.

## Not measured

- A machine for each process: with two cores, load generator, servers and PostgreSQL take processor time from each other. The CPU columns
  tell what a request costs; the rate of a system with processors for all of its processes is higher.
- TLS, a network between the processes, several cores or gateways behind a proxy, PGlite.
- More than one request at a time per connection, bursts, long runs, start-up.
- Groups shown with their members. Bulk, a part of an e-mail address and the token alone have nothing beside them: they say what they take.
- Growth, other filters, orders, pages far into a list, GraphQL asked directly: those have [a page of their own](benchmarks-growth.md).

${findings}`;
}
