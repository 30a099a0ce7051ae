/** A day's traffic of several tenants at once: of ten requests six look a user up, two change one, one creates one, one moves a member. */
import { addMember, removeMember, setActive } from './bodies.mjs';
import { MIXED_TENANTS } from './constants.mjs';
import { anyone, newUser, passes, share } from './turns.mjs';

const find = ({ users, headers }, connection, n) => ({
  method: 'GET',
  path: `/Users?filter=${encodeURIComponent(`userName eq "${anyone(users, connection, n).userName}"`)}&startIndex=1&count=100`,
  headers,
  expect: 200,
  changes: 0,
});

const patch = ({ users, headers }, connection, n) => ({
  method: 'PATCH',
  path: `/Users/${share(users, connection, n).id}`,
  body: setActive(passes(users, n) % 2 === 1),
  headers,
  expect: 200,
  changes: 1,
});

const create = ({ run, headers }) => ({ method: 'POST', path: '/Users', body: newUser(run), headers, expect: 201, changes: 1 });

const move = ({ users, groupId, headers }, connection, n) => {
  const { id, userName } = share(users, connection, n >> 1);
  return {
    method: 'PATCH',
    path: `/Groups/${groupId}`,
    body: n % 2 === 0 ? addMember(id, userName) : removeMember(id),
    headers,
    expect: 204,
    changes: 1,
  };
};

const TURNS = [find, patch, find, create, find, move, find, patch, find, find];

/** The n-th deed of its kind of a connection: the tenants take turns, and each tenant's deeds of that kind are in order. */
const taking = (deed, { tenants }, connection, n) => {
  const turn = deed === move ? n >> 1 : n; // who joins leaves again, in the same tenant
  const ofTenant = Math.floor(turn / MIXED_TENANTS);
  return deed(tenants[(turn + connection) % MIXED_TENANTS], connection, deed === move ? ofTenant * 2 + (n % 2) : ofTenant);
};

/** @type {import('./workloads.mjs').Workload} */
export const mixed = {
  name: 'mixed',
  title: `mixed load of ${MIXED_TENANTS} tenants`,
  tenant: 'mixed',
  targets: ['system'],
  isLong: true,
  request: (data, connection, n, state) => {
    const deed = TURNS[(n + connection) % TURNS.length];
    const done = state[deed.name] ?? 0;
    state[deed.name] = done + 1;
    return taking(deed, data, connection, done);
  },
};
