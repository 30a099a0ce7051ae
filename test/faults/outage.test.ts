/**
 * Servers that go away: an outage is a 503 that says when to come back, never an empty list or a 404; Redis is no outage at all.
 * With processes of its own, so only where their programs are, and only in the set-up that uses them.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import type { Answer } from '../support/http.js';
import { createPostgres, createRedis, findPrograms, type OwnPostgres, type OwnRedis } from '../support/own-servers.js';
import { expectScimError, filtered, groupBody, patchOp, userBody } from '../support/scim.js';
import { IS_CI, startSystem, type System, type Tenant } from '../support/world.js';

const isNetwork = inject('world') === 'network';
const programs = isNetwork ? findPrograms() : undefined;

const medianOf = (numbers: readonly number[]) => numbers.toSorted((one, two) => one - two)[Math.floor(numbers.length / 2)] as number;

type Sent = readonly [method: string, path: string, body?: object];

/** Every route that needs the stores, with a user and a group that are there. */
const routesOf = (user: string, group: string): readonly Sent[] => [
  ['GET', '/Users'],
  ['GET', '/Users?startIndex=1&count=2'],
  ['GET', filtered('/Users', 'userName eq "nobody@x.com"')],
  ['GET', `/Users/${user}`],
  ['GET', '/Users/01890a5d-ac96-774b-bcce-b302099a8057'],
  ['POST', '/Users', userBody('outage@x.com')],
  ['POST', '/Users', userBody('there@x.com')],
  ['PUT', `/Users/${user}`, userBody('there@x.com')],
  ['PATCH', `/Users/${user}`, patchOp({ op: 'replace', value: { active: false } })],
  ['DELETE', `/Users/${user}`],
  ['GET', '/Groups'],
  ['GET', filtered('/Groups', 'displayName eq "Nobody"')],
  ['GET', `/Groups/${group}`],
  ['GET', `/Groups/${group}?excludedAttributes=members`],
  ['POST', '/Groups', groupBody('Outage')],
  ['POST', '/Groups', groupBody('Outage', [user])],
  ['PUT', `/Groups/${group}`, groupBody('There', [user])],
  ['PATCH', `/Groups/${group}`, patchOp({ op: 'add', path: 'members', value: [{ value: user }] })],
  ['PATCH', `/Groups/${group}`, patchOp({ op: 'replace', value: { displayName: 'Renamed' } })],
  ['DELETE', `/Groups/${group}`],
];
const DISCOVERY: readonly Sent[] = [
  ['GET', '/ServiceProviderConfig'],
  ['GET', '/Schemas'],
  ['GET', '/ResourceTypes'],
  ['GET', '/ResourceTypes/User'],
];

function expectUnavailable(answer: Answer): void {
  expectScimError(answer, 503);
  expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
  expect(answer.text).not.toMatch(/postgres|redis|ECONN|connect|terminat|sql/i);
}

test.runIf(isNetwork && !programs)('needs the programs of PostgreSQL (initdb, pg_ctl) and redis-server', (context) => {
  if (!IS_CI) return context.skip('install PostgreSQL and Redis on this machine to test outages');
  expect(programs, 'install PostgreSQL and Redis on this machine').toBeDefined();
});

