/**
 * What PATCH does to the elements of lists: added once, removed in whatever case, gone when nothing but labels is left; at both doors, and
 * never for long.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { ENTERPRISE, expectScimError, type Operation, patchOp, USER } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
let number = 0;

beforeAll(async () => {
  tenant = await newTenant();
});

type Lists = Readonly<Record<string, unknown>>;

async function createUser(lists: Lists = {}): Promise<string> {
  const answer = await tenant.scim('POST', '/Users', { schemas: [USER], userName: `elements-${(number += 1)}@x.com`, ...lists });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

/** Applies the operations one request after the other's and answers the version and the lists. */
async function patched(id: string, ...operations: Operation[]): Promise<{ version: string; lists: Lists }> {
  const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp(...operations));
  expect(answer.status, answer.text).toBe(200);
  const { schemas: _, id: _id, userName: _name, active: _active, meta, ...lists } = (await tenant.scim('GET', `/Users/${id}`)).body;
  return { version: meta.version, lists };
}

const CHANGE =
  'mutation ($input: ChangeUserInput!) { changeUser(input: $input) { user { version emails { value display type primary } } userErrors { code message } } }';

/** The same as canonical changes, over GraphQL. */
async function changed(id: string, ...changes: Operation[]): Promise<Record<string, unknown>> {
  const { data, errors } = await tenant.graphql(CHANGE, {
    input: { id, changes: changes.map((change) => ({ ...change, op: change.op.toUpperCase() })) },
  });
  expect(errors).toBeUndefined();
  return data!['changeUser']!;
}

const add = (path: string, value: unknown): Operation => ({ op: 'add', path, value });
const work = { value: 'a@x.com', type: 'work', primary: true };
const home = { value: 'h@x.com', type: 'home', primary: false };
const admin = { value: 'Admin', display: 'Admin', type: 'W', primary: true };

describe('what is there is not added again', () => {
  test.each<[string, Lists, Operation, Lists]>([
    ['a role of Entra (AppRoleAssignmentsComplex)', {}, add('roles', [{ ...admin, primary: 'True' }]), { roles: [admin] }],
    ['an address without a path', {}, { op: 'add', value: { emails: [work] } }, { emails: [work] }],
    [
      'one of which less is said: it stays primary',
      { emails: [work] },
      add('emails', [{ value: 'a@x.com', type: 'work' }]),
      { emails: [work] },
    ],
    [
      'one that becomes primary, and another no longer is',
      { emails: [work, home] },
      add('emails', [{ ...home, primary: true }]),
      {
        emails: [
          { ...work, primary: false },
          { ...home, primary: true },
        ],
      },
    ],
    [
      'one that is no longer primary',
      { emails: [work] },
      add('emails', [{ ...work, primary: false }]),
      { emails: [{ ...work, primary: false }] },
    ],
    [
      'one of which more is said',
      { emails: [work] },
      add('emails', [{ value: 'a@x.com', type: 'work', display: 'A' }]),
      { emails: [{ ...work, display: 'A' }] },
    ],
    [
      'one in another case: as it was sent last',
      { emails: [work] },
      add('emails', [{ value: 'A@X.com', type: 'Work' }]),
      { emails: [{ value: 'A@X.com', type: 'Work', primary: true }] },
    ],
    [
      'of another type it is another',
      { emails: [work] },
      add('emails', [{ ...work, type: 'home' }]),
      {
        emails: [
          { ...work, primary: false },
          { ...work, type: 'home' },
        ],
      },
    ],
    ['one twice in a list', {}, add('emails', [{ value: 'a@x.com', type: 'work' }, work]), { emails: [work] }],
    [
      'the first of two primary ones',
      { emails: [home, work] },
      add('emails', [{ ...home, primary: true }, work]),
      {
        emails: [
          { ...home, primary: true },
          { ...work, primary: false },
        ],
      },
    ],
    [
      'a photo in another case is another',
      { photos: [{ value: 'https://x/A' }] },
      add('photos', [{ value: 'https://x/a' }]),
      {
        photos: [
          { value: 'https://x/A', primary: false },
          { value: 'https://x/a', primary: false },
        ],
      },
    ],
    [
      'a postal address, by all its parts',
      { addresses: [{ locality: 'London', type: 'work', primary: true }] },
      add('addresses', [{ locality: 'LONDON', type: 'work' }, { locality: 'Leeds' }]),
      {
        addresses: [
          { locality: 'LONDON', type: 'work', primary: true },
          { locality: 'Leeds', primary: false },
        ],
      },
    ],
    ['one that is made by its path', {}, add('emails[type eq "work" and primary eq true].value', 'a@x.com'), { emails: [work] }],
    [
      'one that its path does not find, and is there',
      { emails: [work] },
      { op: 'replace', path: 'emails[type eq "work" and primary eq false].value', value: 'a@x.com' },
      { emails: [{ ...work, primary: false }] },
    ],
  ])('%s', async (_, before, operation, after) => {
    const id = await createUser(before);
    const once = await patched(id, operation);
    expect(once.lists).toEqual(after);
    expect(await patched(id, operation)).toEqual(once);
  });

  test('nor by GraphQL, nor in a Bulk request', async () => {
    const id = await createUser({ emails: [work] });
    expect(await changed(id, add('emails', [{ value: 'A@x.com', type: 'work' }]))).toEqual({
      user: { version: 2, emails: [{ ...work, value: 'A@x.com', display: null }] },
      userErrors: [],
    });
    const { body } = await tenant.scim('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [
        { method: 'PATCH', path: `/Users/${id}`, data: patchOp(add('emails', [{ value: 'A@x.com', type: 'work', primary: true }])) },
      ],
    });
    expect(body['Operations']).toMatchObject([{ status: '200', version: 'W/"2"' }]);
  });

  test('an address that a list names twice is there once, primary if either is', async () => {
    const id = await createUser({ emails: [{ value: 'a@x.com', type: 'work' }, home, work] });
    expect((await patched(id, { op: 'remove', path: 'title' })).lists).toEqual({ emails: [work, home] });
  });
});

