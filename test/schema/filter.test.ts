import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { formatFilter, parseFilter } from '../../schema/filter.js';
import { groupResource, limits, userResource } from '../../schema/resources.js';
import { CORE, ENTERPRISE, kinds, refusalOf } from './kinds.js';

const canonical = (text: string, type = userResource) => formatFilter(parseFilter(type, text));
const at = (text: string, type = userResource) => refusalOf(() => parseFilter(type, text));

describe('the examples of RFC 7644, figure 2', () => {
  it.each([
    ['userName Eq "john"', 'userName eq "john"'],
    ['Username eq "john"', 'userName eq "john"'],
    ['userName eq "bjensen"', 'userName eq "bjensen"'],
    ['name.familyName co "O\'Malley"', 'name.familyName co "O\'Malley"'],
    ['userName sw "J"', 'userName sw "J"'],
    [`${CORE}:userName sw "J"`, 'userName sw "J"'],
    ['title pr', 'title pr'],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', 'meta.lastModified gt "2011-05-13T04:42:34.000Z"'],
    ['meta.lastModified ge "2011-05-13T04:42:34Z"', 'meta.lastModified ge "2011-05-13T04:42:34.000Z"'],
    ['meta.lastModified lt "2011-05-13T04:42:34Z"', 'meta.lastModified lt "2011-05-13T04:42:34.000Z"'],
    ['meta.lastModified le "2011-05-13T04:42:34Z"', 'meta.lastModified le "2011-05-13T04:42:34.000Z"'],
    ['title pr and userType eq "Employee"', 'title pr and userType eq "Employee"'],
    ['title pr or userType eq "Intern"', 'title pr or userType eq "Intern"'],
    [`schemas eq "${ENTERPRISE}"`, `schemas eq "${ENTERPRISE}"`],
    [
      'userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")',
      'userType eq "Employee" and (emails.value co "example.com" or emails.value co "example.org")',
    ],
    [
      'userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")',
      'userType ne "Employee" and not (emails.value co "example.com" or emails.value co "example.org")',
    ],
    ['userType eq "Employee" and (emails.type eq "work")', 'userType eq "Employee" and emails.type eq "work"'],
    [
      'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
      'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
    ],
    [
      'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
      'emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]',
    ],
  ])('%s', (text, expected) => expect(canonical(text)).toBe(expected));
});

describe('what identity providers send', () => {
  it.each([
    ['username EQ "ann@x.com"', 'userName eq "ann@x.com"'],
    ['externalId eq jyoung', 'externalId eq "jyoung"'],
    ['userName eq ann.lee@x.com', 'userName eq "ann.lee@x.com"'],
    ['externalId eq 00912', 'externalId eq "00912"'],
    ['title eq true', 'title eq "true"'],
    ['active eq "True"', 'active eq true'],
    ['active eq FALSE', 'active eq false'],
    ['roles[primary eq "True"].value eq "x"', 'roles[primary eq true and value eq "x"]'],
    ['emails[type eq "work"].value eq "x"', 'emails[type eq "work" and value eq "x"]'],
    ['emails[type eq "work"].value pr', 'emails[type eq "work" and value pr]'],
    ['emails[type eq "work"]', 'emails[type eq "work"]'],
    ['emails[type eq "work" or type eq "home"].value ew "x"', 'emails[(type eq "work" or type eq "home") and value ew "x"]'],
    ['address[type eq "work"].country eq "GB"', 'addresses[type eq "work" and country eq "GB"]'],
    ['preferedLanguage eq "en"', 'preferredLanguage eq "en"'],
    ['id eq "u" and manager eq "m"', `id eq "u" and ${ENTERPRISE}:manager.value eq "m"`],
    [`${ENTERPRISE}:department eq "Retail"`, `${ENTERPRISE}:department eq "Retail"`],
    [`${ENTERPRISE.toUpperCase()}:MANAGER.VALUE eq "m"`, `${ENTERPRISE}:manager.value eq "m"`],
    [`${ENTERPRISE}.manager eq "m"`, `${ENTERPRISE}:manager.value eq "m"`],
    ['manager[value eq "m"]', `${ENTERPRISE}:manager[value eq "m"]`],
    ['name[familyName eq "x" and givenName pr]', 'name[familyName eq "x" and givenName pr]'],
    [`${CORE}:name.givenName eq "Ann"`, 'name.givenName eq "Ann"'],
    ['groups eq "g"', 'groups.value eq "g"'],
    ['emails pr and name pr', 'emails pr and name pr'],
    ['floor eq 3', 'urn:ietf:params:scim:schemas:extension:customextensionname:2.0:User:floor eq "3"'],
    ['title eq null or title ne NULL', 'title eq null or title ne null'],
    ['title eq "null"', 'title eq "null"'],
    ['\tuserName\r\n eq  "a" ', 'userName eq "a"'],
    ['userName eq"a"and title pr', 'userName eq "a" and title pr'],
    [String.raw`title eq "\"\\\/\b\f\n\r\té\ud83d\ude00"`, String.raw`title eq "\"\\/\b\f\n\r\té😀"`],
    ['title eq ""', 'title eq ""'],
  ])('%s', (text, expected) => expect(canonical(text)).toBe(expected));

  it('asks for members of a group as Entra does', () => {
    expect(canonical('id eq "g" and members eq "u"', groupResource)).toBe('id eq "g" and members.value eq "u"');
  });
});

