import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { routes } from '../../gateway/routes.js';
import { sendRaw } from '../support/raw.js';
import { expectScimError, userBody } from '../support/scim.js';
import { fakeNode, startFacade } from './fake-core.js';

const BASE = '/scim/api/V1';
let facade: Awaited<ReturnType<typeof startFacade>>;
beforeAll(async () => {
  facade = await startFacade();
});
afterAll(() => facade.gateway.close());
beforeEach(() => facade.reset());

const raw = (bytes: string | Buffer, until?: RegExp): Promise<string> => sendRaw(facade.gateway.url, bytes, until);

const scimRoutes = routes.filter(({ door }) => door === 'scim').map(({ method, path }) => [method, path.replace('{id}', '7')] as const);
const strangeRoutes = [
  ['GET', `/%73cim/api/V1/x/y`],
  ['GET', `${BASE}/Foo`],
  ['PUT', `${BASE}/Users`],
  ['POST', `${BASE}/Users/7/x`],
  ['GET', `${BASE}/Users/%zz`],
  ['PROPFIND', `${BASE}/Users`],
  ['OPTIONS', `${BASE}/Users`],
] as const;
const everything = [...scimRoutes, ...strangeRoutes];
const bodyFor = (method: string) => (['GET', 'DELETE'].includes(method) ? undefined : '{not json');

describe('who may ask', () => {
  test.each(everything)('%s %s without a token is 401', async (method, path) => {
    const answer = await facade.send(method, path, bodyFor(method), { authorization: undefined });
    expectScimError(answer, 401);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="condeco"');
    expect(answer.headers.allow).toBeUndefined();
    expect(facade.calls.map(({ operation }) => operation)).toEqual(['Authenticate']);
  });

  test.each(everything)('%s %s with a wrong token is 401', async (method, path) => {
    for (const authorization of ['Bearer bad', 'non-token', 'Basic Z29vZA==']) {
      const answer = await facade.send(method, path, bodyFor(method), { authorization });
      expectScimError(answer, 401);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="condeco", error="invalid_token"');
    }
  });

  test.each(everything)('%s %s with the core down is 503', async (method, path) => {
    facade.down();
    for (const authorization of ['Bearer good', undefined]) {
      const answer = await facade.send(method, path, bodyFor(method), { authorization });
      expectScimError(answer, 503);
      expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    }
  });

  test.each(['Bearer good', 'bearer good', 'BEARER  good', 'good'])('Authorization %j is passed on', async (authorization) => {
    expect((await facade.send('GET', `${BASE}/Users/7`, undefined, { authorization })).status).toBe(200);
    expect(facade.calls.map(({ operation, origin }) => [operation, origin.token])).toEqual([['ReadUser', 'good']]);
  });

  test.each([
    ['bad', '/Groups', 2_000_000, 401],
    ['good', '/Users', 2_000_000, 413],
    ['good', '/Groups', 20_000_000, 413],
  ])('with the token %s a body for %s of %d bytes is %d before any of it has come', async (token, path, length, status) => {
    const got = await raw(`POST ${BASE}${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${token}\r\nContent-Length: ${length}\r\n\r\n`, /\}$/);
    expect(got).toContain(`HTTP/1.1 ${status} `);
    // What is refused by the facade itself is counted, too.
    expect(facade.calls.map(({ operation }) => operation)).toEqual(token === 'good' ? ['Recognize', 'Authenticate'] : ['Recognize']);
  });
});

