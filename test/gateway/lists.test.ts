import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { routes } from '../../gateway/routes.js';
import { ENTERPRISE, expectScimError, LIST } from '../support/scim.js';
import { fakeNode, startFacade } from './fake-core.js';

const BASE = '/scim/api/V1';
let facade: Awaited<ReturnType<typeof startFacade>>;
beforeAll(async () => {
  facade = await startFacade();
});
afterAll(() => facade.gateway.close());
beforeEach(() => facade.reset());

const get = (path: string, method = 'GET') => facade.send(method, BASE + path);
const search = (path: string, body: object) => facade.send('POST', `${BASE}${path}/.search`, body);
const asked = () => facade.calls.map(({ operation, variables }) => [operation, variables]);

const pageOf = (pageInfo: object) =>
  facade.tell(() => ({
    data: {
      page: {
        totalCount: 3,
        pageInfo: { startCursor: 'c1', endCursor: 'c2', ...pageInfo },
        nodes: [fakeNode('7'), fakeNode('8')],
      },
    },
  }));

describe('a query by POST is the query by GET', () => {
  test.each<[string, string, object]>([
    ['/Users', '', {}],
    ['/Users', 'startIndex=11&count=10', { startIndex: 11, count: 10 }],
    [
      '/users',
      'filter=userName+eq+"a%2Bb@x"&sortBy=userName&sortOrder=descending',
      { filter: 'userName eq "a+b@x"', sortBy: 'userName', sortOrder: 'descending' },
    ],
    ['/Groups', 'excludedAttributes=members&cursor', { excludedAttributes: ['members'], cursor: '' }],
    [
      '/Groups',
      'attributes=displayName,id',
      { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], attributes: ['displayName', 'id'] },
    ],
    ['', 'filter=displayName%20sw%20"a"&count=0', { filter: 'displayName sw "a"', count: 0 }],
    ['', 'attributes=userName,displayName&sortBy=displayName', { attributes: 'userName,displayName', sortBy: 'displayName' }],
  ])('%s?%s', async (path, query, body) => {
    const [got, posted] = [await get(`${path}?${query}`), await search(path, body)];
    expect(got.body.schemas).toEqual([LIST]);
    expect([posted.status, posted.headers['content-type'], posted.text]).toEqual([got.status, got.headers['content-type'], got.text]);
    const [one, other] = facade.calls.filter(({ operation }) => operation !== 'Recognize');
    expect([other?.operation, other?.variables]).toEqual([one?.operation, one?.variables]);
  });

  test('and the parameters of its address count for nothing', async () => {
    await facade.send('POST', `${BASE}/Users/.search?count=5&filter=nonsense`, { count: 6 });
    expect(facade.calls[0]?.variables).toMatchObject({ first: 6, filter: undefined });
  });

  test('but its body is no resource: it shows no habits of one', async () => {
    await search('/Users', { filter: 'userName eq "a"', foo: 1 });
    expect(facade.calls[0]?.origin.habits).toBeUndefined();
  });

  test.each<[string, string, string]>([
    ['{"filter":[]}', 'invalidValue', '"filter"'],
    ['{"sortOrder":"up"}', 'invalidValue', '"sortOrder"'],
    ['{"count":"ten"}', 'invalidValue', '"count"'],
    ['{"cursor":"","count":"ten"}', 'invalidCount', '"count"'],
    ['{"cursor":"x"}', 'invalidCursor', 'cursor'],
    ['[]', 'invalidSyntax', 'JSON object'],
    ['', 'invalidSyntax', 'missing'],
  ])('%s is refused', async (body, scimType, sentence) => {
    const answer = await facade.send('POST', `${BASE}/Users/.search`, body);
    expectScimError(answer, 400, scimType);
    expect(answer.body.detail).toContain(sentence);
  });

  test('a body of another kind or too long is refused', async () => {
    expectScimError(await facade.send('POST', `${BASE}/.search`, 'x', { 'content-type': 'text/plain' }), 415);
    expectScimError(await search('/Groups', { filter: 'x'.repeat(1024 * 1024) }), 413);
  });
});

