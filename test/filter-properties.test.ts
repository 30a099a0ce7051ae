/** Random filters over HTTP find exactly whom a small reading of the same filter over the same people finds. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { ENTERPRISE, expectList, expectScimError, filtered, USER } from './scim.js';
import { FUZZ_RUNS, newTenant, type Tenant } from './world.js';

interface Person { readonly [attribute: string]: unknown }
type Scalar = string | boolean;
type Verdict = (person: Person) => boolean;
/** A filter as text, and what it says of a person (or, in brackets, of an element). */
interface Filter { readonly text: string; readonly holds: Verdict }

const words = ['a', 'A', 'b', 'ab', 'aB', 'Ab b', 'á', 'a\u0301', 'Ä', 'a%', '%', '_', 'a_b', 'a\\b', '\\', '"', "'", 'ß', 'ss', '😀', 'x'];
const word = fc.constantFrom(...words);
const fold = (text: string) => text.normalize('NFC').toLowerCase().normalize('NFC');

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const element = fc.record({ value: word, type: maybe(fc.constantFrom('work', 'home', 'Work')), display: maybe(word), primary: fc.constant(undefined) });
const person = fc.record({
  title: maybe(word), nickName: maybe(word), displayName: maybe(word), externalId: maybe(word), active: fc.boolean(),
  name: maybe(fc.record({ givenName: maybe(word), familyName: maybe(word) })), emails: fc.array(element, { maxLength: 3 }), roles: fc.array(element, { maxLength: 2 }),
  [ENTERPRISE]: maybe(fc.record({ department: maybe(word), costCenter: maybe(word) })),
});

// ---- How values compare ----

type Compare = (got: Scalar | undefined, wanted: Scalar) => boolean;
const onText = (compare: (got: string, wanted: string) => boolean): Compare => (got, wanted) => got !== undefined && compare(String(got), String(wanted));
/** By code point, as PostgreSQL's "C" has it. */
const order = (one: string, two: string) => Buffer.compare(Buffer.from(one), Buffer.from(two));
const comparisons: Record<string, Compare> = {
  eq: (got, wanted) => got === wanted,
  ne: (got, wanted) => got !== wanted,
  co: onText((got, wanted) => got.includes(wanted)),
  sw: onText((got, wanted) => got.startsWith(wanted)),
  ew: onText((got, wanted) => got.endsWith(wanted)),
  gt: onText((got, wanted) => order(got, wanted) > 0),
  ge: onText((got, wanted) => order(got, wanted) >= 0),
  lt: onText((got, wanted) => order(got, wanted) < 0),
  le: onText((got, wanted) => order(got, wanted) <= 0),
};

interface Kind { readonly literal: fc.Arbitrary<Scalar>; readonly operators: readonly string[]; readonly normal: (value: Scalar) => Scalar }
const caseless: Kind = { literal: word, operators: Object.keys(comparisons), normal: (value) => fold(String(value)) };
const exact: Kind = { ...caseless, normal: (value) => value };
const flag: Kind = { literal: fc.boolean(), operators: ['eq', 'ne'], normal: (value) => value };

/** How a value, or the values, of an attribute are read from a person. */
interface Attribute { readonly path: string; readonly kind: Kind; readonly isMany: boolean; readonly read: (from: Person) => readonly (Scalar | undefined)[] }
const object = (value: unknown) => (value ?? {}) as Person;
const single = (name: string, kind: Kind = caseless): Attribute => ({ path: name, kind, isMany: false, read: (from) => [from[name] as Scalar | undefined] });
const inside = (owner: string, sub: string, path = `${owner}.${sub}`): Attribute =>
  ({ path, kind: caseless, isMany: false, read: (from) => [object(from[owner])[sub] as Scalar | undefined] });
const each = (owner: string, sub: string, path = `${owner}.${sub}`): Attribute =>
  ({ path, kind: caseless, isMany: true, read: (from) => (from[owner] as Person[]).map((one) => one[sub] as Scalar | undefined) });

const attributes: readonly Attribute[] = [
  single('title'), single('nickName'), single('displayName'), single('externalId', exact), single('active', flag),
  inside('name', 'givenName'), inside('name', 'familyName'), inside(ENTERPRISE, 'department', `${ENTERPRISE}:department`), inside(ENTERPRISE, 'costCenter', `${ENTERPRISE}:costCenter`),
  each('emails', 'value'), each('emails', 'value', 'emails'), each('emails', 'type'), each('emails', 'display'), each('roles', 'value', 'roles'), each('roles', 'display'),
];

// ---- Random filters ----

const printed = (value: Scalar) => JSON.stringify(value);

function comparison({ path, kind, isMany, read }: Attribute): fc.Arbitrary<Filter> {
  return fc.tuple(fc.constantFrom(...kind.operators), kind.literal).map(([operator, literal]) => ({
    text: `${path} ${operator} ${printed(literal)}`,
    holds: (from) => {
      const values = read(from).map((value) => (value === undefined ? undefined : kind.normal(value)));
      if (isMany && operator === 'ne' && values.length === 0) return true; // no value is not this one
      return values.some((value) => comparisons[operator]!(value, kind.normal(literal)));
    },
  }));
}

const isThere = ({ path, read }: Attribute): fc.Arbitrary<Filter> => fc.constantFrom(`${path} pr`, `${path} ne null`, `not (${path} eq null)`)
  .map((text) => ({ text, holds: (from) => read(from).some((value) => value !== undefined) }));

