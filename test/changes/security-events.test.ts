/** Security events (RFC 9967) by polling (RFC 8936): what is told, in which order, how it is acknowledged, and to whom. */
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { groupBody, patchOp, expectScimError, userBody } from '../support/scim.js';
import {
  ACTIVATED,
  briefly,
  type Claims,
  CREATED,
  DEACTIVATED,
  DELETED,
  idsOf,
  PATCHED,
  poll,
  pollFor,
  pollUntil,
} from '../support/security-events.js';
import { manage } from '../support/tokens.js';
import { newTenant, PUBLIC_URL, SCIM_PATH, type Tenant } from '../support/world.js';

const create = async (tenant: Tenant, path: string, body: object): Promise<string> => {
  const answer = await tenant.scim('POST', path, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
};

/** A tenant with receivers that have polled once, and users made since. */
async function begun(receivers: readonly string[], ...userNames: string[]): Promise<{ tenant: Tenant; ids: string[] }> {
  const tenant = await newTenant();
  for (const receiver of receivers) expect(await poll(tenant, receiver)).toEqual({ sets: [], moreAvailable: false });
  const ids: string[] = [];
  for (const userName of userNames) ids.push(await create(tenant, '/Users', userBody(userName)));
  return { tenant, ids };
}

describe('what happened', () => {
  let tenant: Tenant;
  let sets: readonly Claims[];
  let [ann, bob, sales, north] = ['', '', '', ''];
  let shown: object;

  beforeAll(async () => {
    tenant = await newTenant();
    await poll(tenant, 'earlier');
    await create(tenant, '/Users', userBody('before@x.com'));
    await pollUntil(tenant, 'earlier', 1); // what cannot be read yet comes after the end of the feed
    expect(await poll(tenant, 'all')).toEqual({ sets: [], moreAvailable: false });
    const made = await tenant.scim(
      'POST',
      '/Users',
      userBody('ann@x.com', { externalId: 'ann-1', title: 'Engineer', password: 'not-to-be-seen-1' }),
      { 'x-request-id': 'request-of-events' },
    );
    [ann, shown] = [made.body.id, made.body];
    bob = await create(tenant, '/Users', userBody('bob@x.com'));
    sales = await create(tenant, '/Groups', { ...groupBody('Sales', [ann]), externalId: 'sales-1' });
    north = await create(tenant, '/Groups', groupBody('North'));
    await tenant.scim('PATCH', `/Groups/${sales}`, patchOp({ op: 'add', path: 'members', value: [{ value: bob }, { value: north }] }));
    await tenant.scim('PATCH', `/Users/${ann}`, patchOp({ op: 'replace', path: 'active', value: false }, { op: 'remove', path: 'title' }));
    await tenant.scim('PATCH', `/Users/${ann}`, patchOp({ op: 'replace', path: 'active', value: true }));
    await tenant.scim(
      'PATCH',
      `/Users/${ann}`,
      patchOp({ op: 'replace', path: 'name.familyName', value: 'Low' }, { op: 'replace', path: 'password', value: 'not-to-be-seen-2' }),
    );
    await tenant.scim('DELETE', `/Users/${bob}`);
    await tenant.scim('DELETE', `/Groups/${sales}`);
    sets = await pollUntil(tenant, 'all', 13);
  });

  test('is told in order, of users and groups and nothing else', () => {
    const told = briefly(sets);
    expect([...told.slice(0, 9), ...told.slice(9, 11).toSorted(), ...told.slice(11)]).toEqual([
      // who leaves a group with their end may be told on either side of it
      `/Users/${ann} create:full`,
      `/Users/${bob} create:full`,
      `/Groups/${sales} create:full`,
      `/Groups/${sales} patch:full`,
      `/Groups/${north} create:full`,
      `/Groups/${sales} patch:full`,
      `/Users/${ann} patch:full+deactivate`,
      `/Users/${ann} patch:full+activate`,
      `/Users/${ann} patch:full`,
      `/Groups/${sales} patch:full`,
      `/Users/${bob} delete`,
      `/Groups/${sales} patch:full`,
      `/Groups/${sales} delete`,
    ]);
  });

  test('says who tells whom, when, and in which request', () => {
    for (const { iss, iat, aud, sub_id } of sets) {
      expect([iss, aud, sub_id.format]).toEqual([PUBLIC_URL + SCIM_PATH, [`${PUBLIC_URL}${SCIM_PATH}/Events/all`], 'scim']);
      expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(120);
    }
    expect(sets[0]).toMatchObject({ txn: 'request-of-events', sub_id: { uri: `/Users/${ann}`, externalId: 'ann-1' } });
    expect(sets[2]!.txn).toBe(sets[3]!.txn);
    expect(new Set(idsOf(sets)).size).toBe(sets.length);
  });

  test('holds a created resource as SCIM shows it', () => {
    expect(sets[0]!.events[CREATED]).toEqual({ version: 'W/"1"', data: shown });
    expect(sets[2]!.events[CREATED]!.data).toMatchObject({ displayName: 'Sales', id: sales });
  });

  test('holds a change as the PATCH that makes it', () => {
    const operations = (at: number) => sets[at]!.events[PATCHED]!.data!['Operations'];
    const base = PUBLIC_URL + SCIM_PATH;
    expect(operations(3)).toEqual([{ op: 'add', path: 'members', value: [{ value: ann, type: 'User', $ref: `${base}/Users/${ann}` }] }]);
    expect(
      (operations(5) as { value: { value: string }[] }[])[0]!.value.toSorted((one, other) => one.value.localeCompare(other.value)),
    ).toEqual(
      [
        { value: bob, type: 'User', $ref: `${base}/Users/${bob}` },
        { value: north, type: 'Group', $ref: `${base}/Groups/${north}` },
      ].toSorted((one, other) => one.value.localeCompare(other.value)),
    );
    expect(operations(6)).toEqual(
      expect.arrayContaining([
        { op: 'replace', path: 'active', value: false },
        { op: 'remove', path: 'title' },
      ]),
    );
    expect(sets[6]!.events[DEACTIVATED]).toEqual({});
    expect(operations(7)).toEqual([{ op: 'replace', path: 'active', value: true }]);
    expect(sets[7]!.events[ACTIVATED]).toEqual({});
    expect(operations(8)).toEqual([{ op: 'replace', path: 'name.familyName', value: 'Low' }]);
    const left = sets.slice(9, 11).toSorted((one, other) => one.sub_id.uri.localeCompare(other.sub_id.uri));
    expect(left[0]!.events[PATCHED]!.data!['Operations']).toEqual([{ op: 'remove', path: `members[value eq "${bob}"]` }]);
    expect(left[1]!.events).toEqual({ [DELETED]: {} });
    expect(sets[6]!.events[PATCHED]!.version).toBe('W/"2"');
  });

  test('names the subject by its external id, too, whatever changed', () => {
    const externalIds: Record<string, string> = { [`/Users/${ann}`]: 'ann-1', [`/Groups/${sales}`]: 'sales-1' };
    for (const {
      sub_id: { uri, externalId },
    } of sets) {
      expect(externalId, uri).toBe(externalIds[uri]);
    }
  });

  test('holds no secret', () => {
    for (const secret of ['not-to-be-seen', 'password', tenant.token, tenant.clientSecret]) {
      expect(JSON.stringify(sets)).not.toContain(secret);
    }
  });

  test('is announced, every event of it', async () => {
    const { securityEvents } = (await tenant.scim('GET', '/ServiceProviderConfig')).body as unknown as {
      securityEvents: { asyncRequest: string; eventUris: string[] };
    };
    expect(securityEvents.asyncRequest).toBe('none');
    const told = new Set(sets.flatMap(({ events }) => Object.keys(events)));
    expect([...told].filter((uri) => !securityEvents.eventUris.includes(uri))).toEqual([]);
    expect(told.size).toBe(5);
  });
});

describe('acknowledging', () => {
  test('moves on, and what is not acknowledged is told again as it was', async () => {
    const { tenant } = await begun(['a'], 'one@x.com', 'two@x.com', 'three@x.com');
    const all = await pollUntil(tenant, 'a', 3);
    expect((await poll(tenant, 'a')).sets).toEqual(all);
    expect(await poll(tenant, 'a', { maxEvents: 2 })).toEqual({ sets: all.slice(0, 2), moreAvailable: true });
    expect((await poll(tenant, 'a', { ack: [all[0]!.jti] })).sets).toEqual(all.slice(1));
    expect((await poll(tenant, 'a', { ack: [all[0]!.jti, 'of-nothing'] })).sets).toEqual(all.slice(1));
    expect(await poll(tenant, 'a', { ack: idsOf(all), maxEvents: 0 })).toEqual({ sets: [], moreAvailable: false });
    expect((await poll(tenant, 'a')).sets).toEqual([]);
    await create(tenant, '/Users', userBody('four@x.com'));
    expect(await pollUntil(tenant, 'a', 1)).toHaveLength(1);
  });

  test('moves over no event that it does not name', async () => {
    const { tenant } = await begun(['a'], 'one@x.com', 'two@x.com', 'three@x.com');
    const all = await pollUntil(tenant, 'a', 3);
    expect((await poll(tenant, 'a', { ack: [all[1]!.jti, all[2]!.jti] })).sets).toEqual(all);
    expect((await poll(tenant, 'a', { ack: [all[2]!.jti, all[0]!.jti] })).sets).toEqual(all.slice(1));
    expect(await poll(tenant, 'a', { maxEvents: 0 })).toEqual({ sets: [], moreAvailable: true });
  });

  test('counts what a receiver could not take, too', async () => {
    const { tenant } = await begun(['a'], 'one@x.com', 'two@x.com', 'three@x.com');
    const all = await pollUntil(tenant, 'a', 3);
    const setErrs = { [all[0]!.jti]: { err: 'jwtParse', description: 'unreadable' } };
    expect((await poll(tenant, 'a', { setErrs, ack: [all[1]!.jti] })).sets).toEqual(all.slice(2));
  });

  test('is for each receiver by itself, and for no other tenant', async () => {
    const { tenant } = await begun(['a', 'b'], 'one@x.com', 'two@x.com');
    const others = await begun(['a']);
    const all = await pollUntil(tenant, 'a', 2);
    expect((await poll(others.tenant, 'a', { ack: idsOf(all) })).sets).toEqual([]);
    expect(idsOf(await pollUntil(tenant, 'b', 2))).toEqual(idsOf(all));
    expect((await poll(tenant, 'a', { ack: idsOf(all) })).sets).toEqual([]);
    expect(idsOf((await poll(tenant, 'b')).sets)).toEqual(idsOf(all));
    expectScimError(await others.tenant.scim('DELETE', '/Events/b'), 404);
    expect((await poll(tenant, 'b')).sets).toHaveLength(2);
  });

  test('of many at once loses nothing and goes back nowhere', async () => {
    const { tenant, ids } = await begun(['a'], ...Array.from({ length: 12 }, (_, at) => `user-${at}@x.com`));
    const all = await pollUntil(tenant, 'a', ids.length);
    await Promise.all([3, 12, 6, 1, 9, 12, 2].map((count) => poll(tenant, 'a', { ack: idsOf(all.slice(0, count)), maxEvents: 4 })));
    expect((await poll(tenant, 'a')).sets).toEqual([]);
    await create(tenant, '/Users', userBody('later@x.com'));
    const [later] = await pollUntil(tenant, 'a', 1);
    await Promise.all([poll(tenant, 'a', { ack: idsOf(all) }), poll(tenant, 'a', { ack: [all[5]!.jti] }), poll(tenant, 'a')]);
    expect(idsOf((await poll(tenant, 'a')).sets)).toEqual([later!.jti]);
  });

  test('by another token goes on where the one before was', async () => {
    const { tenant } = await begun(['a'], 'one@x.com', 'two@x.com');
    const all = await pollUntil(tenant, 'a', 2);
    await poll(tenant, 'a', { ack: [all[0]!.jti] });
    const { accessToken } = await manage(tenant).create({ audience: 'SCIM', expiresIn: 3600 });
    expect((await poll(tenant, 'a', {}, { authorization: `Bearer ${accessToken}` })).sets).toEqual(all.slice(1));
  });

  test('a receiver that is forgotten begins anew', async () => {
    const { tenant } = await begun(['a'], 'one@x.com');
    await pollUntil(tenant, 'a', 1);
    expect((await tenant.scim('DELETE', '/Events/a')).status).toBe(204);
    expectScimError(await tenant.scim('DELETE', '/Events/a'), 404);
    expect((await poll(tenant, 'a')).sets).toEqual([]);
  });
});

describe('limits', () => {
  test('a tenant has ten receivers', async () => {
    const tenant = await newTenant();
    const statuses = await Promise.all(Array.from({ length: 13 }, async (_, at) => (await pollFor(tenant, `r-${at}`)).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(10);
    expectScimError(await pollFor(tenant, 'one-more'), 400, 'tooMany');
    await tenant.scim('DELETE', `/Events/r-${statuses.indexOf(200)}`);
    await poll(tenant, 'one-more');
  });

  test.each<[string, object]>([
    ['maxEvents', { maxEvents: -1 }],
    ['maxEvents', { maxEvents: 1.5 }],
    ['maxEvents', { maxEvents: 'all' }],
    ['returnImmediately', { returnImmediately: 'no' }],
    ['ack', { ack: 'one' }],
    ['ack', { ack: [1] }],
    ['setErrs', { setErrs: ['one'] }],
  ])('a wrong %s is refused by name: %o', async (name, body) => {
    const answer = await pollFor(await shared(), 'a', body);
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toContain(`"${name}"`);
  });

  test('names of receivers fit into addresses', async () => {
    const tenant = await shared();
    for (const name of ['a b', 'ä', 'x'.repeat(65), '%2e%2e', 'a%2Fb']) {
      expectScimError(await pollFor(tenant, encodeURI(decodeURI(name))), 400, 'invalidValue');
    }
    await poll(tenant, 'Good.name_of-one');
    expectScimError(await pollFor(tenant, 'a', { ack: Array.from({ length: 10_001 }, (_, at) => `id-${at}`) }), 400, 'tooMany');
    expect(await poll(tenant, 'a', { maxEvents: 100_000 })).toMatchObject({ sets: [] });
  });

  test('who brings no token of a tenant is told nothing, nor who may not read both users and groups', async () => {
    const tenant = await shared();
    for (const authorization of ['', 'Bearer wrong']) expectScimError(await pollFor(tenant, 'a', {}, { authorization }), 401);
    const answer = await tenant.graphql(
      'mutation { pollEvents(input: { receiver: "tool", maxEvents: 0 }) { events { id } moreAvailable userErrors { code } } }',
    );
    expect(answer.data!['pollEvents']).toEqual({ events: [], moreAvailable: false, userErrors: [] });
  });

  let one: Promise<Tenant> | undefined;
  const shared = () => (one ??= newTenant());
});

describe('a poll that waits', () => {
  test('is answered soon after something happened', async () => {
    const { tenant } = await begun(['a']);
    const waiting = poll(tenant, 'a', { returnImmediately: false });
    await wait(1500);
    await create(tenant, '/Users', userBody('one@x.com'));
    const created = performance.now();
    expect(briefly((await waiting).sets)).toEqual([expect.stringMatching(/create:full$/)]);
    expect(performance.now() - created).toBeLessThan(5000); // a second, where nobody else is at work
  });

  test('holds nothing up: the tenant works on, and so does its receiver', async () => {
    const { tenant } = await begun(['a']);
    const over = new AbortController();
    const waiting = Array.from({ length: 12 }, () =>
      fetch(`${tenant.scimUrl}Events/a`, {
        method: 'POST',
        body: '{}',
        signal: over.signal,
        headers: { authorization: `Bearer ${tenant.token}`, 'content-type': 'application/json' },
      }).then(
        ({ status }) => status,
        () => 0,
      ),
    );
    await wait(300);
    const id = await create(tenant, '/Users', userBody('one@x.com'));
    const sets = await pollUntil(tenant, 'a', 1);
    expect(sets[0]!.sub_id.uri).toBe(`/Users/${id}`);
    await wait(1500);
    over.abort();
    expect((await Promise.all(waiting)).filter((status) => status !== 200)).toEqual([]);
  });
});
