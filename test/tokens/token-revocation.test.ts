/**
 * A revoked token is refused by every process the moment the call has returned, whatever Redis does meanwhile: frozen, away, flushed,
 * or back with what it knew before. Two cores and two facades on servers of their own.
 */
import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createFaultProxy, type FaultProxy } from '../support/fault-proxy.js';
import { exchange } from '../support/http.js';
import { createPostgres, createRedis, findPrograms, type OwnPostgres, type OwnRedis } from '../support/own-servers.js';
import { IS_CI, SCIM_PATH, startSystem, type System, type Tenant } from '../support/world.js';

const isNetwork = inject('world') === 'network';
const programs = isNetwork ? findPrograms() : undefined;
/** Revocations under load; a thousand by FUZZ_RUNS=1000. */
const REVOKES = Math.min(1000, Number(process.env['FUZZ_RUNS'] ?? 200));

const verdictOf = (token: string) => `identity:verdict:${createHash('sha256').update(token).digest('hex')}`;

test.runIf(isNetwork && !programs)('needs the programs of PostgreSQL (initdb, pg_ctl) and redis-server', (context) => {
  if (!IS_CI) return context.skip('install PostgreSQL and Redis on this machine to test revocation');
  expect(programs, 'install PostgreSQL and Redis on this machine').toBeDefined();
});

