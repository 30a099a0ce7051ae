/**
 * What is asked at every size. Each workload is a generator that is given a tenant, yields requests and is handed their answers; it
 * lives as long as the run, and reads the tenant's size anew each time. `as` names another series that a request counts for.
 */
import { GROUP_SIZES } from './growth-data.mjs';
import { createUsers, echo, joinAndLeave, toggle } from './growth-writes.mjs';
import { person } from './people.mjs';

const get = (path, query = {}) => {
  const text = Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return { method: 'GET', path: `${path}${text && `?${text}`}`, expect: 200 };
};

const hasOne = ({ totalResults, Resources }) => totalResults === 1 && Resources.length === 1;
const hasPage = ({ Resources }) => new Set(Resources.map(({ id }) => id)).size === 100;

/** A GET for one person of the sample after the other. */
const ofEverybody = (requestOf) =>
  function* requests(tenant) {
    for (let n = 0; ; n += 1) yield requestOf(tenant.sample[n % tenant.sample.length], tenant);
  };
const finding = (filterOf, check = hasOne, query = {}) =>
  ofEverybody(({ number }, { size }) => ({ ...get('/Users', { filter: filterOf(person(number), size), ...query }), check }));
const always = (requestOf) => ofEverybody((_someone, tenant) => requestOf(tenant));

/** The last digits of a number, so many that about ten people have them. */
const ending = ({ number }, size) => number.padStart(7, '0').slice(-Math.max(1, Math.floor(Math.log10(size)) - 1));

/** The beginning of a display name, so long that about ten people have it: one given name in a hundred, one name in ten thousand. */
function beginning({ given, family, number }, size) {
  if (size <= 3000) return given;
  if (size <= 30_000) return `${given} ${family[0]}`;
  return size <= 300_000 ? `${given} ${family}` : `${given} ${family} (${number[0]}`;
}

/** Pages to walk after a jump; a small tenant does not have twenty. */
export const walkLength = (size) => Math.min(20, Math.max(1, Math.floor(size / 1000)));

/**
 * Pages to walk from the first on: as many in a tenant of a thousand as in one of a million, for the first costs less than those after it.
 */
const FIRST_PAGES = 9;

/** Walks from the first page on, then jumps to a page that nobody has read, near 90 % of the list, and walks on from there. */
function* jumpAndWalk(tenant) {
  for (let round = 0; ; round += 1) {
    const { size } = tenant;
    const pages = walkLength(size);
    const start = Math.floor(size * 0.9) + 1 - 100 * pages - 7 * (round % 14); // 14 rounds never meet the same page
    for (let page = 0; page < FIRST_PAGES; page += 1) {
      yield { ...get('/Users', { startIndex: 1 + 100 * page, count: 100 }), check: hasPage, as: 'walk-start' };
    }
    for (let page = 0; page <= pages; page += 1) {
      yield { ...get('/Users', { startIndex: start + 100 * page, count: 100 }), check: hasPage, as: page === 0 ? 'jump' : 'walk' };
    }
  }
}

/** The same request in the first half of the list: practice that leaves the pages near its end unread. */
function* jumpAbout(tenant) {
  for (let n = 0; ; n += 1) {
    yield { ...get('/Users', { startIndex: 101 + ((n * 137) % (tenant.size / 2 - 100)), count: 100 }), check: hasPage };
  }
}

const QUERY = `query ($after: String, $offset: Int) { users(first: 100, after: $after, offset: $offset) {
  nodes { id userName displayName active emails { value } } pageInfo { hasNextPage endCursor } } }`;
const graphql = (variables, more) => ({
  method: 'POST',
  path: '',
  body: { query: QUERY, variables },
  expect: 200,
  check: ({ data }) => data?.users.nodes.length === 100,
  ...more,
});

/** Follows the cursors from 90 % of the list on; how the first is found is not measured. */
function* followCursor(tenant) {
  for (;;) {
    let answer = yield graphql({ offset: Math.floor(tenant.size * 0.9) - 100 * (walkLength(tenant.size) + 1) }, { isUncounted: true });
    for (let page = 0; page < walkLength(tenant.size); page += 1) answer = yield graphql({ after: answer.data.users.pageInfo.endCursor });
  }
}

/** A whole import: every page of the tenant, one after the other, again and again. */
const importBy = (next) =>
  function* requests() {
    for (let query = next(); ;) {
      const answer = yield { ...get('/Users', { ...query, count: 100 }), check: ({ Resources }) => Resources.length > 0 };
      query = next(answer);
    }
  };
const byIndex = ({ startIndex = -99, itemsPerPage = 100, totalResults = Infinity } = {}) => ({
  startIndex: startIndex + itemsPerPage > totalResults ? 1 : startIndex + itemsPerPage,
});
const byCursor = ({ nextCursor = '' } = {}) => ({ cursor: nextCursor });

const firstPage = (query) => always(() => ({ ...get('/Users', { startIndex: 1, count: 100, ...query }), check: hasPage }));
const readGroup = (size) =>
  always(({ groups }) => ({
    ...get(`/Groups/${groups[size]}`, { excludedAttributes: 'members' }),
    check: ({ members, id }) => id && !members,
  }));
