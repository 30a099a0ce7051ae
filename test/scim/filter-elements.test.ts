/** Brackets, which are about one element, also of relations and inside of "or" and "not"; and the names that no filter takes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Endpoint, type Letters, newLetters } from '../support/filter-people.js';
import { ENTERPRISE, GROUP } from '../support/scim.js';

let letters: Letters;

beforeAll(async () => {
  letters = await newLetters();
});

describe('brackets are about one element', () => {
  test.each<[filter: string, names: string]>([
    ['emails[type eq "work" and type eq "home"]', ''], // nor has any one element two types
    ['emails.type eq "work" and emails.type eq "home"', 'a'],
    ['emails[primary eq true]', 'a'],
    ['emails[primary eq false]', 'abcd'], // every element that is not the primary says so
    ['emails[not (primary eq true)]', 'abcd'],
    ['not (emails[not (type eq "work")])', 'de'], // of nobody's none, none is another
    ['emails[not (not (type eq "work" and not (value sw "d")))]', 'a'],
    ['emails[type eq "work" or type eq "home"] and not (emails[primary eq true])', 'cd'],
    ['photos[type eq null and value pr]', 'ad'],
    ['addresses[type eq "work"].country eq "GB"', 'c'],
    ['name[familyName co "o\'m"]', 'a'],
    ['manager[value eq "M1"]', 'bd'], // an id, in any case
    ['meta[resourceType eq "User" and version ne "W/\\"1\\""]', 'd'],
    ['groups[display eq "staff" and display eq "tours"]', ''],
    ['groups[display eq "staff" or display eq "tours"]', 'abd'],
    ['groups[not (display eq "staff")]', 'bd'],
    ['not (groups[display eq "staff"])', 'cde'],
    ['title pr or groups[display sw "t"]', 'abd'],
    ['not (title pr or not (groups[display sw "t"]))', 'd'],
    ['groups[display eq "tours"].type eq "direct"', 'bd'],
  ])('%s', async (filter, names) => expect(await letters.find('/Users', filter)).toBe(names));

  test('of the members of groups', async () => {
    const { users, groups, find } = letters;
    const [a, b] = [users['a']!.id, users['b']!.id];
    expect(await find('/Groups', `members[value eq "${a}" and display eq "bjensen"]`)).toBe('');
    expect(await find('/Groups', `members[value eq "${a}" or display eq "bjensen"]`)).toBe('st');
    expect(await find('/Groups', `members[not (value eq "${b}")] and not (members[value eq "${a}"])`)).toBe('t');
    expect(await find('/Groups', 'not (members[type eq "User"])')).toBe('n');
    expect(await find('/Groups', `id eq "${groups['s']!.id}" and members eq "${a}"`)).toBe('s'); // how Entra asks for a member
  });
});

describe('refused', () => {
  test.each<[endpoint: Endpoint, filter: string, position?: number]>([
    ['/Users', 'password pr', 1],
    ['/Users', 'title pr or password sw "x"', 13],
    ['/Users', 'members pr', 1],
    ['/Groups', 'groups pr', 1],
    ['/Groups', 'userName pr', 1],
    ['/Users', `${GROUP}:displayName pr`, 1],
    ['/Users', `${ENTERPRISE} pr`, ENTERPRISE.length + 2],
    ['/Users', 'meta.location pr'], // made when it is shown
    ['/Users', 'groups.$ref pr'],
    ['/Groups', 'members[$ref pr]'],
    ['/Users', 'name eq "null"', 6],
    ['/Users', 'name co null', 9],
    ['/Users', 'emails.type.x pr', 8],
    ['/Users', 'emails[emails.type eq "work"]', 8],
    ['/Users', 'emails.value[type pr]', 13],
    ['/Users', 'emails[0].value pr', 8],
    ['/Users', 'meta.created gt "2020-02-30T00:00:00Z"', 17],
    ['/Users', 'active eq 1', 11],
    ['/Users', 'title co null', 10],
  ])('of %s: %s', (endpoint, filter, position) => letters.expectRefused(endpoint, filter, position));
});
