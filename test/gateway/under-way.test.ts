/** What may be under way at once: requests, and the bytes of their bodies. Nobody takes everything, and who sends nothing holds nothing. */
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { expectScimError, userBody } from '../support/scim.js';
import { fakeNode, startFacade } from './fake-core.js';

const BASE = '/scim/api/V1';
const bodyFor = (method: string) => (method === 'GET' ? undefined : '{not json');

type Facade = Awaited<ReturnType<typeof startFacade>>;

/** A request that stays as it is begun, and what has been answered so far. */
function begin({ gateway }: Facade, ...lines: string[]): { readonly socket: Socket; answer(): string } {
  let answer = '';
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1')
    .on('error', () => undefined)
    .on('data', (bytes: Buffer) => {
      answer += bytes.toString();
    });
  socket.write(lines.join('\r\n'));
  return { socket, answer: () => answer };
}

test("strangers who send a body slowly, each with a token of its own, hold no place of anybody's", async () => {
  const small = await startFacade({ mostUnderWay: 4 });
  const slow = await Promise.all(
    Array.from({ length: 20 }, async (_, at) => {
      const begun = begin(
        small,
        `POST ${BASE}/Users HTTP/1.1`,
        'Host: x',
        `Authorization: Bearer nobody${at}`,
        'Content-Type: application/scim+json',
        'Content-Length: 1000',
        '',
        '{',
      );
      await expect.poll(begun.answer).toMatch(/^HTTP\/1.1 (?:401|503) /);
      return begun;
    }),
  );
  for (let round = 0; round < 2; round += 1) {
    expect((await small.send('GET', `${BASE}/Users/7`)).status).toBe(200);
    expect((await small.send('POST', `${BASE}/Users`, userBody('slow@x.com'))).status).toBe(201);
  }
  // Whom the core has recognised is not asked for again.
  expect(small.calls.filter(({ operation, origin }) => operation === 'Recognize' && origin.token === 'good')).toHaveLength(1);
  for (const { socket } of slow) socket.destroy();
  await small.gateway.close();
});

