/** Filters in memory, for the value paths of PATCH; lists are filtered in the database. */
import type { Json, JsonObject } from './change.js';
import { type Comparing, startComparing } from './comparison-budget.js';
import { heldIn } from './held.js';
import type { Comparison, Filter, Literal } from './tree.js';

type Compare = Extract<Filter, { kind: 'compare' }>;
type Scalar = Exclude<Literal, null>;
type Matcher = (element: JsonObject) => boolean;

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
export const matchesElement = (filter: Filter, element: JsonObject): boolean => elementMatcher(filter, startComparing())(element);

/** The same for many elements: what is asked for is made ready once. */
export function elementMatcher(filter: Filter, comparing: Comparing): Matcher {
  switch (filter.kind) {
    case 'and':
      return joined('every', filter.terms, comparing);
    case 'or':
      return joined('some', filter.terms, comparing);
    case 'not':
      return negated(elementMatcher(filter.term, comparing));
    case 'constant':
      return () => filter.holds;
    case 'present':
      return presence(filter.target.sub?.name, comparing);
    case 'compare':
      return comparison(filter, comparing);
    case 'element':
      throw new Error('a filter in brackets holds no other brackets');
  }
}

const negated =
  (matcher: Matcher): Matcher =>
  (element) =>
    !matcher(element);

function joined(how: 'every' | 'some', terms: readonly Filter[], comparing: Comparing): Matcher {
  const matchers = terms.map((term) => elementMatcher(term, comparing));
  return (element) => matchers[how]((matcher) => matcher(element));
}

function presence(name: string | undefined, { count }: Comparing): Matcher {
  return (element) => {
    count(1);
    return isPresent(heldBy(element, name));
  };
}

const heldBy = (element: JsonObject, name: string | undefined): Json | undefined =>
  name === undefined ? undefined : heldIn(element, name);

const isPresent = (value: Json | undefined): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);

/** `eq null` is "has no value" and `ne null` is "has one". */
function comparison({ target, operator, value }: Compare, comparing: Comparing): Matcher {
  const { sub } = target;
  const has = presence(sub?.name, comparing);
  if (value === null) return operator === 'ne' ? has : negated(has);
  const key = (one: Scalar): Scalar => (sub?.caseExact || typeof one !== 'string' ? one : comparing.fold(one));
  const asked = key(value);
  const compare = COMPARISONS[operator];
  return (element) => {
    if (!has(element)) return operator === 'ne';
    const held = key(heldBy(element, sub?.name) as Scalar);
    if (operator === 'co') comparing.count(costOfSearch(String(held), String(asked)));
    return compare(held, asked);
  };
}

/** To search a text for another takes as long, where the two repeat themselves, as the product of their lengths. */
const costOfSearch = (held: string, asked: string): number => Math.floor((held.length * (asked.length + 16)) / 512);
