import { describe, expect, test } from 'vitest';
import { readObject } from '../../gateway/scim/json.js';
import { hasTagOf, readIfMatch, toTag } from '../../gateway/scim/versions.js';
import { limits } from '../../schema/resources.js';
import { refusalOf } from './refusal.js';

const bytes = (text: string) => Buffer.from(text);
const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

describe('a JSON body', () => {
  test.each([
    ['{"a":1}'],
    [' {"a": 1} \n'],
    ['\uFEFF{"a":1}'],
    ['{"a":1,"b":"[[[[{{{{"}'],
    ['{"a":1,"b":"\\"[\\\\"}'],
    [`{"a":1,"b":"\\"${'['.repeat(40)}"}`],
  ])('%j is read', (text) => expect(readObject(bytes(text))).toMatchObject({ a: 1 }));

  test.each([
    ['', 'missing'],
    ['  ', 'missing'],
    ['[]', 'must be a JSON object'],
    ['"a"', 'must be a JSON object'],
    ['null', 'must be a JSON object'],
    ['{"a":1', 'ends too early'],
    ['{"a":', 'ends too early'],
    ['{"a":1,}', 'at character 8'],
    ['{a:1}', 'at character 2'],
    ['<html>', 'at character 1'],
    ['{"a":1}x', 'at character 8'],
    ['{"a":undefined}', 'at character 6'],
    ['{"a":tru}', 'at character 9'],
    ['{"a":[1,]}', 'at character 9'],
    ["{'a':1}", 'at character 2'],
    [`{"a":"${'x'.repeat(70_000)}",b}`, 'not JSON'],
    [`{"a":"${'x'.repeat(70_000)}","b":x}`, 'not JSON.'],
  ])('%j is refused', (text, sentence) =>
    expect(refusalOf(() => readObject(bytes(text)))).toEqual(['INVALID_SYNTAX', expect.stringContaining(sentence)]),
  );

  test('the refusal repeats nothing of the body', () => {
    expect(refusalOf(() => readObject(bytes('{"password":"geheim" "x"}')))[1]).not.toContain('geheim');
  });

  test('bytes that are no UTF-8', () => {
    expect(refusalOf(() => readObject(Buffer.from([123, 34, 255, 34, 58, 49, 125])))).toEqual([
      'INVALID_SYNTAX',
      expect.stringContaining('UTF-8'),
    ]);
  });

  test('depth', () => {
    expect(readObject(bytes(nested(32)))).toHaveProperty('a');
    expect(refusalOf(() => readObject(bytes(nested(33))))).toEqual(['INVALID_SYNTAX', expect.stringContaining('more than 32 levels')]);
    expect(refusalOf(() => readObject(bytes('['.repeat(1_000_000))))[1]).toContain('more than 32 levels');
  });
});

