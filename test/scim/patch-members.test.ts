/** A PATCH of members touches those it names and no other, whatever form it comes in (RFC 7644, 3.5.2; Okta, Entra, JumpCloud). */
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectScimError, GROUP, groupBody, memberIds, type Operation, patchOp, userBody } from '../support/scim.js';
import { FUZZ_RUNS, newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
let [ann, ben, cy] = ['', '', ''];
let group = '';

beforeAll(async () => {
  tenant = await newTenant();
  const ids = [];
  for (const name of ['ann', 'ben', 'cy']) {
    ids.push((await tenant.scim('POST', '/Users', userBody(`${name}@x.com`, { displayName: name }))).body.id);
  }
  [ann, ben, cy] = ids as [string, string, string];
});

let groups = 0;
beforeEach(async () => {
  group = (await tenant.scim('POST', '/Groups', groupBody(`Group ${(groups += 1)}`, [ann, ben]))).body.id;
});

const patch = (...operations: Operation[]) => tenant.scim('PATCH', `/Groups/${group}`, patchOp(...operations));
const members = async () => memberIds((await tenant.scim('GET', `/Groups/${group}`)).body);

describe('removes', () => {
  test.each<[string, () => Operation]>([
    ['by id', () => ({ op: 'remove', path: `members[value eq "${ann}"]` })],
    ['by ids', () => ({ op: 'remove', path: `members[value eq "${ann}" or value eq "${cy}"]` })],
    ['by id in capitals', () => ({ op: 'Remove', path: `Members[Value EQ "${ann.toUpperCase()}"]` })],
    ['by name', () => ({ op: 'remove', path: 'members[display eq "ANN"]' })],
    ['by part of a name', () => ({ op: 'remove', path: 'members[display sw "a" and type eq "User"]' })],
    ['all but one', () => ({ op: 'remove', path: `members[not (value eq "${ben}")]` })],
    ['by a list', () => ({ op: 'remove', path: 'members', value: [{ $ref: null, value: ann }] })],
    ['by one value', () => ({ op: 'remove', path: 'members', value: { value: ann } })],
    ['by a bare id', () => ({ op: 'remove', path: 'members', value: ann })],
    [
      'by a list, of those whom a filter finds',
      () => ({ op: 'remove', path: 'members[type eq "User"]', value: [{ value: ann }, { value: cy }] }),
    ],
    ['by one value, of those whom a filter finds', () => ({ op: 'remove', path: 'members[type eq "User"]', value: { value: ann } })],
    [
      'by a list with slips, of those whom a filter finds',
      () => ({ op: 'remove', path: 'members[type eq "User"]', value: [{ value: ann }, {}, { value: '' }] }),
    ],
    ['by id, whoever is named beside it', () => ({ op: 'remove', path: `members[value eq "${ann}"]`, value: [{ value: ben }] })],
  ])('%s', async (_, operation) => {
    expect((await patch(operation())).status).toBe(204);
    expect(await members()).toEqual([ben]);
  });

  test.each<[string, () => Operation]>([
    ['a filter that finds nobody', () => ({ op: 'remove', path: 'members[display eq "nobody"]' })],
    ['somebody who is no member', () => ({ op: 'remove', path: `members[value eq "${cy}"]` })],
    ['somebody who is nobody', () => ({ op: 'remove', path: 'members[value eq "42"]' })],
    ['a filter that finds others than are named', () => ({ op: 'remove', path: 'members[type eq "User"]', value: [{ value: cy }] })],
    ['an empty list', () => ({ op: 'remove', path: 'members', value: [] })],
    ['an empty list beside a filter', () => ({ op: 'remove', path: 'members[type eq "User"]', value: [] })],
    ['null', () => ({ op: 'remove', path: 'members', value: null })],
  ])('nobody by %s', async (_, operation) => {
    expect((await patch(operation())).status).toBe(204);
    expect(await members()).toEqual([ann, ben].toSorted());
  });

  test('everybody only by a path without a filter and without a value', async () => {
    await patch({ op: 'remove', path: 'members' });
    expect(await members()).toEqual([]);
  });
});

test.each<[string, () => Operation, () => string[]]>([
  ['added', () => ({ op: 'add', path: 'member', value: [{ value: cy }] }), () => [ann, ben, cy]],
  ['added without a path', () => ({ op: 'add', value: { Member: [{ value: cy }] } }), () => [ann, ben, cy]],
  ['replaced', () => ({ op: 'replace', path: 'MEMBER', value: [{ value: cy }] }), () => [cy]],
  ['removed', () => ({ op: 'remove', path: `member[value eq "${ann}"]` }), () => [ben]],
])('under the name of one, members are %s', async (_, operation, expected) => {
  expect((await patch(operation())).status).toBe(204);
  expect(await members()).toEqual(expected().toSorted());
});

test('a PUT that says members twice, once with nobody, loses nobody', async () => {
  for (const twice of [{ Members: [] }, { members: [], MEMBERS: [{ value: ann }, { value: ben }] }, { member: null }]) {
    const answer = await tenant.scim('PUT', `/Groups/${group}`, { ...groupBody(`Group ${groups}`, [ann, ben]), ...twice });
    expect(answer.status, answer.text).toBe(200);
    expect(await members(), JSON.stringify(twice)).toEqual([ann, ben].toSorted());
  }
});

test.each([null, '', []])('nobody goes by an addition, where it says %j instead of whom', async (value) => {
  expectScimError(await patch({ op: 'add', path: `members[value eq "${ann}"]`, value }), 400, 'mutability');
  expect(await members()).toEqual([ann, ben].toSorted());
});

describe('members are never passed over', () => {
  test.each<[string, string, () => object, string]>([
    ['a part of one in a PATCH', 'PATCH', () => patchOp({ op: 'add', value: { 'members.value': cy } }), 'mutability'],
    ['a part of one in a PUT', 'PUT', () => ({ schemas: [GROUP], displayName: 'Parts', 'members.value': cy }), 'invalidValue'],
    ['two ids in one text', 'PATCH', () => patchOp({ op: 'remove', path: 'members', value: `${ann},${ben}` }), 'invalidValue'],
  ])('%s is refused', async (_, method, body, scimType) => {
    expectScimError(await tenant.scim(method, `/Groups/${group}`, body()), 400, scimType);
    expect(await members()).toEqual([ann, ben].toSorted());
  });

  test.each([{ members: null }, {}])('a PUT with %j leaves them', async (said) => {
    expect((await tenant.scim('PUT', `/Groups/${group}`, { schemas: [GROUP], displayName: `Kept ${groups}`, ...said })).status).toBe(200);
    expect(await members()).toEqual([ann, ben].toSorted());
  });

  test('of two spellings in one PATCH one that names nobody takes nobody', async () => {
    await patch({ op: 'replace', value: { members: [{ value: cy }], Members: [] } });
    expect(await members()).toEqual([cy]);
  });
});

describe('in order', () => {
  test('what is removed and added again stays', async () => {
    await patch(
      { op: 'remove', path: 'members' },
      { op: 'add', path: 'members', value: [{ value: ben }] },
      { op: 'add', value: { members: [{ value: cy }] } },
    );
    expect(await members()).toEqual([ben, cy].toSorted());
  });

  test('what is added and removed again goes', async () => {
    await patch({ op: 'add', path: 'members', value: [{ value: cy }] }, { op: 'remove', path: `members[value eq "${cy}"]` });
    expect(await members()).toEqual([ann, ben].toSorted());
  });

  const added = () => ({ op: 'add', path: 'members', value: [{ value: cy }] });
  const replaced = () => ({ op: 'replace', path: 'members', value: [{ value: cy }, { value: ben }] });
  const removed = (filter: string) => ({ op: 'remove', path: `members[${filter}]` });
  test.each<[string, () => Operation[], () => string[]]>([
    ['who has been added, by name', () => [added(), removed('display eq "cy"')], () => [ann, ben]],
    ['all users, also who has been added', () => [added(), removed('type eq "User"')], () => []],
    ['who has been added, by id and type', () => [added(), removed(`value eq "${cy}" and type eq "User"`)], () => [ann, ben]],
    ['who has been added, by what they are not', () => [added(), removed(`not (value eq "${ann}")`)], () => [ann]],
    ["who has been put into everybody's place", () => [replaced(), removed('display sw "b"')], () => [cy]],
    ["all who have been put into everybody's place", () => [replaced(), removed('type eq "User"')], () => []],
    ['nobody of a kind that was not added', () => [added(), removed('type eq "Group"')], () => [ann, ben, cy]],
    [
      'who comes again afterwards: stays',
      () => [added(), removed('display eq "ann" or display eq "cy"'), { op: 'add', path: 'members', value: [{ value: ann }] }],
      () => [ann, ben],
    ],
    ['who comes and goes again, twice', () => [added(), removed('display eq "cy"'), added(), removed('display ew "y"')], () => [ann, ben]],
    ['by two filters', () => [removed('display eq "ann"'), added(), removed('display co "e"')], () => [cy]],
    ['and then all others', () => [removed('display eq "ann"'), { op: 'remove', path: 'members' }, added()], () => [cy]],
    ['who is not there', () => [removed('display eq "cy"'), added()], () => [ann, ben, cy]],
    [
      'beside a new name of the group',
      () => [added(), { op: 'replace', path: 'externalId', value: 'e' }, removed('display eq "cy"')],
      () => [ann, ben],
    ],
  ])('a filter finds %s', async (_, operations, expected) => {
    const answer = await patch(...operations());
    expect(answer.status, answer.text).toBe(204);
    expect(await members()).toEqual(expected().toSorted());
  });

  test('a filter finds a group that has just been added', async () => {
    const { id } = (await tenant.scim('POST', '/Groups', groupBody(`Subgroup ${groups}`))).body;
    const joining = { op: 'add', path: 'members', value: [{ value: id }, { value: cy }] };
    expect((await patch(joining, { op: 'remove', path: 'members[type eq "Group"]' })).status).toBe(204);
    expect(await members()).toEqual([ann, ben, cy].toSorted());
    expect((await patch(joining, { op: 'remove', path: 'members[type eq "User"]' })).status).toBe(204);
    expect(await members()).toEqual([id]);
  });

  test('what comes and goes again within a request leaves the version as it was', async () => {
    const versionOf = async () => (await tenant.scim('GET', `/Groups/${group}`)).body.meta.version;
    const before = await versionOf();
    expect((await patch(added(), removed('display eq "cy"'))).status).toBe(204);
    expect(await versionOf()).toBe(before);
  });

  test('whoever is nobody is refused, also where a filter removes all', async () => {
    expectScimError(
      await patch({ op: 'add', path: 'members', value: [{ value: 'nobody' }] }, removed('type eq "User"')),
      400,
      'invalidValue',
    );
    expect(await members()).toEqual([ann, ben].toSorted());
  });

  test('a filter is not looked at where the group is at another version', async () => {
    expectScimError(await tenant.scim('PATCH', `/Groups/${group}`, patchOp(removed('display eq "ann"')), { 'if-match': 'W/"7"' }), 412);
    expect(await members()).toEqual([ann, ben].toSorted());
  });

  test('more filters than one request may have are refused with what to do', async () => {
    const answer = await patch(...Array.from({ length: 31 }, () => removed('display eq "ann"')));
    expectScimError(answer, 400, 'tooMany');
    expect(answer.body.detail).toContain('value eq');
    expect(await members()).toEqual([ann, ben].toSorted());
    expect((await patch(...Array.from({ length: 30 }, (_, at) => removed(`display eq "${at === 29 ? 'ann' : 'x'}"`)))).status).toBe(204);
    expect(await members()).toEqual([ben]);
  });

  test('all or nothing: a fault in the last operation leaves the first undone', async () => {
    const answer = await patch(
      { op: 'remove', path: 'members' },
      { op: 'replace', value: { displayName: 'New', externalId: 'e' } },
      { op: 'replace', path: 'displayName', value: 'x'.repeat(600) },
    );
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toMatch(/^Operation 3\b.*displayName/);
    expect(await members()).toEqual([ann, ben].toSorted());
  });
});

/** What an operation makes of the members, who are named by their places: Ann, Ben, Cy. */
interface Step {
  readonly operation: () => Operation;
  readonly apply: (members: ReadonlySet<number>) => Iterable<number>;
}

const listOf = (places: readonly number[]) => places.map((place) => ({ value: [ann, ben, cy][place] }));
const filters: [() => string, (place: number) => boolean][] = [
  [() => 'display eq "ben"', (place) => place === 1],
  [() => 'not (display eq "ANN")', (place) => place !== 0],
  [() => 'type eq "User"', () => true],
  [() => 'type eq "Group"', () => false],
  [() => 'display ge "b"', (place) => place > 0],
  [() => `value eq "${cy}" and type eq "User"`, (place) => place === 2],
  [() => `value eq "${ann}" or value eq "${cy}"`, (place) => place !== 1],
];
const places = fc.uniqueArray(fc.nat(2), { minLength: 1, maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  places.map((some) => ({
    operation: () => ({ op: 'add', path: 'members', value: listOf(some) }),
    apply: (before: ReadonlySet<number>) => [...before, ...some],
  })),
  places.map((some) => ({ operation: () => ({ op: 'replace', path: 'members', value: listOf(some) }), apply: () => some })),
  places.map((some) => ({
    operation: () => ({ op: 'remove', path: 'members', value: listOf(some) }),
    apply: (before: ReadonlySet<number>) => [...before].filter((place) => !some.includes(place)),
  })),
  fc.constant({ operation: () => ({ op: 'remove', path: 'members' }), apply: () => [] }),
  fc.constantFrom(...filters).map(([text, isFound]) => ({
    operation: () => ({ op: 'remove', path: `members[${text()}]` }),
    apply: (before: ReadonlySet<number>) => [...before].filter((place) => !isFound(place)),
  })),
);

test('any operations do what each of them does to what those before it have left', async () => {
  let model: ReadonlySet<number> = new Set([0, 1]);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      const answer = await patch(...steps.map(({ operation }) => operation()));
      expect(answer.status, answer.text).toBe(204);
      for (const { apply } of steps) model = new Set(apply(model));
      expect(await members()).toEqual([...model].map((place) => [ann, ben, cy][place]).toSorted());
    }),
    { numRuns: Math.min(FUZZ_RUNS, 1_000), endOnFailure: true },
  );
}, 120_000);

