/** How much is measured: a whole run, and a short one for every day. */
import { parseArgs } from 'node:util';

const whole = { users: 5000, manyMembers: 100_000, rounds: 5, seconds: 3, warmUp: 3, repeats: 2 };
const short = { users: 1000, manyMembers: 20_000, rounds: 2, seconds: 1, warmUp: 0.5, repeats: 0 };

/** Requests under way at the same time. */
export const CONNECTIONS = 16;
/** Members of the small group, and users beside the members who join and leave. */
export const FEW_MEMBERS = 10;
export const JOINERS = CONNECTIONS * 100;
/** Seconds before each round that are not counted: pools connect, caches fill, the other servers come to rest. */
export const LEAD_IN = 0.3;
/** The share of the machine that others may use during a round before it counts as disturbed and is repeated. */
export const DISTURBED = 0.1;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    targets: { type: 'string', default: 'system,bare,peer' },
    profile: { type: 'boolean', default: false },
    repeats: { type: 'string' }, // how often a disturbed round is measured again
  },
});

/** What the command line asks for. */
export const settings = {
  ...(values.quick ? short : whole),
  ...(values.repeats && { repeats: Number(values.repeats) }),
  quick: values.quick,
  profile: values.profile,
  only: values.only?.split(','),
  targets: values.targets.split(','),
  databaseUrl: process.env.DATABASE_URL || 'postgres://root@127.0.0.1:5432/root',
  redisUrl: process.env.REDIS_URL || 'redis://127.0.0.1:6379/9',
};