describe('removal by value compares as filters do', () => {
  test.each<[string, Lists, Operation, Lists]>([
    [
      'an address in another case',
      { emails: [{ value: 'A@x', primary: false }, home] },
      { op: 'remove', path: 'emails', value: [{ value: 'a@X' }] },
      { emails: [home] },
    ],
    ['a role, which is a right revoked', { roles: [admin] }, { op: 'remove', path: 'roles', value: [{ value: 'ADMIN', type: 'w' }] }, {}],
    ['an entitlement as text', { entitlements: [{ value: 'Desk' }] }, { op: 'remove', path: 'entitlements', value: ['DESK'] }, {}],
    [
      'of this type only',
      { emails: [work, { ...work, type: 'home', primary: false }] },
      { op: 'remove', path: 'emails', value: [{ value: 'a@x.com', type: 'WORK' }] },
      { emails: [{ ...work, type: 'home', primary: false }] },
    ],
    [
      'of any type',
      { emails: [work, { ...work, type: 'home', primary: false }, home] },
      { op: 'remove', path: 'emails', value: [{ value: 'A@x.com' }] },
      { emails: [home] },
    ],
    [
      'a part of an address',
      {
        addresses: [
          { locality: 'London', country: 'GB', primary: false },
          { locality: 'Leeds', primary: false },
        ],
      },
      { op: 'remove', path: 'addresses', value: [{ locality: 'LONDON' }] },
      { addresses: [{ locality: 'Leeds', primary: false }] },
    ],
    [
      'all of a type',
      { emails: [work, { ...home, type: 'work' }, home] },
      { op: 'remove', path: 'emails', value: [{ type: 'WORK' }] },
      { emails: [home] },
    ],
    ['the primary one', { emails: [work, home] }, { op: 'remove', path: 'emails', value: { primary: 'True' } }, { emails: [home] }],
    [
      'none where a template is not filled in',
      { emails: [work, home] },
      { op: 'remove', path: 'emails', value: [{ type: 'work', value: '' }] },
      { emails: [work, home] },
    ],
    ['all where null is named', { emails: [work, home] }, { op: 'remove', path: 'emails', value: null }, {}],
    [
      'a photo only in its case',
      { photos: [{ value: 'https://x/A', primary: false }] },
      { op: 'remove', path: 'photos', value: [{ value: 'https://x/a' }] },
      { photos: [{ value: 'https://x/A', primary: false }] },
    ],
  ])('%s', async (_, before, operation, after) => {
    expect((await patched(await createUser(before), operation)).lists).toEqual(after);
  });
});

