import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { later } from '../../schema/later.js';

const INTERVAL = 20;

/** Work that takes as long as one lets it. */
function slowWork() {
  const ends: (() => void)[] = [];
  let [begun, atOnce, most] = [0, 0, 0];
  return {
    work: async () => {
      begun += 1;
      atOnce += 1;
      most = Math.max(most, atOnce);
      await new Promise<void>((resolve) => ends.push(resolve));
      atOnce -= 1;
    },
    end: () => ends.shift()?.(),
    begun: () => begun,
    most: () => most,
  };
}

describe('work that is done later', () => {
  test('is done once for all who want it meanwhile', async () => {
    const { work, begun, end } = slowWork();
    const { want, close } = later(work, INTERVAL);
    want();
    want();
    expect(begun()).toBe(0);
    await expect.poll(begun).toBe(1);
    end();
    await close();
    expect(begun()).toBe(1);
  });

  test('is done again for who wants it while it is done, and never twice at the same time', async () => {
    const { work, begun, most, end } = slowWork();
    const { want, close } = later(work, INTERVAL);
    want();
    await expect.poll(begun).toBe(1);
    want();
    await sleep(3 * INTERVAL);
    want();
    expect(begun()).toBe(1);
    end();
    await expect.poll(begun).toBe(2);
    end();
    await close();
    expect([begun(), most()]).toEqual([2, 1]);
  });

  test('is done at the end where it is wanted still, and not afterwards', async () => {
    const { work, begun, most, end } = slowWork();
    const { want, close } = later(work, INTERVAL);
    want();
    await expect.poll(begun).toBe(1);
    want();
    await sleep(2 * INTERVAL); // it waits for the other
    const closed = close();
    end();
    await expect.poll(begun).toBe(2);
    end();
    await closed;
    want();
    await sleep(2 * INTERVAL);
    expect([begun(), most()]).toEqual([2, 1]);
  });

  test('is done once more at the end where what is under way fails, and wants it again', async () => {
    const { work, begun, end } = slowWork();
    const { want, close } = later(async () => {
      await work();
      if (begun() === 1) want();
    }, INTERVAL);
    want();
    await expect.poll(begun).toBe(1);
    const closed = close();
    end();
    await expect.poll(begun).toBe(2);
    end();
    await closed;
  });

  test('is let be where it is stopped, but for what is under way', async () => {
    const { work, begun, end } = slowWork();
    const { want, stop } = later(work, INTERVAL);
    want();
    await expect.poll(begun).toBe(1);
    want();
    const stopped = stop();
    end();
    await stopped;
    await sleep(2 * INTERVAL);
    expect(begun()).toBe(1);
  });

  test('may fail: what comes after it is done', async () => {
    let begun = 0;
    const { want, close } = later(async () => {
      begun += 1;
      throw new Error('no luck');
    }, INTERVAL);
    want();
    await expect.poll(() => begun).toBe(1);
    want();
    await close();
    expect(begun).toBe(2);
  });
});
