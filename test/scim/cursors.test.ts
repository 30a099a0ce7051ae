/** Paging by cursor (RFC 9865): forwards and back, in every order, while people come and go. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/http.js';
import { expectCursorPage, expectList, expectScimError, groupBody, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const TOTAL = 25;
const FILTER = encodeURIComponent('userName co "even" and active eq true');

/** Some titles are alike and some users have none: the order of a page must not hang on the attribute alone. */
const attributesOf = (index: number) => (index % 3 === 0 ? {} : { title: `Title ${index % 4}` });
const nameOf = (index: number) => `${String((index * 7) % TOTAL).padStart(2, '0')}-${index % 2 === 0 ? 'even' : 'odd'}@x.com`;

const create = async (tenant: Tenant, userName: string, over: object = {}): Promise<string> => {
  const answer = await tenant.scim('POST', '/Users', userBody(userName, over));
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
};

const fill = async (tenant: Tenant) => {
  for (let index = 0; index < TOTAL; index += 1) await create(tenant, nameOf(index), attributesOf(index));
};

const pageOf = async (tenant: Tenant, query: string, cursor: string, path = '/Users') => {
  const answer = await tenant.scim('GET', `${path}?cursor=${cursor}&${query}`);
  return { ids: expectCursorPage(answer).map(({ id }) => id), ...answer.body };
};

type Page = Awaited<ReturnType<typeof pageOf>>;

/** All pages in one direction, from this cursor on. */
async function walk(tenant: Tenant, query: string, side: 'nextCursor' | 'previousCursor', from = ''): Promise<Page[]> {
  const pages: Page[] = [];
  for (let cursor: string | undefined = from; cursor !== undefined; cursor = pages.at(-1)![side]) {
    expect(pages.length).toBeLessThan(3 * TOTAL);
    pages.push(await pageOf(tenant, query, cursor));
  }
  return pages;
}

const idsIn = (pages: readonly Page[]) => pages.flatMap(({ ids }) => ids);

describe('a list', () => {
  let tenant: Tenant;
  beforeAll(async () => {
    tenant = await newTenant();
    await fill(tenant);
  });

  describe.each([
    '',
    'sortBy=userName',
    'sortBy=userName&sortOrder=descending',
    'sortBy=title',
    'sortBy=title&sortOrder=descending',
    `filter=${FILTER}`,
    `filter=${FILTER}&sortBy=title&sortOrder=descending`,
    'sortBy=emails&attributes=userName',
    'sortBy=meta.created&excludedAttributes=groups',
  ])('?%s', (query) => {
    test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('%d at a time, forwards and back', async (count) => {
      const expected = expectList(await tenant.scim('GET', `/Users?count=1000&${query}`)).map(({ id }) => id);
      const counted = `count=${count}&${query}`;
      const forwards = await walk(tenant, counted, 'nextCursor');
      expect(idsIn(forwards)).toEqual(expected);
      expect(forwards.map(({ totalResults }) => totalResults)).toEqual(forwards.map(() => expected.length));
      expect(forwards.slice(0, -1).map(({ itemsPerPage }) => itemsPerPage)).toEqual(forwards.slice(1).map(() => count));
      expect(forwards.map(({ previousCursor }) => previousCursor !== undefined)).toEqual(forwards.map((_, at) => at > 0));
      const { previousCursor } = forwards.at(-1)!;
      const back = await walk(tenant, counted, 'previousCursor', previousCursor);
      expect(back.map(({ ids }) => ids)).toEqual(
        forwards
          .slice(0, -1)
          .toReversed()
          .map(({ ids }) => ids),
      );
      expect(back.map(({ nextCursor }) => nextCursor !== undefined)).toEqual(back.map(() => true));
    });
  });

  test('that fits into one page has no cursors, and nor has an empty one', async () => {
    for (const query of ['', 'count=25', 'count=100000', 'filter=userName%20eq%20"nobody"', `filter=${FILTER}`]) {
      const page = await pageOf(tenant, query, '');
      expect([page.previousCursor, page.nextCursor]).toEqual([undefined, undefined]);
    }
  });

  test('a page may be of another size, and show other attributes, than the one before', async () => {
    const { nextCursor } = await pageOf(tenant, 'count=2', '');
    const { Resources, itemsPerPage } = await pageOf(tenant, 'count=3&attributes=userName', nextCursor!);
    expect([itemsPerPage, Resources.map(({ userName }) => userName)]).toEqual([3, [2, 3, 4].map(nameOf)]);
  });

  test('?cursor without "=" begins by cursor; without either parameter it is by index', async () => {
    expect(expectCursorPage(await tenant.scim('GET', '/Users?cursor&count=3'))).toHaveLength(3);
    expect(expectCursorPage(await tenant.scim('GET', '/Users?CURSOR=&COUNT=3'))).toHaveLength(3);
    const { body } = await tenant.scim('GET', '/Users?count=3');
    expect([body.startIndex, body.nextCursor]).toEqual([1, undefined]);
  });

  test('count=0 gives the total and nothing else', async () => {
    for (const count of [0, -5]) {
      expect(await pageOf(tenant, `count=${count}`, '')).toMatchObject({ totalResults: TOTAL, ids: [], itemsPerPage: 0 });
    }
    expect(await pageOf(tenant, 'count=0', '')).not.toHaveProperty('nextCursor');
  });

  test('is said to be paged in both ways', async () => {
    const { body } = await tenant.scim('GET', '/ServiceProviderConfig');
    expect(body['pagination']).toEqual({
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: 100,
      maxPageSize: 1000,
      cursorTimeout: 86_400,
    });
  });
});

