/** The tools' door waits for nobody for ever, and takes those who would rather speak another protocol. */
import { connect, type Socket } from 'node:net';
import { beforeAll, expect, test } from 'vitest';
import { sendRaw } from '../support/raw.js';
import { newTenant, type Tenant, world } from '../support/world.js';

let url: URL;
let tenant: Tenant;
beforeAll(async () => {
  url = new URL((await world()).identityUrl);
  tenant = await newTenant();
});

test("Java's offer to speak HTTP/2 is passed over", async () => {
  const { status, text } = await tenant.graphqlAnswer('{ users { totalCount } }');
  expect(status, text).toBe(200);
  const body = JSON.stringify({ query: '{ __typename }' });
  const answer = await sendRaw(
    url.href,
    `POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer).toContain('"__typename":"Query"');
});

/** Sends a byte a second until the other side has had enough; answers what it says. */
function dribble(begin: string): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = connect(Number(url.port), url.hostname);
    let heard = '';
    const timer = setInterval(() => socket.write('x'), 1000);
    const end = () => {
      clearInterval(timer);
      socket.destroy();
      resolve(heard);
    };
    socket
      .on('data', (data) => (heard += data.toString()))
      .on('error', end)
      .on('close', end)
      .on('end', end)
      .write(begin);
  });
}

test('headers have ten seconds to come', { timeout: 30_000 }, async () => {
  const started = performance.now();
  expect(await dribble('POST /graphql HTTP/1.1\r\nHost: x\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /);
  expect(performance.now() - started).toBeGreaterThan(9000);
});
