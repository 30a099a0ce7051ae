/** Who sends a request a byte at a time is waited for so long and no longer. Only the server of this facade is told to wait less than usual. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFacade } from './fake-core.js';

let facade: Awaited<ReturnType<typeof startFacade>>;
let server: Server;
beforeAll(async () => {
  facade = await startFacade();
  // Node tells whose request it is: the facade hands its server to nobody.
  const hear = (message: unknown) => {
    ({ server } = message as { server: Server });
  };
  subscribe('http.server.request.start', hear);
  await facade.send('GET', '/livez');
  unsubscribe('http.server.request.start', hear);
});
afterAll(() => facade.gateway.close());

test('headers have ten seconds, the whole request has thirty', () => {
  expect(server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 });
});

/** Sends a byte now and then until the connection is closed; answers what came back, and after how many milliseconds. */
const dribble = (...lines: string[]): Promise<{ answer: string; after: number }> =>
  new Promise((resolve) => {
    const begun = performance.now();
    let answer = '';
    const socket = connect(Number(new URL(facade.gateway.url).port), '127.0.0.1');
    const timer = setInterval(() => socket.write('x'), 100);
    const end = () => {
      clearInterval(timer);
      socket.destroy();
      resolve({ answer, after: performance.now() - begun });
    };
    socket
      .on('data', (bytes: Buffer) => {
        answer += bytes.toString();
      })
      .on('error', end)
      .on('end', end)
      .on('close', end)
      .write(lines.join('\r\n'));
  });

const POST = ['POST /scim/api/V1/Users HTTP/1.1', 'Host: x', 'Authorization: Bearer good', 'Content-Type: application/scim+json'];

test.each([
  ['headers that do not end', [...POST, 'X-Slow: '], { headersTimeout: 1000, requestTimeout: 30_000 }],
  [
    'a body that does not end, with a good token',
    [...POST, 'Content-Length: 9999', '', '{'],
    { headersTimeout: 500, requestTimeout: 1000 },
  ],
])('%s', { timeout: 30_000 }, async (_, lines, limits) => {
  Object.assign(server, limits);
  const { answer, after } = await dribble(...lines);
  expect(answer).toMatch(/^HTTP\/1\.1 408 [^]*Connection: close[^]*"status":"408"/i);
  expect(after).toBeGreaterThanOrEqual(900);
  expect(after).toBeLessThan(8000); // it is looked every two seconds, not every thirty as usual
});
