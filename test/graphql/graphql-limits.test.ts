/** What one operation may ask: hostile documents are refused before anything is resolved, and what a good one counts for is told. */
import { ApolloServer } from '@apollo/server';
import { createServer } from 'node:http';
import { buildSchema, GraphQLObjectType, getIntrospectionQuery, parse } from 'graphql';
import { pino } from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../schema/resources.js';
import type { Context } from '../../services/identity/api/context.js';
import { makeGraphqlServer } from '../../services/identity/api/graphql-server.js';
import { costCounter } from '../../services/identity/api/operation-cost.js';
import { operationLimits } from '../../services/identity/api/operation-limits.js';
import { buildIdentitySchema } from '../../services/identity/api/schema.js';
import { buildToolsSchema } from '../../services/identity/api/subgraph.js';
import { type Answer, exchange } from '../support/http.js';
import { newTenant, type Tenant, world } from '../support/world.js';

let tenant: Tenant;
let token: string;
beforeAll(async () => {
  tenant = await newTenant();
  const issued = await tenant.graphql('mutation ($input: IssueTokenInput!) { issueToken(input: $input) { accessToken } }', {
    input: { clientId: tenant.clientId, clientSecret: tenant.clientSecret, audience: 'GRAPHQL', expiresIn: 3600 },
  });
  token = String(issued.data?.['issueToken']?.['accessToken']);
});

