import { describe, expect, test } from 'vitest';
import { groupResource, userResource } from '../../schema/resources.js';
import { readParameters } from '../../gateway/scim/parameters.js';
import { namesAttributes, readList, readShown } from '../../gateway/scim/query.js';
import { refusalOf } from './refusal.js';

const NOW = 1_800_000_000;
const list = (query: string) => readList([userResource], readParameters(query), NOW).variables;

describe('paging', () => {
  test.each<[string, number, number]>([
    ['', 0, 100],
    ['startIndex=1&count=2', 0, 2],
    ['startIndex=0', 0, 100],
    ['startIndex=-5&count=-1', 0, 0],
    ['startindex=101&COUNT=100', 100, 100],
    ['count=0', 0, 0],
    ['count=1000000', 0, 1000],
    ['count=99999999999999999999', 0, 1000],
    ['startIndex=99999999999', 2 ** 31 - 2, 100],
    ['count=', 0, 100],
    ['startIndex=+2', 1, 100],
    ['startIndex=%2B2', 1, 100],
    ['count=5.0', 0, 5],
    ['aadOptscim062020', 0, 100],
    ['aadOptscim062020&count=5&&=&x=%zz', 0, 5],
  ])('%j', (query, offset, first) => expect(list(query)).toMatchObject({ offset, first }));

  test.each(['count=ten', 'count=1.5', 'startIndex=1e3', 'count=0x10', 'startIndex=NaN', 'count=5;'])('%s is refused', (query) => {
    expect(refusalOf(() => list(query))).toEqual(['INVALID_VALUE', expect.stringMatching(/"(count|startIndex)" takes a whole number/)]);
  });
});

describe('filter', () => {
  test.each([
    ['filter=userName%20eq%20%22ann%40x.com%22', 'userName eq "ann@x.com"'],
    ['FILTER=userName+eq+"ann%40x.com"', 'userName eq "ann@x.com"'],
    ['filter=username EQ "a"', 'username EQ "a"'],
    ['filter=userName eq ann@x.com', 'userName eq ann@x.com'],
    ['filter=a%3Db'.replace('a%3Db', 'title%20eq%20%22a%3Db=c%22'), 'title eq "a=b=c"'],
    ['filter=title%20eq%20%22a%26b%22', 'title eq "a&b"'],
    ['filter=', ''],
    ['filter', ''],
    ['filter=userName%20foo', 'userName foo'], // for the core to refuse
    ['filt%65r=title%20pr', 'title pr'],
    ['%46ILTER=title pr&%zz=1&count%=2', 'title pr'],
  ])('%s is passed on as given', (query, filter) => expect(list(query).filter).toBe(filter));

  test('none is none', () => expect(list('count=1').filter).toBeUndefined());

  test.each([
    ['filter=%zz', 'INVALID_FILTER', '"filter" is not percent-encoded'],
    ['filter=%ff', 'INVALID_FILTER', '"filter"'],
    ['count=%', 'INVALID_SYNTAX', '"count"'],
    ['filter=title%20pr&%66ilter=title%20pr', 'INVALID_VALUE', '"filter" is given twice'],
    ['filter=title%20pr&filter=title%20pr', 'INVALID_VALUE', '"filter" is given twice'],
  ])('%s is refused', (query, code, sentence) => expect(refusalOf(() => list(query))).toEqual([code, expect.stringContaining(sentence)]));
});

describe('order', () => {
  test.each<[string, object | undefined]>([
    ['sortBy=userName', { field: 'userName', direction: 'ASC' }],
    ['sortBy=name.familyName&sortOrder=descending', { field: 'name.familyName', direction: 'DESC' }],
    ['SORTBY=meta.created&sortorder=Ascending', { field: 'meta.created', direction: 'ASC' }],
    ['sortOrder=descending', undefined],
    ['sortBy=', undefined],
  ])('%s', (query, orderBy) => expect(list(query).orderBy).toEqual(orderBy));

  test('an order that is none is refused', () => {
    expect(refusalOf(() => list('sortBy=userName&sortOrder=up'))).toEqual(['INVALID_VALUE', expect.stringContaining('ascending')]);
  });
});

describe('what to show', () => {
  const shown = (query: string) =>
    readShown(userResource, readParameters(query)).core.map(({ attribute, subs }) =>
      [attribute.name, ...subs.map(({ name }) => name)].join(' '),
    );

  test.each<[string, string[]]>([
    ['attributes=userName', ['schemas', 'id', 'userName']],
    ['attributes=USERNAME,%20name.givenName', ['schemas', 'id', 'userName', 'name givenName']],
    ['attributes=userName&attributes=title', ['schemas', 'id', 'userName', 'title']],
    ['attributes=foo', ['schemas', 'id']],
    ['attributes=emails.value,emails.type', ['schemas', 'id', 'emails value type']],
    ['attributes=urn:ietf:params:scim:schemas:core:2.0:User:title', ['schemas', 'id', 'title']],
    ['attributes=meta.version', ['schemas', 'id', 'meta version']],
    ['attributes=userName,title&excludedAttributes=title', ['schemas', 'id', 'userName']],
    ['attributes=password', ['schemas', 'id']],
  ])('%s', (query, names) => expect(shown(query)).toEqual(names));

  test('without what is excluded, but always with what is always returned', () => {
    const names = shown('excludedAttributes=id,schemas,userName,name.formatted,foo');
    expect(names).toEqual(
      expect.arrayContaining(['schemas', 'id', 'name familyName givenName middleName honorificPrefix honorificSuffix']),
    );
    expect(names).not.toContain('userName');
    expect(names).not.toContain('password');
  });

  test('an extension, whole or in part', () => {
    const departments = (query: string) =>
      readShown(userResource, readParameters(query)).extensions.map(({ attributes }) => attributes.length);
    const ENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    expect(departments('')).toEqual([6, 3]);
    expect(departments(`attributes=${ENT.toLowerCase()}`)).toEqual([6, 0]);
    expect(departments(`attributes=${ENT}:department`)).toEqual([1, 0]);
    expect(departments(`excludedAttributes=${ENT}`)).toEqual([0, 3]);
    expect(departments('attributes=urn:ietf:params:scim:schemas:core:2.0:User')).toEqual([0, 0]);
    expect(shown('attributes=urn:ietf:params:scim:schemas:core:2.0:User')).toContain('title');
  });

  test.each([
    ['', true],
    ['excludedAttributes=members', false],
    ['excludedattributes=MEMBERS', false],
    ['attributes=displayName', false],
    ['attributes=members.value', true],
  ])('members with %j: %s', (query, isShown) =>
    expect(readShown(groupResource, readParameters(query)).relation !== undefined).toBe(isShown),
  );

  test.each([
    ['', false],
    ['excludedAttributes=members', false],
    ['attributes=', false],
    ['attributes=id', true],
    ['Attributes=id', true],
  ])('attributes are named in %j: %s', (query, named) => expect(namesAttributes(readParameters(query))).toBe(named));
});

test('parameters never become keys of their own', () => {
  expect(readParameters('__proto__=1&constructor=2&foo=3&count=4')).toEqual({ count: '4' });
});
