/** What is measured: the point requests, which every server is asked. Every write really changes something. */
import { addMember, removeMember, setActive } from './bodies.mjs';
import { activate, createUser, findUser, getUser, joinGroup, leaveGroup, listUsers } from './graphql.mjs';
import { atOnce } from './workloads-at-once.mjs';
import { largeWorkloads } from './workloads-large.mjs';
import { mixed } from './workloads-mixed.mjs';
import { anyone, newUser, passes, share } from './turns.mjs';

/**
 * A request before it has the address and the headers of a server.
 * @typedef {object} Request
 * @property {string} method
 * @property {string} path below the base path of the server
 * @property {object} [body] sent as JSON
 * @property {object} [headers] those of its tenant, where a workload has several
 * @property {number} [expect] the status it must be answered with, where it is not that of the workload
 * @property {number} [changes] how many change records it must leave, likewise
 * @property {boolean} [isAside] it only makes room for others: its time is not counted
 */

/**
 * @callback MakeRequest the n-th request of a connection
 * @param {any} data what the tenant holds (seed-targets.mjs)
 * @param {number} connection from 0
 * @param {number} n from 0
 * @param {any} state of the connection in this workload: `n`, and what `after` has kept
 * @returns {Request}
 */

/**
 * @typedef {object} Workload
 * @property {string} name by which `--only` asks for it
 * @property {string} title in tables
 * @property {string} tenant whose data it works on
 * @property {number} [expect] the status of each answer, where the request does not say so itself
 * @property {number} [peerExpects] the same of the peer
 * @property {number} [changes] how many change records each request must leave, likewise
 * @property {MakeRequest} request
 * @property {MakeRequest} [graphql] the same for the core asked directly
 * @property {readonly string[]} [targets] the servers that are asked, where not all are
 * @property {(state: any, answer: string) => void} [after] keeps what the next request of the connection needs of an answer
 * @property {number} [connections] how many at once, where not the usual number
 * @property {string} [of] the workload that this is with another number at once
 * @property {boolean} [isMinor] it gets fewer and shorter rounds
 * @property {boolean} [isOnceForPeer] the peer is asked in the first round alone
 * @property {boolean} [isCold] it is not practised before
 * @property {boolean} [isLong] it lasts as long as the mixed load is to last
 */

/** Joins, and leaves again with the next request. */
const joinOrLeave = (group) => ({
  request: ({ joiners, [group]: id }, connection, n) => {
    const { id: user, userName } = share(joiners, connection, n >> 1);
    return { method: 'PATCH', path: `/Groups/${id}`, body: n % 2 === 0 ? addMember(user, userName) : removeMember(user) };
  },
  graphql: ({ joiners, [group]: id }, connection, n) => (n % 2 === 0 ? joinGroup : leaveGroup)(id, [share(joiners, connection, n >> 1).id]),
});

/** @type {readonly Workload[]} */
const pointWorkloads = [
  {
    name: 'create',
    title: 'create user',
    tenant: 'arrivals',
    changes: 1,
    expect: 201,
    request: ({ run }) => ({ method: 'POST', path: '/Users', body: newUser(run) }),
    graphql: ({ run }) => createUser(newUser(run)),
  },
  {
    name: 'find',
    title: 'find by user name',
    tenant: 'company',
    changes: 0,
    expect: 200,
    request: ({ users }, connection, n) => {
      const filter = encodeURIComponent(`userName eq "${anyone(users, connection, n).userName}"`);
      return { method: 'GET', path: `/Users?filter=${filter}&startIndex=1&count=100` };
    },
    graphql: ({ users }, connection, n) => findUser(anyone(users, connection, n).userName),
  },
  {
    name: 'get',
    title: 'get by id',
    tenant: 'company',
    changes: 0,
    expect: 200,
    request: ({ users }, connection, n) => ({ method: 'GET', path: `/Users/${anyone(users, connection, n).id}` }),
    graphql: ({ users }, connection, n) => getUser(anyone(users, connection, n).id),
  },
  {
    name: 'list',
    title: 'list 100',
    tenant: 'company',
    changes: 0,
    expect: 200,
    request: () => ({ method: 'GET', path: '/Users?startIndex=1&count=100' }),
    graphql: () => listUsers(),
  },
  {
    name: 'patch',
    title: 'PATCH active',
    tenant: 'company',
    changes: 1,
    expect: 200,
    request: ({ users }, connection, n) => ({
      method: 'PATCH',
      path: `/Users/${share(users, connection, n).id}`,
      body: setActive(passes(users, n) % 2 === 1),
    }),
    graphql: ({ users }, connection, n) => activate(share(users, connection, n).id, passes(users, n) % 2 === 1),
  },
  {
    name: 'few',
    title: 'a member joins or leaves a group of 10',
    tenant: 'crowd',
    changes: 1,
    expect: 204,
    peerExpects: 200,
    ...joinOrLeave('fewId'),
  },
  {
    // The peer needs half a minute for each: it is asked once, in the first round.
    name: 'many',
    title: 'a member joins or leaves a group of many',
    tenant: 'crowd',
    changes: 1,
    expect: 204,
    peerExpects: 200,
    isOnceForPeer: true,
    ...joinOrLeave('manyId'),
  },
];

/** @type {readonly Workload[]} */
export const workloads = [...pointWorkloads, ...atOnce(pointWorkloads), ...largeWorkloads, mixed];

/** Whether the server is asked for this workload. */
export const isAsked = (targetName, { targets, graphql }) =>
  targetName === 'graphql' ? graphql !== undefined : (targets?.includes(targetName) ?? true);
