/** HTTP as SCIM uses it: what an answer is written in, where it lives, how it is packed, and what an address takes. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../support/http.js';
import { expectList, expectScimError, filtered, groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, PUBLIC_URL, SCIM_JSON, SCIM_PATH, type Tenant } from '../support/world.js';

let tenant: Tenant;
let [user, group] = ['', ''];

beforeAll(async () => {
  tenant = await newTenant();
  user = (await tenant.scim('POST', '/Users', userBody('transport@x.com'))).body.id;
  group = (await tenant.scim('POST', '/Groups', groupBody('Transport', [user]))).body.id;
});

const get = (path: string, headers: Record<string, string | undefined> = {}) => tenant.scim('GET', path, undefined, headers);

describe('Accept', () => {
  test.each(['application/scim+json', '*/*', 'application/*', 'text/html, */*;q=0.1', 'nonsense', undefined])(
    "%s is answered in SCIM's own",
    async (accept) => {
      for (const path of ['/Users?count=1', `/Groups/${group}`, '/Schemas']) {
        const answer = await get(path, { accept, 'accept-charset': 'iso-8859-1' });
        expect([answer.status, answer.headers['content-type']]).toEqual([200, SCIM_JSON]);
      }
    },
  );

  test('plain JSON alone is answered in plain JSON, refusals too', async () => {
    for (const [path, status] of [
      ['/Users?count=1', 200],
      [`/Users/${user}`, 200],
      ['/Users/unknown', 404],
      ['/ServiceProviderConfig', 200],
    ] as const) {
      const answer = await get(path, { accept: 'application/json' });
      expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/json; charset=utf-8']);
      expect(answer.headers.vary).toBe('Accept, Accept-Encoding');
    }
  });

  test("anything else is a 406 in SCIM's own, and nothing is done", async () => {
    const headers = { accept: 'text/html, application/scim+json;q=0' };
    for (const path of ['/Users', `/Users/${user}`, '/ServiceProviderConfig']) expectScimError(await get(path, headers), 406);
    expectScimError(await tenant.scim('POST', '/Users', userBody('unacceptable@x.com'), headers), 406);
    expectScimError(await tenant.scim('DELETE', `/Users/${user}`, undefined, headers), 406);
    expect(expectList(await get(filtered('/Users', 'userName sw "unacceptable" or userName sw "transport"')))).toHaveLength(1);
  });

  test('is nothing that a stranger is told about', async () => {
    expectScimError(await get('/Users', { accept: 'text/html', authorization: undefined }), 401);
    expectScimError(await get('/Users', { accept: 'text/html', authorization: 'Bearer wrong' }), 401);
  });
});

