import { describe, expect, it } from 'vitest';
import { formatPath, formatRef, parseAttributeRef, parsePath } from '../../schema/path.js';
import { groupResource, limits, userResource } from '../../schema/resources.js';
import { CORE, ENTERPRISE, refusalOf } from './kinds.js';

describe('paths in canonical spelling', () => {
  it.each([
    ['userName', 'userName'],
    ['USERNAME', 'userName'],
    [' userName ', 'userName'],
    ['name.givenname', 'name.givenName'],
    ['emails', 'emails'],
    ['emails.value', 'emails.value'],
    ['emails[type eq "work"]', 'emails[type eq "work"]'],
    ['emails[type eq "work"].value', 'emails[type eq "work"].value'],
    ['emails[type eq "work" and value ew "@x.com"].display', 'emails[type eq "work" and value ew "@x.com"].display'],
    ['addresses[type eq "work"].country', 'addresses[type eq "work"].country'],
    ['address[type eq work].locality', 'addresses[type eq "work"].locality'],
    ['roles[primary eq "True"].value', 'roles[primary eq true].value'],
    ['password', 'password'],
    ['externalId', 'externalId'],
    ['meta.created', 'meta.created'],
    [`${CORE}:name.familyName`, 'name.familyName'],
    [`${CORE}:emails[type eq "work"].value`, 'emails[type eq "work"].value'],
    [ENTERPRISE, ENTERPRISE],
    [ENTERPRISE.toLowerCase(), ENTERPRISE],
    [`${ENTERPRISE}:department`, `${ENTERPRISE}:department`],
    [`${ENTERPRISE}.manager`, `${ENTERPRISE}:manager`],
    [`${ENTERPRISE}:manager.value`, `${ENTERPRISE}:manager.value`],
    [`${ENTERPRISE}:manager[value eq "m"].value`, `${ENTERPRISE}:manager[value eq "m"].value`],
    ['manager', `${ENTERPRISE}:manager`],
  ])('%s', (text, expected) => {
    expect(formatPath(parsePath(userResource, text))).toBe(expected);
    expect(parsePath(userResource, expected)).toEqual(parsePath(userResource, text));
  });

  it.each([
    ['members', 'members'],
    ['members[value eq "x"]', 'members[value eq "x"]'],
    ['Members[Value EQ x or value eq y]', 'members[value eq "x" or value eq "y"]'],
  ])('%s of a group', (text, expected) => expect(formatPath(parsePath(groupResource, text))).toBe(expected));

  it('says what is there and nothing else', () => {
    expect(Object.keys(parsePath(userResource, 'userName')).sort()).toEqual(['attribute', 'kind']);
    expect(Object.keys(parsePath(userResource, 'emails[type pr].value')).sort()).toEqual(['attribute', 'filter', 'kind', 'sub']);
    expect(parsePath(userResource, ENTERPRISE)).toEqual({ kind: 'extension', extension: userResource.extensions[0] });
  });
});

