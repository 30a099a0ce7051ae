import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../schema/change.js';
import { groupResource, userResource, type ResourceType } from '../../schema/resources.js';
import { readChanges } from '../../gateway/scim/patch.js';
import { refusalOf } from './refusal.js';

const ENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** The changes without the numbers of the operations they come from; those have a test of their own. */
const read = (type: ResourceType, operations: object[]) =>
  readChanges(type, { Operations: operations as Json[] }).map(({ operation: _, ...change }) => change);
const user = (...operations: object[]) => read(userResource, operations);
const group = (...operations: object[]) => read(groupResource, operations);
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
const merge = (value: unknown) => ({ op: 'replace', value });
const remove = (path: string) => ({ op: 'remove', path });

describe('operations with a path', () => {
  test.each<[string, object, object[]]>([
    ['as the standard has it', replace('displayName', 'A'), [replace('displayName', 'A')]],
    ['as Entra capitalises', { op: 'Add', path: 'DisplayName', value: 'A' }, [{ op: 'add', path: 'displayName', value: 'A' }]],
    ['keys in any case', { OP: 'REPLACE', Path: 'title', Value: 'A' }, [replace('title', 'A')]],
    ['a boolean as text', replace('active', 'False'), [replace('active', false)]],
    ['a value path', replace('emails[type eq "work"].Value', 'a@x'), [replace('emails[type eq "work"].value', 'a@x')]],
    ['a boolean in a value path', replace('roles[primary eq "True"].value', 'R'), [replace('roles[primary eq true].value', 'R')]],
    ['a boolean at a value path', replace('emails[type eq "work"].primary', 'True'), [replace('emails[type eq "work"].primary', true)]],
    ['an alias', replace('address[type eq "work"].country', 'GB'), [replace('addresses[type eq "work"].country', 'GB')]],
    ['the core URN', replace(`${CORE}:title`, 'A'), [replace('title', 'A')]],
    ['an extension attribute', replace(`${ENT.toUpperCase()}:Department`, 'S'), [replace(`${ENT}:department`, 'S')]],
    ['an extension attribute after a dot', replace(`${ENT}.department`, 'S'), [replace(`${ENT}:department`, 'S')]],
    ['an extension attribute without its URN', replace('manager', '7'), [replace(`${ENT}:manager`, { value: '7' })]],
    ['a part', replace('name.givenName', 'A'), [replace('name.givenName', 'A')]],
    ['some parts', replace('name', { givenName: 'A', Foo: 1 }), [replace('name', { givenName: 'A' })]],
    [
      'parts, one of them empty',
      replace('name', { givenName: 'A', middleName: '' }),
      [replace('name', { givenName: 'A', middleName: null })],
    ],
    ['parts, all empty', replace('name', { givenName: null, middleName: '' }), [replace('name', { givenName: null, middleName: null })]],
    ['an element', replace('emails[type eq "work"]', { value: 'a' }), [replace('emails[type eq "work"]', { value: 'a' })]],
    ['an element in a list', replace('emails[type eq "work"]', [{ value: 'a' }]), [replace('emails[type eq "work"]', { value: 'a' })]],
    ['a list', replace('emails', [{ value: 'a', primary: 'true' }]), [replace('emails', [{ value: 'a', primary: true }])]],
    [
      'one value for a list',
      { op: 'add', path: 'emails', value: { value: 'a' } },
      [{ op: 'add', path: 'emails', value: [{ value: 'a' }] }],
    ],
    ['a bare text for a list', { op: 'add', path: 'emails', value: 'a' }, [{ op: 'add', path: 'emails', value: [{ value: 'a' }] }]],
    ['the password', replace('password', 'geheim'), []],
    ['the removal of the password', remove('password'), []],
    ['a removal', remove('TITLE'), [remove('title')]],
    ['a removal with a needless value', { ...remove('title'), value: null }, [remove('title')]],
    ['a removal with none', { ...remove('emails'), value: null }, [remove('emails')]],
    ['a removal with no text', { ...remove('emails'), value: '' }, [remove('emails')]],
    ['a removal of nobody', { ...remove('emails'), value: [] }, []],
    [
      'a removal by labels',
      { ...remove('emails'), value: [{ type: 'work' }, { primary: 'True' }] },
      [{ ...remove('emails'), value: [{ type: 'work' }, { primary: true }] }],
    ],
    ['a removal by a template with nothing filled in', { ...remove('emails'), value: [{ type: 'work', value: '' }] }, []],
    ['an empty path', { op: 'replace', path: '', value: { title: 'A' } }, [replace('title', 'A')]],
    ['a null path', { op: 'replace', path: null, value: { title: 'A' } }, [replace('title', 'A')]],
  ])('%s', (_, operation, changes) => expect(user(operation)).toEqual(changes));
});

