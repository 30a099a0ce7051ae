/**
 * Writing through GraphQL as tools want it: just what changes, leavers in one word, many at once; with versions, keys and rehearsals
 * everywhere.
 */
import { isInputObjectType, isObjectType } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildIdentitySchema } from '../../services/identity/api/schema.js';
import { ENTERPRISE, groupBody, memberIds, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const BADGES = 'urn:acme:params:scim:schemas:extension:badges:2.0:User';

interface Payload {
  readonly userErrors: readonly { code: string; field: string | null; message: string }[];
  readonly [field: string]: unknown;
}

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant();
  await tenant.graphql('mutation ($input: DeclareExtensionInput!) { declareExtension(input: $input) { userErrors { message } } }', {
    input: {
      resource: 'USER',
      schema: {
        id: BADGES,
        name: 'Badges',
        attributes: [{ name: 'level', type: 'integer' }, { name: 'door' }, { name: 'badge', mutability: 'immutable' }],
      },
    },
  });
});

/** One mutation with its input; answers its payload, of which `select` is asked. */
async function mutate(name: string, input: object, select: string): Promise<Payload> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const { data, errors } = await tenant.graphql(
    `mutation ($input: ${type}!) { payload: ${name}(input: $input) { ${select} userErrors { code field message } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data!['payload'] as unknown as Payload;
}

let count = 0;
async function createUser(more: object = {}): Promise<string> {
  const { body } = await tenant.scim(
    'POST',
    '/Users',
    userBody(`writing-${(count += 1)}@x.com`, {
      title: 'Engineer',
      nickName: 'Nick',
      name: { givenName: 'Ann', familyName: 'Lee' },
      emails: [
        { value: 'a@x.com', type: 'work', primary: true },
        { value: 'b@x.com', type: 'home' },
      ],
      [ENTERPRISE]: { department: 'Sales', costCenter: '7' },
      [BADGES]: { level: 3, door: 'north' },
      ...more,
    }),
  );
  return body.id;
}

const documentOf = async (id: string) => (await tenant.scim('GET', `/Users/${id}`)).body as unknown as Record<string, unknown>;

describe('updateUser', () => {
  const update = (id: string, user: object, more: object = {}) =>
    mutate('updateUser', { id, user, ...more }, 'user { id version title attributes }');

  test('changes what is given; the rest stays; null clears', async () => {
    const id = await createUser();
    const { user, userErrors } = await update(id, {
      title: 'Director',
      nickName: null,
      name: { givenName: 'Anna' },
      emails: [{ value: 'c@x.com', type: 'work' }],
      enterprise: { department: null, division: 'EMEA' },
      extensions: { [BADGES.toUpperCase()]: { LEVEL: 4 } },
    });
    expect(userErrors).toEqual([]);
    expect(user).toMatchObject({ version: 2, title: 'Director' });
    const document = await documentOf(id);
    expect(document).toMatchObject({
      title: 'Director',
      name: { givenName: 'Anna', familyName: 'Lee' },
      emails: [{ value: 'c@x.com', type: 'work', primary: false }],
      [ENTERPRISE]: { costCenter: '7', division: 'EMEA' },
      [BADGES]: { level: 4, door: 'north' },
      active: true,
    });
    expect(document).not.toHaveProperty('nickName');
    expect(document[ENTERPRISE]).not.toHaveProperty('department');
  });

  test('what changes nothing moves no version', async () => {
    const id = await createUser();
    for (const user of [
      {},
      { title: 'Engineer' },
      { name: { familyName: 'Lee' } },
      { enterprise: {} },
      { profileUrl: null },
      { active: true },
      { extensions: { [BADGES]: { level: 3 } } },
    ]) {
      expect((await update(id, user))['user'], JSON.stringify(user)).toMatchObject({ version: 1 });
    }
  });

  test('a whole extension, list or complex value is cleared by null', async () => {
    const id = await createUser();
    expect((await update(id, { enterprise: null, emails: null, name: null, extensions: { [BADGES]: null } }))['user']).toMatchObject({
      version: 2,
    });
    for (const gone of [ENTERPRISE, BADGES, 'emails', 'name']) expect(await documentOf(id)).not.toHaveProperty([gone]);
  });

  test.each([
    ['INVALID_VALUE', 'active', { active: null }],
    ['INVALID_VALUE', 'userName', { userName: null }],
    ['INVALID_VALUE', 'userName', { userName: ' ' }],
    ['INVALID_VALUE', `${BADGES}:level`, { extensions: { [BADGES]: { level: 'high' } } }],
    ['INVALID_VALUE', 'title', { title: 'x'.repeat(9000) }],
  ])('%s of %s is told by its field, and nothing is done', async (code, field, user) => {
    const id = await createUser();
    expect(await update(id, { nickName: 'Changed', ...user })).toMatchObject({ user: null, userErrors: [{ code, field }] });
    expect(await documentOf(id)).toMatchObject({ nickName: 'Nick', meta: { version: 'W/"1"' } });
  });

  test('an extension that the tenant has not declared, or an attribute that it does not have, is no slip that goes unnoticed', async () => {
    const id = await createUser();
    for (const extensions of [
      { 'urn:acme:badgers': { level: 1 } },
      { [BADGES]: { levle: 1 } },
      { [ENTERPRISE]: { department: 'Its own field is there for it' } },
    ]) {
      expect(await update(id, { title: 'Lost', extensions })).toMatchObject({ user: null, userErrors: [{ code: 'INVALID_VALUE' }] });
      expect(await mutate('createUser', { user: { userName: 'lost', extensions } }, 'user { id }')).toMatchObject({
        user: null,
        userErrors: [{ code: 'INVALID_VALUE' }],
      });
      expect(
        await mutate('createUsers', { users: [{ userName: 'lost', extensions }] }, 'results { id userErrors { code } }'),
      ).toMatchObject({ results: [{ id: null, userErrors: [{ code: 'INVALID_VALUE' }] }] });
    }
    expect(await documentOf(id)).toMatchObject({ title: 'Engineer', meta: { version: 'W/"1"' } });
  });

  test('a taken user name, what is set once, a stranger, another version', async () => {
    const [id, other] = [await createUser({ [BADGES]: { badge: 'first' } }), await createUser()];
    const { userName } = await documentOf(other);
    expect(await update(id, { userName: String(userName).toUpperCase() })).toMatchObject({
      user: null,
      userErrors: [{ code: 'UNIQUENESS', field: 'userName' }],
    });
    expect(await update(id, { extensions: { [BADGES]: { badge: 'second' } } })).toMatchObject({
      user: null,
      userErrors: [{ code: 'MUTABILITY' }],
    });
    expect(await update('01890a5d-ac96-774b-bcce-b302099a8057', { title: 'x' })).toMatchObject({
      user: null,
      userErrors: [{ code: 'NOT_FOUND' }],
    });
    expect(await update(id, { title: 'x' }, { ifVersion: 7 })).toMatchObject({ user: null, userErrors: [{ code: 'VERSION_MISMATCH' }] });
    expect(await update(id, { title: 'x' }, { ifVersion: 1 })).toMatchObject({ user: { version: 2 } });
  });
});

describe('changeUser', () => {
  test.each([
    ['an attribute of an extension', { op: 'REPLACE', path: ENTERPRISE, value: { departmnt: 'x' } }, 'departmnt'],
    ['one of a declared extension', { op: 'ADD', path: BADGES, value: { level: 4, flor: 1 } }, 'flor'],
    ['a part of a complex value', { op: 'REPLACE', path: 'name', value: { givenNme: 'Ann' } }, 'givenNme'],
    ['a part of an element', { op: 'REPLACE', path: 'emails[type eq "work"]', value: { vaule: 'c@x.com' } }, 'vaule'],
  ])('refuses a slip in the name of %s', async (_, change, slip) => {
    const id = await createUser();
    const { user, userErrors } = await mutate('changeUser', { id, changes: [change] }, 'user { version }');
    expect([user, userErrors]).toEqual([
      null,
      [{ code: 'INVALID_VALUE', field: change.path, message: expect.stringContaining(`"${slip}"`) }],
    ]);
  });
});

describe('leavers', () => {
  test('are deactivated and come back, each once', async () => {
    const id = await createUser();
    const say = (name: string, more: object = {}) => mutate(name, { id, ...more }, 'user { active version }');
    expect((await say('deactivateUser', { ifVersion: 1 }))['user']).toEqual({ active: false, version: 2 });
    expect((await say('deactivateUser'))['user']).toEqual({ active: false, version: 2 });
    expect((await say('reactivateUser', { ifVersion: 1 })).userErrors).toMatchObject([{ code: 'VERSION_MISMATCH' }]);
    expect((await say('reactivateUser'))['user']).toEqual({ active: true, version: 3 });
    expect(await documentOf(id)).toMatchObject({ active: true, title: 'Engineer' });
  });
});

describe('updateGroup', () => {
  test('changes the name alone, or the members as a whole', async () => {
    const [ann, ben] = [await createUser(), await createUser()];
    const {
      body: { id },
    } = await tenant.scim('POST', '/Groups', groupBody('Update me', [ann]));
    const update = async (group: object) =>
      (await mutate('updateGroup', { id, group }, 'group { version displayName members { nodes { id } } }'))['group'];
    expect(await update({ displayName: 'Updated' })).toEqual({ version: 2, displayName: 'Updated', members: { nodes: [{ id: ann }] } });
    expect(await update({ displayName: 'Updated', members: [{ value: ben }] })).toMatchObject({
      version: 3,
      members: { nodes: [{ id: ben }] },
    });
    expect(await update({ displayName: 'Updated', members: [{ value: ben }] })).toMatchObject({ version: 3 });
    expect(await update({ members: null })).toMatchObject({ version: 4, members: { nodes: [] } });
  });
});

describe('createUsers', () => {
  const create = (users: object[], more: object = {}) =>
    mutate(
      'createUsers',
      { users, ...more },
      'replayed changes { kind } results { place id user { userName version } userErrors { code field } }',
    );

  test('makes all who can be made, and says of the others why not', async () => {
    const { results } = await create([
      { userName: 'many-0' },
      { userName: 'MANY-0' },
      { title: 'Nobody' },
      { userName: 'many-3', emails: [{ value: 'm@x.com' }] },
    ]);
    expect(results).toEqual([
      { place: 0, id: expect.any(String), user: { userName: 'many-0', version: 1 }, userErrors: [] },
      { place: 1, id: null, user: null, userErrors: [{ code: 'UNIQUENESS', field: 'userName' }] },
      { place: 2, id: null, user: null, userErrors: [{ code: 'INVALID_VALUE', field: 'userName' }] },
      { place: 3, id: expect.any(String), user: { userName: 'many-3', version: 1 }, userErrors: [] },
    ]);
  });

  test('takes a thousand, no more; once under a key; and can be tried', async () => {
    const users = Array.from({ length: 1000 }, (_, at) => ({ userName: `thousand-${at}` }));
    const total = async () =>
      (await tenant.graphql('{ users(filter: "userName sw \\"thousand-\\"") { totalCount } }')).data!['users']!['totalCount'];
    const tried = await create(users, { dryRun: true });
    expect(tried['changes']).toHaveLength(1000);
    expect(await total()).toBe(0);
    const key = { idempotencyKey: 'a-thousand' };
    const [first, again] = [await create(users, key), await create(users, key)];
    expect([first['replayed'], again['replayed']]).toEqual([false, true]);
    expect(again['results']).toEqual(first['results']);
    expect(await total()).toBe(1000);
    const TOO_MANY = { code: 'TOO_MANY', field: 'users', message: 'One request takes at most 1000 users; 1001 were sent.' };
    expect(
      await tenant.graphql(
        'mutation ($input: CreateUsersInput!) { createUsers(input: $input) { results { id } userErrors { code field message } } }',
        { input: { users: [...users, { userName: 'one more' }] } },
      ),
    ).toMatchObject({ status: 200, data: { createUsers: { results: null, userErrors: [TOO_MANY] } } });
    const operations = users.map(() => ({ method: 'DELETE', type: 'USER', id: 'a' }));
    expect(
      (
        await tenant.graphql('mutation ($input: BulkInput!) { bulk(input: $input) { results { id } userErrors { code field message } } }', {
          input: { operations: [...operations, operations[0]] },
        })
      ).data,
    ).toEqual({
      bulk: {
        results: null,
        userErrors: [{ code: 'TOO_MANY', field: 'operations', message: 'One request takes at most 1000 operations; 1001 were sent.' }],
      },
    });
  });
});

describe('every mutation of users and groups', () => {
  const schema = buildIdentitySchema();
  const touching = Object.values(schema.getMutationType()!.getFields()).filter(({ name }) => /user|group|bulk/i.test(name));

  test.each(touching)('$name can be rehearsed, done once, and says what is wrong', ({ name, args, type }) => {
    const input = schema.getType(args[0]!.type.toString().replace('!', ''));
    const fields = isInputObjectType(input) ? Object.keys(input.getFields()) : [];
    expect(fields).toEqual(expect.arrayContaining(['idempotencyKey', 'dryRun']));
    if (!/^create|^bulk/.test(name)) expect(fields).toContain('ifVersion');
    const payload = schema.getType(type.toString().replace('!', ''));
    expect(isObjectType(payload) ? Object.keys(payload.getFields()) : []).toEqual(
      expect.arrayContaining(['userErrors', 'replayed', 'changes']),
    );
  });
});

test('a hundred thousand members are one input', async () => {
  const {
    body: { id },
  } = await tenant.scim('POST', '/Groups', groupBody('Large'));
  const ann = await createUser();
  const strangers = Array.from({ length: 99_999 }, (_, at) => `01890a5d-ac96-774b-bcce-${String(at).padStart(12, '0')}`);
  const send = (memberIds: string[]) =>
    tenant.graphql(
      'mutation ($input: GroupMembersInput!) { removeGroupMembers(input: $input) { group { version } userErrors { code } } }',
      { input: { groupId: id, memberIds } },
    );
  expect(await send([ann, ...strangers])).toMatchObject({ data: { removeGroupMembers: { group: { version: 1 }, userErrors: [] } } });
  expect(JSON.stringify(await send([ann, ann.replace('0', '1'), ...strangers]))).toMatch(/"code":"(TOO_MANY|TOO_COMPLEX)"/);
  expect(memberIds((await tenant.scim('GET', `/Groups/${id}`)).body)).toEqual([]);
});
