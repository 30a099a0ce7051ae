import { expect, test } from 'vitest';
import { inTurns } from '../../gateway/turns.js';

function* slow(count: number, milliseconds: number): Generator<number> {
  for (let at = 0; at < count; at += 1) {
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
    yield at;
  }
}

test('long work is done in order, and others have their turn in between', async () => {
  let others = 0;
  const wait = () => {
    others += 1;
    immediate = setImmediate(wait);
  };
  let immediate = setImmediate(wait);
  expect(await inTurns(slow(4, 11))).toEqual([0, 1, 2, 3]);
  clearImmediate(immediate);
  expect(others).toBeGreaterThanOrEqual(3);
});

test('nothing to do is nothing done', async () => expect(await inTurns([])).toEqual([]));
