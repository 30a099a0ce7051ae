/** Filters over HTTP: every operator on every kind of attribute finds the users it should, and nobody else's. */
import { beforeAll, describe, expect, test } from 'vitest';
import { CONDECO, ENTERPRISE, expectList, expectScimError, filtered, groupBody, USER } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
const ids: Record<string, string> = {};

const people: Record<string, object> = {
  ann: {
    displayName: 'Ann Lee',
    title: 'Engineer',
    externalId: 'A1',
    name: { givenName: 'Ann', familyName: 'Lee' },
    nickName: '100%',
    emails: [
      { value: 'ann@x.com', type: 'work', primary: true },
      { value: 'ann@home.org', type: 'home' },
    ],
    locale: 'en-GB',
    [ENTERPRISE]: { department: 'Sales', manager: { value: 'Boss-1' } },
  },
  bob: {
    displayName: 'Bob Smith',
    title: 'engineer lead',
    externalId: 'a1',
    active: false,
    name: { givenName: 'Bob', familyName: 'Smith' },
    nickName: '100 percent',
    emails: [{ value: 'BOB@X.com', type: 'work' }],
    [ENTERPRISE]: { department: 'sales' },
    locale: 'de-DE',
  },
  carl: { title: 'CEO', nickName: 'a_b', [CONDECO]: { floor: '3' }, name: { familyName: 'Öztürk' } },
  dora: {
    displayName: 'Dóra',
    nickName: 'a\\b',
    phoneNumbers: [{ value: '+44 1', type: 'mobile' }],
    emails: [{ value: 'dora@y.org', type: 'home', primary: true }],
  },
  eve: {
    displayName: 'say "hi"',
    nickName: 'axb',
    title: 'and or not',
    roles: [{ value: 'admin', primary: true }, { value: 'user' }],
    profileUrl: 'https://x.com/Eve',
  },
};

beforeAll(async () => {
  tenant = await newTenant();
  for (const [name, over] of Object.entries(people)) {
    const answer = await tenant.scim('POST', '/Users', { schemas: [USER], userName: `${name}@Example.com`, ...over });
    expect(answer.status, answer.text).toBe(201);
    ids[name] = answer.body.id;
  }
  // Somebody else's people, who look the same.
  const other = await newTenant();
  for (const [name, over] of Object.entries(people)) {
    await other.scim('POST', '/Users', { schemas: [USER], userName: `${name}@Example.com`, ...over });
  }
});

/** Who is found, by first name. */
async function find(filter: string): Promise<string[]> {
  const answer = await tenant.scim('GET', filtered('/Users', filter, '&count=1000'));
  const found = expectList(answer);
  expect(answer.body.totalResults).toBe(found.length);
  for (const { id } of found) expect(Object.values(ids)).toContain(id);
  return found.map(({ userName }) => userName.split('@')[0] as string);
}

const everybody = ['ann', 'bob', 'carl', 'dora', 'eve'];
const but = (...names: string[]) => everybody.filter((name) => !names.includes(name));