const leafOf = (some: readonly Attribute[]): fc.Arbitrary<Filter> =>
  fc.constantFrom(...some).chain((attribute) => fc.oneof({ weight: 5, arbitrary: comparison(attribute) }, { weight: 1, arbitrary: isThere(attribute) }));

function combined(leaf: fc.Arbitrary<Filter>): fc.Arbitrary<Filter> {
  return fc.letrec<{ filter: Filter; pair: Filter; not: Filter }>((tie) => ({
    filter: fc.oneof({ maxDepth: 3, withCrossShrink: true }, leaf, tie('pair'), tie('not')),
    pair: fc.tuple(tie('filter'), fc.constantFrom('and', 'or'), tie('filter')).map(([one, word, two]) => ({
      text: `(${one.text}) ${word} (${two.text})`,
      holds: (from) => (word === 'and' ? one.holds(from) && two.holds(from) : one.holds(from) || two.holds(from)),
    })),
    not: tie('filter').map(({ text, holds }) => ({ text: `not (${text})`, holds: (from) => !holds(from) })),
  })).filter;
}

const ofElement = ['value', 'type', 'display'].map((name) => single(name));
const brackets = fc.tuple(fc.constantFrom('emails', 'roles'), combined(leafOf(ofElement))).map(([owner, { text, holds }]): Filter =>
  ({ text: `${owner}[${text}]`, holds: (from) => (from[owner] as Person[]).some(holds) }));

const filter = combined(fc.oneof({ weight: 4, arbitrary: leafOf(attributes) }, { weight: 1, arbitrary: brackets }));

// ---- The people ----

let tenant: Tenant;
const people: Person[] = fc.sample(person, { numRuns: 60, seed: 20261123 }).map((one, index) => ({
  ...one, userName: `person-${index}`, emails: distinct(one.emails), roles: distinct(one.roles),
}));

/** Two equal elements are one. */
function distinct(elements: readonly Person[]): Person[] {
  return [...new Map(elements.map((one) => [JSON.stringify(one), one])).values()];
}

beforeAll(async () => {
  tenant = await newTenant();
  for (const one of people) {
    const answer = await tenant.scim('POST', '/Users', { schemas: [USER], ...one });
    expect(answer.status, answer.text).toBe(201);
  }
});

test('random filters find whom they describe', async () => {
  await fc.assert(fc.asyncProperty(filter, async ({ text, holds }) => {
    const answer = await tenant.scim('GET', filtered('/Users', text, '&count=1000&attributes=userName'));
    const found = expectList(answer).map(({ userName }) => userName);
    expect(found.toSorted()).toEqual(people.filter(holds).map(({ userName }) => String(userName)).toSorted());
  }), { numRuns: FUZZ_RUNS * 2 });
}, 120_000 + FUZZ_RUNS * 100);

test('random texts are answered or refused, never a fault of ours', async () => {
  const token = fc.oneof(word, fc.constantFrom('and', 'or', 'not', '(', ')', '[', ']', 'eq', 'pr', 'co', '"', '\\', '.', ':', 'userName', 'emails', 'type', 'true', 'null', '1', ' ', '\t', '\0', '"a"'), fc.string({ maxLength: 4 }));
  await fc.assert(fc.asyncProperty(fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join(' ')), async (text) => {
    const answer = await tenant.scim('GET', filtered('/Users', text));
    if (answer.status === 200) expectList(answer);
    else expectScimError(answer, 400, 'invalidFilter');
  }), { numRuns: FUZZ_RUNS * 2 });
}, 120_000 + FUZZ_RUNS * 100);

test('random parameters are understood or refused, never a fault of ours', async () => {
  const number = fc.oneof(fc.integer().map(String), fc.constantFrom('', '0', '-1', '1e9', 'NaN', '0x10', '99999999999999999999', '1.5', ' 1', '١'));
  const path = fc.oneof(fc.constantFrom('userName', 'emails', 'emails.value', 'emails[type eq "work"].value', 'name', 'meta', 'meta.created', 'id', 'groups', 'groups.display',
    'schemas', 'password', 'x509Certificates', 'active', '__proto__', 'constructor', ENTERPRISE, `${ENTERPRISE}:manager`, 'urn:x', '', '.', ','), fc.string({ maxLength: 5 }));
  const list = fc.array(path, { maxLength: 4 }).map((paths) => paths.join(','));
  const query = fc.record({ startIndex: number, count: number, sortBy: path, sortOrder: fc.constantFrom('ascending', 'DESCENDING', '', 'sideways'), attributes: list, excludedAttributes: list },
    { requiredKeys: [] }).map((parameters) => new URLSearchParams(parameters as Record<string, string>).toString());
  await fc.assert(fc.asyncProperty(fc.constantFrom('/Users', '/Groups', '/Users/00919288221112222', '/Schemas'), query, async (endpoint, text) => {
    const answer = await tenant.scim('GET', `${endpoint}?${text}`);
    expect([200, 400, 404], answer.text).toContain(answer.status);
    if (answer.status !== 200) expectScimError(answer, [400, 404], answer.body.scimType);
    else for (const resource of answer.body.Resources) expect(resource).toMatchObject({ id: expect.any(String), schemas: expect.any(Array) });
    expect(answer.text).not.toMatch(/"password":/);
  }), { numRuns: FUZZ_RUNS * 2 });
}, 120_000 + FUZZ_RUNS * 100);
