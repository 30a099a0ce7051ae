/** What a list can be sorted by, and what is said of the rest: at both doors. */
import { beforeAll, describe, expect, test } from 'vitest';
import { expectList, expectScimError, ENTERPRISE, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;

beforeAll(async () => {
  tenant = await newTenant();
  const people: [name: string, extra: object][] = [
    ['a@x.com', { emails: [{ value: 'z@x.com' }, { value: 'b@x.com', primary: true }], [ENTERPRISE]: { manager: { value: '2' } } }],
    ['b@x.com', { emails: [{ value: 'c@x.com' }, { value: 'a@x.com' }], [ENTERPRISE]: { manager: { value: '1' } } }],
    ['c@x.com', { emails: [{ value: 'A@x.com', primary: true }] }],
  ];
  for (const [userName, extra] of people) expect((await tenant.scim('POST', '/Users', userBody(userName, extra))).status).toBe(201);
});

const LIST = 'query ($field: String!) { users(orderBy: { field: $field }) { nodes { id } } }';

describe('what has no single value is refused in words', () => {
  test.each([
    ['name', /parts.*name\.familyName/],
    ['meta', /parts.*meta\.created, meta\.lastModified/],
    ['addresses', /parts.*addresses\.locality/],
    ['meta.location', /made when it is shown.*"id"/],
    ['schemas', /in common/],
    ['groups', /any number of groups/],
    ['groups.display', /any number of groups/],
    ['groups.value', /any number of groups/],
    ['GROUPS.$REF', /any number of groups/],
    ['password', /never shown/],
    [`${ENTERPRISE}:manager.$ref`, /made when it is shown/],
    ['favouriteColour', /no attribute "favouriteColour"/],
  ])('users by %s', async (sortBy, sentence) => {
    for (const path of ['/Users', '/']) {
      const answer = await tenant.scim('GET', `${path}?sortBy=${encodeURIComponent(sortBy)}`);
      expectScimError(answer, 400, 'invalidPath');
      expect(answer.body.detail).toMatch(sentence);
    }
    const { errors } = await tenant.graphql(LIST, { field: sortBy });
    expect(errors).toMatchObject([
      { message: expect.stringMatching(sentence), extensions: { code: 'INVALID_PATH', field: 'orderBy.field' } },
    ]);
  });

  test.each(['members', 'members.value', 'members.display', 'Members.Type', 'meta', 'meta.location', 'schemas'])(
    'groups by %s',
    async (sortBy) => {
      for (const path of ['/Groups', '/']) expectScimError(await tenant.scim('GET', `${path}?sortBy=${sortBy}`), 400, 'invalidPath');
    },
  );
});

test.each(['emails', 'emails.value'])('%s: the primary value counts, or else the first', async (sortBy) => {
  const names = expectList(await tenant.scim('GET', `/Users?sortBy=${sortBy}`)).map(({ userName }) => userName);
  expect(names).toEqual(['c@x.com', 'a@x.com', 'b@x.com']);
});

test.each([`${ENTERPRISE}:manager`, 'manager', 'manager.value'])('%s: what is complex stands for its value', async (sortBy) => {
  const names = expectList(await tenant.scim('GET', `/Users?sortBy=${sortBy}`)).map(({ userName }) => userName);
  expect(names).toEqual(['b@x.com', 'a@x.com', 'c@x.com']);
});