describe('while people come and go', () => {
  test.each(['', 'sortBy=userName', 'sortBy=userName&sortOrder=descending', 'sortBy=title', 'sortBy=title&sortOrder=descending'])(
    'who is there throughout is seen exactly once: ?%s',
    async (query) => {
      const tenant = await newTenant();
      await fill(tenant);
      const staying = new Set(expectList(await tenant.scim('GET', '/Users')).map(({ id }) => id));
      const seen: string[] = [];
      let cursor: string | undefined = '';
      for (let turn = 0; cursor !== undefined; turn += 1) {
        const page: Page = await pageOf(tenant, `count=3&${query}`, cursor);
        seen.push(...page.ids);
        cursor = page.nextCursor;
        // The last one of the page, which the cursor is made of, and one who is still to come.
        const unseen = [...staying].find((id) => !seen.includes(id));
        for (const leaving of [page.ids.at(-1), unseen]) {
          if (leaving === undefined || turn % 2 === 1) continue;
          staying.delete(leaving);
          expect((await tenant.scim('DELETE', `/Users/${leaving}`)).status).toBe(204);
        }
        for (const letter of turn < 6 ? ['0', 'm', 'z'] : []) {
          await create(tenant, `${letter}-new-${turn}@x.com`, turn < 3 ? { title: `Title ${letter}` } : { title: '0' });
        }
        expect(turn).toBeLessThan(2 * TOTAL);
      }
      expect(seen).toHaveLength(new Set(seen).size);
      expect(seen.filter((id) => staying.has(id)).toSorted()).toEqual([...staying].toSorted());
    },
  );

  test('a page whose users are gone is empty and leads back to the others', async () => {
    const tenant = await newTenant();
    const ids = [await create(tenant, 'a@x.com'), await create(tenant, 'b@x.com'), await create(tenant, 'c@x.com')];
    const first = await pageOf(tenant, 'count=2', '');
    const last = await pageOf(tenant, 'count=2', first.nextCursor!);
    await tenant.scim('DELETE', `/Users/${ids[2]}`);
    const empty = await pageOf(tenant, 'count=2', first.nextCursor!);
    expect([empty.ids, empty.totalResults, empty.nextCursor]).toEqual([[], 2, undefined]);
    expect((await pageOf(tenant, 'count=2', empty.previousCursor!)).ids).toEqual(ids.slice(0, 2));
    for (const id of ids.slice(0, 2)) await tenant.scim('DELETE', `/Users/${id}`);
    const late = await create(tenant, 'd@x.com');
    const before = await pageOf(tenant, 'count=2', last.previousCursor!);
    expect([before.ids, before.previousCursor]).toEqual([[], undefined]);
    expect((await pageOf(tenant, 'count=2', before.nextCursor!)).ids).toEqual([late]);
  });
});