test('has so many requests under way and no more, of one token half of them: beyond that it is said at once who is the reason, and no body is read', async () => {
  const small = await startFacade({ mostUnderWay: 4 });
  let answer: () => void = () => {};
  const core = new Promise<void>((resolve) => {
    answer = resolve;
  });
  small.tell(() => core.then(() => undefined));
  const send = (token: string, [method, path]: readonly [string, string] = ['GET', '/Users/7']) =>
    small.send(method, BASE + path, bodyFor(method), { authorization: `Bearer ${token}` });
  const held: Promise<unknown>[] = [];
  const hold = async (token: string) => {
    held.push(send(token), send(token));
    while (small.calls.length < held.length) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  const expectRefused = async (token: string, status: number) => {
    for (const request of [
      ['GET', '/Users/7'],
      ['POST', '/Users'],
      ['GET', '/Schemas'],
    ] as const) {
      const refused = await send(token, request);
      expectScimError(refused, status);
      expect(refused.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    }
  };
  await hold('good');
  await expectRefused('good', 429);
  await hold('a');
  await expectRefused('d', 503);
  expect(small.refusals).toEqual([
    ...Array.from({ length: 3 }, () => 'token_concurrency'),
    ...Array.from({ length: 3 }, () => 'process_concurrency'),
  ]);
  expect((await small.send('GET', '/livez')).status).toBe(200);
  expect(small.calls).toHaveLength(4);
  answer();
  await Promise.all(held);
  expect((await send('good')).status).toBe(200);
  await small.gateway.close();
});

test('of one address half finished requests for a token hold a few places, and not for long', { timeout: 20_000 }, async () => {
  const small = await startFacade({ mostUnderWay: 40, trustProxy: true });
  const ask = (from: string) =>
    begin(
      small,
      'POST /api/V1/token HTTP/1.1',
      'Host: x',
      `X-Forwarded-For: ${from}`,
      'Content-Type: application/x-www-form-urlencoded',
      'Content-Length: 1000',
      '',
      'grantType=',
    );
  const slow = [ask('203.0.113.1'), ask('203.0.113.1')];
  const issue = (from: string) =>
    small.send(
      'POST',
      '/api/V1/token',
      { scimClientId: 'c', scimClientSecret: 's', grantType: 'password' },
      { 'x-forwarded-for': from, 'content-type': 'application/json', authorization: undefined },
    );
  await expect.poll(async () => (await issue('203.0.113.1')).status).toBe(429);
  const refused = await issue('203.0.113.1');
  expect(refused.body).toMatchObject({
    status: 429,
    error: 'temporarily_unavailable',
    detail: expect.stringContaining('from this address'),
  });
  expect((await issue('203.0.113.2')).status).toBe(200);
  for (const { answer } of slow) {
    await expect.poll(answer, { timeout: 10_000 }).toMatch(/^HTTP\/1.1 408 [^]*Connection: close[^]*"error":"invalid_request"/i);
  }
  expect((await issue('203.0.113.1')).status).toBe(200);
  await small.gateway.close();
});

test('all addresses together hold half of the places with requests for a token', async () => {
  const small = await startFacade({ mostUnderWay: 4, trustProxy: true });
  const slow = [1, 2, 3].map((at) =>
    begin(
      small,
      'POST /api/V1/token HTTP/1.1',
      'Host: x',
      `X-Forwarded-For: 203.0.113.${at}`,
      'Content-Type: application/json',
      'Content-Length: 1000',
      '',
      '{',
    ),
  );
  await expect.poll(() => slow.map(({ answer }) => answer()).join('')).toMatch(/^HTTP\/1.1 503 /);
  expect((await small.send('GET', `${BASE}/Users/7`)).status).toBe(200);
  for (const { socket } of slow) socket.destroy();
  await small.gateway.close();
});

test('of the bytes of bodies under way one token holds half, and gives them back', async () => {
  const [KILOBYTES, MOST] = [300, 1024];
  const small = await startFacade({ mostBodyBytes: MOST * 1024 });
  small.tell(({ origin }) => ({ data: { caller: { tenant: { id: `of ${origin.token}` } } } }));
  const long = (token: string) =>
    begin(
      small,
      `POST ${BASE}/Groups HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/scim+json',
      'Content-Length: 1000000',
      '',
      `{"displayName":"${'a'.repeat(KILOBYTES * 1024)}`,
    );
  const held = [long('good')];
  await expect.poll(() => small.calls.length).toBe(1);
  const second = long('good');
  await expect.poll(second.answer).toMatch(/^HTTP\/1.1 429 [^]*Retry-After: 1[^]*Too many long requests of this tenant/i);
  held.push(long('a'), long('b'));
  const overall = [long('c'), long('d')];
  await expect.poll(() => overall.map(({ answer }) => answer()).join('')).toMatch(/^HTTP\/1.1 503 /);
  expect(small.refusals).toEqual(expect.arrayContaining(['token_bytes', 'process_bytes']));
  // What is short finds room all the time.
  small.reset();
  expect((await small.send('POST', `${BASE}/Users`, userBody('short@x.com'))).status).toBe(201);
  for (const { socket } of [...held, second, ...overall]) socket.destroy();
  const whole = () => small.send('POST', `${BASE}/Groups`, { displayName: 'S', unknown: 'a'.repeat(KILOBYTES * 1024) });
  await expect.poll(async () => (await whole()).status).toBe(201);
  // Each gives back what it held, or the second would find no room.
  for (let round = 0; round < 4; round += 1) expect((await whole()).status).toBe(201);
  await small.gateway.close();
});

test('a tenant with many tokens holds half of the places with bodies that never end, and half of the bytes', async () => {
  const small = await startFacade({ mostUnderWay: 40, mostBodyBytes: 1024 * 1024 });
  small.tell(({ operation, origin }) =>
    ['Recognize', 'Authenticate'].includes(operation)
      ? { data: { caller: { tenant: { id: origin.token === 'good' ? 'other' : 't' } } } }
      : undefined,
  );
  const slow = (token: string, body = '{') =>
    begin(
      small,
      `POST ${BASE}/Groups HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/scim+json',
      'Content-Length: 1000000',
      '',
      body,
    );
  const held = Array.from({ length: 60 }, (_, at) => slow(`t${at % 6}`));
  await expect
    .poll(() => held.map(({ answer }) => answer()).filter((text) => text.startsWith('HTTP/1.1 429 ')).length)
    .toBeGreaterThanOrEqual(40);
  expect(held.filter(({ answer }) => answer() === '')).toHaveLength(20);
  expect(small.refusals).toContain('token_concurrency');
  expect((await small.send('POST', `${BASE}/Users`, userBody('free@x.com'))).status).toBe(201);
  for (const { socket } of held) socket.destroy();
  await expect.poll(async () => (await small.send('GET', `${BASE}/Users/7`)).status).toBe(200);
  const long = '{"displayName":"'.padEnd(300 * 1024, 'a');
  const bytes = ['t0', 't1', 't2', 't3', 't4'].map((token) => slow(token, long));
  await expect
    .poll(() => bytes.filter(({ answer }) => answer().startsWith('HTTP/1.1 429 ')).length, { timeout: 5000 })
    .toBeGreaterThanOrEqual(2);
  for (const { socket } of bytes) socket.destroy();
  await small.gateway.close();
});

test('of the bytes of answers that nobody takes one tenant holds half, and what is written is told in any case', async () => {
  const small = await startFacade({ mostAnswerBytes: 24 * 1024 * 1024 });
  small.tell(({ operation, origin }) => {
    if (operation === 'Recognize') return { data: { caller: { tenant: { id: String(origin.token).slice(0, 1) } } } };
    const node = fakeNode('7', { userName: 'Ann', title: 'x'.repeat(8_000_000) });
    return {
      data: operation.startsWith('List')
        ? { page: { totalCount: 1, nodes: [node] } }
        : { result: { resource: node, patchAnswer: 'BY_TYPE', userErrors: [] } },
    };
  });
  const ask = (token: string, [method, body] = ['GET', '']) =>
    begin(
      small,
      `${method} ${BASE}/Users HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/scim+json',
      `Content-Length: ${body.length}`,
      '',
      body,
    );
  const unread = ask('a1');
  unread.socket.pause();
  await expect.poll(() => small.calls.length).toBe(2);
  const refused = ask('a2');
  await expect.poll(refused.answer).toMatch(/^HTTP\/1.1 429 [^]*Retry-After: 1[^]*long answers to this tenant/i);
  const other = ask('b1');
  other.socket.pause();
  await expect.poll(() => small.calls.filter(({ origin }) => origin.token === 'b1').length).toBe(2);
  await expect.poll(ask('c1').answer).toMatch(/^HTTP\/1.1 200 /);
  await expect.poll(ask('a3', ['POST', JSON.stringify(userBody('told@x.com'))]).answer).toMatch(/^HTTP\/1.1 201 /);
  expect(small.refusals).toEqual(['token_bytes']);
  unread.socket.resume();
  await expect.poll(() => unread.answer().length, { timeout: 10_000 }).toBeGreaterThan(8_000_000);
  await expect.poll(ask('a2').answer, { timeout: 10_000 }).toMatch(/^HTTP\/1.1 200 /);
  await small.gateway.close();
});

test('whose a long answer is the core says with it, and is not asked once more', async () => {
  const small = await startFacade();
  small.tell(() => ({
    data: { page: { totalCount: 1, nodes: [fakeNode('7', { userName: 'Ann', title: 'x'.repeat(100_000) })] } },
    extensions: { tenant: 't' },
  }));
  const { socket, answer } = begin(small, `GET ${BASE}/Users HTTP/1.1`, 'Host: x', 'Authorization: Bearer good', '', '');
  await expect.poll(() => answer().length).toBeGreaterThan(100_000);
  socket.destroy();
  expect(small.calls).toHaveLength(1);
  await small.gateway.close();
});