describe.runIf(programs)('with two processes and servers of their own', () => {
  let postgres: OwnPostgres;
  let redis: OwnRedis;
  /** The first process's own way to Redis. */
  let way: FaultProxy;
  let systems: [System, System];
  let tenant: Tenant;

  beforeAll(async () => {
    postgres = await createPostgres(programs!.postgresFolder);
    redis = await createRedis(programs!.redisServer);
    way = await createFaultProxy(Number(new URL(redis.url).port));
    const database = { kind: 'postgresql', url: postgres.url } as const;
    systems = [
      await startSystem({ database, redisUrl: `redis://127.0.0.1:${way.port}/0` }, true),
      await startSystem({ database, redisUrl: redis.url }, true),
    ];
    tenant = await systems[0].newTenant();
    await wait(300);
  }, 60_000);
  afterAll(async () => {
    await Promise.all((systems ?? []).map((system) => system.close()));
    await way?.close();
    await redis?.kill();
    await postgres?.remove();
  }, 60_000);

  async function issue(): Promise<string> {
    const answer = await tenant.requestToken({
      scimClientId: tenant.clientId,
      scimClientSecret: tenant.clientSecret,
      grantType: 'password',
    });
    expect(answer.status, answer.text).toBe(200);
    return String(answer.body['accessToken']);
  }

  const ask = async (system: System, token: string) =>
    (
      await exchange(system.gatewayUrl, 'GET', `${SCIM_PATH}/Users?count=1`, {
        authorization: `Bearer ${token}`,
        accept: 'application/scim+json',
      })
    ).status;

  const everywhere = (token: string) => Promise.all(systems.map((system) => ask(system, token)));

  /** Milliseconds that the call took. */
  async function revoke(token: string): Promise<number> {
    const started = performance.now();
    const result = await tenant.graphql(
      'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { effectiveAt userErrors { code } } }',
      { input: { token } },
    );
    expect(result.data?.['revokeToken'], JSON.stringify(result)).toMatchObject({ userErrors: [] });
    expect(Date.parse(String(result.data?.['revokeToken']?.['effectiveAt']))).toBeLessThanOrEqual(Date.now());
    return performance.now() - started;
  }

  /** Uses the token until Redis holds a verdict on it. */
  async function use(token: string, ...through: System[]): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      for (const system of through) expect(await ask(system, token)).toBe(200);
      if ((await redis.command('EXISTS', verdictOf(token))).startsWith(':1')) return;
      await wait(50);
    }
    throw new Error('Redis has no verdict');
  }

  /**
   * Waits until both processes work with Redis. To ask them about a token before would have them remember for a while that it is not good.
   */
  async function connected(): Promise<void> {
    for (const system of systems) await use(await issue(), system);
  }

  /** A token that both processes know and that Redis holds a verdict on, both processes being connected to it. */
  async function known(): Promise<string> {
    const token = await issue();
    await connected();
    await use(token, ...systems);
    return token;
  }

  /** Asks both for a while: what comes back later must not be believed either. */
  async function expectRefused(token: string, milliseconds = 0): Promise<void> {
    const until = Date.now() + milliseconds;
    do {
      expect(await everywhere(token)).toEqual([401, 401]);
      await wait(25);
    } while (Date.now() < until);
  }

  test('Redis is well: at once', { timeout: 60_000 }, async () => {
    const token = await known();
    await revoke(token);
    await expectRefused(token, 300);
  });

  test(
    'Redis is frozen: the call waits until nobody believes it, and what it holds is not believed when it thaws',
    { timeout: 60_000 },
    async () => {
      const token = await known();
      redis.freeze();
      const took = await revoke(token).finally(() => redis.thaw());
      await connected();
      await expectRefused(token);
      expect(took).toBeLessThan(5000);
      expect(await everywhere(tenant.token)).toEqual([200, 200]);
    },
  );

  test(
    'Redis is out of reach for the revoking process alone: the other one reaches it, with the verdict in it, and does not believe it',
    { timeout: 60_000 },
    async () => {
      const token = await known();
      way.cut();
      try {
        await revoke(token);
        expect(await redis.command('EXISTS', verdictOf(token))).toMatch(/^:1/);
        await expectRefused(token, 500);
      } finally {
        way.mend();
      }
      await connected();
      await expectRefused(token);
    },
  );

  test('Redis is flushed before and after', { timeout: 60_000 }, async () => {
    const token = await known();
    await redis.command('FLUSHALL');
    await revoke(token);
    await redis.command('FLUSHALL');
    await expectRefused(token, 300);
    expect(await everywhere(tenant.token)).toEqual([200, 200]);
  });

  test('what stands in Redis and is no verdict is as good as nothing', async () => {
    const token = await known();
    for (const text of ['garbage', '', 'null', '5', '[]', '{}', '{"when":']) {
      await redis.command('SET', verdictOf(token), text, 'PX', '60000');
      await wait(20); // longer than an answer of Redis counts
      expect(await everywhere(token), text).toEqual([200, 200]);
    }
  });

  test('Redis is away during the revocation and comes back with the verdict', { timeout: 60_000 }, async () => {
    const token = await known();
    await redis.dump();
    await redis.kill();
    await revoke(token);
    await redis.start();
    expect(await redis.command('EXISTS', verdictOf(token))).toMatch(/^:1/);
    await connected();
    expect(await redis.command('EXISTS', verdictOf(token))).toMatch(/^:1/);
    await expectRefused(token);
    expect(await everywhere(tenant.token)).toEqual([200, 200]);
  });

  test('Redis confirms the revocation, dies, and comes back with what it knew before it', { timeout: 60_000 }, async () => {
    const token = await known();
    await redis.dump();
    const took = await revoke(token);
    await redis.kill();
    await redis.start();
    expect(await redis.command('EXISTS', verdictOf(token))).toMatch(/^:1/);
    await connected();
    expect(await redis.command('EXISTS', verdictOf(token))).toMatch(/^:1/);
    await expectRefused(token);
    expect(took).toBeLessThan(5000);
    // And the cache is one again: a verdict of now is kept and believed.
    await known();
  });

  test('a whole tenant and a policy are as immediate, Redis being away', { timeout: 60_000 }, async () => {
    const other = await systems[1].newTenant();
    expect(await everywhere(other.token)).toEqual([200, 200]);
    await redis.dump();
    await redis.kill();
    const policy = await other.graphql(
      'mutation { updateTokenPolicy(input: { allowedNetworks: ["127.0.0.1", "::1", "192.0.2.0/24"] }) { userErrors { message } } }',
    );
    expect(policy.data?.['updateTokenPolicy']).toMatchObject({ userErrors: [] });
    await redis.start();
    const from = (address: string) =>
      exchange(systems[0].gatewayUrl, 'GET', `${SCIM_PATH}/Users`, { authorization: `Bearer ${other.token}`, 'x-forwarded-for': address });
    expect([(await from('192.0.2.1')).status, (await from('198.51.100.1')).status]).toEqual([200, 403]);
    const all = await other.graphql('mutation { revokeTokens(input: { all: true }) { revoked userErrors { message } } }');
    expect(all.data?.['revokeTokens']).toMatchObject({ userErrors: [] });
    await expectRefused(other.token, 300);
  });

  test('PostgreSQL goes away before Redis could be told: the call fails, and is to be repeated', { timeout: 60_000 }, async () => {
    const token = await known();
    await Promise.all([redis.kill(), postgres.stop()]);
    const result = await tenant.graphql(
      'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { effectiveAt userErrors { code } } }',
      { input: { token } },
    );
    expect(result.errors?.[0]?.extensions?.code).toBe('UNAVAILABLE');
    await Promise.all([redis.start(), postgres.start()]);
    for (let attempt = 0; attempt < 50 && (await everywhere(tenant.token)).some((status) => status !== 200); attempt += 1) await wait(100);
    await revoke(token);
    await expectRefused(token);
  });

  test(`${REVOKES} revocations under load: none accepted afterwards`, { timeout: 300_000 }, async () => {
    const tokens: string[] = []; // one after the other: an address may ask for 50 at once
    while (tokens.length < REVOKES) tokens.push(await issue());
    const revoked = new Set<string>();
    const over = new AbortController();
    const wrong: string[] = [];
    const load = Array.from({ length: 6 }, async (_, client) => {
      while (!over.signal.aborted) {
        const token = tokens[Math.floor(Math.random() * tokens.length)]!;
        const isRevoked = revoked.has(token); // before the request is sent
        const status = await ask(systems[client % 2]!, token);
        if (status !== 401 && (isRevoked || status !== 200)) wrong.push(`${status} after ${isRevoked ? 'revocation' : 'nothing'}`);
      }
    });
    const took: number[] = [];
    for (const token of tokens) {
      took.push(await revoke(token));
      revoked.add(token);
      const statuses = await everywhere(token);
      if (statuses.some((status) => status !== 401)) wrong.push(`${statuses.join()} just after`);
    }
    over.abort();
    await Promise.all(load);
    expect(wrong).toEqual([]);
    const sorted = took.toSorted((one, two) => one - two);
    process.stdout.write(
      `${REVOKES} revocations under load: p50 ${sorted[REVOKES >> 1]!.toFixed(0)} ms, p99 ${sorted[Math.floor(REVOKES * 0.99)]!.toFixed(0)} ms, longest ${sorted.at(-1)!.toFixed(0)} ms\n`,
    );
  });
});
