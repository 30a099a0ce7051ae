/**
 * The bytes of a body, made text and looked over before anything is built of them: a few bytes may stand for what takes seconds to build,
 * while everybody waits.
 */
import { Failure, type FailureCode } from './failure.js';
import { limits } from './resources.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Bytes as UTF-8 text; a byte order mark is left out. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new Failure('INVALID_SYNTAX', { detail: 'The body is not UTF-8 text; send JSON in UTF-8.', cause });
  }
}

const QUOTE = 34,
  MINUS = 45,
  ZERO = 48,
  NINE = 57,
  COLON = 58;
const OPEN_BRACKET = 91,
  BACKSLASH = 92,
  CLOSE_BRACKET = 93,
  OPEN_BRACE = 123,
  CLOSE_BRACE = 125;

export const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

const refused = (code: FailureCode, sentence: string, index: number): Failure =>
  new Failure(code, { detail: `The body ${sentence}, at character ${index + 1}.` });

/**
 * Where the string ends that begins here; most of a body is strings, and searching for a character is several times faster than looking at
 * each.
 */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
}

/**
 * Refuses what is nested deeper than so many levels, objects with more names than anybody has attributes, and more lists and objects than a
 * write needs: one for each of a hundred thousand members. Looks outside strings alone; whoever asks for it is shown where a number begins,
 * and tells where it ends.
 */
export function lookOver(text: string, deepest: number, endOfNumber?: (start: number) => number): void {
  const names: number[] = []; // so far, of the object that is open at each level
  let [depth, containers] = [0, 0];
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      names[(depth += 1)] = 0;
      if (depth > deepest) throw refused('INVALID_SYNTAX', `is nested more than ${deepest} levels`, index);
      if ((containers += 1) > limits.containers) {
        throw refused(
          'BODY_TOO_LARGE',
          `has more than ${limits.containers} lists and objects, so send several requests: the first too many is`,
          index,
        );
      }
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth -= 1;
    else if (code === COLON && (names[depth]! += 1) > limits.names) {
      throw refused('TOO_MANY', `has an object with more than ${limits.names} names`, index);
    } else if (endOfNumber && (code === MINUS || isDigit(code))) index = endOfNumber(index) - 1;
  }
}
