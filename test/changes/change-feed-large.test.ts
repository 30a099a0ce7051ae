/** Members by the hundred thousand: told in full, in records and pages of bounded size, from which any copy can be made. */
import { expect, test } from 'vitest';
import { type Change, CHANGES, type ChangesPage, endOfFeed } from '../support/feed.js';
import { newTenant, type Tenant, world } from '../support/world.js';

const idOf = (number: number) => `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;

/** Users of a tenant, as many as wanted: by SQL where there is a server, because 100,000 requests are another test. */
async function people(tenant: Tenant): Promise<string[]> {
  const { query } = await world();
  if (query) {
    await query(`insert into app_user (tenant_id, id, user_name, user_name_key, profile, folded)
      select '${tenant.id}', ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'p' || n, 'p' || n, '{}', '{}' from generate_series(1, 99999) as n`);
    return Array.from({ length: 99_999 }, (_, at) => idOf(at + 1));
  }
  const operations = Array.from({ length: 1000 }, (_, at) => ({ method: 'CREATE', type: 'USER', user: { userName: `p${at}` } }));
  const parts = await Promise.all(
    [0, 1, 2].map(async (part) => {
      const named = operations.map((operation) => ({ ...operation, user: { userName: `${part} ${operation.user.userName}` } }));
      const { data } = await tenant.graphql('mutation ($input: BulkInput!) { bulk(input: $input) { results { id } } }', {
        input: { operations: named },
      });
      return (data!['bulk']!['results'] as { id: string }[]).map(({ id }) => id);
    }),
  );
  return parts.flat();
}

const MOST_MEMBERS = 1000;
const MOST_BYTES = 4_000_000;

/** What changed the group after the cursor, page by page, until it is at the version. */
async function changesOf(tenant: Tenant, group: string, after: string, version: number): Promise<Change[]> {
  const found: Change[] = [];
  for (let cursor = after; ;) {
    const answer = await tenant.graphql(CHANGES, { after: cursor, first: 1000 });
    const { nodes, pageInfo } = answer.data!['changes'] as unknown as ChangesPage;
    expect(JSON.stringify(answer).length).toBeLessThan(MOST_BYTES);
    found.push(...nodes.filter(({ subjectId }) => subjectId === group));
    cursor = pageInfo.endCursor;
    if (!pageInfo.hasNextPage && found.at(-1)?.version === version) return found;
    if (!pageInfo.hasNextPage) await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function applied(members: Set<string>, changes: readonly Change[]): Set<string> {
  for (const { before, after } of changes) {
    for (const id of before!['members'] as string[]) members.delete(id);
    for (const id of after!['members'] as string[]) members.add(id);
  }
  return members;
}

test('a group is filled, halved, emptied, filled again and deleted', { timeout: 180_000 }, async () => {
  const tenant = await newTenant();
  const ids = await people(tenant);
  const write = async (name: string, inputType: string, input: object) => {
    const { data, errors } = await tenant.graphql(
      `mutation ($input: ${inputType}!) { ${name}(input: $input) { group { id version } userErrors { message } } }`,
      { input },
    );
    expect(errors ?? data![name]!['userErrors'], JSON.stringify(errors)).toEqual([]);
    return data![name]!['group'] as { id: string; version: number };
  };
  const { id: group } = await write('createGroup', 'CreateGroupInput', { group: { displayName: 'Everybody' } });
  const { id: inner } = await write('createGroup', 'CreateGroupInput', { group: { displayName: 'Inner' } });
  const begun = await endOfFeed(tenant.graphql);
  const filled = await write('addGroupMembers', 'GroupMembersInput', { groupId: group, memberIds: [...ids, inner] });
  const all = (await changesOf(tenant, group, begun, filled.version)).filter(({ kind }) => kind === 'GROUP_MEMBERS_CHANGED');
  expect(all.length).toBeGreaterThanOrEqual(Math.ceil(ids.length / MOST_MEMBERS));
  for (const { after, before } of all) {
    expect([...(after!['members'] as string[]), ...(before!['members'] as string[])].length).toBeLessThanOrEqual(MOST_MEMBERS);
  }
  expect(all.flatMap(({ after }) => (after!['subgroups'] as string[] | undefined) ?? [])).toEqual([inner]);
  const members = applied(new Set(), all);
  expect(members).toEqual(new Set([...ids, inner]));

  const middle = await endOfFeed(tenant.graphql);
  const half = ids.filter((_, at) => at % 2 === 0);
  const halved = await write('replaceGroupMembers', 'GroupMembersInput', { groupId: group, memberIds: half });
  expect(
    applied(
      members,
      (await changesOf(tenant, group, middle, halved.version)).filter(({ version }) => version! > filled.version),
    ),
  ).toEqual(new Set(half));
  const emptied = await write('replaceGroupMembers', 'GroupMembersInput', { groupId: group, memberIds: [] });
  expect(
    applied(
      members,
      (await changesOf(tenant, group, middle, emptied.version)).filter(({ version }) => version! > halved.version),
    ),
  ).toEqual(new Set());

  const { version } = await write('addGroupMembers', 'GroupMembersInput', { groupId: group, memberIds: [...ids, inner] });
  const last = await endOfFeed(tenant.graphql);
  const { data, errors } = await tenant.graphql(
    'mutation ($id: ID!) { deleteGroup(input: { id: $id }) { deletedId userErrors { message } } }',
    { id: group },
  );
  expect(errors ?? data!['deleteGroup']!['userErrors']).toEqual([]);
  const gone = await changesOf(tenant, group, last, version);
  expect(gone.at(-1)).toMatchObject({ kind: 'GROUP_DELETED', before: { displayName: 'Everybody' } });
  const leaving = gone.slice(0, -1);
  expect(new Set(leaving.map(({ kind }) => kind))).toEqual(new Set(['GROUP_MEMBERS_CHANGED']));
  for (const { before } of leaving) expect((before!['members'] as string[]).length).toBeLessThanOrEqual(MOST_MEMBERS);
  expect(leaving.flatMap(({ before }) => (before!['subgroups'] as string[] | undefined) ?? [])).toEqual([inner]);
  expect(applied(new Set([...ids, inner]), leaving)).toEqual(new Set());
});
