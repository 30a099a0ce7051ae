import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { complex, integer, many, string } from '../../schema/attribute.js';
import type { Json, JsonObject } from '../../schema/change.js';
import { checkAttributes, checkElement, checkValue } from '../../schema/check.js';
import { Failure } from '../../schema/failure.js';
import { coreAttributes, findAttribute, groupResource, limits, type ResourceType, userResource } from '../../schema/resources.js';
import { ENTERPRISE, kinds, refusalOf } from './kinds.js';

const user = (more: JsonObject): JsonObject => checkAttributes(userResource, { userName: 'ann', ...more });
const kept = (more: JsonObject): JsonObject => {
  const { userName: _, ...rest } = user(more);
  return rest;
};
const attributeOf = (type: ResourceType, name: string) => findAttribute(coreAttributes(type), name)!;

const STAFF = 'urn:example:staff';
const staffed: ResourceType = {
  ...userResource,
  extensions: [
    {
      id: STAFF,
      name: 'Staff',
      description: 'Staff.',
      attributes: [
        string('badge', 'Set once.', { required: true, mutability: 'immutable' }),
        string('site', 'Required.', { required: true }),
        integer('level', 'A number.'),
        many(complex('pets', 'Values with a required part.', [string('value', 'Text.'), string('kind', 'Required.', { required: true })])),
      ],
    },
  ],
};
const whole = { badge: '7', site: 'N' };

describe('what is stored', () => {
  it.each<[string, object | undefined, object, object | undefined]>([
    [
      'what fits no longer stays where nobody touches it',
      { level: 'high', pets: [{ value: 'p' }] },
      { level: 'high', pets: [{ value: 'p' }] },
      { level: 'high', pets: [{ value: 'p' }] },
    ],
    ['whatever else is changed', { pets: [{ value: 'p' }] }, { pets: [{ value: 'p' }], level: 2 }, { level: 2, pets: [{ value: 'p' }] }],
    ['in whatever spelling it comes', { pets: [{ value: 'p' }] }, { PETS: [{ value: 'p' }] }, { pets: [{ value: 'p' }] }],
    ['what is missing is not asked for', { level: 1 }, { level: 2, site: null }, { level: 2 }],
    ['what is set once may be left out', whole, { site: 'S' }, { site: 'S' }],
    ['all may be taken away together', whole, { badge: null, site: null }, undefined],
    ['nothing may come of nothing', undefined, { site: null }, undefined],
    ['what is no longer declared goes', { ...whole, gone: 1 }, { ...whole, gone: 1 }, whole],
  ])('%s', (_, stored, sent, expected) => {
    const document = (values: object | undefined) => ({ userName: 'ann', ...(values && { [STAFF]: values }) }) as JsonObject;
    expect(checkAttributes(staffed, document(sent), document(stored))).toEqual(document(expected));
  });

  it.each<[string, object | undefined, object, string]>([
    ['what is required and there is not taken away', whole, { badge: '7' }, 'site'],
    ['an extension begins with all that is required', undefined, { site: 'N' }, 'badge'],
    ['a value that is touched fits', { pets: [{ value: 'p' }] }, { pets: [{ value: 'q' }] }, 'pets.kind'],
    ['a new one, too', { level: 'high' }, { level: 'low' }, 'level'],
  ])('%s', (_, stored, sent, field) => {
    const document = (values: object | undefined) => ({ userName: 'ann', ...(values && { [STAFF]: values }) }) as JsonObject;
    expect(refusalOf(() => checkAttributes(staffed, document(sent), document(stored)))).toMatchObject({
      code: 'INVALID_VALUE',
      field: `${STAFF}:${field}`,
    });
  });

  it('may be longer than an index holds, from before its length was checked', () => {
    const long = { userName: 'ann', emails: [{ value: 'x'.repeat(limits.indexedStringLength + 1), primary: true }] };
    expect(checkAttributes(userResource, { ...long, active: false }, long)).toEqual({ ...long, active: false });
  });

  it('does not make up for the user name', () => {
    expect(refusalOf(() => checkAttributes(staffed, {}, { userName: 'ann' })).field).toBe('userName');
  });
});

