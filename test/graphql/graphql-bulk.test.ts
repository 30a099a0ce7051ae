/** What an operation of GraphQL's bulk takes: what does not fit its method is refused, and never passed over with a success. */
import { beforeAll, expect, test } from 'vitest';
import { newTenant, type Tenant } from '../support/world.js';

const BULK =
  'mutation ($input: BulkInput!) { bulk(input: $input) { results { place id version userErrors { code field message } } userErrors { code } } }';

interface Result {
  readonly id: string | null;
  readonly version: number | null;
  readonly userErrors: readonly { readonly code: string; readonly field: string; readonly message: string }[];
}

let tenant: Tenant;
let id = '';
beforeAll(async () => {
  tenant = await newTenant();
  id = String((await bulk({ method: 'CREATE', type: 'USER', user: { userName: 'bulk@x.com' } }))[0]!.id);
});

async function bulk(...operations: object[]): Promise<readonly Result[]> {
  const { data, errors } = await tenant.graphql(BULK, { input: { operations } });
  expect(errors).toBeUndefined();
  return (data!['bulk'] as unknown as { results: Result[] }).results;
}

const user = { userName: 'other@x.com', active: false };
const changes = [{ op: 'REPLACE', path: 'active', value: false }];

test.each<[object, string, RegExp]>([
  [
    { method: 'CHANGE', type: 'USER', id: 'its', user: { userName: 'bulk@x.com', active: false } },
    'changes',
    /CHANGE of a User takes "id", "changes", "ifVersion": "changes" is missing/,
  ],
  [{ method: 'CHANGE', type: 'USER', id: 'its', changes, user }, 'user', /"user" does not belong to it/],
  [{ method: 'CHANGE', type: 'USER', changes }, 'id', /"id" is missing/],
  [{ method: 'CREATE', type: 'USER', user, changes }, 'changes', /"changes" does not belong/],
  [{ method: 'CREATE', type: 'USER', user, ifVersion: 1 }, 'ifVersion', /"ifVersion" does not belong/],
  [{ method: 'CREATE', type: 'USER', user, id: 'its' }, 'id', /"id" does not belong/],
  [{ method: 'CREATE', type: 'USER', user, group: { displayName: 'G' } }, 'group', /"group" does not belong/],
  [{ method: 'CREATE', type: 'GROUP', user }, 'group', /CREATE of a Group takes "group": "group" is missing/],
  [{ method: 'REPLACE', type: 'USER', id: 'its' }, 'user', /"user" is missing/],
  [{ method: 'REPLACE', type: 'USER', id: 'its', user, changes }, 'changes', /"changes" does not belong/],
  [{ method: 'DELETE', type: 'USER', id: 'its', user }, 'user', /"user" does not belong/],
  [{ method: 'DELETE', type: 'USER' }, 'id', /"id" is missing/],
])('%j is refused, and nothing of it is done; what stands beside it is', async (operation, field, message) => {
  const given = 'id' in operation ? { ...operation, id } : operation;
  const [refused, done] = await bulk(given, {
    method: 'CHANGE',
    type: 'USER',
    id,
    changes: [{ op: 'REPLACE', path: 'title', value: message.source }],
  });
  expect(refused).toMatchObject({
    version: null,
    userErrors: [{ code: 'INVALID_VALUE', field, message: expect.stringMatching(message) as string }],
  });
  expect(done).toMatchObject({ id, userErrors: [] });
  expect((await tenant.scim('GET', `/Users/${id}`)).body).toMatchObject({ userName: 'bulk@x.com', active: true, title: message.source });
});

const undeclared = { 'urn:acme:User': { badge: '1' } };
const refusal = {
  id: null,
  userErrors: [{ code: 'INVALID_VALUE', field: 'extensions', message: expect.stringContaining('"urn:acme:User"') as string }],
};

test('a user with values that the tenant has not declared is refused alone', async () => {
  const [first, refused, changed] = await bulk(
    { method: 'CREATE', type: 'USER', user: { userName: 'beside@x.com' } },
    { method: 'CREATE', type: 'USER', user: { userName: 'undeclared@x.com', extensions: undeclared } },
    { method: 'REPLACE', type: 'USER', id, user: { userName: 'bulk@x.com', active: true, extensions: undeclared } },
  );
  expect([first!.userErrors, refused, changed]).toEqual([
    [],
    expect.objectContaining(refusal),
    expect.objectContaining({ ...refusal, id }),
  ]);
  const { data, errors } = await tenant.graphql(
    'mutation ($input: CreateUsersInput!) { createUsers(input: $input) { results { id user { userName } userErrors { code field message } } userErrors { message } } }',
    {
      input: { users: [{ userName: 'undeclared@x.com', extensions: undeclared }, { userName: 'one-more@x.com' }] },
    },
  );
  expect(errors).toBeUndefined();
  expect(data!['createUsers']).toEqual({
    userErrors: [],
    results: [
      { ...refusal, user: null },
      { id: expect.any(String), user: { userName: 'one-more@x.com' }, userErrors: [] },
    ],
  });
});

test('what is null counts as absent, and no change is one that changes nothing', async () => {
  expect(await bulk({ method: 'CHANGE', type: 'USER', id, user: null, group: null, ifVersion: null, changes: [] })).toMatchObject([
    { id, userErrors: [] },
  ]);
});

test("SCIM: the version of what is only to be made is nobody's", async () => {
  const operation = { method: 'POST', path: '/Users', bulkId: 'a', version: 'W/"7"', data: { userName: 'versioned@x.com' } };
  const { body } = await tenant.scim('POST', '/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [operation],
  });
  expect(body['Operations']).toMatchObject([{ status: '201' }]);
});
