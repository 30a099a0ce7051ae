import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../schema/fold.js';

const codePoints = Array.from({ length: 0x110000 }, (_, point) => point);

describe('fold', () => {
  it('gives the same key when it is folded again, for every code point there is', () => {
    const unstable = codePoints.filter((point) => {
      const key = fold(String.fromCodePoint(point));
      return fold(key) !== key;
    });
    expect(unstable).toEqual([]);
  });

  it('gives the same key when it is folded again, for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => fold(fold(text)) === fold(text)));
  });

  it('gives a key in NFC', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(text) === fold(text).normalize('NFC')));
  });

  it.each([
    ['case', 'Ann.Lee@X.com', 'ann.lee@x.com'],
    ['composed and decomposed letters', 'Zoë', 'ZOE\u0308'],
    ['a letter that is composed in lower case only', 'H\u0331', '\u1E96'],
    ['the Kelvin sign and k', '\u212A', 'k'],
    ['the Angstrom sign and å', '\u212B', 'å'],
    ['capital sharp s and sharp s', 'STRAẞE', 'straße'],
  ])('makes one of %s', (_, one, other) => expect(fold(one)).toBe(fold(other)));

  it.each([
    ['dotless ı and i', 'ı', 'i'],
    ['dotted İ and i', 'İ', 'i'],
    ['long ſ and s', 'ſ', 's'],
    ['sharp s and ss', 'straße', 'strasse'],
    ['é and e', 'é', 'e'],
    ['space around a name', ' ann', 'ann'],
  ])('keeps %s apart', (_, one, other) => expect(fold(one)).not.toBe(fold(other)));
});
