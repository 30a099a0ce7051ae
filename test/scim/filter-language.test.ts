/** The filter language over HTTP as RFC 7644 (3.4.2.2) has it: its examples, and every operator on every kind of attribute. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Endpoint, type Letters, newLetters } from '../support/filter-people.js';
import { CONDECO, ENTERPRISE, USER } from '../support/scim.js';

let letters: Letters;

beforeAll(async () => {
  letters = await newLetters();
});

describe('the examples of RFC 7644, figure 2, find', () => {
  test.each<[filter: string, names: string]>([
    ['userName Eq "john"', 'c'],
    ['Username eq "john"', 'c'],
    ['userName eq "bjensen"', 'b'],
    ['name.familyName co "O\'Malley"', 'a'],
    ['userName sw "J"', 'cd'],
    [`${USER}:userName sw "J"`, 'cd'],
    ['title pr', 'ab'],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"', 'abcde'],
    ['meta.lastModified ge "2011-05-13T04:42:34Z"', 'abcde'],
    ['meta.lastModified lt "2011-05-13T04:42:34Z"', ''],
    ['meta.lastModified le "2011-05-13T04:42:34Z"', ''],
    ['title pr and userType eq "Employee"', 'a'],
    ['title pr or userType eq "Intern"', 'ab'],
    [`schemas eq "${ENTERPRISE}"`, 'bd'],
    ['userType eq "Employee" and (emails co "example.com" or emails.value co "example.org")', 'ac'],
    ['userType ne "Employee" and not (emails co "example.com" or emails.value co "example.org")', 'de'],
    ['userType eq "Employee" and (emails.type eq "work")', 'a'],
    ['userType eq "Employee" and emails[type eq "work" and value co "@example.com"]', 'a'],
    ['emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]', 'ad'],
  ])('%s', async (filter, names) => expect(await letters.find('/Users', filter)).toBe(names));
});

/** "-": the operator does not go with the attribute. */
const OPERATORS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr'] as const;
type Row = [path: string, literal: string | (() => string), ...found: string[]];
const ofUsers: Row[] = [
  // text: without case, in the order of code points
  ['userName', 'John', 'c', 'abde', 'c', 'c', 'c', 'e', 'ce', 'abd', 'abcd', 'abcde'],
  ['title', 'ENGINEER', 'a', 'bcde', 'ab', 'ab', 'a', 'b', 'ab', '', 'a', 'ab'],
  ['name.familyName', "o'malley", 'a', 'bcde', 'a', 'a', 'a', 'c', 'ac', '', 'a', 'ac'],
  [`${ENTERPRISE}:department`, 'tours', 'b', 'acde', 'bd', 'bd', 'b', 'd', 'bd', '', 'b', 'bd'],
  [`${CONDECO}:floor`, '3', 'd', 'abce', 'd', 'd', 'd', '', 'd', 'c', 'cd', 'cd'],
  // text with case
  ['externalId', 'E-1', 'a', 'bcde', 'a', 'a', 'a', 'b', 'ab', '', 'a', 'ab'],
  ['profileUrl', 'https://x.com/A', 'a', 'bcde', 'a', 'a', 'a', 'b', 'ab', '', 'a', 'ab'],
  // ids are found in any case
  [`${ENTERPRISE}:manager.value`, 'M1', 'bd', 'ace', 'bd', 'bd', 'bd', '', 'bd', '', 'bd', 'bd'],
  ['manager', 'm1', 'bd', 'ace', 'bd', 'bd', 'bd', '', 'bd', '', 'bd', 'bd'],
  ['id', () => letters.users['c']!.id, 'c', 'abde', 'c', 'c', 'c', 'de', 'cde', 'ab', 'abc', 'abcde'],
  ['id', 'g', '', 'abcde', '', '', '', '', '', 'abcde', 'abcde', 'abcde'], // no id, and text all the same
  // booleans and instants
  ['active', 'false', 'b', 'acde', '-', '-', '-', '-', '-', '-', '-', 'abcde'],
  ['meta.created', () => letters.users['c']!.meta.created, 'c', 'abde', '-', '-', '-', 'de', 'cde', 'ab', 'abc', 'abcde'],
  ['meta.lastModified', () => letters.users['d']!.meta.lastModified, 'd', 'abce', '-', '-', '-', '', 'd', 'abce', 'abcde', 'abcde'],
  // what is kept about the resource
  ['meta.version', 'W/"2"', 'd', 'abce', 'd', 'd', 'd', '', 'd', 'abce', 'abcde', 'abcde'],
  ['meta.resourceType', 'User', 'abcde', '', 'abcde', 'abcde', 'abcde', '', 'abcde', '', 'abcde', 'abcde'],
  ['schemas', ENTERPRISE, 'bd', 'abcde', 'bd', 'bd', 'bd', '', 'bd', 'abcde', 'abcde', 'abcde'],
  // many values: any one of them
  ['emails', 'A@example.com', 'a', 'abcde', 'a', 'a', 'a', 'abcd', 'abcd', '', 'a', 'abcd'],
  ['emails.type', 'work', 'ad', 'abce', 'ad', 'ad', 'ad', '', 'ad', 'abc', 'abcd', 'abcd'],
  ['emails.primary', 'true', 'a', 'abcde', '-', '-', '-', '-', '-', '-', '-', 'abcd'],
  ['photos', 'https://p/D', 'd', 'abce', 'd', 'd', 'd', 'a', 'ad', '', 'd', 'ad'],
  ['x509Certificates', 'aGk=', 'd', 'abce', 'd', 'd', 'd', '-', '-', '-', '-', 'bd'],
  ['addresses.country', 'GB', 'c', 'abde', 'c', 'c', 'c', '', 'c', 'b', 'bc', 'bc'],
  ['groups', () => letters.groups['s']!.id, 'ab', 'bcde', 'ab', 'ab', 'ab', 'bd', 'abd', '', 'ab', 'abd'],
  ['groups.display', 'STAFF', 'ab', 'bcde', 'ab', 'ab', 'ab', 'bd', 'abd', '', 'ab', 'abd'],
  ['groups.type', 'direct', 'abd', 'ce', 'abd', 'abd', 'abd', '', 'abd', '', 'abd', 'abd'],
  // parts are compared, not the whole
  ['name', "O'Malley", '-', '-', '-', '-', '-', '-', '-', '-', '-', 'ac'],
  ['addresses', 'GB', '-', '-', '-', '-', '-', '-', '-', '-', '-', 'bc'],
  ['meta', 'User', '-', '-', '-', '-', '-', '-', '-', '-', '-', 'abcde'],
];
const ofGroups: Row[] = [
  ['displayName', 'STAFF', 's', 'nt', 's', 's', 's', 't', 'st', 'n', 'ns', 'nst'],
  ['externalId', 'G', 's', 'nt', 's', 's', 's', 't', 'st', '', 's', 'st'],
  ['id', () => letters.groups['s']!.id, 's', 'nt', 's', 's', 's', 't', 'st', 'n', 'ns', 'nst'],
  ['meta.created', () => letters.groups['s']!.meta.created, 's', 'nt', '-', '-', '-', 't', 'st', 'n', 'ns', 'nst'],
  ['members', () => letters.users['b']!.id, 'st', 'nst', 'st', 'st', 'st', 't', 'st', 's', 'st', 'st'],
  ['members.value', () => letters.users['d']!.id, 't', 'nst', 't', 't', 't', '', 't', 'st', 'st', 'st'],
  ['members.display', 'BJensen', 'st', 'nst', 'st', 'st', 'st', 't', 'st', 's', 'st', 'st'],
  ['members.type', 'User', 'st', 'n', 'st', 'st', 'st', '', 'st', '', 'st', 'st'],
];

