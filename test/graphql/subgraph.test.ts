/**
 * The core as a subgraph of Federation 2: it composes with a service that names users and groups, and answers them by their ids, each
 * tenant its own.
 */
import { composeServices } from '@theguild/federation-composition';
import { execute, parse } from 'graphql';
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../schema/resources.js';
import { builtInTypes } from '../../schema/tenant-types.js';
import { makeLoaders } from '../../services/identity/api/loaders.js';
import { buildIdentitySchema } from '../../services/identity/api/schema.js';
import { buildToolsSchema } from '../../services/identity/api/subgraph.js';
import type { Caller } from '../../services/identity/domain/caller.js';
import type { Services } from '../../services/identity/domain/services.js';
import { exchange } from '../support/http.js';
import { groupBody, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

const NEVER_WAS = '01890a5d-ac96-774b-bcce-b302099a8057';

let ours: Tenant;
let theirs: Tenant;
let [user, group, foreignUser, foreignGroup] = ['', '', '', ''];
beforeAll(async () => {
  [ours, theirs] = [await newTenant(), await newTenant()];
  const create = async (tenant: Tenant, path: string, body: object) => (await tenant.scim('POST', path, body)).body.id;
  user = await create(ours, '/Users', userBody('entity@x.com'));
  group = await create(ours, '/Groups', groupBody('Entities', [user]));
  foreignUser = await create(theirs, '/Users', userBody('entity@x.com'));
  foreignGroup = await create(theirs, '/Groups', groupBody('Entities', [foreignUser]));
});

const ENTITIES = `query ($all: [_Any!]!) { _entities(representations: $all) {
  __typename ... on User { id userName groups { nodes { displayName } } } ... on Group { id displayName members { nodes { display } } } } }`;
const entities = (tenant: Tenant, ...all: readonly object[]) => tenant.graphql(ENTITIES, { all });

async function sdl(): Promise<string> {
  const { data } = await ours.graphql('{ _service { sdl } }');
  return String(data?.['_service']?.['sdl']);
}

/** A service of bookings: it knows of a user its id, and tells of it what it books. */
const BOOKINGS = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Query { bookings(first: Int): BookingConnection! }
  type Booking @key(fields: "id") { id: ID! owner: User! group: Group }
  type BookingConnection { nodes: [Booking!]! pageInfo: PageInfo! }
  type PageInfo @shareable { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }
  type User @key(fields: "id") { id: ID! bookings: [Booking!]! }
  type Group @key(fields: "id") { id: ID! }
`;

describe('composition', () => {
  test('with a service of bookings gives a supergraph in which users have bookings', async () => {
    const result = composeServices([
      { name: 'identity', typeDefs: parse(await sdl()), url: 'http://identity/graphql' },
      { name: 'bookings', typeDefs: parse(BOOKINGS), url: 'http://bookings/graphql' },
    ]);
    expect(result.errors?.map(({ message }) => message)).toBeUndefined();
    const supergraph = String(result.supergraphSdl);
    expect(supergraph).toMatch(/type User[^{]*@join__type\(graph: IDENTITY, key: "id"\)/);
    expect(supergraph).toMatch(/type User[^{]*@join__type\(graph: BOOKINGS, key: "id"\)/);
    expect(supergraph).toMatch(/input UserBy[^{]*@oneOf/);
  });

  test('fails where a service says otherwise: the check can fail', async () => {
    const wrong = BOOKINGS.replace('bookings: [Booking!]!', 'bookings: [Booking!]! userName: Int');
    const { errors = [] } = composeServices([
      { name: 'identity', typeDefs: parse(await sdl()) },
      { name: 'bookings', typeDefs: parse(wrong) },
    ]);
    expect(errors.length).toBeGreaterThan(0);
  });
});

describe('entities', () => {
  test('are answered in the order they are named in, of both types', async () => {
    const { data, errors } = await entities(
      ours,
      { __typename: 'Group', id: group },
      { __typename: 'User', id: user },
      { __typename: 'User', id: user },
    );
    expect(errors).toBeUndefined();
    const expected = { __typename: 'User', id: user, userName: 'entity@x.com', groups: { nodes: [{ displayName: 'Entities' }] } };
    expect(data).toEqual({
      _entities: [
        { __typename: 'Group', id: group, displayName: 'Entities', members: { nodes: [{ display: expect.any(String) }] } },
        expected,
        expected,
      ],
    });
  });

  test('of another tenant are nobody, byte for byte', async () => {
    const ask = async (type: string, id: string) => {
      const { status, data, errors } = await entities(ours, { __typename: type, id });
      return JSON.stringify({ status, data, errors }).replaceAll(id || NEVER_WAS, '<id>');
    };
    for (const type of ['User', 'Group']) {
      const nobody = await ask(type, NEVER_WAS);
      expect(JSON.parse(nobody)).toEqual({ status: 200, data: { _entities: [null] } });
      for (const id of [foreignUser, foreignGroup, type === 'User' ? group : user, 'no-uuid', '']) expect(await ask(type, id)).toBe(nobody);
    }
    expect((await entities(theirs, { __typename: 'User', id: foreignUser })).data).toMatchObject({ _entities: [{ id: foreignUser }] });
  });

  test('are not for who has no token, or one for something else', async () => {
    const { identityUrl, admin } = await world();
    const body = { query: ENTITIES, variables: { all: [{ __typename: 'User', id: user }] } };
    const stranger = await exchange(identityUrl, 'POST', '/graphql', { 'content-type': 'application/json' }, body);
    expect(stranger.text).toContain('UNAUTHENTICATED');
    expect(stranger.text).not.toContain('entity@x.com');
    const operator = await admin(body.query, body.variables);
    expect(operator.errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    expect(operator.data).toEqual({ _entities: [null] });
  });

  test.each([
    ['a type that is none of the two', { __typename: 'Tenant', id: NEVER_WAS }],
    ['an interface', { __typename: 'Node', id: NEVER_WAS }],
    ['no type', { id: NEVER_WAS }],
    ['another key', { __typename: 'User', userName: 'entity@x.com' }],
    ['an id that is no text', { __typename: 'User', id: 7 }],
    ['nothing of the kind', 'User'],
    ['a name of JavaScript', { __typename: 'constructor', id: NEVER_WAS }],
  ] as [string, object][])('%s is refused with what to send', async (_, representation) => {
    const { errors } = await entities(ours, { __typename: 'User', id: user }, representation);
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_VALUE', field: 'representations' } }]);
  });

  test('come up to a page at once', async () => {
    const all = (count: number) => Array.from({ length: count }, () => ({ __typename: 'User', id: user }));
    const query = 'query ($all: [_Any!]!) { _entities(representations: $all) { ... on User { id } } }';
    expect((await ours.graphql(query, { all: all(limits.maxPageSize) })).data).toMatchObject({ _entities: { length: limits.maxPageSize } });
    expect((await ours.graphql(query, { all: all(limits.maxPageSize + 1) })).errors).toMatchObject([{ extensions: { code: 'TOO_MANY' } }]);
  });
});

test('those of one request are looked for in one statement for each type', async () => {
  let statements = 0;
  const database = {
    run: async () => {
      statements += 1;
      return [];
    },
  };
  const services = { database } as unknown as Services;
  const caller = { tenantId: NEVER_WAS, scopes: ['users:read', 'groups:read'] } as unknown as Caller;
  const contextValue = { caller, services, types: builtInTypes, loaders: makeLoaders(services, NEVER_WAS) };
  const all = Array.from({ length: 200 }, (_, at) => ({
    __typename: at % 2 ? 'User' : 'Group',
    id: NEVER_WAS.slice(0, -3) + String(100 + at),
  }));
  const { data, errors } = await execute({
    schema: buildToolsSchema(buildIdentitySchema(), true),
    document: parse(ENTITIES),
    variableValues: { all },
    contextValue,
  });
  expect(errors).toBeUndefined();
  expect(data?.['_entities']).toHaveLength(200);
  expect(statements).toBe(2);
});

test('the facade knows nothing of it, and neither does the published SDL', async () => {
  const { readFileSync } = await import('node:fs');
  expect(readFileSync(new URL('../../schema/identity.graphql', import.meta.url), 'utf8')).not.toMatch(/_entities|_service|@key/);
});
