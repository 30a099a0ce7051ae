/** A company of strangers for the property of whole queries: users and groups with everything that sorts, compares or escapes badly. */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { ScimBody } from './http.js';
import { declareKinds, KINDS, ofKinds } from './query-kinds.js';
import { word } from './query-model.js';
import { CONDECO, ENTERPRISE, expectList, GROUP, type Operation, patchOp, USER } from './scim.js';
import type { Tenant } from './world.js';

const USERS = 200;
const GROUPS = 20;
const AT_ONCE = 10;

// Few people have everything; null and "" are values absent, as clients write them.
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary }, { weight: 2, arbitrary: fc.constantFrom(undefined, null) });
const some = (...names: string[]) => fc.record(Object.fromEntries(names.map((name) => [name, maybe(word)])));
const primary = fc.constantFrom(true, false, undefined);
const list = (types: readonly string[], value: fc.Arbitrary<string> = word) =>
  maybe(fc.array(fc.record({ value, type: maybe(fc.constantFrom(...types)), display: maybe(word), primary }), { maxLength: 4 }));

const person = fc.record({
  name: word,
  externalId: maybe(word),
  displayName: maybe(word),
  nickName: maybe(word),
  title: maybe(word),
  userType: maybe(word),
  preferredLanguage: maybe(fc.constantFrom('en', 'en-GB', 'EN')),
  profileUrl: maybe(word.map((text) => `https://x.com/${text}`)),
  active: fc.constantFrom(true, false, 'True', undefined),
  parts: maybe(some('formatted', 'familyName', 'givenName')),
  emails: list(
    ['work', 'home', 'Work'],
    word.map((text) => `${text}@x.com`),
  ),
  phoneNumbers: list(['mobile', 'work']),
  roles: list(['a']),
  photos: list(['photo']),
  x509Certificates: maybe(fc.array(fc.record({ value: fc.constantFrom('aGk=', 'AGk=', 'YQ=='), primary }), { maxLength: 2 })),
  addresses: maybe(
    fc.array(
      fc.record({
        locality: maybe(word),
        country: maybe(fc.constantFrom('GB', 'gb', 'DE')),
        type: fc.constantFrom('work', 'home'),
        primary,
      }),
      { maxLength: 3 },
    ),
  ),
  enterprise: maybe(fc.record({ department: maybe(word), costCenter: maybe(word), manager: maybe(fc.record({ value: word })) })),
  condeco: maybe(some('group', 'floor', 'businessCategory')),
});

/** What happens to some of them afterwards: what is taken away must be as absent as what never was. */
const change = fc.constantFrom<Operation>(
  { op: 'remove', path: 'title' },
  { op: 'replace', path: 'title', value: 'Ä' },
  { op: 'remove', path: 'name.givenName' },
  { op: 'remove', path: 'name' },
  { op: 'remove', path: 'emails' },
  { op: 'remove', path: 'emails[type eq "work"]' },
  { op: 'add', path: 'emails', value: [{ value: 'late@x.com', primary: true }] },
  { op: 'replace', path: 'emails[type eq "home"].value', value: 'a%@x.com' },
  { op: 'remove', path: 'roles[primary eq true]' },
  { op: 'remove', path: `${ENTERPRISE}:department` },
  { op: 'remove', path: `${ENTERPRISE}:manager` },
  { op: 'remove', path: `${CONDECO}:floor` },
  { op: 'replace', path: 'addresses[type eq "work"].country', value: 'gb' },
  { op: 'replace', path: 'active', value: false },
  { op: 'remove', path: 'externalId' },
  { op: 'replace', path: 'displayName', value: '' },
  { op: 'add', path: `${KINDS}:hired`, value: '2020-01-01T04:00:00+02:00' },
  { op: 'remove', path: `${KINDS}:nums` },
  { op: 'replace', path: `${KINDS}:pets[since le "2020-01-01T03:00:00+01:00"].age`, value: 10 },
);
const changes = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(change, { minLength: 1, maxLength: 3 }) },
);

// The same company every time: a failure can be repeated.
const people = fc.sample(person, { numRuns: USERS, seed: 20261124 });
const kindsOfEach = fc.sample(ofKinds, { numRuns: USERS, seed: 20261127 });
const changesOfEach = fc.sample(changes, { numRuns: USERS, seed: 20261125 });
const groups = fc.sample(
  fc.record({ name: word, externalId: maybe(word), members: fc.array(fc.nat({ max: USERS - 1 }), { maxLength: 12 }) }),
  { numRuns: GROUPS, seed: 20261126 },
);

const toUser = ({ name, parts, enterprise, condeco, ...rest }: (typeof people)[number], index: number) => ({
  schemas: [USER],
  userName: `${name}-${index}`,
  ...rest,
  name: parts,
  [ENTERPRISE]: enterprise,
  [CONDECO]: condeco,
  [KINDS]: kindsOfEach[index],
});

async function create(tenant: Tenant, endpoint: string, bodies: readonly object[]): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < bodies.length; from += AT_ONCE) {
    const answers = await Promise.all(bodies.slice(from, from + AT_ONCE).map((body) => tenant.scim('POST', endpoint, body)));
    for (const answer of answers) expect(answer.status, answer.text).toBe(201);
    ids.push(...answers.map(({ body }) => body.id));
  }
  return ids;
}

async function changeSome(tenant: Tenant, ids: readonly string[]): Promise<void> {
  for (const [index, id] of ids.entries()) {
    for (const operation of changesOfEach[index]!) {
      const { status, text } = await tenant.scim('PATCH', `/Users/${id}`, patchOp(operation));
      expect([200, 204, 400], text).toContain(status); // 400: there is no such value to change
    }
  }
}

export interface Company {
  readonly users: readonly ScimBody[];
  readonly groups: readonly ScimBody[];
}

/** Fills the tenant, and answers everybody as they are shown one by one. */
export async function foundCompany(tenant: Tenant): Promise<Company> {
  await declareKinds(tenant);
  const ids = await create(tenant, '/Users', people.map(toUser));
  const groupIds = await create(
    tenant,
    '/Groups',
    groups.map(({ name, externalId, members }, index) => ({
      schemas: [GROUP],
      displayName: `${name}-${index}`,
      externalId,
      members: members.map((member) => ({ value: ids[member] })),
    })),
  );
  await changeSome(tenant, ids);
  const readAll = (endpoint: string, all: readonly string[]) =>
    Promise.all(all.map(async (id) => (await tenant.scim('GET', `${endpoint}/${id}`)).body));
  const company = { users: await readAll('/Users', ids), groups: await readAll('/Groups', groupIds) };
  expect(expectList(await tenant.scim('GET', '/Users?count=1000'))).toHaveLength(USERS);
  return company;
}
