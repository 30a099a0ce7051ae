/**
 * Bearer tokens and client secrets: a readable prefix, 43 random base62 characters (256 bits), and a CRC-32 of both in 6 more.
 * The checksum lets us refuse typing errors and made-up tokens without asking anybody, and lets secret scanners confirm a find
 * offline; it proves nothing else. Only the SHA-256 digest is ever stored: with 256 random bits no slow hash is needed.
 */
import { hash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const TOKEN_PREFIX = 'condeco_';
const SECRET_PREFIX = 'condecosecret_';
const TOKEN_SHAPE = new RegExp(`^${TOKEN_PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);

function randomText(length: number): string {
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 248 is the largest multiple of 62 in a byte: dropping the rest keeps every character equally likely.
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62];
    }
  }
  return text;
}

function checksum(text: string): string {
  let rest = crc32(text);
  let digits = '';
  while (digits.length < CHECKSUM_LENGTH) {
    digits = ALPHABET[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

function make(prefix: string): string {
  const body = prefix + randomText(RANDOM_LENGTH);
  return body + checksum(body);
}

/** A new bearer token: `condeco_` and 49 characters. */
export const newToken = (): string => make(TOKEN_PREFIX);

/** A new client secret: `condecosecret_` and 49 characters. */
export const newClientSecret = (): string => make(SECRET_PREFIX);

/** Whether the text can be a token at all: prefix, length and checksum. */
export const isWellFormedToken = (text: string): boolean =>
  TOKEN_SHAPE.test(text) && checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);

/** The digest under which a token or secret is stored and cached. */
export const digestOf = (secret: string): Buffer => hash('sha256', secret, 'buffer');

/** The same in hexadecimal digits, which takes a third of the time. */
export const hexDigestOf = (secret: string): string => hash('sha256', secret);
