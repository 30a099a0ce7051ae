/**
 * The tools' door as HTTP: the audit of the GraphQL-over-HTTP specification, requests that other sites can make browsers send, the
 * request's id.
 */
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { auditServer } from 'graphql-http';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, exchange, type Headers } from '../support/http.js';
import { spentBy } from '../support/quota.js';
import { sendRaw } from '../support/raw.js';
import { newTenant, type Tenant, world } from '../support/world.js';

let tenant: Tenant;
let url: string;
let token: string;
/** Of a tenant of its own, whose quota the long bodies take. */
let another: string;

async function issue(to: Tenant): Promise<string> {
  const issued = await to.graphql('mutation ($input: IssueTokenInput!) { issueToken(input: $input) { accessToken } }', {
    input: { clientId: to.clientId, clientSecret: to.clientSecret, audience: 'GRAPHQL', expiresIn: 3600 },
  });
  return String(issued.data?.['issueToken']?.['accessToken']);
}

beforeAll(async () => {
  tenant = await newTenant();
  url = (await world()).identityUrl;
  token = await issue(tenant);
  another = await issue(await newTenant());
});

const send = (method: string, path: string, headers: Headers, body?: string) =>
  exchange(url, method, path, { authorization: `Bearer ${token}`, ...headers }, body);

test('the audit of GraphQL over HTTP finds no error', async () => {
  const results = await auditServer({ url: `${url}/graphql`, fetchFn: fetch });
  expect(results.length).toBeGreaterThan(60);
  expect(results.filter(({ status }) => status === 'error').map(({ name }) => name)).toEqual([]);
  // What is recommended and not demanded, and on purpose not done: forms are what other sites send, and a refused document is a 400 for
  // every client.
  expect(results.filter(({ status }) => status !== 'ok').map(({ id, status, name }) => `${id} ${status}: ${name}`)).toMatchInlineSnapshot(`
    [
      "5A70 notice: MAY accept application/x-www-form-urlencoded formatted GET requests",
      "D6D5 notice: MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json",
      "6A70 notice: MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json",
      "572B warn: SHOULD use 200 status code on document parsing failure when accepting application/json",
      "FDE2 warn: SHOULD use 200 status code on document validation failure when accepting application/json",
      "7B9B warn: SHOULD use a status code of 200 on variable coercion failure when accepting application/json",
    ]
  `);
});