/** As the caller of the tenant sends it. */
const post = async (payload: string | object): Promise<Answer> =>
  exchange(
    (await world()).identityUrl,
    'POST',
    '/graphql',
    { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    payload,
  );

const times = (count: number, text: (at: number) => string): string => Array.from({ length: count }, (_, at) => text(at)).join(' ');
const nested = (levels: number, open: string, close: string, inner: string): string => open.repeat(levels) + inner + close.repeat(levels);

/** Documents that look small or harmless and are not. */
const hostile: readonly (readonly [name: string, code: string, body: () => string | object])[] = [
  ['1,000 aliases', 'GRAPHQL_PARSE_FAILED', () => ({ query: `{ ${times(1000, (at) => `a${at}: __typename`)} }` })],
  ['10,000 aliases', 'BODY_TOO_LARGE', () => ({ query: `{ ${times(10_000, (at) => `a${at}: __typename`)} }` })],
  ['16 aliases of a list', 'TOO_COMPLEX', () => ({ query: `{ ${times(16, (at) => `a${at}: users { totalCount }`)} }` })],
  [
    '16 aliases in fragments',
    'TOO_COMPLEX',
    () => ({ query: `{ ${times(4, () => '...F')} } fragment F on Query { ${times(4, (at) => `a${at}: users { totalCount }`)} }` }),
  ],
  [
    '60 levels',
    'TOO_COMPLEX',
    () => ({
      query: `{ node(id: "a") ${nested(10, '{ ... on Group { members { nodes { user { groups { nodes ', ' } } } } } }', '{ id }')} }`,
    }),
  ],
  [
    '13 levels through fragments',
    'TOO_COMPLEX',
    () => ({
      query: `{ groups { nodes { ...A } } } fragment A on Group { members { nodes { group { ...B } } } } fragment B on Group { members { nodes { group { members { nodes { group { members { nodes { id } } } } } } } } }`,
    }),
  ],
  [
    'a fan-out of 2^14',
    'GRAPHQL_VALIDATION_FAILED',
    () => ({
      query: `{ ...F0 } ${times(14, (at) => `fragment F${at} on Query { a: node(id: "a") { ...on Group { id } } ...F${at + 1} ...F${at + 1} }`)} fragment F14 on Query { users { totalCount } }`,
    }),
  ],
  [
    'a bomb of 2^30 fragments',
    'GRAPHQL_VALIDATION_FAILED',
    () => ({
      query: `{ ...F0 } ${times(30, (at) => `fragment F${at} on Query { ...F${at + 1} ...F${at + 1} }`)} fragment F30 on Query { __typename }`,
    }),
  ],
  [
    'fragments in a circle',
    'GRAPHQL_VALIDATION_FAILED',
    () => ({ query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }' }),
  ],
  ['5,000 directives', 'GRAPHQL_PARSE_FAILED', () => ({ query: `{ __typename ${'@skip(if: false) '.repeat(5000)} }` })],
  [
    '51 directives',
    'TOO_COMPLEX',
    () => ({ query: `{ ${times(51, (at) => `... @include(if: true) { ${at === 0 ? 'users { totalCount }' : '__typename'} }`)} }` }),
  ],
  ['a batch', 'BAD_REQUEST', () => [{ query: '{ users { totalCount } }' }, { query: '{ users { totalCount } }' }]],
  ['a document of 2 MB', 'BODY_TOO_LARGE', () => ({ query: `{ user(by: { id: "${'a'.repeat(2 * 1024 * 1024)}" }) { id } }` })],
  ['a document of 2 MB of commas', 'BODY_TOO_LARGE', () => ({ query: `{ users { totalCount ${','.repeat(2 * 1024 * 1024)} } }` })],
  [
    'lists 100,000 deep in variables',
    'INVALID_SYNTAX',
    () => `{"query":"query ($ids: [ID!]) { users { totalCount } }","variables":{"ids":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
  ],
  [
    '65 levels in a value of JSON',
    'INVALID_SYNTAX',
    () => ({
      query: 'mutation ($input: ChangeUserInput!) { changeUser(input: $input) { user { id } } }',
      variables: { input: { id: 'a', changes: [{ op: 'REPLACE', path: 'title', value: JSON.parse(nested(65, '[', ']', '')) }] } },
    }),
  ],
  [
    '1,000 users with 1,000 groups each',
    'TOO_COMPLEX',
    () => ({ query: '{ users(first: 1000) { nodes { groups(first: 1000) { nodes { id } } } } }' }),
  ],
  [
    'the same in variables',
    'TOO_COMPLEX',
    () => ({
      query: 'query ($many: Int!) { users(first: $many) { nodes { groups(first: $many) { nodes { id } } } } }',
      variables: { many: 1000 },
    }),
  ],
  [
    'the same from the end',
    'TOO_COMPLEX',
    () => ({ query: '{ users(last: 1000) { edges { node { groups(first: 101) { totalCount } } } } }' }),
  ],
  [
    'the same of nodes by their ids',
    'TOO_COMPLEX',
    () => ({
      query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Group { members(first: 1000) { totalCount } } } }',
      variables: { ids: Array.from({ length: 101 }, () => 'a') },
    }),
  ],
  [
    'a router asking for too much',
    'TOO_COMPLEX',
    () => ({
      query: 'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Group { members(first: 1000) { totalCount } } } }',
      variables: { all: Array.from({ length: 101 }, () => ({ __typename: 'Group', id: 'a' })) },
    }),
  ],
  [
    'introspection of introspection',
    'GRAPHQL_VALIDATION_FAILED',
    () => ({ query: `{ __schema { types ${nested(12, '{ fields { type ', ' } }', '{ name }')} } }` }),
  ],
];

describe('a hostile request', () => {
  test.each(hostile)('%s is refused, and nothing is resolved', async (name, code, body) => {
    const answer = await post(body());
    expect([400, 413], answer.text.slice(0, 300)).toContain(answer.status);
    const { errors, data } = answer.body as unknown as {
      readonly errors: readonly { readonly message: string; readonly extensions: { readonly code: string; readonly requestId: string } }[];
      readonly data?: unknown;
    };
    expect(data).toBeUndefined(); // there where the execution has begun (GraphQL, section 7.1)
    expect(
      errors.map((error) => error.extensions.code),
      errors[0]!.message,
    ).toEqual([code]);
    expect(errors[0]!.message.length, errors[0]!.message).toBeLessThan(400);
    expect(errors[0]!.extensions.requestId).toBe(answer.headers['x-request-id']);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.elapsed, `${name} held us up`).toBeLessThan(10_000);
  });

  test('calls no resolver, whatever the transport', async () => {
    const schema = buildToolsSchema(buildIdentitySchema(), true);
    let calls = 0;
    for (const type of Object.values(schema.getTypeMap())) {
      if (!(type instanceof GraphQLObjectType) || type.name.startsWith('__')) continue;
      for (const field of Object.values(type.getFields())) {
        field.resolve = () => {
          calls += 1;
          return null;
        };
      }
    }
    const server: ApolloServer<Context> = makeGraphqlServer(schema, createServer(), true, pino({ level: 'silent' }));
    const run = async (body: unknown) => server.executeOperation(body as { query: string }, { contextValue: {} as Context });
    const measured: string[] = [];
    for (const [name, , body] of hostile) {
      const sent = body();
      if (typeof sent === 'string' || Array.isArray(sent) || name.includes('MB') || name.includes('JSON')) continue; // refused before they come this far
      const started = performance.now();
      await run(sent);
      measured.push(`${name}: ${(performance.now() - started).toFixed(1)} ms`);
      expect(calls, name).toBe(0);
    }
    await run({ query: '{ users { totalCount } }' });
    expect(calls).toBe(1);
    expect(measured.length, measured.join('\n')).toBeGreaterThan(10);
  });
});

describe('variables that do not fit', () => {
  const NODES = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Group { members(first: 1) { totalCount } } } }';
  const MEMBERS = 'mutation ($input: GroupMembersInput!) { addGroupMembers(input: $input) { group { members(first: 1) { totalCount } } } }';
  const CREATE =
    'mutation ($input: CreateUsersInput!) { createUsers(input: $input) { results { user { groups(first: 1) { totalCount } } } } }';
  const wrong = (count: number): unknown[] => Array.from({ length: count }, () => true);
  const named = (prefix: string, count: number): object =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`${prefix}${at}`, 0]));

  test.each<[string, string, object]>([
    ['wrong ids of nodes', NODES, { ids: wrong(170_000) }],
    ['wrong ids of members', MEMBERS, { input: { groupId: 'a', memberIds: wrong(170_000) } }],
    [
      'objects with unknown members',
      CREATE,
      { input: { users: Array.from({ length: 900 }, () => ({ userName: 'a', ...named('a', 90) })) } },
    ],
    [
      'one object with very many names in its members',
      CREATE,
      {
        input: {
          users: [{ userName: 'a', ...Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`n${at}`, named('unknown', 500)])) }],
        },
      },
    ],
  ])('%s are told in a few sentences, at once', async (_, query, variables) => {
    const body = JSON.stringify({ query, variables });
    expect(body.length).toBeGreaterThan(limits.bodyBytes * 0.6);
    expect(body.length).toBeLessThan(limits.bodyBytes);
    await post({ query: '{ __typename }' });
    const answer = await post(body);
    const { errors, data } = answer.body as unknown as {
      readonly errors: readonly { readonly message: string; readonly extensions: object }[];
      readonly data?: unknown;
    };
    expect([answer.status, data, errors.length]).toEqual([400, undefined, 20]);
    for (const { message, extensions } of errors) {
      expect(message).toMatch(/^Variable "\$\w+" got invalid value .{1,110} at "[\w.[\]…]+"; ./);
      expect(message.length).toBeLessThan(400);
      expect(extensions).toEqual({ code: 'BAD_USER_INPUT', requestId: answer.headers['x-request-id'] });
    }
    expect(answer.elapsed).toBeLessThan(1000); // 20 s, where all are looked for; some 100 ms on an idle machine
  });

  test('all are told where they are few, without the whole of what was sent', async () => {
    const answer = await post({
      query:
        'mutation ($input: CreateUserInput!, $first: Int) { createUser(input: $input) { user { groups(first: $first) { totalCount } } } }',
      variables: { first: 'x'.repeat(500), input: { user: { userName: { a: [1] }, emails: [1, { value: [2] }] } } },
    });
    expect((answer.body['errors'] as { readonly message: string }[]).map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "Variable "$input" got invalid value {…} at "input.user.userName"; String cannot represent a non string value: { a: [1] }",
        "Variable "$input" got invalid value 1 at "input.user.emails[0]"; Expected type "EmailInput" to be an object.",
        "Variable "$input" got invalid value […] at "input.user.emails[1].value"; String cannot represent a non string value: [2]",
        "Variable "$first" got invalid value "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…; Int cannot represent non-integer value: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…",
      ]
    `);
  });
});

