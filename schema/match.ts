/** Filters in memory, for the value paths of PATCH; lists are filtered in the database. */
import type { Json, JsonObject } from './change.js';
import { fold } from './fold.js';
import type { Comparison, Filter, Literal } from './tree.js';

type Compare = Extract<Filter, { kind: 'compare' }>;
type Scalar = Exclude<Literal, null>;

const COMPARISONS: Record<Comparison, (held: Scalar, asked: Scalar) => boolean> = {
  eq: (held, asked) => held === asked,
  ne: (held, asked) => held !== asked,
  co: (held, asked) => String(held).includes(String(asked)),
  sw: (held, asked) => String(held).startsWith(String(asked)),
  ew: (held, asked) => String(held).endsWith(String(asked)),
  gt: (held, asked) => held > asked,
  ge: (held, asked) => held >= asked,
  lt: (held, asked) => held < asked,
  le: (held, asked) => held <= asked,
};

/** Whether a filter from inside brackets holds for one element with keys in declared spelling; it means what `Filter` says. */
export function matchesElement(filter: Filter, element: JsonObject): boolean {
  switch (filter.kind) {
    case 'and': return filter.terms.every((term) => matchesElement(term, element));
    case 'or': return filter.terms.some((term) => matchesElement(term, element));
    case 'not': return !matchesElement(filter.term, element);
    case 'constant': return filter.holds;
    case 'present': return isPresent(heldBy(element, filter.target.sub?.name));
    case 'compare': return holds(filter, heldBy(element, filter.target.sub?.name));
    case 'element': throw new Error('a filter in brackets holds no other brackets');
  }
}

const heldBy = (element: JsonObject, name: string | undefined): Json | undefined =>
  (name !== undefined && Object.hasOwn(element, name) ? element[name] : undefined);

const isPresent = (value: Json | undefined): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

/** `eq null` is "has no value" and `ne null` is "has one". */
function holds({ target, operator, value }: Compare, held: Json | undefined): boolean {
  if (value === null) return isPresent(held) === (operator === 'ne');
  if (!isPresent(held)) return operator === 'ne';
  const key = keyOf(target.sub?.caseExact ?? false);
  return COMPARISONS[operator](key(held as Scalar), key(value));
}

const keyOf = (caseExact: boolean) => (value: Scalar): Scalar => (caseExact || typeof value !== 'string' ? value : fold(value));
