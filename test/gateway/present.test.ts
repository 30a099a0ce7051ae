import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../schema/change.js';
import { groupResource, type ResourceType, userResource } from '../../schema/resources.js';
import { type Node, present, presentList } from '../../gateway/scim/present.js';
import { readParameters } from '../../gateway/scim/parameters.js';
import { readShown } from '../../gateway/scim/query.js';

const ENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const CREATED = '2026-01-31T09:30:00.000Z';
const CHANGED = '2026-02-01T10:00:00.000Z';

const node = (attributes: JsonObject, relation?: readonly JsonObject[]): Node => ({
  type: 'User',
  id: '7',
  version: 3,
  createdAt: CREATED,
  updatedAt: CHANGED,
  attributes,
  ...(relation && { relation: { nodes: relation, pageInfo: { hasNextPage: false, endCursor: null } } }),
});
const locate = (path: string) => `https://x/scim${path}`;
const viewOf = (type: ResourceType, query: string) => ({ type, projection: readShown(type, readParameters(query)) });
const user = (attributes: JsonObject, query = '', groups?: readonly JsonObject[]) =>
  present(viewOf(userResource, query), node(attributes, groups), locate);
const group = (query: string, members?: readonly JsonObject[]) =>
  present(viewOf(groupResource, query), node({ displayName: 'S' }, members), locate);
const meta = { resourceType: 'User', created: CREATED, lastModified: CHANGED, location: 'https://x/scim/Users/7', version: 'W/"3"' };

describe('a user', () => {
  test('with what the service knows of it', () => {
    expect(user({ userName: 'Ann', externalId: 'e', active: false })).toEqual({
      schemas: [CORE],
      id: '7',
      externalId: 'e',
      meta,
      userName: 'Ann',
      active: false,
    });
  });

  test('schemas first, and the extensions that have a value', () => {
    const shown = user({ userName: 'Ann', [ENT]: { department: 'S', manager: { value: 'm/1' } } });
    expect(Object.keys(shown)[0]).toBe('schemas');
    expect(shown).toMatchObject({
      schemas: [CORE, ENT],
      [ENT]: { department: 'S', manager: { value: 'm/1', $ref: 'https://x/scim/Users/m%2F1' } },
    });
    expect(user({ userName: 'Ann', [ENT]: { department: null } })['schemas']).toEqual([CORE]);
  });

  test('nothing null, nothing empty, nothing undeclared, nothing secret', () => {
    expect(
      user({
        userName: 'Ann',
        title: null,
        locale: '',
        emails: [],
        name: {},
        phoneNumbers: [{}],
        foo: 1,
        password: 'x',
        [ENT]: { manager: {} },
      }),
    ).toEqual({ schemas: [CORE], id: '7', meta, userName: 'Ann' });
  });

  test('groups are a relation: direct and indirect, with addresses', () => {
    const groups = [
      { type: 'direct', node: { value: 'g1', display: 'Sales' } },
      { type: 'indirect', node: { value: 'g2', display: 'All' } },
    ];
    expect(user({ userName: 'Ann' }, '', groups)['groups']).toEqual([
      { value: 'g1', $ref: 'https://x/scim/Groups/g1', display: 'Sales', type: 'direct' },
      { value: 'g2', $ref: 'https://x/scim/Groups/g2', display: 'All', type: 'indirect' },
    ]);
    expect(user({ userName: 'Ann' }, '', [])).not.toHaveProperty('groups');
    expect(user({ userName: 'Ann' }, 'excludedAttributes=groups', [{ value: 'g1' }])).not.toHaveProperty('groups');
  });

  test.each<[string, string[]]>([
    ['attributes=userName', ['schemas', 'id', 'userName']],
    ['attributes=emails.value', ['schemas', 'id', 'emails']],
    [`attributes=${ENT}:department`, ['schemas', 'id', ENT]],
    ['attributes=title', ['schemas', 'id']],
    ['excludedAttributes=meta,emails,urn:ietf:params:scim:schemas:extension:enterprise:2.0:User', ['schemas', 'id', 'userName']],
  ])('%s', (query, keys) => {
    const shown = user({ userName: 'Ann', emails: [{ value: 'a', type: 'work' }], [ENT]: { department: 'S' } }, query);
    expect(Object.keys(shown)).toEqual(keys);
    expect(shown['schemas']).toEqual(keys.includes(ENT) ? [CORE, ENT] : [CORE]);
  });

  test('parts of elements', () => {
    expect(
      user({ userName: 'Ann', emails: [{ value: 'a', type: 'work' }, { type: 'home' }] }, 'attributes=emails.value')['emails'],
    ).toEqual([{ value: 'a' }]);
    expect(user({ userName: 'Ann', emails: [{ value: 'a', type: 'work' }] }, 'excludedAttributes=emails.type')['emails']).toEqual([
      { value: 'a' },
    ]);
  });
});

describe('a group', () => {
  const members: JsonObject[] = [
    { value: '1', display: 'Ann', type: 'User' },
    { value: '2', display: null, type: 'Group' },
  ];
  test('with its members, users and groups', () => {
    expect(group('', members)['members']).toEqual([
      { value: '1', $ref: 'https://x/scim/Users/1', display: 'Ann', type: 'User' },
      { value: '2', $ref: 'https://x/scim/Groups/2', type: 'Group' },
    ]);
  });
  test('with a part of them', () =>
    expect(group('attributes=members.value', members)['members']).toEqual([{ value: '1' }, { value: '2' }]));
  test.each(['excludedAttributes=members', 'attributes=displayName'])('without them: %s', (query) =>
    expect(group(query)).not.toHaveProperty('members'),
  );
});

test('a list has integers and always its resources', () => {
  expect(presentList(0, { startIndex: 1 }, [])).toEqual({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults: 0,
    startIndex: 1,
    itemsPerPage: 0,
    Resources: [],
  });
  expect(presentList(12, { startIndex: 11 }, [{ id: '1' }, { id: '2' }])).toMatchObject({
    totalResults: 12,
    startIndex: 11,
    itemsPerPage: 2,
  });
});
