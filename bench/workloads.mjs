/** What is measured. `request(data, connection, n)` makes the n-th request of a connection; every write really changes something. */
import { addMember, oktaUser, removeMember, setActive } from './bodies.mjs';
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

/** `tenant` is whose data it works on; `changes` is how many change records a request must leave. */
export const workloads = [
  {
    name: 'create', title: 'create user', tenant: 'arrivals', changes: 1, expect: 201,
    request: ({ run }) => {
      created += 1;
      return { method: 'POST', path: '/Users', body: oktaUser(`new.user.${run}.${created}@okta.example`, `00u${run}${created}`) };
    },
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
];
