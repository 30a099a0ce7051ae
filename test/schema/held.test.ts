import { describe, expect, it } from 'vitest';
import type { Json } from '../../schema/change.js';
import { heldIn, isSame } from '../../schema/held.js';

describe("an object's own value", () => {
  it.each(['constructor', 'toString', 'valueOf', '__proto__'])('is no %s that every object has', (name) => {
    expect(heldIn({}, name)).toBeUndefined();
    expect(heldIn({ [name]: 'x' }, name)).toBe('x');
  });
  it('is not there in no object', () => expect(heldIn(undefined, 'a')).toBeUndefined());
});

describe('values are the same', () => {
  it.each<[Json | undefined, Json | undefined]>([
    [1, 1],
    [null, null],
    [undefined, undefined],
    ['a', 'a'],
    [[], []],
    [{}, {}],
    [
      { a: 1, b: [2, { c: 3 }] },
      { b: [2, { c: 3 }], a: 1 },
    ],
  ])('%j and %j', (one, other) => expect(isSame(one, other)).toBe(true));

  it.each<[Json | undefined, Json | undefined]>([
    [1, '1'],
    [null, undefined],
    [null, {}],
    [[], {}],
    [['a'], { 0: 'a' }],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ constructor: 'x' }, { toString: 'x' }],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
  ])('not %j and %j', (one, other) => {
    expect(isSame(one, other)).toBe(false);
    expect(isSame(other, one)).toBe(false);
  });
});
