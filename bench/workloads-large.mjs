/**
 * The requests beyond the point ones: imports, echoes, many members, Bulk. They get fewer and shorter rounds, but for what a target speaks
 * of.
 */
import { addMembers, bulkOf, bulkOfTitles, oktaUser, removeMembers, replaceMembers } from './bodies.mjs';
import { listUsers } from './graphql.mjs';
import { anyone, newUser, passes, share } from './turns.mjs';

const THOUSAND = 1000;
const PAGE = 100;
/** What the bare server has nothing like: these say what the system takes, not how near the limit it is. */
const OURS = ['system', 'one'];
const DURABLE = ['system', 'one', 'bare'];
/** These say how the system's requests compare with each other. */
const SYSTEM = ['system'];

const put = (id, userName, resource, title) => {
  const { active: _active, ...user } = resource; // which stays then: the PATCHes know its state
  return { method: 'PUT', path: `/Users/${id}`, body: { ...user, userName, title } };
};

/** The large group's other set: half of the changes leave, as many join. */
const SWAPPED = 500;
const swapped = ({ swap: { ids }, joiners }, isOther) => [
  ...(isOther ? joiners : ids).slice(0, SWAPPED / 2).map((user) => user.id ?? user),
  ...ids.slice(SWAPPED / 2),
];

/** @type {readonly import('./workloads.mjs').Workload[]} */
export const largeWorkloads = [
  {
    name: 'put',
    title: 'PUT a user',
    tenant: 'company',
    changes: 1,
    expect: 200,
    targets: DURABLE,
    isMinor: true,
    request: ({ users }, connection, n) => {
      const { id, userName } = share(users, connection, n);
      return put(id, userName, oktaUser(userName, `00u${id}`), `Title ${passes(users, n)}`);
    },
  },
  {
    // As Okta's wizard apps do: every other request is the GET, the next one sends its answer back with another title.
    name: 'echo',
    title: 'GET, then PUT of what was got',
    tenant: 'company',
    expect: 200,
    targets: DURABLE,
    isMinor: true,
    request: ({ users }, connection, n, { got }) => {
      const { id, userName } = share(users, connection, n >> 1);
      if (n % 2 === 0) return { method: 'GET', path: `/Users/${id}`, changes: 0 };
      return { ...put(id, userName, got?.schemas ? got : oktaUser(userName, `00u${id}`), `Echo ${passes(users, n >> 1)}`), changes: 1 };
    },
    after: (state, text) => {
      state.got = JSON.parse(text);
    },
  },
  {
    name: 'pages',
    title: 'import: the next 100 by startIndex',
    tenant: 'company',
    changes: 0,
    expect: 200,
    targets: DURABLE,
    isMinor: true,
    request: ({ users }, _connection, n) => ({
      method: 'GET',
      path: `/Users?startIndex=${(n % Math.ceil(users.length / PAGE)) * PAGE + 1}&count=${PAGE}`,
    }),
  },
  {
    name: 'walk',
    title: 'import: the next 100 by cursor',
    tenant: 'company',
    changes: 0,
    expect: 200,
    targets: DURABLE,
    isMinor: true,
    request: (_data, _connection, _n, { cursor = '' }) => ({
      method: 'GET',
      path: `/Users?count=${PAGE}&cursor=${encodeURIComponent(cursor)}`,
    }),
    graphql: (_data, _connection, _n, { cursor }) => listUsers(cursor),
    after: (state, text) => {
      [, state.cursor] = /"nextCursor":"([^"]+)"/.exec(text) ?? /"hasNextPage":true,"endCursor":"([^"]+)"/.exec(text) ?? [];
    },
  },
  {
    name: 'thousand',
    title: '1,000 members join or leave in one PATCH',
    tenant: 'crowd',
    changes: 1,
    expect: 204,
    targets: DURABLE,
    connections: 1,
    isMinor: true,
    request: ({ joiners, thousandId }, _connection, n) => {
      const ids = joiners.slice(0, THOUSAND).map(({ id }) => id);
      return { method: 'PATCH', path: `/Groups/${thousandId}`, body: n % 2 === 0 ? addMembers(ids) : removeMembers(ids) };
    },
  },
  {
    // Those who have joined leave again: that takes less, and the target is about joining.
    name: 'add500',
    title: '500 members join a group of many (that they leave again is in the rate, not in the times)',
    tenant: 'crowd',
    changes: 1,
    expect: 204,
    targets: SYSTEM,
    connections: 1,
    request: ({ joiners, crowdId }, _connection, n) => {
      const ids = joiners.slice(0, SWAPPED).map(({ id }) => id);
      const isAside = n % 2 !== 0;
      return { method: 'PATCH', path: `/Groups/${crowdId}`, body: isAside ? removeMembers(ids) : addMembers(ids), isAside };
    },
  },
  {
    name: 'replace',
    title: 'replace the members of a group of many, 500 change',
    tenant: 'crowd',
    changes: 1,
    expect: 204,
    targets: SYSTEM,
    connections: 1,
    request: (data, _connection, n) => ({
      method: 'PATCH',
      path: `/Groups/${data.swap.id}`,
      body: replaceMembers(swapped(data, n % 2 === 0)),
    }),
  },
  {
    // Not practised: what the first one takes of memory counts.
    name: 'members',
    title: 'read a group of many with its members',
    tenant: 'crowd',
    changes: 0,
    expect: 200,
    targets: SYSTEM,
    connections: 1,
    isCold: true,
    request: ({ manyId }) => ({ method: 'GET', path: `/Groups/${manyId}` }),
  },
  {
    name: 'bulk',
    title: 'Bulk of 1,000 new users',
    tenant: 'arrivals',
    changes: THOUSAND,
    expect: 200,
    targets: OURS,
    connections: 2,
    isMinor: true,
    request: ({ run }) => ({ method: 'POST', path: '/Bulk', body: bulkOf(Array.from({ length: THOUSAND }, () => newUser(run))) }),
  },
  {
    name: 'bulkPatch',
    title: 'Bulk of 1,000 changed users',
    tenant: 'company',
    changes: THOUSAND,
    expect: 200,
    targets: OURS,
    connections: 1,
    isMinor: true,
    request: ({ users }, _connection, n) => ({ method: 'POST', path: '/Bulk', body: bulkOfTitles(users.slice(0, THOUSAND), `Bulk ${n}`) }),
  },
  {
    name: 'contains',
    title: 'find by a part of the e-mail address',
    tenant: 'company',
    changes: 0,
    expect: 200,
    targets: OURS,
    isMinor: true,
    request: ({ users }, connection, n) => {
      const [part] = anyone(users, connection, n).userName.split('@okta');
      return { method: 'GET', path: `/Users?filter=${encodeURIComponent(`emails.value co "${part}@"`)}` };
    },
  },
  {
    name: 'token',
    title: 'token check alone',
    tenant: 'company',
    changes: 0,
    expect: 200,
    targets: OURS,
    isMinor: true,
    request: () => ({ method: 'GET', path: '/ServiceProviderConfig' }),
  },
];
