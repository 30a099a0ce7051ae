/** Looking users up in every spelling, and paging through all of them: what imports and matching of every provider rest on. */
import { beforeAll, describe, expect, test } from 'vitest';
import { expectList, expectScimError, filtered, groupBody, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const create = async (tenant: Tenant, userName: string, over: object = {}): Promise<string> => {
  const answer = await tenant.scim('POST', '/Users', userBody(userName, over));
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
};

describe('an empty tenant', () => {
  test('answers the connection tests of Okta and Entra with an empty list', async () => {
    const tenant = await newTenant();
    for (const path of [
      '/Users?startIndex=1&count=2',
      '/Users?filter=userName+eq+"6a1f0d1c-1b6c-4a57-8d53-4f2f2b5f5f11"',
      '/Groups?excludedAttributes=members&filter=displayName+eq+"6a1f"',
    ]) {
      const answer = await tenant.scim('GET', path);
      expect(expectList(answer)).toEqual([]);
      expect(answer.body).toMatchObject({ totalResults: 0, startIndex: 1, itemsPerPage: 0 });
    }
  });
});

describe('one user', () => {
  let tenant: Tenant;

  beforeAll(async () => {
    tenant = await newTenant();
    await create(tenant, 'Ann.Lee@x.com', { externalId: 'jyoung' });
    await create(tenant, 'ann+test@x.com', { externalId: '00u2', emails: [{ value: 'plus@x.com', type: 'home' }] });
  });

  test.each([
    '/Users?filter=userName%20eq%20%22ann.lee%40x.com%22&startIndex=1&count=100',
    '/Users?filter=userName+eq+"ANN.LEE%40X.COM"',
    '/Users?filter=username%20EQ%20"ann.lee@x.com"',
    '/Users?filter=userName%20eq%20ann.lee@x.com',
    '/Users?filter=userName%20eq%20ann.lee%40x.com',
    '/Users/?filter=userName%20eq%20"ann.lee@x.com"',
    '//Users?filter=userName%20eq%20"ann.lee@x.com"',
    '/users?filter=userName%20eq%20"ann.lee@x.com"',
    '/USERS?FILTER=userName%20eq%20"ann.lee@x.com"&STARTINDEX=1',
    '/Users?filter=urn:ietf:params:scim:schemas:core:2.0:User:userName%20eq%20"ann.lee@x.com"',
    '/Users?filter=externalId%20eq%20jyoung',
    '/Users?filter=externalId%20eq%20"jyoung"',
    '/Users?filter=emails.value%20eq%20"ann.lee@example.com"',
    '/Users?filter=emails%20eq%20"ann.lee@example.com"',
    '/Users?filter=emails%5Btype%20eq%20"work"%5D.value%20eq%20"ann.lee@example.com"',
    '/Users?filter=emails[type%20eq%20"work"%20and%20value%20co%20"@example.com"]',
    '/Users?filter=emails%5Bprimary%20eq%20"True"%5D.value%20eq%20"ann.lee@example.com"',
    '/Users?aadOptscim062020&filter=userName%20eq%20"ann.lee@x.com"',
  ])('is found by %s', async (path) => {
    expect(expectList(await tenant.scim('GET', path))).toMatchObject([{ userName: 'Ann.Lee@x.com' }]);
  });

  test.each([
    '/Users?filter=userName%20eq%20"ann%2Btest@x.com"',
    '/Users?filter=userName%20eq%20"ann+test@x.com"',
    '/Users?filter=userName+eq+"ann+test@x.com"',
    '/Users?filter=userName+eq+"ann%2Btest%40x.com"',
    '/Users?filter=externalId+eq+00u2',
  ])('with a plus in the name is found by %s', async (path) => {
    expect(expectList(await tenant.scim('GET', path))).toMatchObject([{ userName: 'ann+test@x.com' }]);
  });

  test.each(['displayName+eq+"Sales+%40+London"', 'displayName+eq+%22Sales+%40+London%22', 'displayName%20eq%20"Sales%20@%20London"'])(
    'a group with spaces and an "@" in its name is found by %s, and not created again',
    async (filter) => {
      const {
        body: { id },
      } = await tenant.scim('POST', '/Groups', groupBody('Sales @ London'));
      expect(expectList(await tenant.scim('GET', `/Groups?filter=${filter}`))).toMatchObject([{ id }]);
      await tenant.scim('DELETE', `/Groups/${id}`);
    },
  );

  test('externalId is compared with case, the user name without', async () => {
    expect(expectList(await tenant.scim('GET', filtered('/Users', 'externalId eq "JYOUNG"')))).toEqual([]);
  });

  test('only what is asked for is answered', async () => {
    const path = filtered('/Users', 'userName eq "ann.lee@x.com"');
    const [some] = expectList(await tenant.scim('GET', `${path}&attributes=userName,emails.value`));
    expect(Object.keys(some ?? {}).toSorted()).toEqual(['emails', 'id', 'schemas', 'userName']);
    expect(some?.emails).toEqual([{ value: 'ann.lee@example.com' }]);
    const [without] = expectList(await tenant.scim('GET', `${path}&excludedAttributes=emails,name.givenName`));
    expect(without).not.toHaveProperty('emails');
    expect(without?.name).toEqual(expect.not.objectContaining({ givenName: 'Ann' }));
    expect(without?.userName).toBe('Ann.Lee@x.com');
  });
});

describe('paging', () => {
  const TOTAL = 250;
  let tenant: Tenant;
  const created: string[] = [];

  beforeAll(async () => {
    tenant = await newTenant();
    for (let batch = 0; batch < TOTAL / 25; batch += 1) {
      created.push(...(await Promise.all(Array.from({ length: 25 }, (_, index) => create(tenant, `import-${batch}-${index}@x.com`)))));
    }
  });

  const page = async (query: string) => {
    const answer = await tenant.scim('GET', `/Users?${query}`);
    return { ids: expectList(answer).map(({ id }) => id), ...answer.body };
  };

  test('gives each user exactly once, also while others come and change', async () => {
    const first = await page('startIndex=1&count=100');
    await tenant.scim('PATCH', `/Users/${first.ids[3]}`, { Operations: [{ op: 'replace', value: { active: false } }] });
    const second = await page('startIndex=101&count=100');
    const late = await create(tenant, '0-first-in-the-alphabet@x.com');
    const third = await page('startIndex=201&count=100');
    expect([first, second, third].map(({ startIndex }) => startIndex)).toEqual([1, 101, 201]);
    expect([first.totalResults, second.totalResults, third.totalResults]).toEqual([TOTAL, TOTAL, TOTAL + 1]);
    const seen = [...first.ids, ...second.ids, ...third.ids];
    expect(seen.filter((id) => id !== late).toSorted()).toEqual(created.toSorted());
    await tenant.scim('DELETE', `/Users/${late}`);
  });

  test('without a count there is one all the same', async () => {
    const { totalResults, ids } = await page('');
    expect(totalResults).toBe(TOTAL);
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.length).toBeLessThanOrEqual(TOTAL);
  });

  test('count=0 gives the total and nothing else; less than 0 is 0', async () => {
    expect(await page('count=0')).toMatchObject({ totalResults: TOTAL, ids: [], itemsPerPage: 0 });
    expect(await page('count=-5')).toMatchObject({ totalResults: TOTAL, ids: [] });
  });

  test('a start before the first is the first', async () => {
    const { ids } = await page('startIndex=1&count=2');
    expect(await page('startIndex=0&count=2')).toMatchObject({ startIndex: 1, ids });
    expect(await page('startIndex=-7&count=2')).toMatchObject({ startIndex: 1, ids });
  });

  test('a start beyond the last is an empty page', async () => {
    expect(await page('startIndex=9999&count=100')).toMatchObject({ totalResults: TOTAL, startIndex: 9999, ids: [], itemsPerPage: 0 });
  });

  test('more than there may be in a page is as much as there may be', async () => {
    expect((await page('count=1000000')).ids).toHaveLength(TOTAL);
  });

  test.each(['startIndex=abc', 'count=abc', 'count=1.5', 'startIndex=1e3', 'count=99999999999999999999999999'])(
    '%s is refused or understood, never a fault of ours',
    async (query) => {
      const answer = await tenant.scim('GET', `/Users?${query}`);
      if (answer.status !== 200) expectScimError(answer, 400, 'invalidValue');
      else expectList(answer);
    },
  );

  test('sorted by an attribute, in both directions', async () => {
    const names = (query: string) =>
      tenant.scim('GET', `/Users?count=1000&${query}`).then((answer) => expectList(answer).map(({ userName }) => userName));
    const ascending = await names('sortBy=userName');
    expect(ascending).toEqual(ascending.toSorted());
    expect(await names('sortBy=userName&sortOrder=descending')).toEqual(ascending.toReversed());
    expectScimError(await tenant.scim('GET', '/Users?sortBy=favouriteColour'), 400, 'invalidPath');
  });
});

describe('groups in a list', () => {
  test('answer within 600 ms, however many members they have', async () => {
    const tenant = await newTenant();
    const members = await Promise.all(Array.from({ length: 100 }, (_, index) => create(tenant, `m${index}@x.com`)));
    for (let index = 0; index < 10; index += 1) {
      expect((await tenant.scim('POST', '/Groups', groupBody(`G${index}`, members))).status).toBe(201);
    }
    const answer = await tenant.scim('GET', '/Groups');
    const groups = expectList(answer);
    expect(answer.elapsed).toBeLessThan(600);
    expect(groups).toHaveLength(10);
    for (const group of groups) expect(group.members.map(({ value }) => value).toSorted()).toEqual(members.toSorted());
  });
});