describe('precedence and grouping', () => {
  it.each([
    ['id pr or title pr and locale pr', 'id pr or title pr and locale pr'],
    ['(id pr or title pr) and locale pr', '(id pr or title pr) and locale pr'],
    ['not (id pr) and title pr', 'not (id pr) and title pr'],
    ['not(id pr and title pr)', 'not (id pr and title pr)'],
    ['NOT (id pr) AND (title pr OR locale pr)', 'not (id pr) and (title pr or locale pr)'],
    ['((id pr))', 'id pr'],
    ['id pr and (title pr and (locale pr))', 'id pr and title pr and locale pr'],
    ['emails[not (type eq "work") and (value pr or display pr)]', 'emails[not (type eq "work") and (value pr or display pr)]'],
  ])('%s', (text, expected) => expect(canonical(text)).toBe(expected));

  it('gives one list for terms in a row, "and" below "or"', () => {
    const filter = parseFilter(userResource, 'id pr or title pr and locale pr and active eq true or name pr');
    expect(filter).toMatchObject({ kind: 'or', terms: [{ kind: 'present' }, { kind: 'and', terms: [{}, {}, {}] }, { kind: 'present' }] });
  });

  it('gives one list for terms in parentheses that need none', () => {
    expect(parseFilter(userResource, 'id pr and (title pr and (locale pr))')).toMatchObject({ kind: 'and', terms: [{}, {}, {}] });
    expect(parseFilter(userResource, '(id pr or title pr) or locale pr')).toMatchObject({ kind: 'or', terms: [{}, {}, {}] });
  });

  it('binds to the declared attributes, within an element to the same attribute', () => {
    const [emails] = userResource.schema.attributes.filter(({ name }) => name === 'emails');
    const sub = emails?.subAttributes?.find(({ name }) => name === 'type');
    expect(parseFilter(userResource, 'emails[TYPE eq "work"]')).toEqual({
      kind: 'element',
      target: { attribute: emails },
      filter: { kind: 'compare', operator: 'eq', value: 'work', target: { attribute: emails, sub } },
    });
  });
});

const values: Record<string, [written: string, read: string]> = {
  text: ['"a"', '"a"'],
  exact: ['"a"', '"a"'],
  link: ['"https://x"', '"https://x"'],
  bytes: ['"aGk="', '"aGk="'],
  flag: ['"TRUE"', 'true'],
  count: ['-7', '-7'],
  ratio: ['1.5e1', '15'],
  when: ['"2026-01-31T10:30:00+01:00"', '"2026-01-31T09:30:00.000Z"'],
};
const everybody = ['eq', 'ne'];
const order = ['gt', 'ge', 'lt', 'le'];
const parts = ['co', 'sw', 'ew'];
const permitted: Record<string, string[]> = {
  text: [...everybody, ...order, ...parts],
  exact: [...everybody, ...order, ...parts],
  link: [...everybody, ...order, ...parts],
  bytes: [...everybody, ...parts],
  flag: everybody,
  count: [...everybody, ...order],
  ratio: [...everybody, ...order],
  when: [...everybody, ...order],
};
const pairs = Object.keys(values).flatMap((name) => [...everybody, ...order, ...parts].map((operator) => ({ name, operator })));

describe('every operator on every kind', () => {
  it.each(pairs.filter(({ name, operator }) => permitted[name]?.includes(operator)))('$name $operator', ({ name, operator }) => {
    const [written, read] = values[name]!;
    expect(canonical(`${name} ${operator.toUpperCase()} ${written}`, kinds)).toBe(`${name} ${operator} ${read}`);
    expect(canonical(`parts[${name} ${operator} ${written}]`, kinds)).toBe(`parts[${name} ${operator} ${read}]`);
  });

  it.each(pairs.filter(({ name, operator }) => !permitted[name]?.includes(operator)))(
    '$name $operator is refused',
    ({ name, operator }) => {
      const { code, detail } = at(`${name} ${operator} ${values[name]![0]}`, kinds);
      expect(code).toBe('INVALID_FILTER');
      expect(detail).toContain(`position ${name.length + 2}: ${operator} does not compare "${name}"`);
    },
  );

  it.each(Object.keys(values))('%s pr, eq null, ne null', (name) => {
    const text = `${name} pr or ${name} eq null or part.${name} ne null`;
    expect(canonical(text, kinds)).toBe(text);
  });
});