describe('what another site can make a browser send', () => {
  const MUTATION = 'mutation { createUser(input: { user: { userName: "forged@x.com" } }) { user { id } } }';
  const json = JSON.stringify({ query: MUTATION });
  const inUrl = `/graphql?query=${encodeURIComponent(MUTATION)}`;
  const multipart = `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${json}\r\n--x--\r\n`;

  test.each([
    ['text/plain', 'POST', '/graphql', { 'content-type': 'text/plain' }, json],
    ['text/plain that says it is JSON', 'POST', '/graphql', { 'content-type': 'text/plain; application/json' }, json],
    ['no content type', 'POST', '/graphql', {}, json],
    [
      'a form',
      'POST',
      '/graphql',
      { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams({ query: MUTATION }).toString(),
    ],
    ['a form with files', 'POST', '/graphql', { 'content-type': 'multipart/form-data; boundary=x' }, multipart],
    ['a mutation by GET', 'GET', inUrl, { 'content-type': 'application/json' }, undefined],
    ['a mutation by GET as a page would', 'GET', inUrl, {}, undefined],
    ['a mutation by HEAD', 'HEAD', inUrl, { 'content-type': 'application/json' }, undefined],
    ['GET with the content type of a form', 'GET', inUrl, { 'content-type': 'application/x-www-form-urlencoded' }, undefined],
    ['GET with an odd content type', 'GET', inUrl, { 'content-type': 'application/graphql' }, undefined],
    ['another method', 'PUT', '/graphql', { 'content-type': 'application/json' }, json],
    ['PATCH', 'PATCH', '/graphql', { 'content-type': 'application/json' }, json],
    ['DELETE', 'DELETE', inUrl, { 'content-type': 'application/json' }, undefined],
    [
      'a method in a header',
      'GET',
      inUrl,
      { 'content-type': 'application/json', 'x-http-method-override': 'POST', 'x-method-override': 'POST' },
      undefined,
    ],
    ['a method in the query', 'GET', `${inUrl}&_method=POST`, { 'content-type': 'application/json' }, undefined],
    ['broken JSON', 'POST', '/graphql', { 'content-type': 'application/json' }, json.slice(1)],
    ['a packed body that is none', 'POST', '/graphql', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, json],
  ] as [string, string, string, Headers, string | undefined][])(
    '%s is refused, and does nothing',
    async (_, method, path, headers, body) => {
      const answer = await send(method, path, headers, body);
      expect([400, 405, 415], answer.text).toContain(answer.status);
      expect(answer.headers['x-request-id']).toMatch(/./);
      expect(answer.headers['cache-control']).toBe('no-store');
      if (method !== 'HEAD') {
        expect(answer.body['errors'], answer.text).toMatchObject([
          {
            message: expect.stringMatching(/\w/),
            extensions: { code: expect.stringMatching(/^[A-Z_]+$/), requestId: answer.headers['x-request-id'] },
          },
        ]);
      }
      const { data } = await tenant.graphql('{ user(by: { userName: "forged@x.com" }) { id } }');
      expect(data).toEqual({ user: null });
    },
  );

  test('nobody unpacks anything for a stranger', async () => {
    const packed = gzipSync(JSON.stringify({ query: '{ __typename }', variables: { list: Array.from({ length: 1_000_000 }, () => 0) } }));
    const post = (authorization?: string) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', ...(authorization !== undefined && { authorization }) },
        body: packed,
      });
    expect([(await post()).status, (await post('Bearer condeco_made-up')).status, (await post(`Bearer ${token}`)).status]).toEqual([
      401, 401, 200,
    ]);
  });

  /**
   * Begins so many requests with so much of a body, of which the end never comes: what they have been answered so far, and how to break
   * them off.
   */
  function begin(
    count: number,
    length: number,
    sent: number,
    authorization: string | undefined,
  ): { readonly statuses: number[]; breakOff(): void } {
    const statuses: number[] = [];
    const beginning = Buffer.from('{"query":"'.padEnd(sent, 'x'));
    const begun = Array.from({ length: count }, () => {
      const sending = request(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': length, ...(authorization !== undefined && { authorization }) },
      });
      sending
        .on('response', ({ statusCode }) => void statuses.push(statusCode!))
        .on('error', () => undefined)
        .write(beginning);
      return sending;
    });
    return {
      statuses,
      breakOff: () => {
        for (const sending of begun) sending.destroy();
      },
    };
  }
  const long = async () =>
    (
      await exchange(
        url,
        'POST',
        '/graphql',
        { 'content-type': 'application/json', authorization: `Bearer ${another}` },
        `{"query":"{__typename}","variables":{"a":"${'x'.repeat(2_000_000)}"}}`,
      )
    ).status;
  const WAIT = { timeout: 20_000 };

  test('who begins many long bodies, and sends none, keeps out nobody', async () => {
    const { statuses, breakOff } = begin(12, 19_000_000, 10, `Bearer ${another}`);
    await pause(500);
    expect([statuses, await long()]).toEqual([[], 200]);
    breakOff();
  });

  test('strangers together fill half of the room', { timeout: 30_000 }, async () => {
    const { statuses, breakOff } = begin(130, 1_000_000, 990_000, undefined);
    await expect.poll(() => statuses.length, WAIT).toBeGreaterThan(10);
    expect(new Set(statuses)).toEqual(new Set([503]));
    expect([statuses.length < 40, await long()]).toEqual([true, 200]);
    breakOff();
  });

  test("a body of more than 64 KiB is not waited for where its token is nobody's", async () => {
    const { statuses, breakOff } = begin(1, 100_000, 10, 'Bearer condeco_made-up');
    await expect.poll(() => statuses, WAIT).toEqual([401]);
    breakOff();
  });

  test('nobody sends too many long bodies at once', { timeout: 30_000 }, async () => {
    const { statuses, breakOff } = begin(12, 19_000_000, 18_900_000, `Bearer ${another}`);
    await expect.poll(() => statuses.length, WAIT).toBeGreaterThanOrEqual(7);
    await pause(200);
    breakOff();
    expect(statuses).toEqual(Array.from({ length: 7 }, () => 429));
    await expect.poll(long, WAIT).toBe(200);
  });

  test('a long body is for a token of this door, and is not waited for otherwise', async () => {
    const said = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': 19_000_000, authorization: `Bearer ${tenant.token}` },
      });
      sending
        .on('response', ({ statusCode }) => {
          resolve(statusCode);
          sending.destroy();
        })
        .on('error', reject);
      sending.write('{');
    });
    expect(said).toBe(403);
  });

  test.each([
    ['lists', '[]'],
    ['objects', '{}'],
    ['lists in lists', '[[]]'],
  ])('a body of millions of %s is refused as it stands, and counts by its length', async (_, piece) => {
    const body = `{"query":"{__typename}","variables":{"a":[${Array.from({ length: 4_000_000 / piece.length }, () => piece).join(',')}]}}`;
    const type = { 'content-type': 'application/json' };
    const spent = await spentBy(
      () => send('POST', '/graphql', type, '{"query":"{__typename}"}'),
      async () => {
        const answer = await send('POST', '/graphql', type, body);
        expect([answer.status, answer.body['errors']]).toMatchObject([413, [{ extensions: { code: 'BODY_TOO_LARGE' } }]]);
      },
    );
    expect(spent).toBeGreaterThan(4_000_000 / 65_536);
  });

  test('what is a value and no request is refused', async () => {
    for (const body of ['5', 'null', '"text"', '{"query":']) {
      expect((await send('POST', '/graphql', { 'content-type': 'application/json' }, body)).body['errors']).toMatchObject([
        { extensions: { code: 'INVALID_SYNTAX' } },
      ]);
    }
  });

  test('nobody is told how long each field takes', async () => {
    const answer = await send(
      'POST',
      '/graphql',
      { 'content-type': 'application/json', 'apollo-federation-include-trace': 'ftv1' },
      JSON.stringify({ query: '{ caller { audience } }' }),
    );
    expect(answer.body).toEqual({ data: { caller: { audience: 'GRAPHQL' } } });
  });

  test('a token in the query is none', async () => {
    const query = '{ users { totalCount } }';
    const answer = await exchange(url, 'GET', `/graphql?query=${encodeURIComponent(query)}&access_token=${token}&token=${token}`, {
      'content-type': 'application/json',
    });
    expect(answer.text).toContain('UNAUTHENTICATED');
  });
});