describe('addresses', () => {
  test.each([
    '/scim/api/V1/Users',
    '/scim/api/v1/users',
    '/SCIM/API/V1/USERS/',
    '//scim//api/V1//Users//',
    '/scim/api/V1/Users/?',
    '/scim/api/V1/%55sers',
    '/scim/api/V1/Users?aadOptscim062020',
  ])('%s is the list of users', async (path) => {
    expect((await facade.send('GET', path)).body.Resources).toHaveLength(1);
    expect(facade.calls[0]?.operation).toBe('ListUsersByIndex');
  });

  test.each([
    ['PUT', '/Users', 'GET, HEAD, POST, OPTIONS'],
    ['POST', '/Users/7', 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'],
    ['DELETE', '/Schemas', 'GET, HEAD, OPTIONS'],
    ['GET', '/Bulk', 'POST, OPTIONS'],
    ['PROPFIND', '/groups', 'GET, HEAD, POST, OPTIONS'],
    ['GET', '/.search', 'POST, OPTIONS'],
    ['PUT', '/Users/.search', 'POST, OPTIONS'],
    ['DELETE', '/groups/.SEARCH', 'POST, OPTIONS'],
    ['POST', '/', 'GET, HEAD, OPTIONS'],
  ])('%s %s is 405', async (method, path, allow) => {
    const answer = await facade.send(method, BASE + path);
    expectScimError(answer, 405);
    expect(answer.headers.allow).toBe(allow);
  });

  test.each(strangeRoutes.filter(([method]) => method === 'GET'))('%s %s is 404', async (method, path) =>
    expectScimError(await facade.send(method, path), 404),
  );

  test.each(['/', '/nothing', '/scim', '/scim/api', '/scim/api/V2/Users', '/api/V2/token', '/graphql', '/%zz'])(
    '%s is nothing, whoever asks',
    async (path) => {
      expectScimError(await facade.send('GET', path, undefined, { authorization: undefined }), 404);
      expect(facade.calls).toEqual([]);
    },
  );

  test.each([
    ['GET', '/Me'],
    ['PATCH', '/me'],
    ['OPTIONS', '/Me/x'],
  ])('%s %s is 501', async (method, path) => {
    expectScimError(await facade.send(method, BASE + path), 501);
  });

  test.each([
    ['a%2Fb', 'a/b'],
    ['00919288221112222', '00919288221112222'],
    ['J%C3%B6rg', 'Jörg'],
    ['a+b', 'a+b'],
  ])('the id %s is passed on as %s', async (segment, id) => {
    await facade.send('GET', `${BASE}/Users/${segment}`);
    expect(facade.calls[0]?.variables).toEqual({ id, relation: true });
  });

  test.each(['x'.repeat(257), '%00', '%zz'])("the id %s is nobody's", async (segment) => {
    expectScimError(await facade.send('DELETE', `${BASE}/Users/${segment}`), 404);
    expect(facade.calls.map(({ operation }) => operation)).toEqual(['Authenticate']);
  });

  test("every answer carries an id of the request, the client's own where it is fit", async () => {
    const own = await facade.send('GET', `${BASE}/Users`, undefined, { 'x-request-id': 'abc-1.2_3' });
    expect(own.headers['x-request-id']).toBe('abc-1.2_3');
    expect(facade.calls[0]?.origin.requestId).toBe('abc-1.2_3');
    for (const unfit of ['a b', 'x'.repeat(65), 'a\tb', '{}']) {
      const answer = await facade.send('GET', '/nowhere', undefined, { 'x-request-id': unfit });
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });
});

describe('bodies', () => {
  const post = (body: string | Buffer, headers = {}) => facade.send('POST', `${BASE}/Users`, body, headers);

  test.each([
    'application/scim+json',
    'application/json',
    'application/json; charset=utf-8',
    'Application/SCIM+JSON;charset=UTF-8',
    undefined,
  ])('%s is taken', async (type) => {
    expect((await post(JSON.stringify(userBody('Ann')), { 'content-type': type })).status).toBe(201);
  });

  test.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data'])('%s is 415', async (type) => {
    expectScimError(await post('{}', { 'content-type': type }), 415);
  });

  test('packed bodies are 415', async () => expectScimError(await post('{}', { 'content-encoding': 'gzip' }), 415));

  test.each([
    ['{"userName":', 'ends too early'],
    ['', 'missing'],
    ['[]', 'JSON object'],
    [`{"a":${'['.repeat(40)}`, '32 levels'],
  ])('%j is 400 invalidSyntax', async (body, sentence) => {
    const answer = await post(body);
    expectScimError(answer, 400, 'invalidSyntax');
    expect(answer.body.detail).toContain(sentence);
  });

  test('too long is 413, declared or not; groups may be longer', async () => {
    const long = JSON.stringify({ userName: 'x'.repeat(1024 * 1024) });
    expectScimError(await post(long), 413);
    expectScimError(await post(long, { 'transfer-encoding': 'chunked' }), 413);
    const members = Array.from({ length: 40_000 }, (_, index) => ({ value: `member-${index}-${'x'.repeat(30)}` }));
    expect((await facade.send('POST', `${BASE}/Groups`, { displayName: 'S', members })).status).toBe(201);
    expectScimError(await facade.send('POST', `${BASE}/Groups`, 'x'.repeat(10 * 1024 * 1024 + 1)), 413);
  });
});

