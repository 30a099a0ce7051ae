import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../schema/change.js';
import { groupResource, userResource } from '../../schema/resources.js';
import { readResource, toGraphQLInput } from '../../gateway/scim/body.js';
import { withElementsJoined } from '../../gateway/scim/joined-ids.js';
import { refusalOf } from './refusal.js';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CONDECO = 'urn:ietf:params:scim:schemas:extension:customextensionname:2.0:User';

const user = (body: object) => {
  const { userName: _, ...rest } = readResource(userResource, { userName: 'ann', ...body });
  return rest;
};
const group = (body: object) => {
  const { displayName: _, ...rest } = readResource(groupResource, { displayName: 'Sales', ...body });
  return rest;
};
const manager = (value: unknown) => user({ [ENT]: { manager: value } });

describe('a user in a body', () => {
  test.each<[string, object, object]>([
    ['plain', { displayName: 'Ann', active: false }, { displayName: 'Ann', active: false }],
    ['keys in any case', { DISPLAYNAME: 'Ann', Name: { GIVENNAME: 'A' } }, { displayName: 'Ann', name: { givenName: 'A' } }],
    [
      'aliases of the published table',
      { preferedLanguage: 'en', address: [{ country: 'GB' }] },
      { preferredLanguage: 'en', addresses: [{ country: 'GB' }] },
    ],
    ['dotted keys', { 'name.givenName': 'A', 'Name.FamilyName': 'L' }, { name: { givenName: 'A', familyName: 'L' } }],
    ['a dotted key beside its object', { name: { givenName: 'A' }, 'name.familyName': 'L' }, { name: { givenName: 'A', familyName: 'L' } }],
    [
      'unknown keys',
      { foo: 1, constructor: 2, toString: 3, 'name.foo': 4, 'urn:foo:bar': { x: 1 }, emails: [{ value: 'a', foo: 1 }] },
      { emails: [{ value: 'a' }] },
    ],
    ['what the service sets', { id: '1', schemas: ['x'], meta: { version: 'W/"1"' }, groups: [{ value: 'g' }] }, {}],
    ['the password', { password: 'geheim' }, {}],
    ['nothing in three spellings', { title: null, nickName: '', emails: [], locale: '  ', name: {}, phoneNumbers: [null] }, {}],
    ['active as Entra writes it', { active: 'False' }, { active: false }],
    ['active as OneLogin writes it', { active: 'true' }, { active: true }],
    ['active without a value', { active: null }, {}],
    ['a number for text', { [ENT]: { costCenter: 4711 } }, { [ENT]: { costCenter: '4711' } }],
    ['e-mails as one object (OneLogin)', { emails: { value: 'a@x', primary: 'True' } }, { emails: [{ value: 'a@x', primary: true }] }],
    ['e-mails as bare text', { emails: ['a@x'] }, { emails: [{ value: 'a@x' }] }],
    [
      'elements without a value',
      {
        phoneNumbers: [
          { type: 'mobile', value: '' },
          { value: '1', type: 'work' },
        ],
      },
      { phoneNumbers: [{ value: '1', type: 'work' }] },
    ],
    ['only elements without a value', { addresses: [{ type: 'work', country: '' }] }, {}],
    ['an external id cleared', { externalId: null }, { externalId: null }],
    ['an external id cleared by an empty text', { externalId: '' }, { externalId: null }],
    ['a display of an e-mail, echoed', { emails: [{ value: 'a', display: 'A', $ref: null }] }, { emails: [{ value: 'a', display: 'A' }] }],
  ])('%s', (_, body, expected) => expect(user(body)).toEqual(expected));

  // In either order of the keys, to which JSON gives no meaning: what is echoed is in our own spelling, what is mapped beside it in any.
  test.each<[string, readonly [string, unknown], readonly [string, unknown], object]>([
    ['another case', ['title', 'old'], ['Title', 'new'], { title: 'new' }],
    ['the URN before it', ['title', 'old'], [`${CORE}:title`, 'new'], { title: 'new' }],
    ['the URN, and another case', [`${CORE}:title`, 'old'], ['TITLE', 'new'], { title: 'new' }],
    ['an alias', ['preferredLanguage', 'en'], ['preferedLanguage', 'de'], { preferredLanguage: 'de' }],
    [
      'a part beside the whole',
      ['name', { givenName: 'old', familyName: 'L' }],
      ['name.givenName', 'new'],
      { name: { givenName: 'new', familyName: 'L' } },
    ],
    [
      'the extension beside its attribute',
      [ENT, { department: 'old', division: 'D' }],
      [`${ENT}:department`, 'new'],
      { [ENT]: { department: 'new', division: 'D' } },
    ],
    ['the extension beside a plain name', [ENT, { department: 'old' }], ['department', 'new'], { [ENT]: { department: 'new' } }],
    [
      'the extension in another case',
      [ENT, { department: 'old' }],
      [ENT.toLowerCase(), { department: 'new' }],
      { [ENT]: { department: 'new' } },
    ],
  ])('%s counts', (_, echoed, mapped, expected) => {
    for (const entries of [
      [echoed, mapped],
      [mapped, echoed],
    ]) {
      expect(user(Object.fromEntries(entries))).toEqual(expected);
    }
  });

  test.each<[object]>([[{ name: { givenName: 'old', GivenName: 'new' } }], [{ name: { GivenName: 'new', givenName: 'old' } }]])(
    'so it is within a value: %j',
    (body) => expect(user(body)).toEqual({ name: { givenName: 'new' } }),
  );

  test('takes no key that is not declared', () => {
    const read = readResource(
      userResource,
      JSON.parse('{"userName":"a","__proto__":{"active":false},"name":{"__proto__":{"x":1},"givenName":"A"}}') as JsonObject,
    );
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(read).toEqual({ userName: 'a', name: { givenName: 'A' } });
  });
});

