/**
 * Attributes of a tenant's own that answers show on request alone (`returned: request`): a PUT of what a GET has shown cannot have them.
 */
import { beforeAll, expect, test } from 'vitest';
import { attribute, declared } from '../support/extensions.js';
import type { ScimBody } from '../support/http.js';
import { patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const ACME = 'urn:acme:params:scim:schemas:extension:badges:2.0:User';

let tenant: Tenant;
let number = 0;
beforeAll(async () => {
  tenant = await newTenant();
  await declared(tenant, {
    id: ACME,
    attributes: [
      attribute('badge', { required: true }),
      attribute('pin', { returned: 'request', required: true }),
      attribute('notes', { returned: 'request', multiValued: true }),
      attribute('desk'),
    ],
  });
});
const created = async (values: object = {}) =>
  (
    await tenant.scim(
      'POST',
      '/Users',
      userBody(`hidden-${(number += 1)}@x.com`, { [ACME]: { badge: 'B', pin: '7', notes: ['n'], desk: 'D', ...values } }),
    )
  ).body;
const read = async ({ id }: ScimBody) => (await tenant.scim('GET', `/Users/${id}?attributes=active,${ACME}`)).body;
const put = (user: ScimBody, over: object) => tenant.scim('PUT', `/Users/${user.id}`, { ...user, active: false, ...over });

test('what is shown on request alone is not lost by a PUT of what GET has shown, and keeps no leaver in', async () => {
  const user = await created();
  const { body: shown } = await tenant.scim('GET', `/Users/${user.id}`);
  expect(shown[ACME]).toEqual({ badge: 'B', desk: 'D' });
  const answer = await put(shown, { [ACME]: { badge: 'C' } });
  expect(answer.status, answer.text).toBe(200);
  expect(await read(user)).toMatchObject({ active: false, [ACME]: { badge: 'C', pin: '7', notes: ['n'] } });
  expect((await read(user))[ACME]).not.toHaveProperty('desk');
});

test.each([[undefined], [null], [{}], [{ badge: '' }]])(
  'it stays with what is required where a PUT says nothing of the extension: %j',
  async (nothing) => {
    const user = await created();
    expect((await put(user, { [ACME]: nothing })).status).toBe(200);
    expect(await read(user)).toMatchObject({ active: false, [ACME]: { badge: 'B', pin: '7', notes: ['n'] } });
    expect((await read(user))[ACME]).not.toHaveProperty('desk');
  },
);

test.each<[string, object, object]>([
  ['another value', { pin: '8', notes: ['m'] }, { pin: '8', notes: ['m'] }],
  ['in another case', { PIN: '8', Notes: ['m'] }, { pin: '8', notes: ['m'] }],
  ['an empty list', { notes: [] }, { pin: '7' }],
  ['null', { notes: null }, { pin: '7' }],
])('it is what a PUT says: %s', async (_, given, expected) => {
  const user = await created();
  expect((await put(user, { [ACME]: { badge: 'B', ...given } })).status).toBe(200);
  expect((await read(user))[ACME]).toEqual({ badge: 'B', ...expected });
});

test('it is taken away by PATCH, and replaced in GraphQL under a name in any case', async () => {
  const user = await created();
  expect((await tenant.scim('PATCH', `/Users/${user.id}`, patchOp({ op: 'replace', path: `${ACME}:notes`, value: null }))).status).toBe(
    200,
  );
  expect((await read(user))[ACME]).toEqual({ badge: 'B', pin: '7', desk: 'D' });
  const replace = 'mutation ($input: ReplaceUserInput!) { replaceUser(input: $input) { userErrors { message } } }';
  const given = { id: user.id, user: { userName: user.userName, extensions: { [ACME]: { badge: 'B', PIN: '9' } } } };
  expect((await tenant.graphql(replace, { input: given })).data).toEqual({ replaceUser: { userErrors: [] } });
  expect((await read(user))[ACME]).toEqual({ badge: 'B', pin: '9' });
  const empty = { id: user.id, user: { userName: user.userName, extensions: { [ACME]: {} } } };
  expect((await tenant.graphql(replace, { input: empty })).data).toEqual({ replaceUser: { userErrors: [] } });
  expect((await read(user))[ACME]).toEqual({ badge: 'B', pin: '9' });
  const none = { id: user.id, user: { userName: user.userName, extensions: { [ACME]: null } } };
  expect((await tenant.graphql(replace, { input: none })).data).toEqual({ replaceUser: { userErrors: [] } });
  expect((await read(user))[ACME]).toBeUndefined();
});