describe('a document in canonical form', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['declared spelling', { DISPLAYNAME: 'Ann', Name: { GIVENNAME: 'A' } }, { displayName: 'Ann', name: { givenName: 'A' } }],
    [
      'aliases',
      { preferedLanguage: 'en', address: [{ country: 'GB' }] },
      { preferredLanguage: 'en', addresses: [{ country: 'GB', primary: false }] },
    ],
    ['the spelling of URNs', { [ENTERPRISE.toUpperCase()]: { Department: 'D' } }, { [ENTERPRISE]: { department: 'D' } }],
    ['nothing unknown', { colour: 'red', name: { colour: 'red' }, 'urn:example:x': { a: 1 } }, {}],
    ["nothing that is not the client's to write", { id: 'x', schemas: ['x'], meta: { version: 1 }, groups: [{ value: 'g' }] }, {}],
    [
      'no read-only parts',
      { [ENTERPRISE]: { manager: { value: 'm', displayName: 'M', $ref: 'x' } } },
      { [ENTERPRISE]: { manager: { value: 'm' } } },
    ],
    ['no password', { password: 'secret', PassWord: 7 }, {}],
    ['no null', { title: null, name: { givenName: null, familyName: 'L' } }, { name: { familyName: 'L' } }],
    ['no empty text', { title: '', nickName: ' \t ', profileUrl: '', active: '' }, {}],
    ['no empty object', { name: {}, [ENTERPRISE]: { manager: { value: '' } } }, {}],
    ['no empty list', { emails: [], roles: [null, {}, { value: '' }] }, {}],
    ['text as given', { title: ' Boss ' }, { title: ' Boss ' }],
    ['false and externalId', { active: false, externalId: 'E' }, { externalId: 'E', active: false }],
    [
      'values without duplicates',
      {
        emails: [
          { value: 'a', type: 'x' },
          { type: 'x', value: 'a' },
          { value: 'A', type: 'x' },
        ],
      },
      {
        emails: [
          { value: 'a', type: 'x', primary: false },
          { value: 'A', type: 'x', primary: false },
        ],
      },
    ],
    [
      'one primary',
      {
        emails: [
          { value: 'a', primary: false },
          { value: 'b', primary: true },
          { value: 'c', primary: true },
        ],
      },
      {
        emails: [
          { value: 'a', primary: false },
          { value: 'b', primary: true },
          { value: 'c', primary: false },
        ],
      },
    ],
    [
      'no duplicate by losing primary',
      { emails: [{ value: 'a', primary: true }, { value: 'b' }, { value: 'b', primary: true }] },
      {
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: false },
        ],
      },
    ],
    [
      'nothing that was only primary',
      { emails: [{ value: 'a', primary: true }, { primary: true }, { primary: false }] },
      { emails: [{ value: 'a', primary: true }] },
    ],
    [
      'base64 without line breaks',
      { x509Certificates: [{ value: 'aG\r\nk=' }] },
      { x509Certificates: [{ value: 'aGk=', primary: false }] },
    ],
    ['null for an extension', { [ENTERPRISE]: null }, {}],
  ])('has %s', (_, sent, expected) => expect(kept(sent)).toEqual(expected));

  it('is in the order of the declaration', () => {
    expect(Object.keys(user({ title: 't', active: true, name: { givenName: 'g', familyName: 'f' }, externalId: 'e' }))).toEqual([
      'externalId',
      'userName',
      'name',
      'title',
      'active',
    ]);
  });

  it('has dates in UTC', () => {
    expect(checkAttributes(kinds, { when: '2026-01-31T10:30:00+01:00' })).toEqual({ when: '2026-01-31T09:30:00.000Z' });
  });

  it('has no relation', () => {
    expect(checkAttributes(groupResource, { displayName: 'G', members: [{ value: 'u' }] })).toEqual({ displayName: 'G' });
  });

  it('takes nothing from a prototype and gives nothing to one', () => {
    const hostile = JSON.parse(`{"userName":"ann","__proto__":{"title":"x"},"constructor":{"prototype":{"title":"x"}},
      "name":{"__proto__":{"givenName":"x"},"familyName":"L"}}`) as JsonObject;
    const checked = checkAttributes(userResource, hostile);
    expect(checked).toEqual({ userName: 'ann', name: { familyName: 'L' } });
    expect(Object.getPrototypeOf(checked)).toBe(Object.prototype);
    expect(({} as { title?: string }).title).toBeUndefined();
    expect(refusalOf(() => checkAttributes(userResource, Object.create({ userName: 'ann' }) as JsonObject)).field).toBe('userName');
  });

  it('does not change what it was given', () => {
    const sent = {
      userName: 'ann',
      emails: [
        { value: 'a', primary: true },
        { value: 'b', primary: true },
      ],
    };
    const before = structuredClone(sent);
    checkAttributes(userResource, sent);
    expect(sent).toEqual(before);
  });
});

