/** Whether an answer holds what was asked for: one of each kind is looked at closely, before it is measured how fast they come. */

const has100 = (found) => found.length === 100 && new Set(found.map(({ id }) => id)).size === 100;
const always = () => true; // the members are counted in the end

const scim = {
  create: ({ id }) => typeof id === 'string',
  find: ({ totalResults, Resources: [found = {}] }, { path }) =>
    totalResults === 1 && path.includes(encodeURIComponent(found.userName ?? found.user_name)),
  get: ({ id }, { path }) => path.endsWith(id),
  list: ({ Resources, totalResults }) => has100(Resources) && totalResults >= 1000,
  patch: ({ active }, { body }) => active === body.Operations[0].value.active,
  put: (answer, { body }) => JSON.stringify(answer).includes(`"${body.title}"`),
  echo: ({ id }, { path }) => path.endsWith(id),
  pages: ({ Resources }) => has100(Resources),
  walk: ({ Resources, nextCursor }) => has100(Resources) && typeof nextCursor === 'string',
  members: ({ members }, _request, { manyMembers }) => new Set(members.map(({ value }) => value)).size >= manyMembers,
  bulk: ({ Operations }) => Operations.length === 1000 && Operations.every(({ status }) => status === '201'),
  bulkPatch: ({ Operations }) => Operations.length === 1000 && Operations.every(({ status }) => status === '200'),
  contains: ({ totalResults, Resources }) => totalResults >= 1 && Resources.length >= 1,
  token: ({ patch }) => patch.supported === true,
};

const graphql = {
  create: ({ createUser: { user } }) => typeof user.id === 'string',
  find: ({ user }, { body }) => user.userName === body.variables.userName,
  get: ({ user }, { body }) => user.id === body.variables.id,
  list: ({ users }) => has100(users.nodes) && users.totalCount >= 1000,
  patch: ({ changeUser: { user } }, { body }) => user.active === body.variables.input.changes[0].value,
  walk: ({ users: { nodes, pageInfo } }) => has100(nodes) && pageInfo.hasNextPage,
};

/** Whether the answer of this server is the one to the request. */
export function isGood(targetName, { name }, request, body, settings) {
  const check = (targetName === 'graphql' ? graphql : scim)[name] ?? always;
  return check(targetName === 'graphql' ? body.data : body, request, settings);
}