describe('dates', () => {
  beforeEach(() => void vi.stubEnv('TZ', 'Asia/Tokyo'));
  afterEach(() => void vi.unstubAllEnvs());

  it.each([
    ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31t09:30:00z', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00.1234567Z', '2026-01-31T09:30:00.123Z'],
    ['2026-01-31T09:30', '2026-01-31T09:30:00.000Z'],
    ['2026-01-31T09:30:00-0130', '2026-01-31T11:00:00.000Z'],
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s, wherever the process runs', (written, read) => {
    expect(canonical(`meta.created gt "${written}"`)).toBe(`meta.created gt "${read}"`);
    expect(canonical(`meta.created gt ${written}`)).toBe(`meta.created gt "${read}"`);
  });

  it.each([
    'yesterday',
    '2026',
    '31.01.2026',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-01-31T25:00:00Z',
    '2026-01-31T09:30:00Zulu',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59-01:00',
    '0001-01-01T00:00:00+01:00',
    '2026-01-31T09:30:00+99:00',
    '',
  ])('"%s" is none', (written) => {
    expect(at(`meta.created gt "${written}"`).detail).toContain('position 17: "created" is a date and time as in');
  });
});

describe('refusals name the position and what was expected', () => {
  it.each([
    ['', 1, 'expected an attribute, "not" or "(", found the end'],
    ['   ', 4, 'found the end'],
    ['userName', 9, 'expected an operator (eq, ne, co, sw, ew, gt, ge, lt, le, pr), found the end'],
    ['userName like "x"', 10, 'found "like"'],
    ['userName "eq" "x"', 10, 'expected an operator'],
    ['userName eq', 12, 'expected a value after eq, found the end'],
    ['userName eq (', 13, 'expected a value after eq, found "("'],
    ['userName eq "x', 13, 'expected a closing double quote'],
    ['userName eq "x\\"', 13, 'expected a closing double quote'],
    ['userName eq "\\x"', 13, 'none that JSON has'],
    ['userName eq "a\nb"', 13, 'none that JSON has'],
    ["userName eq 'x'", 13, 'text goes into double quotes'],
    ['userName eq "\\u0000"', 13, 'NUL'],
    ['userName eq "\\ud800"', 13, 'surrogate'],
    ['userName eq a\0b', 13, 'NUL'],
    ['userName eq "x" "y"', 17, 'expected "and", "or" or the end, found "y"'],
    ['displayName eq Sales Team', 22, 'found "Team"'],
    ['userName eq "x" and', 20, 'found the end'],
    ['and userName pr', 1, 'User has no attribute "and"'],
    ['userName eq "x")', 16, 'expected "and", "or" or the end, found ")"'],
    ['(userName eq "x"', 17, 'expected "and", "or" or ")", found the end'],
    ['not userName pr', 5, 'expected "(" after "not", found "userName"'],
    ['not not (userName pr)', 5, 'found "not"'],
    ['()', 2, 'expected an attribute'],
    ['emails[]', 8, 'expected an attribute'],
    ['emails[type eq "x"', 19, 'expected "and", "or" or "]", found the end'],
    ['emails[type eq "x")', 19, 'found ")"'],
    ['emails[type eq "x"].valu eq "y"', 21, 'emails has no sub-attribute "valu"'],
    ['emails[type eq "x"].value', 26, 'expected an operator'],
    ['emails[type eq "x"] eq "y"', 21, 'expected "and", "or" or the end'],
    ['emails[type[value pr]]', 12, '"type" takes no filter in brackets'],
    ['emails.value[type pr]', 13, '"value" takes no filter in brackets'],
    ['userName[value pr]', 9, '"userName" takes no filter in brackets'],
    ['schemas[value pr]', 8, '"schemas" takes no filter in brackets'],
    ['colour eq "x"', 1, 'User has no attribute "colour"'],
    ['members eq "x"', 1, 'User has no attribute "members"'],
    ['name.colour eq "x"', 6, 'name has no sub-attribute "colour"'],
    ['userName.value eq "x"', 10, 'userName has no sub-attribute "value"'],
    ['name.givenName.x eq "x"', 6, 'name has no sub-attribute "givenName.x"'],
    ['emails[name.givenName pr]', 8, 'emails has no sub-attribute "name.givenName"'],
    ['__proto__ pr', 1, 'no attribute "__proto__"'],
    ['constructor.name pr', 1, 'no attribute "constructor"'],
    [`${CORE} pr`, CORE.length + 2, 'expected the name of an attribute'],
    [`${ENTERPRISE}: pr`, ENTERPRISE.length + 2, 'expected the name of an attribute'],
    [`${ENTERPRISE}:colour pr`, ENTERPRISE.length + 2, 'EnterpriseUser has no attribute "colour"'],
    [`${ENTERPRISE}:userName pr`, ENTERPRISE.length + 2, 'EnterpriseUser has no attribute "userName"'],
    ['urn:example:x pr', 1, '"urn:example:x" begins with no schema of User'],
    [`${CORE}s:userName pr`, 1, 'begins with no schema of User'],
    ['name eq "x"', 6, '"name" has parts: compare one, as in name.formatted'],
    ['addresses eq "x"', 11, '"addresses" has parts'],
    ['active eq yes', 11, '"active" is true or false, which "yes" is not'],
    ['active eq 1', 11, '"active" is true or false'],
    ['title co null', 10, 'null goes with eq and ne, not with co'],
    ['password eq "x"', 1, '"password" cannot be filtered by'],
    ['password pr', 1, '"password" cannot be filtered by'],
    ['userName eq "x" or password sw "x"', 20, '"password" cannot be filtered by'],
  ])('%j at %i', (text, position, sentence) => {
    const { code, detail, field } = at(text);
    expect({ code, field }).toEqual({ code: 'INVALID_FILTER', field: 'filter' });
    expect(detail).toMatch(new RegExp(`^The filter cannot be read at position ${position}: .*\\.$`, 's'));
    expect(detail).toContain(sentence);
  });

  it.each(['count eq 1.5', 'count eq "x"', 'count eq 9007199254740993', 'ratio eq 1e999', 'ratio eq 0x10', 'ratio eq ""'])(
    '%s is no number',
    (text) => {
      expect(at(text, kinds).detail).toContain('position 10: ');
    },
  );

  it('quotes no more than a line of what was sent', () => {
    expect(at(`${'x'.repeat(4000)} pr`).detail.length).toBeLessThan(200);
  });
});