test('nothing is read of a body that is sent elsewhere, and there is nothing there', async () => {
  const answer = await exchange(
    url,
    'POST',
    '/elsewhere',
    { 'content-type': 'application/json' },
    JSON.stringify({ query: 'x'.repeat(2_000_000) }),
  );
  expect([answer.status, answer.text]).toEqual([404, 'Not Found']);
});

describe('a body', () => {
  const JSON_TYPE = { 'content-type': 'application/json' };
  const QUERY = '{"query":"{ __typename }"}';
  const post = (headers: Headers, body: string | Buffer) =>
    exchange(url, 'POST', '/graphql', { ...JSON_TYPE, authorization: `Bearer ${token}`, ...headers }, body);
  const told = ({ status, body }: Answer) => [
    status,
    (body['errors'] as readonly { readonly message: string; readonly extensions: { readonly code: string } }[] | undefined)?.map(
      ({ message, extensions }) => `${extensions.code}: ${message}`,
    ),
  ];
  const ask = () => post({}, QUERY);
  const long = (bytes: number, character = 'x') => Buffer.from(`{"query":"{ __typename }","variables":{"a":"${character.repeat(bytes)}"}}`);

  test.each<[string, Headers, (bytes: Buffer) => Buffer]>([
    ['in chunks', { 'transfer-encoding': 'chunked' }, (bytes) => bytes],
    ['as gzip', { 'content-encoding': 'gzip' }, (bytes) => gzipSync(bytes)],
    ['as deflate', { 'content-encoding': 'Deflate' }, (bytes) => deflateSync(bytes)],
    ['as brotli, in chunks', { 'content-encoding': 'br', 'transfer-encoding': 'chunked' }, (bytes) => brotliCompressSync(bytes)],
  ])('that comes %s counts by the bytes that were read', async (_, headers, pack) => {
    const packed = pack(long(1_500_000));
    const used = await spentBy(ask, async () => expect((await post(headers, packed)).status).toBe(200));
    expect(used).toBeGreaterThanOrEqual(Math.floor(1_500_000 / 65_536));
    expect(used).toBeLessThan(40);
  });

  test('that unpacks to more than may be is unpacked no further, and counts by what was', async () => {
    const bomb = brotliCompressSync(Buffer.alloc(400 * 1024 * 1024, 'x'), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    const spent = await spentBy(ask, async () => {
      const refused = await post({ 'content-encoding': 'br' }, bomb);
      expect(told(refused)).toEqual([413, ['BODY_TOO_LARGE: This address takes at most 20971520 bytes, unpacked; send several requests.']]);
    });
    expect(spent).toBeGreaterThanOrEqual(320);
    expect(spent, 'all of it would be 6,400').toBeLessThan(700);
  });

  test('that is packed and cut off leaves its room to the next', async () => {
    const whole = gzipSync(long(3_000_000));
    for (let time = 0; time < 7; time += 1) {
      await sendRaw(
        url,
        `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${whole.length}\r\n\r\n`,
        /^$/,
        100,
      );
    }
    await expect.poll(async () => (await post({ 'content-encoding': 'gzip' }, gzipSync(QUERY))).status).toBe(200);
  });

  test.each<[string, Headers, Buffer, number, string]>([
    [
      'in Latin-1',
      {},
      Buffer.from('{"query":"{ user(by: { userName: \\"J\u00fcrgen\\" }) { id } }"}', 'latin1'),
      400,
      'INVALID_SYNTAX: The body is not UTF-8 text; send JSON in UTF-8.',
    ],
    [
      'with half a character',
      {},
      Buffer.from([...Buffer.from('{"query":"{ __typename }","a":"'), 0xe2, 0x82, ...Buffer.from('"}')]),
      400,
      'INVALID_SYNTAX: The body is not UTF-8 text; send JSON in UTF-8.',
    ],
    [
      'said to be Latin-1',
      { 'content-type': 'application/json; charset=ISO-8859-1' },
      Buffer.from(QUERY),
      415,
      'UNSUPPORTED_MEDIA_TYPE: Send the body as application/json in UTF-8, not in "ISO-8859-1".',
    ],
    [
      'said to be UTF-16',
      { 'content-type': 'application/json; charset="utf-16"' },
      Buffer.from(QUERY, 'utf16le'),
      415,
      'UNSUPPORTED_MEDIA_TYPE: Send the body as application/json in UTF-8, not in "utf-16".',
    ],
    [
      'packed as nobody packs',
      { 'content-encoding': 'compress' },
      Buffer.from(QUERY),
      415,
      'UNSUPPORTED_MEDIA_TYPE: Send the body as it is, or with one of these as its Content-Encoding: gzip, x-gzip, deflate, br.',
    ],
    [
      'not packed as is said',
      { 'content-encoding': 'br' },
      Buffer.from(QUERY),
      400,
      'INVALID_SYNTAX: The body is not packed as its Content-Encoding says.',
    ],
    [
      'nested too deep',
      {},
      Buffer.from(`{"query":"{ __typename }","extensions":{"a":${'['.repeat(63)}${']'.repeat(63)}}}`),
      400,
      'INVALID_SYNTAX: The body is nested more than 64 levels, at character 107.',
    ],
    [
      'with an object of very many names',
      {},
      Buffer.from(
        `{"query":"{ __typename }","variables":${JSON.stringify(Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`n${at}`, 0])))}}`,
      ),
      400,
      'TOO_MANY: The body has an object with more than 1000 names, at character 8937.',
    ],
  ])('%s is refused in a sentence', async (_, headers, body, status, sentence) => {
    expect(told(await post(headers, body))).toEqual([status, [sentence]]);
  });

  test.each(['utf-8', 'UTF-8', '"utf-8"', 'utf8', '"Utf8"'])('said to be %s is read, with a byte order mark, too', async (charset) => {
    for (const text of [QUERY, `\ufeff${QUERY}`]) {
      expect((await post({ 'content-type': `application/json; charset=${charset}` }, Buffer.from(text))).body).toEqual({
        data: { __typename: 'Query' },
      });
    }
  });
});

test('no document is kept of what a request brings along with its digest', async () => {
  // As Apollo's clients do: the digest alone is not known, so the text comes with it, and the digest alone is not known after that either.
  const query = '{ users { totalCount } }';
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash } };
  const json = { 'content-type': 'application/json' };
  const inUrl = (parts: Readonly<Record<string, string>>) =>
    send('GET', `/graphql?${new URLSearchParams({ ...parts, extensions: JSON.stringify(extensions) }).toString()}`, json);
  const inBody = (more: object) => send('POST', '/graphql', json, JSON.stringify({ extensions, ...more }));
  // A body whose documentId is none is not opened by us: it comes to the server of GraphQL as it is.
  const doors = [inUrl, inBody, (parts: object) => inBody({ documentId: 7, ...parts })];
  for (const door of doors) {
    await door({ query });
    for (const other of doors) {
      const { body, text } = await other({});
      expect(body).not.toHaveProperty('data');
      expect(text).toMatch(/"code":"PERSISTED_QUERY_NOT_(?:FOUND|SUPPORTED)"/);
    }
  }
});

