import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { idSet } from '../../services/identity/store/id-set.js';
import { newId } from '../../services/identity/store/uuid.js';

const setOf = (ids: readonly string[]) => idSet(Buffer.from(ids.join('').replaceAll('-', ''), 'hex'));

describe('a set of ids', () => {
  test.each([0, 1, 2, 3, 1000])('of %d finds each of them at a place of its own, and nobody else', (count) => {
    const ids = Array.from({ length: count }, (_, at) => (at % 2 === 0 ? newId() : randomUUID()));
    const set = setOf(ids);
    expect(set.size).toBe(count);
    expect(ids.map((id) => set.placeOf(id))).toEqual(ids.map((_, at) => at));
    expect(ids.map((_, at) => set.idAt(at))).toEqual(ids);
    for (let at = 0; at < 100; at += 1) expect(set.placeOf(newId())).toBe(-1);
  });

  test('tells ids apart that end alike, or differ in one digit', () => {
    const ids = Array.from({ length: 50 }, (_, at) => `${String(at).padStart(8, '0')}-0000-7000-8000-00000000abcd`);
    const set = setOf(ids);
    expect(ids.map((id) => set.placeOf(id))).toEqual(ids.map((_, at) => at));
    expect(set.placeOf('00000050-0000-7000-8000-00000000abcd')).toBe(-1);
    expect(set.placeOf('00000000-0000-7000-8000-00000000abce')).toBe(-1);
  });

  // Where they met in one slot, this took minutes, and nothing else was done meanwhile.
  test.each([[0, 'the end'], [6, 'the middle'], [27, 'the beginning']])('finds ids that were counted up, %d digits from the end, at %s', (zeros) => {
    const ids = Array.from({ length: 200_000 }, (_, at) => `${(at + 1).toString(16)}${'0'.repeat(zeros)}`.padStart(32, '0').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'));
    const set = setOf(ids);
    expect(ids.every((id, at) => set.placeOf(id) === at)).toBe(true);
  });

  test('takes capitals, and nothing that only looks like one of them', () => {
    const id = '0193a5b2-7c4d-7e8f-9abc-def012345678';
    const set = setOf([id]);
    expect(set.placeOf(id.toUpperCase())).toBe(0);
    for (const other of ['', 'x', id.slice(1), `${id}0`, id.replaceAll('-', '0'), id.replace('-', '_'), id.replace('b', 'g'), id.replace('0', '@'), id.replace('0', '\u0660'), id.replaceAll('-', '')]) {
      expect(set.placeOf(other), other).toBe(-1);
    }
  });
});
