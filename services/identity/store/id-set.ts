/**
 * A set of very many UUIDs, as their bytes. 100,000 texts take several times as long to compare with as many others, by sets, maps or, where these are in
 * no order, sorted; and PostgreSQL takes as long again to write them as texts.
 */
import { randomBytes } from 'node:crypto';

const BYTES = 16;
const WORDS = BYTES / 4;
const LENGTH = 36;
const HYPHENS = [8, 13, 18, 23];
/** Where the two digits of each byte begin. */
const PLACES = Uint8Array.from({ length: LENGTH }, (_, at) => at).filter((at) => !HYPHENS.includes(at)).filter((_, nth) => nth % 2 === 0);

/** What each UTF-16 code is worth as a digit, in any case; those that are none have the highest bit. */
const NO_DIGIT = 0x80;
const digits = new Uint8Array(2 ** 16).fill(NO_DIGIT);
for (const [value, digit] of Array.from('0123456789abcdef').entries()) for (const one of [digit, digit.toUpperCase()]) digits[one.charCodeAt(0)] = value;

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
  readonly size: number;
  /** Where in the set the id is, from 0; -1 where it is not, or is no UUID. */
  placeOf(id: string): number;
  /** The id at a place, in lower case. */
  idAt(place: number): string;
}

/** The set of these ids, 16 bytes each. */
export function idSet(bytes: Uint8Array): IdSet {
  const own = Uint8Array.from(bytes); // at the beginning of its buffer, so that four bytes are a word
  const words = new Uint32Array(own.buffer);
  const size = own.length / BYTES;
  const mask = 2 ** Math.ceil(Math.log2(size * 2 + 1)) - 1;
  /** Places, from 1, each at or after the slot of its id. */
  const slots = new Int32Array(mask + 1);
  for (let place = 0; place < size; place += 1) {
    let slot = mixed(words, place * WORDS) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = place + 1;
  }

  const asked = new Uint8Array(BYTES);
  const askedWords = new Uint32Array(asked.buffer);

  function read(id: string): boolean {
    if (id.length !== LENGTH) return false;
    for (const at of HYPHENS) if (id[at] !== '-') return false;
    let all = 0;
    for (let at = 0; at < BYTES; at += 1) {
      const from = PLACES[at]!;
      const high = digits[id.charCodeAt(from)]!;
      const low = digits[id.charCodeAt(from + 1)]!;
      all |= high | low;
      asked[at] = high * 16 + low;
    }
    return all < NO_DIGIT;
  }

  function isAt(place: number): boolean {
    for (let word = 0; word < WORDS; word += 1) if (words[place * WORDS + word] !== askedWords[word]) return false;
    return true;
  }

  return {
    size,
    placeOf: (id) => {
      if (!read(id)) return -1;
      let slot = mixed(askedWords, 0) & mask;
      while (slots[slot] !== 0 && !isAt(slots[slot]! - 1)) slot = (slot + 1) & mask;
      return slots[slot]! - 1;
    },
    idAt: (place) => Buffer.from(own.buffer, place * BYTES, BYTES).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  };
}
