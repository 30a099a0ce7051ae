/** The filter language once more, small and slow: filters as text, and what each says of a resource as it is answered. For tests only. */
import fc from 'fast-check';
import { fold } from '../../schema/fold.js';

export type Scalar = string | boolean | number;
/** A resource, or in brackets an element of one of its attributes. */
export interface Item {
  readonly [attribute: string]: unknown;
}
export interface Filter {
  readonly text: string;
  readonly holds: (item: Item) => boolean;
}

/** Unicode that folds, composes and sorts in odd ways; wildcards of SQL; what has to be escaped; words of the language itself. */
export const words = [
  'a',
  'A',
  'b',
  'ab',
  'aB',
  'Ab b',
  'á',
  'a\u0301',
  'Ä',
  'a%',
  '%',
  '_',
  'a_b',
  'a\\b',
  '\\',
  '"',
  "'",
  'ß',
  'ss',
  '😀',
  'x',
  '\uffff',
  '\uffffa',
  'ΑΣ',
  'ας',
  'ασ',
  'İ',
  'i',
  'ı',
  '\u212a',
  'K',
  'ﬁ',
  '\u0001',
  '\u2028a',
  ' a',
  'null',
  'true',
  'and',
  '0',
  '10',
  '9',
  "') or 1=1 --",
  '\\%',
  '__proto__',
  // three letters in a row and more are looked up by an index of the document's text as JSON writes it
  'abc',
  'xABCx',
  'abc"d',
  '"abc',
  'abc\\',
  'abc\\"d',
  'abc_d',
  'abcxd',
  'abc%d',
  'abc\nd',
  'abc\u0001d',
  'abc\u007fd',
  'abc\u2028d',
  'abc😀d',
  'ÄÖÜß',
  'äöü',
  'İSTANBUL',
  '日本語',
  'abc/d',
  'abc", "def',
  'ab c',
  'value',
  '{"a":',
];
export const word = fc.constantFrom(...words);

// ---- How values compare ----

type Compare = (got: Scalar | undefined, wanted: Scalar) => boolean;
const onOrder =
  (holds: (order: number) => boolean): Compare =>
  (got, wanted) =>
    got !== undefined && holds(byValue(got, wanted));
const onText =
  (compare: (got: string, wanted: string) => boolean): Compare =>
  (got, wanted) =>
    got !== undefined && compare(String(got), String(wanted));
/** As PostgreSQL's "C" has it; JavaScript's own order is by half surrogates. */
export const byCodePoint = (one: string, two: string) => Buffer.compare(Buffer.from(one), Buffer.from(two));
/** Numbers as numbers, all else as text. */
export const byValue = (one: Scalar, two: Scalar) =>
  typeof one === 'number' && typeof two === 'number' ? one - two : byCodePoint(String(one), String(two));
const comparisons: Record<string, Compare> = {
  eq: (got, wanted) => got === wanted,
  ne: (got, wanted) => got !== wanted,
  co: onText((got, wanted) => got.includes(wanted)),
  sw: onText((got, wanted) => got.startsWith(wanted)),
  ew: onText((got, wanted) => got.endsWith(wanted)),
  gt: onOrder((order) => order > 0),
  ge: onOrder((order) => order >= 0),
  lt: onOrder((order) => order < 0),
  le: onOrder((order) => order <= 0),
};

export interface Kind {
  readonly literal: fc.Arbitrary<Scalar>;
  readonly operators: readonly string[];
  readonly normal: (value: Scalar) => Scalar;
}
const without = (...some: string[]) => Object.keys(comparisons).filter((operator) => !some.includes(operator));
export const caseless: Kind = { literal: word, operators: without(), normal: (value) => fold(String(value)) };
export const exact: Kind = { ...caseless, normal: (value) => value };
/** Base64 has no order. */
export const binary: Kind = { ...exact, operators: without('gt', 'ge', 'lt', 'le') };
export const flag: Kind = { literal: fc.boolean(), operators: ['eq', 'ne'], normal: (value) => value };
export const number: Kind = {
  literal: fc.constantFrom(-1, 0, 9, 10, 100, 0.5, 1e21),
  operators: without('co', 'sw', 'ew'),
  normal: (value) => value,
};
export const whole: Kind = { ...number, literal: fc.constantFrom(-1, 0, 9, 10, 99, 100) };
export const instant: Kind = {
  literal: fc.constantFrom('2020-01-01T00:00:00Z', '2099-12-31T23:59:59.999+14:00', '2026-01-31'),
  operators: without('co', 'sw', 'ew'),
  normal: (value) => new Date(String(value)).toISOString(),
};