describe('one request is one operation', () => {
  const result = (id: string, attributes = {}) => ({ data: { result: { resource: fakeNode(id, attributes), userErrors: [] } } });

  test('create', async () => {
    const answer = await facade.send('POST', `${BASE}/Users?attributes=userName`, userBody('Ann@x', { password: 'x', groups: [] }));
    expect(answer.status).toBe(201);
    expect(answer.headers).toMatchObject({
      etag: 'W/"3"',
      location: `https://x.test${BASE}/Users/7`,
      'content-type': 'application/scim+json; charset=utf-8',
    });
    expect(Object.keys(answer.body)).toEqual(['schemas', 'id', 'userName']);
    const { schemas: _, ...user } = userBody('Ann@x');
    expect(facade.calls.map(({ operation, variables }) => [operation, variables])).toEqual([
      ['CreateUser', { input: { user }, only: ['userName'], relation: false }],
    ]);
  });

  test('replace', async () => {
    const answer = await facade.send('PUT', `${BASE}/groups/7`, { id: '8', displayName: 'S', members: [] }, { 'if-match': 'W/"3"' });
    expect([answer.status, answer.headers.etag]).toEqual([200, 'W/"3"']);
    expect(facade.calls.map(({ operation, variables }) => [operation, variables])).toEqual([
      ['ReplaceGroup', { input: { id: '7', group: { displayName: 'S', members: [] }, ifVersion: 3 }, relation: true }],
    ]);
  });

  test('change of a user answers the user', async () => {
    const answer = await facade.send('PATCH', `${BASE}/Users/7`, { Operations: [{ op: 'Replace', value: { active: 'False' } }] });
    expect([answer.status, answer.body.userName]).toEqual([200, 'Ann']);
    expect(facade.calls.map(({ operation, variables }) => [operation, variables])).toEqual([
      [
        'ChangeUser',
        { input: { id: '7', changes: [{ op: 'REPLACE', path: 'active', value: false }], ifVersion: undefined }, relation: true },
      ],
    ]);
  });

  test('change of a group answers nothing unless asked', async () => {
    facade.tell(() => result('7', { displayName: 'S' }));
    const body = { Operations: [{ op: 'add', path: 'members', value: [{ value: '1' }] }] };
    const silent = await facade.send('PATCH', `${BASE}/Groups/7`, body);
    expect([silent.status, silent.text, silent.headers.etag]).toEqual([204, '', 'W/"3"']);
    const asked = await facade.send('PATCH', `${BASE}/Groups/7?attributes=displayName`, body);
    expect([asked.status, asked.body.displayName]).toEqual([200, 'S']);
    expect(facade.calls.map(({ variables }) => variables['relation'])).toEqual([false, false]);
  });

  test('a change of nothing is asked for all the same', async () => {
    expect((await facade.send('PATCH', `${BASE}/Users/7`, { Operations: [] })).status).toBe(200);
    expect(facade.calls[0]?.variables).toMatchObject({ input: { changes: [] } });
  });

  test('delete', async () => {
    const answer = await facade.send('DELETE', `${BASE}/Users/7`, undefined, { 'if-match': '*' });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(facade.calls.map(({ operation, variables }) => [operation, variables])).toEqual([
      ['DeleteUser', { input: { id: '7', ifVersion: undefined } }],
    ]);
  });

  test('list', async () => {
    await facade.send(
      'GET',
      `${BASE}/Users?filter=userName+eq+"Ann%40x"&startIndex=11&count=5000&sortBy=userName&sortOrder=descending&excludedAttributes=groups`,
    );
    expect(facade.calls.map(({ operation, variables }) => [operation, variables])).toEqual([
      [
        'ListUsersByIndex',
        {
          filter: 'userName eq "Ann@x"',
          offset: 10,
          first: 1000,
          orderBy: { field: 'userName', direction: 'DESC' },
          relation: false,
          cursors: false,
        },
      ],
    ]);
  });

  test('read, and HEAD without the body', async () => {
    const answer = await facade.send('GET', `${BASE}/Users/7`);
    expect(answer.headers).toMatchObject({ etag: 'W/"3"', location: `https://x.test${BASE}/Users/7` });
    const head = await facade.send('HEAD', `${BASE}/Users/7`);
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', String(Buffer.byteLength(answer.text))]);
    expect((await facade.send('HEAD', `${BASE}/Users`)).status).toBe(200);
  });

  test('a version that is known is not sent again, one that is gone is 412', async () => {
    const known = await facade.send('GET', `${BASE}/Users/7`, undefined, { 'if-none-match': 'W/"3"' });
    expect([known.status, known.text, known.headers.etag]).toEqual([304, '', 'W/"3"']);
    expectScimError(await facade.send('DELETE', `${BASE}/Users/7`, undefined, { 'if-match': '"abc"' }), 412);
  });

  test('nobody is 404', async () => {
    facade.tell(() => ({ data: { resource: null } }));
    expectScimError(await facade.send('GET', `${BASE}/Users/010101001010101011001010101011`), 404);
  });
});

