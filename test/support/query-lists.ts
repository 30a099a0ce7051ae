/**
 * Order, pages and projections once more, for tests only: what a list must answer, computed from its resources as they are shown one by
 * one.
 */
import { fold } from '../../schema/fold.js';
import { byCodePoint, byValue, type Item, listOf, objectOf, type Scalar } from './query-model.js';

// ---- Order (RFC 7644, 3.4.2.3) ----

/** What a list is ordered by: how it is asked for, and what of a resource counts; undefined where the resource has no such value. */
export interface Key {
  readonly spellings: readonly string[];
  readonly of: (item: Item) => Scalar | undefined;
}

const keyText = (value: unknown, isExact: boolean): Scalar | undefined =>
  typeof value !== 'string' || isExact ? (value as Scalar | undefined) : fold(value);

export const keyOf = (name: string, isExact = false, spellings: readonly string[] = [name]): Key => ({
  spellings,
  of: (item) => keyText(item[name], isExact),
});
export const keyInside = (owner: string, sub: string, isExact = false, spellings: readonly string[] = [`${owner}.${sub}`]): Key => ({
  spellings,
  of: (item) => keyText(objectOf(item[owner])[sub], isExact),
});

/** The primary value counts, or else the first. */
export const keyOfPrimary = (owner: string, sub: string, isExact = false, spellings: readonly string[] = [`${owner}.${sub}`]): Key => ({
  spellings,
  of: (item) => {
    const all = listOf(item[owner]);
    return keyText((all.find((one) => one['primary'] === true) ?? all[0])?.[sub], isExact);
  },
});

/** Values absent come last ascending, first descending; what is equal is in the order of the ids in both directions. */
export function ordered(items: readonly Item[], key: Key | undefined, isDescending: boolean): Item[] {
  const byId = items.toSorted((one, two) => byCodePoint(String(one['id']), String(two['id'])));
  if (!key) return byId;
  const compare = (one: Scalar | undefined, two: Scalar | undefined) => {
    if (one === undefined || two === undefined) return Number(one === undefined) - Number(two === undefined);
    return byValue(one, two);
  };
  return byId.toSorted((one, two) => compare(key.of(one), key.of(two)) * (isDescending ? -1 : 1)); // sorting is stable
}

// ---- What is shown (RFC 7644, 3.9) ----

/** A name of `attributes`: of the resource itself (urn undefined) or of an extension, an attribute or a sub-attribute of it. */
export interface Name {
  readonly spelling: string;
  readonly urn?: string;
  readonly attribute?: string;
  readonly sub?: string;
}

interface Asked {
  readonly wanted: readonly Name[] | undefined;
  readonly excluded: readonly Name[];
}

const names = (name: Name, urn: string | undefined, attribute: string, sub: string | undefined) =>
  name.urn === urn && (name.attribute ?? attribute) === attribute && (name.sub ?? sub) === sub;

const isShown = ({ wanted, excluded }: Asked, urn: string | undefined, attribute: string, sub?: string) =>
  (!wanted || wanted.some((name) => names(name, urn, attribute, sub))) && !excluded.some((name) => names(name, urn, attribute, sub));

const isObject = (value: unknown): value is Item => typeof value === 'object' && value !== null;

/** What is left of a value when only some of its sub-attributes are shown; undefined where nothing is. */
function left(value: unknown, isKept: (sub?: string) => boolean): unknown {
  if (Array.isArray(value)) {
    const elements = value.map((element) => left(element, isKept)).filter((element) => element !== undefined);
    return elements.length > 0 ? elements : undefined;
  }
  if (!isObject(value)) return isKept() ? value : undefined;
  const kept = Object.entries(value).filter(([sub]) => isKept(sub));
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

const leftOfEach = (item: Item, show: (key: string, value: unknown) => unknown): Item =>
  Object.fromEntries(
    Object.entries(item)
      .map(([key, value]) => [key, show(key, value)])
      .filter(([, value]) => value !== undefined),
  );

/** A resource with only what was asked for: `schemas` names what is there. */
export function shown(item: Item, asked: Asked): Item {
  const some = leftOfEach(item, (key, value) => {
    if (key === 'id' || key === 'schemas') return value;
    if (!key.startsWith('urn:')) return left(value, (sub) => isShown(asked, undefined, key, sub));
    const extension = leftOfEach(value as Item, (attribute, inner) => left(inner, (sub) => isShown(asked, key, attribute, sub)));
    return Object.keys(extension).length > 0 ? extension : undefined;
  });
  return { ...some, schemas: (item['schemas'] as string[]).filter((urn, index) => index === 0 || urn in some) };
}
