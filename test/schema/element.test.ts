import { describe, expect, it } from 'vitest';
import type { Attribute } from '../../schema/attribute.js';
import { boolean, complex, list, many, string } from '../../schema/attribute.js';
import type { Json } from '../../schema/change.js';
import { startComparing } from '../../schema/comparison-budget.js';
import { hasPrimary, identityOf, isNamedBy, isOnlyLabels } from '../../schema/element.js';
import { limits } from '../../schema/resources.js';
import { kinds, refusalOf } from './kinds.js';

const emails = list('emails', 'Addresses.', string('value', 'The address.'));
const codes = list('codes', 'Codes.', string('value', 'The code.', { caseExact: true }));
const places = many(complex('places', 'Places.', [string('city', 'City.'), string('type', 'Type.'), boolean('primary', 'Primary.')]));
const marks = many(complex('marks', 'Marks.', [string('type', 'Type.'), boolean('primary', 'Primary.')]));
const words = kinds.schema.attributes.find(({ name }) => name === 'words')!;
/** A tenant may call its parts as every object's are called. */
const odd = many(complex('odd', 'Odd.', [string('constructor', 'A part.'), string('primary', 'Not a flag.')]));

describe('labels of nothing', () => {
  it.each<[Attribute, Json, boolean]>([
    [emails, { type: 'work', primary: true }, true],
    [emails, { display: 'A' }, true],
    [emails, {}, true],
    [emails, { value: 'a', type: 'work' }, false],
    [places, { type: 'work' }, true],
    [places, { city: 'L' }, false],
    [marks, { type: 'x' }, false],
    [marks, { primary: true }, true],
    [words, 'a', false],
    [emails, null, false],
  ])('%#', (attribute, element, expected) => expect(isOnlyLabels(attribute, element)).toBe(expected));
});

describe('the same element', () => {
  it.each<[Attribute, Json, Json, boolean]>([
    [emails, { value: 'A', type: 'Work', primary: true }, { value: 'a', type: 'work', display: 'x' }, true],
    [emails, { value: 'Zoe\u0308' }, { value: 'ZOË' }, true],
    [emails, { value: 'a', type: 'work' }, { value: 'a' }, false],
    [emails, { display: 'a', type: 'work' }, { value: 'a', type: 'work' }, false],
    [codes, { value: 'A' }, { value: 'a' }, false],
    [places, { city: 'L', type: 'work', primary: true }, { type: 'Work', city: 'l' }, true],
    [places, { city: 'L', type: 'work' }, { city: 'L' }, false],
    [words, 'A', 'a', true],
    [words, 'a', 'b', false],
    [odd, {}, { constructor: 'a' }, false],
  ])('%#', (attribute, one, other, expected) => {
    const keyOf = identityOf(startComparing(), attribute);
    expect(keyOf(one) === keyOf(other)).toBe(expected);
  });

  it('is preferred by a flag, not by a text of that name', () =>
    expect([emails, places, odd, words].map(hasPrimary)).toEqual([true, true, false, false]));
});

describe('elements that are named', () => {
  const held: Json[] = [{ value: 'A', type: 'work', primary: true }, { value: 'a', type: 'home' }, { value: 'b' }];
  it.each<[Attribute, readonly Json[], Json[], number[]]>([
    [emails, held, [{ value: 'a' }], [0, 1]],
    [emails, held, [{ value: 'a', type: 'HOME', display: 'whatever', primary: true }], [1]],
    [emails, held, [{ value: 'B' }, { value: 'a', type: 'work' }], [0, 2]],
    [emails, held, [{ primary: true }], [0]],
    [emails, held, [], []],
    [words, ['A', 'b'], ['a'], [0]],
  ])('%#', (attribute, elements, named, expected) => {
    const isNamed = isNamedBy(attribute, named, startComparing());
    expect(elements.flatMap((element, at) => (isNamed(element) ? [at] : []))).toEqual(expected);
  });
});

describe('comparisons', () => {
  it('are counted, up to the limit', () => {
    const { count } = startComparing();
    count(limits.comparisons);
    expect(refusalOf(() => count(1))).toMatchObject({ code: 'TOO_MANY', detail: expect.stringContaining('send fewer operations at once') });
  });

  it('fold', () => expect(startComparing().fold('Ä')).toBe('ä'));

  it('of each element are made once, and counted each time', () => {
    const comparing = startComparing();
    const keyOf = identityOf(comparing, emails);
    expect(identityOf(comparing, emails)).toBe(keyOf);
    const element = { value: 'a' };
    expect(refusalOf(() => Array.from({ length: limits.comparisons + 1 }, () => keyOf(element))).code).toBe('TOO_MANY');
  });
});
