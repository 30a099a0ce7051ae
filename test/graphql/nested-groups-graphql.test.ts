/** Groups as members of groups, through GraphQL: members and groups as they were made, and all that follow from them. */
import { beforeAll, describe, expect, test } from 'vitest';
import { groupBody, memberIds, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

interface Connection {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

let tenant: Tenant;
const ids: Record<string, string> = {};

async function ask(query: string, variables: object = {}): Promise<Record<string, Record<string, unknown>>> {
  const { data, errors } = await tenant.graphql(query, variables);
  expect(errors).toBeUndefined();
  return data!;
}

const nameOf = (id: string) => Object.keys(ids).find((name) => ids[name] === id);
const namesIn = (connection: unknown) => (connection as Connection).nodes.map(({ id }) => nameOf(id));

const make = async (name: string, ...members: string[]) => {
  ids[name] = (
    await tenant.scim(
      'POST',
      '/Groups',
      groupBody(
        name,
        members.map((one) => ids[one]!),
      ),
    )
  ).body.id;
};

/** Inner (ann, ben) is in Left and Right; both are in Top, with ann and cy. */
beforeAll(async () => {
  tenant = await newTenant();
  for (const name of ['ann', 'ben', 'cy', 'dee']) {
    ids[name] = (await tenant.scim('POST', '/Users', userBody(name, { displayName: name }))).body.id;
  }
  await make('Inner', 'ann', 'ben');
  await make('Left', 'Inner');
  await make('Right', 'Inner', 'dee');
  await make('Top', 'Left', 'Right', 'ann', 'cy');
});

describe('members of a group', () => {
  const MEMBERS = `query ($id: ID!, $effective: Boolean, $first: Int, $after: String) { group(by: { id: $id }) {
    members(effective: $effective, first: $first, after: $after) { totalCount nodes { id type display user { userName } group { displayName } } pageInfo { hasNextPage endCursor } } } }`;
  const membersOf = async (variables: object) =>
    (await ask(MEMBERS, { first: 100, effective: false, id: ids['Top'], ...variables }))['group']!['members'] as Connection;

  test('are users and groups, each with what it is', async () => {
    const members = await membersOf({});
    expect(members.totalCount).toBe(4);
    expect(members.nodes).toEqual([
      { id: ids['ann'], type: 'User', display: 'ann', user: { userName: 'ann' }, group: null },
      { id: ids['cy'], type: 'User', display: 'cy', user: { userName: 'cy' }, group: null },
      { id: ids['Left'], type: 'Group', display: 'Left', user: null, group: { displayName: 'Left' } },
      { id: ids['Right'], type: 'Group', display: 'Right', user: null, group: { displayName: 'Right' } },
    ]);
  });

  test('come as SCIM lists them, too, a page as one field', async () => {
    const query = `query ($id: ID!) { group(by: { id: $id }) { members(first: 3) { attributeValues } effective: members(effective: true, orderBy: { field: "displayName", direction: DESC }) { attributeValues } } }`;
    const { group } = await ask(query, { id: ids['Top'] });
    expect(group).toEqual({
      members: {
        attributeValues: [
          { value: ids['ann'], display: 'ann', type: 'User' },
          { value: ids['cy'], display: 'cy', type: 'User' },
          { value: ids['Left'], display: 'Left', type: 'Group' },
        ],
      },
      effective: { attributeValues: ['dee', 'cy', 'ben', 'ann'].map((name) => ({ value: ids[name], display: name, type: 'User' })) },
    });
  });

  test('are the direct ones where nothing is said', async () => {
    const { group } = await ask('query ($id: ID!) { group(by: { id: $id }) { members { totalCount nodes { id } } } }', { id: ids['Top'] });
    expect(namesIn(group!['members'])).toEqual(['ann', 'cy', 'Left', 'Right']);
  });

  test('are all users below where they are to be effective, each once', async () => {
    const members = await membersOf({ effective: true });
    expect(namesIn(members)).toEqual(['ann', 'ben', 'cy', 'dee']);
    expect(members.totalCount).toBe(4);
    expect(members.nodes).toContainEqual({ id: ids['ben'], type: 'User', display: 'ben', user: { userName: 'ben' }, group: null });
    expect(namesIn(await membersOf({ effective: true, id: ids['Right'] }))).toEqual(['ann', 'ben', 'dee']);
  });

  test.each([true, false])('come in pages: effective %s', async (effective) => {
    const all = namesIn(await membersOf({ effective }));
    for (const first of [1, 2, 3, 4]) {
      const seen: unknown[] = [];
      let after: string | undefined;
      for (let more = true; more;) {
        const page = await membersOf({ effective, first, after });
        expect(page.totalCount).toBe(all.length);
        seen.push(...namesIn(page));
        more = page.pageInfo.hasNextPage;
        after = page.pageInfo.endCursor;
      }
      expect(seen).toEqual(all);
    }
  });

  test('of many groups, of both kinds, in one answer', async () => {
    const { groups } = await ask(
      '{ groups { nodes { id direct: members { totalCount nodes { id } } effective: members(effective: true) { totalCount nodes { id } } } } }',
    );
    const found = (groups!['nodes'] as { id: string; direct: Connection; effective: Connection }[]).map(({ id, direct, effective }) => [
      nameOf(id),
      namesIn(direct),
      direct.totalCount,
      namesIn(effective),
      effective.totalCount,
    ]);
    expect(found).toEqual([
      ['Inner', ['ann', 'ben'], 2, ['ann', 'ben'], 2],
      ['Left', ['Inner'], 1, ['ann', 'ben'], 2],
      ['Right', ['dee', 'Inner'], 2, ['ann', 'ben', 'dee'], 3],
      ['Top', ['ann', 'cy', 'Left', 'Right'], 4, ['ann', 'ben', 'cy', 'dee'], 4],
    ]);
  });
});

describe('groups of a user', () => {
  const GROUPS = `query ($id: ID!, $first: Int, $after: String) { user(by: { id: $id }) {
    groups(first: $first, after: $after) { totalCount nodes { id displayName } edges { type node { id } } pageInfo { hasNextPage endCursor } }
    direct: groups(effective: false) { totalCount nodes { id } edges { type } } } }`;

  test('are all of them, each with how the user belongs to it; or the direct ones alone', async () => {
    const { user } = await ask(GROUPS, { id: ids['ann'], first: 100 });
    const groups = user!['groups'] as Connection & { edges: { type: string; node: { id: string } }[] };
    expect(groups.edges.map(({ type, node }) => `${nameOf(node.id)} ${type}`)).toEqual([
      'Inner direct',
      'Left indirect',
      'Right indirect',
      'Top direct',
    ]);
    expect(groups.nodes.map((node) => (node as unknown as { displayName: string }).displayName)).toEqual(['Inner', 'Left', 'Right', 'Top']);
    expect(groups.totalCount).toBe(4);
    expect(user!['direct']).toMatchObject({
      totalCount: 2,
      nodes: [{ id: ids['Inner'] }, { id: ids['Top'] }],
      edges: [{ type: 'direct' }, { type: 'direct' }],
    });
  });

  test('come in pages', async () => {
    const page = async (after?: string) => (await ask(GROUPS, { id: ids['ben'], first: 2, after }))['user']!['groups'] as Connection;
    const first = await page();
    expect([namesIn(first), first.pageInfo.hasNextPage]).toEqual([['Inner', 'Left'], true]);
    const second = await page(first.pageInfo.endCursor);
    expect([namesIn(second), second.pageInfo.hasNextPage]).toEqual([['Right', 'Top'], false]);
  });
});

describe('mutations take users and groups', () => {
  const CHANGE = (name: string) => `mutation ($input: GroupMembersInput!) { ${name}(input: $input) {
    group { version members { totalCount nodes { id } } } userErrors { code field message } } }`;
  const change = async (name: string, group: string, ...members: string[]) =>
    (await ask(CHANGE(name), { input: { groupId: ids[group], memberIds: members.map((one) => ids[one] ?? one) } }))[name]!;

  test('to add, to remove and to be the only ones', async () => {
    await make('Changed');
    expect(await change('addGroupMembers', 'Changed', 'Top', 'ann', 'Top')).toMatchObject({
      group: { version: 2, members: { totalCount: 2 } },
      userErrors: [],
    });
    expect(await change('addGroupMembers', 'Changed', 'Top')).toMatchObject({ group: { version: 2 } });
    expect(await change('removeGroupMembers', 'Changed', 'Top', 'cy')).toMatchObject({
      group: { version: 3, members: { nodes: [{ id: ids['ann'] }] } },
    });
    expect(await change('replaceGroupMembers', 'Changed', 'Inner', 'Left')).toMatchObject({
      group: { version: 4, members: { nodes: [{ id: ids['Inner'] }, { id: ids['Left'] }] } },
    });
    expect(memberIds((await tenant.scim('GET', `/Groups/${ids['Changed']}`)).body)).toEqual([ids['Inner'], ids['Left']].toSorted());
  });

  test('and tell a cycle', async () => {
    const refused = await change('addGroupMembers', 'Inner', 'Top');
    expect(refused).toMatchObject({ group: null, userErrors: [{ code: 'INVALID_VALUE', field: 'memberIds' }] });
    expect((refused['userErrors'] as { message: string }[])[0]!.message).toMatch(/"Inner" → "Top" → "(Left|Right)" → "Inner"/);
  });

  test('with a group as an input, typed', async () => {
    const { createGroup } = await ask(
      'mutation ($input: CreateGroupInput!) { createGroup(input: $input) { group { id members { nodes { id type } } } userErrors { message } } }',
      { input: { group: { displayName: 'Typed', members: [{ value: ids['Inner'], type: 'Group' }] } } },
    );
    expect(createGroup).toMatchObject({ group: { members: { nodes: [{ id: ids['Inner'], type: 'Group' }] } }, userErrors: [] });
  });
});