describe('numbers of a body', () => {
  const valueOf = (number: string) => readObject(bytes(`{"a":[${number} , 1],"b":${number}}`))['b'];

  test.each([
    ['0', 0],
    ['7', 7],
    ['-7', -7],
    ['4711', 4711],
    ['999999999999999', 999_999_999_999_999],
    ['9007199254740991', 9_007_199_254_740_991],
    ['1.5', 1.5],
    ['-0.25', -0.25],
  ])('%s is a number', (text, number) => expect(valueOf(text)).toBe(number));

  test.each([
    '12345678901234567890',
    '9007199254740993',
    '-10000000000000000001',
    '1.10',
    '1.0',
    '1e3',
    '1E+3',
    '-0',
    '0.10',
    '0.1000000000000000055',
    '1e400',
    `1${'0'.repeat(5000)}`,
  ])('%s is text, as JavaScript would write it otherwise', (text) => expect(valueOf(text)).toBe(text));

  test('in strings are what they are', () =>
    expect(readObject(bytes('{"1.10":"1.10,","b":"\\"1.10,"}'))).toEqual({ '1.10': '1.10,', b: '"1.10,' }));

  test.each([
    ['{1.10:1}', 'character 2'],
    ['{"a":1.10.20}', ''],
    ['{"a":01.10}', ''],
    ['{"a":--1.10}', ''],
    ['{"a":1.}', ''],
    ['{"a":1e}', ''],
    ['{"a":1.10"b"}', ''],
    ['{"a":tru1.10}', ''],
    ['{"a":"b"1.10}', ''],
    ['{"a":1.10 "b":1}', ''],
    ['{"a":1.10', 'too early'],
    ['{"a":1.10,"b":12345678901234567890,}', 'character 36'],
    ['{"a":+1.10}', ''],
    ['{"a":.10}', ''],
    ['{"a":[1.10}', ''],
  ])('%s is no JSON still', (text, sentence) =>
    expect(refusalOf(() => readObject(bytes(text)))).toEqual(['INVALID_SYNTAX', expect.stringContaining(sentence)]),
  );

  test('long ones may come for every member, and not without end', () => {
    const list = (count: number) => bytes(`{"a":[${Array(count).fill('1.10').join()}]}`);
    expect(readObject(list(100_000))['a']).toHaveLength(100_000);
    expect(refusalOf(() => readObject(list(100_001)))).toEqual(['TOO_MANY', expect.stringContaining('numbers, at character')]);
  });
});

describe('names in one object of a body', () => {
  const names = (count: number) => JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, at) => [`":{[${at}`, ':'])));
  const [most, more] = [names(limits.names), names(limits.names + 1)];

  test.each([
    ['alone', most],
    ['in another', `{"a":[${most},${most}],"b":${most}}`],
    ['in a list behind many', `{"a":[${Array(1000).fill('{"b":1,"c":2}').join()}]}`],
  ])('as many as may be, %s', (_, text) => expect(Object.keys(readObject(bytes(text))).length).toBeGreaterThan(0));

  test.each([
    ['alone', more],
    ['in another', `{"a":${more}}`],
    ['in a list', `{"a":[1,{"b":${more}}]}`],
    ['after another', `{"a":{"b":{}},${more.slice(1)}`],
    ['of one name', `{${Array(1001).fill('"a":1').join()}}`],
  ])('one more is refused, %s', (_, text) =>
    expect(refusalOf(() => readObject(bytes(text)))).toEqual([
      'TOO_MANY',
      expect.stringMatching(/more than 1000 names, at character \d+\.$/),
    ]),
  );

  test.each([[':'.repeat(2000)], [']}'.repeat(2000) + ':'.repeat(2000)], [`[${':'.repeat(1000)}`]])(
    'what is no JSON stays that: %#',
    (text) => expect(refusalOf(() => readObject(bytes(text)))[0]).toBe('INVALID_SYNTAX'),
  );
});

describe('versions', () => {
  test('as a tag', () => expect(toTag(3)).toBe('W/"3"'));

  test.each([
    [undefined, undefined],
    ['', undefined],
    ['*', undefined],
    ['W/"3"', 3],
    ['"3"', 3],
    ['w/"3"', 3],
    [' W/"3" , "3"', 3],
    ['"3", *', undefined],
  ])('If-Match %j asks for %j', (header, version) => expect(readIfMatch(header)).toBe(version));

  test.each(['3', 'W/3', '"abc"', '"3", "4"', '"99999999999"', '"2147483648"', '"-1"', 'W/""'])(
    'If-Match %j asks for what is not',
    (header) => {
      expect(refusalOf(() => readIfMatch(header))[0]).toBe('VERSION_MISMATCH');
    },
  );

  test.each([
    [undefined, false],
    ['W/"3"', true],
    ['"3"', true],
    ['"2", W/"3"', true],
    ['*', true],
    ['"2"', false],
    ['3', false],
  ])('If-None-Match %j knows version 3: %s', (header, known) => expect(hasTagOf(3, header)).toBe(known));
});
