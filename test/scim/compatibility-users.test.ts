/** What identity providers send about users, and what they must get: the spellings of Okta, Entra and others, one case each. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer, ScimBody } from '../support/http.js';
import {
  CONDECO,
  ENTERPRISE,
  expectList,
  expectScimError,
  filtered,
  type Operation,
  patchOp,
  SCIM_TYPE,
  USER,
  userBody,
} from '../support/scim.js';
import { newTenant, PUBLIC_URL, type Tenant } from '../support/world.js';

let tenant: Tenant;
let number = 0;

beforeAll(async () => {
  tenant = await newTenant();
});

async function create(body: object): Promise<ScimBody> {
  const answer = await tenant.scim('POST', '/Users', body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

/** A user with nothing but a name, and these attributes. */
const createUser = (over: object = {}) => create({ schemas: [USER], userName: `user-${(number += 1)}@example.com`, ...over });

async function read(id: string): Promise<ScimBody> {
  const answer = await tenant.scim('GET', `/Users/${id}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

const patch = (id: string, ...operations: Operation[]): Promise<Answer> => tenant.scim('PATCH', `/Users/${id}`, patchOp(...operations));

/** Applies the operations, which must work, and answers the user as it is read afterwards. */
async function patched(id: string, ...operations: Operation[]): Promise<ScimBody> {
  const answer = await patch(id, ...operations);
  expect([200, 204], answer.text).toContain(answer.status);
  return read(id);
}

const put = (id: string, body: object): Promise<Answer> => tenant.scim('PUT', `/Users/${id}`, body);

const find = async (filter: string) => expectList(await tenant.scim('GET', filtered('/Users', filter)));

const enterprise = (user: ScimBody) =>
  user[ENTERPRISE] as { department?: string; employeeNumber?: string; manager?: { value: string } } | undefined;

describe('creating a user', () => {
  const body = {
    schemas: [USER],
    userName: 'Ann.Lee@x.com',
    name: { givenName: 'Ann', familyName: 'Lee' },
    emails: [{ primary: true, value: 'ann.lee@x.com', type: 'work' }],
    displayName: 'Ann Lee',
    locale: 'en-US',
    externalId: '00u1',
    groups: [],
    password: '1mz050nq',
    active: true,
  };

  test('as Okta does: 201, Location, the name in the case it was given, no password', async () => {
    const answer = await tenant.scim('POST', '/Users', body);
    expect(answer.status, answer.text).toBe(201);
    expect(answer.headers['content-type']).toMatch(SCIM_TYPE);
    const location = `${PUBLIC_URL}/scim/api/V1/Users/${answer.body.id}`;
    expect(answer.headers.location).toBe(location);
    expect(answer.headers.etag).toBe('W/"1"');
    expect(answer.body).toMatchObject({
      schemas: expect.arrayContaining([USER]),
      userName: 'Ann.Lee@x.com',
      externalId: '00u1',
      active: true,
      meta: { resourceType: 'User', location, version: 'W/"1"' },
    });
    expect(answer.text).not.toMatch(/password|1mz050nq/i);
    expect(await read(answer.body.id)).toEqual(answer.body);
  });

  test('as application/json and without externalId', async () => {
    const { externalId, ...rest } = body;
    const answer = await tenant.scim('POST', '/Users', { ...rest, userName: 'bob@x.com' }, { 'content-type': 'application/json' });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.headers['content-type']).toMatch(SCIM_TYPE);
    expect(answer.body).not.toHaveProperty('externalId');
    expect(externalId).toBe('00u1');
  });

  test('a name taken in another case is a 409 that says so', async () => {
    await create(userBody('Carl@x.com'));
    const answer = await tenant.scim('POST', '/Users', userBody('CARL@X.COM', { emails: [{ value: 'other@x.com' }] }));
    expectScimError(answer, 409, 'uniqueness');
    expect(answer.body.detail).toMatch(/userName/);
    expect(await find('userName eq "carl@x.com"')).toHaveLength(1);
  });

  test('twenty at once: one 201, nineteen 409', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => tenant.scim('POST', '/Users', userBody('twenty@x.com'))));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 19 }, () => 409)]);
    expect(await find('userName eq "twenty@x.com"')).toHaveLength(1);
  });

  test('with nothing but a user name; active by default', async () => {
    expect(await create({ schemas: [USER], userName: 'm1@x.com' })).toMatchObject({ userName: 'm1@x.com', active: true });
  });

  test('without a user name it is refused', async () => {
    expectScimError(await tenant.scim('POST', '/Users', { schemas: [USER], displayName: 'Nobody' }), 400, 'invalidValue');
    expectScimError(await tenant.scim('POST', '/Users', { schemas: [USER], userName: '' }), 400, 'invalidValue');
    expectScimError(await tenant.scim('POST', '/Users', { schemas: [USER], userName: null }), 400, 'invalidValue');
  });

  test('as Entra does: booleans as text, nulls, unknown schemas, a manager nobody knows', async () => {
    const { id } = await createUser({
      schemas: [USER, ENTERPRISE, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User', 'urn:example:unknown'],
      active: 'True',
      externalId: '0a21f0f2',
      name: { formatted: 'A B', familyName: 'B', givenName: 'A' },
      roles: [{ primary: 'True', value: 'A', display: 'B', type: 'C' }],
      emails: [{ primary: 'true', value: 'a@b.c' }],
      addresses: null,
      title: null,
      profileUrl: 'https://example.com/a%20b',
      locale: 'qps-ploc',
      timezone: 'Nowhere/At_All',
      phoneNumbers: [{ type: 'work', value: '55555555555' }],
      meta: { resourceType: 'User' },
      [ENTERPRISE]: { manager: { value: 'no-such-id' }, department: null },
      'urn:example:unknown': { x: 1 },
    });
    const user = await read(id);
    expect(user).toMatchObject({
      active: true,
      roles: [{ primary: true, value: 'A', display: 'B', type: 'C' }],
      emails: [{ primary: true, value: 'a@b.c' }],
      profileUrl: 'https://example.com/a%20b',
      locale: 'qps-ploc',
      timezone: 'Nowhere/At_All',
      phoneNumbers: [{ type: 'work', value: '55555555555' }],
      [ENTERPRISE]: { manager: { value: 'no-such-id' } },
    });
    expect(user).not.toHaveProperty('addresses');
    expect(user).not.toHaveProperty('title');
    expect(user.schemas).toContain(ENTERPRISE);
  });

  test("Condeco's own extension and its two misspelt attributes", async () => {
    const { id } = await createUser({
      preferedLanguage: 'en',
      address: [{ type: 'work', country: 'GB', locality: 'London' }],
      [CONDECO]: { group: 'Default', floor: '3', businessCategory: 'IT' },
    });
    const user = await read(id);
    expect(user).toMatchObject({
      preferredLanguage: 'en',
      addresses: [{ type: 'work', country: 'GB', locality: 'London' }],
      [CONDECO]: { group: 'Default', floor: '3', businessCategory: 'IT' },
    });
    expect(user).not.toHaveProperty('preferedLanguage');
    expect(user).not.toHaveProperty('address');
    expect(user.schemas).toContain(CONDECO);
  });

  test('e-mail as an object instead of a list (OneLogin); an id of null', async () => {
    expect((await createUser({ id: null, active: 'true', emails: { value: 'one@x.com' } })).emails).toMatchObject([{ value: 'one@x.com' }]);
  });

  test('two primary e-mail addresses (PingOne) become one', async () => {
    const { emails } = await createUser({
      emails: [
        { value: 'a@x.com', type: 'work', primary: true },
        { value: 'b@x.com', type: 'home', primary: true },
      ],
    });
    expect(emails.map(({ value }) => value).toSorted()).toEqual(['a@x.com', 'b@x.com']);
    expect(emails.map(({ primary }) => primary)).toEqual([true, false]); // said of each: PingOne's later updates go astray otherwise
  });

  test('a wrong type is refused with the name of the attribute', async () => {
    const answer = await tenant.scim('POST', '/Users', userBody('wrong-type@x.com', { active: 'yes' }));
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toMatch(/active/);
    expectScimError(
      await tenant.scim('POST', '/Users', userBody('wrong-type@x.com', { displayName: { no: 'text' } })),
      400,
      'invalidValue',
    );
    expect(await find('userName eq "wrong-type@x.com"')).toEqual([]);
  });

  test('after a DELETE the name is free again, under a new id', async () => {
    const first = await create(userBody('again@x.com'));
    expect((await tenant.scim('DELETE', `/Users/${first.id}`)).status).toBe(204);
    const second = await create(userBody('again@x.com'));
    expect(second.id).not.toBe(first.id);
    expectScimError(await tenant.scim('GET', `/Users/${first.id}`), 404);
    expectScimError(await tenant.scim('DELETE', `/Users/${first.id}`), 404);
  });
});

describe('reading a user', () => {
  test('that the client has already is a 304', async () => {
    const { id, meta } = await createUser();
    const answer = await tenant.scim('GET', `/Users/${id}`, undefined, { 'if-none-match': meta.version });
    expect([answer.status, answer.text]).toEqual([304, '']);
    await patched(id, { op: 'replace', path: 'title', value: 'T' });
    expect((await tenant.scim('GET', `/Users/${id}`, undefined, { 'if-none-match': meta.version })).status).toBe(200);
  });

  test('with attributes chosen: id and schemas stay, the password never comes', async () => {
    const { id } = await createUser({ title: 'T', nickName: 'N', password: 'x' });
    const keys = async (query: string) => Object.keys((await tenant.scim('GET', `/Users/${id}?${query}`)).body).toSorted();
    expect(await keys('attributes=title')).toEqual(['id', 'schemas', 'title']);
    expect(await keys('attributes=TITLE,urn:ietf:params:scim:schemas:core:2.0:User:nickName')).toEqual([
      'id',
      'nickName',
      'schemas',
      'title',
    ]);
    expect(await keys('attributes=password,favouriteColour')).toEqual(['id', 'schemas']);
    expect(await keys('excludedAttributes=id,schemas,title')).toEqual(expect.arrayContaining(['id', 'nickName', 'schemas']));
    expect(await keys('excludedAttributes=id,schemas,title')).not.toContain('title');
  });
});

describe('replacing a user', () => {
  test('our own answer with one change is accepted, and only the change applies', async () => {
    const { id } = await createUser({
      title: 'Engineer',
      emails: [{ value: 'a@x.com', type: 'work', primary: true }],
      [ENTERPRISE]: { department: 'Sales' },
    });
    const before = await read(id);
    const answer = await put(id, {
      ...before,
      title: 'Director',
      foo: 'bar',
      groups: [],
      meta: { ...before.meta, created: '2001-01-01T00:00:00.123456Z' },
    });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toEqual({ ...before, title: 'Director', meta: answer.body.meta });
    expect(answer.body.meta).toMatchObject({ created: before.meta.created, location: before.meta.location, version: 'W/"2"' });
    expect(answer.headers.etag).toBe('W/"2"');
    expect(await read(id)).toEqual(answer.body);
  });

  test('deactivates (wizard app)', async () => {
    const { id } = await createUser({});
    expect((await put(id, { ...(await read(id)), active: false })).body).toMatchObject({ id, active: false });
    expect((await read(id)).active).toBe(false);
  });

  test('clears what is not said, but keeps active and externalId', async () => {
    const { id, userName } = await createUser({ externalId: 'ext-1', active: false, title: 'Engineer', nickName: 'Nick' });
    const answer = await put(id, { schemas: [USER], userName });
    expect(answer.body).toMatchObject({ externalId: 'ext-1', active: false });
    expect(answer.body).not.toHaveProperty('title');
    expect(answer.body).not.toHaveProperty('nickName');
  });

  test('empty values mean no value', async () => {
    const { id, userName } = await createUser({ title: 'Engineer', locale: 'en-US', phoneNumbers: [{ value: '1', type: 'work' }] });
    const answer = await put(id, { schemas: [USER], userName, title: '', locale: null, phoneNumbers: [], name: {}, emails: null });
    expect(answer.status, answer.text).toBe(200);
    for (const key of ['title', 'locale', 'phoneNumbers', 'name', 'emails']) expect(answer.body).not.toHaveProperty(key);
  });

  test('a foreign id in the body is ignored: the address counts', async () => {
    const { id, userName } = await createUser();
    expect((await put(id, { schemas: [USER], id: 'another', userName, displayName: 'D' })).body).toMatchObject({ id, displayName: 'D' });
  });

  test('a taken name is a 409 and changes nothing', async () => {
    const taken = await createUser();
    const user = await createUser({ title: 'Engineer' });
    expectScimError(await put(user.id, { schemas: [USER], userName: taken.userName.toUpperCase() }), 409, 'uniqueness');
    expect(await read(user.id)).toEqual(user);
  });

  test('an unknown id is a 404', async () => {
    expectScimError(await put('010101001010101011001010101011', userBody('nobody@x.com')), 404);
  });
});

describe('patching a user', () => {
  test('deactivation without a path (Okta) answers the user, who is still found', async () => {
    const { id, userName } = await createUser();
    const answer = await patch(id, { op: 'replace', value: { active: false } });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ id, userName, active: false });
    expect(await read(id)).toEqual(answer.body);
    expect(await find(`userName eq "${userName}"`)).toMatchObject([{ id, active: false }]);
  });

  test('booleans as text, operations in capitals (Entra)', async () => {
    const { id } = await createUser();
    expect((await patched(id, { op: 'Replace', path: 'active', value: 'False' })).active).toBe(false);
    expect((await patched(id, { op: 'Replace', path: 'active', value: 'True' })).active).toBe(true);
    expect((await patched(id, { op: 'Add', path: 'active', value: 'false' })).active).toBe(false);
  });

  test.each(['yes', 'perhaps', 1, '', [], { foo: false }].map((value) => ({ value })))(
    'active: $value is no boolean',
    async ({ value }) => {
      const { id } = await createUser();
      const answer = await patch(id, { op: 'replace', path: 'active', value });
      if (answer.status >= 300) expectScimError(answer, 400, 'invalidValue');
      expect((await read(id)).active).toBe(true); // nothing that cannot be read may deactivate anybody
    },
  );

  test('dotted and URN keys in a value without a path (Entra, compliant flag)', async () => {
    const { id } = await createUser();
    const user = await patched(id, {
      op: 'replace',
      value: { displayName: 'D', 'name.givenName': 'G', [`${ENTERPRISE}:employeeNumber`]: '7' },
    });
    expect(user).toMatchObject({ displayName: 'D', name: { givenName: 'G' }, [ENTERPRISE]: { employeeNumber: '7' } });
    expect(Object.keys(user).filter((key) => key.includes('name.'))).toEqual([]);
    expect(Object.keys(user)).not.toContain(`${ENTERPRISE}:employeeNumber`);
  });

  test('a value path that matches nothing makes the element', async () => {
    const { id } = await createUser();
    const user = await patched(
      id,
      { op: 'Add', path: 'emails[type eq "work"].value', value: 'a@b.c' },
      { op: 'Replace', path: 'phoneNumbers[type eq "mobile"].value', value: '1' },
      { op: 'Replace', path: 'phoneNumbers[type eq "mobile"].display', value: 'one' },
    );
    expect(user.emails).toMatchObject([{ type: 'work', value: 'a@b.c' }]);
    expect(user.phoneNumbers).toMatchObject([{ type: 'mobile', value: '1', display: 'one' }]);
    expect(user.phoneNumbers).toHaveLength(1);
  });

  test('a value path changes its element and no other', async () => {
    const { id } = await createUser({
      emails: [
        { type: 'work', value: 'w@x.com', primary: true },
        { type: 'home', value: 'h@x.com' },
      ],
    });
    const { emails } = await patched(id, { op: 'replace', path: 'emails[type eq "work"].value', value: 'new@x.com' });
    expect(emails).toMatchObject([
      { type: 'work', value: 'new@x.com', primary: true },
      { type: 'home', value: 'h@x.com' },
    ]);
  });

  test('primary compared with text and with a boolean', async () => {
    const { id } = await createUser();
    expect((await patched(id, { op: 'Add', path: 'roles[primary eq "True"].value', value: 'admin' })).roles).toMatchObject([
      { primary: true, value: 'admin' },
    ]);
    const user = await patched(
      id,
      { op: 'Replace', path: 'roles[primary eq "True"].value', value: 'owner' },
      { op: 'Replace', path: 'emails[primary eq true].value', value: 'p@x.com' },
    );
    expect(user.roles).toMatchObject([{ primary: true, value: 'owner' }]);
    expect(user.emails).toMatchObject([{ primary: true, value: 'p@x.com' }]);
  });

  test('a new primary takes over from the old one', async () => {
    const { id } = await createUser({ emails: [{ type: 'work', value: 'w@x.com', primary: true }] });
    const { emails } = await patched(id, { op: 'add', path: 'emails', value: [{ type: 'home', value: 'h@x.com', primary: true }] });
    expect(emails.filter(({ primary }) => primary)).toMatchObject([{ value: 'h@x.com' }]);
    expect(emails).toHaveLength(2);
  });

  test('an extension attribute by its path', async () => {
    const { id } = await createUser();
    const user = await patched(id, { op: 'Add', path: `${ENTERPRISE}:department`, value: 'Retail' });
    expect(enterprise(user)).toEqual({ department: 'Retail' });
    expect(user.schemas).toContain(ENTERPRISE);
    expect(await patched(id, { op: 'Remove', path: `${ENTERPRISE}:department` })).not.toHaveProperty([ENTERPRISE]);
  });

  test.each<{ shape: string; operation: Operation }>([
    { shape: 'bare text', operation: { op: 'Add', path: `${ENTERPRISE}:manager`, value: 'boss' } },
    { shape: 'an object', operation: { op: 'Add', path: `${ENTERPRISE}:manager`, value: { value: 'boss' } } },
    { shape: 'a list', operation: { op: 'Replace', path: `${ENTERPRISE}:manager`, value: [{ $ref: null, value: 'boss' }] } },
    { shape: 'its value', operation: { op: 'replace', path: `${ENTERPRISE}:manager.value`, value: 'boss' } },
    { shape: 'a key', operation: { op: 'replace', value: { [`${ENTERPRISE}:manager`]: 'boss' } } },
    { shape: 'an extension object', operation: { op: 'add', value: { [ENTERPRISE]: { manager: { value: 'boss' } } } } },
  ])('the manager as $shape', async ({ operation }) => {
    const { id } = await createUser();
    expect(enterprise(await patched(id, operation))?.manager).toMatchObject({ value: 'boss' });
  });

  test.each(['http://scim.example/scim/api/V1/Users/boss', '../Users/boss', '/users/boss'])(
    'the manager by the address alone, %s, and not where a value says there is none',
    async ($ref) => {
      const { id, userName } = await createUser({ [ENTERPRISE]: { manager: { $ref } } });
      const { body } = await tenant.scim('GET', `/Users/${id}`);
      expect(enterprise(body)?.manager).toMatchObject({ value: 'boss' });
      expect(
        enterprise(await patched(id, { op: 'replace', path: `${ENTERPRISE}:manager`, value: { $ref: $ref.replace('boss', 'other') } }))
          ?.manager,
      ).toMatchObject({ value: 'other' });
      expect(await patched(id, { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: '', $ref } })).not.toHaveProperty([
        ENTERPRISE,
      ]);
      const replaced = await tenant.scim('PUT', `/Users/${id}`, userBody(userName, { [ENTERPRISE]: { manager: { value: null, $ref } } }));
      expect(replaced.body).not.toHaveProperty([ENTERPRISE]);
    },
  );

  test.each(['http://scim.example/scim/api/V1/Groups/boss', 'http://scim.example/boss', 'Users/', ' ', 7, null])(
    'an address of no user, %j, names no manager',
    async ($ref) => {
      expect(await createUser({ [ENTERPRISE]: { manager: { $ref } } })).not.toHaveProperty([ENTERPRISE]);
    },
  );

  test.each<{ shape: string; operation: Operation }>([
    { shape: 'an empty value', operation: { op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: '' } } },
    { shape: 'empty text', operation: { op: 'replace', path: `${ENTERPRISE}:manager`, value: '' } },
    { shape: 'null', operation: { op: 'replace', path: `${ENTERPRISE}:manager`, value: null } },
    { shape: 'remove', operation: { op: 'remove', path: `${ENTERPRISE}:manager` } },
  ])('the manager is removed by $shape', async ({ operation }) => {
    const { id } = await createUser({ [ENTERPRISE]: { manager: { value: 'boss' }, department: 'Sales' } });
    expect(enterprise(await patched(id, operation))).toEqual({ department: 'Sales' });
  });

  test('part of the name keeps the rest', async () => {
    const { id } = await createUser({ name: { givenName: 'Ann', familyName: 'Lee' } });
    expect((await patched(id, { op: 'replace', path: 'name', value: { givenName: 'Anna' } })).name).toMatchObject({
      givenName: 'Anna',
      familyName: 'Lee',
    });
  });

  test('a rename is found under the new name only', async () => {
    const { id, userName } = await createUser();
    await patched(id, { op: 'replace', value: { userName: 'Renamed@x.com' } });
    expect(await find('userName eq "renamed@x.com"')).toMatchObject([{ id, userName: 'Renamed@x.com' }]);
    expect(await find(`userName eq "${userName}"`)).toEqual([]);
    await patched(id, { op: 'Replace', path: 'userName', value: 'renamed@X.com' });
    expect((await read(id)).userName).toBe('renamed@X.com');
  });

  test('a rename to a taken name is a 409, and what else the request says does not happen', async () => {
    const taken = await createUser();
    const user = await createUser();
    expectScimError(
      await patch(
        user.id,
        { op: 'replace', path: 'title', value: 'T' },
        { op: 'replace', value: { userName: taken.userName.toUpperCase() } },
      ),
      409,
      'uniqueness',
    );
    expect(await read(user.id)).toEqual(user);
  });

  test.each<{ value: unknown }>([{ value: '' }, { value: null }])('an empty value ($value) clears', async ({ value }) => {
    const { id } = await createUser({ title: 'T', locale: 'en-US' });
    const user = await patched(id, { op: 'replace', path: 'title', value }, { op: 'replace', value: { locale: value } });
    expect(user).not.toHaveProperty('title');
    expect(user).not.toHaveProperty('locale');
  });

  test('an empty list clears; removing what is not there succeeds', async () => {
    const { id } = await createUser({ phoneNumbers: [{ value: '1' }] });
    const user = await patched(
      id,
      { op: 'replace', path: 'phoneNumbers', value: [] },
      { op: 'remove', path: 'title' },
      { op: 'remove', path: 'emails[type eq "work"]' },
    );
    expect(user).not.toHaveProperty('phoneNumbers');
  });

  test('the user name cannot be removed', async () => {
    const user = await createUser();
    expectScimError(await patch(user.id, { op: 'remove', path: 'userName' }), 400, 'mutability'); // RFC 7644, 3.5.2.2
    for (const operation of [
      { op: 'replace', path: 'userName', value: '' },
      { op: 'replace', value: { userName: null } },
    ]) {
      expectScimError(await patch(user.id, operation), 400, 'invalidValue');
    }
    expect(await read(user.id)).toEqual(user);
  });

  test('an unknown attribute, the password and read-only attributes are ignored', async () => {
    const user = await createUser({ title: 'T' });
    const after = await patched(user.id, {
      op: 'replace',
      value: {
        password: 'x',
        favouriteColour: 'blue',
        id: user.id,
        meta: { version: '9' },
        groups: [{ value: 'x' }],
        'urn:example:unknown': { a: 1 },
      },
    });
    expect(after).toEqual(user);
  });

  test('an empty list of operations is no change', async () => {
    const user = await createUser();
    expect(await patched(user.id)).toEqual(user);
  });

  test('one wrong operation undoes the right ones before it', async () => {
    const user = await createUser();
    expectScimError(
      await patch(user.id, { op: 'replace', path: 'title', value: 'T' }, { op: 'replace', path: 'active', value: 'maybe' }),
      400,
      'invalidValue',
    );
    expect(await read(user.id)).toEqual(user);
  });

  test('an operation that is none is refused', async () => {
    const user = await createUser();
    expectScimError(await patch(user.id, { op: 'destroy', path: 'title' }), 400, 'invalidSyntax');
    expectScimError(await tenant.scim('PATCH', `/Users/${user.id}`, { Operations: 'none' }), 400, 'invalidSyntax');
    expect(await read(user.id)).toEqual(user);
  });

  test('a version that is not the current one is refused when asked for', async () => {
    const { id } = await createUser();
    const conditional = (version: string) =>
      tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'title', value: version }), { 'if-match': version });
    expect((await conditional('W/"1"')).status).toBe(200);
    expectScimError(await conditional('W/"1"'), 412);
    expect((await read(id))['title']).toBe('W/"1"');
  });
});

describe('numbers mapped to text keep every digit', () => {
  const LONG = ['12345678901234567890', '12345678901234567891'];
  const body = (userName: string, more = '') =>
    `{"schemas":["${USER}"],"userName":${userName},"externalId":${userName},"title":1.10,"nickName":-0,"emails":[{"value":1e3,"type":"work"}],"${ENTERPRISE}":{"costCenter":10.0${more}}}`;

  test('so two people are two, in POST, PUT and PATCH', async () => {
    const users = [];
    for (const userName of LONG) users.push(await tenant.scim('POST', '/Users', body(userName)));
    const kept = (userName: string) => ({
      userName,
      externalId: userName,
      title: '1.10',
      nickName: '-0',
      emails: [{ value: '1e3' }],
      [ENTERPRISE]: { costCenter: '10.0' },
    });
    expect(users.map(({ status }) => status)).toEqual([201, 201]);
    for (const [at, userName] of LONG.entries()) expect(users[at]!.body).toMatchObject(kept(userName));
    const path = `/Users/${users[0]!.body.id}`;
    expect((await tenant.scim('PUT', path, body(LONG[0]!, ',"division":9007199254740993'))).body[ENTERPRISE]).toEqual({
      costCenter: '10.0',
      division: '9007199254740993',
    });
    expect(
      (
        await tenant.scim(
          'PATCH',
          path,
          '{"Operations":[{"op":"replace","path":"title","value":10000000000000000001},{"op":"add","value":{"nickName":2.50}}]}',
        )
      ).body,
    ).toMatchObject({ title: '10000000000000000001', nickName: '2.50' });
    expect(expectList(await tenant.scim('GET', filtered('/Users', `userName eq "${LONG[1]}"`)))).toHaveLength(1);
  });

  test('in Bulk, too, where numbers that are meant as numbers still are', async () => {
    const answer = await tenant.scim(
      'POST',
      '/Bulk',
      `{"failOnErrors":5.0,"Operations":[{"method":"POST","path":"/Users","bulkId":"a","data":${body('22345678901234567890')}}]}`,
    );
    expect(answer.body['Operations']).toMatchObject([{ status: '201' }]);
    expect(
      expectList(await tenant.scim('POST', '/Users/.search', '{"filter":"userName eq \\"22345678901234567890\\"","count":1.0}')),
    ).toHaveLength(1);
  });
});
