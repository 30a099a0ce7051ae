/** The text of a body, looked at once before anything is built of it. */
import { Failure, type FailureCode } from '../../schema/failure.js';
import { limits } from '../../schema/resources.js';

const QUOTE = 34, MINUS = 45, POINT = 46, ZERO = 48, NINE = 57, COLON = 58, LARGE_E = 69, SMALL_E = 101;
const OPEN_BRACKET = 91, BACKSLASH = 92, CLOSE_BRACKET = 93, OPEN_BRACE = 123, CLOSE_BRACE = 125;

/** A number that is a value; a name that is one is no JSON, and must stay that. */
const NUMBER_VALUE = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?(?=[ \t\r\n]*[,\]}])/iy;
const NUMBER_PARTS = /[-+.\de]+/iy;
/** Digits of which JavaScript loses none. */
const SAFE_DIGITS = 15;

/**
 * Refuses what is nested too deep, and objects with more names than anybody has attributes. Answers the text with each number in quotes that
 * JavaScript would write otherwise: admins map numbers to attributes that are text, and two long ones must not become the same name, nor 1.10
 * be 1.1. What takes a number takes it as text, too. Looks outside strings alone.
 */
export function checkText(text: string): string {
  const names: number[] = []; // so far, of the object that is open at each level
  const odd: number[] = []; // where they begin and end
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      names[depth += 1] = 0;
      if (depth > limits.bodyDepth) throw refused('INVALID_SYNTAX', `is nested more than ${limits.bodyDepth} levels`, index);
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth -= 1;
    else if (code === COLON && (names[depth]! += 1) > limits.names) throw refused('TOO_MANY', `has an object with more than ${limits.names} names`, index);
    else if (code === MINUS || isDigit(code)) index = endOfNumber(text, index, odd) - 1;
  }
  return odd.length === 0 ? text : inQuotes(text, odd);
}

const refused = (code: FailureCode, sentence: string, index: number): Failure => new Failure(code, { detail: `The body ${sentence}, at character ${index + 1}.` });

/** Where the string ends that begins here; most of a body is strings, and searching for a character is several times faster than looking at each. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end;
    while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
  return text.length;
}

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;

/** Where the number ends that begins here; it is noted where it is one of those that JavaScript would write otherwise. */
function endOfNumber(text: string, start: number, odd: number[]): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end += 1;
  if (end > start && end - start <= SAFE_DIGITS && ![POINT, SMALL_E, LARGE_E].includes(text.charCodeAt(end))) return end;
  end = endOf(NUMBER_VALUE, text, start);
  if (end === start) return endOf(NUMBER_PARTS, text, start);
  const number = text.slice(start, end);
  if (String(Number(number)) !== number && odd.push(start, end) > 2 * limits.membersPerRequest) throw refused('TOO_MANY', `has more than ${limits.membersPerRequest} long or fractional numbers`, start);
  return end;
}

/** Where in the text the pattern ends that begins there; there, where it does not. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

function inQuotes(text: string, odd: readonly number[]): string {
  const places = [0, ...odd, text.length];
  return places.slice(1).map((end, at) => text.slice(places[at], end)).join('"');
}
