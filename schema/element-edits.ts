/** Elements of a multi-valued attribute added to others, and made where a filter says what they are. */
import type { Attribute } from './attribute.js';
import type { Json, JsonObject } from './change.js';
import type { Comparing } from './comparison-budget.js';
import { isOnlyLabels, isPrimary, keysAmong } from './element.js';
import { isObject } from './held.js';
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
export function withPrimaryOf(attribute: Attribute, fresh: readonly Json[], all: readonly Json[]): readonly Json[] {
  const first = fresh.find((element) => isPrimary(element) && !isOnlyLabels(attribute, element));
  if (first === undefined) return all;
  return all.map((element) => (element !== first && isPrimary(element) ? { ...(element as JsonObject), primary: false } : element));
}
