/** The CLI as a process: pipes, signals, kills; and its reference. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printReference } from '../../cli/reference.js';
import { cli, inEnvironment, tokenOf } from '../support/cli.js';
import { launch, type Program } from '../support/process.js';
import { newTenant, world } from '../support/world.js';

const root = path.resolve(import.meta.dirname, '../..');
const MAIN = path.join(root, 'dist', 'cli', 'main.js');
const PEOPLE = 2000;
const DISTANCE = 60; // milliseconds

test('docs/cli.md is what the help says (if not: npm run cli-reference)', () => {
  expect(readFileSync(path.join(root, 'docs', 'cli.md'), 'utf8')).toBe(printReference());
});

test('the help of every command is on stdout, and good', async () => {
  for (const args of [['--help'], ['users', '--help'], ['help', 'tokens'], ['tokens', 'issue', '--help']]) {
    expect(await cli(args)).toMatchObject({ code: 0, err: '', out: expect.stringMatching(/^Usage: identity/) });
  }
  expect(await cli([])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Usage') });
  expect(await cli(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});

describe('as a process', () => {
  let variables: Record<string, string>;
  let file: string;
  let work: string;
  let distant: Server;

  beforeAll(async () => {
    // The tool builds what is missing.
    expect(await launch('tools/identity.mjs', ['--version']).ended).toBe(0);
  }, 120_000);

  /** The core, far away: each answer takes its time, so that there is time to kill who waits for it. */
  async function farAway(url: string): Promise<Server> {
    const server = createServer((request, response) => {
      const forwarded = forward(`${url}${request.url}`, { method: request.method, headers: request.headers }, (answer) => {
        setTimeout(() => {
          response.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(response);
        }, DISTANCE);
      });
      forwarded.on('error', () => response.destroy());
      request.pipe(forwarded);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  }

  const asTenant = async (): Promise<Record<string, string>> => {
    const { identityUrl } = await world();
    return { IDENTITY_GRAPHQL_URL: `${identityUrl}/graphql`, IDENTITY_TOKEN: await tokenOf(identityUrl, await newTenant()) };
  };
  const countsOf = async ({ IDENTITY_GRAPHQL_URL: url, IDENTITY_TOKEN: token }: Record<string, string>) => {
    const { out } = await inEnvironment(url!.replace('/graphql', ''), token!)(['export', '-q']);
    return JSON.parse(out.trim().split('\n').at(-1)!) as object;
  };

  beforeAll(async () => {
    work = mkdtempSync(path.join(tmpdir(), 'condeco-cli-'));
    variables = await asTenant();
    distant = await farAway((await world()).identityUrl);
    file = path.join(work, 'people.ndjson');
    const ids = Array.from({ length: PEOPLE }, (_, index) => `u${index}`);
    writeFileSync(
      file,
      [
        { type: 'export', format: 1, tenant: { id: 'x', name: 'Made up' }, exportedAt: '', changesCursor: null },
        ...ids.map((id, index) => ({
          type: 'user',
          id,
          user: {
            userName: `${id}@x.com`,
            displayName: `Person ${id}`,
            ...(index > 0 && { enterprise: { manager: { value: ids[PEOPLE - index] } } }),
          },
        })),
        { type: 'group', id: 'all', group: { displayName: 'All' } },
        { type: 'group', id: 'above', group: { displayName: 'Above' } },
        { type: 'members', group: 'all', ids: ids.slice(0, 1000) },
        { type: 'members', group: 'all', ids: ids.slice(1000) },
        { type: 'members', group: 'above', ids: ['all', 'u0'] },
        { type: 'end', users: PEOPLE, groups: 2, members: PEOPLE + 2 },
      ]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(''),
    );
  });

  afterAll(() => {
    distant.closeAllConnections();
    distant.close();
    rmSync(work, { recursive: true, force: true });
  });

  /** How many lines of the journal there are. */
  const progressOf = () => (existsSync(`${file}.import-state`) ? readFileSync(`${file}.import-state`, 'utf8').split('\n').length - 1 : 0);
  const importing = () =>
    launch(MAIN, ['import', file, '--json'], {
      ...variables,
      IDENTITY_GRAPHQL_URL: `http://127.0.0.1:${(distant.address() as AddressInfo).port}/graphql`,
    });
  async function until(lines: number, { isRunning }: Program): Promise<void> {
    while (isRunning() && progressOf() < lines) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  test('an import that is killed goes on; one that is interrupted says so, and goes on, too', async () => {
    const killed = importing();
    await until(3, killed);
    expect(killed.isRunning(), killed.err()).toBe(true);
    await killed.stop('SIGKILL');
    const before = progressOf();
    expect(before).toBeGreaterThanOrEqual(3);

    const interrupted = importing();
    await until(before + 2, interrupted);
    expect(await interrupted.stop('SIGINT')).toBe(7);
    expect(interrupted.err()).toMatch(/^Going on with the import.*\n.*repeat the command to go on\.\n.*Interrupted\. \[INTERRUPTED\]/);

    const last = importing();
    expect(await last.ended, last.err()).toBe(0);
    expect(existsSync(`${file}.import-state`)).toBe(false);
    expect(await countsOf(variables)).toEqual({ type: 'end', users: PEOPLE, groups: 2, members: PEOPLE + 2 });
    const again = importing();
    expect(await again.ended, again.err()).toBe(0);
    expect(JSON.parse(again.out())).toMatchObject({
      usersCreated: 0,
      usersChanged: 0,
      usersUnchanged: PEOPLE,
      managersSet: 0,
      groupsUnchanged: 2,
      failed: 0,
    });
  }, 120_000);

  test('a reader that has enough (| head) is no error', async () => {
    const shell = spawn('bash', ['-c', `set -o pipefail; "${process.execPath}" "${MAIN}" users list --all --json | head -n 1`], {
      env: { PATH: process.env['PATH'], ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const written = { out: '', err: '' };
    shell.stdout.on('data', (chunk: Buffer) => {
      written.out += chunk.toString();
    });
    shell.stderr.on('data', (chunk: Buffer) => {
      written.err += chunk.toString();
    });
    const [code] = (await once(shell, 'close')) as [number];
    expect({ code, err: written.err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(written.out)).toHaveProperty('userName');
  });

  test.skipIf(!existsSync('/dev/full'))('a full disk is told as that, and how to go on', async () => {
    const full = spawn('bash', ['-c', `"${process.execPath}" "${MAIN}" users list --all --json > /dev/full`], {
      env: { PATH: process.env['PATH'], ...variables },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    full.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const [code] = (await once(full, 'close')) as [number];
    expect({ code, err }).toEqual({
      code: 7,
      err: expect.stringMatching(
        /^\{"error":\{"code":"FILE","message":"What is to be written cannot be opened or written: the disk is full; make room and repeat the command \(ENOSPC\)\."/,
      ),
    });
  });

  test('following ends well by SIGINT', async () => {
    const following = launch(MAIN, ['changes', '--follow', '--limit', '1'], variables);
    await following.shows('KIND');
    expect(await following.stop('SIGINT')).toBe(0);
    expect(following.err()).toBe('');
  });

  test('files are named from the folder that the user is in', () => {
    const here = path.join(work, 'here');
    mkdirSync(here);
    writeFileSync(path.join(here, 'wrong.json'), '{');
    const run = () =>
      execFileSync(process.execPath, [path.join(root, 'tools', 'identity.mjs'), 'users', 'create', '--file', 'wrong.json'], {
        cwd: here,
        env: { PATH: process.env['PATH'], ...variables },
        stdio: 'pipe',
      });
    expect(run).toThrow(
      expect.objectContaining({
        status: 2,
        stderr: Buffer.from(
          "error: What is in wrong.json is no JSON: Expected property name or '}' in JSON at position 1 (line 1 column 2). [USAGE]\n",
        ),
      }),
    );
  });
});
