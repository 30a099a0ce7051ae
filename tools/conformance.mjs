// npm run conformance: every recorded conversation, every compatibility suite and Okta's own test, and what came of them, into
// docs/conformance.md.
// Where DATABASE_URL and REDIS_URL are set, the conversations and suites run on those servers, too.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { build, install, node, root, run, say } from './steps.mjs';
import { total, verdict } from './verdict.mjs';

const { DATABASE_URL, REDIS_URL, ...rest } = process.env;
const setUps = DATABASE_URL && REDIS_URL ? ['embedded', 'network'] : ['embedded'];
const suites = [
  'test/scim/transcripts.test.ts',
  'test/scim/okta-specification.test.ts',
  'test/scim/okta-life-cycle.test.ts',
  'test/scim/compatibility-users.test.ts',
  'test/scim/compatibility-groups.test.ts',
  'test/scim/compatibility-lists.test.ts',
  'test/scim/patch-members.test.ts',
  'test/tenants/policies.test.ts',
  'test/scim/leaver.test.ts',
];
const okta = join(process.env.SUITES_DIR ?? join(root, '..', 'shared', 'suites'), 'okta', 'run.mjs');
const work = mkdtempSync(join(tmpdir(), 'condeco-conformance-'));

/** A conversation is of the provider that its title begins with: `okta-wizard, users`. */
function setOf(file, title) {
  const suite = basename(file, '.test.ts');
  const [, provider = suite] = suite === 'transcripts' ? (/^([\w-]+), /.exec(title) ?? []) : [];
  return provider;
}

/** What failed: the answer that was not the one wanted stands in the first three lines. */
const reasonOf = ({ title, failureMessages }) =>
  `${title}: ${stripVTControlCharacters(failureMessages[0] ?? '')
    .split('\n')
    .slice(0, 3)
    .join(' ')
    .slice(0, 300)}`;

/** One row for each set: the transcripts of a vendor, or a suite. A file that could not be loaded is one failure. */
function rowsOf({ testResults }, setUp) {
  const rows = new Map();
  const rowOf = (set) => {
    if (!rows.has(set)) rows.set(set, { set, setUp, passed: 0, failed: 0, reasons: [] });
    return rows.get(set);
  };
  const fail = (row, reason) => {
    row.failed += 1;
    row.reasons.push(reason);
  };
  for (const { name, status, message, assertionResults } of testResults) {
    for (const result of assertionResults) {
      const row = rowOf(setOf(name, result.title));
      if (result.status === 'passed') row.passed += 1;
      if (result.status === 'failed') fail(row, reasonOf(result));
    }
    const isBroken = status === 'failed' && assertionResults.every((result) => result.status !== 'failed');
    if (isBroken) fail(rowOf(setOf(name, '')), `could not be run: ${stripVTControlCharacters(message ?? '').split('\n')[0]}`);
  }
  return [...rows.values()].sort((one, other) => one.set.localeCompare(other.set));
}

async function recorded(setUp) {
  const report = join(work, `${setUp}.json`);
  const servers = setUp === 'network' ? { DATABASE_URL, REDIS_URL } : {};
  const code = await run(['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile.json=${report}`, ...suites], {
    env: { ...rest, ...servers, WORLD: setUp },
    stdio: ['ignore', 2, 2],
  });
  if (!existsSync(report)) {
    return [{ set: 'all', setUp, passed: 0, failed: 1, reasons: [`vitest ended with ${code} and without a report`] }];
  }
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  if (testResults.length < suites.length) {
    return [{ set: 'all', setUp, passed: 0, failed: 1, reasons: [`of ${suites.length} files only ${testResults.length} were run`] }];
  }
  const rows = rowsOf({ testResults }, setUp);
  const isUncounted = code !== 0 && rows.every(({ failed }) => failed === 0);
  return isUncounted ? [...rows, { set: 'all', setUp, passed: 0, failed: 1, reasons: [`vitest ended with ${code}`] }] : rows;
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return String(port);
}

async function isReady(url) {
  for (let tries = 0; tries < 120; tries += 1) {
    if (
      await fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    ) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return false;
}

/** The set's name with the version of the data: the day on which Okta exported it. */
function oktaSet() {
  const spec = join(okta, '..', 'spec.json');
  if (!existsSync(spec)) return "Okta's specification test";
  return `Okta's specification test (${new Date(JSON.parse(readFileSync(spec, 'utf8')).exported_at * 1000).toISOString().slice(0, 10)})`;
}

/** Okta's own specification test against the started system. */
async function oktaSuite() {
  const row = { set: oktaSet(), setUp: 'npm start', passed: 0, failed: 0, reasons: [] };
  if (!existsSync(okta)) return { ...row, reasons: ['not run: there is no okta/run.mjs in SUITES_DIR'] };
  const port = await freePort();
  const env = { ...rest, GATEWAY_PORT: port, IDENTITY_PORT: await freePort(), DATA_DIR: join(work, 'data') };
  const system = spawn(node(), ['dist/services/standalone/main.js'], { cwd: root, env, stdio: 'ignore' });
  try {
    if (!(await isReady(`http://127.0.0.1:${port}`))) return { ...row, failed: 1, reasons: ['the system did not become ready'] };
    const TOKEN = await tokenOf(join(work, 'data', 'credentials.json'));
    return { ...row, ...(await answersOf({ ...rest, BASE_URL: `http://127.0.0.1:${port}/scim/api/V1`, TOKEN })) };
  } finally {
    await stop(system);
  }
}

async function answersOf(env) {
  const child = spawn(node(), [okta], { env, stdio: ['ignore', 'pipe', 2] });
  let text = '';
  child.stdout.on('data', (piece) => {
    text += piece;
  });
  await once(child, 'close');
  const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(text) ?? [0, 0, 1];
  return {
    passed: Number(passed),
    failed: Number(failed),
    reasons: text
      .split('\n')
      .filter((line) => line.includes('FAILED'))
      .map((line) => line.trim()),
  };
}

/** Ends it in order; one that has ended by itself tells nothing any more. */
async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'close');
}

async function tokenOf(path) {
  for (let tries = 0; tries < 40; tries += 1) {
    const token = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).scimToken : undefined;
    if (token) return token;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('npm start stored no token');
}

const line = ({ set, setUp, passed, failed, reasons }) =>
  `| ${set} | ${setUp} | ${passed} | ${failed} | ${reasons.join('; ').replaceAll('|', '\\|')} |`;

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
const commit = () =>
  `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' with changes'}`;

const page = (rows, at) => `# Conformance

Written by \`npm run conformance\` on ${new Date().toISOString().slice(0, 10)}, at commit ${at}. A set is the recorded conversations of one provider
(\`test/transcripts/\`) or a suite (\`test/\`), in the version of that commit; counts are of conversations or tests, for Okta's own test of its assertions.

| set | set-up | passed | failed | why |
| --- | --- | --- | --- | --- |
${rows.map(line).join('\n')}
`;

install();
build();
try {
  const at = commit();
  const rows = [];
  for (const setUp of setUps) {
    say(`Replaying the conversations and suites (${setUp}).`);
    rows.push(...(await recorded(setUp)));
  }
  say("Running Okta's specification test.");
  rows.push(await oktaSuite());
  writeFileSync(join(root, 'docs', 'conformance.md'), page(rows, at));
  const sum = total(rows.map(({ passed, failed }) => ({ passed, failed, skipped: 0 })));
  process.stdout.write(`Wrote docs/conformance.md.\n${verdict(sum)}\n`);
  process.exitCode = sum.failed > 0 ? 1 : 0;
} finally {
  rmSync(work, { recursive: true, force: true });
}