describe('OPTIONS', () => {
  const options = (path: string, headers = {}) => tenant.scim('OPTIONS', path, undefined, headers);

  test.each([
    ['/Users', 'GET, HEAD, POST, OPTIONS'],
    ['/groups/', 'GET, HEAD, POST, OPTIONS'],
    ['/Users/x', 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'],
    ['/', 'GET, HEAD, OPTIONS'],
    ['/Bulk', 'POST, OPTIONS'],
    ['/Users/.search', 'POST, OPTIONS'],
    ['/.search', 'POST, OPTIONS'],
    ['/Schemas', 'GET, HEAD, OPTIONS'],
    ['/ResourceTypes/User', 'GET, HEAD, OPTIONS'],
    ['/ServiceProviderConfig', 'GET, HEAD, OPTIONS'],
  ])('%s takes %s', async (path, allow) => {
    const answer = await options(path, { accept: 'text/html', origin: 'https://evil.example', 'access-control-request-method': 'DELETE' });
    expect([answer.status, answer.text, answer.headers.allow]).toEqual([204, '', allow]);
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  test('tells strangers nothing, and nobody of what is not there', async () => {
    for (const authorization of [undefined, 'Bearer wrong']) {
      const answer = await options('/Users', { authorization });
      expectScimError(answer, 401);
      expect(answer.headers.allow).toBeUndefined();
    }
    expectScimError(await options('/Nothing'), 404);
  });
});

describe('where a resource lives', () => {
  const here = (answer: Answer) => [answer.headers.location, answer.headers['content-location']];
  const twice = (path: string) => [`${PUBLIC_URL}${SCIM_PATH}${path}`, `${PUBLIC_URL}${SCIM_PATH}${path}`];

  test('is told with every answer that shows it, as in its meta, with its version', async () => {
    const created = await tenant.scim('POST', '/Users', userBody('where@x.com'));
    const path = `/Users/${created.body.id}`;
    const replaced = await tenant.scim('PUT', path.toLowerCase(), userBody('where@x.com', { title: 'Boss' }));
    const patched = await tenant.scim('PATCH', `${path}?attributes=meta`, patchOp({ op: 'replace', path: 'title', value: 'Chief' }));
    const answers = [created, replaced, patched, await get(path)];
    expect(answers.map(here)).toEqual(answers.map(() => twice(path)));
    for (const { body, headers } of answers) expect(body.meta).toMatchObject({ location: headers.location, version: headers.etag });
    expect(answers.map(({ headers }) => headers.etag)).toEqual(['W/"1"', 'W/"2"', 'W/"3"', 'W/"3"']);
    const known = await get(path, { 'if-none-match': 'W/"3"' });
    expect([known.status, known.text, known.headers.etag, ...here(known)]).toEqual([304, '', 'W/"3"', ...twice(path)]);
  });

  test('is not told with an answer that shows none, though its version is', async () => {
    const answer = await tenant.scim('PATCH', `/Groups/${group}`, patchOp({ op: 'replace', path: 'displayName', value: 'Transported' }));
    expect([answer.status, answer.headers.etag, ...here(answer)]).toEqual([204, 'W/"2"', undefined, undefined]);
    expect(here(await get('/Users'))).toEqual([undefined, undefined]);
    expect(here(await get('/Users/unknown'))).toEqual([undefined, undefined]);
  });
});

test('WWW-Authenticate tells whether a token was the error (RFC 6750)', async () => {
  const challenge = async (authorization: string | undefined) => (await get('/Users', { authorization })).headers['www-authenticate'];
  expect(await challenge(undefined)).toBe('Bearer realm="condeco"');
  expect(await challenge('Bearer wrong')).toBe('Bearer realm="condeco", error="invalid_token"');
  const refused = await tenant.requestToken({ scimClientId: tenant.clientId, scimClientSecret: 'wrong', grantType: 'password' });
  expect([refused.status, refused.headers['www-authenticate']]).toEqual([401, 'Bearer realm="condeco"']);
});

describe('packing', () => {
  const zipped = { 'accept-encoding': 'gzip,deflate' };

  test.each([
    ['/Schemas', 'gzip,deflate'],
    ['/Schemas', 'br, GZIP;q=0.5'],
    ['/Schemas', '*'],
    ['/Users', 'deflate, gzip'],
    ['/Users/unknown/', 'gzip'],
  ])('GET %s, %s', async (path, encoding) => {
    const [plain, packed] = [await get(path), await get(path, { 'accept-encoding': encoding })];
    expect(packed.text).toBe(plain.text);
    const isLong = plain.text.length >= 1024;
    expect(packed.headers['content-encoding']).toBe(isLong ? 'gzip' : undefined);
    expect(Number(packed.headers['content-length']) < plain.text.length).toBe(isLong);
    expect(packed.headers.vary).toBe('Accept, Accept-Encoding');
  });

  test.each([undefined, '', 'identity', 'br, deflate', 'gzip;q=0', 'identity, gzip;q=0.5', '*;q=0'])('is left for %j', async (encoding) => {
    const answer = await get('/Schemas', { 'accept-encoding': encoding });
    expect([answer.status, answer.headers['content-encoding'], answer.headers['content-length']]).toEqual([
      200,
      undefined,
      String(Buffer.byteLength(answer.text)),
    ]);
  });

  test('keeps the version, and leaves nothing to pack alone', async () => {
    const { body } = await tenant.scim('POST', '/Users', userBody('packed@x.com', { title: 'x'.repeat(2000) }));
    const path = `/Users/${body.id}`;
    const packed = await get(path, zipped);
    expect(packed.body).toEqual(body);
    expect([packed.headers['content-encoding'], packed.headers.etag]).toEqual(['gzip', 'W/"1"']);
    for (const answer of [
      await get(path, { ...zipped, 'if-none-match': 'W/"1"' }),
      await tenant.scim('DELETE', path, undefined, { ...zipped, 'if-match': 'W/"1"' }),
    ]) {
      expect([answer.text, answer.headers['content-encoding']]).toEqual(['', undefined]);
    }
  });

  test('HEAD tells what GET would', async () => {
    const [head, whole] = [await tenant.scim('HEAD', '/Schemas', undefined, zipped), await get('/Schemas', zipped)];
    expect(head.text).toBe('');
    for (const name of ['content-length', 'content-encoding', 'content-type', 'vary']) expect(head.headers[name]).toBe(whole.headers[name]);
  });

  test('of what is sent to us is refused', async () => {
    for (const encoding of ['gzip', 'deflate', 'br', 'identity, gzip']) {
      expectScimError(await tenant.scim('POST', '/Users', userBody('bomb@x.com'), { 'content-encoding': encoding }), 415);
    }
    expect((await tenant.scim('PUT', `/Users/${user}`, userBody('transport@x.com'), { 'content-encoding': 'identity' })).status).toBe(200);
  });
});

test('a client that wants its connection closed gets it closed, others keep it', async () => {
  expect((await get('/Users?count=0', { connection: 'close' })).headers.connection).toBe('close');
  const kept = await get('/Users?count=0');
  expect([kept.headers.connection, kept.headers['keep-alive']]).toEqual(['keep-alive', 'timeout=65']);
});
