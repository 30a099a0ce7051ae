/** The tools' door: typed reading and writing over HTTP, the same rules as SCIM, refusals a caller can act on. */
import { beforeAll, describe, expect, test } from 'vitest';
import { exchange } from '../support/http.js';
import { groupBody } from '../support/scim.js';
import { type GraphQLResult, newTenant, type Tenant, world } from '../support/world.js';

interface Payload {
  readonly userErrors: readonly { code: string; field: string | null; message: string }[];
  readonly [field: string]: unknown;
}

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant();
});

async function ask(query: string, variables?: object): Promise<Record<string, Payload>> {
  const { data, errors } = await tenant.graphql(query, variables);
  expect(errors).toBeUndefined();
  return data as unknown as Record<string, Payload>;
}

const codes = ({ errors }: GraphQLResult) => errors?.map(({ extensions }) => extensions?.code);

const CREATE = `mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id version userName active emails { value primary } enterprise { department } } userErrors { code field message } } }`;

async function createUser(userName: string, more: object = {}): Promise<string> {
  const { createUser } = await ask(CREATE, { input: { user: { userName, ...more } } });
  expect(createUser!.userErrors).toEqual([]);
  return (createUser!['user'] as { id: string }).id;
}

describe('users', () => {
  test('are created typed, extensions by their field, and read back by SCIM with their URNs', async () => {
    const id = await createUser('typed@x.com', {
      emails: [{ value: 'typed@x.com', type: 'work', primary: true }],
      enterprise: { department: 'Sales' },
    });
    const { body } = await tenant.scim('GET', `/Users/${id}`);
    expect(body).toMatchObject({ userName: 'typed@x.com', active: true, emails: [{ value: 'typed@x.com', type: 'work', primary: true }] });
    expect(body['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User']).toEqual({ department: 'Sales' });
  });

  test('are found by id, by user name in any case, by external id; null where there is none', async () => {
    const id = await createUser('By.Name@x.com', { externalId: 'hr-7' });
    const query = 'query ($by: UserBy!) { user(by: $by) { id userName } }';
    const expected = { user: { id, userName: 'By.Name@x.com' } };
    expect(await ask(query, { by: { id } })).toEqual(expected);
    expect(await ask(query, { by: { userName: 'BY.NAME@X.COM' } })).toEqual(expected);
    expect(await ask(query, { by: { externalId: 'hr-7' } })).toEqual(expected);
    expect(await ask(query, { by: { externalId: 'HR-7' } })).toEqual({ user: null });
    expect(await ask(query, { by: { id: 'no-uuid' } })).toEqual({ user: null });
  });

  test('are named in exactly one way', async () => {
    const query = 'query ($by: UserBy!) { user(by: $by) { id } }';
    expect(codes(await tenant.graphql(query, { by: {} }))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await tenant.graphql(query, { by: { id: 'a', userName: 'b' } }))).toEqual(['BAD_USER_INPUT']);
  });

  test.each<[string, object, RegExp]>([
    ['query ($given: Boolean) { users(first: 1) { nodes { groups(effective: $given) { totalCount } } } }', { given: null }, /effective/],
    [
      'query ($given: OrderDirection) { users(first: 1, orderBy: { field: "userName", direction: $given }) { totalCount } }',
      { given: null },
      /orderBy/,
    ],
    ['query ($given: Boolean) { clients(includeRevoked: $given) { totalCount } }', { given: null }, /includeRevoked/],
    ['query ($given: Boolean) { users(first: 1) { nodes { document(relation: $given) } } }', { given: null }, /relation/],
    ['query ($given: ID) { user(by: { id: $given }) { id } }', { given: null }, /by/],
    ['query ($given: ID) { user(by: { id: $given }) { id } }', {}, /by/],
  ])("null where an argument takes none is the caller's to mend: %s", async (query, variables, sentence) => {
    await createUser(`null-${Math.random()}@x.com`);
    const { errors } = await tenant.graphql(query, variables);
    expect(errors).toMatchObject([{ message: expect.stringMatching(sentence) as string, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('a taken user name is a user error that says which field', async () => {
    await createUser('taken@x.com');
    const { createUser: refused } = await ask(CREATE, { input: { user: { userName: 'TAKEN@x.com' } } });
    expect(refused).toMatchObject({ user: null, userErrors: [{ code: 'UNIQUENESS', field: 'userName' }] });
  });

  test('a write at another version does nothing', async () => {
    const id = await createUser('version@x.com');
    const change = (ifVersion: number, value: string) =>
      ask('mutation ($input: ChangeUserInput!) { changeUser(input: $input) { user { version title } userErrors { code } } }', {
        input: { id, ifVersion, changes: [{ op: 'REPLACE', path: 'title', value }] },
      });
    expect((await change(1, 'First')).changeUser).toMatchObject({ user: { version: 2, title: 'First' } });
    expect((await change(1, 'Second')).changeUser).toMatchObject({ user: null, userErrors: [{ code: 'VERSION_MISMATCH' }] });
    expect((await change(2, 'First')).changeUser).toMatchObject({ user: { version: 2 } });
  });

  test('the type of a wrong value is told, nothing internal', async () => {
    const refused = await tenant.graphql(CREATE, { input: { user: { userName: 7 } } });
    expect(refused.status).toBe(400);
    expect(codes(refused)).toEqual(['BAD_USER_INPUT']);
    expect(JSON.stringify(refused)).not.toMatch(/node_modules|at .*\.(ts|js)/);
  });
});

describe('members', () => {
  const CHANGE = (name: string) => `mutation ($input: GroupMembersInput!) { ${name}(input: $input) {
    group { version members { totalCount nodes { id type display user { userName } } } } userErrors { code field message } } }`;

  test('are added, removed and replaced as sets', async () => {
    const [ann, ben, cy] = [await createUser('ann@x.com'), await createUser('ben@x.com'), await createUser('cy@x.com')];
    const {
      body: { id: groupId },
    } = await tenant.scim('POST', '/Groups', groupBody('Sets'));
    const change = async (name: string, memberIds: string[]) => {
      const { [name]: payload } = await ask(CHANGE(name), { input: { groupId, memberIds } });
      const { version, members } = payload!['group'] as {
        version: number;
        members: { nodes: readonly { display: string }[]; totalCount: number };
      };
      return { version, names: members.nodes.map(({ display }) => display), total: members.totalCount };
    };
    expect(await change('addGroupMembers', [ann, ben, ann])).toEqual({ version: 2, names: ['ann@x.com', 'ben@x.com'], total: 2 });
    expect(await change('addGroupMembers', [ann])).toMatchObject({ version: 2 });
    expect(await change('removeGroupMembers', [cy, ann, 'nobody'])).toEqual({ version: 3, names: ['ben@x.com'], total: 1 });
    expect(await change('replaceGroupMembers', [cy, ann])).toEqual({ version: 4, names: ['ann@x.com', 'cy@x.com'], total: 2 });
  });

  test('an empty id is named beside what else is wrong, whoever are passed over', async () => {
    const ann = await createUser('beside-empty@x.com');
    const {
      body: { id: groupId },
    } = await tenant.scim('POST', '/Groups', groupBody('Empty id'));
    const refusal = async (name: string, ...memberIds: string[]) =>
      (await ask(CHANGE(name), { input: { groupId, memberIds } }))[name]!.userErrors;
    const told = (ids: string) => [
      {
        code: 'INVALID_VALUE',
        field: 'memberIds',
        message: `No user or group has the id ${ids}. Nothing was changed: provision these first, or leave them out of the members.`,
      },
    ];
    for (const name of ['addGroupMembers', 'replaceGroupMembers']) {
      expect(await refusal(name, ann.toUpperCase(), '', 'odd')).toEqual(told('"", odd'));
    }
    expect(await refusal('removeGroupMembers', ann, '', 'odd')).toEqual(told('""'));
    const policy = (unknownMembers: string) =>
      tenant.graphql('mutation ($input: TenantPoliciesInput!) { updateTenantPolicies(input: $input) { userErrors { code } } }', {
        input: { unknownMembers },
      });
    await policy('IGNORE');
    try {
      for (const name of ['addGroupMembers', 'replaceGroupMembers']) expect(await refusal(name, ann, '', 'odd')).toEqual(told('""'));
    } finally {
      await policy('REFUSE');
    }
    expect((await tenant.scim('GET', `/Groups/${groupId}`)).body.members).toBeUndefined();
  });

  test('unknown users are named and nothing is done', async () => {
    const ann = await createUser('known@x.com');
    const {
      body: { id: groupId },
    } = await tenant.scim('POST', '/Groups', groupBody('Known only'));
    const stranger = '01890a5d-ac96-774b-bcce-b302099a8057';
    const { addGroupMembers } = await ask(CHANGE('addGroupMembers'), { input: { groupId, memberIds: [ann, stranger, 'odd'] } });
    expect(addGroupMembers).toMatchObject({ group: null, userErrors: [{ code: 'INVALID_VALUE', field: 'memberIds' }] });
    const { message } = addGroupMembers!.userErrors[0]!;
    expect(message).toContain(stranger);
    expect(message).toContain('odd');
    expect(message).not.toContain(ann);
    expect((await tenant.scim('GET', `/Groups/${groupId}`)).body.members).toBeUndefined();
  });
});

describe('the door', () => {
  test('needs a token of this door', async () => {
    const { identityUrl } = await world();
    const post = (token?: string) =>
      exchange(
        identityUrl,
        'POST',
        '/graphql',
        {
          'content-type': 'application/json',
          authorization: token && `Bearer ${token}`,
        },
        { query: '{ users { totalCount } }' },
      );
    expect((await post()).text).toContain('UNAUTHENTICATED');
    expect(await post('condeco_made-up')).toMatchObject({ status: 401 });
    expect(await post(tenant.token)).toMatchObject({ status: 403 });
  });

  test('an operator manages tenants, not people', async () => {
    const { admin } = await world();
    expect(codes(await admin('{ users { totalCount } }'))).toEqual(['FORBIDDEN']);
    expect(codes(await tenant.graphql('mutation { createTenant(input: { name: "Mine" }) { clientId } }'))).toEqual(['FORBIDDEN']);
  });

  test('who asks is told who it is', async () => {
    expect(await ask('{ caller { audience tenant { id } } }')).toEqual({ caller: { audience: 'GRAPHQL', tenant: { id: tenant.id } } });
  });

  test('a node is a user, a group, or nothing', async () => {
    const id = await createUser('node@x.com');
    const query = 'query ($id: ID!) { node(id: $id) { __typename id ... on User { userName } } }';
    expect(await ask(query, { id })).toEqual({ node: { __typename: 'User', id, userName: 'node@x.com' } });
    expect(await ask(query, { id: '01890a5d-ac96-774b-bcce-b302099a8057' })).toEqual({ node: null });
  });

  test.each([
    ['a document of too many tokens', `{ ${'__typename '.repeat(2100)} }`],
    ['two operations without a name', 'query A { __typename } query B { __typename }'],
    ['no document', ''],
  ])('%s is a quick 400', async (_, query) => {
    expect((await tenant.graphql(query)).status).toBe(400);
  });

  test('answers are not for caches', async () => {
    const { identityUrl } = await world();
    const answer = await exchange(identityUrl, 'POST', '/graphql', { 'content-type': 'application/json' }, { query: '{ __typename }' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded'])('a form of another site (%s) is refused', async (type) => {
    const { identityUrl } = await world();
    const answer = await exchange(identityUrl, 'POST', '/graphql', { 'content-type': type }, JSON.stringify({ query: '{ __typename }' }));
    expect([400, 415]).toContain(answer.status);
  });

  test('a stranger may not make us keep a long body', async () => {
    const { identityUrl } = await world();
    const long = JSON.stringify({ query: '{ __typename }', variables: { filler: 'x'.repeat(2 * 1024 * 1024) } });
    const post = (path: string, token?: string) =>
      exchange(identityUrl, 'POST', path, { 'content-type': 'application/json', authorization: token && `Bearer ${token}` }, long);
    expect(await post('/graphql')).toMatchObject({ status: 401 });
    expect(await post('/graphql', 'condeco_made-up')).toMatchObject({ status: 401 });
    expect((await post('/graphql', tenant.token)).status).toBe(403); // kept, read, and of another door
  });
});
