/** How much is measured: a whole run, and a short one for every day. */
import { parseArgs } from 'node:util';
import { databaseUrl, redisUrl } from './constants.mjs';

const whole = { users: 5000, manyMembers: 100_000, rounds: 5, seconds: 3, warmUp: 3, repeats: 2 };
const short = { users: 1000, manyMembers: 20_000, rounds: 2, seconds: 1, warmUp: 0.5, repeats: 0 };

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
  databaseUrl,
  redisUrl,
};
