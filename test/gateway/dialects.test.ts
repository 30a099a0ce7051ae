import { describe, expect, test } from 'vitest';
import { booleanOf, elementOf, isNothing, listOf, memberOf, plusAsSpace, singleOf, textOf, tokenOf } from '../../gateway/scim/dialects.js';
import { quickestOf } from './quickest.js';

test.each([
  [undefined, undefined],
  ['', undefined],
  ['  ', undefined],
  ['Bearer abc', 'abc'],
  ['bearer abc', 'abc'],
  ['BEARER   abc  ', 'abc'],
  ['non-token', 'non-token'],
  [' abc ', 'abc'],
  ['Basic YTpi', 'Basic YTpi'],
  ['Bearer', 'Bearer'],
  ['Bearer a b', 'a b'],
  ['bearer-token-1', 'bearer-token-1'],
])('Authorization %j holds the token %j', (header, token) => expect(tokenOf(header)).toBe(token));

describe('the plus sign in a filter', () => {
  test.each([
    // form encoding
    ['userName+eq+"ann@x.com"', 'userName eq "ann@x.com"'],
    ['userName+eq+"ann+test@x.com"', 'userName eq "ann+test@x.com"'],
    ['userName+eq+%22ann+test%40x.com%22', 'userName eq "ann+test@x.com"'],
    ['userName+eq+%22ann%2Btest%40x.com%22', 'userName eq "ann+test@x.com"'],
    ['displayName+eq+"Ann+Lee"', 'displayName eq "Ann Lee"'],
    ['displayName+eq+%22A+\\%22B%22+and+active+eq+true', 'displayName eq "A \\"B" and active eq true'],
    ['displayName+eq+%22A+%5C%22@B+C%22+and+active+eq+true', 'displayName eq "A \\"@B C" and active eq true'],
    // spaces and an "@" are no address
    ['displayName+eq+"Sales+%40+London"', 'displayName eq "Sales @ London"'],
    ['displayName+eq+%22Sales+@London%22', 'displayName eq "Sales @London"'],
    ['displayName+eq+"Sales+@%20London"', 'displayName eq "Sales @ London"'],
    ['displayName+eq+"Sales@London+and+Paris"', 'displayName eq "Sales@London and Paris"'],
    ['displayName+eq+"a@x.com+or+b@x.com"', 'displayName eq "a@x.com or b@x.com"'],
    ['displayName+eq+"Sales%2BOps+%40+London"', 'displayName eq "Sales+Ops @ London"'],
    [
      'displayName+eq+"Sales+%40+London"+and+userName+eq+"ann+test%40x.com"',
      'displayName eq "Sales @ London" and userName eq "ann+test@x.com"',
    ],
    ['userName+sw+"ann+test@"', 'userName sw "ann+test@"'],
    ['title+pr+and+userName+eq+"a+b@x"', 'title pr and userName eq "a+b@x"'],
    // spaces as %20
    ['userName%20eq%20%22ann+test%40x.com%22', 'userName eq "ann+test@x.com"'],
    ['userName%20eq%20ann+test@x.com', 'userName eq ann+test@x.com'],
    ['displayName%20eq%20"Ann+Lee"', 'displayName eq "Ann+Lee"'],
    ['displayName eq "Ann+Lee"', 'displayName eq "Ann+Lee"'],
    ['displayName+eq%20"A+B"', 'displayName+eq "A+B"'],
    // odd ends
    ['userName+eq+"ann', 'userName eq "ann'],
    ['a+"b\\', 'a "b\\'],
    ['', ''],
    ['+', ' '],
    ['"', '"'],
  ])('%s', (sent, read) => expect(decodeURIComponent(plusAsSpace(sent))).toBe(read));

  test.each(['"\\', '\\%22', '%5C%22', '"\\%41', '+"', '%'])('does not take long for many of %j', (piece) => {
    expect(quickestOf(3, () => plusAsSpace(`a+eq+"${piece.repeat(16_000 / piece.length)}`))).toBeLessThan(100);
  });
});

test.each([
  [true, true],
  [false, false],
  ['TRUE', true],
  ['False', false],
  [' true ', true],
  ['yes', undefined],
  [1, undefined],
  [null, undefined],
  ['', undefined],
])('%j as a boolean is %j', (value, expected) => expect(booleanOf(value)).toBe(expected));

test.each([
  ['a', 'a'],
  [1, '1'],
  [true, 'true'],
  [null, undefined],
  [{}, undefined],
  [[], undefined],
])('%j as text is %j', (value, expected) => {
  expect(textOf(value)).toBe(expected);
});

test.each([
  [null, true],
  ['', true],
  [' ', true],
  [[], true],
  [undefined, true],
  [false, false],
  [0, false],
  [{}, false],
  ['a', false],
  [[null], false],
])('%j is nothing: %j', (value, expected) => expect(isNothing(value)).toBe(expected));

test('lists, single values and elements are told apart', () => {
  expect([listOf(null), listOf(''), listOf('a'), listOf({ a: 1 }), listOf(['a'])]).toEqual([[], [], ['a'], [{ a: 1 }], ['a']]);
  expect([singleOf(['a']), singleOf('a'), singleOf(['a', 'b'])]).toEqual(['a', 'a', ['a', 'b']]);
  expect([elementOf('a'), elementOf({ b: 1 }), elementOf(['a'])]).toEqual([{ value: 'a' }, { b: 1 }, undefined]);
});

test('members of an object in any case, the exact one first, and none of its prototype', () => {
  expect(memberOf({ Value: 1, value: 2 }, 'value')).toBe(2);
  expect(memberOf({ VALUE: 1 }, 'value')).toBe(1);
  expect(memberOf({}, 'toString')).toBeUndefined();
  expect(memberOf({}, 'constructor')).toBeUndefined();
});