describe('what an operation counts for', () => {
  const counted = async (query: string, variables?: object) => {
    const { data, errors } = await tenant.graphql(query.replace('{', '{ rateLimit { cost nodeCount } '), variables);
    expect(errors).toBeUndefined();
    return data!['rateLimit'];
  };

  test.each([
    ['nothing', '{ __typename }', { cost: 1, nodeCount: 0 }],
    ['a page', '{ users(first: 50) { nodes { id } } }', { cost: 1, nodeCount: 50 }],
    ['a page of the usual size', '{ users { totalCount } }', { cost: 1, nodeCount: limits.defaultPageSize }],
    // The example of GitHub's documentation: 50 repositories with 20 pull requests and 20 issues each: 50 + 50 * 20 + 50 * 20.
    ['documents', '{ users(first: 50) { nodes { document } } }', { cost: 1, nodeCount: 50 }],
    ['a document with its relation', '{ user(by: { userName: "nobody" }) { document(relation: true) } }', { cost: 1, nodeCount: 1000 }],
    ['documents with their relations', '{ users(first: 10) { nodes { document(relation: true) } } }', { cost: 10, nodeCount: 10_010 }],
    [
      'pages in pages',
      '{ groups(first: 50) { nodes { members(first: 20) { totalCount } all: members(first: 20, effective: true) { totalCount } } } }',
      { cost: 2, nodeCount: 2050 },
    ],
    [
      'the same through edges and fragments',
      '{ groups(first: 50) { edges { node { ...M } } } } fragment M on Group { members(first: 20) { totalCount } }',
      { cost: 1, nodeCount: 1050 },
    ],
    [
      'nodes by their ids',
      '{ nodes(ids: ["a", "b", "c"]) { ... on Group { members(first: 20) { totalCount } } } }',
      { cost: 1, nodeCount: 63 },
    ],
    [
      'long pages in few connections',
      '{ groups(first: 20) { nodes { members(first: 1000) { totalCount } } } }',
      { cost: 20, nodeCount: 20_020 },
    ],
    ['what is skipped', '{ users(first: 50) @skip(if: true) { totalCount } groups(first: 3) { totalCount } }', { cost: 1, nodeCount: 3 }],
    [
      'of two types the larger',
      '{ search(first: 10) { nodes { ... on User { groups(first: 5) { totalCount } } ... on Group { members(first: 7) { totalCount } } } } }',
      { cost: 1, nodeCount: 80 },
    ],
  ])('%s', async (_, query, expected) => {
    expect(await counted(query)).toEqual(expected);
  });

  test('what a variable decides is counted anew with each', async () => {
    const query = 'query ($all: Boolean) { users(first: 10) { nodes { document(relation: $all) } } }';
    const queryWithCount = query.replace('{', '{ rateLimit { nodeCount }');
    const nodesOf = async (all: boolean) => (await tenant.graphql(queryWithCount, { all })).data!['rateLimit'];
    expect([await nodesOf(false), await nodesOf(true), await nodesOf(false)]).toEqual([10, 10_010, 10].map((nodeCount) => ({ nodeCount })));
  });

  test('twenty-five thousand nodes may be asked for, and not one more', async () => {
    expect((await tenant.graphql('{ users(first: 999) { nodes { groups(first: 24) { totalCount } } } }')).status).toBe(200);
    const refused = await tenant.graphql('{ users(first: 999) { nodes { groups(first: 25) { totalCount } } } }');
    expect(refused).toMatchObject({ status: 400, errors: [{ extensions: { code: 'TOO_COMPLEX' } }] });
    expect(refused.errors![0]!.message).toContain(String(operationLimits.nodes));
  });

  describe('counted without a core', () => {
    const count = costCounter(
      buildSchema(`
      type Query { users(first: Int): UserConnection! user: User }
      type Mutation { make(input: MakeInput!): MakePayload! }
      input MakeInput { users: [UserInput!] ids: [ID!] }
      input UserInput { name: String }
      type MakePayload { results: [Result!]! userErrors: [UserError!]! one: User }
      type Result { user: User }
      type UserError { code: String }
      type User { id: ID groups(first: Int = 100): GroupConnection! }
      type GroupConnection { totalCount: Int }
      type UserConnection { nodes: [User!]! }`),
    );
    const make = parse(
      'mutation ($input: MakeInput!) { make(input: $input) { results { user { groups(first: 5) { totalCount } } } userErrors { code } one { groups(first: 1) { totalCount } } } }',
    );
    const users = Array.from({ length: 200 }, () => ({ name: 'a' }));
    const ids = Array.from({ length: 100_000 }, (_, at) => String(at));

    test('a payload counts for each item that was sent, ids are none', () => {
      expect(count({ document: make, variables: { input: { users } } })).toEqual({ nodeCount: 1001, cost: 3 });
      expect(count({ document: make, variables: { input: { users: users.slice(0, 1) } } })).toEqual({ nodeCount: 6, cost: 1 });
      expect(count({ document: make, variables: { input: { ids } } })).toEqual({ nodeCount: 6, cost: 1 });
    });

    test('what the variables say counts each time, whatever was counted before', () => {
      const list = parse(
        'query A($first: Int, $is: Boolean = true) { users(first: $first) { nodes { groups @include(if: $is) { totalCount } } } } query B { users(first: 2) { nodes { id } } }',
      );
      expect(count({ document: list, operationName: 'A', variables: { first: 3 } })).toEqual({ nodeCount: 303, cost: 1 });
      expect(count({ document: list, operationName: 'A', variables: { first: 7, is: false } })).toEqual({ nodeCount: 7, cost: 1 });
      expect(count({ document: list, operationName: 'B' })).toEqual({ nodeCount: 2, cost: 1 });
    });

    test('each operation of a document that says it all is counted once, and each for itself', () => {
      const fixed = parse(
        'query A { users(first: 3) { nodes { groups { totalCount } } } } query B { users(first: 2) { nodes { id } } } query C { user { id } }',
      );
      for (let time = 0; time < 2; time += 1) {
        expect(count({ document: fixed, operationName: 'A' })).toEqual({ nodeCount: 303, cost: 1 });
        expect(count({ document: fixed, operationName: 'B' })).toEqual({ nodeCount: 2, cost: 1 });
        expect(count({ document: fixed, operationName: 'C' })).toEqual({ nodeCount: 0, cost: 1 });
      }
    });

    test('far more than may be is far more', () => {
      const deep = parse('{ users(first: 1000000) { nodes { groups(first: 1000000) { totalCount } } } }');
      expect(count({ document: deep })!.nodeCount).toBeGreaterThan(operationLimits.nodes);
    });
  });

  test('is taken from what the tenant may ask in a window, and what is left is told', async () => {
    const fresh = await newTenant();
    const ask = async (query: string) =>
      (await fresh.graphql(query)).data!['rateLimit'] as unknown as { cost: number; limit: number; remaining: number; resetAt: string };
    const first = await ask('{ rateLimit { cost limit remaining resetAt } }');
    expect(first.limit).toBeGreaterThan(first.remaining);
    expect(Date.parse(first.resetAt)).toBeGreaterThan(Date.now() - 1000);
    // Whether or not a new window has begun meanwhile, and whoever else has asked.
    const costly = await ask('{ rateLimit { cost limit remaining } groups(first: 1000) { nodes { members(first: 10) { totalCount } } } }');
    expect(costly.cost).toBe(11);
    expect(costly.limit - costly.remaining).toBeGreaterThanOrEqual(11);
  });

  test('is taken for what a write answers, too', async () => {
    const fresh = await newTenant();
    await (
      await world()
    ).admin('mutation ($input: UpdateTenantLimitsInput!) { updateTenantLimits(input: $input) { userErrors { code } } }', {
      input: { tenantId: fresh.id, requestsPerSecond: 5 },
    });
    const write = `mutation { updateGroup(input: { id: "${fresh.id}", group: {}, dryRun: true }) { group { members(first: 1000) { nodes { user { groups(first: 20) { totalCount } } } } } } }`;
    const answers = [];
    for (let sent = 0; sent < 20 && answers.at(-1)?.status !== 429; sent += 1) answers.push(await fresh.graphql(write));
    expect(answers.at(-1)).toMatchObject({ status: 429 });
  });

  test('is set for customers alone', async () => {
    const { admin } = await world();
    for (const tenantId of ['00000000-0000-0000-0000-000000000000', '01890a5d-ac96-774b-bcce-b302099a8057', 'x']) {
      const answer = await admin(
        'mutation ($input: UpdateTenantLimitsInput!) { updateTenantLimits(input: $input) { userErrors { code } } }',
        {
          input: { tenantId, requestsPerSecond: 5 },
        },
      );
      expect(answer.data, tenantId).toEqual({ updateTenantLimits: { userErrors: [{ code: 'NOT_FOUND' }] } });
    }
  });

  test('is not to be had where nothing is left, and told with when', async () => {
    const fresh = await newTenant();
    const limited = await (
      await world()
    ).admin('mutation ($input: UpdateTenantLimitsInput!) { updateTenantLimits(input: $input) { userErrors { code } } }', {
      input: { tenantId: fresh.id, requestsPerSecond: 5 },
    });
    expect(limited.data).toEqual({ updateTenantLimits: { userErrors: [] } });
    const query =
      '{ groups(first: 999) { nodes { members(first: 15) { totalCount } effective: members(first: 5, effective: true) { totalCount } } } }'; // 20 points
    const answers = [];
    for (let sent = 0; sent < 20 && answers.at(-1)?.status !== 429; sent += 1) answers.push(await fresh.graphql(query));
    expect(answers.at(-1)).toMatchObject({
      status: 429,
      errors: [{ extensions: { code: 'TOO_MANY_REQUESTS', retryAfter: expect.any(Number) } }],
    });
    expect(answers[0]).toMatchObject({ status: 200 });
  });

  test('without a token nobody is told', async () => {
    const answer = await exchange(
      (await world()).identityUrl,
      'POST',
      '/graphql',
      { 'content-type': 'application/json' },
      { query: '{ rateLimit { cost } }' },
    );
    expect(answer.text).toContain('UNAUTHENTICATED');
  });
});