describe('what the core tells', () => {
  const userErrors = (...errors: object[]) => ({ data: { result: { resource: null, userErrors: errors } } });

  test.each([
    ['UNIQUENESS', 409, 'uniqueness'],
    ['NOT_FOUND', 404, undefined],
    ['VERSION_MISMATCH', 412, undefined],
    ['INVALID_VALUE', 400, 'invalidValue'],
    ['MUTABILITY', 400, 'mutability'],
  ])('%s is %d %s', async (code, status, scimType) => {
    facade.tell(() => userErrors({ code, message: 'What to change.' }));
    const answer = await facade.send('POST', `${BASE}/Users`, userBody('Ann'));
    expectScimError(answer, status, scimType);
    expect(answer.body.detail).toBe('What to change.');
  });

  test('a caller who has used up its quota is told so for a second without asking the core, and nobody else is', async () => {
    const quota = { door: 'scim', units: 500, seconds: 10, left: 0, reset: 7 };
    facade.tell(() => ({
      errors: [{ message: 'Too many.', extensions: { code: 'TOO_MANY_REQUESTS', retryAfter: 7 } }],
      extensions: { quota },
    }));
    for (const path of ['/Users', '/Users/7', '/Nowhere', '/Schemas']) {
      const { status, headers, body } = await facade.send('GET', BASE + path);
      expect([status, headers['retry-after'], headers.ratelimit, body.detail]).toEqual([429, '7', '"scim";r=0;t=7', 'Too many.']);
    }
    expect((await facade.send('POST', `${BASE}/Bulk`, 'never read')).status).toBe(429);
    expect(facade.calls).toHaveLength(1);
    facade.tell(() => undefined);
    expect((await facade.send('GET', `${BASE}/Users/7`, undefined, { authorization: 'Bearer bad' })).status).toBe(401);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect((await facade.send('GET', `${BASE}/Users/7`)).status).toBe(200);
  });

  test('one who is refused for another reason than an empty quota is asked about again', async () => {
    const quota = { door: 'scim', units: 500, seconds: 10, left: 3, reset: 7 };
    facade.tell(() => ({
      errors: [{ message: 'Too many at once.', extensions: { code: 'TOO_MANY_REQUESTS', retryAfter: 1 } }],
      extensions: { quota },
    }));
    for (let index = 0; index < 2; index += 1) expect((await facade.send('GET', `${BASE}/Users`)).status).toBe(429);
    expect(facade.calls).toHaveLength(2);
  });

  test.each([
    ['FORBIDDEN', 403],
    ['TOO_MANY_REQUESTS', 429],
    ['UNAVAILABLE', 503],
    ['INTERNAL', 500],
    ['UNAUTHENTICATED', 401],
  ])('%s is %d', async (code, status) => {
    facade.tell(() => ({ errors: [{ message: 'The sentence.', extensions: { code, retryAfter: 2.5 } }] }));
    const answer = await facade.send('GET', `${BASE}/Users`);
    expectScimError(answer, status);
    expect(answer.headers['retry-after']).toBe('3');
  });

  test.each([
    [{ errors: [{ message: 'select secret from x', extensions: { code: 'BAD_USER_INPUT' } }] }],
    [{ errors: [{ message: 'select secret' }] }],
    [userErrors({ code: 'toString', message: 'select secret' })],
    [{ data: null }],
    [{}],
    [{ data: { page: null } }],
  ])('%j is 500 and stays inside', async (told) => {
    facade.tell(({ operation }) => (operation === 'Authenticate' ? undefined : told));
    const answer = await facade.send('POST', `${BASE}/Users`, userBody('Ann'));
    expectScimError(answer, 500);
    expect(answer.text).not.toContain('select');
    expect(JSON.parse(facade.lines.at(-1) ?? '{}')).toMatchObject({ level: 50, status: 500 });
  });

  test('all that can be mended is told in one sentence after another', async () => {
    facade.tell(() => userErrors({ code: 'INVALID_VALUE', message: 'One.' }, { code: 'INVALID_VALUE', message: 'Two.' }));
    expect((await facade.send('POST', `${BASE}/Users`, userBody('Ann'))).body.detail).toBe('One. Two.');
  });
});