describe('finds', () => {
  test.each<[filter: string, names: string[]]>([
    // operators on text, without case
    ['userName eq "ANN@example.COM"', ['ann']],
    ['userName ne "ann@example.com"', but('ann')],
    ['title co "ENGINEER"', ['ann', 'bob']],
    ['title sw "engineer"', ['ann', 'bob']],
    ['title sw "ngineer"', []],
    ['title ew "LEAD"', ['bob']],
    ['title pr', ['ann', 'bob', 'carl', 'eve']],
    ['title eq null', ['dora']],
    ['title ne null', but('dora')],
    ['title ne "Engineer"', but('ann')], // whoever has no title has another one
    ['userName gt "bob@example.com"', ['carl', 'dora', 'eve']],
    ['userName ge "BOB@example.com"', but('ann')],
    ['userName lt "bob@example.com"', ['ann']],
    ['userName le "bob@example.com"', ['ann', 'bob']],
    ['displayName eq "DÓRA"', ['dora']],
    ['displayName eq "do\\u0301ra"', ['dora']], // decomposed
    ['displayName eq "Dora"', []],
    ['name.familyName eq "ÖZTÜRK"', ['carl']],
    ['name.familyName co "öztü"', ['carl']],
    // text with case
    ['externalId eq "A1"', ['ann']],
    ['externalId eq "a1"', ['bob']],
    ['externalId sw "A"', ['ann']],
    ['externalId ne "A1"', but('ann')],
    ['profileUrl ew "/Eve"', ['eve']],
    ['profileUrl ew "/eve"', []],
    // booleans
    ['active eq true', but('bob')],
    ['active eq "False"', ['bob']],
    ['active ne true', ['bob']],
    ['active pr', everybody],
    // sub-attributes and values of lists
    ['name.givenName eq "ann"', ['ann']],
    ['emails pr', ['ann', 'bob', 'dora']],
    ['not (emails pr)', ['carl', 'eve']],
    ['emails eq "ann@HOME.org"', ['ann']],
    ['emails.value ew "@x.com"', ['ann', 'bob']],
    ['emails.type eq "home"', ['ann', 'dora']],
    ['emails.type ne "work"', ['ann', 'carl', 'dora', 'eve']],
    ['emails.primary eq true', ['ann', 'dora']],
    ['emails[type eq "work" and value ew "@x.com"]', ['ann', 'bob']],
    ['emails[type eq "work" and value ew "@home.org"]', []], // both hold for the same element
    ['emails.type eq "work" and emails.value ew "@home.org"', ['ann']],
    ['emails[type eq "home" or primary eq true]', ['ann', 'dora']],
    ['emails[not (type eq "work")]', ['ann', 'dora']],
    ['not (emails[type eq "work"])', ['carl', 'dora', 'eve']],
    ['emails[type eq "work"].value eq "bob@x.com"', ['bob']],
    ['roles eq "user"', ['eve']],
    ['roles[primary eq "True"].value eq "admin"', ['eve']],
    ['roles[primary eq "True"].value eq "user"', []],
    ['phoneNumbers[type eq "mobile"].value pr', ['dora']],
    // extensions
    [`${ENTERPRISE}:department eq "SALES"`, ['ann', 'bob']],
    [`${ENTERPRISE}:manager eq "Boss-1"`, ['ann']],
    [`${ENTERPRISE}:manager.value eq "boss-1"`, ['ann']],
    [`${CONDECO}:floor eq "3"`, ['carl']],
    ['department sw "sa"', ['ann', 'bob']],
    // logic
    ['title pr and active eq true', ['ann', 'carl', 'eve']],
    ['userName sw "ann" or userName sw "bob" and active eq true', ['ann']], // "and" binds closer
    ['(userName sw "ann" or userName sw "bob") and active eq true', ['ann']],
    ['(userName sw "bob" or userName sw "carl") and active eq false', ['bob']],
    ['not (title co "engineer" or title eq null)', ['carl', 'eve']],
    ['not (title eq "CEO")', but('carl')],
    ['not (not (title eq "CEO"))', ['carl']],
    ['TITLE EQ "ceo" AND Active Eq TRUE', ['carl']],
    // literals
    ['userName eq ann@example.com', ['ann']],
    ['externalId eq A1', ['ann']],
    ['displayName eq "say \\"hi\\""', ['eve']],
    ['title eq "and or not"', ['eve']],
    ['title co " or "', ['eve']],
    // wildcards of SQL are ordinary characters
    ['nickName eq "100%"', ['ann']],
    ['nickName sw "100%"', ['ann']],
    ['nickName co "%"', ['ann']],
    ['nickName co "_"', ['carl']],
    ['nickName eq "a_b"', ['carl']],
    ['nickName sw "a_"', ['carl']],
    ['nickName co "\\\\"', ['dora']],
    ['nickName ew "\\\\b"', ['dora']],
    ['nickName co "\'"', []],
    ['title co "\' or 1=1 --"', []],
    // what is kept about the resource
    ['meta.created gt "2020-01-01T00:00:00Z"', everybody],
    ['meta.created lt "2020-01-01T00:00:00Z"', []],
    ['meta.lastModified ge "2020-01-01T00:00:00+02:00"', everybody],
    ['meta.resourceType eq "User"', everybody],
    ['id eq "00919288221112222"', []],
    ['id ne "00919288221112222"', everybody],
  ])('%s', async (filter, names) => {
    expect((await find(filter)).toSorted()).toEqual(names);
  });

  test('by id, and by what was created later', async () => {
    expect(await find(`id eq "${ids['carl']}"`)).toEqual(['carl']);
    expect((await find(`id eq "${ids['carl']}" or id eq "${ids['eve']}"`)).toSorted()).toEqual(['carl', 'eve']);
    // An id is text like any other, with case (RFC 7643, 3.1), also where the literal is no whole id.
    expect(await find(`id sw "${ids['carl']!.slice(0, 30)}"`)).toContain('carl');
    expect(await find(`id ew "${ids['carl']!.slice(-10)}" and id co "-7"`)).toEqual(['carl']);
    expect(await find(`id eq "${ids['carl']!.toUpperCase()}"`)).toEqual(['carl']);
    expect(await find('id gt "0" and id lt "g" and not (id sw "x")')).toHaveLength(everybody.length);
    const { body } = await tenant.scim('GET', `/Users/${ids['carl']}`);
    expect(await find(`meta.created lt "${body.meta.created}"`)).not.toContain('carl');
    expect(await find(`meta.created ge "${body.meta.created}"`)).toEqual(expect.arrayContaining(['carl', 'eve']));
  });

  test('by group, and groups by member', async () => {
    const { body } = await tenant.scim('POST', '/Groups', groupBody('Filterers', [ids['ann'] as string, ids['eve'] as string]));
    expect((await find(`groups eq "${body.id}"`)).toSorted()).toEqual(['ann', 'eve']);
    expect((await find(`groups.display eq "FILTERERS"`)).toSorted()).toEqual(['ann', 'eve']);
    expect((await find(`not (groups.value eq "${body.id}")`)).toSorted()).toEqual(['bob', 'carl', 'dora']);
    const groups = async (filter: string) =>
      expectList(await tenant.scim('GET', filtered('/Groups', filter))).map(({ displayName }) => displayName);
    expect(await groups(`members eq "${ids['ann']}"`)).toEqual(['Filterers']);
    expect(await groups(`members.value eq "${ids['bob']}"`)).toEqual([]);
    expect(await groups(`members[value eq "${ids['eve']}"]`)).toEqual(['Filterers']);
    expect(await groups('members eq "no-such-user"')).toEqual([]);
  });
});

