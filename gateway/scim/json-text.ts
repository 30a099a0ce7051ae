/** The text of a body, looked at once before anything is built of it. */
import { Failure } from '../../schema/failure.js';
import { isDigit, lookOver } from '../../schema/look-over.js';
import { limits } from '../../schema/resources.js';

const POINT = 46,
  LARGE_E = 69,
  SMALL_E = 101;

/** A number that is a value; a name that is one is no JSON, and must stay that. */
const NUMBER_VALUE = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?(?=[ \t\r\n]*[,\]}])/iy;
const NUMBER_PARTS = /[-+.\de]+/iy;
/** Digits of which JavaScript loses none. */
const SAFE_DIGITS = 15;

/**
 * Refuses what is too much. Answers the text with each number in quotes that JavaScript would write otherwise: admins map numbers to
 * attributes that are text, and two long ones must not become the same name, nor 1.10 be 1.1. What takes a number takes it as text, too.
 */
export function checkText(text: string): string {
  const odd: number[] = []; // where they begin and end
  lookOver(text, limits.bodyDepth, (start) => endOfNumber(text, start, odd));
  return odd.length === 0 ? text : inQuotes(text, odd);
}

/** Where the number ends that begins here; it is noted where it is one of those that JavaScript would write otherwise. */
function endOfNumber(text: string, start: number, odd: number[]): number {
  let end = start;
  while (isDigit(text.charCodeAt(end))) end += 1;
  if (end > start && end - start <= SAFE_DIGITS && ![POINT, SMALL_E, LARGE_E].includes(text.charCodeAt(end))) return end;
  end = endOf(NUMBER_VALUE, text, start);
  if (end === start) return endOf(NUMBER_PARTS, text, start);
  const number = text.slice(start, end);
  if (String(Number(number)) !== number && odd.push(start, end) > 2 * limits.membersPerRequest) {
    throw new Failure('TOO_MANY', {
      detail: `The body has more than ${limits.membersPerRequest} long or fractional numbers, at character ${start + 1}.`,
    });
  }
  return end;
}

/** Where in the text the pattern ends that begins there; there, where it does not. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : start;
}

function inQuotes(text: string, odd: readonly number[]): string {
  const places = [0, ...odd, text.length];
  return places
    .slice(1)
    .map((end, at) => text.slice(places[at], end))
    .join('"');
}