describe('an element of which only labels are left goes', () => {
  test.each<[string, Lists, Operation[], Lists]>([
    [
      'its value replaced by nothing',
      { emails: [work, home] },
      [{ op: 'replace', path: 'emails[type eq "work"].value', value: '' }],
      { emails: [home] },
    ],
    ['its value removed', { emails: [work] }, [{ op: 'remove', path: 'emails[type eq "work"].value' }], {}],
    ['all values removed', { emails: [work, home] }, [{ op: 'remove', path: 'emails.value' }], {}],
    [
      'the last part of an address',
      { addresses: [{ locality: 'London', type: 'work', primary: true }] },
      [{ op: 'remove', path: 'addresses[type eq "work"].locality' }],
      {},
    ],
    [
      'not one of the parts',
      { addresses: [{ locality: 'London', country: 'GB', type: 'work', primary: true }] },
      [{ op: 'remove', path: 'addresses[type eq "work"].locality' }],
      { addresses: [{ country: 'GB', type: 'work', primary: true }] },
    ],
    [
      'made of labels, it takes primary from nobody',
      { emails: [{ ...home, primary: true }] },
      [add('emails[type eq "work"].primary', 'True'), add('emails[type eq "work"].display', 'Work')],
      { emails: [{ ...home, primary: true }] },
    ],
    [
      'emptied and then primary, it takes that from nobody',
      {
        emails: [
          { ...home, primary: true },
          { ...work, primary: false },
        ],
      },
      [
        { op: 'replace', path: 'emails[type eq "work"].value', value: '' },
        { op: 'replace', path: 'emails[type eq "work"].primary', value: true },
      ],
      { emails: [{ ...home, primary: true }] },
    ],
    [
      'not while the same PATCH goes on: Entra says what it is, then the value',
      { emails: [{ ...home, primary: true }] },
      [
        add('emails[type eq "work"].type', 'work'),
        add('emails[type eq "work"].primary', 'True'),
        add('emails[type eq "work"].value', 'a@x.com'),
      ],
      { emails: [home, work] },
    ],
    [
      'nor where it is emptied and filled again',
      { emails: [work] },
      [{ op: 'remove', path: 'emails[type eq "work"].value' }, add('emails[type eq "work"].value', 'b@x.com')],
      { emails: [{ ...work, value: 'b@x.com' }] },
    ],
  ])('%s', async (_, before, operations, after) => {
    const id = await createUser(before);
    const once = await patched(id, ...operations);
    expect(once.lists).toEqual(after);
  });

  test('and never comes to be by GraphQL', async () => {
    const { data } = await tenant.graphql(
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id emails { value } addresses { type } } userErrors { code } } }',
      {
        input: {
          user: {
            userName: 'labels@x.com',
            emails: [{ type: 'work', primary: true }, { value: 'a@x.com' }],
            addresses: [{ type: 'work' }],
          },
        },
      },
    );
    const { user } = data!['createUser'] as { user: { id: string } };
    expect(user).toMatchObject({ emails: [{ value: 'a@x.com' }], addresses: null });
    expect(
      await changed(user.id, add('emails', [{ type: 'other', primary: true }]), {
        op: 'replace',
        path: 'emails[value pr].value',
        value: null,
      }),
    ).toMatchObject({ user: { emails: null } });
  });
});

