/** A leaver stays out: nothing but an explicit `active: true` brings somebody back, whatever else a client sends. */
import { beforeAll, describe, expect, test } from 'vitest';
import { patchOp, USER, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant();
});

let users = 0;
async function leaver(): Promise<string> {
  const {
    body: { id },
  } = await tenant.scim('POST', '/Users', userBody(`leaver-${(users += 1)}@x.com`, { externalId: `leaver-${users}` }));
  const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', value: { active: false } }));
  expect(answer.body.active).toBe(false);
  return id;
}

const isActive = async (id: string): Promise<boolean> => (await tenant.scim('GET', `/Users/${id}`)).body.active;

describe('no PATCH without a value for active', () => {
  test.each([
    [{ op: 'remove', path: 'active' }],
    [{ op: 'Remove', path: 'active', value: 'False' }],
    [{ op: 'replace', path: 'active', value: null }],
    [{ op: 'replace', path: 'active', value: '' }],
    [{ op: 'add', path: 'active', value: [] }],
    [{ op: 'replace', value: { active: null, title: 'Gone' } }],
    [{ op: 'replace', value: { active: '', title: 'Gone' } }],
    [{ op: 'replace', path: 'active', value: 'yes' }],
    [{ op: 'replace', path: 'active', value: 1 }],
    [{ op: 'replace', path: 'active' }],
    [{ op: 'replace', path: 'title', value: 'Gone' }],
  ])('%j', async (operation) => {
    const id = await leaver();
    const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp(operation));
    expect([200, 400]).toContain(answer.status);
    expect(await isActive(id)).toBe(false);
  });
});

describe('no PUT without a value for active', () => {
  test.each([[{}], [{ active: null }], [{ active: '' }], [{ active: [] }]])('%j', async (over) => {
    const id = await leaver();
    const answer = await tenant.scim('PUT', `/Users/${id}`, { schemas: [USER], userName: `put-${id}@x.com`, ...over });
    expect(answer.status).toBe(200);
    expect(await isActive(id)).toBe(false);
  });
});

describe('an echo of the old value in our own spelling does not keep anybody in, in whatever order', () => {
  const spellings = ['Active', 'ACTIVE', `${USER}:active`, `${USER}:Active`];
  const bodies = spellings.flatMap((spelling) => [
    { [spelling]: false, active: true },
    { active: true, [spelling]: false },
  ]);
  const nested = [
    { Active: false, active: true },
    { active: true, Active: false },
  ].map((both) => ({ [USER]: both }));
  const beside = [
    { [USER]: { active: false }, active: true },
    { active: true, [USER]: { active: 'False' } },
  ];
  const active = async (body: object) => (await tenant.scim('POST', '/Users', userBody(`stays-${(users += 1)}@x.com`, body))).body;

  test.each([...bodies, ...nested, ...beside])('%j', async (body) => {
    expect((await active({ active: undefined, ...body })).active).toBe(false);
    const { id, userName } = await active({});
    const replaced = await tenant.scim('PUT', `/Users/${id}`, { schemas: [USER], userName, ...body });
    expect(replaced).toMatchObject({ status: 200, body: { active: false } });
    const other = await active({});
    expect(await tenant.scim('PATCH', `/Users/${other.id}`, patchOp({ op: 'replace', value: body }))).toMatchObject({
      status: 200,
      body: { active: false },
    });
    const Operations = [{ active: true }, body].map((said) => ({ method: 'PUT', path: `/Users/${id}`, data: { userName, ...said } }));
    const bulk = await tenant.scim('POST', '/Bulk', { schemas: [BULK], Operations });
    expect(bulk.body).toMatchObject({ Operations: [{ status: '200' }, { status: '200' }] });
    expect(await isActive(id)).toBe(false);
  });
});

test('removing active is refused with a sentence that says what to do', async () => {
  const { body } = await tenant.scim('PATCH', `/Users/${await leaver()}`, patchOp({ op: 'remove', path: 'active' }));
  expect(body).toMatchObject({ status: '400', scimType: 'invalidValue', detail: expect.stringMatching(/Operation 1.*active.*replace it/) });
});

test('GraphQL does not bring anybody back by omission either', async () => {
  const id = await leaver();
  const replace = 'mutation ($input: ReplaceUserInput!) { replaceUser(input: $input) { user { active } userErrors { code } } }';
  const change = 'mutation ($input: ChangeUserInput!) { changeUser(input: $input) { user { active } userErrors { code } } }';
  for (const active of [undefined, null]) {
    const { data } = await tenant.graphql(replace, { input: { id, user: { userName: `back-${id}@x.com`, active } } });
    expect(data!['replaceUser']).toMatchObject({ user: { active: false } });
  }
  for (const op of ['REMOVE', 'REPLACE', 'ADD']) await tenant.graphql(change, { input: { id, changes: [{ op, path: 'active' }] } });
  expect(await isActive(id)).toBe(false);
});

test('a returner is the same person', async () => {
  const id = await leaver();
  const { body } = await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', value: { active: true } }));
  expect(body).toMatchObject({ id, active: true, externalId: expect.stringMatching(/^leaver-/) });
});