describe('by cursor', () => {
  test('an answer says the cursors beside its page instead of an index', async () => {
    pageOf({ hasNextPage: true, hasPreviousPage: true });
    const { body } = await get('/Users?cursor=&count=2');
    expect(Object.keys(body)).toEqual(['schemas', 'totalResults', 'previousCursor', 'nextCursor', 'itemsPerPage', 'Resources']);
    await get(`/Users?cursor=${body.nextCursor!}&count=2`);
    await search('/Users', { cursor: body.previousCursor, count: 2 });
    const same = { filter: undefined, orderBy: undefined, only: undefined, relation: true, cursors: true };
    expect(asked()).toEqual([
      ['ListUsers', { ...same, first: 2 }],
      ['ListUsers', { ...same, first: 2, after: 'c2' }],
      ['ListUsers', { ...same, last: 2, before: 'c1' }],
    ]);
  });

  test('the last page has no next, the first no previous', async () => {
    pageOf({ hasNextPage: false, hasPreviousPage: false });
    expect(Object.keys((await get('/Users?cursor=')).body)).toEqual(['schemas', 'totalResults', 'itemsPerPage', 'Resources']);
  });

  test('what the core says of its own cursor is told', async () => {
    facade.tell(() => ({ errors: [{ message: 'The cursor is none of this list.', extensions: { code: 'INVALID_CURSOR' } }] }));
    expectScimError(await get('/Users?cursor='), 400, 'invalidCursor');
  });
});

describe('users and groups together', () => {
  test.each(['', '/', '//'])('at %j: each is shown as its type is', async (path) => {
    const { status, body } = await get(path);
    expect([status, body.totalResults, body.startIndex, body.itemsPerPage]).toEqual([200, 2, 1, 2]);
    expect(body.Resources.map(({ meta }) => [meta.resourceType, meta.location])).toEqual([
      ['User', `https://x.test${BASE}/Users/7`],
      ['Group', `https://x.test${BASE}/Groups/8`],
    ]);
    expect(asked()).toEqual([['Search', { first: 100, offset: 0, cursors: false, relationUser: true, relationGroup: true }]]);
  });

  test('attributes are those of each type; a name that one of them has is fine', async () => {
    const { body } = await get(`?attributes=userName,members,${ENTERPRISE}:department`);
    expect(body.Resources.map((resource) => Object.keys(resource))).toEqual([
      ['schemas', 'id', 'userName'],
      ['schemas', 'id'],
    ]);
    expect(facade.calls[0]?.variables).toMatchObject({
      onlyUser: ['userName', ENTERPRISE],
      relationUser: false,
      onlyGroup: [],
      relationGroup: true,
    });
  });

  test("filter and order may be about either, and are the core's to refuse", async () => {
    await get('?filter=members%20pr%20or%20userName%20pr&sortBy=userName');
    expect(facade.calls[0]?.variables).toMatchObject({
      filter: 'members pr or userName pr',
      orderBy: { field: 'userName', direction: 'ASC' },
    });
    facade.tell(({ operation }) =>
      operation === 'Search' ? { errors: [{ message: 'There is no attribute "foo".', extensions: { code: 'INVALID_PATH' } }] } : undefined,
    );
    expectScimError(await get('?sortBy=foo'), 400, 'invalidPath');
  });

  test('a group of more members than a page comes whole', async () => {
    const page = (value: string, hasNextPage: boolean) => ({
      nodes: [{ value, display: value, type: 'User' }],
      pageInfo: { hasNextPage, endCursor: value },
    });
    facade.tell(({ operation }) => ({
      data:
        operation === 'Search'
          ? {
              page: {
                totalCount: 2,
                nodes: [
                  fakeNode('7', {}, { relation: page('g', false) }),
                  fakeNode('8', {}, { type: 'Group', relation: page('u1', true) }),
                ],
              },
            }
          : { resource: { relation: page('u2', false) } },
    }));
    const { body } = await search('', {});
    expect(body.Resources.map(({ groups, members }) => [groups, members].map((elements) => elements?.map(({ value }) => value)))).toEqual([
      [['g'], undefined],
      [undefined, ['u1', 'u2']],
    ]);
    expect(facade.calls.map(({ operation }) => operation)).toEqual(['Search', 'PageGroupRelation']);
  });
});

