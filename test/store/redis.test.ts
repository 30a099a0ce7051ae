/** That Redis is away, and that it is back, is told once each time. */
import { expect, inject, test } from 'vitest';
import { openRedis } from '../../services/identity/store/redis/redis.js';
import { createRedis, findPrograms } from '../support/own-servers.js';

const programs = inject('world') === 'network' ? findPrograms() : undefined;

test.skipIf(!programs)('a Redis that goes and comes', { timeout: 60_000 }, async () => {
  const redis = await createRedis(programs!.redisServer);
  const heard: string[] = [];
  const door = openRedis(redis.url, { away: () => void heard.push('away'), back: () => void heard.push('back') });
  try {
    await expect.poll(() => door.isReachable()).toBe(true);
    expect(heard).toEqual([]);
    await redis.kill();
    await expect.poll(() => heard).toEqual(['away']);
    await new Promise((resolve) => setTimeout(resolve, 3000)); // several attempts
    expect(heard).toEqual(['away']);
    await redis.start();
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual(['away', 'back']);
  } finally {
    door.close();
    await redis.kill();
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(heard).toEqual(['away', 'back']);
});
