/** What a tenant's clients do beside the standard is recorded for support: whose habit, since when, how often; and nobody waits for it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Client, Habit } from '../../schema/habits.js';
import { dialectSightings } from '../../services/identity/domain/tenants/dialect-sightings.js';
import { filtered, GROUP, groupBody, patchOp, USER, userBody } from '../support/scim.js';
import { manage } from '../support/tokens.js';
import { newTenant, type Tenant, world } from '../support/world.js';

interface Sighting {
  readonly client: Client;
  readonly habit: Habit;
  readonly description: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly requests: number;
}

const QUERY = '{ caller { tenant { dialects { client habit description firstSeenAt lastSeenAt requests } } } }';
const LONGEST_WAIT = 6000;

async function dialects(tenant: Tenant): Promise<readonly Sighting[]> {
  const { data, errors } = await tenant.graphql(QUERY);
  expect(errors).toBeUndefined();
  return (data!['caller']!['tenant'] as { dialects: Sighting[] }).dialects;
}

const counts = (sightings: readonly Sighting[]) =>
  Object.fromEntries(sightings.map(({ client, habit, requests }) => [`${client} ${habit}`, requests]));

/** Waits until what has been counted is written. */
async function expectSeen(tenant: Tenant, expected: Partial<Record<`${Client} ${Habit}`, number>>): Promise<readonly Sighting[]> {
  const started = performance.now();
  for (;;) {
    const seen = await dialects(tenant);
    const isDone = Object.entries(expected).every(([name, requests]) => counts(seen)[name] === requests);
    if (isDone || performance.now() - started > LONGEST_WAIT) {
      expect(counts(seen)).toEqual(expected);
      return seen;
    }
    await sleep(100);
  }
}

/** One request as a product sends it; it must be well received. */
const speaker = (tenant: Tenant, userAgent: string | undefined) => async (method: string, path: string, body?: object) => {
  const answer = await tenant.scim(method, path, body, { 'user-agent': userAgent });
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.body;
};

const OKTA = 'Okta SCIM Client 1.0.0';
const ENTRA_GROUP = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

describe.concurrent('a client', () => {
  test("like Okta's catalogue app", async () => {
    const tenant = await newTenant();
    const okta = speaker(tenant, OKTA);
    await okta('GET', '/Users?startIndex=1&count=2');
    await okta('GET', filtered('/Users', 'userName eq "a@x.com"'));
    const user = await okta('POST', '/Users', userBody('a@x.com', { groups: [], password: '1mz050nq' }));
    await okta('PATCH', `/Users/${user.id}`, patchOp({ op: 'replace', value: { active: false } }));
    await okta('PATCH', `/Users/${user.id}`, patchOp({ op: 'replace', value: { active: true } }));
    await okta('PUT', `/Users/${user.id}`, { ...(await okta('GET', `/Users/${user.id}`)), title: 'Engineer' });
    const group = await okta('POST', '/Groups', groupBody('Sales'));
    await okta('PATCH', `/Groups/${group.id}`, patchOp({ op: 'add', path: 'members', value: [{ value: user.id, display: 'a@x.com' }] }));
    await okta('PATCH', `/Groups/${group.id}`, patchOp({ op: 'replace', value: { id: group.id, displayName: 'Sales EU' } }));
    const seen = await expectSeen(tenant, {
      'OKTA GET_ECHOED_AS_PUT': 1,
      'OKTA PASSWORD_SENT': 1,
      'OKTA PATH_LESS_OPERATIONS': 3,
      'OKTA READ_ONLY_CHANGES': 1,
      'OKTA UPDATES_BY_PATCH': 4,
      'OKTA UPDATES_BY_PUT': 1,
    });
    for (const { description, firstSeenAt, lastSeenAt } of seen) {
      expect(description).toMatch(/^[A-Z].+\.$/);
      for (const time of [firstSeenAt, lastSeenAt]) expect(new Date(time).toISOString()).toBe(time);
      expect(firstSeenAt <= lastSeenAt).toBe(true);
    }
  });

  test('like Entra', async () => {
    const tenant = await newTenant();
    const entra = speaker(tenant, 'AzureAD provisioning');
    await entra('GET', '/Users?filter=userName+eq+%22b%40x.com%22');
    const user = await entra('POST', '/Users', { schemas: [USER], userName: 'b@x.com', active: 'True', title: null, externalId: '7' });
    await entra(
      'PATCH',
      `/Users/${user.id}`,
      patchOp({ op: 'Replace', path: 'active', value: 'False' }, { op: 'Add', path: 'manager', value: user.id }),
    );
    const group = await entra('POST', '/Groups', { schemas: [GROUP, ENTRA_GROUP], displayName: 'HR', meta: { resourceType: 'Group' } });
    await entra('PATCH', `/Groups/${group.id}`, patchOp({ op: 'Remove', path: 'members', value: [{ value: user.id }] }));
    await expectSeen(tenant, {
      'ENTRA BARE_MANAGER': 1,
      'ENTRA CAPITALISED_OPERATIONS': 2,
      'ENTRA EMPTY_VALUES': 1,
      'ENTRA FORM_ENCODED_FILTERS': 1,
      'ENTRA REMOVAL_BY_VALUES': 1,
      'ENTRA TEXT_BOOLEANS': 2,
      'ENTRA UNKNOWN_SCHEMAS': 1,
      'ENTRA UNQUALIFIED_EXTENSIONS': 1,
      'ENTRA UPDATES_BY_PATCH': 2,
    });
  });

  test('that nobody knows, or that does not say, is OTHER; what is counted later is added', async () => {
    const tenant = await newTenant();
    await speaker(tenant, "x'; drop table tenant; --")('POST', '/Users', userBody('c@x.com', { foo: 1 }));
    const [first] = await expectSeen(tenant, { 'OTHER UNKNOWN_ATTRIBUTES': 1 });
    await speaker(tenant, undefined)('POST', '/Users', userBody('d@x.com', { bar: 1 }));
    const [second] = await expectSeen(tenant, { 'OTHER UNKNOWN_ATTRIBUTES': 2 });
    expect(second!.firstSeenAt).toBe(first!.firstSeenAt);
    expect(second!.lastSeenAt > first!.lastSeenAt).toBe(true);
  });

  test('is seen in what is refused, too, but not with a bad token, nor by another tenant', async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    const body = patchOp({ op: 'Replace', path: 'active', value: 'perhaps' });
    const headers = { 'user-agent': OKTA };
    for (const authorization of [undefined, 'Bearer nonsense', `Bearer ${tenant.token.slice(0, -1)}`]) {
      expect((await tenant.scim('PATCH', '/Users/7', body, { ...headers, authorization })).status).toBe(401);
    }
    expect((await tenant.scim('PATCH', '/Users/7', body, headers)).status).toBe(400);
    await expectSeen(tenant, { 'OKTA CAPITALISED_OPERATIONS': 1, 'OKTA TEXT_BOOLEANS': 1, 'OKTA UPDATES_BY_PATCH': 1 });
    expect(await dialects(other)).toEqual([]);
  });

  test('that sends much is counted once for a request', async () => {
    const tenant = await newTenant();
    const members = Array.from({ length: 20_000 }, (_, at) => ({
      op: 'Remove',
      path: `members[value eq "${String(at).padStart(60, '0')}"]`,
    }));
    const group = await speaker(tenant, OKTA)('POST', '/Groups', groupBody('Large'));
    const answer = await tenant.scim('PATCH', `/Groups/${group.id}`, patchOp(...members), { 'user-agent': OKTA });
    expect(answer.status).toBe(400); // too many, after the caller has been looked at
    const { status } = await tenant.scim('PUT', `/Groups/${group.id}`, groupBody('Large', [], { foo: 'x'.repeat(1_100_000) }), {
      'user-agent': OKTA,
    });
    expect(status).toBe(200);
    await expectSeen(tenant, {
      'OKTA CAPITALISED_OPERATIONS': 1,
      'OKTA UNKNOWN_ATTRIBUTES': 1,
      'OKTA UPDATES_BY_PATCH': 1,
      'OKTA UPDATES_BY_PUT': 1,
    });
  });
});

