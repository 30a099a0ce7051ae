// npm run conformance: every recorded conversation, every compatibility suite and Okta's own test, and what came of them, into docs/conformance.md.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, install, node, root, run, say } from './steps.mjs';

const suites = ['transcripts', 'okta-specification', 'okta-life-cycle', 'compatibility-users', 'compatibility-groups', 'compatibility-lists', 'patch-members', 'policies', 'leaver'];
const okta = join(process.env.SUITES_DIR ?? join(root, '..', 'shared', 'suites'), 'okta', 'run.mjs');
const work = mkdtempSync(join(tmpdir(), 'condeco-conformance-'));

const setOf = (file, title) => /transcripts\/([^,]+)/.exec(title)?.[1] ?? file.replace(/^.*\/test\//, '').replace('.test.ts', '');

/** One row for each set: the transcripts of a vendor, or a suite. */
function rowsOf({ testResults }) {
  const rows = new Map();
  for (const { name, assertionResults } of testResults) {
    for (const { fullName, status, failureMessages } of assertionResults) {
      const set = setOf(name, fullName);
      const row = rows.get(set) ?? { set, passed: 0, failed: 0, reasons: [] };
      rows.set(set, row);
      if (status === 'passed') row.passed += 1;
      if (status === 'failed') Object.assign(row, { failed: row.failed + 1, reasons: [...row.reasons, `${fullName}: ${(failureMessages[0] ?? '').split('\n')[0]}`] });
    }
  }
  return [...rows.values()].sort((one, other) => one.set.localeCompare(other.set));
}

async function recorded() {
  const report = join(work, 'report.json');
  const files = suites.map((suite) => `test/${suite}.test.ts`);
  await run(['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile.json=${report}`, ...files], { env: { ...process.env, WORLD: 'embedded' }, stdio: ['ignore', 2, 2] });
  return rowsOf(JSON.parse(readFileSync(report, 'utf8')));
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
    if (await fetch(`${url}/readyz`).then(({ ok }) => ok, () => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return false;
}

/** Okta's own specification test against the started system. */
async function oktaSuite() {
  if (!existsSync(okta)) return { set: "Okta's specification test", passed: 0, failed: 0, reasons: [`not run: there is no ${process.env.SUITES_DIR ? 'okta/run.mjs in SUITES_DIR' : 'SUITES_DIR'}`] };
  const { DATABASE_URL: _database, REDIS_URL: _redis, ...rest } = process.env;
  const port = await freePort();
  const env = { ...rest, GATEWAY_PORT: port, IDENTITY_PORT: await freePort(), DATA_DIR: join(work, 'data') };
  const system = spawn(node(), ['dist/services/standalone/main.js'], { cwd: root, env, stdio: 'ignore' });
  try {
    if (!await isReady(`http://127.0.0.1:${port}`)) throw new Error('the system did not become ready');
    const TOKEN = await tokenOf(join(work, 'data', 'credentials.json'));
    const child = spawn(node(), [okta], { env: { ...process.env, BASE_URL: `http://127.0.0.1:${port}/scim/api/V1`, TOKEN } });
    let text = '';
    child.stdout.on('data', (piece) => { text += piece; });
    await once(child, 'close');
    const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(text) ?? [0, 0, 1];
    return { set: "Okta's specification test", passed: Number(passed), failed: Number(failed), reasons: text.split('\n').filter((line) => line.includes('FAILED')).map((line) => line.trim()) };
  } finally {
    system.kill('SIGTERM');
    await once(system, 'close');
  }
}

async function tokenOf(path) {
  for (let tries = 0; tries < 40; tries += 1) {
    const token = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).scimToken : undefined;
    if (token) return token;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('npm start stored no token');
}

const line = ({ set, passed, failed, reasons }) => `| ${set} | ${passed} | ${failed} | ${reasons.join('; ').replaceAll('|', '\\|')} |`;

install();
build();
try {
  say('Replaying the conversations and suites.');
  const rows = await recorded();
  say("Running Okta's specification test.");
  rows.push(await oktaSuite());
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  writeFileSync(join(root, 'docs', 'conformance.md'), `# Conformance

Written by \`npm run conformance\` on ${new Date().toISOString().slice(0, 10)}, at commit ${commit}, on the embedded set-up. A set is the recorded conversations of one
provider (\`test/transcripts/\`) or a suite (\`test/\`); counts are of conversations or tests, for Okta's own test of its assertions.

| set | passed | failed | why |
| --- | --- | --- | --- |
${rows.map(line).join('\n')}
`);
  process.stdout.write(`Wrote docs/conformance.md.\n${rows.reduce((sum, row) => sum + row.passed, 0)} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  rmSync(work, { recursive: true, force: true });
}