const nested = (levels: number) => `${'('.repeat(levels)}id pr${')'.repeat(levels)}`;
const inARow = (terms: number) => Array.from({ length: terms }, () => 'id pr').join(' or ');

describe('budgets', () => {
  it('are enough for what they say', () => {
    expect(canonical(nested(limits.filterDepth))).toBe('id pr');
    expect(canonical(Array.from({ length: 20 }, () => '(emails[type pr])').join(' and '))).toContain('emails[type pr] and');
    expect(parseFilter(userResource, inARow(limits.filterTerms))).toMatchObject({ kind: 'or' });
    expect(parseFilter(userResource, `title eq "${'x'.repeat(limits.filterLength - 11)}"`)).toMatchObject({ kind: 'compare' });
  });

  it.each([
    ['parentheses', nested(limits.filterDepth + 1), limits.filterDepth + 1, 'nested more than 16 levels deep'],
    ['not', `${'not('.repeat(limits.filterDepth + 1)}id pr`, 68, 'nested more than 16 levels deep'],
    ['brackets in parentheses', `${'('.repeat(limits.filterDepth)}emails[type pr]`, 23, 'nested more than 16 levels deep'],
    ['terms', inARow(limits.filterTerms + 1), limits.filterTerms * 9 + 4, 'more than 64 comparisons'],
    ['length', `title eq "${'x'.repeat(limits.filterLength - 10)}"`, limits.filterLength + 1, '4096 characters are the most'],
    ['10,000 parentheses', '('.repeat(10_000), limits.filterLength + 1, '4096 characters are the most'],
    ['4,000 parentheses', '('.repeat(4_000), 17, 'nested more than 16 levels deep'],
    ['800 times not (', 'not ('.repeat(800), 85, 'nested more than 16 levels deep'],
    ['4,000 brackets', `emails${'['.repeat(4_000)}`, 8, 'expected an attribute'],
    ['4,000 quotes', '"'.repeat(4_001), 1, 'expected an attribute'],
    ['many backslashes', `title eq "${'\\'.repeat(4_000)}`, 10, 'closing double quote'],
  ])('%s', (_, text, position, sentence) => {
    const start = performance.now();
    expect(at(text).detail).toContain(`position ${position}: `);
    expect(at(text).detail).toContain(sentence);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});
