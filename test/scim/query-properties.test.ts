/**
 * Whole queries: any filter with any order, page and choice of attributes answers exactly the list that a small model makes of the same
 * resources.
 */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import type { Filter } from '../support/query-model.js';
import { foundCompany } from '../support/query-people.js';
import { type Key, type Name, ordered, shown } from '../support/query-lists.js';
import { groupsOf, type Subject, usersOf } from '../support/query-subjects.js';
import { expectList, SEARCH } from '../support/scim.js';
import { FUZZ_RUNS, newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
let subjects: Record<'/Users' | '/Groups', Subject>;

beforeAll(async () => {
  tenant = await newTenant();
  const company = await foundCompany(tenant);
  subjects = { '/Users': usersOf(company), '/Groups': groupsOf(company) };
}, 120_000);

interface Sorting {
  readonly key: Key;
  readonly sortBy: string;
  readonly sortOrder: string | undefined;
}
interface Query {
  readonly filter: Filter | undefined;
  readonly sorting: Sorting | undefined;
  readonly startIndex: number | undefined;
  readonly count: number | undefined;
  readonly wanted: readonly Name[] | undefined;
  readonly excluded: readonly Name[];
  /** The same query as a body (RFC 7644, 3.4.3). */
  readonly isPosted: boolean;
}

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const sortingOf = ({ keys }: Subject): fc.Arbitrary<Sorting> =>
  fc
    .tuple(fc.constantFrom(...keys), fc.constantFrom('ascending', 'descending', 'Descending', undefined))
    .chain(([key, sortOrder]) => fc.constantFrom(...key.spellings).map((sortBy) => ({ key, sortBy, sortOrder })));

/** Some of the filters find few: pages must begin where they end, too. */
const queryOf = (subject: Subject): fc.Arbitrary<Query> =>
  fc.record({
    filter: fc.option(subject.filter, { nil: undefined, freq: 8 }),
    sorting: maybe(sortingOf(subject)),
    startIndex: maybe(fc.oneof(fc.integer({ min: -2, max: 12 }), fc.nat({ max: subject.items.length + 3 }))),
    count: maybe(fc.oneof(fc.integer({ min: -2, max: 12 }), fc.nat({ max: 1200 }))),
    wanted: fc.option(fc.array(fc.constantFrom(...subject.names), { minLength: 1, maxLength: 4 }), { nil: undefined, freq: 1 }),
    excluded: fc.oneof(fc.constant([]), fc.array(fc.constantFrom(...subject.names), { maxLength: 4 })),
    isPosted: fc.boolean(),
  });

const spellingsOf = (names: readonly Name[] | undefined) => names?.map(({ spelling }) => spelling);

const parametersOf = ({ filter, sorting, startIndex, count, wanted, excluded }: Query) => ({
  filter: filter?.text,
  sortBy: sorting?.sortBy,
  sortOrder: sorting?.sortOrder,
  startIndex,
  count,
  attributes: spellingsOf(wanted),
  excludedAttributes: spellingsOf(excluded),
});

/** The query as a client writes it: every value percent-encoded. */
const printed = (query: Query): string =>
  Object.entries(parametersOf(query))
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(Array.isArray(value) ? value.join(',') : value!.toString())}`)
    .join('&');

const ask = (endpoint: string, query: Query) =>
  query.isPosted
    ? tenant.scim('POST', `${endpoint}/.search`, { schemas: [SEARCH], ...parametersOf(query) })
    : tenant.scim('GET', `${endpoint}?${printed(query)}`);

const isDescending = (sorting: Sorting | undefined) => sorting?.sortOrder?.toLowerCase() === 'descending';

function found({ items }: Subject, { filter, sorting }: Pick<Query, 'filter' | 'sorting'>) {
  return ordered(items, sorting?.key, isDescending(sorting)).filter((item) => !filter || filter.holds(item));
}

function expectedOf(subject: Subject, query: Query) {
  const all = found(subject, query);
  const startIndex = Math.max(1, query.startIndex ?? 1);
  const page = all.slice(startIndex - 1, startIndex - 1 + Math.min(1000, Math.max(0, query.count ?? 100)));
  return { totalResults: all.length, startIndex, itemsPerPage: page.length, Resources: page.map((item) => shown(item, query)) };
}

test.each(['/Users', '/Groups'] as const)(
  'random queries of %s answer the list that they describe',
  async (endpoint) => {
    const subject = subjects[endpoint];
    let telling = 0;
    await fc.assert(
      fc.asyncProperty(queryOf(subject), async (query) => {
        const answer = await ask(endpoint, query);
        expectList(answer);
        const { totalResults, startIndex, itemsPerPage, Resources } = answer.body;
        const expected = expectedOf(subject, query);
        expect(
          Resources.map(({ id }) => id),
          printed(query),
        ).toEqual(expected.Resources.map(({ id }) => id)); // first, for it is the shorter to read
        expect({ totalResults, startIndex, itemsPerPage, Resources }, printed(query)).toEqual(expected);
        if (totalResults > 0 && totalResults < subject.items.length) telling += 1;
      }),
      { numRuns: FUZZ_RUNS },
    );
    // Filters that find nobody or everybody would prove little.
    expect(telling).toBeGreaterThan(FUZZ_RUNS / 4);
  },
  120_000 + FUZZ_RUNS * 200,
);

const LIST = `query ($filter: String, $orderBy: OrderBy, $first: Int!, $after: String) {
  page: users(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { totalCount nodes { id } pageInfo { hasNextPage endCursor } }
}`;
interface Page {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Walks a list by cursor, and answers the ids in the order they came. */
async function walk(variables: object, first: number, total: number): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const { data, errors } = await tenant.graphql(LIST, { ...variables, first, after });
    expect(errors).toBeUndefined();
    const page: Page = data!['page'] as unknown as Page;
    expect(page.totalCount).toBe(total);
    expect(page.nodes.length).toBe(Math.min(first, total - ids.length));
    ids.push(...page.nodes.map(({ id }) => id));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return ids;
}

test(
  'random lists walked by cursor over GraphQL are the same lists',
  async () => {
    const subject = subjects['/Users'];
    const query = fc.record({
      filter: fc.option(subject.filter, { nil: undefined, freq: 2 }),
      sorting: fc.option(sortingOf(subject), { nil: undefined, freq: 8 }),
      parts: fc.integer({ min: 1, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ parts, ...query }) => {
        const expected = found(subject, query).map(({ id }) => id);
        const orderBy = query.sorting && { field: query.sorting.sortBy, direction: isDescending(query.sorting) ? 'DESC' : 'ASC' };
        const size = Math.max(1, Math.ceil(expected.length / parts));
        expect(
          await walk({ filter: query.filter?.text, orderBy }, size, expected.length),
          JSON.stringify({ filter: query.filter?.text, orderBy, size }),
        ).toEqual(expected);
      }),
      { numRuns: Math.ceil(FUZZ_RUNS / 4) },
    );
  },
  120_000 + FUZZ_RUNS * 200,
);
