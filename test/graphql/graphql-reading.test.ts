/**
 * Reading through GraphQL as tools want it: by what they know of somebody, many at once, nested lists filtered and ordered, membership
 * checked in bulk.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { ENTERPRISE, expectList, filtered, groupBody, userBody } from '../support/scim.js';
import { type GraphQLResult, newTenant, type Tenant } from '../support/world.js';

const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';
const BADGES = 'urn:acme:params:scim:schemas:extension:badges:2.0:User';

let tenant: Tenant;
const users: string[] = [];
let [outer, inner] = ['', ''];

const codes = ({ errors }: GraphQLResult) => errors?.map(({ extensions }) => extensions?.code);

async function ask<Data = unknown>(query: string, variables?: object): Promise<Data> {
  const { data, errors } = await tenant.graphql(query, variables);
  expect(errors).toBeUndefined();
  return data as Data;
}

async function create(path: string, body: object): Promise<string> {
  const answer = await tenant.scim('POST', path, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

beforeAll(async () => {
  tenant = await newTenant();
  await ask('mutation ($input: DeclareExtensionInput!) { declareExtension(input: $input) { userErrors { message } } }', {
    input: {
      resource: 'USER',
      schema: {
        id: BADGES,
        name: 'Badges',
        attributes: [
          { name: 'level', type: 'integer' },
          { name: 'doors', multiValued: true },
          { name: 'cleared', type: 'boolean' },
        ],
      },
    },
  });
  for (const [at, name] of ['Dora', 'Ann', 'Cy', 'Ben', 'Eve'].entries()) {
    users.push(
      await create(
        '/Users',
        userBody(`${name.toLowerCase()}@x.com`, {
          displayName: name,
          externalId: at < 2 ? 'shared' : `ext-${at}`,
          title: at % 2 === 0 ? 'Even' : 'Odd',
          emails: [
            { value: `${name}@mail.example`, type: 'work', primary: true },
            { value: at < 2 ? 'desk@mail.example' : `home-${at}@mail.example`, type: 'home' },
          ],
          [ENTERPRISE]: { department: 'Sales' },
          [BADGES]: { level: [9, 10, 100, 2, 30][at], doors: ['a', 'b'], cleared: true },
        }),
      ),
    );
  }
  inner = await create('/Groups', groupBody('Inner', users.slice(3)));
  outer = await create('/Groups', groupBody('Outer', [...users.slice(0, 3), inner]));
  await create('/Groups', groupBody('Alpha', users.slice(0, 1)));
});

test('the name of a manager is that of the user, and SCIM does not claim to have it', async () => {
  const manage = async (userName: string, value: string, own: object = {}) =>
    create('/Users', userBody(userName, { ...own, [ENTERPRISE]: { department: 'Managed', manager: { value } } }));
  const boss = await manage('boss@x.com', users[1]!.toUpperCase(), { displayName: undefined });
  for (const [at, value] of [boss, users[1]!, '01900000-0000-7000-8000-00000000dead', 'no-id'].entries()) {
    await manage(`managed-${at}@x.com`, value);
  }
  const NAMES = '{ users(filter: "department eq \\"Managed\\"") { nodes { userName enterprise { manager { value displayName } } } } }';
  const {
    users: { nodes },
  } = await ask<{ users: { nodes: { enterprise: { manager: { displayName: string | null } } }[] } }>(NAMES);
  expect(nodes.map(({ enterprise }) => enterprise.manager.displayName)).toEqual(['Ann', 'boss@x.com', 'Ann', null, null]);
  const { body } = await tenant.scim('GET', `/Schemas/${ENTERPRISE}`);
  const manager = (body['attributes'] as { name: string; subAttributes?: { name: string; caseExact: boolean }[] }[]).find(
    ({ name }) => name === 'manager',
  );
  expect(manager!.subAttributes!.map(({ name, caseExact }) => `${name} ${caseExact}`)).toEqual(['value false', '$ref true']);
  for (const query of [`filter=${encodeURIComponent('manager.displayName eq "Ann"')}`, 'sortBy=manager.displayName']) {
    expect((await tenant.scim('GET', `/Users?${query}`)).status).toBe(400);
  }
  for (const { id } of expectList(await tenant.scim('GET', filtered('/Users', 'department eq "Managed"')))) {
    await tenant.scim('DELETE', `/Users/${id}`);
  }
});

describe('one', () => {
  const USER = 'query ($by: UserBy!) { user(by: $by) { id } }';

  test.each([
    ['email', 'ANN@mail.example', 1],
    ['email', 'home-3@mail.example', 3],
    ['displayName', 'cy', 2],
    ['userName', 'EVE@x.com', 4],
    ['externalId', 'ext-4', 4],
  ])('a user is found by %s %s', async (by, value, at) => {
    expect(await ask(USER, { by: { [by]: value } })).toEqual({ user: { id: users[at] } });
  });

  test.each(['email', 'displayName', 'userName', 'externalId'])('nobody has a made-up %s', async (by) => {
    for (const value of ['nobody', '', 'half \ud800', 'nul \0']) expect(await ask(USER, { by: { [by]: value } })).toEqual({ user: null });
  });

  test.each([
    ['email', 'desk@mail.example', 'emails.value'],
    ['externalId', 'shared', 'externalId'],
  ])('a %s that several have is refused, with the way out', async (by, value, path) => {
    const result = await tenant.graphql(USER, { by: { [by]: value } });
    expect(result).toMatchObject({ status: 200, data: { user: null } });
    expect(codes(result)).toEqual(['AMBIGUOUS']);
    expect(result.errors![0]!.message).toContain('users(filter:');
    const { users: listed } = await ask<{ users: Page }>('query ($filter: String) { users(filter: $filter) { totalCount } }', {
      filter: `${path} eq "${value}"`,
    });
    expect(listed.totalCount).toBe(2);
  });

  test('groups share names only where the tenant permits it, and then a name may be ambiguous', async () => {
    const lax = await newTenant();
    await lax.graphql('mutation { updateTenantPolicies(input: { groupNames: SHARED }) { userErrors { message } } }');
    const by = { displayName: 'Twice' };
    const query = 'query ($by: GroupBy!) { group(by: $by) { displayName } }';
    await lax.scim('POST', '/Groups', groupBody('Twice'));
    expect(await lax.graphql(query, { by })).toMatchObject({ data: { group: by } });
    expect((await lax.scim('POST', '/Groups', groupBody('Twice'))).status).toBe(201);
    expect(codes(await lax.graphql(query, { by }))).toEqual(['AMBIGUOUS']);
  });
});

describe('many', () => {
  test('nodes answers in the order of the ids, null where there is none', async () => {
    const ids = [inner, NOBODY, users[1]!.toUpperCase(), 'no id', inner];
    const { nodes } = await ask<{ nodes: unknown[] }>(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on User { userName groups(first: 1) { totalCount } } ... on Group { displayName members { totalCount } } } }',
      { ids },
    );
    const group = { __typename: 'Group', displayName: 'Inner', members: { totalCount: 2 } };
    expect(nodes).toEqual([group, null, { __typename: 'User', userName: 'ann@x.com', groups: { totalCount: 1 } }, null, group]);
    expect(
      codes(await tenant.graphql('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: Array.from({ length: 1001 }, () => NOBODY) })),
    ).toEqual(['TOO_MANY']);
  });

  test('membership of many pairs: direct, through groups, not at all', async () => {
    const pairs = [
      [users[0], outer],
      [users[3], outer],
      [users[3], inner],
      [users[0], inner],
      [NOBODY, outer],
      [users[0], NOBODY],
      ['odd', outer],
      [users[0], users[0]],
      [users[0], outer],
    ].map(([userId, groupId]) => ({ userId, groupId }));
    const { memberships } = await ask<{ memberships: unknown[] }>(
      'query ($pairs: [MembershipPairInput!]!) { memberships(pairs: $pairs) { userId groupId isDirect isEffective } }',
      { pairs },
    );
    const [direct, through, none] = [
      { isDirect: true, isEffective: true },
      { isDirect: false, isEffective: true },
      { isDirect: false, isEffective: false },
    ];
    expect(memberships).toEqual(
      [direct, through, direct, none, none, none, none, none, direct].map((answer, at) => ({ ...pairs[at], ...answer })),
    );
    const many = Array.from({ length: 1001 }, () => pairs[0]);
    const QUERY = 'query ($pairs: [MembershipPairInput!]!) { memberships(pairs: $pairs) { isEffective } }';
    expect((await ask<{ memberships: unknown[] }>(QUERY, { pairs: many.slice(1) })).memberships).toHaveLength(1000);
    expect(codes(await tenant.graphql(QUERY, { pairs: many }))).toEqual(['TOO_MANY']);
    expect(await ask(QUERY, { pairs: [] })).toEqual({ memberships: [] });
  });
});

const MEMBERS = `query ($id: ID!, $effective: Boolean!, $filter: String, $orderBy: OrderBy, $first: Int, $after: String, $last: Int, $before: String) { group(by: { id: $id }) {
  page: members(effective: $effective, filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { display } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
const GROUPS = MEMBERS.replace('group(by', 'user(by').replace('members(', 'groups(').replace('display }', 'display: displayName }');

interface Page {
  totalCount: number;
  nodes: { display: string }[];
  pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string | null; endCursor: string | null };
}

async function page(query: string, id: string, variables: object): Promise<Page> {
  const { group, user } = await ask<{ group?: { page: Page }; user?: { page: Page } }>(query, { effective: false, ...variables, id });
  return (group ?? user)!.page;
}

const namesOf = ({ nodes }: Page) => nodes.map(({ display }) => display);

/** All names, page by page, forwards and backwards, which must be the same. */
async function walk(query: string, id: string, variables: object): Promise<string[]> {
  const [forwards, backwards]: string[][] = [[], []];
  for (let after: string | null = null; ;) {
    const found: Page = await page(query, id, { ...variables, first: 2, after });
    forwards!.push(...namesOf(found));
    expect(found.pageInfo.hasPreviousPage).toBe(after !== null);
    if (!found.pageInfo.hasNextPage) break;
    after = found.pageInfo.endCursor;
  }
  for (let before: string | null = null; ;) {
    const found: Page = await page(query, id, { ...variables, last: 2, before });
    backwards!.unshift(...namesOf(found));
    if (!found.pageInfo.hasPreviousPage) break;
    before = found.pageInfo.startCursor;
  }
  expect(backwards).toEqual(forwards);
  expect((await page(query, id, variables)).totalCount).toBe(forwards!.length);
  return forwards!;
}

