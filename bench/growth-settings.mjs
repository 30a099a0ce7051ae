/** What the command line of `npm run bench:growth` asks for. */
import { parseArgs } from 'node:util';

const SIZES = '1000,10000,100000,1000000';
const SMALLEST = 1000; // the groups need that many

const HELP = `npm run bench:growth -- [--sizes ${SIZES}] [--requests 200] [--seconds 20] [--import-seconds 90] [--only NAMES] [--from FILE]

How long a request takes in a tenant of a thousand users, and of more and more. The database is the run's own, and dropped at its end;
DATABASE_URL and REDIS_URL name the servers to use, left out the run starts its own where their programs are found.

  --sizes LIST      users in the tenant, each larger than the one before
  --requests NUMBER how often each request is made at each size
  --seconds NUMBER  the most time that goes into one workload at one size
  --import-seconds NUMBER  the most time that goes into one whole import
  --only LIST       names of workloads, as in find-email,sort-family
  --from FILE       measures nothing: writes the page of an earlier run anew, as in bench/results/growth-2026-11-30.json

Only a run of all workloads over ${SIZES} writes docs/benchmarks-growth.md.
`;

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: SIZES },
    requests: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '20' },
    'import-seconds': { type: 'string', default: '90' },
    only: { type: 'string' },
    from: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit();
}

const sizes = values.sizes.split(',').map(Number);
const isRising = sizes.every((size, at) => Number.isSafeInteger(size) && size >= (at === 0 ? SMALLEST : sizes[at - 1] + 1));
if (!isRising) {
  process.stderr.write(`--sizes takes whole numbers from ${SMALLEST} up, each larger than the one before, as in ${SIZES}\n`);
  process.exit(1);
}

export const settings = {
  sizes,
  isWhole: values.sizes === SIZES && !values.only,
  only: values.only?.split(','),
  from: values.from,
  requests: Number(values.requests),
  seconds: Number(values.seconds),
  importSeconds: Number(values['import-seconds']),
};
