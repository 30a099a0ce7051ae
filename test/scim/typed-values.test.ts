/**
 * Values of a tenant's own attributes compare by their type, wherever they are: as one value, as one of many, as a part; in a filter, in an
 * order, in a PATCH.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { declareKinds, KINDS } from '../support/query-kinds.js';
import { expectCursorPage, expectList, filtered, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

let tenant: Tenant;

/** Four moments in two days, as clients in two zones write them. */
const people = {
  a: { hired: '2020-01-01T01:00:00Z', nums: [10], shares: [9.5], flags: [true], link: 'https://X.com/a', seal: 'AGk=' },
  b: { hired: '2020-01-01T03:00:00+01:00', nums: [9, 1000], shares: [10.25], flags: [false], link: 'https://x.com/B', seal: 'YQ==' },
  c: { hired: '2020-01-01T03:00:00.000999Z', nums: [100], shares: [-100] },
  d: { hired: '2019-12-31T23:00:00+01:00' },
};
beforeAll(async () => {
  tenant = await newTenant();
  await declareKinds(tenant);
  for (const [name, values] of Object.entries(people)) {
    const times = { left: values.hired, seen: [values.hired], pets: [{ since: values.hired, age: 5 }], car: { since: values.hired } };
    expect((await tenant.scim('POST', '/Users', userBody(name, { [KINDS]: { ...values, ...times } }))).status).toBe(201);
  }
  await tenant.scim('POST', '/Users', userBody('e')); // has none of them
});

const byName = ({ userName }: Record<string, unknown>) => String(userName);
const FIND = 'query ($filter: String) { users(filter: $filter) { totalCount nodes { userName } } }';

/** Who is found, by either door. */
async function find(filter: string): Promise<string> {
  const found = expectList(await tenant.scim('GET', filtered('/Users', filter)))
    .map(byName)
    .join('');
  const { data } = await tenant.graphql(FIND, { filter });
  expect(data!['users'], filter).toEqual({ totalCount: found.length, nodes: Array.from(found, (userName) => ({ userName })) });
  return found;
}

describe.each(['hired', 'left', 'seen', 'pets.since', 'car.since'])('instants: %s', (name) => {
  test.each([
    ['eq "2019-12-31T22:00:00.000Z"', 'd'],
    ['eq "2019-12-31t22:00:00z"', 'd'],
    ['eq "2020-01-01T00:00:00.0009+02:00"', 'd'],
    ['eq "2020-01-01T22:00:00Z"', ''],
    ['ne "2019-12-31T22:00:00.000Z"', 'abce'],
    ['le "2019-12-31T22:00:00.000Z"', 'd'],
    ['ge "2019-12-31T22:00:00.000Z"', 'abcd'],
    ['gt "2019-12-31T22:00:00.000Z"', 'abc'],
    ['gt "2020-01-01T02:30:00Z"', 'c'],
    ['lt "2020-01-01T02:00:00Z"', 'ad'],
    ['lt "2020-01-01T03:00:00+01:00"', 'ad'],
    ['ge "2020-01-01T04:00:00+02:00"', 'bc'],
    ['pr', 'abcd'],
    ['eq null', 'e'],
  ])('%s finds "%s"', async (comparison, expected) => expect(await find(`${KINDS}:${name} ${comparison}`)).toBe(expected));
});

test.each([
  ['nums eq 9', 'b'],
  ['nums gt 99', 'bc'],
  ['nums le 9', 'b'],
  ['nums ne 10', 'bcde'],
  ['nums eq 1000.0', 'b'],
  ['shares gt 9.75', 'b'],
  ['shares lt 9', 'c'],
  ['flags eq True', 'a'],
  ['flags ne true', 'bcde'],
  ['link eq "HTTPS://x.COM/A"', 'a'],
  ['link ne "https://x.com/a"', 'bcde'],
  ['link sw "HTTPS"', 'ab'],
  ['link co "COM/b"', 'b'],
  ['link ew "/A"', 'a'],
  ['link gt "https://X.com/A"', 'b'],
  ['seal eq "aGK="', 'a'],
  ['seal ne "agk="', 'bcde'],
  ['seal sw "Ag"', 'a'],
  ['pets[since eq "2020-01-01T04:00:00+02:00" and age eq 5]', 'b'],
  ['pets[since gt "2020-01-01T02:30:00Z" and age gt 4]', 'c'],
  ['pets[not (since le "2020-01-01T02:30:00Z")]', 'c'],
] as [string, string][])('%s finds "%s"', async (filter, expected) => expect(await find(filter)).toBe(expected));

/** The list in this order, one at a time. */
async function walk(sortBy: string, sortOrder: string): Promise<string> {
  let names = '';
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const answer = await tenant.scim('GET', `/Users?count=1&sortBy=${KINDS}:${sortBy}&sortOrder=${sortOrder}&cursor=${cursor}`);
    names += expectCursorPage(answer).map(byName).join('');
    cursor = answer.body.nextCursor;
  }
  return names;
}

