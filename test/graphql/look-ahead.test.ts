/** What is read of each type for the fields that an operation asks for: never what only the other type was asked for. */
import { readFileSync } from 'node:fs';
import { buildSchema, graphql, type GraphQLResolveInfo } from 'graphql';
import { expect, test } from 'vitest';
import { groupResource, userResource } from '../../schema/resources.js';
import { expectedOf } from '../../services/identity/api/look-ahead.js';

const schema = buildSchema(readFileSync(new URL('../../schema/identity.graphql', import.meta.url), 'utf8'));

const FRAGMENT = 'fragment OfGroup on Group { members(first: 3) { totalCount } displayName }';

async function expected(selection: string) {
  let found: object | undefined;
  const search = (_: unknown, __: unknown, info: GraphQLResolveInfo) => {
    found = { user: expectedOf(info, userResource), group: expectedOf(info, groupResource) };
    throw new Error('enough');
  };
  const { errors } = await graphql({
    schema,
    source: `{ search(first: 1) { ${selection} } } ${selection.includes('...OfGroup') ? FRAGMENT : ''}`,
    rootValue: { search },
  });
  expect(errors?.[0]?.message).toBe('enough');
  return found;
}

test.each([
  ['nodes { id ... on User { userName } ... on Group { displayName } }', { wanted: ['userName'] }, { wanted: ['displayName'] }],
  [
    'nodes { ... on User { groups(first: 1) { totalCount } } }',
    { related: { name: 'effectiveGroups', limit: 2, wanted: [] }, wanted: [] },
    { wanted: [] },
  ],
  [
    'nodes { ... on User { groups { nodes { id } edges { type node { value: id displayName } } } } }',
    { related: { name: 'effectiveGroups', limit: 101, wanted: ['displayName'] }, wanted: [] },
    { wanted: [] },
  ],
  [
    'nodes { ... on User { groups { edges { node { attributes } } } } }',
    { related: { name: 'effectiveGroups', limit: 101, wanted: undefined }, wanted: [] },
    { wanted: [] },
  ],
  [
    'nodes { ... on User { groups { nodes { attributes(only: ["urn:condeco:mine"]) } } } }',
    { related: { name: 'effectiveGroups', limit: 101, wanted: undefined }, wanted: [] },
    { wanted: [] },
  ],
  [
    'nodes { ...OfGroup } edges { node { ... on User { title } } }',
    { wanted: ['title'] },
    { related: { name: 'members', limit: 4 }, wanted: ['displayName'] },
  ],
  [
    'nodes { ... on Node { id ... on User { attributes } ... on Group { attributes(only: ["externalId"]) } } }',
    { wanted: undefined },
    { wanted: ['externalId'] },
  ],
  [
    'nodes { ... on User { document } ... on Group { document(only: ["externalId"], relation: true) } }',
    { wanted: undefined },
    { related: { name: 'members', limit: 1001, wanted: undefined }, wanted: ['externalId'] },
  ],
  [
    'nodes { ... on User { document(only: ["title"], relation: true) displayName } }',
    { related: { name: 'effectiveGroups', limit: 1001, wanted: ['displayName'] }, wanted: ['title', 'displayName'] },
    { wanted: [] },
  ],
  ['nodes { ... on User { document(relation: true) groups { nodes { id } } } }', { wanted: undefined }, { wanted: [] }],
])('%s', async (selection, user, group) => {
  expect(await expected(selection)).toEqual({ user: { related: undefined, ...user }, group: { related: undefined, ...group } });
});
