/** The text of a body, looked at once before anything is built of it. */
import { Failure, type FailureCode } from '../../schema/failure.js';
import { limits } from '../../schema/resources.js';

const QUOTE = 34, COLON = 58, OPEN_BRACKET = 91, BACKSLASH = 92, CLOSE_BRACKET = 93, OPEN_BRACE = 123, CLOSE_BRACE = 125;

/** Refuses what is nested too deep, and objects with more names than anybody has attributes. Counts outside strings alone. */
export function refuseLarge(text: string): void {
  const names: number[] = []; // so far, of the object that is open at each level
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) {
      names[depth += 1] = 0;
      if (depth > limits.bodyDepth) throw refused('INVALID_SYNTAX', `is nested more than ${limits.bodyDepth} levels`, index);
    } else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth -= 1;
    else if (code === COLON && (names[depth]! += 1) > limits.names) throw refused('TOO_MANY', `has an object with more than ${limits.names} names`, index);
  }
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
