/**
 * The feed while cores are killed in the middle of writes, long transactions included: whatever was acknowledged is in it, once, in order;
 * a reader and a copy that go on from where they stood miss nothing. With a PostgreSQL of its own: on a shared one, others' transactions
 * would hold the feed up.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { newClientSecret } from '../../services/identity/domain/tokens/token-format.js';
import { type Change, CHANGES, type ChangesPage } from '../support/feed.js';
import { exchange } from '../support/http.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { createPostgres, findPrograms, freePort, type OwnPostgres } from '../support/own-servers.js';
import { launch, type Program } from '../support/process.js';
import { holdingOf, makeReplica, settled } from '../support/replica.js';
import { FUZZ_RUNS, type GraphQLResult, IS_CI } from '../support/world.js';

const isNetwork = inject('world') === 'network';
const programs = isNetwork ? findPrograms() : undefined;
const KILLS = Math.max(3, Math.round(FUZZ_RUNS / 40));

const root = path.resolve(import.meta.dirname, '../..');
/** Apart from what other tests build and start. */
const BUILT = 'dist/killed';

test.runIf(isNetwork && !programs)('needs the programs of PostgreSQL', (context) => {
  if (!IS_CI) return context.skip('install PostgreSQL on this machine to test kills');
  expect(programs, 'install PostgreSQL on this machine').toBeDefined();
});

