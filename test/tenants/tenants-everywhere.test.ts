/**
 * Several cores on the same stores: a tenant that one has suspended is refused by the other from then on, whatever is in caches and under
 * way; a deletion that dies with one is ended by another. With servers of the machine, and in the set-up that has them.
 */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { newToken } from '../../services/identity/domain/tokens/token-format.js';
import { exchange } from '../support/http.js';
import { clientsOf, doDeed, issueWith, tenantById, tokenFor, untilDeleted } from '../support/operator.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { freePort, launch } from '../support/process.js';
import { userBody } from '../support/scim.js';
import { type GraphQLResult, SCIM_PATH, startSystem, type System, type Tenant } from '../support/world.js';

const isNetwork = inject('world') === 'network';

describe.runIf(isNetwork)('on the same stores', () => {
  let database: OwnDatabase;
  let redisUrl: string;
  let one: System;
  let other: System;

  beforeAll(async () => {
    database = await createOwnDatabase(String(process.env['DATABASE_URL']));
    redisUrl = String(process.env['REDIS_URL']);
    const stores = { database: { kind: 'postgresql', url: database.url }, redisUrl } as const;
    one = await startSystem(stores, true);
    other = await startSystem(stores, true);
  }, 60_000);
  afterAll(async () => {
    await other?.close();
    await one?.close();
    await database?.drop();
  }, 60_000);

  const statusAt = async (system: System, token: string): Promise<number> =>
    (
      await exchange(system.gatewayUrl, 'GET', `${SCIM_PATH}/Users?count=1`, {
        authorization: `Bearer ${token}`,
        accept: 'application/scim+json',
      })
    ).status;

  /** Sends requests with these tokens to both systems until so many were begun after `mark` was called; answers their statuses. */
  function crowd(tokens: readonly string[], enough: number): { mark: () => void; after: Promise<number[]> } {
    let isMarked = false;
    const after: number[] = [];
    const clients = Array.from({ length: 12 }, async (_, client) => {
      for (let index = client; after.length < enough; index += 1) {
        const wasMarked = isMarked;
        const status = await statusAt(index % 2 === 0 ? one : other, tokens[index % tokens.length]!);
        if (wasMarked) after.push(status);
        else expect([200, 403]).toContain(status);
      }
    });
    return {
      mark: () => {
        isMarked = true;
      },
      after: Promise.all(clients).then(() => after),
    };
  }

  test('a suspension holds in every process when the call returns, under load and round after round', { timeout: 90_000 }, async () => {
    const tenant = await one.newTenant();
    const tokens: string[] = [];
    for (let index = 0; index < 20; index += 1) tokens.push(await tokenFor(tenant));
    for (let round = 0; round < 8; round += 1) {
      const by = round % 2 === 0 ? one : other;
      const requests = crowd(tokens, 60);
      await wait(round * 5);
      const { effectiveAt } = await doDeed(by.admin, 'suspendTenant', { tenantId: tenant.id, reason: `Round ${round}` });
      expect(Date.parse(effectiveAt)).toBeLessThanOrEqual(Date.now());
      requests.mark();
      expect(new Set(await requests.after)).toEqual(new Set([403]));
      await doDeed(by.admin, 'resumeTenant', { tenantId: tenant.id });
      for (const token of tokens) expect([await statusAt(one, token), await statusAt(other, token)]).toEqual([200, 200]);
    }
  });

  test(
    'of parallel suspensions and resumptions the last decided holds everywhere, and each real one has a record',
    { timeout: 60_000 },
    async () => {
      const tenant = await one.newTenant();
      for (let round = 0; round < 10; round += 1) {
        await Promise.all(
          [0, 1, 2, 3, 4, 5].map((index) => {
            const { admin } = index % 3 === 0 ? one : other;
            return index % 2 === 0
              ? doDeed(admin, 'suspendTenant', { tenantId: tenant.id, reason: `${index}` })
              : doDeed(admin, 'resumeTenant', { tenantId: tenant.id });
          }),
        );
        const { state } = (await tenantById(one.admin, tenant.id))!;
        for (const system of [one, other, one]) expect(await statusAt(system, tenant.token)).toBe(state === 'ACTIVE' ? 200 : 403);
      }
      const records = await database.query(
        `select before, after from change where tenant_id = '${tenant.id}' and kind in ('TENANT_SUSPENDED', 'TENANT_RESUMED') order by sequence`,
      );
      expect(records.length).toBeGreaterThan(10);
      for (const [index, { before }] of records.slice(1).entries()) expect(before).toEqual(records[index]!['after']);
    },
  );

  test('no token is issued for a suspended tenant, however many are being asked for', { timeout: 60_000 }, async () => {
    const tenant = await one.newTenant();
    let isSuspended = false;
    const after: number[] = [];
    const issued: string[] = [];
    const clients = Array.from({ length: 8 }, async () => {
      while (after.length < 30) {
        const wasSuspended = isSuspended;
        const answer = await issueWith(tenant, tenant.clientId, tenant.clientSecret);
        if (answer.status === 200) issued.push(String(answer.body['accessToken']));
        if (wasSuspended) after.push(answer.status);
      }
    });
    await wait(60);
    await doDeed(other.admin, 'suspendTenant', { tenantId: tenant.id, reason: 'Test' });
    isSuspended = true;
    await Promise.all(clients);
    expect(new Set(after)).toEqual(new Set([403]));
    expect(issued.length).toBeGreaterThan(0);
    for (const token of issued) expect(await statusAt(one, token)).toBe(403);
    // Neither for those who had asked before.
    const records = await database.query(
      `select kind from change where tenant_id = '${tenant.id}' and kind in ('TOKEN_ISSUED', 'TENANT_SUSPENDED') order by sequence`,
    );
    expect(records.at(-1)).toEqual({ kind: 'TENANT_SUSPENDED' });
  });

  test('a client revoked by one process has no token left in the other', { timeout: 60_000 }, async () => {
    const tenant = await one.newTenant();
    const tokens: string[] = [];
    for (let index = 0; index < 12; index += 1) tokens.push(await tokenFor(tenant));
    for (const token of tokens) expect([await statusAt(one, token), await statusAt(other, token)]).toEqual([200, 200]);
    const tenantId = tenant.id;
    const [client] = (await clientsOf(one.admin, `(tenantId: "${tenantId}")`)).nodes;
    expect(await doDeed(other.admin, 'revokeClient', { tenantId, id: client!.id })).toMatchObject({ revokedTokens: 13 });
    for (const token of tokens) expect([await statusAt(one, token), await statusAt(other, token)]).toEqual([401, 401]);
  });

  const USERS = 20_000;

  /** A tenant with thousands of users, each in two groups, and groups in groups. */
  async function fill({ id }: Tenant): Promise<void> {
    await database.query(`insert into app_user (tenant_id, id, user_name, user_name_key, profile, folded)
      select '${id}', gen_random_uuid(), 'u' || n || '@x.com', 'u' || n || '@x.com', '{}', '{}' from generate_series(1, ${USERS}) n`);
    await database.query(`insert into app_group (tenant_id, id, display_name, display_name_key, profile, folded)
      select '${id}', gen_random_uuid(), 'g' || n, 'g' || n, '{}', '{}' from generate_series(1, 300) n`);
    await database.query(`insert into membership (tenant_id, group_id, user_id)
      select u.tenant_id, g.id, u.id from (select *, row_number() over (order by id) as n from app_user where tenant_id = '${id}') u
      join (select *, row_number() over (order by id) as n from app_group where tenant_id = '${id}') g on g.n in (u.n % 300 + 1, (u.n * 7) % 300 + 1)`);
    await database.query(`insert into nesting (tenant_id, group_id, subgroup_id)
      select '${id}', top, id from (select id, first_value(id) over (order by id) as top from app_group where tenant_id = '${id}') g where id <> top`);
  }

  /** A core as a process of its own, built into a folder of its own: others build, too. */
  async function startCore(
    folder: string,
    adminToken: string,
  ): Promise<{ url: string; ask: (query: string, variables?: object) => Promise<GraphQLResult>; kill: () => Promise<unknown> }> {
    const built = launch('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.build.json', '--outDir', folder, '--incremental', 'false']);
    expect(await built.ended, built.out() + built.err()).toBe(0);
    const port = String(await freePort());
    const core = launch(`${folder}/services/identity/main.js`, [], {
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl,
      IDENTITY_PORT: port,
      BOOTSTRAP_ADMIN_TOKEN: adminToken,
    });
    await core.shows('the identity core is ready');
    const url = `http://127.0.0.1:${port}`;
    const ask = async (query: string, variables: object = {}): Promise<GraphQLResult> => {
      const answer = await exchange(
        url,
        'POST',
        '/graphql',
        { 'content-type': 'application/json', authorization: `Bearer ${adminToken}` },
        { query, variables },
      );
      return { ...(answer.body as unknown as GraphQLResult), status: answer.status };
    };
    return { url, ask, kill: () => core.stop('SIGKILL') };
  }

  const countOf = async (table: string, id: string) =>
    Number((await database.query(`select count(*) as total from ${table} where tenant_id = '${id}'`))[0]!['total']);

  test('a deletion that is killed in the middle is ended by another process, in batches', { timeout: 120_000 }, async () => {
    await one.close();
    await other.close();
    const folder = `dist/test-${process.pid}-${randomUUID()}`;
    try {
      const keeper = await startSystem({ database: { kind: 'postgresql', url: database.url }, redisUrl }, true);
      const [tenant, neighbour] = [await keeper.newTenant('Twenty thousand'), await keeper.newTenant()];
      await neighbour.scim('POST', '/Users', userBody('neighbour@x.com'));
      await fill(tenant);
      await keeper.close(); // only the one that is killed is at work
      const core = await startCore(folder, newToken());
      await doDeed(core.ask, 'deleteTenant', { tenantId: tenant.id, confirmName: 'Twenty thousand' });
      const told: number[] = [];
      for (let left = Infinity; left > USERS / 2;) {
        left = Number((await tenantById(core.ask, tenant.id))!['remaining']);
        told.push(left);
        await wait(50); // within the usual limit of requests
      }
      await core.kill();
      const left = await countOf('app_user', tenant.id);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(USERS / 2);
      expect(told.toSorted((a, b) => b - a)).toEqual(told);
      expect(new Set(told).size).toBeGreaterThan(3);
      await wait(300);
      expect(await countOf('app_user', tenant.id)).toBe(left);

      [one, other] = (await Promise.all(
        [0, 1].map(() => startSystem({ database: { kind: 'postgresql', url: database.url }, redisUrl }, true)),
      )) as [System, System];
      const begun = performance.now();
      await untilDeleted(one, tenant.id, 60_000);
      expect(performance.now() - begun).toBeLessThan(60_000);
      for (const table of ['nesting', 'membership', 'app_group', 'app_user', 'scim_client', 'access_token', 'resource_count']) {
        expect(await countOf(table, tenant.id), table).toBe(0);
      }
      const records = await database.query(
        `select kind, before from change where tenant_id = '${tenant.id}' and kind like 'TENANT_DEL%' order by transaction_id, sequence`,
      );
      expect(records).toMatchObject([
        { kind: 'TENANT_DELETION_STARTED' },
        { kind: 'TENANT_DELETED', before: { users: USERS, groups: 300 } },
      ]);
      expect(
        (await exchange(one.gatewayUrl, 'GET', `${SCIM_PATH}/Users`, { authorization: `Bearer ${neighbour.token}` })).body.totalResults,
      ).toBe(1);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
