/** Whatever becomes of its log, a program answers requests and ends when it is told to. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { exchange } from '../support/http.js';
import { freePort } from '../support/process.js';

const root = path.resolve(import.meta.dirname, '../..');
const PATIENT = 60_000;

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill('SIGKILL');
});

interface Started {
  readonly origin: string;
  readonly program: ChildProcess;
  readonly err: () => string;
}

/** A facade without a core, whose stdout is what is given; `pipe` is read by nobody until the test does. */
async function start(stdout: 'pipe' | number): Promise<Started> {
  const port = await freePort();
  const variables = {
    PATH: process.env['PATH'],
    GATEWAY_PORT: String(port),
    IDENTITY_URL: `http://127.0.0.1:${await freePort()}`,
    LOG_LEVEL: 'info',
  };
  const program = spawn(process.execPath, ['tools/start.mjs', 'gateway'], { cwd: root, env: variables, stdio: ['ignore', stdout, 'pipe'] });
  child = program;
  let err = '';
  program.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const origin = `http://127.0.0.1:${port}`;
  await expect
    .poll(
      () =>
        exchange(origin, 'GET', '/livez').then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: PATIENT },
    )
    .toBe(200);
  return { origin, program, err: () => err };
}

/** Asks for so many lines in the log. */
async function fillLog({ origin }: Started, lines: number): Promise<void> {
  for (let done = 0; done < lines; done += 100) {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => exchange(origin, 'GET', '/livez', { 'x-request-id': 'x'.repeat(100) })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  }
}

async function expectToEnd({ program }: Started): Promise<void> {
  const ended = once(program, 'exit');
  program.kill('SIGTERM');
  const late = new Promise<string>((resolve) => {
    setTimeout(resolve, 10_000, 'does not end');
  });
  expect(await Promise.race([ended, late])).toEqual([0, null]);
}

// It asks neither database nor Redis: once is enough.
describe.skipIf(inject('world') === 'network')('a program whose log goes to', () => {
  test.skipIf(!existsSync('/dev/full'))('a disk that is full', { timeout: PATIENT }, async () => {
    const full = openSync('/dev/full', 'w');
    const started = await start(full);
    closeSync(full);
    await fillLog(started, 300);
    await expect.poll(started.err).toContain('log lines are lost: ENOSPC');
    expect(started.err().split('log lines are lost').length, 'told once').toBe(2);
    await expectToEnd(started);
  });

  test('a pipe that is closed', { timeout: PATIENT }, async () => {
    const started = await start('pipe');
    started.program.stdout!.destroy();
    await fillLog(started, 300);
    await expect.poll(started.err).toContain('log lines are lost: EPIPE');
    await expectToEnd(started);
  });

  test('a reader that reads no more', { timeout: PATIENT }, async () => {
    const started = await start('pipe');
    await fillLog(started, 6000);
    await expect.poll(started.err).toContain('log lines are lost: nobody reads them');
    let out = '';
    started.program.stdout!.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    await expect.poll(started.err).toContain('the log is written again');
    await exchange(started.origin, 'GET', '/livez', { 'x-request-id': 'read-again' });
    await expect.poll(() => out).toContain('read-again');
    started.program.stdout!.pause();
    await fillLog(started, 6000);
    await expectToEnd(started);
  });

  test('the last lines are written before it ends', { timeout: PATIENT }, async () => {
    const started = await start('pipe');
    let out = '';
    started.program.stdout!.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    await exchange(started.origin, 'GET', '/livez', { 'x-request-id': 'the-last-one' });
    const closed = once(started.program, 'close');
    await expectToEnd(started);
    await closed;
    expect(out).toContain('the-last-one');
    expect(
      out
        .trimEnd()
        .split('\n')
        .every((line) => JSON.parse(line) as unknown),
    ).toBe(true);
  });
});