/** An attribute: how it may be written, and how its value or values are read. */
export interface Attribute {
  readonly spellings: readonly string[];
  readonly kind: Kind;
  readonly isMany: boolean;
  readonly read: (from: Item) => readonly (Scalar | undefined)[];
  /** What it is worth to compare with, beside the kind's own. */
  readonly literal?: fc.Arbitrary<Scalar>;
}

export const objectOf = (value: unknown) => (value ?? {}) as Item;
export const listOf = (value: unknown) => (value ?? []) as readonly Item[];
/** A name as it is declared, and as nobody writes it (RFC 7643, 2.1: names compare without case). */
export const inAnyCase = (name: string) => [name, name, name.toUpperCase(), name.toLowerCase()];

export const single = (name: string, kind: Kind = caseless, spellings: readonly string[] = [name]): Attribute => ({
  spellings,
  kind,
  isMany: false,
  read: (from) => [from[name] as Scalar | undefined],
});
export const inside = (
  owner: string,
  sub: string,
  kind: Kind = caseless,
  spellings: readonly string[] = [`${owner}.${sub}`],
): Attribute => ({ spellings, kind, isMany: false, read: (from) => [objectOf(from[owner])[sub] as Scalar | undefined] });
export const each = (owner: string, sub: string, kind: Kind = caseless, spellings: readonly string[] = [`${owner}.${sub}`]): Attribute => ({
  spellings,
  kind,
  isMany: true,
  read: (from) => listOf(from[owner]).map((one) => one[sub] as Scalar | undefined),
});

/** A list of simple values, in what holds it. */
export const listIn = (name: string, kind: Kind, spellings: readonly string[], holder: (from: Item) => Item): Attribute => ({
  spellings,
  kind,
  isMany: true,
  read: (from) => (holder(from)[name] ?? []) as Scalar[],
});

/** The attribute compared with the values that it really has, whole, in pieces and in another case. */
export function comparedWithOwn(attribute: Attribute, items: readonly Item[]): Attribute {
  const all = [...new Set(items.flatMap(attribute.read))];
  const numbers = all.filter((value) => typeof value === 'number');
  if (numbers.length > 0) return { ...attribute, literal: fc.oneof(fc.constantFrom(...numbers), attribute.kind.literal) };
  const own = all.filter((value) => typeof value === 'string');
  if (own.length === 0 || attribute.kind === flag) return attribute;
  const pieces =
    attribute.kind === instant
      ? [(text: string) => text, inAnotherZone]
      : [
          (text: string) => text,
          (text: string) => text.toUpperCase(),
          (text: string) => text.toLowerCase(),
          (text: string) => text.slice(0, text.length / 2).toWellFormed(),
          (text: string) => text.slice(text.length / 2).toWellFormed(),
          (text: string) => text.slice(1, 5).toWellFormed(),
        ];
  const literal = fc.tuple(fc.constantFrom(...own), fc.constantFrom(...pieces)).map(([value, piece]) => piece(value));
  return { ...attribute, literal: fc.oneof({ weight: 3, arbitrary: literal }, { weight: 1, arbitrary: attribute.kind.literal }) };
}

/** The same moment, two hours to the east. */
const inAnotherZone = (text: string) => new Date(Date.parse(text) + 7_200_000).toISOString().replace('Z', '+02:00');

// ---- Random filters ----

