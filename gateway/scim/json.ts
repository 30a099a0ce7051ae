/** Bytes of a body -> a JSON object, within the limits, with a sentence that says where it stops being one. */
import type { Json, JsonObject } from '../../schema/change.js';
import { Failure } from '../../schema/failure.js';
import { decodeUtf8 } from '../../schema/look-over.js';
import { isObject } from './dialects.js';
import { checkText } from './json-text.js';

const syntax = (detail: string, cause?: unknown) => new Failure('INVALID_SYNTAX', { detail, cause });

/** Reads a body that is JSON; numbers that JavaScript would write otherwise come as text. */
export function readValue(bytes: Uint8Array): Json {
  const text = decodeUtf8(bytes);
  if (text.trim() === '') throw syntax('The body is missing; send a JSON object.');
  return parse(text, checkText(text));
}

/** Reads the one JSON object a body must be. */
export function readObject(bytes: Uint8Array): JsonObject {
  const value = readValue(bytes);
  if (!isObject(value)) throw syntax('The body must be a JSON object, in braces.');
  return value;
}

/** Where the checked text is no JSON, the text as it came is none either, and its positions are those that the client knows. */
function parse(text: string, checked: string): Json {
  try {
    return JSON.parse(checked) as Json;
  } catch (error) {
    if (checked !== text) return parse(text, text);
    // Only the position is told on: V8's sentence quotes the body, which may hold a password.
    throw syntax(`The body is not JSON${whereOf(text, positionOf(text, error))}.`);
  }
}

const LONGEST_SEARCHED = 64 * 1024;

const isStray = (error: unknown): boolean => /Unexpected (?!end)/.test(String(error));

const whereOf = (text: string, position: number | undefined): string => {
  if (position === undefined) return '';
  return position < text.length ? `: it stops being JSON at character ${position + 1}` : ': it ends too early';
};

function positionOf(text: string, error: unknown): number | undefined {
  const [, position] = / at position (\d+)(?: \(line \d+ column \d+\))?$/.exec(String(error)) ?? [];
  if (position !== undefined) return Number(position);
  if (!isStray(error)) return text.length;
  return text.length > LONGEST_SEARCHED ? undefined : strayPosition(text);
}

/** V8 tells no position of a character that begins nothing: it is the last of the shortest beginning of the text that has one. */
function strayPosition(text: string): number {
  let [good, bad] = [0, text.length];
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (hasStray(text.slice(0, middle))) bad = middle;
    else good = middle;
  }
  return good;
}

function hasStray(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return isStray(error);
  }
}
