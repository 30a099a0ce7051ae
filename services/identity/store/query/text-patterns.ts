/** What LIKE and the index of trigrams are asked for `co`, `sw` and `ew`. */
import type { Comparison } from '../../../../schema/tree.js';

export type TextComparison = Extract<Comparison, 'co' | 'sw' | 'ew'>;

export const isOfText = (operator: Comparison): operator is TextComparison => operator === 'co' || operator === 'sw' || operator === 'ew';

/** The wildcards of LIKE are ordinary characters in a filter. */
const escaped = (text: string): string => text.replace(/[\\%_]/g, (wildcard) => `\\${wildcard}`);

/** The pattern that a value must match. */
export const toPattern = (operator: TextComparison, text: string): string => around(operator, escaped(text));

const around = (operator: TextComparison, pattern: string): string =>
  `${operator === 'sw' ? '' : '%'}${pattern}${operator === 'ew' ? '' : '%'}`;

/** Without a run of three letters or digits there is no trigram to look up in the index. */
export const hasTrigram = (text: string): boolean => /[\p{L}\p{N}]{3}/u.test(text);

/**
 * The pattern that `search_text` must match where a value of the row matches: the text as JSON writes it, with a quote where the value
 * begins or ends. Where no index answers it, it is still quicker than to unpack the document, and the planner knows from samples how many
 * rows match. Undefined for a text that is in every row.
 */
export function toSearchPattern(operator: TextComparison, text: string): string | undefined {
  if (text === '') return undefined;
  const written = escaped(JSON.stringify(text).slice(1, -1));
  return `%${operator === 'sw' ? '"' : ''}${written}${operator === 'ew' ? '"' : ''}%`;
}

const LAST = 0x10ffff;
const SURROGATES = { first: 0xd800, last: 0xdfff };

/** The least text after all texts that begin with this one, by code point; undefined where there is none. */
export function successor(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0)!);
  while (points.at(-1) === LAST) points.pop();
  const last = points.pop();
  if (last === undefined) return undefined;
  const next = last + 1 === SURROGATES.first ? SURROGATES.last + 1 : last + 1;
  return String.fromCodePoint(...points, next);
}