describe('extensions in a body', () => {
  test.each<[string, object, object]>([
    ['whatever schemas says', { schemas: [], [ENT]: { department: 'S' } }, { [ENT]: { department: 'S' } }],
    ['their URN in any case', { [ENT.toUpperCase()]: { DEPARTMENT: 'S' } }, { [ENT]: { department: 'S' } }],
    [
      'URN and attribute in one key',
      { [`${ENT}:department`]: 'S', [`${ENT}:manager.value`]: '7' },
      { [ENT]: { department: 'S', manager: { value: '7' } } },
    ],
    ['URN and attribute with a dot (Microsoft)', { [`${ENT}.department`]: 'S' }, { [ENT]: { department: 'S' } }],
    ['two of them', { [ENT]: { division: 'D' }, [CONDECO]: { floor: 3 } }, { [ENT]: { division: 'D' }, [CONDECO]: { floor: '3' } }],
    ['nothing in them', { [ENT]: {}, [CONDECO]: null }, {}],
    ['only what is empty in them', { [ENT]: { department: '', manager: null } }, {}],
  ])('%s', (_, body, expected) => expect(user(body)).toEqual(expected));

  test.each<[string, unknown]>([
    ['bare', '7'],
    ['an object', { value: '7' }],
    ['a list', [{ value: '7' }]],
    ['with an address', { value: '7', $ref: 'https://x/Users/7', displayName: 'M' }],
    ['with a null address', [{ $ref: null, value: '7' }]],
    ["as OneLogin's template names it", { managerId: '7' }],
    ["as OneLogin's template names it, as a number", { ManagerID: 7 }],
  ])('the manager %s', (_, value) => expect(manager(value)).toEqual({ [ENT]: { manager: { value: '7' } } }));

  test.each([[''], [null], [[]], [{ value: '' }], [{}], [{ managerId: '' }]])('no manager: %j', (value) =>
    expect(manager(value)).toEqual({}),
  );
});

describe('attributes nested under the URN of their own schema', () => {
  test.each<[string, object, object]>([
    ['are attributes', { [CORE]: { active: 'False', name: { givenName: 'A' }, foo: 1 } }, { active: false, name: { givenName: 'A' } }],
    ['the URN in any case', { [CORE.toUpperCase()]: { title: 'T' } }, { title: 'T' }],
    [
      'beside extensions, and around them',
      { [CORE]: { title: 'T', [ENT]: { department: 'S' } }, [CONDECO]: { floor: '1' } },
      { title: 'T', [ENT]: { department: 'S' }, [CONDECO]: { floor: '1' } },
    ],
    [
      'the nested one counts, where it comes last',
      { title: 'plain', emails: ['a@x'], [CORE]: { title: 'nested', emails: ['b@x'] } },
      { title: 'nested', emails: [{ value: 'b@x' }] },
    ],
    [
      'the nested one counts, where it comes first',
      { [CORE]: { title: 'nested', externalId: 'x' }, title: 'plain', externalId: null },
      { title: 'nested', externalId: 'x' },
    ],
    [
      'parts come together',
      { [CORE]: { name: { familyName: 'L' } }, name: { givenName: 'A', familyName: 'X' } },
      { name: { givenName: 'A', familyName: 'L' } },
    ],
    [
      'what has no value nested has the plain one',
      { [CORE]: { active: null, title: '' }, active: false, title: 'plain' },
      { active: false, title: 'plain' },
    ],
    ['nothing', { [CORE]: null }, {}],
    ['nothing in it', { [CORE]: {} }, {}],
    ['what is not theirs', { [CORE]: { id: '1', meta: {}, groups: [] } }, {}],
  ])('%s', (_, body, expected) => expect(user(body)).toEqual(expected));

  test('the user name may be there', () =>
    expect(readResource(userResource, { [CORE]: { userName: 'ann' } })).toEqual({ userName: 'ann' }));

  test('anything else there is refused', () => {
    expect(refusalOf(() => user({ [CORE]: 'x' }))).toEqual([
      'INVALID_VALUE',
      `The attribute "${CORE}" takes an object with attributes of the resource.`,
    ]);
  });
});