describe('refuses, with the position', () => {
  test.each<[filter: string, position: number]>([
    ['', 1],
    ['userName', 9],
    ['userName eq', 12],
    ['userName like "x"', 10],
    ['userName eq "x', 13],
    ['userName eq "x" and', 20],
    ['userName eq "x" userName eq "y"', 17],
    ['(userName eq "x"', 17],
    ['userName eq "x")', 16],
    ['favouriteColour eq "blue"', 1],
    ['userName eq "x" or favouriteColour pr', 20],
    ['emails[type eq "work"', 22],
    ['emails[colour eq "x"]', 8],
    ['active gt true', 8],
    ['active eq perhaps', 11],
    ['meta.created gt "yesterday"', 17],
    ['name eq "x"', 6],
    ['__proto__ pr', 1],
    ['constructor eq "x"', 1],
    ['password eq "secret"', 1],
    ['members pr', 1],
    [`${'('.repeat(100)}userName pr${')'.repeat(100)}`, 17],
  ])('%s', async (filter, position) => {
    const answer = await tenant.scim('GET', filtered('/Users', filter));
    expectScimError(answer, 400, 'invalidFilter');
    expect(answer.body.detail).toMatch(new RegExp(`\\bposition ${position}\\b`));
  });

  test.each([
    ['a filter that is too long', `title eq "${'x'.repeat(5000)}"`],
    ['too many terms', Array.from({ length: 100 }, () => 'id pr').join(' or ')],
    ['a NUL', 'title eq "a\0b"'],
    ['half a surrogate pair', 'title eq "\\ud800"'],
  ])('%s', async (_, filter) => {
    expectScimError(await tenant.scim('GET', filtered('/Users', filter)), 400, 'invalidFilter');
  });

  test('a filter sent twice', async () => {
    expect([200, 400]).toContain((await tenant.scim('GET', '/Users?filter=userName%20pr&filter=active%20pr')).status);
  });
});