test.each<[Operation, string]>([
  [{ op: 'replace', path: 'members[value eq "x"].value', value: 'y' }, 'mutability'],
  [{ op: 'add', path: 'members', value: [{ display: 'Ann' }] }, 'invalidValue'],
  [{ op: 'add', path: 'members', value: [{ value: 'x', type: 'Room' }] }, 'invalidValue'],
  [{ op: 'remove', path: 'members[nonsense eq "x"]' }, 'invalidFilter'],
  [{ op: 'remove', path: 'members[value eq "x"' }, 'invalidFilter'],
])('refuses %j as %s', async (operation, scimType) => {
  const answer = await patch(operation);
  expect(answer.body).toMatchObject({ status: '400', detail: expect.stringContaining('Operation 1') });
  expect([scimType, 'invalidPath']).toContain(answer.body.scimType);
  expect(await members()).toEqual([ann, ben].toSorted());
});

test('members come and go by their addresses alone', async () => {
  const $ref = `http://scim.example/scim/api/V1/Users/${cy}`;
  expect((await patch({ op: 'add', path: 'members', value: [{ $ref }] })).status).toBe(204);
  expect(await members()).toEqual([ann, ben, cy].toSorted());
  expect((await patch({ op: 'remove', path: 'members', value: [{ $ref }] })).status).toBe(204);
  expect(await members()).toEqual([ann, ben].toSorted());
  expectScimError(await patch({ op: 'add', path: 'members', value: [{ $ref: 'http://scim.example/rooms/1' }] }), 400, 'invalidValue');
});