describe('empty values', () => {
  test.each<[string, object, object[]]>([
    ['a text', replace('title', ''), [remove('title')]],
    ['null', { op: 'add', path: 'title', value: null }, [remove('title')]],
    ['a part', replace('name.middleName', ''), [remove('name.middleName')]],
    ['at a value path', replace('phoneNumbers[type eq "work"].value', ''), [remove('phoneNumbers[type eq "work"].value')]],
    ['an element', replace('phoneNumbers[type eq "work"]', { value: '' }), [remove('phoneNumbers[type eq "work"]')]],
    ['a complex value', replace('name', null), [remove('name')]],
    ['a list replaced', replace('emails', []), [remove('emails')]],
    ['a list of nothing', replace('emails', [{ type: 'work', value: '' }]), [remove('emails')]],
    ['nothing added to a list', { op: 'add', path: 'emails', value: [] }, []],
    ['active without a value brings nobody back', replace('active', null), []],
    ['the external id', replace('externalId', ''), [remove('externalId')]],
    ['nothing that is known', replace('name', { foo: 1 }), []],
    ['a list of nothing that is known', replace('emails', [{ address: 'a@x' }, { emails: [] }]), []],
    ['an object with nothing in it for a list', replace('emails', {}), []],
    ['a list, some of which is known', replace('emails', [{ address: 'a@x' }, { value: 'b@x' }]), [replace('emails', [{ value: 'b@x' }])]],
  ])('%s', (_, operation, changes) => expect(user(operation)).toEqual(changes));
});

describe('the manager', () => {
  test.each<[unknown]>([['7'], [{ value: '7' }], [[{ value: '7', $ref: null }]], [{ $ref: 'https://x/Users/7', value: '7' }]])(
    'set by %j',
    (value) => {
      expect(user(replace(`${ENT}:manager`, value))).toEqual([replace(`${ENT}:manager`, { value: '7' })]);
    },
  );
  test.each<[unknown]>([[''], [null], [[]], [{ value: '' }], [{ value: null }], [[{ value: '' }]]])('removed by %j', (value) => {
    expect(user(replace(`${ENT}:manager`, value))).toEqual([remove(`${ENT}:manager`)]);
  });
  test('not removed by an object that says nothing about it', () => {
    expect(user(replace(`${ENT}:manager`, { displayName: 'M' }), replace(`${ENT}:manager`, {}))).toEqual([]);
  });
});

