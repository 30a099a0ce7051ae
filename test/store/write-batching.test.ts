/** Writes that come together: done in one go, and none is another's failure. */
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Failure } from '../../schema/failure.js';
import { writeBatching } from '../../services/identity/store/connection/write-batching.js';

/** Doubles numbers; notes how many it was asked for at once. */
function doubling(fails: (items: readonly number[]) => Error | undefined = () => undefined) {
  const asked: (readonly number[])[] = [];
  const work = async (items: readonly number[]) => {
    asked.push(items);
    const error = fails(items);
    if (error) throw error;
    return items.map((item) => (item < 0 ? new Failure('UNIQUENESS') : item * 2));
  };
  return { asked, work };
}

const outcomes = async (results: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(results)).map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Failure).code));

describe('what comes together', () => {
  test('is done in one go by key, and each has its own result or refusal', async () => {
    const gather = writeBatching();
    const [ones, others] = [doubling(), doubling()];
    const results = [gather('a', 1, ones.work), gather('b', 5, others.work), gather('a', -2, ones.work), gather('a', 3, ones.work)];
    expect(await outcomes(results)).toEqual([2, 10, 'UNIQUENESS', 6]);
    expect([ones.asked, others.asked]).toEqual([[[1, -2, 3]], [[5]]]);
  });

  test('is not what comes later', async () => {
    const { asked, work } = doubling();
    const gather = writeBatching();
    expect([await gather('a', 1, work), await gather('a', 2, work)]).toEqual([2, 4]);
    expect(asked).toEqual([[1], [2]]);
  });

  test('is tried again one by one where it fails as a whole: one fails alone', async () => {
    const { asked, work } = doubling((items) => (items.includes(2) ? new Failure('INVALID_VALUE') : undefined));
    const gather = writeBatching();
    expect(await outcomes([1, 2, 3].map((item) => gather('a', item, work)))).toEqual([2, 'INVALID_VALUE', 6]);
    expect(asked).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  test('is not done again where it may have been done', async () => {
    const { asked, work } = doubling(() => new Failure('UNAVAILABLE'));
    const gather = writeBatching();
    expect(await outcomes([1, 2].map((item) => gather('a', item, work)))).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
    expect(asked).toEqual([[1, 2]]);
  });

  test.each(['55P03', '57014', '40P01'])('is tried again one by one where PostgreSQL has undone it: %s', async (code) => {
    const { asked, work } = doubling((items) =>
      items.includes(2) ? new Failure('UNAVAILABLE', { cause: Object.assign(new Error('canceling statement'), { code }) }) : undefined,
    );
    const gather = writeBatching();
    expect(await outcomes([1, 2, 3].map((item) => gather('a', item, work)))).toEqual([2, 'UNAVAILABLE', 6]);
    expect(asked).toEqual([[1, 2, 3], [1], [2], [3]]);
  });

  test("is not done again where the connection broke, by the server's word or without one", async () => {
    for (const code of ['57P01', '08006', 'ECONNRESET']) {
      const { asked, work } = doubling(() => new Failure('UNAVAILABLE', { cause: Object.assign(new Error('gone'), { code }) }));
      const gather = writeBatching();
      expect(await outcomes([1, 2].map((item) => gather('a', item, work)))).toEqual(['UNAVAILABLE', 'UNAVAILABLE']);
      expect(asked).toEqual([[1, 2]]);
    }
  });

  test('takes few connections when it is tried again, and those whose turn does not come are told what all were', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    let [busy, most, count] = [0, 0, 0];
    const locked = new Failure('UNAVAILABLE', { cause: Object.assign(new Error('canceling statement'), { code: '55P03' }) });
    const work = async (items: readonly number[]): Promise<number[]> => {
      if (items.length > 1) throw locked;
      most = Math.max(most, (busy += 1));
      count += 1;
      await new Promise((resolve) => setTimeout(resolve, 2000));
      busy -= 1;
      throw locked;
    };
    const gather = writeBatching();
    const results = outcomes(Array.from({ length: 30 }, (_, item) => gather('a', item, work)));
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(6000);
    expect(await results).toEqual(Array.from({ length: 30 }, () => 'UNAVAILABLE'));
    expect([most, count]).toEqual([4, 8]);
  });
});