describe('a group in a body', () => {
  test.each<[string, object, object]>([
    ['members as Okta sends them', { members: [{ value: '1', display: 'a@x' }] }, { members: ['1'] }],
    ['members as Entra sends them', { members: [{ $ref: null, value: '1', type: 'User' }] }, { members: [{ value: '1', type: 'User' }] }],
    ['a member as bare text', { members: '1' }, { members: ['1'] }],
    ['members as bare texts', { members: ['1', '2'] }, { members: ['1', '2'] }],
    [
      'members of whom some say more',
      {
        members: [
          { value: '1', $ref: null },
          { value: '2', type: 'User' },
        ],
      },
      { members: ['1', { value: '2', type: 'User' }] },
    ],
    ['no members asked for', { members: [] }, { members: [] }],
    ['members null, as of who has not read them', { members: null }, {}],
    ['members that say nothing', { members: '' }, {}],
    ['members absent', {}, {}],
  ])('%s', (_, body, expected) => expect(group(body)).toEqual(expected));

  test.each([[[null]], [[{}]], [[{ value: '' }]], [[{ display: 'a' }]], [[{ type: 'User' }]]])(
    'a member without an id is refused, never lost: %j',
    (members) => {
      expect(refusalOf(() => group({ members }))).toEqual(['INVALID_VALUE', expect.stringContaining('"members" needs "value"')]);
    },
  );

  test('too many values', () => {
    expect(refusalOf(() => user({ emails: Array(501).fill('a') }))).toEqual(['TOO_MANY', expect.stringContaining('at most 500')]);
    expect(refusalOf(() => group({ members: Array(100_001).fill('a') }))).toEqual(['TOO_MANY', expect.stringContaining('at most 100000')]);
  });
});

describe('what does not fit is refused with its name', () => {
  test.each<[string, object, string]>([
    ['active', { active: 'yes' }, '"active" takes true or false'],
    ['active as a number', { active: 1 }, '"active" takes true or false'],
    ['a part of a list', { emails: [{ value: 'a', primary: 'x' }] }, '"emails.primary" takes true or false'],
    ['text', { title: { a: 1 } }, '"title" takes text'],
    ['a list of two for one', { title: ['a', 'b'] }, '"title" takes text'],
    ['a name as text', { name: 'Ann Lee' }, '"name" takes an object with'],
    ['a list in a list', { emails: [['a', 'b']] }, '"emails" takes an object'],
    ['an extension', { [ENT]: 'x' }, `"${ENT}" takes an object`],
    ['in an extension', { [ENT]: { manager: { value: {} } } }, `"${ENT}:manager.value" takes text`],
  ])('%s', (_, body, sentence) => expect(refusalOf(() => user(body))).toEqual(['INVALID_VALUE', expect.stringContaining(sentence)]));

  test.each([[{}], [{ userName: '' }], [{ userName: null }], [{ username: ' ' }]])('a user name is required: %j', (body) => {
    expect(refusalOf(() => readResource(userResource, body as JsonObject))).toEqual([
      'INVALID_VALUE',
      expect.stringContaining('"userName" is required'),
    ]);
  });
});

test.each<[string, readonly unknown[], object]>([
  ['ids alone are one text', [{ value: '1', display: 'a' }, '2'], { joinedMemberIds: '1,2' }],
  ['ids that are numbers are, too', [1, '2', 3], { joinedMemberIds: '1,2,3' }],
  [
    'where one says more, all are objects',
    [{ value: '1' }, { value: '2', type: 'User' }],
    { members: [{ value: '1' }, { value: '2', type: 'User' }] },
  ],
  ['where one has a comma, too', [{ value: '1,2' }, { value: '3' }], { members: [{ value: '1,2' }, { value: '3' }] }],
  ['nobody is a list', [], { members: [] }],
])('for GraphQL, of members: %s', (_, members, expected) => {
  const resource = readResource(groupResource, { displayName: 'Sales', members } as JsonObject);
  expect(toGraphQLInput(groupResource, withElementsJoined(groupResource, resource))).toEqual({ displayName: 'Sales', ...expected });
});

test('for GraphQL an extension stands under its field, and what is cleared stays null', () => {
  const body = { userName: 'a', externalId: null, [ENT]: { department: 'S' }, [CONDECO]: { group: 'G' } };
  expect(toGraphQLInput(userResource, readResource(userResource, body))).toEqual({
    userName: 'a',
    externalId: null,
    enterprise: { department: 'S' },
    condeco: { group: 'G' },
  });
});