describe('operations without a path', () => {
  test.each<[string, unknown, object[]]>([
    ['Okta deactivates', { active: false }, [replace('active', false)]],
    ['with the id of the resource', { id: '1', schemas: [], meta: {}, displayName: 'A' }, [replace('displayName', 'A')]],
    [
      "Entra's dotted keys",
      { displayName: 'A', 'name.givenName': 'G', [`${ENT}:employeeNumber`]: 7 },
      [replace('displayName', 'A'), replace(`${ENT}:employeeNumber`, '7'), replace('name.givenName', 'G')],
    ],
    [
      'an extension object',
      { [ENT]: { department: 'S', manager: { value: '' }, foo: 1 } },
      [replace(`${ENT}:department`, 'S'), remove(`${ENT}:manager`)],
    ],
    [
      'an extension object whose keys have its URN, too',
      { [ENT]: { [`${ENT}:department`]: 'S', [`${ENT.toUpperCase()}:Division`]: 'D', [`${CORE}:title`]: 'T' } },
      [replace(`${ENT}:department`, 'S'), replace(`${ENT}:division`, 'D')],
    ],
    ['a value path as a key', { 'emails[type eq "work"].value': 'a' }, [replace('emails[type eq "work"].value', 'a')]],
    ["what is unknown or not the client's", { foo: 1, constructor: {}, groups: [], password: 'x', 'urn:x:y': 1 }, []],
    ['empty values', { title: '', emails: [], active: null }, [remove('title'), remove('emails')]],
  ])('%s', (_, value, changes) => expect(user(merge(value))).toEqual(changes));

  test('keys that mean something to JavaScript change nothing', () => {
    const body = JSON.parse('{"Operations":[{"op":"replace","value":{"__proto__":{"active":false},"title":"A"}}]}') as JsonObject;
    expect(readChanges(userResource, body)).toEqual([replace('title', 'A')]);
  });
});

describe('one attribute in two spellings', () => {
  test.each<[object, object[]]>([
    [{ Active: false, active: true }, [replace('active', true), replace('active', false)]],
    [{ active: true, Active: false }, [replace('active', true), replace('active', false)]],
    [{ [`${CORE}:active`]: 'False', active: true }, [replace('active', true), replace('active', false)]],
    [{ 'name.givenName': 'new', name: { givenName: 'old' } }, [replace('name', { givenName: 'old' }), replace('name.givenName', 'new')]],
    [{ name: { GivenName: 'new', givenName: '' } }, [replace('name', { givenName: 'new' })]],
    [{ department: 'new', [ENT]: { department: 'old' } }, [replace(`${ENT}:department`, 'old'), replace(`${ENT}:department`, 'new')]],
    [{ [ENT]: { Department: 'new', department: 'old' } }, [replace(`${ENT}:department`, 'old'), replace(`${ENT}:department`, 'new')]],
  ])('%j', (value, expected) => expect(user(merge(value))).toEqual(expected));
});

describe('the URN of the own schema', () => {
  const value = { active: 'False', 'emails[type eq "work"].value': 'a', [`${ENT}:department`]: 'S', foo: 1 };
  const changes = [replace('active', false), replace(`${ENT}:department`, 'S'), replace('emails[type eq "work"].value', 'a')];

  test.each([
    ['as a path', replace(CORE, value)],
    ['as a path in any case', replace(` ${CORE.toLowerCase()} `, value)],
    ['as a key', merge({ [CORE]: value })],
    ['as a key in capitals', merge({ [CORE.toUpperCase()]: value })],
  ])('stands for the resource, %s', (_, operation) => expect(user(operation)).toEqual(changes));

  test.each([
    [{ title: 'plain', [CORE]: { title: 'nested', nickName: 'N' } }],
    [{ [CORE]: { title: 'nested', nickName: 'N' }, title: 'plain' }],
  ])('comes after what is given plainly, too, and counts: %j', (both) => {
    expect(user(merge(both))).toEqual([replace('title', 'plain'), replace('title', 'nested'), replace('nickName', 'N')]);
  });

  test.each([[merge({ [CORE]: null })], [merge({ [CORE]: {} })], [replace(CORE, {})]])('asks for nothing: %j', (operation) =>
    expect(user(operation)).toEqual([]),
  );

  test.each<[object, string]>([
    [merge({ [CORE]: 'x' }), 'INVALID_VALUE'],
    [replace(CORE, 'x'), 'INVALID_VALUE'],
    [replace(CORE, null), 'INVALID_VALUE'],
    [remove(CORE), 'INVALID_PATH'],
    [{ ...remove(CORE), value: { title: 'T' } }, 'INVALID_PATH'],
  ])('removes nothing, and takes nothing but an object: %j', (operation, code) =>
    expect(refusalOf(() => user(operation))).toEqual([code, expect.stringContaining('Operation 1')]),
  );

  test('counts by what is in it', () => {
    const all = (count: number) => ({ [CORE]: Object.fromEntries(Array.from({ length: count }, (_, at) => [`u${at}`, 1])) });
    expect(user(merge(all(600)), replace(CORE, all(400)[CORE]))).toEqual([]);
    expect(refusalOf(() => user(merge(all(600)), replace(CORE, all(401)[CORE])))[0]).toBe('TOO_MANY');
  });
});

