/** What is measured. `request(data, connection, n)` makes the n-th request of a connection; every write really changes something. */
import { addMember, addMembers, bulkOf, oktaUser, removeMember, removeMembers, setActive } from './bodies.mjs';
import { CONNECTIONS } from './constants.mjs';

/** A connection keeps to its own share of a list: what it changes nobody else does, so it knows the state. */
const share = (list, connection, n) => {
  const size = Math.floor(list.length / CONNECTIONS);
  return list[connection * size + (n % size)];
};
const passes = (list, n) => Math.floor(n / Math.floor(list.length / CONNECTIONS));
/** Somebody in the list, not in order: neighbours share pages. */
const anyone = (list, connection, n) => list[(connection * 7919 + n * 104_729) % list.length];

/** Joins, and leaves again with the next request. */
const joinOrLeave = (group) => ({ joiners, [group]: id }, connection, n) => {
  const { id: user, userName } = share(joiners, connection, n >> 1);
  return { method: 'PATCH', path: `/Groups/${id}`, body: n % 2 === 0 ? addMember(user, userName) : removeMember(user) };
};

let created = 0;
const newUser = (run) => {
  created += 1;
  return oktaUser(`new.user.${run}.${created}@okta.example`, `00u${run}${created}`);
};

const THOUSAND = 1000;
/** What the bare server has nothing like: these say what the system takes, not how near the limit it is. */
const OURS = ['system', 'one'];
const DURABLE = ['system', 'one', 'bare'];

/**
 * `tenant` is whose data it works on; `changes` is how many change records a request must leave; `targets` are the servers that are asked, where not
 * all are; `after` keeps what the next request of the connection needs of an answer.
 */
export const workloads = [
  {
    name: 'create', title: 'create user', tenant: 'arrivals', changes: 1, expect: 201,
    request: ({ run }) => ({ method: 'POST', path: '/Users', body: newUser(run) }),
  },
  {
    name: 'find', title: 'find by user name', tenant: 'company', changes: 0, expect: 200,
    request: ({ users }, connection, n) => {
      const filter = encodeURIComponent(`userName eq "${anyone(users, connection, n).userName}"`);
      return { method: 'GET', path: `/Users?filter=${filter}&startIndex=1&count=100` };
    },
  },
  {
    name: 'get', title: 'get by id', tenant: 'company', changes: 0, expect: 200,
    request: ({ users }, connection, n) => ({ method: 'GET', path: `/Users/${anyone(users, connection, n).id}` }),
  },
  {
    name: 'list', title: 'list 100', tenant: 'company', changes: 0, expect: 200,
    request: () => ({ method: 'GET', path: '/Users?startIndex=1&count=100' }),
  },
  {
    name: 'patch', title: 'PATCH active', tenant: 'company', changes: 1, expect: 200,
    request: ({ users }, connection, n) => ({ method: 'PATCH', path: `/Users/${share(users, connection, n).id}`, body: setActive(passes(users, n) % 2 === 1) }),
  },
  {
    name: 'few', title: 'a member joins or leaves a group of 10', tenant: 'crowd', changes: 1, expect: 204, peerExpects: 200,
    request: joinOrLeave('fewId'),
  },
  {
    // The peer needs half a minute for each: it is asked once, in the first round.
    name: 'many', title: 'a member joins or leaves a group of many', tenant: 'crowd', changes: 1, expect: 204, peerExpects: 200, isOnceForPeer: true,
    request: joinOrLeave('manyId'),
  },
  {
    // Without `active`, which stays then: the PATCHes above know its state.
    name: 'put', title: 'PUT a user', tenant: 'company', changes: 1, expect: 200, targets: DURABLE,
    request: ({ users }, connection, n) => {
      const { id, userName } = share(users, connection, n);
      const { active: _active, ...user } = oktaUser(userName, `00u${id}`);
      return { method: 'PUT', path: `/Users/${id}`, body: { ...user, title: `Title ${passes(users, n)}` } };
    },
  },
  {
    name: 'walk', title: 'the next 100 by cursor', tenant: 'company', changes: 0, expect: 200, targets: DURABLE,
    request: (_data, _connection, _n, { cursor = '' }) => ({ method: 'GET', path: `/Users?count=100&cursor=${encodeURIComponent(cursor)}` }),
    after: (state, text) => { [, state.cursor] = /"nextCursor":"([^"]+)"/.exec(text) ?? []; },
  },
  {
    name: 'thousand', title: '1,000 members join or leave in one PATCH', tenant: 'crowd', changes: 1, expect: 204, targets: DURABLE, connections: 1,
    request: ({ joiners, thousandId }, _connection, n) => {
      const ids = joiners.slice(0, THOUSAND).map(({ id }) => id);
      return { method: 'PATCH', path: `/Groups/${thousandId}`, body: n % 2 === 0 ? addMembers(ids) : removeMembers(ids) };
    },
  },
  {
    name: 'bulk', title: 'Bulk of 1,000 new users', tenant: 'arrivals', changes: THOUSAND, expect: 200, targets: OURS, connections: 2,
    request: ({ run }) => ({ method: 'POST', path: '/Bulk', body: bulkOf(Array.from({ length: THOUSAND }, () => newUser(run))) }),
  },
  {
    name: 'contains', title: 'find by a part of the e-mail address', tenant: 'company', changes: 0, expect: 200, targets: OURS,
    request: ({ users }, connection, n) => {
      const [part] = anyone(users, connection, n).userName.split('@okta');
      return { method: 'GET', path: `/Users?filter=${encodeURIComponent(`emails.value co "${part}@"`)}` };
    },
  },
  {
    name: 'token', title: 'token check alone', tenant: 'company', changes: 0, expect: 200, targets: OURS,
    request: () => ({ method: 'GET', path: '/ServiceProviderConfig' }),
  },
];

/** Whether the server is asked for this workload. */
export const isAsked = (targetName, { targets }) => targets?.includes(targetName) ?? true;
