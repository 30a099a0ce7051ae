import { expect, test } from 'vitest';
import { parseFilter } from '../../schema/filter.js';
import { recentlyRead } from '../../schema/recently-read.js';
import { groupResource, userResource } from '../../schema/resources.js';

/** Reads texts, and tells which were read. */
function reading() {
  const seen: string[] = [];
  const read = recentlyRead((type, text) => {
    seen.push(`${type.name} ${text}`);
    if (text === 'wrong') throw new Error('is not read');
    return { type, text };
  });
  return { seen, read };
}

test('a text is read once, for each type by itself', () => {
  const { seen, read } = reading();
  for (const type of [userResource, groupResource, userResource]) expect(read(type, 'a')).toEqual({ type, text: 'a' });
  expect(seen).toEqual(['User a', 'Group a']);
  expect(parseFilter(userResource, 'displayName pr')).not.toEqual(parseFilter(groupResource, 'displayName pr'));
});

test('what cannot be read is refused each time', () => {
  const { seen, read } = reading();
  for (let time = 0; time < 2; time += 1) expect(() => read(userResource, 'wrong')).toThrow('is not read');
  expect(seen).toHaveLength(2);
});

test('neither many texts nor long ones fill the memory', () => {
  const { seen, read } = reading();
  const long = 'x'.repeat(129);
  for (const text of [long, long]) read(userResource, text);
  expect(seen).toHaveLength(2);
  for (let at = 0; at < 31; at += 1) read(userResource, `n${at}`);
  for (const text of ['n0', 'n30']) read(userResource, text);
  expect(seen.slice(2 + 31)).toEqual(['User n0']);
});