describe('a whole extension', () => {
  test('set', () =>
    expect(user(replace(ENT, { department: 'S', costCenter: '' }))).toEqual([
      replace(`${ENT}:department`, 'S'),
      remove(`${ENT}:costCenter`),
    ]));
  test.each([[remove(ENT)], [replace(ENT, null)]])('taken away by %j', (operation) => {
    expect(user(operation).map(({ op, path, ...rest }) => [op, path.slice(ENT.length), rest])).toEqual(
      [':employeeNumber', ':costCenter', ':organization', ':division', ':department', ':manager'].map((path) => ['remove', path, {}]),
    );
  });
});

describe('members', () => {
  const members = (op: string, value: unknown) => ({ op, path: 'members', value });
  test.each<[string, object, object[]]>([
    ['added by Okta', members('add', [{ value: '1', display: 'a' }]), [members('add', ['1'])]],
    ['added by Entra', members('Add', [{ $ref: null, value: '1' }]), [members('add', ['1'])]],
    ['added as bare text', members('add', '1'), [members('add', ['1'])]],
    ['added with its type', members('add', [{ value: '1', type: 'User' }]), [members('add', [{ value: '1', type: 'User' }])]],
    ['added as a number', members('add', [{ value: 1 }]), [members('add', [{ value: '1' }])]],
    ['added, none', members('add', []), []],
    ['removed by filter', remove('members[VALUE eq "1"]'), [remove('members[value eq "1"]')]],
    ['removed by list', members('Remove', [{ value: '1' }]), [members('remove', ['1'])]],
    ['removed by one object', members('remove', { value: '1' }), [members('remove', ['1'])]],
    ['removed by an empty list', members('remove', []), []],
    ['removed by null', members('remove', null), []],
    ['removed, all', remove('members'), [remove('members')]],
    ['replaced', members('replace', [{ value: '1' }]), [members('replace', ['1'])]],
    ['replaced by none', members('replace', []), [members('replace', [])]],
    ['replaced without a path', merge({ members: [{ value: '1' }] }), [members('replace', ['1'])]],
    ['replaced by none without a path', merge({ members: [] }), [members('replace', [])]],
    ['null beside a new name', merge({ id: 'g', displayName: 'N', members: null }), [replace('displayName', 'N')]],
    ['none in one spelling beside one in another', merge({ members: [{ value: '1' }], Members: [] }), [members('replace', ['1'])]],
  ])('%s', (_, operation, changes) => expect(group(operation)).toEqual(changes));

  test.each<[string, object, string]>([
    ['a part of one in passing', merge({ 'members.value': '2' }), 'MUTABILITY'],
    ['null', members('replace', null), 'INVALID_VALUE'],
    ['text that says nothing', members('add', ''), 'INVALID_VALUE'],
    ['a member without an id', members('add', [{ display: 'a' }]), 'INVALID_VALUE'],
    ['a removal without an id', members('remove', [{}]), 'INVALID_VALUE'],
    ['no value', { op: 'replace', path: 'members' }, 'INVALID_VALUE'],
    ['another id for a member', replace('members[value eq "1"].value', '2'), 'MUTABILITY'],
    ['a removal of members by what they do not have', remove('members[foo eq "1"]'), 'INVALID_FILTER'],
    ['the same beside what they have', remove('members[value eq "1" or foo eq "1"]'), 'INVALID_FILTER'],
  ])('%s is refused', (_, operation, code) => expect(refusalOf(() => group(operation))[0]).toBe(code));
});

