/** The point requests as GraphQL, asked of the core itself: the same deeds as those of Okta, and the same parts of a user in the answer. */

const USER =
  'id version createdAt updatedAt externalId userName displayName active locale name { givenName familyName } emails { value type primary }';

const ask = (query, variables = {}) => ({ method: 'POST', path: '', body: { query, variables } });
const mutation = (name, type, fields, input) =>
  ask(`mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} userErrors { code message } } }`, { input });

export const createUser = ({ schemas: _schemas, groups: _groups, password: _password, ...user }) =>
  mutation('createUser', 'CreateUserInput', `user { ${USER} }`, { user });
export const findUser = (userName) => ask(`query ($userName: String!) { user(by: { userName: $userName }) { ${USER} } }`, { userName });
export const getUser = (id) => ask(`query ($id: ID!) { user(by: { id: $id }) { ${USER} } }`, { id });
export const listUsers = (after = null) =>
  ask(`query ($after: String) { users(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { ${USER} } } }`, {
    after,
  });
export const activate = (id, active) =>
  mutation('changeUser', 'ChangeUserInput', `user { ${USER} }`, { id, changes: [{ op: 'REPLACE', path: 'active', value: active }] });
export const joinGroup = (groupId, memberIds) =>
  mutation('addGroupMembers', 'GroupMembersInput', 'group { id version }', { groupId, memberIds });
export const leaveGroup = (groupId, memberIds) =>
  mutation('removeGroupMembers', 'GroupMembersInput', 'group { id version }', { groupId, memberIds });

/** GraphQL answers 200 to what it refuses. */
export const isRefusal = (body) => body.includes('"errors":') || body.includes('"userErrors":[{');
