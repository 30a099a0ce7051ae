/** How much is measured: a whole run, and a short one for every day. */
import { parseArgs } from 'node:util';
import { databaseUrl, redisUrl } from './constants.mjs';

const whole = { users: 5000, manyMembers: 100_000, rounds: 5, seconds: 3, warmUp: 3, repeats: 2 };
const short = { users: 1000, manyMembers: 20_000, rounds: 2, seconds: 0.6, warmUp: 0.4, repeats: 0 };

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    targets: { type: 'string' },
    profile: { type: 'boolean', default: false },
    repeats: { type: 'string' }, // how often a disturbed round is measured again
    rounds: { type: 'string' },
    'warm-up': { type: 'string' }, // seconds for each server and workload: what is measured sooner is measured before the compiler knows it
  },
});

/** What the command line asks for. */
export const settings = {
  ...(values.quick ? short : whole),
  ...(values.repeats && { repeats: Number(values.repeats) }),
  ...(values.rounds && { rounds: Number(values.rounds) }),
  ...(values['warm-up'] && { warmUp: Number(values['warm-up']) }),
  quick: values.quick,
  profile: values.profile,
  only: values.only?.split(','),
  targets: (values.targets ?? (values.quick ? 'system,one,bare' : 'system,one,bare,peer')).split(','),
  databaseUrl,
  redisUrl,
};