describe.runIf(programs)('cores that are killed', () => {
  let postgres: OwnPostgres;
  let database: OwnDatabase;
  let core: Program;
  let url: string;
  let token: string;
  const credentials = { clientId: 'killed', clientSecret: newClientSecret() };
  let variables: Record<string, string>;

  const startCore = () => {
    core = launch(`${BUILT}/services/identity/main.js`, [], variables);
  };

  /** One request; undefined where nobody answered, or half of an answer came. */
  async function ask(query: string, input: object = {}, requestId: string = randomUUID()): Promise<GraphQLResult | undefined> {
    const headers = { 'content-type': 'application/json', authorization: token && `Bearer ${token}`, 'x-request-id': requestId };
    const answer = await exchange(url, 'POST', '/graphql', headers, { query, variables: input }).catch(() => undefined);
    if (!answer?.body || answer.status >= 500) return undefined;
    return { ...(answer.body as unknown as GraphQLResult), status: answer.status };
  }

  /** The same until somebody answers. */
  async function insist(query: string, input: object = {}): Promise<GraphQLResult> {
    for (;;) {
      const answer = await ask(query, input);
      if (answer) return answer;
      await wait(20);
    }
  }

  beforeAll(async () => {
    await promisify(execFile)(
      process.execPath,
      ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--outDir', BUILT, '--tsBuildInfoFile', `${BUILT}/.tsbuildinfo`],
      { cwd: root },
    );
    postgres = await createPostgres(programs!.postgresFolder);
    database = await createOwnDatabase(postgres.url);
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    variables = {
      IDENTITY_PORT: String(port),
      DATABASE_URL: database.url,
      LOG_LEVEL: 'silent',
      REQUESTS_PER_SECOND: '100000',
      BOOTSTRAP_CLIENT_ID: credentials.clientId,
      BOOTSTRAP_CLIENT_SECRET: credentials.clientSecret,
    };
    startCore();
    const issued = await insist(
      'mutation ($input: IssueTokenInput!) { issueToken(input: $input) { accessToken userErrors { message } } }',
      { input: { ...credentials, audience: 'GRAPHQL' } },
    );
    token = String(issued.data!['issueToken']!['accessToken']);
  }, 120_000);

  afterAll(async () => {
    await core?.stop();
    await database?.drop();
    await postgres?.remove();
  }, 60_000);

  test('lose nothing that was acknowledged, and leave no gap', { timeout: 180_000 }, async () => {
    const stop = new AbortController();
    /** Request ids of writes that were answered, with the records that they must have left. */
    const acknowledged = new Map<string, number>();

    async function write(query: string, input: object, records: number): Promise<Record<string, unknown> | undefined> {
      const requestId = randomUUID();
      const answer = await ask(query, { input }, requestId);
      const [payload] = Object.values(answer?.data ?? {});
      const isDone = payload && (payload['userErrors'] as unknown[]).length === 0;
      if (isDone) acknowledged.set(requestId, records);
      else await wait(10);
      return isDone ? payload : undefined;
    }

    async function writer(number: number): Promise<void> {
      let group: string | undefined;
      for (let turn = 0; !stop.signal.aborted; turn += 1) {
        const name = `k${number}-${turn}`;
        const made = await write(
          'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } userErrors { code } } }',
          { user: { userName: name } },
          1,
        );
        const id = (made?.['user'] as { id: string } | undefined)?.id;
        if (!id) continue;
        group ??= (
          (
            await write(
              'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id } userErrors { code } } }',
              { group: { displayName: name } },
              1,
            )
          )?.['group'] as { id: string } | undefined
        )?.id;
        if (group) {
          await write(
            'mutation ($input: GroupMembersInput!) { addGroupMembers(input: $input) { userErrors { code } } }',
            { groupId: group, memberIds: [id] },
            1,
          );
        }
        await write(
          'mutation ($input: ChangeUserInput!) { changeUser(input: $input) { userErrors { code } } }',
          { id, changes: [{ op: 'REPLACE', path: 'title', value: name }] },
          1,
        );
        if (turn % 4 === 3) {
          await write('mutation ($input: DeleteUserInput!) { deleteUser(input: $input) { userErrors { code } } }', { id }, group ? 2 : 1);
        }
      }
    }

    /** Long transactions: many writes in one, which overlap with all the others. */
    async function bulkWriter(): Promise<void> {
      for (let turn = 0; !stop.signal.aborted; turn += 1) {
        const operations = Array.from({ length: 60 }, (_, at) => ({
          method: 'CREATE',
          type: 'USER',
          bulkId: `b${at}`,
          user: { userName: `bulk-${turn}-${at}-${Math.random()}` },
        }));
        const updates = operations.map(({ bulkId }) => ({
          method: 'CHANGE',
          type: 'USER',
          id: `bulkId:${bulkId}`,
          changes: [{ op: 'REPLACE', path: 'title', value: 'Bulk' }],
        }));
        await write(
          'mutation ($input: BulkInput!) { bulk(input: $input) { userErrors { code } } }',
          { operations: [...operations, ...updates] },
          120,
        );
      }
    }

    async function page(after: string | undefined, first: number): Promise<ChangesPage> {
      const answer = await insist(CHANGES, { after, first });
      expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
      return answer.data!['changes'] as unknown as ChangesPage;
    }

    const read: Change[] = [];
    let cursor: string | undefined;
    async function readNext(): Promise<boolean> {
      const { nodes, pageInfo } = await page(cursor, 1 + Math.floor(Math.random() * 200));
      read.push(...nodes);
      cursor = pageInfo.endCursor;
      return pageInfo.hasNextPage;
    }

    const replica = await makeReplica(`${url}/graphql`, token);
    replica.start();
    const working = Promise.all([writer(1), writer(2), writer(3), bulkWriter()]);
    const reading = (async () => {
      while (!stop.signal.aborted) await readNext();
    })();
    for (let kills = 0; kills < KILLS; kills += 1) {
      await insist('{ changesCursor }');
      await wait(300 + Math.random() * 700);
      await core.stop('SIGKILL');
      startCore();
      if (kills % 2 === 0) {
        await replica.kill();
        replica.start();
      }
    }
    await insist('{ changesCursor }');
    stop.abort();
    await Promise.all([working, reading]);

    const kept = (await database.query('select sequence::text as id from change')).map(({ id }) => String(id)).toSorted();
    for (const deadline = Date.now() + 30_000; read.length < kept.length && Date.now() < deadline;) if (!(await readNext())) await wait(20);
    expect(read.map(({ id }) => id).toSorted()).toEqual(kept);
    for (const [requestId, records] of acknowledged) expect(read.filter((one) => one.requestId === requestId)).toHaveLength(records);
    expect(acknowledged.size).toBeGreaterThan(20);
    const subjects = Map.groupBy(
      read.filter(({ version, kind }) => version !== null && !kind.endsWith('_DELETED')),
      ({ subjectId }) => subjectId,
    );
    for (const versions of subjects.values()) expect(versions.map(({ version }) => version)).toEqual(versions.map((_, at) => at + 1));
    const times = read.filter(({ kind }) => kind.endsWith('_CREATED')).length;
    expect(times).toBeGreaterThan(60);

    const expected = await holdingOf(insist);
    try {
      expect(await settled(replica, expected)).toEqual(expected);
    } finally {
      await replica.remove();
    }
  });
});
