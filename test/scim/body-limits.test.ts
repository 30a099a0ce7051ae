/** How much a body may hold, to the byte; what is more is refused before it costs anything, and the connection lives on. */
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../schema/resources.js';
import { sendRaw } from '../support/raw.js';
import { ENTERPRISE, expectScimError, groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, SCIM_PATH, type Tenant, world } from '../support/world.js';

let tenant: Tenant;
let [user, group] = ['', ''];

beforeAll(async () => {
  tenant = await newTenant();
  user = (await tenant.scim('POST', '/Users', userBody('limits@x.com'))).body.id;
  group = (await tenant.scim('POST', '/Groups', groupBody('Limits', [user]))).body.id;
});

const [SMALL, LARGE] = [1024 * 1024, 10 * 1024 * 1024];

/** The body at exactly this length, by spaces behind it. */
const ofLength = (body: object, bytes: number) => JSON.stringify(body).padEnd(bytes);

type Sent = readonly [method: string, path: () => string, limit: number, body: object, status: number];

const sent: readonly Sent[] = [
  ['POST', () => '/Users', SMALL, userBody('exact@x.com'), 201],
  ['PUT', () => `/Users/${user}`, SMALL, userBody('limits@x.com'), 200],
  ['PATCH', () => `/Users/${user}`, SMALL, patchOp({ op: 'replace', path: 'title', value: 'T' }), 200],
  ['POST', () => '/Groups', LARGE, groupBody('Exact'), 201],
  ['PUT', () => `/Groups/${group}`, LARGE, groupBody('Limits'), 200],
  ['PATCH', () => `/Groups/${group}`, LARGE, patchOp({ op: 'replace', path: 'displayName', value: 'Limits' }), 204],
  ['POST', () => '/Bulk', LARGE, { Operations: [] }, 200],
  ['POST', () => '/.search', SMALL, {}, 200],
  ['POST', () => '/Users/.search', SMALL, {}, 200],
  ['POST', () => '/Groups/.search', SMALL, {}, 200],
];

describe('a body is taken up to its limit and not a byte further', () => {
  test('which is what is announced', () => expect([limits.bodyBytes, limits.groupBodyBytes]).toEqual([SMALL, LARGE]));

  test.each(sent.map(([method, path, ...rest]) => ({ method, path, rest, name: path().replace(/[\w-]*$/, (last) => last || '{id}') })))(
    '$method $name',
    async ({ method, path, rest: [limit, body, status] }) => {
      for (const more of [{}, { 'transfer-encoding': 'chunked' }]) {
        const refused = await tenant.scim(method, path(), ofLength(body, limit + 1), more);
        expectScimError(refused, 413);
        expect(refused.body.detail).toContain(String(limit));
      }
      expect((await tenant.scim(method, path(), ofLength(body, limit), { 'transfer-encoding': 'chunked' })).status).toBe(status);
      if (status !== 201) expect((await tenant.scim(method, path(), ofLength(body, limit))).status).toBe(status);
    },
  );
});

describe('a refusal is cheap', () => {
  test.each([
    ['{"a":', 32],
    ['[', 33],
  ])('depth, %s a million times', async (open, at) => {
    const answer = await tenant.scim('POST', '/Users', open.repeat(SMALL / open.length));
    expectScimError(answer, 400, 'invalidSyntax');
    expect(answer.body.detail).toMatch(/at character \d+\.$/);
    expect(Number(/\d+(?=\.$)/.exec(answer.body.detail)?.[0])).toBeLessThanOrEqual(at * open.length + 1);
  });

  test.each(['"\\u0000"', '"\\ud800"', 'NaN', 'Infinity', '-', '01', '.5', '0x1', '"a', '"\t"'])(
    'a title of %s is a 400',
    async (value) => {
      expectScimError(
        await tenant.scim('PUT', `/Users/${user}`, `{"userName":"limits@x.com","title":${value}}`),
        400,
        /u[0d]/.test(value) ? 'invalidValue' : 'invalidSyntax',
      );
    },
  );

  test('of two values under one name the last counts, as in every JavaScript', async () => {
    const answer = await tenant.scim(
      'PUT',
      `/Users/${user}`,
      '{"userName":"nobody@x.com","title":"one","title":"two","userName":"limits@x.com"}',
    );
    expect(answer.body).toMatchObject({ userName: 'limits@x.com', title: 'two' });
  });

  test('names that JavaScript knows are names like others', async () => {
    const body =
      '{"userName":"limits@x.com","title":"T","__proto__":{"title":"P"},"constructor":{"prototype":{"active":false}},"toString":1,"hasOwnProperty":null}';
    expect((await tenant.scim('PUT', `/Users/${user}`, body)).body).toMatchObject({ title: 'T', active: true });
  });
});

