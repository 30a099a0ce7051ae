/**
 * What a core in production lets out of an error: a stable code, a sentence about the request, the request's id; nothing of what is inside.
 */
import { createServer } from 'node:http';
import { type ApolloServer } from '@apollo/server';
import { GraphQLInterfaceType, GraphQLObjectType } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { Failure, isFailureCode } from '../../schema/failure.js';
import type { Context } from '../../services/identity/api/context.js';
import { makeGraphqlServer } from '../../services/identity/api/graphql-server.js';
import { buildIdentitySchema } from '../../services/identity/api/schema.js';
import { exchange, type Headers, type Payload } from '../support/http.js';
import { createOwnStore, type OwnStore } from '../support/own-store.js';
import { startSystem, type System, type Tenant } from '../support/world.js';

const INTERNAL_WORDS =
  /node_modules|services\/|\.(ts|js|mjs):\d|\bat [\w.]+ \(|select |insert |relation "|column "|postgres|pglite|redis|ECONN|127\.0\.0\.1|type-graphql|apollo|mikro|kysely|did you mean|stack/i;
/** Codes of GraphQL servers in general; all others are of our table. */
const COMMON_CODES = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
];

interface Told {
  readonly message: string;
  readonly extensions: { readonly code: string; readonly requestId: string };
}

function expectClean(text: string, errors: readonly Told[]): void {
  expect(text).not.toMatch(INTERNAL_WORDS);
  for (const {
    message,
    extensions: { code, ...rest },
  } of errors) {
    expect(message).toMatch(/^.{5,400}$/s);
    expect(isFailureCode(code) || COMMON_CODES.includes(code), code).toBe(true);
    expect(Object.keys(rest).filter((key) => !['requestId', 'field', 'retryAfter'].includes(key))).toEqual([]);
  }
}

