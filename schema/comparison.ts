/** One comparison of a filter: the operators that an attribute permits and the literal fitted to it. */
import type { Attribute } from './attribute.js';
import { lastOf } from './name.js';
import { peek, peekNext, quote, type Reader, type Refusal, take, type Token, unexpected } from './scan.js';
import type { AttributeRef, Comparison, Filter, Literal } from './tree.js';
import { takes, toBoolean, toDateTime, toNumber } from './value.js';

const OPERATORS: readonly Comparison[] = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'];
const OF_ORDER: readonly Comparison[] = ['gt', 'ge', 'lt', 'le'];
const OF_TEXT: readonly Comparison[] = ['co', 'sw', 'ew'];

/** RFC 7644, table 3: order means nothing to booleans and binary values. Parts of dates and numbers are ours to refuse. */
const REFUSED: Partial<Record<Attribute['type'], readonly Comparison[]>> = {
  boolean: [...OF_ORDER, ...OF_TEXT],
  binary: OF_ORDER,
  dateTime: OF_TEXT,
  integer: OF_TEXT,
  decimal: OF_TEXT,
};

/** Reads an operator and its literal; the attribute has been read. */
export function compare(reader: Reader, target: AttributeRef, refuse: Refusal): Filter {
  const place = peek(reader);
  const operator = OPERATORS.find((known) => place.kind === 'word' && known === place.text.toLowerCase());
  if (!operator) throw unexpected(reader, `an operator (${OPERATORS.join(', ')}, pr)`, refuse);
  if (isWhole(target) && isNull(peekNext(reader))) return absence(reader, target, operator, refuse);
  const compared = comparable(target, place.at, refuse);
  const attribute = lastOf(compared);
  if (REFUSED[attribute.type]?.includes(operator)) {
    throw refuse(place.at, `${operator} does not compare ${quote(attribute.name)}, which is ${takes(attribute)}`);
  }
  take(reader);
  return { kind: 'compare', target: compared, operator, value: literal(reader, attribute, operator, refuse) };
}

/** A complex attribute without a `value` to stand for it. */
const isWhole = ({ attribute, sub }: AttributeRef): boolean =>
  !sub && attribute.type === 'complex' && !attribute.subAttributes?.some(({ name }) => name === 'value');

/** What has parts is compared with null as a whole: `name eq null` is `not (name pr)`, as it is of every attribute. */
function absence(reader: Reader, target: AttributeRef, operator: Comparison, refuse: Refusal): Filter {
  take(reader);
  nullFor(operator, take(reader), refuse);
  return operator === 'eq' ? { kind: 'not', term: { kind: 'present', target } } : { kind: 'present', target };
}

/** A complex attribute stands for its `value` (RFC 7643, 2.4; Entra asks `manager eq "…"` and `members eq "…"`). */
function comparable(target: AttributeRef, at: number, refuse: Refusal): AttributeRef {
  const { attribute, sub } = target;
  if (sub || attribute.type !== 'complex') return target;
  const parts = attribute.subAttributes ?? [];
  const value = parts.find(({ name }) => name === 'value');
  if (!value) throw refuse(at, `${quote(attribute.name)} has parts: compare one, as in ${attribute.name}.${parts[0]?.name}`);
  return { ...target, sub: value };
}

function literal(reader: Reader, attribute: Attribute, operator: Comparison, refuse: Refusal): Literal {
  const token = peek(reader);
  if (token.kind !== 'quoted' && token.kind !== 'word') throw unexpected(reader, `a value after ${operator}`, refuse);
  take(reader);
  if (token.kind === 'word' && token.text.startsWith("'")) throw refuse(token.at, 'text goes into double quotes');
  if (isNull(token)) return nullFor(operator, token, refuse);
  const value = fit(attribute, token.text);
  if (value !== undefined) return value;
  throw refuse(token.at, `${quote(attribute.name)} is ${takes(attribute)}, which ${quote(token.text)} is not`);
}

const isNull = ({ kind, text }: Token) => kind === 'word' && text.toLowerCase() === 'null';

function nullFor(operator: Comparison, { at }: Token, refuse: Refusal): null {
  if (operator !== 'eq' && operator !== 'ne') throw refuse(at, `null goes with eq and ne, not with ${operator}`);
  return null;
}

function fit(attribute: Attribute, text: string): string | number | boolean | undefined {
  switch (attribute.type) {
    case 'boolean':
      return toBoolean(text);
    case 'dateTime':
      return toDateTime(text);
    case 'integer':
    case 'decimal':
      return toNumber(attribute, text);
    default:
      return text;
  }
}