describe.runIf(programs)('with servers of its own', () => {
  let postgres: OwnPostgres;
  let redis: OwnRedis;
  let system: System;
  let tenant: Tenant;
  let [user, group] = ['', ''];

  beforeAll(async () => {
    postgres = await createPostgres(programs!.postgresFolder);
    redis = await createRedis(programs!.redisServer);
    system = await startSystem({ database: { kind: 'postgresql', url: postgres.url }, redisUrl: redis.url }, true);
    tenant = await system.newTenant();
    user = (await tenant.scim('POST', '/Users', userBody('there@x.com'))).body.id;
    group = (await tenant.scim('POST', '/Groups', groupBody('There', [user]))).body.id;
  }, 60_000);

  afterAll(async () => {
    await system?.close();
    await redis?.kill();
    await postgres?.remove();
  }, 60_000);

  const requestToken = () =>
    tenant.requestToken({ scimClientId: tenant.clientId, scimClientSecret: tenant.clientSecret, grantType: 'password' });

  const issueToken = async (): Promise<string> => {
    const answer = await requestToken();
    expect(answer.status, answer.text).toBe(200);
    return String(answer.body['accessToken']);
  };

  const statusWith = async (token: string) =>
    (await tenant.scim('GET', `/Users/${user}`, undefined, { authorization: `Bearer ${token}` })).status;

  async function untilServed(): Promise<number> {
    const started = performance.now();
    while ((await tenant.scim('GET', `/Users/${user}`)).status !== 200 && performance.now() - started < 20_000) await wait(50);
    return performance.now() - started;
  }

  describe('without Redis', () => {
    /** Reads, writes and new tokens, with a token that is known and with tokens never used before, one after the other and in bursts. */
    async function measure(unused: readonly string[]): Promise<number[]> {
      const answers: Answer[] = [];
      const read = (token: string) => tenant.scim('GET', `/Users/${user}`, undefined, { authorization: `Bearer ${token}` });
      const burst = (token: string) =>
        Promise.all(
          Array.from({ length: 8 }, async (_, index) => {
            await wait(index * 8); // some come while the first is being answered
            return read(token);
          }),
        );
      for (const [index, token] of unused.entries()) {
        answers.push(...(await (index % 3 === 0 ? burst(token) : Promise.all([read(token), read(tenant.token)]))));
        answers.push(await tenant.scim('PATCH', `/Users/${user}`, patchOp({ op: 'replace', path: 'title', value: `T${index}` })));
        answers.push(await tenant.scim('GET', filtered('/Users', 'userName eq "there@x.com"')));
        answers.push(await requestToken());
      }
      for (const answer of answers) expect(answer.status, answer.text).toBe(200);
      return answers.map(({ elapsed }) => elapsed);
    }

    // Again where it fails: a busy machine makes somebody wait now and then, a call to Redis that is not given up does so always.
    test.each([
      { how: 'frozen', goAway: async () => redis.freeze(), comeBack: async () => redis.thaw() },
      { how: 'killed', goAway: () => redis.kill(), comeBack: () => redis.start() },
    ])('$how: everything still works, and nobody waits 100 ms longer', { timeout: 60_000, retry: 2 }, async ({ goAway, comeBack }) => {
      const unused: string[] = [];
      for (let index = 0; index < 30; index += 1) unused.push(await issueToken());
      await measure(unused.slice(0, 5)); // everything has been done once
      const usual = await measure(unused.slice(5, 15));
      await goAway();
      try {
        const without = [...(await measure(unused.slice(15, 25)))];
        await wait(1100); // whoever tries whether Redis is back does not wait for it, either
        without.push(...(await measure(unused.slice(25))));
        expect(medianOf(without)).toBeLessThan(medianOf(usual) + 50);
        expect(Math.max(...without)).toBeLessThan(Math.max(...usual) + 100);
        expect(await statusWith(await issueToken())).toBe(200);
        expect(await statusWith('condeco_0000000000000000000000000000000000000000000000000')).toBe(401);
      } finally {
        await comeBack();
        await wait(1500);
      }
      await measure([tenant.token]);
    });

    test('a token revoked without Redis is refused, and the answer says from when on at the latest', async () => {
      const token = await issueToken(); // never used: in no cache
      redis.freeze();
      try {
        const { data } = await tenant.graphql(
          'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { effectiveAt userErrors { code } } }',
          { input: { token } },
        );
        expect(data?.['revokeToken']).toMatchObject({ userErrors: [] });
        expect(Date.parse(String(data?.['revokeToken']?.['effectiveAt'])) - Date.now()).toBeLessThanOrEqual(60_000);
        expect(await statusWith(token)).toBe(401);
      } finally {
        redis.thaw();
      }
      await wait(1500);
      expect(await statusWith(token)).toBe(401);
    });
  });

  describe('without PostgreSQL', () => {
    test('every answer is a 503 with a time to come back; afterwards everything is as it was', { timeout: 120_000 }, async () => {
      const before = [await tenant.scim('GET', `/Users/${user}`), await tenant.scim('GET', `/Groups/${group}`)].map(({ text }) => text);
      const discovery = await Promise.all(DISCOVERY.map((sent) => tenant.scim(...sent)));
      const neverUsed = await issueToken();
      await postgres.stop();
      try {
        for (const sent of routesOf(user, group)) {
          const answer = await tenant.scim(...sent);
          expectUnavailable(answer);
          expect(answer.elapsed, `${sent[0]} ${sent[1]}`).toBeLessThan(3000);
        }
        // What needs no store may be told, to whom is known; it must be the same.
        for (const [index, sent] of DISCOVERY.entries()) {
          const answer = await tenant.scim(...sent);
          if (answer.status === 200) expect(answer.text).toBe(discovery[index]?.text);
          else expectUnavailable(answer);
        }
        // Nobody knows whether this token is good: that is no 401.
        expectUnavailable(await tenant.scim('GET', '/Users', undefined, { authorization: `Bearer ${neverUsed}` }));
        expectUnavailable(await tenant.scim('GET', '/Schemas', undefined, { authorization: `Bearer ${neverUsed}` }));
        const issued = await requestToken();
        expect(issued.status, issued.text).toBe(503);
        expect(issued.headers['retry-after']).toMatch(/^[1-9]\d*$/);
        const together = await Promise.all(Array.from({ length: 30 }, () => tenant.scim('GET', `/Users/${user}`)));
        for (const answer of together) expectUnavailable(answer);
        expect(Math.max(...together.map(({ elapsed }) => elapsed))).toBeLessThan(5000);
      } finally {
        await postgres.start();
      }
      expect(await untilServed()).toBeLessThan(5000);
      expect(await statusWith(neverUsed)).toBe(200);
      expect([await tenant.scim('GET', `/Users/${user}`), await tenant.scim('GET', `/Groups/${group}`)].map(({ text }) => text)).toEqual(
        before,
      );
      expect((await tenant.scim('GET', filtered('/Users', 'userName eq "outage@x.com"'))).body.totalResults).toBe(0);
    });

    test('pulled out under load: no answer lies, every acknowledged user is there', { timeout: 120_000 }, async () => {
      const acknowledged: string[] = [];
      const statuses = new Set<number>();
      const over = new AbortController();
      const clients = Array.from({ length: 8 }, async (_, client) => {
        for (let index = 0; !over.signal.aborted; index += 1) {
          const userName = `load-${client}-${index}@x.com`;
          const answer = await tenant.scim('POST', '/Users', userBody(userName));
          statuses.add(answer.status);
          if (answer.status === 201) acknowledged.push(userName);
          else if (answer.status !== 409) expectUnavailable(answer);
        }
      });
      await wait(700);
      await postgres.stop();
      await wait(700);
      await postgres.start();
      await untilServed();
      await wait(500);
      over.abort();
      await Promise.all(clients);
      expect([...statuses].toSorted()).toEqual([201, 503]);
      const there = new Set<string>();
      for (let start = 1; ; start += 1000) {
        const { body } = await tenant.scim('GET', `/Users?count=1000&startIndex=${start}&attributes=userName`);
        for (const { userName } of body.Resources) there.add(userName);
        if (body.Resources.length < 1000) break;
      }
      expect(acknowledged.filter((userName) => !there.has(userName))).toEqual([]);
    });
  });

  describe('without Redis and PostgreSQL', () => {
    test('it is a 503, never a 401', { timeout: 60_000 }, async () => {
      await Promise.all([redis.kill(), postgres.stop()]);
      try {
        for (const sent of [...routesOf(user, group), ...DISCOVERY]) expectUnavailable(await tenant.scim(...sent));
      } finally {
        await Promise.all([redis.start(), postgres.start()]);
      }
      expect(await untilServed()).toBeLessThan(5000);
    });
  });

  describe('without the core', () => {
    test('every route answers 503', { timeout: 60_000 }, async () => {
      await system.stopCore();
      for (const sent of [...routesOf(user, group), ...DISCOVERY, ['GET', '/Nothing'] as const]) {
        const answer = await tenant.scim(...sent);
        expectUnavailable(answer);
        expect(answer.elapsed, `${sent[0]} ${sent[1]}`).toBeLessThan(2000);
      }
      for (const authorization of ['Bearer wrong', 'non-token']) {
        expectUnavailable(await tenant.scim('GET', '/Users', undefined, { authorization }));
      }
    });
  });
});