describe('what is allowed', () => {
  test('tools may ask for the whole schema where they may ask at all', async () => {
    const { status, data } = await tenant.graphql(getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }));
    expect(status).toBe(200);
    expect(data).toHaveProperty('__schema');
  });

  test('15 aliases, 12 levels', async () => {
    expect(await tenant.graphql(`{ ${times(15, (at) => `a${at}: __typename @include(if: true)`)} }`)).toMatchObject({ status: 200 });
    const deep =
      '{ groups(first: 1) { nodes { members(first: 1) { nodes { user { groups(first: 1) { nodes { members(first: 1) { nodes { user { id } } } } } } } } } } }';
    expect(await tenant.graphql(deep)).toMatchObject({ status: 200 });
    expect(await tenant.graphql(deep.replace('{ id }', '{ enterprise { manager { value } } }'))).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'TOO_COMPLEX' } }],
    });
  });

  test('a set of 100,000 members, in a body of 4 MB', async () => {
    const memberIds = Array.from({ length: 100_000 }, (_, at) => `01890a5d-ac96-774b-bcce-${at.toString(16).padStart(12, '0')}`);
    const { status, body } = await post({
      query: 'mutation ($input: GroupMembersInput!) { removeGroupMembers(input: $input) { userErrors { code } } }',
      variables: { input: { groupId: memberIds[0], memberIds } },
    });
    expect(status).toBe(200);
    expect(body['data']).toEqual({ removeGroupMembers: { userErrors: [{ code: 'NOT_FOUND' }] } });
  });
});
