/**
 * Crawls: whoever walks through all users page by page sees everybody who is there all the time exactly once, whatever others do between
 * the pages.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Crowd, disturb, gather } from '../support/crowd.js';
import { expectList } from '../support/scim.js';
import { expectAllSeen, type Page, type Read, walk, Walker } from '../support/walkers.js';
import { world } from '../support/world.js';

/** The larger one is for what costs the more the further one gets. */
let large: Crowd;
let small: Crowd;
let pageSize: { readonly large: number; readonly small: number };

beforeAll(async () => {
  const isNetwork = (await world()).setUp === 'network';
  pageSize = isNetwork ? { large: 1000, small: 200 } : { large: 100, small: 100 };
  large = await gather(isNetwork ? 20_000 : 1500);
  small = isNetwork ? await gather(4000) : large;
}, 180_000);

const bySCIM =
  ({ tenant }: Crowd, count: number, query = '', token = tenant.token): Read =>
  async (startIndex) => {
    const answer = await tenant.scim('GET', `/Users?startIndex=${startIndex}&count=${count}&attributes=userName${query}`, undefined, {
      authorization: `Bearer ${token}`,
    });
    const ids = expectList(answer).map(({ id }) => id);
    expect(answer.body.startIndex).toBe(startIndex);
    return { ids, total: answer.body.totalResults, startIndex };
  };

/** Exact, but never less than was seen: who has seen as many as the total says goes home, also when those behind it were deleted. */
function expectTotal({ alive }: Crowd, { total, ids, startIndex }: Page): void {
  const passed = startIndex - 1 + ids.length;
  expect([Math.max(alive.size, passed), Math.max(alive.size, passed + 1)]).toContain(total);
}

/** Walks while others come and go; `isFound` says whom the list is about, and that its totals are not those of everybody. */
async function crawl(crowd: Crowd, read: Read, isFound?: (name: string) => boolean): Promise<void> {
  const moved = crowd.startWatching();
  const before = [...crowd.alive].filter(([, name]) => !isFound || isFound(name)).map(([id]) => id);
  const stayed = new Set(before);
  const walker = new Walker();
  let promised = Infinity;
  for await (const page of walk(read)) {
    // Who comes after the last page may be left out; who was there all the time was counted on the page before.
    if (page.ids.some((id) => stayed.has(id) && !moved.has(id))) {
      expect(page.startIndex, 'said the page before').toBeLessThanOrEqual(promised);
    }
    if (!isFound) expectTotal(crowd, page);
    promised = page.total;
    walker.see(page.ids);
    await disturb(crowd, page.ids, walker.seen);
  }
  expectAllSeen(walker, before, moved);
}

