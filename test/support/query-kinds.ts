/** Attributes of a tenant's own, one of each kind that does not compare as text does, for the property of whole queries. For tests only. */
import fc from 'fast-check';
import { expect } from 'vitest';
import {
  type Attribute,
  caseless,
  exact,
  flag,
  inAnyCase,
  inside,
  instant,
  type Item,
  type Kind,
  listIn,
  listOf,
  number,
  objectOf,
  type Scalar,
  whole,
} from './query-model.js';
import { type Key, keyOf, type Name } from './query-lists.js';
import type { Tenant } from './world.js';

export const KINDS = 'urn:acme:params:scim:schemas:extension:kinds:2.0:User';

const parts = [
  { name: 'value' },
  { name: 'since', type: 'dateTime' },
  { name: 'age', type: 'integer' },
  { name: 'weight', type: 'decimal' },
  { name: 'primary', type: 'boolean' },
];
const schema = {
  id: KINDS,
  name: 'Kinds',
  description: 'One of each kind.',
  attributes: [
    { name: 'hired', type: 'dateTime' },
    { name: 'left', type: 'dateTime', caseExact: true },
    { name: 'seen', type: 'dateTime', multiValued: true },
    { name: 'level', type: 'integer' },
    { name: 'nums', type: 'integer', multiValued: true },
    { name: 'ratio', type: 'decimal' },
    { name: 'shares', type: 'decimal', multiValued: true },
    { name: 'flags', type: 'boolean', multiValued: true },
    { name: 'link', type: 'reference', caseExact: false },
    { name: 'badge', type: 'binary' },
    { name: 'seal', type: 'binary', caseExact: false },
    { name: 'pets', type: 'complex', multiValued: true, subAttributes: parts },
    { name: 'car', type: 'complex', subAttributes: parts.slice(0, -1) },
  ],
};

export async function declareKinds(tenant: Tenant): Promise<void> {
  const { data } = await tenant.graphql(
    'mutation ($input: DeclareExtensionInput!) { declareExtension(input: $input) { userErrors { message } } }',
    { input: { resource: 'USER', schema } },
  );
  expect(data!['declareExtension']).toEqual({ userErrors: [] });
}

// ---- What people have of them ----

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 3, arbitrary }, { weight: 2, arbitrary: fc.constant(undefined) });
const several = <T>(arbitrary: fc.Arbitrary<T>) => maybe(fc.uniqueArray(arbitrary, { maxLength: 3 }));
/** Several in one day, in several zones, with fractions finer than what is kept. */
const moment = fc.constantFrom(
  '2020-01-01T01:00:00Z',
  '2020-01-01T02:00:00.5Z',
  '2020-01-01T02:00:00.123456Z',
  '2020-01-01T03:00:00+01:00',
  '2019-12-31T22:00:00.000Z',
  '2019-12-31T23:00:00+01:00',
  '2020-01-01',
  '0001-01-01T00:00:00Z',
  '9999-12-31T20:59:59.999Z',
);
const integer = fc.constantFrom(-100, -9, 0, 9, 10, 99, 100, 2_000_000);
const decimal = fc.constantFrom(-0.5, 0, 0.5, 0.25, 9.75, 10, 100.5, 1e21, 1e-7);
const address = fc.constantFrom('https://X.com/a', 'https://x.com/A', 'urn:B');
const base64 = fc.constantFrom('aGk=', 'AGk=', 'YQ==');
/** The value is always there: `pets pr` asks for the whole. */
const part = { value: fc.constantFrom('a', 'B'), since: maybe(moment), age: maybe(integer), weight: maybe(decimal) };

export const ofKinds = maybe(
  fc.record({
    hired: maybe(moment),
    left: maybe(moment),
    seen: several(moment),
    level: maybe(integer),
    nums: several(integer),
    ratio: maybe(decimal),
    shares: several(decimal),
    flags: several(fc.boolean()),
    link: maybe(address),
    badge: maybe(base64),
    seal: maybe(base64),
    pets: maybe(fc.array(fc.record({ ...part, primary: fc.constantFrom(true, false, undefined) }), { maxLength: 3 })),
    car: maybe(fc.record(part)),
  }),
);

// ---- What can be asked about them ----

const singles: Readonly<Record<string, Kind>> = {
  hired: instant,
  left: instant,
  level: whole,
  ratio: number,
  link: caseless,
  badge: { ...exact, operators: ['eq', 'ne', 'co', 'sw', 'ew'] },
  seal: { ...caseless, operators: ['eq', 'ne', 'co', 'sw', 'ew'] },
};
const manyOf: Readonly<Record<string, Kind>> = { seen: instant, nums: whole, shares: number, flags: flag };
const ofPart: Readonly<Record<string, Kind>> = { value: caseless, since: instant, age: whole, weight: number };
const named = (path: string) => [`${KINDS}:${path}`, `${KINDS.toLowerCase()}:${path.toUpperCase()}`, path];
const own = (item: Item) => objectOf(item[KINDS]);

/** The attributes of the resource as a whole: all but the elements of `pets`. */
export const kindAttributes: readonly Attribute[] = [
  ...Object.entries(singles).map(([name, kind]) => inside(KINDS, name, kind, named(name))),
  ...Object.entries(manyOf).map(([name, kind]) => listIn(name, kind, named(name), own)),
  ...Object.entries(ofPart).map(([name, kind]): Attribute => ({
    spellings: [...named(`car.${name}`), ...(name === 'value' ? named('car') : [])],
    kind,
    isMany: false,
    read: (item) => [objectOf(own(item)['car'])[name] as Scalar | undefined],
  })),
];
export const pets = { spellings: named('pets'), of: own, many: { owner: 'pets', subs: { ...ofPart, primary: flag } }, named };

const keyOfOwn = (name: string, isExact = false): Key => ({ spellings: named(name), of: (item) => keyOf(name, isExact).of(own(item)) });
const primaryPet = (item: Item) => {
  const all = listOf(own(item)['pets']);
  return all.find((pet) => pet['primary'] === true) ?? all[0] ?? {};
};

export const kindKeys: readonly Key[] = [
  ...Object.keys(singles).map((name) => keyOfOwn(name, name === 'badge')),
  ...Object.keys(manyOf).map((name): Key => ({ spellings: named(name), of: (item) => ((own(item)[name] ?? []) as Scalar[])[0] })),
  ...Object.keys(ofPart).map((name): Key => ({ spellings: named(`pets.${name}`), of: (item) => keyOf(name).of(primaryPet(item)) })),
  ...Object.keys(ofPart).map((name): Key => ({
    spellings: named(`car.${name}`),
    of: (item) => keyOf(name).of(objectOf(own(item)['car'])),
  })),
];

export const kindNames: readonly Name[] = [
  { spelling: KINDS, urn: KINDS },
  ...['hired', 'nums', 'pets'].flatMap((attribute) =>
    [...inAnyCase(attribute), `${KINDS}:${attribute}`].map((spelling) => ({ spelling, urn: KINDS, attribute })),
  ),
  { spelling: 'pets.since', urn: KINDS, attribute: 'pets', sub: 'since' },
];