/** A literal as JSON has it, with every character escaped, or bare. */
function printed(value: Scalar): fc.Arbitrary<string> {
  if (typeof value === 'boolean') return fc.constantFrom(String(value), String(value).toUpperCase(), `"${value}"`);
  if (typeof value === 'number') return fc.constantFrom(String(value), `"${value}"`, value.toExponential());
  const escaped = Array.from({ length: value.length }, (_, at) => `\\u${value.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
  const bare = /^[\w@.:/-]+$/.test(value) && value.toLowerCase() !== 'null' ? [value] : [];
  return fc.constantFrom(JSON.stringify(value), JSON.stringify(value), ...(value.length < 10 ? [`"${escaped}"`] : []), ...bare);
}

const anyCase = (keyword: string) =>
  fc.constantFrom(keyword, keyword, keyword.toUpperCase(), keyword.slice(0, 1).toUpperCase() + keyword.slice(1));

function comparison({ spellings, kind, isMany, read, literal }: Attribute): fc.Arbitrary<Filter> {
  const pair = (literal ?? kind.literal).chain((wanted) => fc.tuple(fc.constant(wanted), printed(wanted)));
  return fc.tuple(fc.constantFrom(...spellings), fc.constantFrom(...kind.operators), pair).chain(([path, operator, [wanted, text]]) =>
    anyCase(operator).map((spelt) => ({
      text: `${path} ${spelt} ${text}`,
      holds: (from) => {
        const values = read(from).map((value) => (value === undefined ? undefined : kind.normal(value)));
        if (isMany && operator === 'ne' && values.length === 0) return true; // no value is not this one
        return values.some((value) => comparisons[operator]!(value, kind.normal(wanted)));
      },
    })),
  );
}

function isThere({ spellings, read }: Attribute): fc.Arbitrary<Filter> {
  const holds = (from: Item) => read(from).some((value) => value !== undefined);
  return fc.constantFrom(...spellings).chain((path) =>
    fc.oneof(
      fc.constantFrom(`${path} pr`, `${path} PR`, `${path} ne null`, `not (${path} eq null)`).map((text) => ({ text, holds })),
      fc
        .constantFrom(`${path} eq null`, `${path} eq NULL`, `not (${path} pr)`)
        .map((text) => ({ text, holds: (from: Item) => !holds(from) })),
    ),
  );
}

export const leafOf = (some: readonly Attribute[]): fc.Arbitrary<Filter> =>
  fc
    .constantFrom(...some)
    .chain((attribute) => fc.oneof({ weight: 5, arbitrary: comparison(attribute) }, { weight: 1, arbitrary: isThere(attribute) }));

export function combined(leaf: fc.Arbitrary<Filter>, maxDepth = 3): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter; pair: Filter; not: Filter }>((tie) => ({
    filter: fc.oneof({ maxDepth, withCrossShrink: true }, leaf, tie('pair'), tie('not')),
    pair: fc
      .tuple(
        tie('filter'),
        fc.constantFrom('and', 'or').chain((keyword) => fc.tuple(fc.constant(keyword), anyCase(keyword))),
        tie('filter'),
      )
      .map(([one, [keyword, spelt], two]) => ({
        text: `(${one.text}) ${spelt} (${two.text})`,
        holds: (from) => (keyword === 'and' ? one.holds(from) && two.holds(from) : one.holds(from) || two.holds(from)),
      })),
    not: fc
      .tuple(anyCase('not'), tie('filter'))
      .map(([not, { text, holds }]) => ({ text: `${not} (${text})`, holds: (from) => !holds(from) })),
  })).filter;
}

/** `emails[…]` about the elements of an attribute; where it has one value or none, about that. */
export const brackets = (
  spellings: readonly string[],
  elements: (from: Item) => readonly Item[],
  ofElement: readonly Attribute[],
): fc.Arbitrary<Filter> =>
  fc
    .tuple(fc.constantFrom(...spellings), combined(leafOf(ofElement), 2))
    .map(([path, { text, holds }]) => ({ text: `${path}[${text}]`, holds: (from: Item) => elements(from).some(holds) }));

/** `emails[…].value eq "…"` (Entra): both hold for the same element. */
export const bracketsGoingOn = (
  spellings: readonly string[],
  elements: (from: Item) => readonly Item[],
  ofElement: readonly Attribute[],
): fc.Arbitrary<Filter> =>
  fc
    .tuple(fc.constantFrom(...spellings), combined(leafOf(ofElement), 1), fc.constantFrom(...ofElement).chain(comparison))
    .map(([path, one, two]) => ({
      text: `${path}[${one.text}].${two.text}`,
      holds: (from: Item) => elements(from).some((element) => one.holds(element) && two.holds(element)),
    }));
