/** Lists through GraphQL: pages in both directions, in any order; users and groups together; only what is asked for. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ENTERPRISE, groupBody, userBody } from '../support/scim.js';
import { type GraphQLResult, newTenant, type Tenant } from '../support/world.js';

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}
interface Page {
  readonly nodes: readonly Record<string, unknown>[];
  readonly totalCount: number;
  readonly pageInfo: PageInfo;
}

const codes = ({ errors }: GraphQLResult) => errors?.map(({ extensions }) => extensions?.code);

let listed: Tenant;
const names = Array.from({ length: 7 }, (_, at) => `list-${at}@x.com`);
const groups = ['Alpha', 'beta'];
beforeAll(async () => {
  listed = await newTenant();
  for (const userName of names) {
    await listed.scim(
      'POST',
      '/Users',
      userBody(userName, { displayName: undefined, title: userName.at(5)! < '3' ? 'Low' : undefined, [ENTERPRISE]: { department: 'D' } }),
    );
  }
  for (const name of groups) await listed.scim('POST', '/Groups', groupBody(name));
});

const LIST = `query ($filter: String, $orderBy: OrderBy, $first: Int, $after: String, $last: Int, $before: String, $offset: Int) {
  page: users(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before, offset: $offset) {
    totalCount nodes { userName } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;
const SEARCH = LIST.replace('users(', 'search(').replace(
  'nodes { userName }',
  'nodes { ... on User { userName } ... on Group { userName: displayName } }',
);

async function pageOf(query: string, variables: object): Promise<Page> {
  const { data, errors } = await listed.graphql(query, variables);
  expect(errors).toBeUndefined();
  return data!['page'] as unknown as Page;
}

const namesOf = ({ nodes }: Page) => nodes.map(({ userName }) => userName);

async function forwards(variables: object, query = LIST): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let after: string | null = null; ;) {
    const page = await pageOf(query, { ...variables, after });
    seen.push(...namesOf(page));
    expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
    if (!page.pageInfo.hasNextPage) return seen;
    after = page.pageInfo.endCursor;
  }
}

async function backwards({ first: last, ...variables }: { first: number }, query = LIST): Promise<unknown[]> {
  const seen: unknown[] = [];
  for (let before: string | null = null; ;) {
    const page = await pageOf(query, { ...variables, last, before });
    seen.unshift(...namesOf(page));
    expect(page.pageInfo.hasNextPage).toBe(before !== null);
    if (!page.pageInfo.hasPreviousPage) return seen;
    before = page.pageInfo.startCursor;
  }
}

const orders = (first: number): [object & { first: number }, string[]][] => {
  const [low, none] = [names.slice(0, 3), names.slice(3)];
  const by = (field: string, direction: string) => ({ first, orderBy: { field, direction } });
  return [
    [{ first }, names],
    [by('title', 'ASC'), [...low, ...none]],
    [by('title', 'DESC'), [...none, ...low]],
    ...['userName', 'meta.created', 'id'].flatMap((field): [object & { first: number }, string[]][] => [
      [by(field, 'ASC'), names],
      [by(field, 'DESC'), names.toReversed()],
    ]),
    [by('displayName', 'ASC'), names],
    [by('displayName', 'DESC'), names],
    [by('active', 'DESC'), names],
    [by('emails', 'ASC'), names],
  ];
};

describe.each([1, 2, 3, 7, 8])('in pages of %i', (first) => {
  test.each(orders(first))('%j: everybody once, forwards and backwards', async (variables, expected) => {
    expect(await forwards(variables)).toEqual(expected);
    expect(await backwards(variables)).toEqual(expected);
  });

  test.each([
    [{}, [...names, ...groups]],
    [{ orderBy: { field: 'displayName', direction: 'ASC' } }, [...groups, ...names]],
    [{ orderBy: { field: 'displayName', direction: 'DESC' } }, [...names, ...groups.toReversed()]],
    [{ orderBy: { field: 'userName', direction: 'DESC' } }, [...groups, ...names.toReversed()]],
    [{ filter: 'title eq "low" or displayName pr' }, [...names.slice(0, 3), ...groups]],
    [{ filter: 'not (userName pr)' }, groups],
    [{ filter: 'userName ne "list-0@x.com" and meta.resourceType eq "User"' }, names.slice(1)],
    [{ filter: 'emails[type eq "work"] and userName sw "list-6"' }, names.slice(6)],
    [{ filter: 'not (members pr) and userName eq null' }, groups],
  ])('users and groups together, %j', async (variables, expected) => {
    expect(await forwards({ ...variables, first }, SEARCH)).toEqual(expected);
    expect(await backwards({ ...variables, first }, SEARCH)).toEqual(expected);
    expect((await pageOf(SEARCH, { ...variables, first })).totalCount).toBe(expected.length);
  });
});

test('an offset passes over some', async () => {
  expect(namesOf(await pageOf(LIST, { first: 2, offset: 3 }))).toEqual(names.slice(3, 5));
  expect(namesOf(await pageOf(SEARCH, { first: 3, offset: 6 }))).toEqual([names[6], ...groups]);
  expect(await pageOf(LIST, { first: 2, offset: 99 })).toMatchObject({
    nodes: [],
    totalCount: 7,
    pageInfo: { hasNextPage: false, endCursor: null },
  });
});

test('totals count what the filter finds', async () => {
  expect(await pageOf(LIST, { filter: 'title eq "low"', first: 1 })).toMatchObject({ totalCount: 3, nodes: [{ userName: names[0] }] });
  expect(await pageOf(LIST, { filter: 'title eq "low"', last: 1 })).toMatchObject({ totalCount: 3, nodes: [{ userName: names[2] }] });
});

test.each([
  [{ first: 1001 }, 'INVALID_VALUE'],
  [{ first: -1 }, 'INVALID_VALUE'],
  [{ last: 1001 }, 'INVALID_VALUE'],
  [{ offset: -1 }, 'INVALID_VALUE'],
  [{ first: 1, last: 1 }, 'INVALID_VALUE'],
  [{ last: 1, after: 'x' }, 'INVALID_VALUE'],
  [{ last: 1, offset: 1 }, 'INVALID_VALUE'],
  [{ first: 1, after: 'made-up' }, 'INVALID_CURSOR'],
  [{ last: 1, before: 'made-up' }, 'INVALID_CURSOR'],
])('%j is refused', async (variables, code) => expect(codes(await listed.graphql(LIST, variables))).toEqual([code]));

test('a cursor of another order, or one that somebody made up, is refused', async () => {
  const {
    pageInfo: { endCursor },
  } = await pageOf(LIST, { first: 1, orderBy: { field: 'title' } });
  const forged = (value: unknown, tag: string) =>
    Buffer.from(JSON.stringify([value, '01890000-0000-7000-8000-000000000000', tag])).toString('base64url');
  const tries = [
    { after: endCursor },
    { after: endCursor, orderBy: { field: 'userName' } },
    { after: endCursor, orderBy: { field: 'title', direction: 'DESC' } },
    { after: forged('maybe', '+active'), orderBy: { field: 'active' } },
    { after: forged('soon', '+meta.created'), orderBy: { field: 'meta.created' } },
    { after: forged('x', '+id'), orderBy: { field: 'id' } },
    { after: forged('0000-01-01T00:00:00Z', '+meta.created'), orderBy: { field: 'meta.created' } },
    { after: forged('2026-01-01 (noon)', '+meta.created'), orderBy: { field: 'meta.created' } },
    { after: forged('\0', '+title'), orderBy: { field: 'title' } },
    { after: forged({ $gt: '' }, '+title'), orderBy: { field: 'title' } },
  ];
  for (const variables of tries) {
    expect(codes(await listed.graphql(LIST, { first: 1, ...variables })), JSON.stringify(variables)).toEqual(['INVALID_CURSOR']);
  }
});

test('an offset counts from the cursor, over the end of what has a value, too', async () => {
  const all = [...names.slice(3), ...names.slice(0, 3)];
  for (const query of [LIST, SEARCH]) {
    const by = { orderBy: { field: 'title', direction: 'DESC' }, filter: 'userName pr' };
    expect(namesOf(await pageOf(query, { ...by, first: 1000 }))).toEqual(all);
    const {
      pageInfo: { endCursor: after },
    } = await pageOf(query, { ...by, first: 2 });
    for (const offset of [0, 1, 2, 3, 4, 5, 6]) {
      expect(namesOf(await pageOf(query, { ...by, after, offset, first: 2 })), `offset ${offset}`).toEqual(
        all.slice(2 + offset, 4 + offset),
      );
    }
  }
});

test('nobody is asked for, but how many there are', async () => {
  for (const [query, total] of [
    [LIST, 7],
    [SEARCH, 9],
  ] as const) {
    expect(await pageOf(query, { first: 0 })).toEqual({
      totalCount: total,
      nodes: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
    expect((await pageOf(query, { first: 0, offset: total })).pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(await pageOf(query, { first: 0, filter: 'title eq "Low"' })).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
  }
});

test('a filter or an order is refused with the position of the fault, also where users and groups are searched together', async () => {
  for (const query of [LIST, SEARCH]) {
    const refused = await listed.graphql(query, { first: 1, filter: 'userName eq' });
    expect(codes(refused)).toEqual(['INVALID_FILTER']);
    expect(refused.errors![0]!.message).toMatch(/position 12/);
    for (const filter of ['colour eq "red"', '', ' ']) {
      expect(codes(await listed.graphql(query, { filter })), filter).toEqual(['INVALID_FILTER']);
    }
    expect((await listed.graphql(query, { orderBy: { field: 'colour' } })).errors).toMatchObject([
      { extensions: { code: 'INVALID_PATH', field: 'orderBy.field' } },
    ]);
  }
});

describe('only what is asked for is answered', () => {
  const only = (selection: string) =>
    listed.graphql(`{ users(first: 1) { nodes { ${selection} } edges { node { ${selection} } } } }`).then(({ data }) => {
      const { nodes, edges } = data!['users'] as unknown as { nodes: object[]; edges: { node: object }[] };
      expect(edges[0]!.node).toEqual(nodes[0]);
      return nodes[0];
    });
  const [userName] = names;
  const emails = [{ primary: true, value: 'ann.lee@example.com', type: 'work' }];

  test.each([
    ['attributes(only: [])', { attributes: {} }],
    ['attributes(only: ["userName", "active"])', { attributes: { userName, active: true } }],
    ['attributes(only: ["emails"]) userName', { attributes: { emails }, userName }],
    [`attributes(only: ["${ENTERPRISE}"]) title`, { attributes: { [ENTERPRISE]: { department: 'D' } }, title: 'Low' }],
    ['enterprise { department } name { givenName }', { enterprise: { department: 'D' }, name: { givenName: 'Ann' } }],
    ['attributes(only: ["password", "groups", "id"])', { attributes: {} }],
    ['attributes(only: ["title", "urn:example:taken-back"])', { attributes: { title: 'Low' } }],
    [
      `attributes(only: ["USERNAME", "Active", "${ENTERPRISE.toUpperCase()}"])`,
      { attributes: { userName, active: true, [ENTERPRISE]: { department: 'D' } } },
    ],
    ['document(only: ["UserName"])', { document: expect.objectContaining({ type: 'User', attributes: { userName } }) as unknown }],
    [
      'some: attributes(only: ["title"]) all: attributes(only: ["title", "userName"])',
      { some: { title: 'Low' }, all: { title: 'Low', userName } },
    ],
  ])('%s', async (selection, expected) => expect(await only(selection)).toEqual(expected));

  test.each(['constructor', 'x', 'name.givenName', ''])('%j is no name, and refused', async (name) => {
    for (const [field, type] of [
      ['users', 'Users'],
      ['groups', 'Groups'],
    ] as const) {
      const refused = {
        message: `${type} have no attribute "${name}": "only" takes the names of whole attributes, and URNs of extensions.`,
        extensions: { code: 'INVALID_VALUE', field: 'only' },
      };
      for (const selection of ['attributes', 'document']) {
        const { data, errors } = await listed.graphql(
          `query ($only: [String!]) { ${field}(first: 2) { nodes { ${selection}(only: $only) } } }`,
          { only: ['externalId', name] },
        );
        expect([data, errors]).toMatchObject([null, [refused]]);
      }
    }
  });

  test('through fragments, and of one resource', async () => {
    const { data } = await listed.graphql(
      `query ($by: UserBy!) { user(by: $by) { ...Names ... on User { title } } } fragment Names on User { userName nickName attributes(only: ["active"]) }`,
      { by: { userName } },
    );
    expect(data!['user']).toEqual({ userName, nickName: null, title: 'Low', attributes: { active: true } });
  });

  test('the whole document where no names are given', async () => {
    expect(await only('attributes')).toMatchObject({
      attributes: { userName, active: true, emails, title: 'Low', [ENTERPRISE]: { department: 'D' } },
    });
  });
});