describe('a core in production', () => {
  let own: OwnStore;
  let system: System;
  let tenant: Tenant;
  let token: string;

  beforeAll(async () => {
    own = await createOwnStore();
    const production = { production: true, introspection: false };
    system = await startSystem({ database: own.location, redisUrl: own.server && process.env['REDIS_URL'] }, false, production);
    tenant = await system.newTenant();
    const issued = await tenant.graphql('mutation ($input: IssueTokenInput!) { issueToken(input: $input) { accessToken } }', {
      input: { clientId: tenant.clientId, clientSecret: tenant.clientSecret, audience: 'GRAPHQL', expiresIn: 3600 },
    });
    token = String(issued.data?.['issueToken']?.['accessToken']);
  }, 60_000);
  afterAll(async () => {
    await system?.close();
    await own.drop();
  });

  async function refused(
    body: Payload,
    headers: Headers = {},
    method = 'POST',
    path = '/graphql',
  ): Promise<{ status: number; codes: string[] }> {
    const answer = await exchange(
      system.identityUrl,
      method,
      path,
      { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body,
    );
    const errors = answer.body['errors'] as readonly Told[];
    expectClean(answer.text, errors);
    for (const { extensions } of errors) expect(extensions.requestId).toBe(answer.headers['x-request-id']);
    expect(Object.keys(answer.headers).filter((name) => /powered|server/.test(name))).toEqual([]);
    return { status: answer.status, codes: errors.map(({ extensions }) => extensions.code) };
  }

  test.each([
    ['introspection', { query: '{ __schema { types { name } } }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['introspection of a type', { query: '{ __type(name: "User") { name } }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['the SDL for routers', { query: '{ _service { sdl } }' }, 403, 'FORBIDDEN'],
    ['a field that is nearly one', { query: '{ usres { totalCount } }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['an argument that is nearly one', { query: '{ users(frist: 1) { totalCount } }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['a type that is nearly one', { query: 'query ($by: UserBi!) { user(by: $by) { id } }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a value of an enum that is nearly one',
      { query: '{ users(orderBy: { field: "userName", direction: DSC }) { totalCount } }' },
      400,
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'the same in a variable',
      {
        query: 'query ($orderBy: OrderBy) { users(orderBy: $orderBy) { totalCount } }',
        variables: { orderBy: { field: 'userName', direction: 'DSC' } },
      },
      400,
      'BAD_USER_INPUT',
    ],
    [
      'a field of an input that is nearly one',
      { query: 'query ($by: UserBy!) { user(by: $by) { id } }', variables: { by: { userNam: 'a' } } },
      400,
      'BAD_USER_INPUT',
    ],
    ['no GraphQL', { query: '{' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['no query', { query: '' }, 400, 'BAD_REQUEST'],
    ['a query that is no text', { query: { kind: 'Document' } }, 400, 'BAD_REQUEST'],
    ['no JSON', '{"query":', 400, 'INVALID_SYNTAX'],
    ['a batch', [{ query: '{ __typename }' }], 400, 'BAD_REQUEST'],
    ['another operation than there is', { query: 'query A { __typename }', operationName: 'B' }, 400, 'OPERATION_RESOLUTION_FAILURE'],
    [
      'an unknown document',
      { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } },
      400,
      'PERSISTED_QUERY_NOT_FOUND',
    ],
    ['a filter that is none', { query: '{ users(filter: "userName eq") { totalCount } }' }, 200, 'INVALID_FILTER'],
    ['a cursor that is none', { query: '{ users(after: "\' or 1=1 --") { totalCount } }' }, 200, 'INVALID_CURSOR'],
    ['a page that is too large', { query: '{ users(first: 1001) { totalCount } }' }, 200, 'INVALID_VALUE'],
    ['what the token does not permit', { query: 'mutation { createTenant(input: { name: "Mine" }) { clientId } }' }, 403, 'FORBIDDEN'],
    [
      'an entity of no type of ours',
      {
        query: 'query ($all: [_Any!]!) { _entities(representations: $all) { __typename } }',
        variables: { all: [{ __typename: 'Tenant', id: 'a' }] },
      },
      200,
      'INVALID_VALUE',
    ],
  ] as [string, Payload, number, string][])('%s', async (_, body, status, code) => {
    const { codes, ...answered } = await refused(body);
    expect({ ...answered, codes: [...new Set(codes)] }).toEqual({ status, codes: [code] });
  });

  test('a method, a content type, a token', async () => {
    expect(await refused({ query: '{ __typename }' }, {}, 'PUT')).toEqual({ status: 405, codes: ['BAD_REQUEST'] });
    expect(await refused('{ __typename }', { 'content-type': 'text/plain' })).toMatchObject({ status: 400 });
    expect(await refused({ query: '{ __typename }' }, { authorization: 'Bearer made-up' })).toEqual({
      status: 401,
      codes: ['UNAUTHENTICATED'],
    });
    expect(await refused({ query: '{ __typename }' }, { authorization: `Bearer ${tenant.token}` })).toEqual({
      status: 403,
      codes: ['FORBIDDEN'],
    });
    expect(
      await refused(
        undefined,
        {},
        'GET',
        `/graphql?query=${encodeURIComponent('mutation { deleteUser(input: { id: "a" }) { deletedId } }')}`,
      ),
    ).toEqual({ status: 405, codes: ['BAD_REQUEST'] });
    expect(await refused(undefined, {}, 'GET', '/graphql?query={__typename}&variables=[')).toEqual({ status: 400, codes: ['BAD_REQUEST'] });
  });

  test('a page of GraphiQL is not to be had', async () => {
    const answer = await exchange(system.identityUrl, 'GET', '/graphql', { accept: 'text/html' });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).not.toContain('html');
    expect((await exchange(system.identityUrl, 'GET', '/graphiql', { accept: 'text/html' })).status).toBe(404);
  });

  test.runIf(inject('world') === 'network')('a fault of the database says nothing of the database', async () => {
    await own.server!.query('alter table app_group rename to hidden');
    try {
      expect(await refused({ query: '{ groups { totalCount } }' })).toEqual({ status: 500, codes: ['INTERNAL'] });
      expect(
        await refused({
          query:
            '{ user(by: { id: "01890a5d-ac96-774b-bcce-b302099a8057" }) { id } node(id: "01890a5d-ac96-774b-bcce-b302099a8057") { id } }',
        }),
      ).toMatchObject({ status: 500, codes: ['INTERNAL'] });
    } finally {
      await own.server!.query('alter table hidden rename to app_group');
    }
  });
});

describe('whatever is thrown inside', () => {
  const secret = 'select * from app_user where secret = 1';
  const thrown: readonly (readonly [name: string, error: unknown, code: string])[] = [
    ["a driver's error", Object.assign(new Error(secret), { code: '42P01', detail: secret, table: 'app_user' }), 'INTERNAL'],
    ['a fault of ours', new TypeError("Cannot read properties of undefined (reading 'secret')"), 'INTERNAL'],
    ['a text', secret, 'INTERNAL'],
    ['nothing', null, 'INTERNAL'],
    ['an error with extensions', Object.assign(new Error(secret), { extensions: { code: 'BAD_USER_INPUT', secret } }), 'INTERNAL'],
    ['a failure with a cause', new Failure('UNAVAILABLE', { cause: new Error(secret) }), 'UNAVAILABLE'],
    ['a refusal', new Failure('NOT_FOUND'), 'NOT_FOUND'],
  ];

  test.each(thrown)('%s', async (_, error, code) => {
    const schema = buildIdentitySchema();
    (schema.getType('Query') as GraphQLObjectType).getFields()['users']!.resolve = () => {
      throw error;
    };
    const server: ApolloServer<Context> = makeGraphqlServer(schema, createServer(), false, pino({ level: 'silent' }));
    const { body } = await server.executeOperation(
      { query: '{ users { totalCount } }' },
      { contextValue: { origin: { requestId: 'a', address: '' } } as Context },
    );
    const text = JSON.stringify(body);
    const { errors } = (body as unknown as { readonly singleResult: { readonly errors: readonly Told[] } }).singleResult;
    expect(text).not.toContain('secret');
    expectClean(text, errors);
    expect(errors.map(({ extensions }) => extensions.code)).toEqual([code]);
  });

  test.each<[string, string, string, object]>([
    ['a number that is none', '{ users { totalCount } }', 'users', { total: async () => 'many' }],
    ['a node of no type', '{ node(id: "a") { id } }', 'node', { id: 'a' }],
    ['a node of a type that is none', '{ node(id: "a") { id } }', 'node', { __typename: 'Nothing', id: 'a' }],
    ['a node of a type that is no node', '{ node(id: "a") { id } }', 'node', { __typename: 'RateLimit', id: 'a' }],
    ['a list that is none', '{ users { nodes { id } } }', 'users', { nodes: 5 }],
    ['nothing where there must be something', '{ users { nodes { id } } }', 'users', { nodes: [null] }],
    ['a word that is none of its list', '{ changes { nodes { subjectType } } }', 'changes', { nodes: [{ subjectType: 'NOTHING' }] }],
  ])('or answered where the schema has something else is a fault of ours, and in the log: %s', async (_, query, field, answered) => {
    const lines: string[] = [];
    const schema = buildIdentitySchema();
    (schema.getType('Query') as GraphQLObjectType).getFields()[field]!.resolve = () => answered;
    (schema.getType('Node') as GraphQLInterfaceType).resolveType = (node: Record<string, string>) => node['__typename'];
    const server: ApolloServer<Context> = makeGraphqlServer(
      schema,
      createServer(),
      false,
      pino({}, { write: (line: string) => void lines.push(line) }),
    );
    const { body, http } = await server.executeOperation(
      { query },
      { contextValue: { origin: { requestId: 'a', address: '' } } as Context },
    );
    expect([JSON.stringify(body), http.status]).toEqual([expect.stringMatching(/"code":"INTERNAL"/), 500]);
    expect(JSON.stringify(body)).not.toMatch(/NOTHING|Nothing|resolve/);
    expect(lines.filter((line) => line.includes('a fault of ours'))).toHaveLength(1);
  });
});
