/** Keys with a filter in them, as `emails[type eq "work"].value`, which mappings make of their targets: in POST and PUT as in a PATCH. */
import { beforeAll, describe, expect, test } from 'vitest';
import { CONDECO, ENTERPRISE, expectScimError, groupBody, patchOp, USER } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
let number = 0;

beforeAll(async () => {
  tenant = await newTenant();
});

type Body = Readonly<Record<string, unknown>>;

async function listsOf(id: string): Promise<Body> {
  const { schemas: _, id: _id, userName: _name, active: _active, meta: _meta, ...lists } = (await tenant.scim('GET', `/Users/${id}`)).body;
  return lists;
}

async function create(body: Body): Promise<{ id: string; userName: string }> {
  const userName = `filtered-${(number += 1)}@x.com`;
  const answer = await tenant.scim('POST', '/Users', { schemas: [USER], userName, ...body });
  expect(answer.status, answer.text).toBe(201);
  return { id: answer.body.id, userName };
}

const created = async (body: Body): Promise<Body> => listsOf((await create(body)).id);

async function replaced(body: Body): Promise<Body> {
  const { id, userName } = await create({ title: 'gone', emails: [{ value: 'gone@x.com' }] });
  const answer = await tenant.scim('PUT', `/Users/${id}`, { schemas: [USER], userName, ...body });
  expect(answer.status, answer.text).toBe(200);
  return listsOf(id);
}

async function patched(body: Body): Promise<Body> {
  const { id } = await create({});
  const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', value: body }));
  expect(answer.status, answer.text).toBe(200);
  return listsOf(id);
}

async function inBulk(body: Body): Promise<Body> {
  const { body: answer } = await tenant.scim('POST', '/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: [
      {
        method: 'POST',
        bulkId: 'a',
        path: '/Users',
        data: { schemas: [USER], userName: `filtered-${(number += 1)}@x.com`, ...body },
      },
    ],
  });
  const [{ status, location }] = answer['Operations'] as [{ status: string; location: string }];
  expect(status, JSON.stringify(answer)).toBe('201');
  return listsOf(location.split('/').at(-1)!);
}

const ways = { POST: created, PUT: replaced, PATCH: patched, Bulk: inBulk };

describe.each(Object.entries(ways))('in a %s', (_, sent) => {
  test.each<[string, Body, Body]>([
    [
      'elements are made with what the filter says',
      {
        'emails[type eq "work"].value': 'k@k',
        'addresses[type eq "work"].country': 'NL',
        'phoneNumbers[type eq "mobile"].value': 5,
        'roles[primary eq "True"].value': 'Admin',
      },
      {
        emails: [{ value: 'k@k', type: 'work', primary: false }],
        addresses: [{ country: 'NL', type: 'work', primary: false }],
        phoneNumbers: [{ value: '5', type: 'mobile', primary: false }],
        roles: [{ value: 'Admin', primary: true }],
      },
    ],
    [
      'several keys make one element',
      { 'addresses[type eq "work"].country': 'NL', 'addresses[type eq "work"].locality': 'Delft' },
      { addresses: [{ country: 'NL', locality: 'Delft', type: 'work', primary: false }] },
    ],
    [
      'in any spelling',
      { [`${USER}:EMAILS[Type EQ "work"].Value`]: 'k@k', 'address[type eq work].country': 'NL' },
      {
        emails: [{ value: 'k@k', type: 'work', primary: false }],
        addresses: [{ country: 'NL', type: 'work', primary: false }],
      },
    ],
    [
      'a whole element',
      { 'emails[type eq "work"]': { value: 'k@k', display: 'K' } },
      { emails: [{ value: 'k@k', display: 'K', type: 'work', primary: false }] },
    ],
    [
      'an element that the body has is changed, wherever the list stands',
      {
        'emails[type eq "work"].value': 'new@x.com',
        emails: [
          { value: 'old@x.com', type: 'work' },
          { value: 'h@x.com', type: 'home' },
        ],
      },
      {
        emails: [
          { value: 'new@x.com', type: 'work', primary: false },
          { value: 'h@x.com', type: 'home', primary: false },
        ],
      },
    ],
    [
      'what becomes primary takes that from the others',
      {
        emails: [
          { value: 'h@x.com', type: 'home', primary: true },
          { value: 'w@x.com', type: 'work' },
        ],
        'emails[type eq "work"].primary': 'True',
      },
      {
        emails: [
          { value: 'h@x.com', type: 'home', primary: false },
          { value: 'w@x.com', type: 'work', primary: true },
        ],
      },
    ],
    ['nothing is made of no value', { 'emails[type eq "work"].value': '', 'phoneNumbers[type eq "mobile"].value': null }, {}],
    [
      'a part of a value that is no list',
      { [`${ENTERPRISE}:manager[value eq "${'0'.repeat(8)}"].value`]: 'm' },
      { [ENTERPRISE]: { manager: { value: 'm', $ref: expect.any(String) } } },
    ],
    [
      "nothing comes of what names nobody's, or cannot be read",
      {
        'emails[type eq "work"].constructor': 'x',
        '__proto__[type eq "work"].value': 'x',
        'emails[__proto__ eq "work"].value': 'x',
        'emails[type eq "work': 'x',
        'groups[value eq "1"].value': 'x',
        [`emails[type eq "${'w'.repeat(5000)}"].value`]: 'x',
        'nickName[type eq "x"]': 'x',
        title: 'T',
      },
      { title: 'T' },
    ],
  ])('%s', async (_case, body, after) => expect(await sent(body)).toEqual(after));
});

