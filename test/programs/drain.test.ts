/** With DRAIN_SECONDS a program says that it is about to end, and works on until the load balancer has heard of it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, inject, test } from 'vitest';
import { exchange } from '../support/http.js';
import { createOwnDatabase } from '../support/own-database.js';
import { freePort, launch, untilReady } from '../support/process.js';
import { writeNewEmbedded } from '../support/own-store.js';

const SECONDS = 3;

test('is not ready first, and takes no more connections only then', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'identity-drain-'));
  const database = inject('world') === 'network' ? await createOwnDatabase(String(process.env['DATABASE_URL'])) : undefined;
  if (!database) await writeNewEmbedded(path.join(folder, 'data', 'database'));
  const [identityPort, gatewayPort] = await Promise.all([freePort(), freePort()]);
  const [identity, gateway] = [`http://127.0.0.1:${identityPort}`, `http://127.0.0.1:${gatewayPort}`];
  const program = launch('tools/start.mjs', [], {
    IDENTITY_PORT: String(identityPort),
    GATEWAY_PORT: String(gatewayPort),
    DATA_DIR: path.join(folder, 'data'),
    DRAIN_SECONDS: String(SECONDS),
    ...(database && { DATABASE_URL: database.url }),
  });
  const statusOf = (origin: string, address: string) =>
    exchange(origin, 'GET', address).then(
      ({ status }) => status,
      () => 0,
    );
  try {
    await untilReady(gateway, [program]);
    const since = performance.now();
    const ended = program.stop();
    await expect.poll(() => statusOf(gateway, '/readyz')).toBe(503);
    expect(await statusOf(identity, '/readyz')).toBe(503);
    expect([
      await statusOf(gateway, '/livez'),
      await statusOf(identity, '/startupz'),
      await statusOf(gateway, '/scim/api/V1/Users'),
      (await exchange(identity, 'POST', '/graphql', { 'content-type': 'application/json' }, { query: '{ __typename }' })).status,
    ]).toEqual([200, 200, 401, 200]);
    expect(performance.now() - since).toBeLessThan(SECONDS * 1000);
    expect(await ended).toBe(0);
    expect(performance.now() - since).toBeGreaterThan(SECONDS * 1000 - 100);
  } finally {
    await program.stop();
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  }
});