describe('by startIndex', () => {
  test('through everybody', () => crawl(large, bySCIM(large, pageSize.large)), 180_000);

  test.each([
    ['by name', '&sortBy=userName'],
    ['by name, backwards', '&sortBy=userName&sortOrder=descending'],
    ['by what all have in common', '&sortBy=displayName'],
    ['by what nobody had at first', '&sortBy=nickName'],
    ['by what nobody had at first, backwards', '&sortBy=nickName&sortOrder=descending'],
    ['by time', '&sortBy=meta.created&sortOrder=descending'],
    ['by a part of an extension', '&sortBy=urn:ietf:params:scim:schemas:extension:customextensionname:2.0:User:floor'],
  ])('through everybody, %s', (_, query) => crawl(small, bySCIM(small, pageSize.small, query)), 120_000);

  test.each<[filter: string, query: string, isFound: (name: string) => boolean]>([
    ['active eq true', '', () => true],
    ['userName sw "user-"', '&sortBy=userName', (name) => name.startsWith('user-')],
    [
      'emails.value ew "@example.com" and not (userName co "late")',
      '&sortBy=userName&sortOrder=descending',
      (name) => !name.includes('late'),
    ],
  ])(
    'through those with %s',
    (filter, query, isFound) => crawl(small, bySCIM(small, pageSize.small, `${query}&filter=${encodeURIComponent(filter)}`), isFound),
    120_000,
  );

  test('with pages of all sizes', () => {
    let asked = 0;
    const sizes = [1, 7, pageSize.small, pageSize.small / 2, 33];
    return crawl(small, (startIndex) => bySCIM(small, sizes[(asked += 1) % sizes.length]!)(startIndex));
  }, 120_000);

  test('with every page asked for twice, because the first answer was lost', async () => {
    const read = bySCIM(small, pageSize.small);
    let walked = new Set<string>();
    await crawl(small, async (startIndex) => {
      const lost = await read(startIndex);
      if (lost.ids.length > 0) await disturb(small, lost.ids, walked);
      const page = await read(startIndex);
      walked = new Set([...walked, ...page.ids]);
      return page;
    });
  }, 120_000);

  test('where the last page but one becomes the last while it is asked for again', async () => {
    const crowd = await gather(6);
    const read = bySCIM(crowd, 2);
    const ids = [...crowd.alive.keys()];
    expect((await read(1)).ids).toEqual(ids.slice(0, 2));
    expect((await read(3)).ids).toEqual(ids.slice(2, 4));
    await crowd.leave(ids[2]!);
    await crowd.leave(ids[5]!);
    expect((await read(3)).ids).toEqual(ids.slice(3, 5));
    expect((await read(5)).ids).toEqual([]);
  }, 60_000);

  test('by two with a token each, at the same time', async () => {
    const { tenant } = small;
    const { body } = await tenant.requestToken({
      scimClientId: tenant.clientId,
      scimClientSecret: tenant.clientSecret,
      grantType: 'password',
    });
    const moved = small.startWatching();
    const before = new Set(small.alive.keys());
    const walks = [
      { walker: new Walker(), pages: walk(bySCIM(small, pageSize.small)) },
      { walker: new Walker(), pages: walk(bySCIM(small, pageSize.small, '', String(body['accessToken']))) },
    ];
    // The second starts when the first is three pages ahead, and never catches up: where one ended is not where the other goes on.
    for (let round = 0, isGoing = true; isGoing; round += 1) {
      isGoing = false;
      for (const { walker, pages } of round < 3 ? walks.slice(0, 1) : walks) {
        const { value: page } = await pages.next();
        if (!page) continue;
        isGoing = true;
        walker.see(page.ids);
        await disturb(small, page.ids, walker.seen);
      }
    }
    for (const { walker } of walks) expectAllSeen(walker, before, moved);
  }, 120_000);

  test('again and again with one token, by two orders in turn', async () => {
    for (let time = 0; time < 2; time += 1) {
      const moved = small.startWatching();
      const before = new Set(small.alive.keys());
      const walks = ['&sortBy=userName', '&sortBy=userName&sortOrder=descending'].map((query) => ({
        walker: new Walker(),
        pages: walk(bySCIM(small, pageSize.small, query)),
      }));
      for (let left = walks; left.length > 0;) {
        const going: typeof walks = [];
        for (const one of left) {
          const { value: page } = await one.pages.next();
          if (!page) continue;
          going.push(one);
          one.walker.see(page.ids);
          await disturb(small, page.ids, one.walker.seen);
        }
        left = going;
      }
      for (const { walker } of walks) expectAllSeen(walker, before, moved);
    }
  }, 120_000);

  test('begun anew, while nothing is left of the walk before', async () => {
    const crowd = await gather(9);
    const byName = (count: number) => bySCIM(crowd, count, '&sortBy=userName');
    for await (const page of walk(byName(3))) expect(page.ids).toHaveLength(3);
    for (const name of ['0-a@x.com', '0-b@x.com', '0-c@x.com', '0-d@x.com']) await crowd.join(name);
    const inOrder = [...crowd.alive].toSorted(([, one], [, two]) => (one < two ? -1 : 1)).map(([id]) => id);
    expect((await byName(1)(1)).ids).toEqual(inOrder.slice(0, 1));
    expect((await byName(3)(4)).ids, 'a jump').toEqual(inOrder.slice(3, 6));
    expect((await byName(3)(4)).ids, 'again').toEqual(inOrder.slice(3, 6));
    expect((await byName(3)(10)).ids, 'where the walk before ended').toEqual(inOrder.slice(9, 12));
  }, 60_000);

  test('while the connection is tested with the same token', async () => {
    const read = bySCIM(small, pageSize.small);
    await crawl(small, async (startIndex) => {
      expect((await bySCIM(small, 1)(1)).ids).toHaveLength(1);
      return read(startIndex);
    });
  }, 120_000);

  test.each([
    ['in the order of creation', ''],
    ['by name', '&sortBy=userName'],
    ['by what some have', '&sortBy=nickName'],
  ])(
    'with pages asked for before the one before is answered, %s',
    async (_, query) => {
      const read = bySCIM(small, pageSize.small, query);
      const moved = small.startWatching();
      const before = [...small.alive.keys()];
      const walker = new Walker();
      const size = pageSize.small;
      for (let startIndex = 1, isGoing = true; isGoing; startIndex += 3 * size) {
        const pages = await Promise.all([0, 1, 2].map((ahead) => read(startIndex + ahead * size)));
        for (const { ids } of pages) walker.see(ids);
        isGoing = pages.at(-1)!.ids.length === size;
        // Of those who were seen some go, and others come before them: what is ahead stays where it is.
        for (const id of pages[1]!.ids.slice(0, 2)) await small.leave(id);
        await small.join(`0-ahead-${startIndex}-${query.slice(8)}@x.com`);
      }
      expectAllSeen(walker, before, moved);
    },
    120_000,
  );

  test('while others come and go at the very moment', () => {
    const read = bySCIM(small, pageSize.small);
    let last: readonly string[] = [];
    const seen = new Set<string>();
    return crawl(
      small,
      async (startIndex) => {
        const [page] = await Promise.all([read(startIndex), disturb(small, last, seen)]);
        last = page.ids;
        for (const id of last) seen.add(id);
        return page;
      },
      () => true,
    );
  }, 120_000);

  test('all pages at once, while nobody comes or goes', async () => {
    const read = bySCIM(small, pageSize.small, '&sortBy=name.familyName');
    const starts = Array.from({ length: Math.ceil(small.alive.size / pageSize.small) }, (_, index) => 1 + index * pageSize.small);
    const pages = await Promise.all(starts.map(read));
    expect(pages.flatMap(({ ids }) => ids).toSorted()).toEqual([...small.alive.keys()].toSorted());
    for (const { total } of pages) expect(total).toBe(small.alive.size);
  }, 60_000);
});