describe('a leaver leaves, also where the attributes are nested under the URN of their schema', () => {
  const nested = { [USER]: { active: false } };
  const joiner = async () => {
    const userName = `nested-${(users += 1)}@x.com`;
    return { userName, id: (await tenant.scim('POST', '/Users', { schemas: [USER], [USER]: { userName, title: 'T' } })).body.id };
  };

  test.each<[string, (userName: string) => [string, object]]>([
    ['PATCH without a path', () => ['PATCH', patchOp({ op: 'replace', value: nested })]],
    ['PATCH at that path', () => ['PATCH', patchOp({ op: 'Replace', path: USER, value: { active: 'False' } })]],
    ['PUT', (userName) => ['PUT', { schemas: [USER], [USER]: { userName, active: false } }]],
    ['PUT, in part', (userName) => ['PUT', { schemas: [USER], userName, ...nested }]],
  ])('by %s, by itself and in Bulk', async (_, request) => {
    const [one, two] = [await joiner(), await joiner()];
    const [method, body] = request(one.userName);
    const answer = await tenant.scim(method, `/Users/${one.id}`, body);
    expect([answer.status, answer.body.active], answer.text).toEqual([200, false]);
    const bulk = await tenant.scim('POST', '/Bulk', { Operations: [{ method, path: `/Users/${two.id}`, data: request(two.userName)[1] }] });
    expect(bulk.body['Operations']).toMatchObject([{ status: '200' }]);
    expect(await isActive(two.id)).toBe(false);
  });

  test('POST makes nobody active who is not', async () => {
    const { body } = await tenant.scim('POST', '/Users', { schemas: [USER], userName: `nested-${(users += 1)}@x.com`, ...nested });
    expect(await isActive(body.id)).toBe(false);
  });
});

describe('a leaver leaves, whatever else the provider maps', () => {
  const ACME = 'urn:ietf:params:scim:schemas:extension:acme:2.0:User';
  test.each([['foo'], ['name.foo'], ['emails[type eq "work"].foo'], [`${ACME}:badge`], [ACME]])(
    'a path of theirs, %s, is passed over',
    async (path) => {
      const {
        body: { id },
      } = await tenant.scim('POST', '/Users', userBody(`leaves-${(users += 1)}@x.com`));
      const answer = await tenant.scim(
        'PATCH',
        `/Users/${id}`,
        patchOp({ op: 'Add', path, value: 'x' }, { op: 'Replace', path: 'active', value: 'False' }),
      );
      expect(answer.status, answer.text).toBe(200);
      expect(await isActive(id)).toBe(false);
    },
  );

  test.each([
    ['Replace', 'roles[id eq "1"].value'],
    ['Add', 'roles[id eq "1"]'],
    ['Remove', 'roles[id eq "1"]'],
    ['Remove', 'emails[type eq "work" and id eq "[1]"]'],
    ['Remove', 'emails[not (id eq "\\"]" or type eq "x")].value'],
    ['Remove', 'groups[id pr]'],
  ])('%s at %s, brackets that ask for a part of theirs, finds nothing', async (op, path) => {
    const {
      body: { id, emails },
    } = await tenant.scim('POST', '/Users', userBody(`leaves-${(users += 1)}@x.com`, { roles: [{ value: 'R', type: 'T' }] }));
    const answer = await tenant.scim(
      'PATCH',
      `/Users/${id}`,
      patchOp(
        { op: 'Replace', path: 'active', value: 'False' },
        { op, path, ...(op !== 'Remove' && { value: op === 'Add' ? { value: 'x' } : 'x' }) },
      ),
    );
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ active: false, emails, roles: [{ value: 'R', type: 'T', primary: false }] });
  });

  test.each([['foo'], [`${ACME}:badge`], ['roles[id eq "1"].value']])(
    'a PATCH that names nothing else than %s changes nothing',
    async (path) => {
      const before = (await tenant.scim('GET', `/Users/${await leaver()}`)).body;
      const answer = await tenant.scim('PATCH', `/Users/${before.id}`, patchOp({ op: 'replace', path, value: 'x' }));
      expect([answer.status, answer.body], answer.text).toEqual([200, before]);
    },
  );

  const unreadable = [
    ['emails[type eq'],
    ['a b c'],
    ['emails]'],
    ['name..givenName'],
    ['roles[id zz "1"].value'],
    ['roles[id eq "1" and].value'],
    ['roles[id eq "1"].value x'],
    ['roles[primary eq "x"]'],
  ];
  test.each(unreadable)('a path that cannot be read, %s, is passed over', async (path) => {
    const {
      body: { id },
    } = await tenant.scim('POST', '/Users', userBody(`leaves-${(users += 1)}@x.com`));
    const answer = await tenant.scim(
      'PATCH',
      `/Users/${id}`,
      patchOp({ op: 'replace', path, value: 'x' }, { op: 'replace', path: 'active', value: 'False' }),
    );
    expect([answer.status, answer.body.active], answer.text).toEqual([200, false]);
  });

  test.each(unreadable)('and refused where nothing else is understood: %s', async (path) => {
    const id = await leaver();
    for (const operations of [[], [{ op: 'replace', path: 'foo', value: 'x' }]]) {
      const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp(...operations, { op: 'replace', path, value: 'x' }));
      expect(answer.body).toMatchObject({ status: '400', detail: expect.stringContaining(`Operation ${operations.length + 1} (path `) });
    }
  });
});