describe('one request compares a million times at most', () => {
  const many = Array.from({ length: 500 }, (_, at) => ({ value: `e${at}@x.com` }));
  /** None of the terms holds, so that all are looked at. */
  const search = (terms: number, term: (at: number) => string): Operation => ({
    op: 'remove',
    path: `emails[${Array.from({ length: terms }, (_, at) => term(at)).join(' or ')}]`,
  });
  const times = (count: number, operation: Operation) => Array.from({ length: count }, () => operation);
  const wide = search(60, (at) => `value eq "q${at}"`);

  test('30 operations of 60 terms about 500 values are done; 34 are refused with what to change, and nothing of them is done', async () => {
    const id = await createUser({ emails: many });
    const { version } = await patched(id, ...times(30, wide));
    const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'title', value: 'T' }, ...times(34, wide)));
    expectScimError(answer, 400, 'tooMany');
    expect(answer.body.detail).toMatch(
      /^Operation 35 \(path .*1000000 times; send fewer operations at once, or filters with fewer terms\.$/,
    );
    expect((await patched(id, { op: 'remove', path: 'title' })).version).toBe(version);
  });

  test('long texts that are searched count for more', async () => {
    const id = await createUser({ emails: Array.from({ length: 30 }, (_, at) => ({ value: `${at}@x.com`, display: 'a'.repeat(8000) })) });
    const hard = search(1, () => `display co "${'a'.repeat(2000)}b${'a'.repeat(2000)}"`);
    expectScimError(await tenant.scim('PATCH', `/Users/${id}`, patchOp(hard)), 400, 'tooMany');
    await patched(
      id,
      search(60, (at) => `display co "q${at}"`),
    );
  });

  test.each<[string, Operation[]]>([
    ['adding again and again', Array.from({ length: 999 }, (_, at) => add('emails', [{ value: `n${at}` }, { value: `m${at}` }]))],
    [
      'what every value gets',
      [
        ...Array.from({ length: 10 }, (_, list) =>
          add(
            'emails',
            many.map(({ value }) => ({ value: `${list}${value}` })),
          ),
        ),
        ...times(300, { op: 'replace', path: 'emails.type', value: 'work' }),
      ],
    ],
  ])('so does %s to lists that have grown', async (_, operations) => {
    const id = await createUser({ emails: many });
    expectScimError(await tenant.scim('PATCH', `/Users/${id}`, patchOp(...operations)), 400, 'tooMany');
  });

  test('each operation of a Bulk by itself, and all of them ten million times', async () => {
    const id = await createUser({ emails: many });
    const patch = (count: number) => ({ method: 'PATCH', path: `/Users/${id}`, data: patchOp(...times(count, wide)) });
    const { body } = await tenant.scim('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [patch(33), patch(34), ...Array.from({ length: 9 }, () => patch(33)), patch(1)],
    });
    const results = body['Operations'] as { status: string; response?: { scimType: string; detail: string } }[];
    expect(results.map(({ status }) => status)).toEqual(['200', '400', ...Array.from({ length: 8 }, () => '200'), '400', '400']);
    expect(results[1]!.response).toMatchObject({ scimType: 'tooMany', detail: expect.stringContaining(' 1000000 times') });
    expect(results[10]!.response).toMatchObject({ scimType: 'tooMany', detail: expect.stringContaining(' 10000000 times') });
  });

  test('GraphQL the same', async () => {
    const id = await createUser({ emails: many });
    expect(await changed(id, ...times(34, wide))).toMatchObject({ user: null, userErrors: [{ code: 'TOO_MANY' }] });
  });
});

test('of an extension as a whole, what nobody has declared is refused, and of two spellings the later counts', async () => {
  const id = await createUser();
  const change = { op: 'add', path: ENTERPRISE, value: { DEPARTMENT: 'A', department: 'B' } };
  expect(await changed(id, { ...change, value: { ...change.value, colour: 'red' } })).toMatchObject({
    user: null,
    userErrors: [{ code: 'INVALID_VALUE' }],
  });
  expect(await changed(id, change)).toMatchObject({ user: { version: 2 } });
  expect((await patched(id, { op: 'remove', path: 'title' })).lists[ENTERPRISE]).toEqual({ department: 'B' });
});

test.each<[string, string, object, Lists]>([
  [
    'that says another type than its path',
    'addresses[type eq "work"]',
    { type: 'other', locality: '' },
    { addresses: [{ country: 'GB', type: 'other', primary: true }] },
  ],
  [
    'that its path does not find any more',
    'addresses[not (type eq "home")]',
    { type: 'home', country: null, primary: 'False' },
    { addresses: [{ locality: 'London', type: 'home', primary: false }] },
  ],
])('what an element is to lose, and what it is to become, is one change: of one %s', async (_, path, value, after) => {
  const id = await createUser({ addresses: [{ locality: 'London', country: 'GB', type: 'work', primary: true }] });
  expect((await patched(id, { op: 'replace', path, value })).lists).toEqual(after);
});

test.each(['replace', 'Add'])("%s of a list under names that are nobody's takes nothing away", async (op) => {
  const id = await createUser({ emails: [work, home] });
  for (const value of [[{ address: 'new@x.com' }], { emails: [{ value: 'new@x.com' }] }]) {
    expect((await patched(id, { op, path: 'emails', value })).lists).toEqual({ emails: [work, home] });
  }
});