describe('what cannot be done is refused with its number and path', () => {
  test.each<[string, object, string, string]>([
    ['an unknown op', { op: 'move', path: 'title' }, 'INVALID_SYNTAX', 'Operation 2 (path "title"): The "op" must be'],
    ['no op', { path: 'title' }, 'INVALID_SYNTAX', 'Operation 2 (path "title"): The "op"'],
    ['a path that is no text', { op: 'add', path: 1, value: 1 }, 'INVALID_PATH', 'Operation 2: '],
    ['a removal of nothing', { op: 'remove' }, 'NO_TARGET', 'Operation 2: '],
    ['no object without a path', merge('x'), 'INVALID_VALUE', 'Operation 2: '],
    ['no value', { op: 'add', path: 'title' }, 'INVALID_VALUE', '"title" needs a "value"'],
    [
      'a value that does not fit',
      replace('active', 'maybe'),
      'INVALID_VALUE',
      'Operation 2 (path "active"): The attribute "active" takes true or false.',
    ],
    ['no user name', replace('userName', ''), 'INVALID_VALUE', '"userName" is required'],
    ['no user name, without a path', merge({ userName: null }), 'INVALID_VALUE', '"userName" is required'],
    ['a wrong extension', replace(ENT, 'x'), 'INVALID_VALUE', 'takes an object'],
    ['something that is no operation', [] as object, 'INVALID_SYNTAX', 'Operation 2: '],
  ])('%s', (_, operation, code, sentence) => {
    expect(refusalOf(() => user(replace('title', 'A'), operation))).toEqual([code, expect.stringContaining(sentence)]);
  });
});

describe('a path that names nothing of ours', () => {
  test.each([
    'foo',
    'name.foo',
    'emails[type eq "work"].foo',
    'roles[id eq "1"].value',
    'roles[foo eq "]"]',
    'groups[foo pr]',
    `${ENT}:manager[foo eq "1"].value`,
    `${ENT}:foo`,
    `${ENT}:manager.displayName`,
    'urn:x:acme:2.0:User:badge',
  ])('is passed over beside one that does: %s', (path) => {
    expect(user(replace(path, 1), replace('title', 'A'))).toEqual([replace('title', 'A')]);
    expect(user(replace(path, 1), merge({}))).toEqual([]);
  });

  test('asks for nothing where nothing else is asked for', () => expect(user(replace('foo', 1), remove('bar.baz'))).toEqual([]));

  test.each(['members.foo', 'members[foo pr].bar', 'Members.value.x', 'urn:x:acme:2.0:Group:members'])(
    'is refused where it is about members: %s',
    (path) => {
      expect(refusalOf(() => group(remove(path), replace('displayName', 'A')))).toEqual([
        expect.stringMatching('INVALID_'),
        expect.stringContaining('Operation 1 '),
      ]);
    },
  );
});

describe('what would say who may enter, and does not', () => {
  const slips = [
    ...['active.value', 'active[value eq "true"]', 'User.active', 'urn:scim:schemas:core:1.0:active'].map((path) => replace(path, false)),
    merge({ 'active.value': false }),
    merge({ 'User.Active': 'False', foo: 1 }),
  ];

  test.each(slips)('is refused where nothing else is asked for: %j', (operation) => {
    expect(refusalOf(() => user(operation, replace('foo', 1)))).toEqual(['INVALID_PATH', expect.stringContaining('Operation 1')]);
  });

  test.each(slips)('is refused beside what is about something else: %j', (operation) => {
    expect(refusalOf(() => user(operation, replace('title', 'A')))).toEqual(['INVALID_PATH', expect.stringContaining('Operation 1')]);
    expect(refusalOf(() => user(merge({ title: 'A' }), operation))).toEqual(['INVALID_PATH', expect.stringContaining('Operation 2')]);
  });

  test.each(slips)('is passed over beside what says it: %j', (operation) =>
    expect(user(operation, replace('active', false))).toEqual([replace('active', false)]),
  );

  test('is no slip where the active one stands beside it', () =>
    expect(user(merge({ 'active.value': false, active: false }))).toEqual([replace('active', false)]));
});