test('a filter that does not say what a new element would be makes none in POST and PUT', async () => {
  for (const sent of [created, replaced]) {
    expect(await sent({ 'emails[type ne "home"].value': 'x@x.com', title: 'T' })).toEqual({ title: 'T' });
  }
});

test('a value that does not fit is refused with the name of its attribute, and nothing is made', async () => {
  const answer = await tenant.scim('POST', '/Users', { userName: 'unfit@x.com', 'emails[type eq "work"].primary': 'perhaps' });
  expectScimError(answer, 400, 'invalidValue');
  expect(answer.body.detail).toContain('"emails.primary"');
});

test('members are not named so', async () => {
  const { id } = await create({});
  const answer = await tenant.scim('POST', '/Groups', groupBody('Filtered', [], { [`members[value eq "${id}"].type`]: 'User' }));
  expect(answer.status, answer.text).toBe(201);
  expect(answer.body.members ?? []).toEqual([]);
});

test('one request compares a million times at most, as a PATCH', async () => {
  const emails = Array.from({ length: 500 }, (_, at) => ({ value: `e${at}@x.com` }));
  const keyOf = (key: number) => `emails[${Array.from({ length: 60 }, (_, at) => `value eq "q${key}-${at}"`).join(' or ')}].display`;
  const body = (keys: number) => ({ emails, ...Object.fromEntries(Array.from({ length: keys }, (_, at) => [keyOf(at), 'x'])) });
  await create(body(30));
  expectScimError(await tenant.scim('POST', '/Users', { userName: 'dear@x.com', ...body(34) }), 400, 'tooMany');
  const many = {
    userName: 'many@x.com',
    ...Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`ims[type eq "${at}"].value`, 'x'])),
  };
  expectScimError(await tenant.scim('POST', '/Users', many), 400, 'invalidValue');
});

test('so do the operations of one Bulk request, ten million times', async () => {
  const emails = Array.from({ length: 500 }, (_, at) => ({ value: `e${at}@x.com` }));
  const keys = Array.from(
    { length: 33 },
    (_, key) => `emails[${Array.from({ length: 60 }, (_one, at) => `value eq "q${key}-${at}"`).join(' or ')}].display`,
  );
  const data = { emails, ...Object.fromEntries(keys.map((key) => [key, 'x'])) };
  const { body } = await tenant.scim('POST', '/Bulk', {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
    Operations: Array.from({ length: 11 }, (_, at) => ({
      method: 'POST',
      bulkId: String(at),
      path: '/Users',
      data: { ...data, userName: `bulk-dear-${at}@x.com` },
    })),
  });
  const results = body['Operations'] as { status: string; response?: { scimType: string } }[];
  expect(results.map(({ status }) => status)).toEqual([...Array.from({ length: 10 }, () => '201'), '400']);
  expect(results.at(-1)!.response).toMatchObject({ scimType: 'tooMany' });
});

test('what a tenant has declared, the booking group, is no list and takes no filter', async () => {
  expect(await created({ [`${CONDECO}:floor[value eq "2"]`]: '3' })).toEqual({});
});
