/** The texts of the SCIM language cut into tokens, each with its 1-based position; and the one way to refuse such a text. */
import { Failure } from './failure.js';
import { limits } from './resources.js';
import { isStorable } from './value.js';

export interface Token {
  readonly kind: 'word' | 'quoted' | 'broken' | '(' | ')' | '[' | ']' | 'end';
  /** What a word or a quoted text says; what is wrong with a broken one. */
  readonly text: string;
  /** Where it begins: the first character of the text is 1. */
  readonly at: number;
}

/** Makes the failure for a position and a sentence without its full stop. */
export type Refusal = (at: number, sentence: string) => Failure;

/** A text being read, and what it has used of its budgets. */
export interface Reader {
  readonly tokens: readonly Token[];
  readonly what: 'filter' | 'path';
  index: number;
  depth: number;
  terms: number;
}

/**
 * A mark, a text in quotes, one that does not end, a word: groups by number, for a name each costs an object. Documents have curly quotes
 * around a value, and admins copy their mappings from there: what begins with one ends with the next quote of any kind.
 */
const TOKEN = /([()[\]])|("(?:[^"\\]|\\[^])*"|[“”„‟](?:[^“”„‟"\\]|\\[^])*[“”„‟"])|(["“”„‟][^]*)|[^\s()[\]"]+/g;

/** A refusal of filters or paths, as a sentence with the position. */
export const refusal =
  (code: 'INVALID_FILTER' | 'INVALID_PATH', what: Reader['what']): Refusal =>
  (at, sentence) =>
    new Failure(code, { detail: `The ${what} cannot be read at position ${at}: ${sentence}.`, field: what });

/** Starts to read a text; one that is too long is not looked at. */
export function startReading(text: string, what: Reader['what'], refuse: Refusal): Reader {
  if (text.length > limits.filterLength) {
    throw refuse(limits.filterLength + 1, `${limits.filterLength} characters are the most, and it has ${text.length}`);
  }
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) tokens.push(toToken(match));
  tokens.push({ kind: 'end', text: '', at: text.length + 1 });
  return { tokens, what, index: 0, depth: 0, terms: 0 };
}

/** The end is next for ever. */
const tokenAt = ({ tokens }: Reader, index: number): Token => tokens[Math.min(index, tokens.length - 1)]!;

/** The token that is next. */
export const peek = (reader: Reader): Token => tokenAt(reader, reader.index);

/** The token after the next one. */
export const peekNext = (reader: Reader): Token => tokenAt(reader, reader.index + 1);

/** The token that is next, which is then behind. */
export function take(reader: Reader): Token {
  const token = peek(reader);
  reader.index += 1;
  return token;
}

/** Takes a token of this kind or refuses what is there instead. */
export function takeKind(reader: Reader, kind: Token['kind'], expected: string, refuse: Refusal): Token {
  if (peek(reader).kind !== kind) throw unexpected(reader, expected, refuse);
  return take(reader);
}

/** Takes the word if it is next, in any case. */
export function takeKeyword(reader: Reader, keyword: string): boolean {
  const { kind, text } = peek(reader);
  if (kind !== 'word' || text.toLowerCase() !== keyword) return false;
  reader.index += 1;
  return true;
}

/** The failure of a text that goes on with something other than expected. */
export function unexpected(reader: Reader, expected: string, refuse: Refusal): Failure {
  const { kind, text, at } = peek(reader);
  if (kind === 'broken') return refuse(at, text);
  return refuse(at, `expected ${expected}, found ${describe(kind, text)}`);
}

/** What the caller wrote, quoted and no longer than a line of a log. */
export const quote = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text);

function describe(kind: Token['kind'], text: string): string {
  if (kind === 'end') return 'the end';
  return quote(kind === 'word' || kind === 'quoted' ? text : kind);
}

function toToken(match: RegExpExecArray): Token {
  const [word, mark, quoted, open] = match;
  const at = match.index + 1;
  if (mark !== undefined) return { kind: mark as '(' | ')' | '[' | ']', text: mark, at };
  if (open !== undefined) return { kind: 'broken', text: 'expected a closing double quote, found the end', at };
  return quoted === undefined ? checked('word', word, at) : checked('quoted', unescaped(quoted), at);
}

function checked(kind: 'word' | 'quoted', text: string | undefined, at: number): Token {
  if (text === undefined) return { kind: 'broken', text: 'an escape or a control character is none that JSON has', at };
  if (!isStorable(text)) return { kind: 'broken', text: 'a NUL or half of a surrogate pair is no text', at };
  return { kind, text, at };
}

/** A text in which JSON has nothing to replace and nothing to refuse. */
const AS_IT_IS = /^[^\\"\p{Cc}]*$/u;

function unescaped(quoted: string): string | undefined {
  const text = quoted.slice(1, -1);
  if (AS_IT_IS.test(text)) return text;
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return undefined;
  }
}