describe('a key about members that names nothing', () => {
  test.each(['members.foo', 'members[value eq "1"', 'members[foo eq "1"]', 'urn:x:acme:2.0:Group:members'])('is refused: %s', (key) => {
    expect(refusalOf(() => group(merge({ displayName: 'A', [key]: [{ value: '1' }] })))).toEqual([
      'INVALID_PATH',
      expect.stringContaining('Operation 1'),
    ]);
  });
});

describe('a path that cannot be read', () => {
  const paths: [string, string, string][] = [
    ['foo bar', 'INVALID_PATH', 'Operation 1 (path "foo bar"): '],
    [`a${'.a'.repeat(4_000_000)}`, 'INVALID_PATH', '4096 characters are the most'],
    ['emails[type eq', 'INVALID_FILTER', 'Operation 1 (path "emails[type eq"): '],
  ];

  test.each(paths)('is passed over beside one that can: %.20s', (path) => {
    expect(user(replace(path, 1), replace('title', 'A'))).toEqual([replace('title', 'A')]);
    expect(group(replace(path, 1), remove('externalId'))).toEqual([remove('externalId')]);
  });

  test.each(paths)('is refused where nothing else is understood: %.20s', (path, code, sentence) => {
    expect(refusalOf(() => user(replace(path, 1), replace('foo', 1), replace('id', '1')))).toEqual([
      code,
      expect.stringContaining(sentence),
    ]);
  });

  test.each(['members[value eq "1"', 'members [value', ' members eq "1"', '[members'])(
    'is refused where it is about members: %s',
    (path) => {
      expect(refusalOf(() => group(remove(path), replace('displayName', 'A')))).toEqual([
        expect.stringMatching('INVALID_'),
        expect.stringContaining('Operation 1 '),
      ]);
    },
  );
});

describe('a path of what only the service sets', () => {
  const operations: [string, Json][] = [
    ['"id" cannot be changed', replace('id', '1')],
    ['"meta.version"', remove('meta.version')],
    ['"groups"', { op: 'add', path: 'groups', value: [{ value: 'g' }] }],
    ['manager.$ref', replace(`${ENT}:manager.$ref`, 'M')],
  ].map(([sentence, operation]) => [sentence as string, operation as Json]);

  test.each(operations)('is passed over beside another: %s', (_, operation) => {
    expect(user(operation as object, replace('title', 'A'))).toEqual([replace('title', 'A')]);
  });

  test.each(operations)('is refused where nothing else is asked for: %s', (sentence, operation) => {
    expect(refusalOf(() => user(operation as object))).toEqual(['MUTABILITY', expect.stringContaining(sentence)]);
  });
});

describe('the envelope', () => {
  test('in any case, with needless keys', () => {
    expect(readChanges(userResource, { operations: [replace('title', 'A')], id: '1', schemas: ['x'] } as JsonObject)).toEqual([
      replace('title', 'A'),
    ]);
  });
  test('no operations are no changes', () => expect(user()).toEqual([]));
  test.each([
    [{}],
    [{ Operations: {} }],
    [{ Operations: null }],
    [{ Operations: 'x' }],
    [{ Operations: [], schemas: 'x' }],
    [{ Operations: [], schemas: {} }],
  ])('%j is refused', (body) => {
    expect(refusalOf(() => readChanges(userResource, body as JsonObject))[0]).toBe('INVALID_SYNTAX');
  });
  test('the order is kept, and there is a limit', () => {
    expect(user(replace('title', 'A'), remove('title'), replace('title', 'B'))).toHaveLength(3);
    const tooMany = Array<object>(1001).fill(replace('title', 'A'));
    expect(user(...tooMany.slice(1))).toHaveLength(1000);
    expect(refusalOf(() => user(...tooMany))[0]).toBe('TOO_MANY');
  });
});

test('a change says which operation it comes from where its place in the list does not', () => {
  const operations = [merge({ title: 'A', nickName: 'B' }), merge({ foo: 1 }), replace('title', 'C')] as Json[];
  expect(readChanges(userResource, { Operations: operations }).map(({ path, operation }) => [path, operation])).toEqual([
    ['title', undefined],
    ['nickName', 1],
    ['title', undefined],
  ]);
});
