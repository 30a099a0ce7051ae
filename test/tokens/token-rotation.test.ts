/** Rotation while the token is in use: nobody is refused, and the old one ends with its overlap. */
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { manage } from '../support/tokens.js';
import { newTenant } from '../support/world.js';

test('with overlap fails no request under load, and the old tokens end in time', { timeout: 120_000 }, async () => {
  const tenant = await newTenant();
  const own = manage(tenant);
  let current = await own.create({ audience: 'SCIM', expiresIn: 86_400 });
  const first = current;
  const statusOf = async (token: string) =>
    (await tenant.scim('GET', '/Users?count=1', undefined, { authorization: `Bearer ${token}` })).status;
  const statuses: number[] = [];
  const over = new AbortController();
  const load = Array.from({ length: 4 }, async () => {
    while (!over.signal.aborted) {
      statuses.push(await statusOf(current.accessToken));
      await wait(10);
    }
  });
  const ends: { token: string; at: number }[] = [];
  for (let rotation = 0; rotation < 8; rotation += 1) {
    const next = await own.rotate({ id: current.token['id'], overlapSeconds: 3 });
    ends.push({ token: current.accessToken, at: Date.parse(String(next.previous['expiresAt'])) });
    expect([await statusOf(current.accessToken), await statusOf(next.accessToken)]).toEqual([200, 200]);
    current = next;
    await wait(150);
  }
  for (const { token, at } of ends) {
    await wait(Math.max(0, at + 1000 - Date.now()));
    expect(await statusOf(token)).toBe(401);
  }
  over.abort();
  await Promise.all(load);
  expect(statuses.length).toBeGreaterThan(50);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  const { nodes } = await own.list('first: 100, filter: { audience: SCIM, state: LIVE }');
  expect(nodes.filter(({ family }) => family === first.token['id']).map(({ id }) => id)).toEqual([current.token['id']]);
});