test("operators see it of every tenant, for support; who may not manage the tenant's settings does not", async () => {
  const { admin } = await world();
  const [tenant, other] = [await newTenant(), await newTenant()];
  await tenant.scim('PATCH', '/Users/7', patchOp({ op: 'Replace', path: 'active', value: 'False' }), { 'user-agent': OKTA });
  await expectSeen(tenant, { 'OKTA CAPITALISED_OPERATIONS': 1, 'OKTA TEXT_BOOLEANS': 1, 'OKTA UPDATES_BY_PATCH': 1 });
  const { data, errors } = await admin(
    `{ seen: tenant(id: "${tenant.id}") { dialects { client } } none: tenant(id: "${other.id}") { dialects { client } } caller { tenant { dialects { client } } } }`,
  );
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    seen: { dialects: [1, 2, 3].map(() => ({ client: 'OKTA' })) },
    none: { dialects: [] },
    caller: { tenant: { dialects: [] } },
  });
  const { accessToken } = await manage(tenant).create({ audience: 'GRAPHQL', scopes: ['users:read'] });
  expect((await manage(tenant, accessToken).graphql(QUERY)).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
});

describe('the counter', () => {
  const ignore = () => undefined;

  test('writes all at once, keeps what could not be written, and writes the rest when it ends', async () => {
    const written: object[] = [];
    const failures: unknown[] = [];
    let isAway = true;
    const counter = dialectSightings(
      async (rows) => {
        if (isAway) throw new Error('away');
        written.push(rows.map(({ tenantId, client, habit, requests }) => [tenantId, client, habit, requests]));
      },
      (error) => failures.push(error),
      50,
    );
    counter.note('t', 'OKTA', ['EMPTY_VALUES', 'EMPTY_VALUES', 'constructor', 'x']);
    counter.note('t', 'toString', ['EMPTY_VALUES']);
    expect(written).toEqual([]);
    await sleep(75);
    counter.note('t', 'OKTA', ['EMPTY_VALUES', 'PASSWORD_SENT']);
    expect(failures.length).toBeGreaterThan(0);
    isAway = false;
    await sleep(100);
    expect(written).toEqual([
      [
        ['t', 'OKTA', 'EMPTY_VALUES', 2],
        ['t', 'OKTA', 'PASSWORD_SENT', 1],
      ],
    ]);
    counter.note('u', 'OTHER', ['EMPTY_VALUES']);
    await counter.close();
    counter.note('u', 'OTHER', ['EMPTY_VALUES']);
    await counter.close();
    expect(written.slice(1)).toEqual([[['u', 'OTHER', 'EMPTY_VALUES', 1]]]);
  });

  test('does not grow without end, nor fail when it ends while nothing can be written', async () => {
    let kept = 0;
    const counter = dialectSightings(
      async ({ length }) => {
        kept = length;
        throw new Error('away');
      },
      ignore,
      1_000_000,
    );
    for (let tenant = 0; tenant < 12_000; tenant += 1) counter.note(String(tenant), 'OTHER', ['EMPTY_VALUES']);
    await counter.close();
    expect(kept).toBe(10_000);
  });
});
