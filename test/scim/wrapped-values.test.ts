/** Single values as Entra sends them in an older shape: in a list of one object, as it sends the manager. */
import { beforeAll, describe, expect, test } from 'vitest';
import { CONDECO, ENTERPRISE, expectScimError, GROUP, groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
let number = 0;

beforeAll(async () => {
  tenant = await newTenant();
});

async function create(over: object = {}): Promise<string> {
  const answer = await tenant.scim('POST', '/Users', userBody(`wrapped-${(number += 1)}@x.com`, over));
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

const shapes: readonly [string, (value: unknown) => unknown][] = [
  ['a list of one', (value) => [{ $ref: null, value }]],
  ['a list of one without an address', (value) => [{ value }]],
  ['an object', (value) => ({ value, $ref: null })],
  ['an object in capitals', (value) => ({ Value: value })],
];

type Case = readonly [path: string, value: unknown, after: object];

const cases: readonly Case[] = [
  ['active', 'False', { active: false }],
  ['displayName', 'Ann B', { displayName: 'Ann B' }],
  ['name.givenName', 'Bea', { name: { givenName: 'Bea' } }],
  ['externalId', 'e-1', { externalId: 'e-1' }],
  [`${ENTERPRISE}:department`, 'Sales', { [ENTERPRISE]: { department: 'Sales' } }],
  [`${CONDECO}:floor`, '3', { [CONDECO]: { floor: '3' } }],
  ['emails[type eq "work"].value', 'b@x.com', { emails: [{ value: 'b@x.com', type: 'work', primary: true }] }],
  ['phoneNumbers[type eq "mobile"].value', '1', { phoneNumbers: [{ value: '1', type: 'mobile' }] }],
];

describe.each(shapes)('a value in %s is that value', (_, wrapped) => {
  test.each(cases)('at %s', async (path, value, after) => {
    for (const op of ['Replace', 'Add']) {
      const answer = await tenant.scim('PATCH', `/Users/${await create()}`, patchOp({ op, path, value: wrapped(value) }));
      expect(answer, answer.text).toMatchObject({ status: 200, body: after });
    }
  });

  test.each(cases)('without a path, in POST and in PUT: %s', async (key, value, after) => {
    const said = { [key]: wrapped(value) };
    const answer = await tenant.scim('PATCH', `/Users/${await create()}`, patchOp({ op: 'replace', value: said }));
    expect(answer, answer.text).toMatchObject({ status: 200, body: after });
    const { emails: _emails, ...body } = userBody(`wrapped-${(number += 1)}@x.com`, said);
    const made = await tenant.scim('POST', '/Users', { ...body, emails: [{ value: 'a@x.com', type: 'work', primary: true }] });
    expect(made, made.text).toMatchObject({ status: 201, body: after });
    const put = await tenant.scim('PUT', `/Users/${made.body.id}`, {
      ...body,
      emails: [{ value: 'a@x.com', type: 'work', primary: true }],
    });
    expect(put, put.text).toMatchObject({ status: 200, body: after });
  });

  test('that of a user name, and of the name of a group', async () => {
    const userName = `Wrapped-${(number += 1)}@y.com`;
    const user = await tenant.scim(
      'PATCH',
      `/Users/${await create()}`,
      patchOp({ op: 'Replace', path: 'userName', value: wrapped(userName) }),
    );
    expect(user, user.text).toMatchObject({ status: 200, body: { userName } });
    const { body } = await tenant.scim('POST', '/Groups', groupBody(`Wrapped ${(number += 1)}`));
    const displayName = `Wrapped ${(number += 1)} EU`;
    await tenant.scim('PATCH', `/Groups/${body.id}`, patchOp({ op: 'Replace', path: 'displayName', value: wrapped(displayName) }));
    expect((await tenant.scim('GET', `/Groups/${body.id}`)).body.displayName).toBe(displayName);
    const made = await tenant.scim('POST', '/Groups', { schemas: [GROUP], displayName: wrapped(`${displayName} 2`) });
    expect(made, made.text).toMatchObject({ status: 201, body: { displayName: `${displayName} 2` } });
  });

  test('and no value where it is empty', async () => {
    const id = await create({ title: 'Boss' });
    const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'Replace', path: 'title', value: wrapped('') }));
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).not.toHaveProperty('title');
    const kept = await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'Replace', path: 'active', value: wrapped(null) }));
    expect(kept, kept.text).toMatchObject({ status: 200, body: { active: true } });
  });
});

test.each([
  [{ value: 'False', display: 'No' }],
  [{ $ref: null }],
  [{}],
  [[{ value: 'False' }, { value: 'False' }]],
  [{ value: { value: 'False' } }],
])('what holds more, or no value, is refused: %j', async (value) => {
  expectScimError(
    await tenant.scim('PATCH', `/Users/${await create()}`, patchOp({ op: 'Replace', path: 'active', value })),
    400,
    'invalidValue',
  );
});