describe('refusals', () => {
  it.each([
    ['', 1, 'expected the name of an attribute, found the end'],
    ['colour', 1, 'User has no attribute "colour"'],
    ['name.colour', 6, 'name has no sub-attribute "colour"'],
    ['"userName"', 1, 'expected the name of an attribute, found "userName"'],
    ['"userName', 1, 'expected a closing double quote'],
    ['[type eq "x"]', 1, 'expected the name of an attribute, found "["'],
    ['userName[type eq "x"]', 9, '"userName" takes no filter in brackets'],
    ['name.givenName[type eq "x"]', 15, '"givenName" takes no filter in brackets'],
    ['userName eq "x"', 10, 'expected the end, found "eq"'],
    ['emails[type eq "x"]value', 20, 'expected "." and a sub-attribute, or the end, found "value"'],
    ['emails[type eq "x"].', 21, 'emails has no sub-attribute ""'],
    ['emails[type eq "x"].colour', 21, 'emails has no sub-attribute "colour"'],
    ['emails[colour eq "x"]', 8, 'emails has no sub-attribute "colour"'],
    ['emails[type pr and (colour ge 5 or shade pr)].foo', 21, 'emails has no sub-attribute "colour"'],
    ['emails[type eq "x"].value.x', 21, 'emails has no sub-attribute "value.x"'],
    ['emails[type eq "x"].value x', 27, 'expected the end, found "x"'],
    ['emails[type eq "x"][type eq "y"]', 20, 'expected the end, found "["'],
    [CORE, CORE.length + 2, 'expected the name of an attribute'],
    [`${ENTERPRISE}:colour`, ENTERPRISE.length + 2, 'EnterpriseUser has no attribute "colour"'],
    ['urn:example:x:colour', 1, 'begins with no schema of User'],
    ['__proto__', 1, 'no attribute "__proto__"'],
    ['x'.repeat(limits.filterLength + 1), limits.filterLength + 1, '4096 characters are the most'],
  ])('%j at %i is INVALID_PATH', (text, position, sentence) => {
    const { code, detail, field } = refusalOf(() => parsePath(userResource, text));
    expect({ code, field }).toEqual({ code: 'INVALID_PATH', field: 'path' });
    expect(detail).toMatch(new RegExp(`^The path cannot be read at position ${position}: .*\\.$`));
    expect(detail).toContain(sentence);
  });

  it.each([
    ['emails[', 8, 'expected an attribute'],
    ['emails[colour like "x"]', 15, 'expected an operator'],
    ['emails[colour eq "x" or', 24, 'expected an attribute'],
    ['emails[type like "x"]', 13, 'expected an operator'],
    ['emails[type eq "x"', 19, 'expected "and", "or" or "]"'],
    ['emails[type eq "x', 16, 'expected a closing double quote'],
    ['emails[primary eq "maybe"]', 19, '"primary" is true or false'],
    [`emails[${'('.repeat(2_000)}`, 23, 'nested more than 16 levels deep'],
    [`emails[${Array.from({ length: 65 }, () => 'type pr').join(' or ')}]`, 717, 'more than 64 comparisons'],
  ])('%j at %i is INVALID_FILTER', (text, position, sentence) => {
    const { code, detail, field } = refusalOf(() => parsePath(userResource, text));
    expect({ code, field }).toEqual({ code: 'INVALID_FILTER', field: 'path' });
    expect(detail).toContain(`The path cannot be read at position ${position}: `);
    expect(detail).toContain(sentence);
  });
});

it('what members do not have is INVALID_FILTER: nobody is left in a group without a word', () => {
  const { code, detail } = refusalOf(() => parsePath(groupResource, 'members[value eq "x" or colour eq "y"]'));
  expect({ code, detail }).toEqual({
    code: 'INVALID_FILTER',
    detail: expect.stringContaining('position 25: members has no sub-attribute "colour"'),
  });
});

describe('plain attribute names', () => {
  it.each([
    ['userName', 'userName'],
    ['NAME.familyName', 'name.familyName'],
    ['emails.value', 'emails.value'],
    ['department', `${ENTERPRISE}:department`],
    [`${ENTERPRISE}:department`, `${ENTERPRISE}:department`],
    ['meta.lastModified', 'meta.lastModified'],
  ])('%s', (text, expected) => expect(formatRef(parseAttributeRef(userResource, text))).toBe(expected));

  it.each([
    ['', 1],
    ['colour', 1],
    ['emails[type pr]', 7],
    [ENTERPRISE, ENTERPRISE.length + 2],
    ['userName desc', 10],
    ['name.', 6],
  ])('%j is none', (text, position) => {
    const { code, detail } = refusalOf(() => parseAttributeRef(userResource, text));
    expect(code).toBe('INVALID_PATH');
    expect(detail).toContain(`position ${position}: `);
  });
});
