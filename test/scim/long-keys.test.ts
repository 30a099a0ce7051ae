/** Values that an index holds: how long they may be, whatever they are made of; and that a longer one is refused by its name. */
import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../schema/resources.js';
import { expectCursorPage, expectList, expectScimError, groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant();
});

/** Text that does not compress. */
const noise = (length: number): string => randomBytes(length).toString('base64url').slice(0, length);
const LONG = 5000;
const create = async (name: string, more: object = {}) => {
  const answer = await tenant.scim('POST', '/Users', userBody(name, more));
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};

describe('an e-mail address that is longer', () => {
  const refusal = expect.stringContaining('"emails.value" takes at most 512 characters');

  test.each([true, false])('is refused, primary or not: %s', async (primary) => {
    const emails = [
      { value: 'a@x.com', primary: !primary },
      { value: noise(LONG), primary },
    ];
    const answer = await tenant.scim('POST', '/Users', userBody('long@x.com', { emails }));
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toEqual(refusal);
    expect(expectList(await tenant.scim('GET', '/Users?filter=userName eq "long@x.com"'.replaceAll(' ', '%20')))).toEqual([]);
  });

  test('is refused in a PATCH, which without it deactivates', async () => {
    const { id } = await create('patched@x.com');
    const patch = (value: object) => tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', value }));
    for (const value of [{ active: false, emails: [{ value: noise(LONG) }] }, { 'emails[type eq "work"].value': noise(LONG) }]) {
      const refused = await patch(value);
      expectScimError(refused, 400, 'invalidValue');
      expect(refused.body.detail).toEqual(refusal);
    }
    expect((await patch({ active: false })).body.active).toBe(false);
  });

  test('is refused in a Bulk by itself: the others are done', async () => {
    const operation = (name: string, more: object = {}) => ({ method: 'POST', path: '/Users', bulkId: name, data: userBody(name, more) });
    const { body } = await tenant.scim('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [operation('one@x.com'), operation('two@x.com', { emails: [{ value: noise(LONG) }] }), operation('three@x.com')],
    });
    expect(body['Operations']).toMatchObject([
      { status: '201' },
      { status: '400', response: { scimType: 'invalidValue', detail: refusal } },
      { status: '201' },
    ]);
  });

  test('is refused in GraphQL', async () => {
    const { data } = await tenant.graphql(
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } userErrors { code field } } }',
      { input: { user: { userName: 'graph@x.com', emails: [{ value: noise(LONG) }] } } },
    );
    expect(data).toMatchObject({
      createUser: { user: null, userErrors: [{ code: 'INVALID_VALUE', field: expect.stringMatching(/emails.*value/) }] },
    });
  });
});

/** Of three bytes each, and no two alike that an index could pack. */
const dense = (): string =>
  Array.from({ length: limits.indexedStringLength }, () => String.fromCharCode(0x4e00 + Math.floor(Math.random() * 20_000))).join('');

test('the longest of each is kept, and found', async () => {
  const [userName, displayName, externalId, value] = [dense(), dense(), dense(), dense()];
  const { id } = await create(userName, { displayName, externalId, emails: [{ value, primary: true }] });
  for (const [name, text] of Object.entries({ userName, displayName, externalId, 'emails.value': value })) {
    const found = await tenant.scim('POST', '/Users/.search', { filter: `${name} eq "${text}"` });
    expect(expectList(found).map((user) => user.id)).toEqual([id]);
  }
  expect((await tenant.scim('POST', '/Groups', groupBody(displayName, [], { externalId }))).status).toBe(201);
});

test('what no index holds may be longer', async () => {
  const more = { title: noise(LONG), name: { familyName: noise(LONG) }, phoneNumbers: [{ value: noise(LONG), primary: true }] };
  const user = await create('titled@x.com', more);
  expect(user).toMatchObject(more);
  for (const sortBy of ['title', 'name.familyName', 'phoneNumbers']) {
    expectCursorPage(await tenant.scim('GET', `/Users?sortBy=${sortBy}&cursor=&count=1`));
  }
});
