/** A request as support may see it: secrets masked, and no longer than it is worth keeping. */
import type { Json } from '../../schema/change.js';
import { isObject } from './dialects.js';

const MASK = '***';

const LONGEST_TARGET = 2048;
const LONGEST_BODY = 8192;
/** What nests deeper is no resource; it must not use up the stack either. */
const DEEPEST = 20;

const SECRET = /passw|pwd|secret|token|credential/i;
/** `password eq "…"` in a filter or a path; a text that was cut may have no closing quote. What repeats is bounded: anybody may send many beginnings. */
const COMPARED = /((?:passw|pwd|secret|token|credential)[\w.]{0,64}\s{1,16}\w{1,16}\s{1,16})"(?:[^"\\]|\\.)*"?/gi;
/** `?access_token=…` */
const PARAMETER = /([?&][^=&\s]{0,32}(?:passw|pwd|secret|token|credential)[^=&\s]{0,32}=)[^&]*/gi;

/** Text of filters and paths without the secrets in it. */
export const maskedText = (text: string): string => (SECRET.test(text) ? text.replaceAll(COMPARED, `$1"${MASK}"`) : text);

const lenient = new TextDecoder();

/** Decoded whatever it is: what stayed encoded could not be masked. */
const decoded = (query: string): string => query.replaceAll('+', ' ')
  .replaceAll(/(?:%[0-9a-f]{2})+/gi, (run) => lenient.decode(Uint8Array.from(run.slice(1).split('%'), (digits) => Number.parseInt(digits, 16))));

/** The address as a person reads it: its filter decoded. */
export const shownTarget = (path: string, query: string): string =>
  maskedText((query === '' ? path : `${path}?${decoded(query.slice(0, LONGEST_TARGET * 3))}`).slice(0, LONGEST_TARGET)).replaceAll(PARAMETER, `$1${MASK}`);

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
    const isOfSecret = typeof object['path'] === 'string' && SECRET.test(object['path']); // an operation of PATCH
    let separator = '{';
    for (const [name, value] of Object.entries(object)) {
      if (this.isFull) break;
      this.text += `${separator}${JSON.stringify(name.slice(0, this.most))}:`;
      separator = ',';
      if (SECRET.test(name) || (isOfSecret && name.toLowerCase() === 'value')) this.text += `"${MASK}"`;
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
