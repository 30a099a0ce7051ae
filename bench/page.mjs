/** docs/benchmarks.md: written by the benchmark, but for the findings at its end, which people write. */
import { costs, figure, range, ratio, table } from './format.mjs';
import { atOnceText } from './at-once-page.mjs';
import { loadText, statementsText, syncText } from './page-parts.mjs';
import { growthSource, verdictTable } from './verdict.mjs';

const SERVERS = { system: 'gateway, core', graphql: 'core', one: 'one process', bare: 'limit', peer: 'peer' };
const listOf = (values, show) => Object.values(values).map(show).join(', ') || '-';
const FINDINGS = '## Findings';

const ratioTable = (summaries) =>
  table(
    [
      'workload',
      'gateway and core: requests/s',
      'GraphQL directly: requests/s',
      'one process: requests/s',
      'limit: requests/s',
      'peer: requests/s',
      'gateway and core / limit',
      'GraphQL directly / limit',
      'one process / limit',
      'gateway and core / peer',
      'CPU of gateway + core / limit',
      'CPU of the one process / limit',
      'CPU of PostgreSQL / limit',
    ],
    summaries.map(({ title, targets, toBare, graphqlToBare, oneToBare, toPeer, costToBare, oneCostToBare, postgresToBare }) => [
      title,
      ...['system', 'graphql', 'one', 'bare', 'peer'].map((name) => range(targets[name]?.rate, figure)),
      ...[toBare, graphqlToBare, oneToBare].map((spread) => (spread ? `**${range(spread, ratio)}**` : '-')),
      ratio(toPeer?.median),
      ratio(costToBare),
      ratio(oneCostToBare),
      ratio(postgresToBare),
    ]),
  );

const detailTable = (summaries) =>
  table(
    [
      'workload',
      'server',
      'p50 ms',
      'p99 ms',
      'CPU ms a request',
      'event loop late, p99 ms',
      'memory MiB',
      'grows in a round by MiB, at most',
      'requests counted',
    ],
    summaries.flatMap(({ title, targets }) =>
      Object.entries(targets).map(([name, { p50, p99, cpu, delay, memory, grown, requests }]) => [
        title,
        SERVERS[name],
        figure(p50),
        figure(p99),
        costs(cpu),
        listOf(delay, figure),
        listOf(memory, String),
        listOf(grown, String),
        requests.toLocaleString('en'),
      ]),
    ),
  );

const facts = ({ machine, exchange, node, postgresql, redis, commit, at, settings }) =>
  table(
    ['', ''],
    [
      ['when, commit', `${at.slice(0, 16).replace('T', ' ')} UTC, ${commit}`],
      [
        'machine',
        `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}; everything on this one machine, load generator included`,
      ],
      ...(exchange
        ? [['a byte to another process and back', `${exchange} us, between two programs in Node; a request passes three or four`]]
        : []),
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
        `${settings.users.toLocaleString('en')} users to read and change; a group of 10 and one of ${settings.manyMembers.toLocaleString('en')} among ${(settings.manyMembers + 1600).toLocaleString('en')} users; for each server but the peer its own`,
      ],
      ['load', loadText(settings)],
      [
        'quiet',
        `a round in which others used more than ${settings.disturbedAbove * 100} % of the machine is repeated, at most ${settings.repeats} times; the quietest stands (most in this run: ${figure(most(settings.worst))} %)`,
      ],
    ],
  );
const most = (share) => (share ?? 0) * 100;

/** The whole page; `growth` is the newest growth run, `previous` is the page as it stands. */
export function pageOf(outcome, summaries, growth, previous = '') {
  const usual = summaries.filter(({ of }) => !of);
  const findings = previous.includes(FINDINGS) ? previous.slice(previous.indexOf(FINDINGS)) : `${FINDINGS}\n\nNone yet.\n`;
  return `# Benchmarks

Written by \`npm run bench\`, up to the findings. \`npm run bench:quick\` is the short version (under two minutes; prints, writes no page).

## Verdict

Each target, and what was measured. A rate is a median of rounds that ran one after the other; "not measured" is said where this run, or the growth run
named, has no figure for exactly that.

${verdictTable(outcome, summaries, growth)}

${growthSource(growth)}

## The figures

Medians over the rounds, the least and the most in parentheses. Ratios are of rounds that ran one after the other: they are the result, the
rates only say what this machine is like. CPU is user and system time of the processes, from the kernel.

${ratioTable(usual)}

${detailTable(usual)}

![Rates as parts of the limit's](benchmarks/rates.svg)

![Latencies](benchmarks/latencies.svg)

${atOnceText(summaries)}${syncText(outcome)}## Statements

${statementsText(outcome, summaries)}

## What stands beside what

- **gateway and core**: as two processes in production, logging to a file; every request a bearer token, checked through Redis; every
  write with its change record, in PostgreSQL with synchronous commit. All requests are those Okta sends. In the
  mixed load six of ten look a user up by name, two PATCH \`active\`, one creates a user, one moves a member; tenants take turns.
- **GraphQL directly**: the same core asked without the gateway, by queries and mutations that do the same and select the same parts of a user.
- **one process**: the same two in one, as \`npm start\` has them, on PostgreSQL; its cache of tokens is in the process, and its log holds warnings only.
- **limit** (bare): Koa and \`pg\` in one process; no token, no checks, rows as JSON; one prepared statement for each request on the same
  tables, writes with their change record in the same statement; as many database connections as the system has for such statements. Its list of 100 counts the total in that
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
- More than one request at a time per connection, bursts, long runs (\`--mixed-seconds 600\` makes one), start-up.
- What stands beside nothing (Bulk, a part of an e-mail address, the token alone, the mixed load): it says what it takes.
- Growth, other filters, orders, pages far into a list: those have [a page of their own](benchmarks-growth.md).

${findings}`;
}
