/** Each target against what was measured: met, missed, or not measured; nothing is claimed beyond that. */
import { MOST_AT_ONCE } from './constants.mjs';
import { largestOf } from './first-sync.mjs';
import { figure, ratio, table } from './format.mjs';
import { allSeries } from './growth-workloads.mjs';
import { nameAtOnce } from './workloads-at-once.mjs';

const POINTS = ['create', 'find', 'get', 'patch', 'few'];
const MANY_AT_ONCE = ['create', 'find', 'get', 'patch'].map((name) => nameAtOnce(name, MOST_AT_ONCE));
const FULL_SYNC = { users: 50_000, memberships: 500_000 };
const PEER_USERS = 5000;
const MILLION = 1_000_000;

const atLeast = (least, show = ratio) => ({ text: `≥ ${show(least)}`, isMet: (value) => value >= least, show });
const atMost = (most, show = ratio) => ({ text: `≤ ${show(most)}`, isMet: (value) => value <= most, show });
const below = (most, unit) => ({ text: `< ${most} ${unit}`, isMet: (value) => value < most, show: (value) => `${figure(value)} ${unit}` });
const isNumber = (value) => value !== undefined && Number.isFinite(value);

/** A line of the table; `value` undefined is not measured, and `why` says so or what the figure comes from. */
const row = (what, target, value, why = '') => ({
  what,
  target: target.text,
  measured: isNumber(value) ? `${target.show(value)}${why && ` (${why})`}` : why || '-',
  verdict: !isNumber(value) ? 'not measured' : target.isMet(value) ? 'met' : '**missed**',
});

const titleOf = (of, name) => of(name)?.title ?? name;

function rateRows(of) {
  return [
    ...[...POINTS, ...MANY_AT_ONCE].map((name) =>
      row(`${titleOf(of, name)}: rate of gateway and core / limit`, atLeast(0.6), of(name)?.toBare?.median),
    ),
    ...[...POINTS, ...MANY_AT_ONCE].map((name) =>
      row(`${titleOf(of, name)}: rate of the one process / limit`, atLeast(0.75), of(name)?.oneToBare?.median),
    ),
    row('list 100: rate / limit', atLeast(0.85), of('list')?.toBare?.median),
    ...['find', 'create'].map((name) => row(`${titleOf(of, name)}: CPU of gateway and core / limit`, atMost(2.5), of(name)?.costToBare)),
  ];
}

function peerRows(of, { users }) {
  const isComparable = users === PEER_USERS;
  const limitOf = (name) => (of(name)?.limitToPeer ? `the limit itself: ${ratio(of(name).limitToPeer.median)}` : '');
  const against = (name, least) =>
    row(
      `${titleOf(of, name)}: rate / in-memory peer`,
      atLeast(least),
      isComparable ? of(name)?.toPeer?.median : undefined,
      isComparable ? limitOf(name) : `the target is for ${figure(PEER_USERS)} users`,
    );
  return [(name) => name, (name) => nameAtOnce(name, MOST_AT_ONCE)].flatMap((named) => [
    against(named('create'), 1.5),
    against(named('patch'), 1.5),
    against(named('get'), 2),
    against(named('find'), 100),
  ]);
}

function largeRows(of, { manyMembers }) {
  const [replaced, added] = [of('replace'), of('add500')].map((summary) => summary?.targets.system?.p50);
  const members = `${manyMembers.toLocaleString('en')} members`;
  const grown = Object.values(of('members')?.targets.system?.grown ?? { none: undefined });
  const isAsTarget = manyMembers === 100_000;
  return [
    row(
      `replace of ${members} with 500 changes / adding 500`,
      atMost(10),
      isAsTarget && replaced / added,
      isAsTarget ? '' : 'the target is for 100,000',
    ),
    row(
      `read of a group of ${members}: memory of gateway + core grows by`,
      below(50, 'MiB'),
      isAsTarget ? grown.reduce((sum, one) => sum + one, 0) : undefined,
      isAsTarget ? '' : 'the target is for 100,000',
    ),
  ];
}

function syncRow(sync) {
  const what = "first sync of 50,000 users and 500,000 memberships: PostgreSQL's CPU is the largest";
  if (!sync) return { what, target: 'postgres', measured: '-', verdict: 'not measured' };
  const largest = largestOf(sync);
  const isFull = sync.users >= FULL_SYNC.users && sync.memberships >= FULL_SYNC.memberships;
  const size = `${sync.users.toLocaleString('en')} users and ${sync.memberships.toLocaleString('en')} memberships`;
  return {
    what,
    target: 'postgres',
    measured: `${largest}, with ${size}`,
    verdict: !isFull ? 'not measured at that size' : largest === 'postgres' ? 'met' : '**missed**',
  };
}

const isWhole = ({ steps }) => steps[0].users === 1000 && steps.at(-1).users === MILLION;

/** What the growth run measured, with its `lines`; a part of its sizes proves nothing about a million. */
export function growthRows(growth) {
  const lines = growth && isWhole(growth) ? growth.lines : [];
  const lineOf = (name) => lines.find((line) => line.name === name);
  const last = (name) => lineOf(name)?.cells.at(-1).p50;
  return [
    ...allSeries
      .filter(({ isAimedAt }) => isAimedAt)
      .map(({ name, title }) => row(`1,000,000 users / 1,000: ${title}`, atMost(1.25), lineOf(name)?.growth)),
    row('one-member PATCH at 1,000,000 members / 10', atMost(1.1), last('join-1000000') / last('join-10')),
    row('page 9,000 of an import / page 1, by startIndex', atMost(1.25), last('walk') / last('walk-start')),
  ];
}

/** Where the figures about a million users are from. */
export const growthSource = (growth) =>
  growth && isWhole(growth)
    ? `What is said of a million users and members is from the growth run of ${growth.at.slice(0, 10)} (${growth.commit}); its [page](benchmarks-growth.md) tells more.`
    : 'No growth run up to a million users is kept in `bench/results`.';

/** Rows as a table of Markdown. */
export const tableOf = (rows) =>
  table(
    ['what', 'target', 'measured', 'verdict'],
    rows.map(({ what, target, measured, verdict }) => [what, target, measured, verdict]),
  );

/** The whole table; `growth` is the newest growth run, with its lines. */
export function verdictTable({ settings, sync }, summaries, growth) {
  const of = (name) => summaries.find((summary) => summary.name === name);
  const rows = [
    ...rateRows(of),
    ...peerRows(of, settings),
    ...growthRows(growth),
    ...largeRows(of, settings),
    syncRow(sync),
    {
      what: 'two cores and two gateways behind a proxy / one and one',
      target: 'no coordination but PostgreSQL and Redis',
      measured:
        'takes machines with the processors for it; that several share nothing else is tested (`test/scim/shared-walks`, `test/tenants/limits-shared`, `test/tokens/token-revocation`)',
      verdict: 'not measured',
    },
  ];
  return tableOf(rows);
}
