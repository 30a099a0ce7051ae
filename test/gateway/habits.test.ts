/** Which habits a request shows: each in the shape its clients send, and none in what the standard says. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clientOf, habitsOf } from '../../gateway/scim/habits.js';
import type { JsonObject } from '../../schema/change.js';
import { type Client, type Habit, habitNames } from '../../schema/habits.js';
import { groupResource, type ResourceType, userResource } from '../../schema/resources.js';
import { CONDECO, ENTERPRISE, groupBody, GROUP, PATCH_OP, patchOp, USER, userBody } from '../support/scim.js';
import { quickestOf } from './quickest.js';

type Case = [habits: readonly Habit[], body: object, type?: ResourceType];

const look = (method: string, body: object, type: ResourceType = userResource, query = '') =>
  habitsOf({ method, query, body: body as JsonObject, type }).toSorted();

const user = (over: object) => ({ schemas: [USER], userName: 'a@b.c', ...over });
const group = (over: object) => ({ schemas: [GROUP], displayName: 'Sales', ...over });
const withoutPath = (value: object) => patchOp({ op: 'replace', value });

describe('what is created', () => {
  test.each<Case>([
    [[], userBody('a@b.c', { externalId: '00u1', groups: [], [ENTERPRISE]: { department: 'Sales', manager: { value: '1' } } })],
    [[], groupBody('Sales', ['1', '2']), groupResource],
    [[], groupBody('Sales'), groupResource],
    [['PASSWORD_SENT'], user({ password: '1mz050nq', groups: [] })],
    [['MISSING_SCHEMAS'], { userName: 'a@b.c' }],
    [['MISSING_SCHEMAS', 'EMPTY_VALUES'], { schemas: [], userName: 'a@b.c' }],
    [[], {}],
    [
      ['UNKNOWN_SCHEMAS'],
      group({
        schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
        meta: { resourceType: 'Group' },
      }),
      groupResource,
    ],
    [['UNKNOWN_ATTRIBUTES'], user({ foo: 1 })],
    [['UNKNOWN_ATTRIBUTES'], user({ __proto__x: 1 })],
    [['UNKNOWN_ATTRIBUTES'], user({ 'urn:x:y': {} })],
    [['UNKNOWN_ATTRIBUTES'], user({ name: { nick: 'A' } })],
    [['UNKNOWN_ATTRIBUTES'], user({ [ENTERPRISE]: { foo: 1 } })],
    [['MISSPELT_ATTRIBUTES'], user({ preferedLanguage: 'en' })],
    [['MISSPELT_ATTRIBUTES'], user({ address: [{ type: 'work', country: 'DE' }] })],
    [['OTHER_CASE'], user({ displayname: 'A' })],
    [['OTHER_CASE'], user({ emails: [{ Value: 'a@b.c' }] })],
    [['OTHER_CASE'], user({ [CONDECO]: { Floor: '2' } })],
    [['EMPTY_VALUES'], user({ title: '' })],
    [['EMPTY_VALUES'], user({ addresses: null })],
    [['EMPTY_VALUES'], user({ roles: [] })],
    [['EMPTY_VALUES'], user({ name: { middleName: null } })],
    [['EMPTY_VALUES'], user({ phoneNumbers: [{ type: 'mobile', value: '' }] })],
    [['EMPTY_VALUES'], user({ [ENTERPRISE]: { department: '' } })],
    [['EMPTY_VALUES'], user({ [ENTERPRISE]: null })],
    [['TEXT_BOOLEANS'], user({ active: 'True' })],
    [['OTHER_PART_NAMES'], user({ [ENTERPRISE]: { manager: { managerId: '7' } } })],
    [['OTHER_PART_NAMES'], user({ roles: [{ value: 'A', displayName: 'A' }] })],
    [['FILTERED_KEYS'], user({ 'emails[type eq "work"].value': 'a@b.c' })],
    [['TEXT_BOOLEANS'], user({ roles: [{ value: 'A', primary: 'true' }] })],
    [['NUMBERS_FOR_TEXT'], user({ [ENTERPRISE]: { costCenter: 4711 } })],
    [['NUMBERS_FOR_TEXT'], user({ title: true })],
    [['BARE_MANAGER'], user({ [ENTERPRISE]: { manager: '7' } })],
    [['LIST_FOR_OBJECT'], user({ [ENTERPRISE]: { manager: [{ value: '7' }] } })],
    [['BARE_ELEMENTS'], group({ members: ['7'] }), groupResource],
    [['BARE_ELEMENTS'], group({ members: '7' }), groupResource],
    [['OBJECT_FOR_LIST'], user({ emails: { value: 'a@b.c' } })],
    [['TEXT_BOOLEANS', 'UNKNOWN_ATTRIBUTES'], user({ [USER]: { active: 'True', foo: 1 } })],
    [[], user({ [USER]: { title: 'T' } })],
    [[], user({ [USER]: null })],
    [['DOTTED_KEYS'], user({ 'name.givenName': 'A' })],
    [['URN_KEYS'], user({ [`${ENTERPRISE}:department`]: 'A' })],
    [['UNQUALIFIED_EXTENSIONS'], user({ department: 'A' })],
    [['COLON_AFTER_URN'], user({ [`${CONDECO}:`]: { floor: '2' } })],
    [['COLON_AFTER_URN'], user({ schemas: [USER, `${CONDECO}:`] })],
    [['COLON_AFTER_URN'], user({ [`${USER}:`]: { title: 'T' } })],
    [['COLON_AFTER_URN', 'URN_KEYS'], user({ [`${CONDECO}::floor`]: '2' })],
    [['COLON_AFTER_URN', 'URN_KEYS', 'OTHER_CASE'], user({ [`${CONDECO}::Floor`]: '2' })],
    [['UNKNOWN_ATTRIBUTES'], user({ [`${CONDECO}::::floor`]: '2' })],
  ])('%j: %j', (habits, body, type) => expect(look('POST', body, type)).toEqual([...habits].toSorted()));
});

describe('what is replaced', () => {
  const meta = { resourceType: 'User', created: '2026-01-31T09:30:00.000Z', lastModified: '2026-01-31T09:30:00.000Z', version: 'W/"1"' };
  test.each<Case>([
    [['UPDATES_BY_PUT'], groupBody('Sales', ['1'], { id: '7' }), groupResource],
    [['UPDATES_BY_PUT', 'GET_ECHOED_AS_PUT'], user({ id: '7', meta, active: false })],
    [['UPDATES_BY_PUT'], user({ meta: { resourceType: 'User' } })],
    [['UPDATES_BY_PUT', 'EMPTY_VALUES', 'TEXT_BOOLEANS'], user({ active: 'true', title: '' })],
    [['UPDATES_BY_PUT'], {}],
  ])('%j: %j', (habits, body, type) => expect(look('PUT', body, type)).toEqual([...habits].toSorted()));
});

describe('what is changed', () => {
  test.each<Case>([
    [[], patchOp({ op: 'replace', path: 'displayName', value: 'A' }, { op: 'add', path: `${ENTERPRISE}:department`, value: 'B' })],
    [[], patchOp({ op: 'add', path: 'members', value: [{ value: '7' }] }, { op: 'remove', path: 'members[value eq "7"]' }), groupResource],
    [[], patchOp({ op: 'remove', path: 'externalId' }, { op: 'replace', path: 'members', value: [] }), groupResource],
    [[], patchOp({ op: 'replace', path: 'emails[type eq "work"]', value: { value: 'a@b.c' } })],
    [['PATH_LESS_OPERATIONS'], withoutPath({ active: false })],
    [['PATH_LESS_OPERATIONS', 'READ_ONLY_CHANGES'], withoutPath({ id: '7', displayName: 'Sales EU' }), groupResource],
    [['PATH_LESS_OPERATIONS', 'PASSWORD_SENT'], withoutPath({ password: 'x' })],
    [['PATH_LESS_OPERATIONS', 'DOTTED_KEYS', 'URN_KEYS'], withoutPath({ 'name.givenName': 'G', [`${ENTERPRISE}:employeeNumber`]: '7' })],
    [['PATH_LESS_OPERATIONS', 'FILTERED_KEYS'], withoutPath({ 'emails[type eq "work"].value': 'a@b.c' })],
    [['CAPITALISED_OPERATIONS', 'TEXT_BOOLEANS'], patchOp({ op: 'Replace', path: 'active', value: 'False' })],
    [['TEXT_BOOLEANS'], patchOp({ op: 'replace', path: 'roles[primary eq "True"].value', value: 'A' })],
    [['UNQUOTED_LITERALS'], patchOp({ op: 'replace', path: 'emails[type eq work].value', value: 'a@b.c' })],
    [['CURLY_QUOTES'], patchOp({ op: 'replace', path: 'emails[type eq “work”].value', value: 'a@b.c' })],
    [[], patchOp({ op: 'replace', path: 'emails[type eq "“work”"].value', value: 'a@b.c' })],
    [['JSON_IN_VALUES'], patchOp({ op: 'add', path: 'roles', value: [{ value: '{"id":"06b0","value":"Admin","displayName":"Admin"}' }] })],
    [[], patchOp({ op: 'add', path: 'roles', value: [{ value: '{"id":"06b0"}' }] })],
    [
      ['REMOVAL_BY_VALUES', 'CAPITALISED_OPERATIONS'],
      patchOp({ op: 'Remove', path: 'members', value: [{ $ref: null, value: '7' }] }),
      groupResource,
    ],
    [
      [],
      patchOp({ op: 'remove', path: 'members[value eq "7"]', value: [{ value: '7' }] }, { op: 'remove', path: 'members', value: [] }),
      groupResource,
    ],
    [['EMPTY_VALUES'], patchOp({ op: 'add', path: 'members', value: [{ $ref: null, value: '7' }] }), groupResource],
    [['EMPTY_VALUES'], patchOp({ op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: '' } })],
    [['BARE_MANAGER'], patchOp({ op: 'add', path: `${ENTERPRISE}:manager`, value: '7' })],
    [
      ['UNQUALIFIED_EXTENSIONS', 'LIST_FOR_OBJECT', 'EMPTY_VALUES'],
      patchOp({ op: 'add', path: 'manager', value: [{ $ref: null, value: '7' }] }),
    ],
    [
      ['WRAPPED_VALUES', 'LIST_FOR_OBJECT', 'TEXT_BOOLEANS'],
      patchOp({ op: 'replace', path: 'active', value: [{ $ref: null, value: 'False' }] }),
    ],
    [['WRAPPED_VALUES', 'EMPTY_VALUES'], patchOp({ op: 'replace', path: 'title', value: { value: '' } })],
    [['COLON_AFTER_URN'], patchOp({ op: 'add', path: `${CONDECO}::floor`, value: '2' })],
    [['COLON_AFTER_URN'], patchOp({ op: 'add', path: `${USER}::emails[type eq "a:"].value`, value: 'a@b.c' })],
    [[], patchOp({ op: 'add', path: `${USER}:emails[type eq "a::b"].value`, value: 'a@b.c' })],
    [['FILTERS_WITHOUT_EQ'], patchOp({ op: 'replace', path: 'emails[type co "work"].value', value: 'a@b.c' })],
    [['FILTERS_WITHOUT_EQ'], patchOp({ op: 'replace', path: 'emails[type eq "work" or type eq "home"]', value: { value: 'a@b.c' } })],
    [[], patchOp({ op: 'remove', path: 'emails[type co "work"].value' })],
    [['OTHER_CASE'], patchOp({ op: 'add', path: 'emails[type eq "other"].Value', value: 'a@b.c' })],
    [['OTHER_CASE'], { schemas: [PATCH_OP], operations: [] }],
    [['MISSPELT_ATTRIBUTES'], patchOp({ op: 'add', path: 'address[type eq "work"].country', value: 'DE' })],
    [['PASSWORD_SENT'], patchOp({ op: 'replace', path: 'password', value: 'x' })],
    [['MISSING_SCHEMAS'], { Operations: [{ op: 'add', path: 'title', value: 'A' }] }],
    [
      ['UNKNOWN_ATTRIBUTES'],
      { schemas: [PATCH_OP], Operations: [null, 7, {}, { op: 7 }, { op: 'add', path: 7 }, { op: 'add', path: 'no[', value: 1 }] },
    ],
  ])('%j: %j', (habits, body, type) => expect(look('PATCH', body, type)).toEqual([...habits, 'UPDATES_BY_PATCH'].toSorted()));
});

describe('what is looked for', () => {
  test.each<readonly [readonly Habit[], string]>([
    [[], ''],
    [[], 'startIndex=1&count=2'],
    [[], 'filter=userName%20eq%20%22ann%2Btest%40x.com%22'],
    [[], 'count=1&filter=userName eq "ann+test@x.com"'],
    [[], 'filter=active eq true and externalId eq 4711 and title eq null'],
    [[], 'filter=title eq "x eq y"'],
    [[], 'filter=title eq "true"'],
    [[], 'filter=%'],
    [['FORM_ENCODED_FILTERS'], 'filter=userName+eq+"ann%40x.com"'],
    [['FORM_ENCODED_FILTERS'], 'excludedAttributes=members&FILTER=displayName+eq+%22A%22'],
    [['UNQUOTED_LITERALS'], 'filter=userName eq ann@x.com'],
    [['CURLY_QUOTES'], 'filter=userName eq “ann lee@x.com”'],
    [['UNQUOTED_LITERALS', 'FORM_ENCODED_FILTERS'], 'filter=externalId+eq+00u1'],
    [['TEXT_BOOLEANS'], 'filter=roles[primary eq "True"] pr'],
    [['TEXT_BOOLEANS'], 'filter=emails.primary EQ "false"'],
  ])('%j: %s', (habits, query) => expect(look('GET', {}, userResource, query)).toEqual([...habits].toSorted()));
});

test.each<readonly [Client, string | undefined]>([
  ['OKTA', 'Okta SCIM Client 1.0.0'],
  ['OKTA', 'OKTA SCIM Integration'],
  ['ENTRA', 'AzureAD provisioning'],
  ['ENTRA', 'Microsoft Entra ID'],
  ['ONELOGIN', 'OneLogin SCIM'],
  ['JUMPCLOUD', 'JumpCloud/1'],
  ['PING', 'PingFederate/12'],
  ['RIPPLING', 'rippling'],
  ['CYBERARK', 'Idaptive'],
  ['GOOGLE', 'Google Provisioning'],
  ['OTHER', undefined],
  ['OTHER', ''],
  ['OTHER', 'Google-HTTP-Java-Client/1.4'],
  ['OTHER', 'curl/8'],
  ['OTHER', 'Apache-HttpClient/4.5'],
  ['OTHER', 'spoktation'],
  ['OTHER', 'Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.19045) PowerShell/7.4'],
  ['OTHER', `${'x'.repeat(300)} Okta`],
])('%s is %j', (client, userAgent) => expect(clientOf(userAgent)).toBe(client));

test('anything may be sent: habits are known names, each once', () => {
  const key = fc.oneof(
    fc.constantFrom(
      'schemas',
      'Operations',
      'op',
      'path',
      'value',
      'active',
      'name',
      'emails',
      'meta',
      'members',
      ENTERPRISE,
      `${ENTERPRISE}:manager`,
    ),
    fc.string(),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom('add', 'Remove', 'active', 'emails[type eq "', null, true, 7),
      fc.string(),
      fc.array(tie('value')),
      fc.dictionary(key, tie('value')),
    ),
  }));
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'PUT', 'PATCH'),
      fc.string(),
      fc.dictionary(key, value),
      fc.constantFrom(userResource, groupResource),
      (method, text, body, type) => {
        const habits = habitsOf({ method, query: `filter=${text}`, body: body as JsonObject, type });
        expect(habits.every((habit) => habitNames.includes(habit))).toBe(true);
        expect(new Set(habits).size).toBe(habits.length);
      },
    ),
    { numRuns: 500 },
  );
});

test.each<readonly [string, string, object, string]>([
  ['a user', 'POST', userBody('a@b.c'), ''],
  [
    'a hundred thousand members',
    'PUT',
    groupBody(
      'Sales',
      Array.from({ length: 100_000 }, (_, at) => `id-${at}`),
    ),
    '',
  ],
  [
    'a thousand operations',
    'PATCH',
    patchOp(...Array.from({ length: 1000 }, (_, at) => ({ op: 'remove', path: `members[value eq "${at}"]` }))),
    '',
  ],
  ['quotes and backslashes', 'GET', {}, `filter=${'"\\'.repeat(4000)}`],
  ['dots', 'GET', {}, `filter=${'a.'.repeat(4000)} eq "true"`],
])('takes little time: %s', (_, method, body, query) => {
  const type = method === 'POST' ? userResource : groupResource;
  const observed = { method, query, body: body as JsonObject, type };
  expect(quickestOf(40, () => habitsOf(observed))).toBeLessThan(5);
});