describe('the id of a request', () => {
  const query = JSON.stringify({ query: '{ users(filter: "(") { totalCount } }' });
  test('is the one that came, where it can be one', async () => {
    const answer = await send('POST', '/graphql', { 'content-type': 'application/json', 'x-request-id': 'mine-1' }, query);
    expect(answer.headers['x-request-id']).toBe('mine-1');
    expect(answer.body['errors']).toMatchObject([{ extensions: { code: 'INVALID_FILTER', requestId: 'mine-1' } }]);
  });

  test.each(['two words', 'x'.repeat(65), 'a\tb', 'é'])('is one of ours instead of %j', async (given) => {
    const answer = await send('POST', '/graphql', { 'content-type': 'application/json', 'x-request-id': given }, query);
    expect(answer.headers['x-request-id']).toMatch(/^[\da-f-]{36}$/);
    expect(answer.body['errors']).toMatchObject([{ extensions: { requestId: answer.headers['x-request-id'] } }]);
  });

  test('is told to who is not known, too, and to each of many at once its own', async () => {
    const refused = await send(
      'POST',
      '/graphql',
      { 'content-type': 'application/json', authorization: 'Bearer condeco_made-up', 'x-request-id': 'stranger' },
      query,
    );
    expect(refused).toMatchObject({
      status: 401,
      headers: { 'x-request-id': 'stranger' },
      body: { errors: [{ extensions: { requestId: 'stranger' } }] },
    });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, at) =>
        send('POST', '/graphql', { 'content-type': 'application/json', 'x-request-id': `many-${at}` }, query),
      ),
    );
    for (const [at, { body }] of answers.entries()) expect(body['errors']).toMatchObject([{ extensions: { requestId: `many-${at}` } }]);
  });
});
