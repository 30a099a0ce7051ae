/** What is looked up of refused tokens: little, however many there are. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endedTokens } from '../../services/identity/domain/tokens/ended-tokens.js';

const ended = (tokenId: string) => ({ tenantId: 't', tokenId, state: 'EXPIRED' as const });
const digest = (at: number) => at.toString(16).padStart(64, '0');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('who guesses ten thousand tokens a second has one look a second made, at a hundred of them', async () => {
  const asked: number[] = [];
  const tokens = endedTokens(
    async (digests) => {
      asked.push(digests.length);
      return [];
    },
    () => expect.unreachable(),
  );
  for (let second = 0; second < 3; second += 1) {
    for (let at = 0; at < 10_000; at += 1) tokens.note(digest(second * 10_000 + at));
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(asked).toEqual([100, 100, 100]);
});

test('an ended token is told of once, and nothing is told where it cannot be found out', async () => {
  const told: string[] = [];
  let isAway = true;
  const tokens = endedTokens(
    async () => (isAway ? Promise.reject(new Error('away')) : [ended('a')]),
    ({ tokenId }) => void told.push(tokenId),
  );
  for (const [away, expected] of [
    [true, []],
    [false, ['a']],
    [false, ['a']],
  ] as const) {
    isAway = away;
    tokens.note(digest(1));
    await vi.advanceTimersByTimeAsync(2000);
    expect(told).toEqual(expected);
  }
});