describe('the core reads what is shown', () => {
  test.each<[string, string[] | undefined, boolean]>([
    ['/Users/7', undefined, true],
    ['/Groups/7?excludedAttributes=members', undefined, false],
    ['/Groups/7?attributes=members', [], true],
    ['/Users/7?attributes=id,meta', [], false],
    ['/Users?attributes=externalId,name.givenName', ['externalId', 'name'], false],
    ['/Users/7?attributes=password', [], false],
    [`/Users?attributes=${ENTERPRISE.toUpperCase()}`, [ENTERPRISE], false],
    ['/Groups?excludedAttributes=displayName', ['externalId'], true],
  ])('%s: %j, relation: %s', async (path, only, relation) => {
    expect((await get(path)).status).toBe(200);
    expect(facade.calls[0]?.variables).toMatchObject({ only, relation });
  });

  test('after changes, too', async () => {
    await facade.send('PUT', `${BASE}/Users/7?attributes=title`, { userName: 'Ann' });
    await facade.send('PATCH', `${BASE}/Groups/7?attributes=id`, { Operations: [] });
    expect(facade.calls.map(({ variables }) => [variables['only'], variables['relation']])).toEqual([
      [['title'], false],
      [[], false],
    ]);
  });
});

const SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
const readable = routes
  .filter(({ method, path }) => method === 'GET' && !path.includes('/Me'))
  .map(({ path }) =>
    path.replace('Schemas/{id}', `Schemas/${SCHEMA}`).replace('ResourceTypes/{id}', 'ResourceTypes/User').replace('{id}', '7'),
  );

describe('HEAD', () => {
  const compared = async (method: string, path: string) => {
    const {
      status,
      headers: { date: _, ...headers },
    } = await facade.send(method, path, undefined, { 'x-request-id': 'same' });
    return { status, headers };
  };

  test.each(readable)('%s has the status and the headers of GET, and no body', async (path) => {
    const [got, asked] = [await compared('GET', path), await compared('HEAD', path)];
    expect(asked).toEqual(got);
    expect([got.status, Number(got.headers['content-length'])]).toEqual([200, expect.toSatisfy((length: number) => length > 0)]);
    expect((await facade.send('HEAD', path)).text).toBe('');
  });

  test.each([
    `${BASE}/Users?filter=%ff`,
    `${BASE}/Users?cursor=x`,
    `${BASE}/Schemas/foo`,
    `${BASE}/Schemas?filter=a`,
    `${BASE}/nowhere`,
    `${BASE}/Me`,
  ])('%s is refused as GET is', async (path) => {
    const got = await compared('GET', path);
    expect(got.status).toBeGreaterThanOrEqual(400);
    expect(await compared('HEAD', path)).toEqual(got);
  });

  test('a version that is known is 304 by HEAD, too', async () => {
    for (const method of ['GET', 'HEAD']) {
      const answer = await facade.send(method, `${BASE}/Groups/7?attributes=displayName`, undefined, { 'if-none-match': '"1", W/"3"' });
      expect([answer.status, answer.text, answer.headers.etag]).toEqual([304, '', 'W/"3"']);
    }
    expect((await facade.send('HEAD', `${BASE}/Groups/7`, undefined, { 'if-none-match': 'W/"2"' })).status).toBe(200);
  });
});