test.each([
  ...['hired', 'left', 'seen', 'pets.since', 'car.since'].map((name) => [name, 'dabce', 'ecbad']),
  ['nums', 'bacde', 'decab'],
  ['shares', 'cabde', 'debac'],
  ['flags', 'bacde', 'cdeab'],
  ['pets.age', 'abcde', 'eabcd'],
  ['link', 'abcde', 'cdeba'],
] as [string, string, string][])('sorted by %s: %s, and descending %s, a page or a walk', async (name, ascending, descending) => {
  for (const [order, expected] of [
    ['ascending', ascending],
    ['descending', descending],
  ] as const) {
    expect(
      expectList(await tenant.scim('GET', `/Users?sortBy=${KINDS}:${name}&sortOrder=${order}`))
        .map(byName)
        .join(''),
      order,
    ).toBe(expected);
    expect(await walk(name, order), order).toBe(expected);
  }
});

test('a PATCH finds the elements that a list finds the resource by', async () => {
  const {
    body: { id },
  } = await tenant.scim(
    'POST',
    '/Users',
    userBody('patched', {
      [KINDS]: {
        pets: [
          { value: 'Old', since: '2020-01-01T01:00:00Z' },
          { value: 'New', since: '2020-01-01T03:00:00Z' },
        ],
      },
    }),
  );
  for (const filter of [
    'since eq "2020-01-01T02:00:00+01:00"',
    'since lt "2020-01-01T02:30:00Z"',
    'since ne "2020-01-01t03:00:00z"',
    'not (since ge "2020-01-01T02:00:00Z")',
  ]) {
    expect(expectList(await tenant.scim('GET', filtered('/Users', `pets[${filter} and value eq "old"]`))).map(byName), filter).toEqual([
      'patched',
    ]);
    const { body } = await tenant.scim(
      'PATCH',
      `/Users/${id}`,
      patchOp({ op: 'replace', path: `${KINDS}:pets[${filter}].age`, value: filter.length }),
    );
    expect(body[KINDS], filter).toEqual({
      pets: [
        expect.objectContaining({ value: 'Old', age: filter.length }),
        { value: 'New', since: '2020-01-01T03:00:00.000Z', primary: false },
      ],
    });
  }
});

describe('what is kept as something else than is declared is no value, and fails no search', () => {
  const misfits = [
    'text',
    '',
    5.5,
    true,
    { value: 'x' },
    { age: 'x', weight: {}, primary: 'x' },
    [],
    ['x'],
    [5],
    [{ age: 'x', weight: [], primary: 'x' }],
    [[1]],
    null,
  ];
  const names = [
    'hired',
    'level',
    'ratio',
    'link',
    'car.age',
    'car.weight',
    'car.since',
    'seen',
    'nums',
    'shares',
    'flags',
    'pets.age',
    'pets.primary',
    'pets.since',
  ];
  const literals: Readonly<Record<string, string>> = {
    hired: '"2020-01-01T00:00:00Z"',
    since: '"2020-01-01T00:00:00Z"',
    seen: '"2020-01-01T00:00:00Z"',
    link: '"x"',
    flags: 'true',
    primary: 'true',
  };
  let other: Tenant;

  beforeAll(async () => {
    const { query } = await world();
    other = await newTenant();
    await declareKinds(other);
    for (const [at, misfit] of misfits.entries()) {
      const {
        body: { id },
      } = await other.scim('POST', '/Users', userBody(`misfit-${at}`));
      const kept = JSON.stringify({ [KINDS]: Object.fromEntries(names.map((name) => [name.split('.')[0], misfit])) });
      await query?.(`update app_user set profile = profile || '${kept}', folded = folded || '${kept}' where id = '${id}'`);
    }
    await other.scim(
      'POST',
      '/Users',
      userBody('fits', {
        [KINDS]: {
          level: 7,
          ratio: -0.5,
          nums: [7],
          shares: [1e21, 1e-7],
          flags: [true],
          car: { age: 7, weight: 7.5 },
          pets: [{ age: 7, primary: true }],
        },
      }),
    );
  });

  test.each(names)('%s', async (name) => {
    const [list, part] = name.split('.') as [string, string | undefined];
    const literal = literals[part ?? name] ?? '6';
    const operators = literal === 'true' ? ['eq', 'ne'] : ['eq', 'ne', 'gt', 'ge', 'lt', 'le'];
    const comparisons = [...operators.map((operator) => `${operator} ${literal}`), 'pr', 'eq null'];
    const ofElements = part ? comparisons.map((comparison) => `${KINDS}:${list}[${part} ${comparison}]`) : [];
    for (const filter of [...comparisons.map((comparison) => `${KINDS}:${name} ${comparison}`), ...ofElements]) {
      const answers = [await other.scim('GET', filtered('/Users', filter)), await other.scim('GET', filtered('/Users', `not (${filter})`))];
      expect(
        answers.map(({ status }) => status),
        filter,
      ).toEqual([200, 200]);
    }
    for (const order of ['ascending', 'descending']) {
      expect(expectList(await other.scim('GET', `/Users?sortBy=${KINDS}:${name}&sortOrder=${order}`))).toHaveLength(misfits.length + 1);
    }
  });

  test.each([
    ['level gt 6'],
    ['ratio lt 0'],
    ['nums gt 6'],
    ['shares gt 1000'],
    ['flags ne false and flags pr'],
    ['car.age gt 6'],
    ['car.weight gt 7'],
    ['pets.age ge 7'],
    ['pets[age gt 6 and primary eq true]'],
  ])('%s finds who has such a value', async (filter) => {
    expect(expectList(await other.scim('GET', filtered('/Users', `${KINDS}:${filter} and userName eq "fits"`)))).toHaveLength(1);
  });
});
