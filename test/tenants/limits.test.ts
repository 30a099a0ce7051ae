/** Fair limits: what a tenant may ask at each door is told with every answer, and is what is enforced. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, exchange } from '../support/http.js';
import { expectUsedUp, quotaIn, retryAfterOf, setLimit } from '../support/quota.js';
import { expectScimError, groupBody, patchOp, userBody } from '../support/scim.js';
import { SCIM_PATH, type Tenant, type World, world } from '../support/world.js';

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const CALLER = '{ caller { tenant { requestsPerSecond } } }';

let system: World;
beforeAll(async () => {
  system = await world();
});

async function limited(requestsPerSecond: number): Promise<Tenant> {
  const tenant = await system.newTenant();
  expect(await setLimit(system, tenant, requestsPerSecond)).toEqual({ tenant: { id: tenant.id, requestsPerSecond }, userErrors: [] });
  return tenant;
}

let created = 0;
const users = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    method: 'POST',
    path: '/Users',
    bulkId: `b${at}`,
    data: { userName: `limited-${(created += 1)}@x.com` },
  }));
const bulk = (tenant: Tenant, count: number) => tenant.scim('POST', '/Bulk', { schemas: [BULK], Operations: users(count) });
const nobodies = (count: number) => Array.from({ length: count }, () => randomUUID());

/** How many units a request takes of a quota of which nothing comes back meanwhile. */
async function costOf(tenant: Tenant, work: () => Promise<Pick<Answer, 'headers'>>): Promise<number> {
  const before = quotaIn(await tenant.scim('GET', '/ServiceProviderConfig'));
  const { left, units } = quotaIn(await work());
  expect(units).toBe(before.units);
  return before.left - left;
}

/** Asks until it is refused; answers how often it was not, and the refusal. */
async function exhaust<Result extends { status: number }>(
  ask: () => Promise<Result>,
  most: number,
): Promise<{ served: number; refused: Result }> {
  for (let served = 0; ; served += 1) {
    const answer = await ask();
    if (answer.status === 429) return { served, refused: answer };
    expect([answer.status, served <= most]).toEqual([200, true]);
  }
}

