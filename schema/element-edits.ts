/** Elements of an attribute: added to others, edited where a filter finds them, and made where it says what they are. */
import type { Attribute } from './attribute.js';
import type { Json, JsonObject } from './change.js';
import type { Comparing } from './comparison-budget.js';
import { isOnlyLabels, isPrimary, keysAmong } from './element.js';
import { isList, isObject } from './held.js';
import { elementMatcher } from './match.js';
import type { Filter } from './tree.js';

/**
 * Adds what is not there. What is there takes over what is said of it and keeps the rest: clients repeat a request whose answer was lost,
 * and Entra (AppRoleAssignmentsComplex) adds all roles at each change (RFC 7644, 3.5.2.1: no change; RFC 7643, 2.4: not the same type and
 * value twice).
 */
export function added(attribute: Attribute, old: readonly Json[], given: readonly Json[], comparing: Comparing): readonly Json[] {
  const keyOf = keysAmong(attribute, old, given, comparing);
  const fresh = new Map<string, Json>();
  for (const element of given) fresh.set(keyOf(element), merged(fresh.get(keyOf(element)), element));
  const keys = old.map(keyOf);
  const missing = new Map(fresh);
  for (const key of keys) missing.delete(key);
  const all = [...old.map((element, at) => merged(element, fresh.get(keys[at]!))), ...missing.values()];
  keys.push(...missing.keys());
  const [primary] = [...fresh].find(([, element]) => isPrimary(element)) ?? [];
  return primary === undefined
    ? all
    : withPrimaryOf(
        attribute,
        all.filter((_, at) => keys[at] === primary),
        all,
      );
}

const merged = (old: Json | undefined, given: Json | undefined): Json =>
  isObject(old) && isObject(given) ? { ...old, ...given } : (given ?? old ?? null);

type ComparisonTerm = Extract<Filter, { readonly kind: 'compare' }>;

/**
 * What an element is like that a filter describes by "eq": `type eq "work"`; undefined where it says anything else, or what no element can
 * be, as of two types. `valueOf` tells how a value of the filter is written.
 */
export function describedElement(filter: Filter, valueOf: (term: ComparisonTerm) => Json = ({ value }) => value): JsonObject | undefined {
  if (filter.kind === 'and') {
    const parts = filter.terms.map((term) => describedElement(term, valueOf));
    const names = parts.flatMap((part) => (part ? Object.keys(part) : []));
    if (parts.includes(undefined) || new Set(names).size !== names.length) return undefined;
    return Object.assign({}, ...parts) as JsonObject;
  }
  const isNamed = filter.kind === 'compare' && filter.operator === 'eq' && filter.value !== null;
  const sub = isNamed ? filter.target.sub : undefined;
  return isNamed && sub ? { [sub.name]: valueOf(filter) } : undefined;
}

/**
 * A value that has just become primary takes that from the others (RFC 7644, 3.5.2). One that is but labels takes nothing yet: Entra may
 * say that an address is primary before it says the address, and where that never comes, nothing is to be left of it.
 */
function withPrimaryOf(attribute: Attribute, fresh: readonly Json[], all: readonly Json[]): readonly Json[] {
  const first = fresh.find((element) => isPrimary(element) && !isOnlyLabels(attribute, element));
  if (first === undefined) return all;
  return all.map((element) => (element !== first && isPrimary(element) ? { ...(element as JsonObject), primary: false } : element));
}

/** The elements of what an attribute holds: of a single value it is the one, be it still empty. */
export const elementsOf = (attribute: Attribute, held: Json | undefined): readonly Json[] =>
  attribute.multiValued ? (isList(held) ? held : []) : [held ?? {}];

/** Tells which elements a filter finds; of a simple attribute each is its own `value`. */
export function foundBy(attribute: Attribute, filter: Filter, comparing: Comparing): (element: Json) => boolean {
  const matches = elementMatcher(filter, comparing);
  return (element) => (attribute.type === 'complex' ? isObject(element) && matches(element) : matches({ value: element }));
}

type Edit = (element: Json) => Json;

/** The elements with an edit of those that are meant. */
export function edited(attribute: Attribute, elements: readonly Json[], isMeant: readonly boolean[], edit: Edit): readonly Json[] {
  const all = elements.map((element, at) => (isMeant[at] ? edit(element) : element));
  const fresh = all.filter((_, at) => isMeant[at]);
  return withPrimaryOf(attribute, fresh, all);
}

/**
 * The elements, none of which the filter finds, with an edit of the one that it describes: Entra builds an element by naming it, as in
 * `emails[type eq "work"].value`. Undefined where it describes none.
 */
export function withDescribed(
  attribute: Attribute,
  elements: readonly Json[],
  filter: Filter,
  edit: Edit,
  comparing: Comparing,
): readonly Json[] | undefined {
  const described = describedElement(filter);
  return described && added(attribute, attribute.multiValued ? elements : [], [edit(described)], comparing);
}
