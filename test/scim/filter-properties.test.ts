/** Random filters over HTTP find exactly whom a small reading of the same filter finds among the people as they were sent. */
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import {
  type Attribute,
  brackets,
  caseless,
  combined,
  each,
  exact,
  flag,
  inside,
  type Item,
  leafOf,
  listOf,
  single,
  word,
} from '../support/query-model.js';
import { ENTERPRISE, expectList, expectScimError, filtered, USER } from '../support/scim.js';
import { FUZZ_RUNS, newTenant, type Tenant } from '../support/world.js';

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const element = fc.record({
  value: word,
  type: maybe(fc.constantFrom('work', 'home', 'Work')),
  display: maybe(word),
  primary: fc.constant(undefined),
});
const person = fc.record({
  title: maybe(word),
  nickName: maybe(word),
  displayName: maybe(word),
  externalId: maybe(word),
  active: fc.boolean(),
  name: maybe(fc.record({ givenName: maybe(word), familyName: maybe(word) })),
  emails: fc.array(element, { maxLength: 3 }),
  roles: fc.array(element, { maxLength: 2 }),
  [ENTERPRISE]: maybe(fc.record({ department: maybe(word), costCenter: maybe(word) })),
});

const attributes: readonly Attribute[] = [
  single('title'),
  single('nickName'),
  single('displayName'),
  single('externalId', exact),
  single('active', flag),
  inside('name', 'givenName'),
  inside('name', 'familyName'),
  inside(ENTERPRISE, 'department', caseless, [`${ENTERPRISE}:department`]),
  inside(ENTERPRISE, 'costCenter', caseless, [`${ENTERPRISE}:costCenter`]),
  each('emails', 'value', caseless, ['emails.value', 'emails']),
  each('emails', 'type'),
  each('emails', 'display'),
  each('roles', 'value', caseless, ['roles']),
  each('roles', 'display'),
];
const ofElement = ['value', 'type', 'display'].map((name) => single(name));
const inBrackets = fc.constantFrom('emails', 'roles').chain((owner) => brackets([owner], (from) => listOf(from[owner]), ofElement));

const filter = combined(fc.oneof({ weight: 4, arbitrary: leafOf(attributes) }, { weight: 1, arbitrary: inBrackets }));

// ---- The people ----

let tenant: Tenant;
const people: Item[] = fc.sample(person, { numRuns: 60, seed: 20261123 }).map((one, index) => ({
  ...one,
  userName: `person-${index}`,
  emails: distinct(one.emails),
  roles: distinct(one.roles),
}));

/** Two equal elements are one. */
function distinct(elements: readonly Item[]): Item[] {
  return [...new Map(elements.map((one) => [JSON.stringify(one), one])).values()];
}

beforeAll(async () => {
  tenant = await newTenant();
  for (const one of people) {
    const answer = await tenant.scim('POST', '/Users', { schemas: [USER], ...one });
    expect(answer.status, answer.text).toBe(201);
  }
});

test(
  'random filters find whom they describe',
  async () => {
    await fc.assert(
      fc.asyncProperty(filter, async ({ text, holds }) => {
        const answer = await tenant.scim('GET', filtered('/Users', text, '&count=1000&attributes=userName'));
        const found = expectList(answer).map(({ userName }) => userName);
        expect(found.toSorted()).toEqual(
          people
            .filter(holds)
            .map(({ userName }) => String(userName))
            .toSorted(),
        );
      }),
      { numRuns: FUZZ_RUNS * 2 },
    );
  },
  120_000 + FUZZ_RUNS * 100,
);

test(
  'random texts are answered or refused, never a fault of ours',
  async () => {
    const token = fc.oneof(
      word,
      fc.constantFrom(
        'and',
        'or',
        'not',
        '(',
        ')',
        '[',
        ']',
        'eq',
        'pr',
        'co',
        '"',
        '\\',
        '.',
        ':',
        'userName',
        'emails',
        'type',
        'true',
        'null',
        '1',
        ' ',
        '\t',
        '\0',
        '"a"',
      ),
      fc.string({ maxLength: 4 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(token, { maxLength: 14 }).map((tokens) => tokens.join(' ')),
        async (text) => {
          const answer = await tenant.scim('GET', filtered('/Users', text));
          if (answer.status === 200) expectList(answer);
          else expectScimError(answer, 400, 'invalidFilter');
        },
      ),
      { numRuns: FUZZ_RUNS * 2 },
    );
  },
  120_000 + FUZZ_RUNS * 100,
);

test(
  'random parameters are understood or refused, never a fault of ours',
  async () => {
    const number = fc.oneof(
      fc.integer().map(String),
      fc.constantFrom('', '0', '-1', '1e9', 'NaN', '0x10', '99999999999999999999', '1.5', ' 1', '١'),
    );
    const path = fc.oneof(
      fc.constantFrom(
        'userName',
        'emails',
        'emails.value',
        'emails[type eq "work"].value',
        'name',
        'meta',
        'meta.created',
        'id',
        'groups',
        'groups.display',
        'schemas',
        'password',
        'x509Certificates',
        'active',
        '__proto__',
        'constructor',
        ENTERPRISE,
        `${ENTERPRISE}:manager`,
        'urn:x',
        '',
        '.',
        ',',
      ),
      fc.string({ maxLength: 5 }),
    );
    const list = fc.array(path, { maxLength: 4 }).map((paths) => paths.join(','));
    const query = fc
      .record(
        {
          startIndex: number,
          count: number,
          sortBy: path,
          sortOrder: fc.constantFrom('ascending', 'DESCENDING', '', 'sideways'),
          attributes: list,
          excludedAttributes: list,
        },
        { requiredKeys: [] },
      )
      .map((parameters) => new URLSearchParams(parameters as Record<string, string>).toString());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('/Users', '/Groups', '/Users/00919288221112222', '/Schemas'), query, async (endpoint, text) => {
        const answer = await tenant.scim('GET', `${endpoint}?${text}`);
        expect([200, 400, 404], answer.text).toContain(answer.status);
        if (answer.status !== 200) expectScimError(answer, [400, 404], answer.body.scimType);
        else {
          for (const resource of answer.body.Resources) {
            expect(resource).toMatchObject({ id: expect.any(String), schemas: expect.any(Array) });
          }
        }
        expect(answer.text).not.toMatch(/"password":/);
      }),
      { numRuns: FUZZ_RUNS * 2 },
    );
  },
  120_000 + FUZZ_RUNS * 100,
);