describe('refusals name the attribute and what it takes', () => {
  it.each<[JsonObject, string, string]>([
    [{ userName: null }, 'userName', 'is required; it takes text'],
    [{ userName: '  ' }, 'userName', 'is required'],
    [{ userName: 7 }, 'userName', 'takes text'],
    [{ title: true }, 'title', 'takes text'],
    [{ title: ['x'] }, 'title', 'takes text'],
    [{ title: { value: 'x' } }, 'title', 'takes text'],
    [{ active: 'True' }, 'active', 'takes true or false'],
    [{ active: 1 }, 'active', 'takes true or false'],
    [{ name: 'Ann' }, 'name', 'takes an object with formatted, familyName'],
    [{ name: [] }, 'name', 'takes an object'],
    [{ name: { givenName: 7 } }, 'name.givenName', 'takes text'],
    [{ emails: { value: 'x' } }, 'emails', 'takes a list; each value is an object with value, display, type, primary'],
    [{ emails: 'x' }, 'emails', 'takes a list'],
    [{ emails: ['x'] }, 'emails', 'takes an object'],
    [{ emails: [['x']] }, 'emails', 'takes an object'],
    [{ emails: [{ primary: 'yes' }] }, 'emails.primary', 'takes true or false'],
    [{ emails: Array.from({ length: limits.multiValues + 1 }, () => null) }, 'emails', 'takes at most 500 values, not 501'],
    [{ [ENTERPRISE]: 'x' }, ENTERPRISE, 'takes an object'],
    [{ [ENTERPRISE]: [] }, ENTERPRISE, 'takes an object'],
    [{ [ENTERPRISE]: { manager: 'm' } }, `${ENTERPRISE}:manager`, 'takes an object with value'],
    [{ title: 'a\0b' }, 'title', 'without NUL'],
    [{ title: 'a\ud800' }, 'title', 'halves of surrogate pairs'],
    [{ title: 'x'.repeat(limits.stringLength + 1) }, 'title', 'takes at most 8192 characters'],
    [{ userName: 'x'.repeat(limits.indexedStringLength + 1) }, 'userName', 'takes at most 512 characters'],
    [{ displayName: 'x'.repeat(limits.indexedStringLength + 1) }, 'displayName', 'takes at most 512 characters'],
    [{ externalId: 'x'.repeat(limits.indexedStringLength + 1) }, 'externalId', 'takes at most 512 characters'],
    [{ emails: [{ value: 'x'.repeat(limits.indexedStringLength + 1) }] }, 'emails.value', 'takes at most 512 characters'],
    [{ userName: 'İ'.repeat(limits.indexedStringLength) }, 'userName', 'takes at most 512 characters'],
    [{ x509Certificates: [{ value: 'ä' }] }, 'x509Certificates.value', 'takes base64 text'],
  ])('%j', (sent, field, sentence) => {
    const refused = refusalOf(() => user(sent));
    expect(refused).toMatchObject({ code: 'INVALID_VALUE', field });
    expect(refused.detail).toMatch(/^The attribute ".*" .*\.$/);
    expect(refused.detail).toContain(`"${field}" `);
    expect(refused.detail).toContain(sentence);
  });

  it('asks a group for its name', () => {
    expect(refusalOf(() => checkAttributes(groupResource, {}))).toMatchObject({ code: 'INVALID_VALUE', field: 'displayName' });
  });

  it('takes what the limits permit', () => {
    const roles = Array.from({ length: 500 }, (_, index) => ({ value: String(index), primary: false }));
    const most = { userName: 'x'.repeat(512), title: 'x'.repeat(8192), roles };
    expect(checkAttributes(userResource, most)).toEqual(most);
  });
});

