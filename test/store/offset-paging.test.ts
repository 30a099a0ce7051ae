/** What is remembered of walks, and for how long: no client can wait for an hour to pass. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Page } from '../../services/identity/domain/resources/paging.js';
import { walkThrough } from '../../services/identity/domain/resources/offset-paging.js';
import { memoryWalkMemory, type WalkMemory } from '../../services/identity/store/redis/walk-memory.js';

const MINUTE = 60_000;
const READER = { tenantId: 'tenant', tokenId: 'token' };
let memory: WalkMemory;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  memory = memoryWalkMemory();
});
afterEach(() => void vi.useRealTimers());

const pageAt = (offset: number): Page => ({ size: 10, isBackward: false, from: undefined, offset });
const walk = () => walkThrough(memory, READER, ['User', 'active eq true'], 'byOffset');
const rows = Array.from({ length: 10 }, (_, at) => ({ position: { value: null, id: String(at) } }));

/** One page with its total, as a request reads it; `count` is what counting would find, `series` what the ids begin with. */
async function read(offset: number, count: number, series = ''): Promise<{ from: string | undefined; offset: number; total: number }> {
  vi.advanceTimersByTime(1);
  const page = walk();
  const located = await page.locate(pageAt(offset));
  await page.leave(pageAt(offset), {
    rows: rows.map(({ position }) => ({ position: { ...position, id: `${series}${offset + Number(position.id)}` } })),
    hasNextPage: true,
  });
  return { from: located.from?.id, offset: located.offset, total: await page.total(pageAt(offset), async () => count) };
}

test('a total is counted with the first page and for a few minutes told with those after it', async () => {
  expect((await read(0, 100)).total).toBe(100);
  expect((await read(10, 200)).total).toBe(100);
  expect((await read(0, 300)).total).toBe(300);
  expect((await read(10, 400)).total).toBe(300);
  vi.advanceTimersByTime(6 * MINUTE);
  expect((await read(20, 500)).total).toBe(500);
  expect((await read(30, 600)).total).toBe(500);
});

test('a page begins where the one before ended, or behind the nearest place that is known', async () => {
  expect(await read(0, 1)).toMatchObject({ from: undefined, offset: 0 });
  expect(await read(10, 1)).toMatchObject({ from: '9', offset: 0 });
  expect(await read(25, 1)).toMatchObject({ from: '19', offset: 5 });
  expect(await read(10, 1), 'again').toMatchObject({ from: '9', offset: 0 });
});

test('a walk that another one overtakes goes on if it does so soon', async () => {
  for (const offset of [0, 10, 20]) await read(offset, 1);
  await read(0, 1);
  expect(await read(30, 1)).toMatchObject({ from: '29', offset: 0 });
  await read(0, 1);
  vi.advanceTimersByTime(11 * MINUTE);
  expect(await read(40, 1)).toMatchObject({ from: '9', offset: 30 });
});

test('a walk that begins later is the later one, also where the clock of who served the one before was ahead', async () => {
  for (const offset of [0, 10, 20]) await read(offset, 1, 'before ');
  vi.setSystemTime(Date.now() - 60 * MINUTE);
  await read(0, 2, 'after ');
  expect(await read(10, 3, 'after ')).toEqual({ from: 'after 9', offset: 0, total: 2 });
  expect(await read(20, 3, 'after ')).toMatchObject({ from: 'after 19', offset: 0 });
});

test('a walk has begun for the pages that are asked for together with its first one', async () => {
  for (const offset of [0, 10, 20]) await read(offset, 1, 'before ');
  vi.advanceTimersByTime(1);
  const located = [0, 10, 20].map(async (offset) => walk().locate(pageAt(offset)));
  expect(await Promise.all(located)).toEqual([0, 10, 20].map(pageAt));
});

test('however far and often somebody walks, no more is kept', async () => {
  for (let time = 0; time < 5; time += 1) {
    for (let offset = 0; offset < 1000; offset += 10) await read(offset, 1);
  }
  expect((await memory.notes(['tenant', 'token', 'byOffset', 'User', 'active eq true'])).length).toBeLessThanOrEqual(16);
});
