// npm test: the suites on the embedded set-up, and, where DATABASE_URL and REDIS_URL are set, the same suites again on those servers.
// Further arguments go to vitest: `npm test -- test/scim/filters.test.ts`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install, run } from './steps.mjs';
import { count, total, verdict } from './verdict.mjs';

const { DATABASE_URL, REDIS_URL, ...rest } = process.env;
const isNetworkGiven = Boolean(DATABASE_URL && REDIS_URL);

async function runWorld(world, environment) {
  const folder = mkdtempSync(join(tmpdir(), 'condeco-test-'));
  const report = join(folder, 'report.json');
  try {
    const code = await run(
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...process.argv.slice(2),
      ],
      { env: { ...environment, WORLD: world } },
    );
    return count(() => JSON.parse(readFileSync(report, 'utf8')), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

install();
const counts = [await runWorld('embedded', rest)];
if (isNetworkGiven) counts.push(await runWorld('network', { ...rest, DATABASE_URL, REDIS_URL }));
const sum = total(counts);

const missing = [DATABASE_URL ? '' : 'DATABASE_URL', REDIS_URL ? '' : 'REDIS_URL'].filter(Boolean).join(' and ');
const which = isNetworkGiven
  ? 'Ran the suites twice: on the embedded database, and on the PostgreSQL and Redis of DATABASE_URL and REDIS_URL.'
  : `Ran the suites on the embedded database only; set ${missing} too, and they also run on PostgreSQL and Redis.`;
process.stdout.write(`\n${which}\n${verdict(sum)}\n`);
process.exitCode = sum.failed > 0 ? 1 : 0;
