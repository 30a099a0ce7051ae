/**
 * A set of very many UUIDs, as their bytes. 100,000 texts take several times as long to compare with as many others, by sets, maps or,
 * where these are in no order, sorted; and PostgreSQL takes as long again to write them as texts.
 */
import { randomBytes } from 'node:crypto';

/** Bytes of an id. */
export const ID_BYTES = 16;
const WORDS = ID_BYTES / 4;
const LENGTH = 36;
const HYPHEN = '-'.charCodeAt(0);
const COMMA = ','.charCodeAt(0);

/** What each character is worth as a digit, in any case; those that are none have the highest bit. */
const NO_DIGIT = 0x80;
const digits = new Uint8Array(256).fill(NO_DIGIT);
for (const [value, digit] of Array.from('0123456789abcdef').entries()) {
  for (const one of [digit, digit.toUpperCase()]) digits[one.charCodeAt(0)] = value;
}

/** Characters that are read at a time, whole ids with their commas: what fits into the processor's nearest memory. */
const PIECE = 512 * (LENGTH + 1);

/**
 * Writes the ids at the beginning of these characters as bytes, from a place to another; answers 0 where nothing else stands in or between
 * them.
 */
function readIds(characters: Uint8Array, bytes: Uint8Array, place: number, end: number): number {
  let wrong = 0;
  let from = 0;
  for (let to = place * ID_BYTES; to < end * ID_BYTES; to += ID_BYTES) {
    if (from > 0) wrong |= characters[from++]! ^ COMMA;
    for (let byte = 0; byte < ID_BYTES; byte += 1) {
      if (byte === 4 || byte === 6 || byte === 8 || byte === 10) wrong |= characters[from++]! ^ HYPHEN;
      const high = digits[characters[from]!]!;
      const low = digits[characters[from + 1]!]!;
      wrong |= (high | low) & NO_DIGIT;
      bytes[to + byte] = high * 16 + low;
      from += 2;
    }
  }
  return wrong;
}

/** The bytes of UUIDs that stand in one text with a comma between each two, 16 each; undefined where anything else stands in it. */
export function idBytes(text: string): Uint8Array | undefined {
  const count = (text.length + 1) / (LENGTH + 1);
  if (!Number.isInteger(count)) return undefined;
  const bytes = new Uint8Array(count * ID_BYTES);
  const characters = Buffer.allocUnsafe(Math.min(text.length, PIECE));
  for (let from = 0; from < text.length; from += PIECE) {
    const place = from / (LENGTH + 1);
    const written = characters.write(text.slice(from, from + PIECE));
    const end = Math.min(count, place + PIECE / (LENGTH + 1));
    const isLast = end === count;
    if (written < (isLast ? text.length - from : PIECE) || readIds(characters, bytes, place, end) !== 0) return undefined;
    if (!isLast && characters[PIECE - 1] !== COMMA) return undefined;
  }
  return bytes;
}

/** The id at a place among such bytes, in lower case. */
export const idAt = (bytes: Uint8Array, place: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + place * ID_BYTES, ID_BYTES)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

/** At the beginning of their buffer, so that four bytes are a word. */
const wordsOf = (bytes: Uint8Array): Uint32Array =>
  new Uint32Array((bytes.byteOffset === 0 ? bytes : Uint8Array.from(bytes)).buffer, 0, bytes.length / 4);

/** Another one in every process: nobody can know ids that meet in one slot. */
const SEED = randomBytes(4).readInt32LE();

/** A number of 32 bits that depends on every bit of an id: ids that were counted up must not meet either (the steps of MurmurHash3). */
function mixed(words: Uint32Array, from: number): number {
  let hash = SEED;
  for (let at = from; at < from + WORDS; at += 1) {
    hash = Math.imul(hash ^ words[at]!, 0x85eb_ca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
    hash ^= hash >>> 16;
  }
  return hash;
}

export interface IdSet {
  /** Where in the set each of these is, by their bytes: from 0, the first of those that are the same; -1 where it is not there. */
  placesOf(bytes: Uint8Array): Int32Array;
  /** The first place of the id at a place. */
  firstOf(place: number): number;
  /** The id at a place, in lower case. */
  idAt(place: number): string;
}

/** The set of these ids, 16 bytes each. */
export function idSet(bytes: Uint8Array): IdSet {
  const words = wordsOf(bytes);
  const size = bytes.length / ID_BYTES;
  const mask = 2 ** Math.ceil(Math.log2(size * 2 + 1)) - 1;
  /**
   * Places, from 1, each at or after the slot of its id; of an id that comes again the first, or those who send one 100,000 times would
   * fill all slots behind it.
   */
  const slots = new Int32Array(mask + 1);
  for (let place = 0; place < size; place += 1) {
    const slot = slotOf(words, place * WORDS);
    if (slots[slot] === 0) slots[slot] = place + 1;
  }

  function isAt(place: number, asked: Uint32Array, from: number): boolean {
    for (let word = 0; word < WORDS; word += 1) if (words[place * WORDS + word] !== asked[from + word]) return false;
    return true;
  }

  /** The slot of an id: where it is, or would be. */
  function slotOf(asked: Uint32Array, from: number): number {
    let slot = mixed(asked, from) & mask;
    while (slots[slot] !== 0 && !isAt(slots[slot]! - 1, asked, from)) slot = (slot + 1) & mask;
    return slot;
  }

  function placesOf(some: Uint8Array): Int32Array {
    const asked = wordsOf(some);
    const places = new Int32Array(asked.length / WORDS);
    for (let at = 0; at < places.length; at += 1) places[at] = slots[slotOf(asked, at * WORDS)]! - 1;
    return places;
  }

  return { placesOf, firstOf: (place) => slots[slotOf(words, place * WORDS)]! - 1, idAt: (place) => idAt(bytes, place) };
}
