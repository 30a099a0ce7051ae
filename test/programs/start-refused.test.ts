/** Starts that cannot be, and what the other commands print: the same on any database. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWellFormedToken } from '../../services/identity/domain/tokens/token-format.js';
import { freePort, launch } from '../support/process.js';
import { writeNewEmbedded } from '../support/own-store.js';

const PATIENT = { timeout: 90_000 };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'condeco-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const start = (program: string, variables: Readonly<Record<string, string>>) => launch('tools/start.mjs', [program], variables);

async function ports(): Promise<Record<'IDENTITY_PORT' | 'GATEWAY_PORT', string>> {
  return { IDENTITY_PORT: String(await freePort()), GATEWAY_PORT: String(await freePort()) };
}

describe('a start that cannot be', PATIENT, () => {
  test('faults of the configuration of both sides are told together', async () => {
    const program = start('standalone', { IDENTITY_PORT: 'four thousand', GATEWAY_PORT: '99999', REDIS_URL: 'nowhere' });
    expect(await program.ended).toBe(1);
    for (const name of ['IDENTITY_PORT', 'GATEWAY_PORT', 'REDIS_URL']) expect(program.err()).toContain(`- ${name}: `);
    expect(program.err()).not.toMatch(/^\s+at /m);
    expect(program.out()).toBe('');
  });

  test('production does not start on the defaults', async () => {
    const program = start('identity', { NODE_ENV: 'production', DATABASE_URL: '', REDIS_URL: '' });
    expect(await program.ended).toBe(1);
    expect(program.err()).toContain('- DATABASE_URL: is missing');
    expect(program.err()).toContain('- REDIS_URL: is missing');
  });

  test.each([
    ['standalone', 'IDENTITY_PORT'],
    ['standalone', 'GATEWAY_PORT'],
    ['gateway', 'GATEWAY_PORT'],
  ] as const)('%s: a taken %s is told with what to do', async (which, name) => {
    const variables = await ports();
    const taken = createServer().listen(Number(variables[name]), '127.0.0.1');
    try {
      const DATA_DIR = path.join(folder, `taken-${which}-${name}`);
      await writeNewEmbedded(path.join(DATA_DIR, 'database')); // to have it made takes long
      const program = start(which, { ...variables, DATA_DIR });
      expect(await program.ended).toBe(1);
      expect(program.err()).toBe(
        `Could not start. Port ${variables[name]} on 127.0.0.1 is taken: stop what listens there, or choose other ports with IDENTITY_PORT, GATEWAY_PORT and METRICS_PORT.\n`,
      );
    } finally {
      taken.close();
    }
  });

  test('credentials that cannot be read are told, not replaced', async () => {
    const variables = await ports();
    const DATA_DIR = await mkdtemp(path.join(folder, 'broken-'));
    await writeFile(path.join(DATA_DIR, 'credentials.json'), '{"clientId":');
    const program = start('standalone', { ...variables, DATA_DIR });
    expect(await program.ended).toBe(1);
    expect(program.err()).toContain('credentials.json cannot be read as credentials');
    expect(readFileSync(path.join(DATA_DIR, 'credentials.json'), 'utf8')).toBe('{"clientId":');
  });
});

test('npm run token prints a token and nothing else', async () => {
  const program = launch('tools/token.mjs', []);
  expect(await program.ended).toBe(0);
  expect(isWellFormedToken(program.out().trimEnd())).toBe(true);
  expect(program.out().split('\n')).toHaveLength(2);
});

describe('the last line of npm test', async () => {
  interface Counts {
    passed: number;
    failed: number;
    skipped: number;
  }
  const { count, total, verdict } = (await import(pathToFileURL('tools/verdict.mjs').href)) as {
    count(read: () => unknown, code: number): Counts;
    total(counts: Counts[]): Counts;
    verdict(counts: Counts): string;
  };
  const report = (...files: [status: string, ...tests: string[]][]) => ({
    numPassedTests: 3,
    numFailedTests: files.flatMap(([, ...tests]) => tests).filter((status) => status === 'failed').length,
    numPendingTests: 1,
    numTodoTests: 0,
    testResults: files.map(([status, ...tests]) => ({ status, assertionResults: tests.map((each) => ({ status: each })) })),
  });

  test('sums the runs', () => {
    const counts = [count(() => report(['passed', 'passed']), 0), count(() => report(['failed', 'failed', 'passed']), 1)];
    expect(verdict(total(counts))).toBe('6 passed, 1 failed, 2 skipped');
    expect(verdict({ passed: 2, failed: 0, skipped: 0 })).toBe('2 passed, 0 failed');
  });

  test('a file that did not load, a run that died, a run without a report: each is a failure', () => {
    expect(count(() => report(['failed'], ['passed', 'passed']), 1).failed).toBe(1);
    expect(count(() => report(['passed', 'passed']), 1).failed).toBe(1);
    expect(count(() => JSON.parse(''), 1).failed).toBe(1);
  });
});
