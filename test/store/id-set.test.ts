import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { idAt, idBytes, type IdSet, idSet } from '../../services/identity/store/members/id-set.js';
import { newId } from '../../services/identity/store/resources/uuid.js';

const setOf = (ids: readonly string[]) => idSet(Buffer.from(ids.join('').replaceAll('-', ''), 'hex'));

const placeIn = (set: IdSet, id: string): number => {
  const bytes = idBytes(id);
  return bytes?.length === 16 ? set.placesOf(bytes)[0]! : -1;
};

describe('ids in one text', () => {
  test.each([1, 2, 511, 512, 513, 1024, 1500])('%d of them are read as their bytes', (count) => {
    const ids = Array.from({ length: count }, () => randomUUID());
    const bytes = idBytes(ids.map((id, at) => (at % 3 === 0 ? id.toUpperCase() : id)).join(','))!;
    expect(ids.map((_, at) => idAt(bytes, at))).toEqual(ids);
    expect(bytes.length).toBe(count * 16);
  });

  test('are not read where anything else stands in it, wherever', () => {
    const text = Array.from({ length: 513 }, () => randomUUID()).join(',');
    expect(idBytes(text)).toBeDefined();
    for (const at of [0, 8, 20, 35, 36, 512 * 37 - 1, 512 * 37, text.length - 1]) {
      for (const wrong of [',', '-', 'g', ' ', '\u0130', '\u00e9', '\ud83d']) {
        if (text[at] !== wrong) expect(idBytes(text.slice(0, at) + wrong + text.slice(at + 1)), `${wrong} at ${at}`).toBeUndefined();
      }
    }
    for (const other of ['', 'x', text.slice(1), `${text},`, `${text} `]) expect(idBytes(other)).toBeUndefined();
  });
});

test('each of many is found at its place, in whatever order they come, and however often', () => {
  const ids = Array.from({ length: 300 }, () => randomUUID());
  const set = setOf(ids);
  const asked = [...ids, randomUUID(), ...ids.toReversed(), ...ids.slice(5, 9), randomUUID(), ...ids];
  expect([...set.placesOf(idBytes(asked.join(','))!)]).toEqual(asked.map((id) => ids.indexOf(id)));
});

describe('a set of ids', () => {
  test.each([0, 1, 2, 3, 1000])('of %d finds each of them at a place of its own, and nobody else', (count) => {
    const ids = Array.from({ length: count }, (_, at) => (at % 2 === 0 ? newId() : randomUUID()));
    const set = setOf(ids);
    expect(ids.map((id) => placeIn(set, id))).toEqual(ids.map((_, at) => at));
    expect(ids.map((_, at) => set.idAt(at))).toEqual(ids);
    for (let at = 0; at < 100; at += 1) expect(placeIn(set, newId())).toBe(-1);
  });

  test('finds the first of those that are the same, however many they are', () => {
    const [one, other] = [newId(), newId()];
    const set = setOf([other, ...Array.from({ length: 100_000 }, () => one), other]);
    expect([placeIn(set, one), placeIn(set, other), set.firstOf(50_000), set.firstOf(100_001)]).toEqual([1, 0, 1, 0]);
  });

  test('tells ids apart that end alike, or differ in one digit', () => {
    const ids = Array.from({ length: 50 }, (_, at) => `${String(at).padStart(8, '0')}-0000-7000-8000-00000000abcd`);
    const set = setOf(ids);
    expect(ids.map((id) => placeIn(set, id))).toEqual(ids.map((_, at) => at));
    expect(placeIn(set, '00000050-0000-7000-8000-00000000abcd')).toBe(-1);
    expect(placeIn(set, '00000000-0000-7000-8000-00000000abce')).toBe(-1);
  });

  // Where they met in one slot, this took minutes, and nothing else was done meanwhile.
  test.each([
    [0, 'the end'],
    [6, 'the middle'],
    [27, 'the beginning'],
  ])('finds ids that were counted up, %d digits from the end, at %s', (zeros) => {
    const ids = Array.from({ length: 200_000 }, (_, at) =>
      `${(at + 1).toString(16)}${'0'.repeat(zeros)}`.padStart(32, '0').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    );
    const set = setOf(ids);
    expect(ids.every((id, at) => placeIn(set, id) === at)).toBe(true);
  });

  test('takes capitals, and nothing that only looks like one of them', () => {
    const id = '0193a5b2-7c4d-7e8f-9abc-def012345678';
    const set = setOf([id]);
    expect(placeIn(set, id.toUpperCase())).toBe(0);
    for (const other of [
      '',
      'x',
      id.slice(1),
      `${id}0`,
      id.replaceAll('-', '0'),
      id.replace('-', '_'),
      id.replace('b', 'g'),
      id.replace('0', '@'),
      id.replace('0', '\u0660'),
      id.replaceAll('-', ''),
    ]) {
      expect(placeIn(set, other), other).toBe(-1);
    }
  });
});