describe('lists and objects', () => {
  test.each([
    ['lists', '[]'],
    ['objects', '{}'],
  ])('more %s than a write needs are refused as they stand', async (_, piece) => {
    const body = (count: number) =>
      `{"displayName":"Pieces of ${count} ${piece}","unknown":[${Array.from({ length: count }, () => piece).join()}]}`;
    const refused = await tenant.scim('POST', '/Groups', body(2_000_000));
    expectScimError(refused, 413);
    expect(refused.body.detail).toMatch(/more than 300000 lists and objects/);
    expect((await tenant.scim('POST', '/Groups', body(limits.containers - 2))).status).toBe(201);
  });
});

describe("names that are nobody's", () => {
  const unknown = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [at % 3 === 0 ? `unknown.${at}` : at % 3 === 1 ? `urn:x:${at}` : `unknown${at}`, at]),
    );
  const MOST = 1000;

  test.each<[string, string, () => string, (names: object) => object, number]>([
    ['a user', 'POST', () => '/Users', (names) => ({ userName: 'names@x.com', ...names }), 201],
    ['a replacement', 'PUT', () => `/Users/${user}`, (names) => ({ userName: 'limits@x.com', ...names }), 200],
    ['a group', 'PUT', () => `/Groups/${group}`, (names) => ({ displayName: 'Limits', ...names }), 200],
    [
      'a change without a path',
      'PATCH',
      () => `/Users/${user}`,
      (names) => patchOp({ op: 'replace', value: { title: 'T', ...names } }),
      200,
    ],
  ])('in %s are passed over up to a thousand', async (_, method, path, body, status) => {
    expect((await tenant.scim(method, path(), body(unknown(MOST - 1)))).status).toBe(status);
    const refused = await tenant.scim(method, path(), body(unknown(MOST)));
    expectScimError(refused, 400, 'tooMany');
    expect(refused.body.detail).toContain(`more than ${MOST} names`);
  });

  test.each<[string, string, () => string, (names: object) => object]>([
    ['an element', 'PUT', () => `/Users/${user}`, (names) => ({ userName: 'limits@x.com', emails: [{ value: 'a@x.com', ...names }] })],
    ['a member', 'PATCH', () => `/Groups/${group}`, (names) => patchOp({ op: 'add', path: 'members', value: [{ value: user, ...names }] })],
    ['an extension', 'PUT', () => `/Users/${user}`, (names) => ({ userName: 'limits@x.com', [ENTERPRISE]: { department: 'D', ...names } })],
    ['an unknown object', 'PUT', () => `/Users/${user}`, (names) => ({ userName: 'limits@x.com', unknown: [[names]] })],
    [
      'Bulk',
      'POST',
      () => '/Bulk',
      (names) => ({ Operations: [{ method: 'PUT', path: `/Users/${user}`, data: { userName: 'limits@x.com', ...names } }] }),
    ],
  ])('in %s, too', async (_, method, path, body) => {
    expect((await tenant.scim(method, path(), body(unknown(MOST - 2)))).status).toBeLessThan(300);
    expectScimError(await tenant.scim(method, path(), body(unknown(MOST + 1))), 400, 'tooMany');
  });

  test('in the operations of one PATCH without a path, a thousand in all', async () => {
    const patch = (count: number) =>
      patchOp(
        { op: 'replace', value: unknown(count) },
        { op: 'replace', value: { ...unknown(498), title: 'Half' } },
        { op: 'replace', path: 'nickName', value: 'N' },
      );
    expect((await tenant.scim('PATCH', `/Users/${user}`, patch(500))).body).toMatchObject({ title: 'Half', nickName: 'N' });
    expectScimError(await tenant.scim('PATCH', `/Users/${user}`, patch(501)), 400, 'tooMany');
  });

  test('in lists of attributes, a thousand different ones', async () => {
    const names = (count: number) => Array.from({ length: count }, (_, at) => `u${at}`);
    for (const parameter of ['attributes', 'excludedAttributes']) {
      expect((await tenant.scim('GET', `/Users?${parameter}=${names(MOST).join()}`)).status).toBe(200);
      expect((await tenant.scim('POST', '/Users/.search', { [parameter]: [...names(MOST), ...names(MOST)] })).status).toBe(200);
      const refused = [
        await tenant.scim('GET', `/Users?${parameter}=${names(MOST + 1).join()}`),
        await tenant.scim('POST', '/.search', { [parameter]: names(MOST + 1) }),
      ];
      for (const answer of refused) {
        expectScimError(answer, 400, 'tooMany');
        expect(answer.body.detail).toContain(`"${parameter}" takes at most ${MOST} names`);
      }
    }
  });
});