describe('the announced limit is the enforced one', () => {
  test('at the SCIM door, until the time that Retry-After says', async () => {
    const tenant = await limited(4);
    const ask = () => tenant.scim('GET', '/Users?count=1');
    const first = quotaIn(await ask());
    expect(first).toMatchObject({ door: 'scim', units: 40, seconds: 10, left: 39 });
    const { served, refused } = await exhaust(ask, 40);
    expect(served + 1).toBe(first.units);
    expectScimError(refused, 429);
    const seconds = retryAfterOf(refused);
    expect(seconds).toBeLessThanOrEqual(10);
    expectUsedUp(refused);
    expect((await tenant.graphql(CALLER)).status).toBe(200); // each door has its own
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    expect(quotaIn(await ask())).toMatchObject({ left: 39 });
  });

  test('at the GraphQL door', async () => {
    const tenant = await limited(3);
    const { served, refused } = await exhaust(() => tenant.graphqlAnswer(CALLER), 30);
    expect(served).toBe(30);
    expect(refused.body).toMatchObject({ errors: [{ extensions: { code: 'TOO_MANY_REQUESTS', retryAfter: retryAfterOf(refused) } }] });
    expect(quotaIn(refused)).toMatchObject({ door: 'graphql', units: 30 });
    expectUsedUp(refused);
    expect((await tenant.scim('GET', '/Users')).status).toBe(200);
  });

  test('for one who asks everything at once', async () => {
    const tenant = await limited(5);
    const answers = await Promise.all(Array.from({ length: 150 }, () => tenant.scim('GET', '/Users?count=1')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(50);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectScimError(answer, 429);
  });

  test('for each tenant by itself', async () => {
    const [noisy, quiet] = [await limited(1), await limited(1)];
    await exhaust(() => noisy.scim('GET', '/Users'), 10);
    expect(quotaIn(await quiet.scim('GET', '/Users'))).toMatchObject({ units: 10, left: 9 });
    expect((await noisy.scim('GET', '/Users')).status).toBe(429);
  });
});

describe('every answer to a caller tells what is left', () => {
  test('whatever it is, and has taken one', async () => {
    const tenant = await limited(100);
    const {
      body: { id },
    } = await tenant.scim('POST', '/Users', userBody('told@x.com'));
    const requests = [
      ['GET', `/Users/${id}`],
      ['GET', '/Users/none'],
      ['GET', '/Schemas'],
      ['GET', '/Nowhere'],
      ['GET', '/Me'],
      ['OPTIONS', '/Users'],
      ['PUT', '/Users'],
      ['POST', '/Users', '{"broken'],
      ['POST', '/Users', userBody('told@x.com')],
      ['GET', '/Users?filter=broken'],
      ['POST', '/Users', userBody('more@x.com', { title: 'x'.repeat(1_100_000) })],
      ['PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'title', value: 'T' })],
      ['POST', '/Bulk', { schemas: [BULK], Operations: users(1) }],
      ['DELETE', `/Users/${id}`],
    ] as const;
    for (const [method, path, body] of requests) {
      expect(await costOf(tenant, () => tenant.scim(method, path, body)), `${method} ${path}`).toBe(1);
    }
    const chunked = { 'transfer-encoding': 'chunked' };
    expect(await costOf(tenant, () => tenant.scim('POST', '/Users', userBody('chunks@x.com'), chunked))).toBe(1);
    expect(await costOf(tenant, () => tenant.scim('POST', '/Users', 'broken', chunked))).toBe(1);
    for (const [query, status] of [
      [CALLER, 200],
      ['{ nonsense }', 400],
      ['{ user(by: { id: "x" }) { id } }', 200],
    ] as const) {
      const answer = await tenant.graphqlAnswer(query);
      expect([answer.status, quotaIn(answer).door]).toEqual([status, 'graphql']);
    }
  });

  test('and to nobody else', async () => {
    const tenant = await limited(1);
    for (const authorization of [undefined, 'Bearer nonsense', 'Bearer condeco_0000000000000000000000000000000000000000000000000']) {
      for (const { headers, status } of [
        await tenant.scim('GET', '/Users', undefined, { authorization }),
        await exchange(system.identityUrl, 'POST', '/graphql', { authorization, 'content-type': 'application/json' }, { query: CALLER }),
      ]) {
        expect([status, headers['ratelimit'], headers['ratelimit-policy']]).toEqual([
          authorization === undefined && status === 200 ? 200 : 401,
          undefined,
          undefined,
        ]);
      }
    }
    expect(quotaIn(await tenant.scim('GET', '/Users')).left).toBe(9);
  });
});

describe('what is as much work as many requests counts as many', () => {
  test('each operation of a bulk, and each thousand members begun', async () => {
    const tenant = await limited(1000);
    expect(await costOf(tenant, () => bulk(tenant, 25))).toBe(25);
    const group = (await tenant.scim('POST', '/Groups', groupBody('Weighed'))).body.id;
    const members = (count: number) => nobodies(count).map((value) => ({ value }));
    for (const [count, units] of [
      [1, 1],
      [1000, 1],
      [1001, 2],
      [2500, 3],
    ] as const) {
      expect(await costOf(tenant, () => tenant.scim('POST', '/Groups', groupBody('Other', nobodies(count)))), `POST ${count}`).toBe(units);
      expect(
        await costOf(tenant, () => tenant.scim('PUT', `/Groups/${group}`, groupBody('Weighed', nobodies(count)))),
        `PUT ${count}`,
      ).toBe(units);
      expect(
        await costOf(tenant, () =>
          tenant.scim('PATCH', `/Groups/${group}`, patchOp({ op: 'add', path: 'members', value: members(count) })),
        ),
        `PATCH ${count}`,
      ).toBe(units);
    }
    const ADD = 'mutation ($input: GroupMembersInput!) { addGroupMembers(input: $input) { userErrors { code } } }';
    const { left } = quotaIn(await tenant.graphqlAnswer(CALLER));
    expect(left - quotaIn(await tenant.graphqlAnswer(ADD, { input: { groupId: group, memberIds: nobodies(2500) } })).left).toBe(3);
  });

  test('what is read counts once, in however many parts the facade reads it', async () => {
    const tenant = await limited(1000);
    await bulk(tenant, 600);
    await bulk(tenant, 600);
    const ids = (await tenant.scim('GET', '/Users?count=1000&attributes=id')).body.Resources.map(({ id }) => id);
    const rest = (await tenant.scim('GET', '/Users?count=1000&startIndex=1001&attributes=id')).body.Resources.map(({ id }) => id);
    const group = (await tenant.scim('POST', '/Groups', groupBody('Large', [...ids, ...rest]))).body.id;
    expect(
      await costOf(tenant, async () => {
        const answer = await tenant.scim('GET', `/Groups/${group}`);
        expect(answer.body.members).toHaveLength(1200);
        return answer;
      }),
    ).toBe(1);
  });

  test('who finds something left is served, and waits while the excess is worked off', async () => {
    const tenant = await limited(10);
    const served = await bulk(tenant, 150);
    expect([served.status, quotaIn(served).left]).toEqual([200, 0]);
    const refused = await tenant.scim('GET', '/Users');
    expectScimError(refused, 429);
    expect(retryAfterOf(refused)).toBeGreaterThan(10);
    expect(retryAfterOf(refused)).toBeLessThanOrEqual(15);
  });

  test('the largest bulk can be done at the smallest limit, and nobody waits more than a minute for it', async () => {
    const tenant = await limited(1);
    expect((await bulk(tenant, 1000)).status).toBe(200);
    expect(retryAfterOf(await tenant.scim('GET', '/Users'))).toSatisfy((seconds: number) => seconds > 50 && seconds <= 60);
  });

  test('one unit is something, also for a bulk', async () => {
    const tenant = await limited(1);
    for (let left = 9; left > 0; left -= 1) expect(quotaIn(await tenant.scim('GET', '/Users?count=0')).left).toBe(left);
    expect((await bulk(tenant, 5)).status).toBe(200);
    expectScimError(await bulk(tenant, 1), 429);
  });

  test('many bulks at once are not each the first', async () => {
    const tenant = await limited(10);
    const answers = await Promise.all(Array.from({ length: 6 }, () => bulk(tenant, 150)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 429, 429, 429, 429, 429]);
    for (const answer of answers.filter(({ status }) => status === 429)) expect(retryAfterOf(answer)).toBeLessThanOrEqual(16);
  });

  test('so at the GraphQL door', async () => {
    const tenant = await limited(10);
    const input = {
      operations: Array.from({ length: 150 }, (_, at) => ({ method: 'CREATE', type: 'USER', user: { userName: `tool-${at}@x.com` } })),
    };
    const MANY = 'mutation ($input: BulkInput!) { bulk(input: $input) { results { place } userErrors { code } } }';
    const [first, second] = await Promise.all([tenant.graphqlAnswer(MANY, { input }), tenant.graphqlAnswer(MANY, { input })]);
    const [served, refused] = first.status === 200 ? [first, second] : [second, first];
    expect(served.body).toMatchObject({ data: { bulk: { results: { length: 150 } } } });
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ errors: [{ extensions: { code: 'TOO_MANY_REQUESTS' } }] });
    expect(retryAfterOf(refused)).toBeLessThanOrEqual(16);
  });
});

describe("a tenant's limit", () => {
  test('is set by operators, in force at once, readable, and left behind as a change', async () => {
    const tenant = await system.newTenant();
    const unset = quotaIn(await tenant.scim('GET', '/Users'));
    expect((await tenant.graphql(CALLER)).data).toEqual({ caller: { tenant: { requestsPerSecond: null } } });
    await setLimit(system, tenant, 7);
    await setLimit(system, tenant, 7);
    expect(await setLimit(system, tenant)).toMatchObject({ tenant: { requestsPerSecond: 7 }, userErrors: [] }); // left out, it stays
    expect(quotaIn(await tenant.scim('GET', '/Users')).units).toBe(70);
    expect(quotaIn(await tenant.graphqlAnswer(CALLER)).units).toBe(70);
    expect((await tenant.graphql(CALLER)).data).toEqual({ caller: { tenant: { requestsPerSecond: 7 } } });
    await setLimit(system, tenant, null);
    expect(quotaIn(await tenant.scim('GET', '/Users')).units).toBe(unset.units);
    if (!system.query) return;
    const changes = await system.query(
      `select before, after from change where tenant_id = '${tenant.id}' and kind = 'TENANT_UPDATED' order by sequence`,
    );
    const [none, seven] = [{ requestsPerSecond: null }, { requestsPerSecond: 7 }];
    expect(changes).toEqual([
      { before: none, after: seven },
      { before: seven, after: none },
    ]);
  });

  test('which is raised helps at once, also who is working off an excess', async () => {
    const tenant = await limited(1);
    expect(quotaIn(await bulk(tenant, 100))).toMatchObject({ units: 10, left: 0 });
    await setLimit(system, tenant, 50);
    const answer = await tenant.scim('GET', '/Users?count=0');
    expect(answer.status).toBe(200);
    expect(quotaIn(answer)).toMatchObject({ units: 500, left: 499 });
  });

  test('is a whole number of one and more, of a tenant that is there', async () => {
    const tenant = await system.newTenant();
    for (const wrong of [0, -1, 100_001]) {
      expect(await setLimit(system, tenant, wrong)).toMatchObject({
        tenant: null,
        userErrors: [{ code: 'INVALID_VALUE', field: 'requestsPerSecond' }],
      });
    }
    for (const id of ['none', randomUUID()]) {
      expect(await setLimit(system, { ...tenant, id }, 5)).toMatchObject({
        tenant: null,
        userErrors: [{ code: 'NOT_FOUND', field: 'tenantId' }],
      });
    }
  });

  test('is not for tenants to set', async () => {
    const tenant = await limited(5);
    const raised = await tenant.graphql(
      'mutation ($input: UpdateTenantLimitsInput!) { updateTenantLimits(input: $input) { tenant { id } } }',
      { input: { tenantId: tenant.id, requestsPerSecond: 1000 } },
    );
    expect([raised.status, raised.errors?.[0]?.extensions?.code]).toEqual([403, 'FORBIDDEN']);
    const paths = await exchange(system.identityUrl, 'POST', '/operations/UpdateTenantLimits', { authorization: `Bearer ${tenant.token}` });
    expect(paths.status).toBe(404);
    expect(
      (await exchange(system.gatewayUrl, 'GET', `${SCIM_PATH}/Users`, { authorization: `Bearer ${tenant.token}` })).headers[
        'ratelimit-policy'
      ],
    ).toBe('"scim";q=50;w=10');
  });
});