describe('nested lists', () => {
  const by = (field: string, direction = 'ASC') => ({ orderBy: { field, direction } });

  test.each([
    ['members as they came', {}, ['Dora', 'Ann', 'Cy', 'Inner']],
    ['members by name, users and groups', by('displayName'), ['Ann', 'Cy', 'Dora', 'Inner']],
    ['members the other way', by('displayName', 'DESC'), ['Inner', 'Dora', 'Cy', 'Ann']],
    ['members of one title', { filter: 'title eq "Even"' }, ['Dora', 'Cy']],
    ['members of one kind', { filter: 'meta.resourceType eq "Group"' }, ['Inner']],
    ['by what groups do not have', by('title'), ['Dora', 'Cy', 'Ann', 'Inner']],
    ['by a number', by(`${BADGES}:level`), ['Dora', 'Ann', 'Cy', 'Inner']],
    ['by the number, down', by(`${BADGES}:level`, 'DESC'), ['Inner', 'Cy', 'Ann', 'Dora']],
    ['all users below', { effective: true }, ['Dora', 'Ann', 'Cy', 'Ben', 'Eve']],
    [
      'all users below, filtered and ordered',
      { effective: true, filter: 'emails.value sw "home"', ...by('displayName') },
      ['Ben', 'Cy', 'Eve'],
    ],
    ['nobody', { filter: 'title eq "None"' }, []],
  ])('of a group: %s', async (_, variables, names) => expect(await walk(MEMBERS, outer, variables)).toEqual(names));

  test.each([
    ['groups as they came', {}, ['Outer', 'Alpha']],
    ['by name', by('displayName'), ['Alpha', 'Outer']],
    ['filtered', { filter: 'displayName sw "O"' }, ['Outer']],
    ['filtered by their members', { effective: true, filter: 'members eq "{ann}"' }, ['Outer']],
  ] as [string, { filter?: string }, string[]][])('of a user: %s', async (_, { filter, ...variables }, names) =>
    expect(await walk(GROUPS, users[0]!, { ...variables, filter: filter?.replace('{ann}', users[1]!) })).toEqual(names),
  );

  test('of a user: those through other groups tell so', async () => {
    const { user } = await ask<{ user: { groups: { edges: unknown } } }>(
      'query ($id: ID!) { user(by: { id: $id }) { groups(orderBy: { field: "displayName", direction: DESC }) { edges { type node { displayName } } } } }',
      { id: users[4] },
    );
    expect(user.groups.edges).toEqual([
      { type: 'indirect', node: { displayName: 'Outer' } },
      { type: 'direct', node: { displayName: 'Inner' } },
    ]);
  });

  test.each([
    ['INVALID_FILTER', { filter: 'title eqq "x"' }],
    ['INVALID_PATH', by('nothing')],
    ['INVALID_CURSOR', { after: 'made up' }],
    ['INVALID_CURSOR', { ...by('displayName'), after: NOBODY }],
    ['INVALID_VALUE', { first: 1001 }],
    ['INVALID_VALUE', { first: -1 }],
    ['INVALID_VALUE', { first: 1, last: 1 }],
  ])('what is wrong is told: %s', async (code, variables) => {
    expect(codes(await tenant.graphql(MEMBERS, { id: outer, effective: false, ...variables }))).toEqual([code]);
  });
});

test('extensions are read with their types: built in by their fields, declared ones in the document', async () => {
  const { body } = await tenant.scim('GET', `/Users/${users[0]}`);
  const { user } = await ask<{ user: { enterprise: unknown; attributes: Record<string, unknown> } }>(
    'query ($id: ID!) { user(by: { id: $id }) { enterprise { department } condeco { __typename } attributes } }',
    { id: users[0] },
  );
  expect(user.enterprise).toEqual({ department: 'Sales' });
  expect(user.attributes[BADGES]).toEqual({ level: 9, doors: ['a', 'b'], cleared: true });
  expect(body[BADGES]).toEqual(user.attributes[BADGES]);
});
