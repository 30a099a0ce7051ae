/** What a GraphQL query costs in statements: as many for one parent as for a hundred, whatever is asked of each. */
import { execute, parse, validate } from 'graphql';
import { sql } from '../../services/identity/store/query/sql.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { groupResource, userResource } from '../../schema/resources.js';
import { builtInTypes } from '../../schema/tenant-types.js';
import type { Context } from '../../services/identity/api/context.js';
import { makeLoaders } from '../../services/identity/api/loaders.js';
import { buildIdentitySchema } from '../../services/identity/api/schema.js';
import { performBulk } from '../../services/identity/domain/bulk/bulk.js';
import type { Services } from '../../services/identity/domain/services.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { memoryWalkMemory } from '../../services/identity/store/redis/walk-memory.js';
import { callerOf } from '../support/callers.js';
import { createOwnEmbedded, type OwnStore } from '../support/own-store.js';

const TENANT = '11111111-1111-7111-8111-111111111111';
const PEOPLE = 100;
const caller = callerOf('graphql', TENANT, { requestsPerSecond: 100_000 });
const schema = buildIdentitySchema();

let own: OwnStore;
let database: Database;
let context: () => Context;
let statements = 0;
let ids: string[] = [];
let groups: string[] = [];

beforeAll(async () => {
  own = await createOwnEmbedded();
  database = await openDatabase(own.location);
  await database.run(sql`insert into tenant (id, name) values (${TENANT}, 'T')`);
  const made = await performBulk(
    database,
    caller,
    Array.from({ length: PEOPLE }, (_, at) => ({
      method: 'CREATE',
      type: userResource,
      document: { userName: `user-${at}`, displayName: `Group ${at} user` },
    })),
  );
  ids = made.map(({ id }) => id!);
  const groupsMade = await performBulk(
    database,
    caller,
    Array.from({ length: PEOPLE }, (_, at) => ({
      method: 'CREATE',
      type: groupResource,
      bulkId: `g${at}`,
      document: {
        displayName: `Group ${at}`,
        members: [...ids.slice(0, 5), ids[at]!, ...(at > 0 ? [`bulkId:g${at % 10 === 0 ? 0 : at - 1}`] : [])].map((value) => ({ value })),
      },
    })),
  );
  groups = groupsMade.map(({ id }) => id!);
  const counting: Database = {
    ...database,
    run: (statement) => {
      statements += 1;
      return database.run(statement);
    },
  };
  const services = { database: counting, walks: memoryWalkMemory() } as unknown as Services;
  context = () => ({
    caller,
    origin: { requestId: 'test', address: '' },
    services,
    types: builtInTypes,
    loaders: makeLoaders(services, TENANT),
    enterFurther: async () => () => undefined,
  });
});
afterAll(async () => {
  await database.close();
  await own.drop();
});

async function cost(query: string, variables: object): Promise<number> {
  const document = parse(query);
  expect(validate(schema, document)).toEqual([]);
  statements = 0;
  const { errors } = await execute({ schema, document, variableValues: { ...variables }, contextValue: context() });
  expect(errors).toBeUndefined();
  return statements;
}

const groupsOf = (more = '') => `groups${more} { totalCount edges { type cursor node { displayName } } }`;
const membersOf = (more = '') =>
  `members${more} { totalCount nodes { id display user { userName emails { value } } group { displayName } } }`;

const queries: readonly [name: string, query: string, most: number][] = [
  ['users', `query ($n: Int) { users(first: $n) { nodes { ${groupsOf()} } } }`, 4],
  [
    'users with ordered groups',
    `query ($n: Int) { users(first: $n) { nodes { ${groupsOf('(filter: "displayName sw \\"G\\"", orderBy: { field: "displayName" }, last: 3)')} } } }`,
    5,
  ],
  [
    'users with two lists of groups',
    `query ($n: Int) { users(first: $n) { nodes { a: ${groupsOf('(first: 2)')} b: ${groupsOf('(effective: false)')} } } }`,
    6,
  ],
  ['groups', `query ($n: Int) { groups(first: $n) { nodes { ${membersOf()} } } }`, 5],
  ['groups with effective members', `query ($n: Int) { groups(first: $n) { nodes { ${membersOf('(effective: true, first: 3)')} } } }`, 5],
  [
    'groups with filtered members',
    `query ($n: Int) { groups(first: $n) { nodes { ${membersOf('(filter: "displayName co \\"1\\"", first: 3)')} } } }`,
    5,
  ],
  [
    'groups of members of groups',
    `query ($n: Int) { groups(first: $n) { nodes { members(first: 3) { nodes { user { groups(first: 3) { nodes { members(first: 2) { nodes { id } } } } } } } } } }`,
    5,
  ],
  [
    'search',
    `query ($n: Int) { search(first: $n, orderBy: { field: "displayName" }) { nodes { ... on User { ${groupsOf()} } ... on Group { ${membersOf()} } } } }`,
    9,
  ],
  ['nodes', `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on User { ${groupsOf()} } ... on Group { ${membersOf()} } } }`, 8],
  ['memberships', 'query ($pairs: [MembershipPairInput!]!) { memberships(pairs: $pairs) { isDirect isEffective } }', 1],
];

describe.each(queries)('%s', (_, query, most) => {
  test('cost as many statements for 1, 10 and 100', async () => {
    const costs: number[] = [];
    for (const n of [1, 10, 100]) {
      const both = [...ids.slice(0, n), ...groups.slice(0, n)];
      costs.push(await cost(query, { n, ids: both, pairs: ids.slice(0, n).map((userId, at) => ({ userId, groupId: groups[at] })) }));
    }
    // A list of one user leads to nobody else's groups: fewer statements are no fault.
    expect(new Set(costs.slice(1)).size, costs.join()).toBe(1);
    expect(Math.max(...costs)).toBeLessThanOrEqual(most);
  });
});

test('one user with all groups is two statements, or one where the total is not asked for', async () => {
  expect(await cost(`query ($id: ID!) { user(by: { id: $id }) { ${groupsOf()} } }`, { id: ids[0] })).toBe(2);
  expect(await cost('query ($id: ID!) { user(by: { id: $id }) { userName groups { nodes { displayName } } } }', { id: ids[0] })).toBe(1);
  expect(await cost('{ user(by: { userName: "user-7" }) { userName groups { nodes { displayName } } } }', {})).toBe(1);
});
