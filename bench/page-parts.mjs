/** Parts of docs/benchmarks.md: the first sync, the statements, how the load was made. */
import { largestOf } from './first-sync.mjs';
import { costs, figure, table } from './format.mjs';
import { PUSHED } from './sync-load.mjs';

const LONGEST = 180;
const LEAST = 0.01;
/** Columns by the dozen say nothing. */
const withoutColumns = (query) =>
  query.replaceAll(/(?:"?\w+"?\.)?"\w+"(?:, (?:"?\w+"?\.)?"\w+"){3,}/g, '…').replaceAll(/(?:"\w+" = \$\d+, ){3,}/g, '…, ');
const plain = (count) => count.toLocaleString('en');
const cut = (query) => (query.length > LONGEST ? `${query.slice(0, LONGEST)} …` : query);
const short = (query) => `\`${cut(withoutColumns(query)).replaceAll('|', '\\|').replaceAll('`', "'")}\``;
const percent = (share) => `${Math.round(share * 100)} %`;

/** How the first sync went; nothing where there was none. */
export function syncText({ sync }) {
  if (!sync) return '';
  const { users, groups, memberships, seconds, cpu } = sync;
  const rows = [
    ['users, each looked for first', users, seconds.users],
    ['groups, each looked for first', groups, seconds.groups],
    [`memberships, ${PUSHED} in a PATCH`, memberships, seconds.members],
  ];
  return `## A first sync

Everybody of a company of ${plain(users)} created through the gateway, then ${plain(groups)} groups, then ${plain(memberships)} memberships pushed, with Okta's bodies.
CPU seconds: ${costs(cpu)}; the most of it, without the one who asks: **${largestOf(sync)}**. What arrived was counted, and its change records.

${table(
  ['part', 'how many', 'seconds', 'a second'],
  rows.map(([part, count, time]) => [part, plain(count), figure(time), figure(count / time)]),
)}

`;
}

const SOURCES = {
  pg_stat_statements: 'From `pg_stat_statements`, reset before each workload.',
  pg_stat_activity:
    'The server has not loaded `pg_stat_statements`: the share is how often a statement was found running in `pg_stat_activity`, looked at every 5 ms.',
};

/** The statements of gateway and core that took the most time in each workload. */
export function statementsText({ statements }, summaries) {
  if (!statements) return 'This run did not look at them.';
  const titles = new Map(summaries.map(({ name, title }) => [name, title]));
  const rows = Object.entries(statements.byWorkload).flatMap(([name, found]) =>
    found
      .filter(({ share }) => share >= LEAST)
      .map(({ query, share, calls, mean }, at) => [
        at === 0 ? titles.get(name) : '',
        percent(share),
        figure(calls),
        figure(mean),
        short(query),
      ]),
  );
  return `Of gateway and core, those that took the most time in PostgreSQL. ${SOURCES[statements.source]}

${table(['workload', 'share of the time', 'calls a request', 'ms a call', 'statement'], rows)}`;
}

/** How the load was made. */
export const loadText = ({ connections, rounds, seconds, warmUp, minor, mixedUsers, mixedSeconds }) =>
  `${connections} connections (one where it says so of large groups), one request at a time on each; ${rounds} rounds of ${seconds} s, interleaved, after ${warmUp} s of warm-up and 0.3 s before each round` +
  (minor
    ? `; beyond the point requests ${minor.rounds} of ${minor.seconds} s after ${minor.warmUp} s; the mixed load ${mixedSeconds} s over tenants of ${plain(mixedUsers)} users`
    : '') +
  '; the order of the servers changes with the round';
