/** The reply to a write is lost after the write was done, and the client sends it again: there is one user, whom the client finds. */
import { connect, createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exchange } from '../support/http.js';
import { expectScimError, filtered, SCIM_TYPE, userBody } from '../support/scim.js';
import { FUZZ_RUNS, newTenant, SCIM_PATH, type Tenant, world } from '../support/world.js';

let tenant: Tenant;
let lossy: Server;
let lossyUrl: string;

/** Hands on everything that the client sends, and hangs up as soon as an answer begins. */
beforeAll(async () => {
  tenant = await newTenant();
  const { hostname, port } = new URL((await world()).gatewayUrl);
  lossy = createServer((client) => {
    const server = connect(Number(port), hostname);
    client.pipe(server);
    server.once('data', () => client.destroy());
    for (const socket of [client, server]) socket.on('error', () => undefined).on('close', () => void [client.destroy(), server.destroy()]);
  });
  await new Promise<void>((resolve) => lossy.listen(0, '127.0.0.1', resolve));
  lossyUrl = `http://127.0.0.1:${(lossy.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => lossy.close(resolve)));

async function postAndLose(userName: string, headers: Record<string, string>): Promise<void> {
  const all = { authorization: `Bearer ${tenant.token}`, 'content-type': 'application/scim+json', ...headers };
  await expect(exchange(lossyUrl, 'POST', `${SCIM_PATH}/Users`, all, userBody(userName))).rejects.toThrow();
}

const idOf = async (userName: string) => {
  const { body } = await tenant.scim('GET', filtered('/Users', `userName eq "${userName}"`));
  expect(body.totalResults).toBe(1);
  return body.Resources[0]!.id;
};

test(
  'with a key the same answer comes; without one a refusal that names who is there',
  async () => {
    for (let round = 0; round < FUZZ_RUNS / 4; round += 1) {
      const [keyed, bare] = [`keyed-${round}@x.com`, `bare-${round}@x.com`];
      await Promise.all([postAndLose(keyed, { 'idempotency-key': `lost-${round}` }), postAndLose(bare, {})]);
      const again = await tenant.scim('POST', '/Users', userBody(keyed), { 'idempotency-key': `lost-${round}` });
      expect([again.status, again.headers['idempotency-replayed']]).toEqual([201, 'true']);
      expect(again.headers['content-type']).toMatch(SCIM_TYPE);
      expect(again.body.id).toBe(await idOf(keyed));
      const refused = await tenant.scim('POST', '/Users', userBody(bare));
      expectScimError(refused, 409, 'uniqueness');
      expect(refused.body.detail).toContain(await idOf(bare));
    }
    expectScimError(await tenant.scim('POST', '/Users', userBody('other@x.com'), { 'idempotency-key': 'lost-0' }), 422);
  },
  60_000 + FUZZ_RUNS * 100,
);