describe('what is refused', () => {
  let tenant: Tenant;
  let cursor: string;
  beforeAll(async () => {
    tenant = await newTenant();
    for (const name of ['a', 'b', 'c']) {
      await create(tenant, `${name}@x.com`);
      await tenant.scim('POST', '/Groups', groupBody(name));
    }
    cursor = (await pageOf(tenant, 'count=1', '')).nextCursor!;
  });

  const expectRefused = (answer: Answer, scimType: string, sentence: RegExp) => {
    expectScimError(answer, 400, scimType);
    expect(answer.body.detail).toMatch(sentence);
  };

  test('what is no cursor', async () => {
    for (const text of ['x', 'YWJj', cursor.slice(2), cursor.slice(0, -4), `${cursor}%20x`, '%C3%A4', '%00', 'x'.repeat(5000)]) {
      expectRefused(await tenant.scim('GET', `/Users?cursor=${text}`), 'invalidCursor', /begin anew/);
    }
  });

  /** A cursor with one of its parts changed: its place in the core, its direction, its time, its query. */
  const changed = (at: number, change: (part: unknown) => unknown) => {
    const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    return Buffer.from(JSON.stringify(parts.with(at, change(parts[at])))).toString('base64url');
  };

  test('a place that the core does not know', async () => {
    for (const place of ['x', 'bm9uc2Vuc2U', 'eyJhIjoxfQ', '\0', '"']) {
      expectScimError(await tenant.scim('GET', `/Users?cursor=${changed(0, () => place)}`), 400, 'invalidCursor');
    }
    expectScimError(await tenant.scim('GET', `/Users?cursor=${changed(1, () => 'beside')}`), 400, 'invalidCursor');
  });

  test('a cursor of another query', async () => {
    for (const path of [
      '/Groups?',
      '/?',
      '/Users?filter=userName%20pr&',
      '/Users?sortBy=userName&',
      '/Users?sortBy=id&sortOrder=descending&',
    ]) {
      expectRefused(await tenant.scim('GET', `${path}cursor=${cursor}`), 'invalidCursor', /of another query/);
    }
  });

  test('one that is too old', async () => {
    const old = (seconds: number) => changed(2, (issued) => Number(issued) - seconds);
    expectRefused(await tenant.scim('GET', `/Users?cursor=${old(86_405)}`), 'expiredCursor', /older than 86400 seconds/);
    expect((await tenant.scim('GET', `/Users?cursor=${old(86_390)}`)).status).toBe(200);
  });

  test('a count that is no whole number', async () => {
    for (const count of ['ten', '1.5', '%27']) {
      expectRefused(await tenant.scim('GET', `/Users?cursor=${cursor}&count=${count}`), 'invalidCount', /whole number/);
    }
  });

  test('a cursor and a start index', async () => {
    expectRefused(await tenant.scim('GET', `/Users?cursor=${cursor}&startIndex=1`), 'invalidValue', /send one of them/);
  });

  test('a cursor that comes twice', async () => expectScimError(await tenant.scim('GET', '/Users?cursor=&cursor='), 400, 'invalidValue'));

  test('a cursor shows nobody of another tenant', async () => {
    const other = await newTenant();
    const id = await create(other, 'other@x.com');
    expect([[], [id]]).toContainEqual((await pageOf(other, 'count=1', cursor)).ids);
  });
});