describe('after a refusal the client has its answer', () => {
  const head = (path: string, more: string) =>
    `POST ${SCIM_PATH}${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tenant.token}\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;
  const next = () =>
    `GET ${SCIM_PATH}/Users/${user} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tenant.token}\r\nConnection: close\r\n\r\n`;
  const send = async (text: string) => sendRaw((await world()).gatewayUrl, text);
  const statuses = (text: string) => Array.from(text.matchAll(/HTTP\/1\.1 (\d+) /g), ([, status]) => Number(status));

  test('and its connection, where the length was said', async () => {
    const long = 'x'.repeat(3 * SMALL);
    expect(statuses(await send(head('/Users', `Content-Length: ${long.length}`) + long + next()))).toEqual([413, 200]);
  });

  test('and its connection, where it was not', async () => {
    const chunks = `10000\r\n${'x'.repeat(0x10000)}\r\n`.repeat(40);
    expect(statuses(await send(`${head('/Users', 'Transfer-Encoding: chunked')}${chunks}0\r\n\r\n${next()}`))).toEqual([413, 200]);
  });

  test('where it waits to be let on (Expect)', async () => {
    const long = 'x'.repeat(2 * SMALL);
    expect(statuses(await send(head('/Users', `Content-Length: ${long.length}\r\nExpect: 100-continue`) + long + next())).at(-1)).toBe(200);
  });

  test.each([
    ['a length that is too short', 'Content-Length: 5', '{"userName":"x"}', [400]],
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 3', '{}', [400]],
    ['a length and chunks', 'Content-Length: 2\r\nTransfer-Encoding: chunked', '2\r\n{}\r\n0\r\n\r\n', [400]],
    ['no length at all', 'Content-Length: many', '{}', [400]],
    ['a chunk that is none', 'Transfer-Encoding: chunked', 'xyz\r\n', [400]],
  ])('and no more, after %s', async (_, length, body, expected) => {
    const got = await send(head('/Users', length) + body);
    expect(statuses(got)).toEqual(expected);
    expect(got).toMatch(/Connection: close/i);
  });
});

describe('a body that comes in chunks of one byte', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  /** Of this process, in which the doors are. */
  const used = () => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };
  /** When all that was sent has been read, there is nothing to do in this process. */
  async function untilIdle(): Promise<void> {
    for (let busy = 1; busy > 0.2;) {
      const since = performance.eventLoopUtilization();
      await pause(300);
      busy = performance.eventLoopUtilization(since).utilization;
    }
  }
  const BYTES = 300_000;
  const TINY = '1\r\na\r\n'.repeat(10_000);

  const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

  /** Sends it, but for its end; looks at the memory that it takes then, and answers that and what is said to the whole. */
  async function sendInBytes(
    origin: string,
    path: string,
    token: string | undefined,
    [head, tail]: readonly [string, string],
  ): Promise<{ memory: number; answer: string }> {
    const before = used();
    let answer = '';
    const socket = connect(Number(new URL(origin).port), '127.0.0.1').on('data', (bytes: Buffer) => {
      answer += bytes.toString();
    });
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${token === undefined ? '' : `Authorization: Bearer ${token}\r\n`}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk(head)}`,
    );
    for (let sent = 0; sent < BYTES; sent += 10_000) await new Promise((resolve) => socket.write(TINY, resolve));
    await untilIdle();
    const memory = used() - before;
    await new Promise((resolve) => socket.once('close', resolve).write(`${chunk(tail)}0\r\n\r\n`));
    return { memory, answer };
  }

  test.each<[string, 'gatewayUrl' | 'identityUrl', string, () => string | undefined | Promise<string>, readonly [string, string], RegExp]>([
    [
      'of a group',
      'gatewayUrl',
      `${SCIM_PATH}/Groups`,
      () => tenant.token,
      ['{"displayName":"Byte by byte","unknown":"', '"}'],
      /^HTTP\/1.1 201 /,
    ],
    [
      'of a tool',
      'identityUrl',
      '/graphql',
      () => tool(),
      ['{"query":"{ __typename }","variables":{"a":"', '"}}'],
      /"data":\{"__typename":"Query"\}/,
    ],
  ])('%s takes hardly more memory than its bytes', async (_, door, path, token, around, expected) => {
    const { memory, answer } = await sendInBytes((await world())[door], path, await token(), around);
    expect(answer).toMatch(expected);
    expect(memory).toBeLessThan(20_000_000); // as many pieces would take several times that
  });

  async function tool(): Promise<string> {
    const { data } = await tenant.graphql('mutation { createToken(input: { audience: GRAPHQL, expiresIn: 3600 }) { accessToken } }');
    return String(data!['createToken']!['accessToken']);
  }
});
