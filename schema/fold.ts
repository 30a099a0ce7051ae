import type { Attribute } from './attribute.js';
import type { Json } from './change.js';

const ASCII = /^[\0-\x7f]*$/;

/**
 * The caseless key of identity: NFC, then lower-case down, again until nothing changes, so that a key's key is the key itself.
 * Down and never up: upper-casing makes "ı" an "I" and "ſ" an "S", which hands one person's account to another. No locale
 * has a say.
 * Lower case knows two small sigmas, one for the end of a word: they are one letter here, or "ΑΣ" would not find "ας" by "ασ".
 * Not covered: "ß" is not "ss".
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase(); // as most are, and what NFC does to them is nothing
  let folded = text;
  for (;;) {
    const next = folded.normalize('NFC').toLowerCase().replaceAll('ς', 'σ');
    if (next === folded) return folded;
    folded = next;
  }
}

/**
 * What of a single value is compared, of what is kept and of what it is compared with alike: text of an attribute without case is folded,
 * whatever its type. Instants are such text, too: in UTC with milliseconds, so that their order is that of their text, with a small "t" and
 * "z".
 */
export const toComparable = <Value extends Json>({ caseExact }: Pick<Attribute, 'caseExact'>, value: Value): Value | string =>
  typeof value === 'string' && !caseExact ? fold(value) : value;
