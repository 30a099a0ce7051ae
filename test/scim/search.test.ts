/** Queries by POST (RFC 7644, 3.4.3), and queries for users and groups together (3.4.2.1). */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ScimBody } from '../support/http.js';
import { expectCursorPage, expectList, expectScimError, groupBody, SEARCH, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
let users: string[];
let groups: string[];

const create = async (path: string, body: object): Promise<string> => {
  const answer = await tenant.scim('POST', path, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
};

beforeAll(async () => {
  tenant = await newTenant();
  users = [];
  for (const name of ['ann', 'bob', 'cem', 'dia', 'eve']) {
    users.push(await create('/Users', userBody(`${name}@x.com`, { displayName: `${name} X`, externalId: `u-${name}` })));
  }
  groups = [];
  for (const name of ['bakers', 'cooks', 'drivers']) {
    groups.push(await create('/Groups', groupBody(name, users.slice(0, 2), { externalId: `g-${name}` })));
  }
});

const search = (path: string, body: object) => tenant.scim('POST', `${path}/.search`, { schemas: [SEARCH], ...body });
const idsIn = (resources: readonly ScimBody[]) => resources.map(({ id }) => id);
const filterOf = (filter: string) => `filter=${encodeURIComponent(filter)}`;

describe('a query by POST answers as the query by GET', () => {
  test.each<[string, string, object]>([
    ['/Users', '', {}],
    [
      '/Users',
      `${filterOf('userName sw "a" or userName sw "e"')}&sortBy=userName&sortOrder=descending`,
      { filter: 'userName sw "a" or userName sw "e"', sortBy: 'userName', sortOrder: 'descending' },
    ],
    ['/Users', 'startIndex=2&count=2&attributes=userName', { startIndex: 2, count: 2, attributes: ['userName'] }],
    ['/Users', 'count=0', { count: 0 }],
    ['/Groups', 'excludedAttributes=members', { excludedAttributes: ['members'] }],
    ['/Groups', filterOf('displayName eq "cooks"'), { FILTER: 'displayName eq "cooks"', foo: [1] }],
    ['', '', {}],
    [
      '',
      `${filterOf('externalId co "-"')}&sortBy=displayName&count=4&startIndex=3&excludedAttributes=members,groups`,
      { filter: 'externalId co "-"', sortBy: 'displayName', count: 4, startIndex: 3, excludedAttributes: 'members,groups' },
    ],
  ])('%s?%s', async (path, query, body) => {
    const got = await tenant.scim('GET', `${path}?${query}`);
    const posted = await search(path, body);
    expectList(posted);
    expect(posted.text).toBe(got.text);
  });

  test('a plus in a filter is a plus', async () => {
    const id = await create('/Users', userBody('fay+1@x.com', { displayName: 'a+b c%20d' }));
    for (const filter of ['userName eq "fay+1@x.com"', 'displayName eq "a+b c%20d"']) {
      expect(idsIn(expectList(await search('/Users', { filter })))).toEqual([id]);
    }
    await tenant.scim('DELETE', `/Users/${id}`);
  });

  test.each(['/Users', '/Groups', ''])('page by page with cursors: %s/.search', async (path) => {
    const expected = idsIn(expectList(await search(path, { count: 1000, sortBy: 'displayName', sortOrder: 'descending' })));
    const seen: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const answer = await search(path, { cursor, count: 3, sortBy: 'displayName', sortOrder: 'descending' });
      seen.push(...idsIn(expectCursorPage(answer)));
      cursor = answer.body.nextCursor;
      expect(seen.length).toBeLessThanOrEqual(expected.length);
    }
    expect(seen).toEqual(expected);
  });
});

describe('users and groups together', () => {
  test.each(['', '/'])('GET on the base, with the path %j, lists all, each as at its own address', async (path) => {
    const resources = expectList(await tenant.scim('GET', path));
    expect(idsIn(resources).toSorted()).toEqual([...users, ...groups].toSorted());
    for (const resource of resources) {
      const own = await tenant.scim('GET', `/${resource.meta.resourceType}s/${resource.id}`);
      expect(resource).toEqual(own.body);
    }
  });

  test('come in one order and one paging', async () => {
    const names = (resources: readonly ScimBody[]) => resources.map(({ displayName }) => displayName);
    const all = names(expectList(await search('', { sortBy: 'displayName' })));
    expect(all).toEqual(['ann X', 'bakers', 'bob X', 'cem X', 'cooks', 'dia X', 'drivers', 'eve X']);
    const pages = [];
    for (const startIndex of [1, 4, 7]) pages.push(await search('', { sortBy: 'displayName', startIndex, count: 3 }));
    expect(pages.flatMap((page) => names(expectList(page)))).toEqual(all);
    expect(pages.map(({ body }) => [body.totalResults, body.startIndex, body.itemsPerPage])).toEqual([
      [8, 1, 3],
      [8, 4, 3],
      [8, 7, 2],
    ]);
  });

  test.each([2, 3, 5])('forwards and back by cursor, %d at a time, the unordered after the ordered', async (count) => {
    for (const query of ['', 'sortBy=userName', 'sortBy=userName&sortOrder=descending', 'sortBy=displayName']) {
      const expected = idsIn(expectList(await tenant.scim('GET', `/?${query}`)));
      const there = [await tenant.scim('GET', `/?${query}&count=${count}&cursor=`)];
      while (there.at(-1)!.body.nextCursor) {
        there.push(await tenant.scim('GET', `/?${query}&count=${count}&cursor=${there.at(-1)!.body.nextCursor!}`));
      }
      expect(there.flatMap((page) => idsIn(expectCursorPage(page)))).toEqual(expected);
      const back = [there.at(-1)!];
      while (back[0]!.body.previousCursor) {
        back.unshift(await tenant.scim('GET', `/?${query}&count=${count}&cursor=${back[0]!.body.previousCursor}`));
      }
      expect(back.flatMap((page) => idsIn(expectCursorPage(page)))).toEqual(expected);
    }
  });

  test.each<[string, () => string[]]>([
    ['externalId eq "g-cooks" or externalId eq "u-dia"', () => [users[3]!, groups[1]!]],
    ['userName sw "b"', () => [users[1]!]],
    ['members pr', () => groups],
    ['members.value pr and displayName sw "b"', () => [groups[0]!]],
    ['active eq true and displayName sw "b"', () => [users[1]!]],
    ['displayName sw "b"', () => [users[1]!, groups[0]!]],
    ['meta.resourceType eq "Group"', () => groups],
    ['displayName eq "nobody"', () => []],
  ])('%s finds what has it', async (filter, expected) => {
    const answer = await search('', { filter });
    expect(idsIn(expectList(answer)).toSorted()).toEqual(expected().toSorted());
    expect(answer.body.totalResults).toBe(expected().length);
  });

  test('attributes are taken from each type as it has them', async () => {
    const resources = expectList(await search('', { attributes: ['userName', 'members.value'], sortBy: 'displayName', count: 2 }));
    expect(resources.map((resource) => Object.keys(resource).toSorted())).toEqual([
      ['id', 'schemas', 'userName'],
      ['id', 'members', 'schemas'],
    ]);
    const without = expectList(await search('', { excludedAttributes: ['members', 'emails'] }));
    expect(without.filter((resource) => 'members' in resource || 'emails' in resource)).toEqual([]);
  });

  test('of this tenant only', async () => {
    const other = await newTenant();
    expect(expectList(await other.scim('GET', '/'))).toEqual([]);
    expect(expectList(await other.scim('POST', '/.search', {}))).toEqual([]);
  });
});

describe('what is refused', () => {
  test.each(['/Users', '/Groups', ''])('%s/.search: what cannot be read', async (path) => {
    expectScimError(await search(path, { filter: 'favouriteColour eq "red"' }), 400, 'invalidFilter');
    expectScimError(await search(path, { filter: 'displayName foo' }), 400, 'invalidFilter');
    expectScimError(await search(path, { filter: '' }), 400, 'invalidFilter');
    expectScimError(await search(path, { sortBy: 'favouriteColour' }), 400, 'invalidPath');
    expectScimError(await search(path, { sortBy: 'displayName', sortOrder: 'up' }), 400, 'invalidValue');
    expectScimError(await search(path, { count: 'ten' }), 400, 'invalidValue');
    expectScimError(await search(path, { filter: { displayName: 'x' } }), 400, 'invalidValue');
    expectScimError(await search(path, { cursor: 'x' }), 400, 'invalidCursor');
    expectScimError(await search(path, { cursor: '', startIndex: 1 }), 400, 'invalidValue');
    expectScimError(await search(path, { cursor: '', count: 'ten' }), 400, 'invalidCount');
    expectScimError(await tenant.scim('POST', `${path}/.search`, '{"filter":'), 400, 'invalidSyntax');
    expectScimError(await tenant.scim('POST', `${path}/.search`, 'filter=x', { 'content-type': 'application/x-www-form-urlencoded' }), 415);
  });

  test.each(['/Users', '/Groups', ''])('%s/.search: strangers, and other methods', async (path) => {
    expectScimError(await tenant.scim('POST', `${path}/.search`, {}, { authorization: undefined }), 401);
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await tenant.scim(method, `${path}/.search`);
      expectScimError(answer, 405);
      expect(answer.headers.allow).toBe('POST, OPTIONS');
    }
  });
});