describe('discovery', () => {
  test.each([
    ['/ServiceProviderConfig', undefined],
    ['/Schemas', 4],
    ['/ResourceTypes', 2],
    ['/schemas/', 4],
  ])('%s', async (path, length) => {
    const answer = await facade.send('GET', BASE + path);
    expect([answer.status, answer.body.totalResults, answer.body.itemsPerPage, answer.body.Resources?.length]).toEqual([
      200,
      length,
      length,
      length,
    ]);
    expect(answer.headers['content-type']).toBe('application/scim+json; charset=utf-8');
  });

  test('by id, in any case, at its own address', async () => {
    for (const path of [
      '/Schemas/urn:ietf:params:scim:schemas:core:2.0:User',
      '/schemas/URN:IETF:params:scim:schemas:core:2.0:user',
      '/Schemas/urn%3Aietf%3Aparams%3Ascim%3Aschemas%3Acore%3A2.0%3AUser',
    ]) {
      const { body } = await facade.send('GET', BASE + path);
      expect([body.id, body.meta.location]).toEqual([
        'urn:ietf:params:scim:schemas:core:2.0:User',
        `https://x.test${BASE}/Schemas/urn:ietf:params:scim:schemas:core:2.0:User`,
      ]);
    }
    expect((await facade.send('GET', `${BASE}/ResourceTypes/user`)).body.id).toBe('User');
    for (const path of ['/Schemas/foo', '/ResourceTypes/Foo']) expectScimError(await facade.send('GET', BASE + path), 404);
  });

  test('takes no filter', async () => expectScimError(await facade.send('GET', `${BASE}/Schemas?filter=id%20pr`), 403));
});

describe('groups with more members than a page', () => {
  const page = (from: number, to: number, last: number) => ({
    nodes: Array.from({ length: to - from }, (_, index) => ({ value: `u${from + index}`, display: null, type: 'User' })),
    pageInfo: { hasNextPage: to < last, endCursor: String(to) },
  });
  const groupOf = (id: string, size: number) =>
    fakeNode(id, { displayName: 'S' }, { type: 'Group', relation: page(0, Math.min(size, 1000), size) });
  const pages = (size: number) =>
    facade.tell(({ operation, variables: { after } }) => {
      if (operation === 'ReadGroup') return { data: { resource: groupOf('g', size) } };
      if (operation === 'ListGroupsByIndex') {
        return { data: { page: { totalCount: 3, nodes: [groupOf('a', 2), groupOf('b', size), groupOf('c', 0)] } } };
      }
      return { data: { resource: { relation: page(Number(after), Math.min(size, Number(after) + 1000), size) } } };
    });

  test.each([[1], [999], [1000], [1001], [2000], [3500], [2500, 'gzip']])(
    '%d members come whole, packed: %s',
    async (size, encoding?: string) => {
      pages(size);
      const { body, headers } = await facade.send('GET', `${BASE}/Groups/g`, undefined, { 'accept-encoding': encoding });
      expect(headers['content-encoding']).toBe(encoding);
      expect(body.members.map(({ value }) => value)).toEqual(Array.from({ length: size }, (_, index) => `u${index}`));
      expect(body.members.at(-1)).toEqual({ value: `u${size - 1}`, $ref: `https://x.test${BASE}/Users/u${size - 1}`, type: 'User' });
      expect(facade.calls).toHaveLength(Math.max(1, Math.ceil(size / 1000)));
    },
  );

  test('in a list, too', async () => {
    pages(2500);
    const { body } = await facade.send('GET', `${BASE}/Groups`);
    expect([body.totalResults, body.itemsPerPage, body.Resources.map(({ members }) => members?.length)]).toEqual([
      3,
      3,
      [2, 2500, undefined],
    ]);
  });

  test('HEAD asks for no more pages', async () => {
    pages(2500);
    for (const encoding of [undefined, 'gzip']) {
      expect((await facade.send('HEAD', `${BASE}/Groups/g`, undefined, { 'accept-encoding': encoding })).status).toBe(200);
    }
    expect(facade.calls).toHaveLength(2);
  });

  test.each([[{ errors: [{ message: 'x', extensions: { code: 'UNAVAILABLE' } }] }], [{ data: { resource: null } }]])(
    'what breaks in the middle is a broken answer: %j',
    async (told) => {
      facade.tell(({ operation }) => (operation === 'ReadGroup' ? { data: { resource: groupOf('g', 2500) } } : told));
      for (const encoding of [undefined, 'gzip']) {
        facade.lines.length = 0;
        await expect(facade.send('GET', `${BASE}/Groups/g`, undefined, { 'accept-encoding': encoding })).rejects.toThrow(
          /aborted|hang up|ECONNRESET/,
        );
        expect(facade.lines.some((line) => line.includes('broke off'))).toBe(true);
      }
    },
  );
});

