import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { connectCore, type CoreClient } from '../../gateway/core-client.js';

interface Seen { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string }

let server: Server;
let core: CoreClient;
let url = '';
let seen: Seen[] = [];
let answer: [status: number, body: string] = [200, '{"data":{}}'];
const origin = { token: 'good', requestId: 'r1', address: '203.0.113.9' };

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => { body += chunk; }).on('end', () => {
      seen.push({ url: request.url ?? '', headers: request.headers, body });
      if (answer[0] === 0) request.socket.destroy();
      else response.writeHead(answer[0]).end(answer[1]);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  core = connectCore(`${url}/base/`);
});
afterEach(() => {
  seen = [];
  answer = [200, '{"data":{}}'];
});
afterAll(async () => {
  await core.close();
  server.close();
});

describe('a core over the network', () => {
  test('is sent the operation, the caller\'s token and where it comes from', async () => {
    answer = [200, '{"data":{"x":1},"errors":[{"message":"m","extensions":{"code":"NOT_FOUND"}}]}'];
    expect(await core.execute('ReadUser', { id: '7', none: undefined }, origin)).toEqual(JSON.parse(answer[1]));
    expect(seen).toMatchObject([{
      url: '/base/operations/ReadUser', body: '{"variables":{"id":"7"}}',
      headers: { authorization: 'Bearer good', 'x-request-id': 'r1', 'x-forwarded-for': '203.0.113.9', 'content-type': 'application/json' },
    }]);
  });

  test('is sent no token where there is none', async () => {
    await core.execute('Authenticate', {}, { ...origin, token: undefined });
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
  });

  test.each<[number, string]>([
    [500, '{"data":{}}'], [404, '{"errors":[]}'], [401, '{"data":{}}'], [200, '<html>'], [200, ''], [200, '[]'], [200, 'null'], [200, '{"errors":"x"}'], [200, '"data"'], [0, ''],
  ])('that answers %d %j is UNAVAILABLE', async (status, body) => {
    answer = [status, body];
    await expect(core.execute('ReadUser', {}, origin)).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: expect.any(Error) as Error });
  });

  test('that is not there is UNAVAILABLE at once, and not ready', async () => {
    const gone = connectCore('http://127.0.0.1:1');
    const started = performance.now();
    await expect(gone.execute('ReadUser', {}, origin)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfter: 5 });
    expect(await gone.ready()).toBe(false);
    expect(performance.now() - started).toBeLessThan(500);
    await gone.close();
  });

  test('is ready when it says so', async () => {
    expect(await core.ready()).toBe(true);
    expect(seen[0]?.url).toBe('/base/readyz');
    answer = [503, ''];
    expect(await core.ready()).toBe(false);
  });
});
