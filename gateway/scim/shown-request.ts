/** A request as support may see it: secrets masked, and no longer than it is worth keeping. */
import type { Json } from '../../schema/change.js';
import { isList, isObject } from './dialects.js';

const MASK = '***';

const LONGEST_TARGET = 2048;
const LONGEST_BODY = 8192;
/** What nests deeper is no resource; it must not use up the stack either. */
const DEEPEST = 20;

const WORDS = 'pass(?:w|phrase|code)|pwd|secret|token|credential|api.?key';
const SECRET = new RegExp(WORDS, 'i');
/** What repeats is bounded, here and below: anybody may send many beginnings. */
const NAMED = `(?:${WORDS})[\\w.-]{0,64}`;
/** `password eq "…"` in a filter or a path, and `password[value eq "…"]`; a text that was cut may have no closing quote. */
const COMPARED = new RegExp(String.raw`(${NAMED}[\s[(][^"]{0,40})"(?:[^"\\]|\\.)*"?`, 'gi');
/** `password eq …`, with other quotes or without: no filter, and refused for that. */
const UNQUOTED = new RegExp(String.raw`(${NAMED}\s{1,16}(?:eq|ne|co|sw|ew|g[te]|l[te])\s{1,16})(?:'[^']*'?|[^\s"')\]]+)`, 'gi');
/** JSON within a text, as some clients write a value: `{"password":"…"}`, its quotes escaped or not. */
const EMBEDDED = new RegExp(String.raw`${NAMED}\\*["']\s{0,16}:`, 'i');

/** A token or a client secret of ours, wherever somebody has pasted it. */
const OURS = /condeco(?:secret)?_[\dA-Za-z]{16,}/g;

/** Without what stands under the name of a secret. */
function withoutNamed(text: string): string {
  if (!SECRET.test(text)) return text;
  return EMBEDDED.test(text) ? MASK : text.replaceAll(COMPARED, `$1"${MASK}"`).replaceAll(UNQUOTED, `$1${MASK}`);
}

/** Text of filters and paths without the secrets in it. */
export const maskedText = (text: string): string => withoutNamed(text).replaceAll(OURS, MASK);

const lenient = new TextDecoder();

/** Decoded whatever it is: what stayed encoded could not be masked. */
const decoded = (text: string): string =>
  text
    .replaceAll('+', ' ')
    .replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) =>
      lenient.decode(Uint8Array.from(run.slice(1).split('%'), (digits) => Number.parseInt(digits, 16))),
    );

/** `access_token=…` without its value, which may hold an encoded "&": it is split before it is decoded. */
function shownParameter(pair: string): string {
  const end = pair.indexOf('=');
  const name = decoded(end < 0 ? pair : pair.slice(0, end));
  if (end < 0) return name;
  return `${name}=${SECRET.test(name) ? MASK : decoded(pair.slice(end + 1))}`;
}

const shownQuery = (query: string): string =>
  query
    .slice(0, LONGEST_TARGET * 3)
    .split('&')
    .map(shownParameter)
    .join('&');

/** The address as a person reads it: its filter decoded. */
export const shownTarget = (path: string, query: string): string =>
  maskedText((query === '' ? path : `${path}?${shownQuery(query)}`).slice(0, LONGEST_TARGET));

const isValue = (name: string): boolean => name.toLowerCase() === 'value';
const isSecretName = (named: Json): boolean => typeof named === 'string' && SECRET.test(named.slice(0, LONGEST_TARGET));

/** Whether something beside a "value" says that it is a secret: the path of an operation of PATCH, in whatever spelling. */
function isOfSecret(entries: readonly (readonly [string, Json])[]): boolean {
  if (!entries.some(([name]) => isValue(name))) return false;
  return entries.some(([name, named]) => !isValue(name) && (isList(named) ? named.slice(0, DEEPEST) : [named]).some(isSecretName));
}

/** Writes JSON as far as there is room: a body of 100,000 members costs no more than a short one. */
class BoundedWriter {
  text = '';

  constructor(readonly most: number) {}

  get isFull(): boolean {
    return this.text.length > this.most;
  }

  write(value: Json, depth = 0): void {
    if (depth > DEEPEST) this.text += '"…"';
    else if (Array.isArray(value)) this.#writeList(value, depth);
    else if (isObject(value)) this.#writeObject(value, depth);
    else this.text += JSON.stringify(typeof value === 'string' ? maskedText(value.slice(0, this.most)) : value);
  }

  #writeList(list: readonly Json[], depth: number): void {
    this.text += '[';
    for (let at = 0; at < list.length && !this.isFull; at += 1) {
      if (at > 0) this.text += ',';
      this.write(list[at]!, depth + 1);
    }
    this.text += ']';
  }

  #writeObject(object: Readonly<Record<string, Json>>, depth: number): void {
    const entries = Object.entries(object);
    const isSecretValue = isOfSecret(entries);
    let separator = '{';
    for (const [name, value] of entries) {
      if (this.isFull) break;
      this.text += `${separator}${JSON.stringify(name.slice(0, this.most))}:`;
      separator = ',';
      if (SECRET.test(name) || (isSecretValue && isValue(name))) this.text += `"${MASK}"`;
      else this.write(value, depth + 1);
    }
    this.text += separator === '{' ? '{}' : '}';
  }
}

/** The body as JSON, its beginning where it is long: then it ends with "…". */
export function shownBody(body: Json, most = LONGEST_BODY): string {
  const writer = new BoundedWriter(most);
  writer.write(body);
  return writer.isFull ? `${writer.text.slice(0, most).toWellFormed()}…` : writer.text;
}