describe('the token provider', () => {
  const FORM = { 'content-type': 'application/x-www-form-urlencoded', authorization: undefined };
  const form = (parameters: Record<string, string>) =>
    facade.send('POST', '/api/V1/token', new URLSearchParams(parameters).toString(), FORM);
  const right = { scimClientId: 'c', scimClientSecret: 's+ &', grantType: 'password' };

  test('answers as published', async () => {
    const answer = await form(right);
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
      200,
      'application/json; charset=utf-8',
      'no-store',
    ]);
    expect(answer.body).toEqual({ accessToken: 'issued', tokenType: 'bearer', expiresIn: 84_600 });
    expect(facade.calls.map(({ operation, variables }) => [operation, variables])).toEqual([
      ['IssueToken', { input: { clientId: 'c', clientSecret: 's+ &', expiresIn: undefined } }],
    ]);
  });

  test('JSON, names and address in any case', async () => {
    const answer = await facade.send(
      'POST',
      '//API/v1/TOKEN/',
      { SCIMCLIENTID: 'c', scimclientsecret: 's', granttype: 'password', tokenExpiry: 60 },
      { 'content-type': 'application/json', authorization: undefined },
    );
    expect(answer.status).toBe(200);
    expect(facade.calls[0]?.variables).toEqual({ input: { clientId: 'c', clientSecret: 's', expiresIn: 60 } });
  });

  test.each([
    ['60', 60],
    ['315360000', 315_360_000],
    ['', undefined],
    [' 120 ', 120],
  ])('expiry %j is %j', async (tokenExpiry, expiresIn) => {
    expect((await form({ ...right, tokenExpiry })).status).toBe(200);
    expect(facade.calls[0]?.variables).toMatchObject({ input: { expiresIn } });
  });

  const expectProblem = (answer: Awaited<ReturnType<typeof form>>, status: number, error: string, detail: string) => {
    expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/problem+json; charset=utf-8']);
    expect(answer.body).toMatchObject({ type: 'about:blank', status, error });
    expect(answer.body.detail).toContain(detail);
  };

  test.each(['59', '315360001', '-1', '1.5', '1e3', 'never', '0x60'])('expiry %j is refused', async (tokenExpiry) => {
    expectProblem(await form({ ...right, tokenExpiry }), 400, 'invalid_request', 'from 60 to 315360000');
    expect(facade.calls).toEqual([]);
  });

  test.each([['scimClientId'], ['scimClientSecret'], ['grantType']])('without %s', async (name) => {
    expectProblem(await form({ ...right, [name]: '' }), 400, 'invalid_request', `"${name}" is missing`);
  });

  test('other refusals', async () => {
    expectProblem(await form({ ...right, grantType: 'client_credentials' }), 400, 'unsupported_grant_type', '"password"');
    expectProblem(
      await facade.send('POST', '/api/V1/token', 'grantType=password&granttype=password', FORM),
      400,
      'invalid_request',
      'twice',
    );
    expectProblem(
      await facade.send('POST', '/api/V1/token', '<x/>', { ...FORM, 'content-type': 'text/xml' }),
      415,
      'invalid_request',
      'application/x-www-form-urlencoded',
    );
    expectProblem(await facade.send('POST', '/api/V1/token', 'x'.repeat(20_000), FORM), 413, 'invalid_request', 'at most 16384 bytes');
    expectProblem(await facade.send('GET', '/api/V1/token', undefined, { authorization: undefined }), 405, 'invalid_request', 'POST');
  });

  test.each([
    ['INVALID_CLIENT', 401, 'invalid_client'],
    ['TOO_MANY_REQUESTS', 429, 'temporarily_unavailable'],
    ['UNAVAILABLE', 503, 'temporarily_unavailable'],
    ['INTERNAL', 500, 'server_error'],
  ])("the core's %s is %d %s", async (code, status, error) => {
    facade.tell(() => ({ errors: [{ message: 'The sentence.', extensions: { code, retryAfter: 7 } }] }));
    const answer = await form(right);
    expectProblem(answer, status, error, 'The sentence.');
    expect(answer.headers['retry-after']).toBe('7');
  });
});

