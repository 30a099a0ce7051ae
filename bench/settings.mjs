/** How much is measured: a whole run, and a short one for every day. */
import { parseArgs } from 'node:util';

const whole = {
  users: 5000,
  manyMembers: 100_000,
  rounds: 5,
  seconds: 2,
  warmUp: 6,
  repeats: 1,
  minor: { rounds: 3, seconds: 1.2, warmUp: 2 },
  mixedUsers: 2000,
  mixedSeconds: 30,
  sync: '5000,20,50000',
  statementSeconds: 1,
  targets: 'system,graphql,one,bare,peer',
};
const full = { ...whole, mixedUsers: 20_000, sync: '50000,200,500000' };
const short = {
  users: 1000,
  manyMembers: 10_000,
  rounds: 2,
  seconds: 0.6,
  warmUp: 0.4,
  repeats: 0,
  minor: { rounds: 1, seconds: 0.4, warmUp: 0.2 },
  mixedUsers: 100,
  mixedSeconds: 2,
  sync: '200,4,400',
  statementSeconds: 0,
  targets: 'system,one,bare',
};

const HELP = `npm run bench [-- OPTIONS]     npm run bench:quick is the same with --quick

  --quick               the short run, under two minutes: prints, writes no page, needs nothing installed but the system
  --full                a first sync of 50,000 users, 200 groups and 500,000 memberships; 200,000 users in the mixed load
  --only LIST           names of workloads, as in create,find,find-64,replace,mixed,sync; a part of them writes no page
  --targets LIST        of system, graphql, one, bare, peer
  --users NUMBER        users to read and change, 1,000 or more  --members NUMBER   members of the large group; other numbers than usual write no page
  --rounds NUMBER       rounds of each server and workload     --seconds NUMBER   how long each is
  --warm-up NUMBER      seconds of practice for each: what is measured sooner is measured before the compiler knows it
  --repeats NUMBER      how often a round that others disturbed is measured again
  --mixed-seconds NUMBER  how long the mixed load lasts, as in 600
  --sync U,G,M          users, groups and memberships of the first sync
  --profile             where the time goes in the programs instead
  --from FILE           measures nothing: writes the page of an earlier run anew, as in bench/results/2026-11-30.json

DATABASE_URL and REDIS_URL name the servers to use; left out, the run starts its own where their programs are found. BENCH_DIR is where its own PostgreSQL keeps its data.
`;

const text = { type: 'string' };
const flag = { type: 'boolean', default: false };
const { values } = parseArgs({
  options: {
    quick: flag,
    full: flag,
    profile: flag,
    help: flag,
    only: text,
    targets: text,
    users: text,
    members: text,
    repeats: text,
    rounds: text,
    seconds: text,
    'warm-up': text,
    'mixed-seconds': text,
    sync: text,
    from: text,
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit();
}

const base = values.quick ? short : values.full ? full : whole;
const asked = {};
for (const [name, key] of [
  ['repeats', 'repeats'],
  ['rounds', 'rounds'],
  ['seconds', 'seconds'],
  ['users', 'users'],
  ['members', 'manyMembers'],
  ['warm-up', 'warmUp'],
  ['mixed-seconds', 'mixedSeconds'],
]) {
  if (values[name] !== undefined) asked[key] = Number(values[name]);
}
const only = values.only?.split(',');
const [users, groups, memberships] = (values.sync ?? base.sync).split(',').map(Number);

/** What the command line asks for. `isAskedFor` tells whether a workload is among it. */
export const settings = {
  ...base,
  ...asked,
  minor: Object.fromEntries(Object.entries(base.minor).map(([name, usual]) => [name, Math.min(usual, asked[name] ?? usual)])),
  sync: { users, groups, memberships },
  isUsual: values.users === undefined && values.members === undefined,
  quick: values.quick,
  full: values.full,
  profile: values.profile,
  from: values.from,
  only,
  targets: (values.targets ?? base.targets).split(','),
  isAskedFor: (name) => only?.includes(name) ?? true,
};