const samples: Record<string, [good: Json, bad: Json[]]> = {
  text: ['a', [1, true, {}, []]],
  exact: ['a', [1, true, {}, []]],
  link: ['https://x', [1, true, {}, []]],
  flag: [true, ['true', 0, {}, []]],
  count: [3, ['3', 1.5, 2 ** 53, true, {}, []]],
  ratio: [1.5, ['1.5', true, {}, []]],
  when: ['2026-01-31T09:30:00.000Z', ['now', 0, true, {}, []]],
  bytes: ['aGk=', ['???', 1, true, {}, []]],
};

describe('single values', () => {
  it.each(Object.entries(samples))('%s', (name, [good, bad]) => {
    const attribute = attributeOf(kinds, name);
    expect(checkValue(attribute, good, name)).toBe(good);
    for (const value of bad) {
      expect(refusalOf(() => checkValue(attribute, value, name))).toMatchObject({ code: 'INVALID_VALUE', field: name });
    }
  });

  it('are null where nothing is left', () => {
    for (const value of [null, '', ' ']) expect(checkValue(attributeOf(kinds, 'count'), value, 'count')).toBeNull();
    expect(checkValue(attributeOf(userResource, 'emails'), [{ value: '' }], 'emails')).toBeNull();
  });

  it('are one of many where one is meant', () => {
    expect(checkElement(attributeOf(userResource, 'emails'), { VALUE: 'a' }, 'emails')).toEqual({ value: 'a' });
    expect(checkElement(attributeOf(kinds, 'words'), 'a', 'words')).toBe('a');
    expect(checkValue(attributeOf(kinds, 'words'), ['a', 'b', 'a', ''], 'words')).toEqual(['a', 'b']);
  });
});

const sub = fc.record(
  {
    value: fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom(null, 'a')),
    type: fc.constantFrom('work', 'home', ''),
    primary: fc.boolean(),
    colour: fc.string(),
  },
  { requiredKeys: [] },
);
const documents = fc.record(
  {
    userName: fc.constantFrom('ann', ''),
    TITLE: fc.string({ unit: 'binary' }),
    active: fc.constantFrom(true, false, null, 'x'),
    emails: fc.array(sub),
    roles: fc.oneof(sub, fc.array(sub)),
    name: fc.oneof(fc.dictionary(fc.constantFrom('givenName', 'FAMILYNAME', '__proto__'), fc.string()), fc.string()),
    [ENTERPRISE]: fc.object({ key: fc.constantFrom('department', 'manager', 'value', '__proto__'), maxDepth: 3 }),
  },
  { requiredKeys: [] },
);

describe('any document', () => {
  it('is refused with INVALID_VALUE, or checked for good', () => {
    fc.assert(
      fc.property(fc.oneof(documents, fc.object({ maxDepth: 4 })), (sent) => {
        const checked = attempt(sent as JsonObject);
        if (checked) expect(checkAttributes(userResource, checked)).toEqual(checked);
      }),
      { numRuns: 2_000 },
    );
  });
});

function attempt(document: JsonObject): JsonObject | undefined {
  try {
    return checkAttributes(userResource, document);
  } catch (error) {
    if (error instanceof Failure && error.code === 'INVALID_VALUE' && error.field) return undefined;
    throw error;
  }
}