describe('the connection', () => {
  const GET = `GET ${BASE}/Users/7`;
  test.each<[string | Buffer, number, string]>([
    [`${GET}?filter=a b HTTP/1.1\r\nHost: x\r\n\r\n`, 400, '%20'],
    [`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'too long'],
    ['nonsense\r\n\r\n', 400, 'not an HTTP request'],
    // As PowerShell sends it: Node takes neither UTF-8 nor Latin-1 in an address.
    [`${GET}?filter=userName+eq+"jörg€" HTTP/1.1\r\nHost: x\r\n\r\n`, 400, '%C3%B6'],
    [Buffer.from(`GET ${BASE}/Users/jörg HTTP/1.1\r\nHost: x\r\n\r\n`, 'latin1'), 400, '%C3%B6'],
    [`${GET} HTTP/1.1\r\nAuthorization: good\r\n\r\n`, 400, 'Host'],
    [`${GET} HTTP/1.1\r\nHost: x\r\nAuthorization: good\r\nExpect: 200-foo\r\n\r\n`, 417, '100-continue'],
    [
      `POST ${BASE}/Users HTTP/1.1\r\nHost: x\r\nAuthorization: good\r\nExpect: 200-foo\r\nContent-Length: 2\r\n\r\n{}`,
      417,
      '100-continue',
    ],
  ])('what is refused before it is an exchange is refused in SCIM: %#', async (bytes, status, sentence) => {
    const [head = '', body = ''] = (await raw(bytes)).split('\r\n\r\n');
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(head).toContain('Content-Type: application/scim+json');
    expect(head).toMatch(/X-Request-Id: [\w-]{36}/);
    expect(JSON.parse(body)).toMatchObject({ status: String(status), detail: expect.stringContaining(sentence) });
    expect(facade.calls).toEqual([]);
  });

  test.each([
    ['HTTP/1.0 needs no Host', 'HTTP/1.0\r\n'],
    ['a Host may be empty', 'HTTP/1.1\r\nHost:\r\nConnection: close\r\n'],
  ])('%s', async (_, rest) => {
    expect(await raw(`${GET} ${rest}Authorization: good\r\n\r\n`)).toContain('HTTP/1.1 200 OK');
  });

  test('an address in absolute form', async () => {
    const got = await raw(
      'GET http://proxy.example/scim/api/V1/Users/7 HTTP/1.1\r\nHost: x\r\nAuthorization: good\r\nConnection: close\r\n\r\n',
    );
    expect(got).toContain('HTTP/1.1 200 OK');
  });

  test('a client that leaves in the middle of its body', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(facade.gateway.url).port), '127.0.0.1', () => {
        socket.write(`POST ${BASE}/Users HTTP/1.1\r\nHost: x\r\nAuthorization: good\r\nContent-Length: 1000\r\n\r\n{"a"`, () =>
          setTimeout(() => socket.destroy(), 50),
        );
      });
      socket.on('close', () => resolve());
    });
    expect((await facade.send('GET', `${BASE}/Users/7`)).status).toBe(200);
  });

  test('probes', async () => {
    facade.down();
    for (const probe of ['/livez', '/startupz']) {
      expect((await facade.send('GET', probe, undefined, { authorization: undefined })).status).toBe(200);
    }
    expect((await facade.send('GET', '/readyz', undefined, { authorization: undefined })).status).toBe(200);
    expect(facade.calls).toEqual([]);
  });
});

test('the log has one line for a request, without a token, a body or a query', async () => {
  await facade.send('POST', `${BASE}/Users?attributes=secretquery`, userBody('secretname', { password: 'secretword' }), {
    'x-request-id': 'r1',
  });
  await facade.send('GET', `${BASE}/Users/secretid`);
  await facade.send('GET', '/secretpath');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(facade.lines.join('')).not.toMatch(/secret|good/);
  expect(facade.lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { requestId: 'r1', method: 'POST', route: `${BASE}/Users`, status: 201, duration: expect.any(Number) as number },
    { method: 'GET', route: `${BASE}/Users/{id}`, status: 200 },
    { method: 'GET', route: 'unknown', status: 404 },
  ]);
});

test('who hangs up has a line when the work is done, and what is no request has one, too', async () => {
  let answer = () => {};
  facade.tell(
    () =>
      new Promise((resolve) => {
        answer = () => resolve({ data: { resource: fakeNode('7') } });
      }),
  );
  await sendRaw(facade.gateway.url, `GET ${BASE}/Users/7 HTTP/1.1\r\nHost: x\r\nAuthorization: good\r\n\r\n`, /^$/, 100);
  expect(facade.lines).toEqual([]);
  answer();
  await sendRaw(facade.gateway.url, `GET ${BASE}/Users/7 HTTP/1.1\r\n\r\n`);
  await sendRaw(facade.gateway.url, 'nonsense\r\n\r\n');
  await expect.poll(() => facade.lines.length).toBe(3);
  expect(facade.lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { method: 'GET', route: `${BASE}/Users/{id}`, status: 499 },
    { route: 'unknown', status: 400 },
    { route: 'unknown', status: 400 },
  ]);
});

test.each([
  [true, 'spoofed, 203.0.113.9', '203.0.113.9'],
  [false, 'spoofed, 203.0.113.9', '127.0.0.1'],
  [true, 'spoofed:1, 203.0.113.9:50112', '203.0.113.9'],
  [true, '::ffff:203.0.113.9', '203.0.113.9'],
  [true, '2001:db8::9', '2001:db8::9'],
  [true, '[2001:db8::9]:50112', '2001:db8::9'],
  [true, '[2001:db8::9]', '2001:db8::9'],
  [true, '[::ffff:203.0.113.9]:1', '203.0.113.9'],
])("the client's address behind a proxy (trusted: %s, told: %s)", async (trustProxy, told, address) => {
  const behind = await startFacade({ trustProxy });
  await behind.send('GET', `${BASE}/Users`, undefined, { 'x-forwarded-for': told });
  expect(behind.calls[0]?.origin.address).toBe(address);
  await behind.gateway.close();
});

test('closing waits for a long answer, and for no connection after it', async () => {
  const ending = await startFacade();
  const page = (hasNextPage: boolean) => ({ nodes: [{ value: 'u' }], pageInfo: { hasNextPage, endCursor: 'c' } });
  ending.tell(async ({ operation }) => {
    if (operation === 'ReadGroup') {
      return { data: { resource: fakeNode('g', { displayName: 'S' }, { type: 'Group', relation: page(true) }) } };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    return { data: { resource: { relation: page(false) } } };
  });
  const slow = ending.send('GET', `${BASE}/Groups/g`);
  await expect.poll(() => ending.calls.length).toBe(2);
  const closed = ending.gateway.close();
  expect((await slow).body.members).toHaveLength(2);
  await closed;
});

test('closing ends what is under way first', async () => {
  const ending = await startFacade();
  ending.tell(() => new Promise((resolve) => setTimeout(() => resolve(undefined), 100)));
  const slow = ending.send('GET', `${BASE}/Users/7`);
  await expect.poll(() => ending.calls.length).toBe(1);
  const closed = ending.gateway.close();
  expect((await slow).status).toBe(200);
  await closed;
  await expect(ending.send('GET', '/livez')).rejects.toThrow();
});