const LIST = `query ($first: Int, $after: String, $last: Int, $before: String) {
  page: users(first: $first, after: $after, last: $last, before: $before) { totalCount nodes { id } pageInfo { hasNextPage endCursor hasPreviousPage startCursor } }
}`;
interface Connection {
  readonly totalCount: number;
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly endCursor: string | null;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
  };
}

describe('by cursor over GraphQL', () => {
  test.each(['forwards', 'backwards'])(
    'through everybody, %s',
    async (direction) => {
      const { tenant, alive } = large;
      const moved = large.startWatching();
      const before = new Set(alive.keys());
      const walker = new Walker();
      for (let cursor: string | null | undefined; cursor !== null;) {
        const { data, errors } = await tenant.graphql(
          LIST,
          direction === 'forwards' ? { first: pageSize.large, after: cursor } : { last: pageSize.large, before: cursor },
        );
        expect(errors).toBeUndefined();
        const { totalCount, nodes, pageInfo } = data!['page'] as unknown as Connection;
        expect(totalCount).toBe(alive.size);
        const ids = nodes.map(({ id }) => id);
        walker.see(ids);
        await disturb(large, ids, walker.seen);
        if (direction === 'forwards') cursor = pageInfo.hasNextPage ? pageInfo.endCursor : null;
        else cursor = pageInfo.hasPreviousPage ? pageInfo.startCursor : null;
      }
      expectAllSeen(walker, before, moved);
    },
    180_000,
  );
});
