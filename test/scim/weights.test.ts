/** The weight of a write is that of the members it names, however it names them and however short their names are. */
import { expect, test } from 'vitest';
import { weightOf } from '../../services/identity/domain/admission/weights.js';

test.each([
  [0, 1],
  [1, 1],
  [1000, 1],
  [1001, 2],
  [2500, 3],
])('%d members weigh %d', (count, units) => {
  const ids = Array.from({ length: count }, () => '1');
  const joinedMemberIds = ids.join(',');
  for (const write of [
    { memberIds: ids },
    { group: { joinedMemberIds } },
    { changes: [{ joinedMemberIds }] },
    { changes: [{ value: ids }] },
  ]) {
    expect(weightOf(write)).toBe(units);
  }
});
