// A copy of the tenant as it is, to begin with. The cursor is asked for first: whatever changes while the lists are read comes after it.
import { emptyCopy } from './copy.mjs';

const USERS =
  'query ($after: String) { users(first: 500, after: $after) { nodes { id version attributes } pageInfo { hasNextPage endCursor } } }';
// With the first members of each, which are all that most groups have: a request for each group would be very many.
const GROUPS = `query ($after: String) { groups(first: 200, after: $after) {
  nodes { id version attributes members(first: 100) { nodes { id } pageInfo { hasNextPage endCursor } } } pageInfo { hasNextPage endCursor }
} }`;
const MEMBERS =
  'query ($id: ID!, $after: String) { group(by: { id: $id }) { members(first: 1000, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } }';

/** All nodes of a connection, page after page, from a cursor on where one is given; none where it is gone. */
async function* nodesOf(ask, query, variables, connectionIn) {
  for (let { after } = variables; ;) {
    const connection = connectionIn(await ask(query, { ...variables, after }));
    if (!connection) return;
    yield* connection.nodes;
    if (!connection.pageInfo.hasNextPage) return;
    after = connection.pageInfo.endCursor;
  }
}

/** Answers the copy and the cursor to follow the feed from. */
export async function takeSnapshot(ask) {
  const { changesCursor: cursor } = await ask('{ changesCursor }');
  const copy = emptyCopy();
  for await (const { id, version, attributes } of nodesOf(ask, USERS, {}, ({ users }) => users)) {
    copy.users.set(id, { version, attributes });
  }
  for await (const {
    id,
    version,
    attributes,
    members: { nodes, pageInfo },
  } of nodesOf(ask, GROUPS, {}, ({ groups }) => groups)) {
    const members = new Set(nodes.map((member) => member.id));
    const others = pageInfo.hasNextPage ? nodesOf(ask, MEMBERS, { id, after: pageInfo.endCursor }, ({ group }) => group?.members) : [];
    for await (const member of others) members.add(member.id);
    copy.groups.set(id, { version, attributes, members });
  }
  return { copy, cursor };
}