/** The table turned: one case for each operator of each row. */
const cases = [...ofUsers.map((row) => ['/Users', row] as const), ...ofGroups.map((row) => ['/Groups', row] as const)].flatMap(
  ([endpoint, [path, literal, ...found]]) => OPERATORS.map((operator, at) => ({ endpoint, path, operator, literal, names: found[at]! })),
);

describe('every operator on every kind of attribute', () => {
  const written = ({ path, operator, literal }: (typeof cases)[number]) =>
    operator === 'pr' ? `${path} pr` : `${path} ${operator} ${JSON.stringify(typeof literal === 'string' ? literal : literal())}`;

  test.each(cases.filter(({ names }) => names !== '-'))('$endpoint $path $operator finds "$names"', async (one) => {
    expect(await letters.find(one.endpoint, written(one))).toBe(one.names);
  });

  test.each(cases.filter(({ names }) => names === '-'))('$endpoint $path $operator is refused at the operator', async (one) => {
    await letters.expectRefused(one.endpoint, written(one), one.path.length + 2);
    await letters.expectRefused(one.endpoint, `id pr and not (${written(one)})`, one.path.length + 2 + 'id pr and not ('.length);
  });

  const everybody: Record<Endpoint, string> = { '/Users': 'abcde', '/Groups': 'nst' };

  test.each(cases.filter(({ operator, names }) => operator === 'pr' && names !== '-'))(
    '$endpoint $path and null',
    async ({ endpoint, path, names }) => {
      const others = everybody[endpoint]
        .split('')
        .filter((letter) => !names.includes(letter))
        .join('');
      for (const filter of [`${path} ne null`, `not (${path} eq NULL)`, `not (not (${path} pr))`]) {
        expect(await letters.find(endpoint, filter), filter).toBe(names);
      }
      for (const filter of [`${path} eq null`, `not (${path} pr)`, `not (${path} ne null)`]) {
        expect(await letters.find(endpoint, filter), filter).toBe(others);
      }
    },
  );
});