const hasSome =
  (least) =>
  ({ totalResults }) =>
    totalResults >= least;

const joinTitle = (size) => `a member joins or leaves a group of ${size.toLocaleString('en')}`;

/**
 * `chart` is the part of the picture; `isSteady` is what many may ask at once; `isAimedAt` is what the
 * target for a million users speaks of; `isImport` goes through all pages there are; of what is `isLasting` the tenant grows.
 */
export const workloads = [
  {
    name: 'find-name',
    title: 'find by userName',
    chart: 'find',
    isSteady: true,
    isAimedAt: true,
    requests: finding(({ email }) => `userName eq "${email}"`),
  },
  {
    name: 'find-external',
    title: 'find by externalId',
    chart: 'find',
    isSteady: true,
    isAimedAt: true,
    requests: finding(({ externalId }) => `externalId eq "${externalId}"`),
  },
  {
    name: 'find-email',
    title: 'find by emails.value',
    chart: 'find',
    isSteady: true,
    isAimedAt: true,
    requests: finding(({ email }) => `emails.value eq "${email}"`),
  },
  {
    name: 'get',
    title: 'get by id',
    chart: 'find',
    isSteady: true,
    isAimedAt: true,
    requests: ofEverybody(({ id }) => ({ ...get(`/Users/${id}`), check: (user) => user.id === id })),
  },
  { name: 'token', title: 'token check alone', chart: 'find', isSteady: true, requests: always(() => get('/ServiceProviderConfig')) },
  { name: 'create', title: 'create user', chart: 'write', isAimedAt: true, isLasting: true, requests: createUsers },
  { name: 'patch', title: 'PATCH active', chart: 'write', isAimedAt: true, requests: toggle },
  { name: 'echo', title: 'PUT of what was got', chart: 'write', isAimedAt: true, requests: echo },
  { name: 'list', title: 'list: first 100', chart: 'list', isSteady: true, isAimedAt: true, requests: firstPage() },
  {
    chart: 'list',
    requests: jumpAndWalk,
    practice: jumpAbout,
    rounds: 6,
    series: [
      { name: 'jump', title: 'list: a startIndex at 90 %, at once' },
      { name: 'walk-start', title: 'list: pages from the first on', isAimedAt: true },
      { name: 'walk', title: 'list: the pages after the one at 90 %', isAimedAt: true },
    ],
  },
  {
    name: 'import-index',
    title: 'a whole import by startIndex, a page',
    chart: 'list',
    isImport: true,
    isAimedAt: true,
    requests: importBy(byIndex),
  },
  {
    name: 'import-cursor',
    title: 'a whole import by cursor, a page',
    chart: 'list',
    isImport: true,
    isAimedAt: true,
    requests: importBy(byCursor),
  },
  { name: 'graphql', title: 'GraphQL: first 100', chart: 'list', isSteady: true, door: 'graphql', requests: always(() => graphql({})) },
  { name: 'graphql-deep', title: 'GraphQL: after a cursor at 90 %', chart: 'list', door: 'graphql', requests: followCursor },
  {
    name: 'contains',
    title: 'emails.value co, about 10 found',
    chart: 'search',
    isSteady: true,
    requests: finding((someone, size) => `emails.value co "${ending(someone, size)}@"`, hasSome(1)),
  },
  {
    name: 'begins',
    title: 'displayName sw, about 10 found',
    chart: 'search',
    isSteady: true,
    requests: finding((someone, size) => `displayName sw "${beginning(someone, size)}"`, hasSome(1)),
  },
  { name: 'sort-name', title: 'sortBy userName: first 100', chart: 'search', isSteady: true, requests: firstPage({ sortBy: 'userName' }) },
  {
    name: 'sort-family',
    title: 'sortBy name.familyName: first 100',
    chart: 'search',
    isSteady: true,
    requests: firstPage({ sortBy: 'name.familyName' }),
  },
  {
    name: 'count',
    title: 'totalResults of all',
    chart: 'search',
    isSteady: true,
    requests: always(({ size }) => ({ ...get('/Users', { count: 0 }), check: hasSome(size) })),
  },
  {
    name: 'count-some',
    title: 'totalResults of 1 %',
    chart: 'search',
    isSteady: true,
    requests: finding(({ family }) => `name.familyName eq "${family}"`, hasSome(1), { count: 0 }),
  },
  { name: 'group-few', title: 'group of 10, without members', chart: 'group', isSteady: true, isAimedAt: true, requests: readGroup(10) },
  { name: 'group-all', title: 'group of 1,000,000, without members', chart: 'group', isSteady: true, requests: readGroup(1_000_000) },
  {
    chart: 'group',
    requests: joinAndLeave(GROUP_SIZES),
    series: GROUP_SIZES.map((size) => ({ name: `join-${size}`, title: joinTitle(size), members: size, isAimedAt: size === 10 })),
  },
];

/** The lines of the table and of the picture: a workload is one of them, or several. */
export const seriesOf = (workload) => workload.series ?? [workload];
export const allSeries = workloads.flatMap((workload) => seriesOf(workload).map((series) => ({ ...series, chart: workload.chart })));
