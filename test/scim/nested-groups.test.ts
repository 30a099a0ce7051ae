/** Groups as members of groups, through SCIM: every form of writing, what is shown and found, no cycles, deletions. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Answer, ScimBody } from '../support/http.js';
import { expectList, expectScimError, filtered, groupBody, memberIds, type Operation, patchOp, userBody } from '../support/scim.js';
import { newTenant, PUBLIC_URL, SCIM_PATH, type Tenant, world } from '../support/world.js';

const NEVER_WAS = '01890a5d-ac96-774b-bcce-b302099a8057';
const LEVELS = 32;

let tenant: Tenant;
let [ann, ben] = ['', ''];
let number = 0;
const names = new Map<string, string>();

async function create(path: string, body: object): Promise<ScimBody> {
  const answer = await tenant.scim('POST', path, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

/** A group of these members, by its id. */
async function group(...members: string[]): Promise<string> {
  const name = `Group ${(number += 1)}`;
  const { id } = await create('/Groups', groupBody(name, members));
  names.set(id, name);
  return id;
}

const patch = (id: string, ...operations: Operation[]): Promise<Answer> => tenant.scim('PATCH', `/Groups/${id}`, patchOp(...operations));
const add = (id: string, ...members: object[]) => patch(id, { op: 'add', path: 'members', value: members });
const read = async (id: string) => (await tenant.scim('GET', `/Groups/${id}`)).body;
const readUser = async (id: string) => (await tenant.scim('GET', `/Users/${id}`)).body;
const members = async (id: string) => memberIds(await read(id));
const sorted = (...ids: string[]) => ids.toSorted();

/** `id: type` of each group that the user shows. */
const groupsOf = async (id: string) => Object.fromEntries(((await readUser(id)).groups ?? []).map(({ value, type }) => [value, type]));

beforeAll(async () => {
  tenant = await newTenant();
  [ann, ben] = [
    (await create('/Users', userBody('ann@x.com', { displayName: 'Ann' }))).id,
    (await create('/Users', userBody('ben@x.com', { displayName: 'Ben' }))).id,
  ];
});

describe('a group as a member', () => {
  test('is shown with its address, its type and its name, beside users', async () => {
    const inner = await group(ben);
    const outer = await group(ann, inner);
    const base = `${PUBLIC_URL}${SCIM_PATH}`;
    expect((await read(outer)).members).toEqual(
      [
        { value: ann, $ref: `${base}/Users/${ann}`, display: 'Ann', type: 'User' },
        { value: inner, $ref: `${base}/Groups/${inner}`, display: names.get(inner), type: 'Group' },
      ].toSorted((one, other) => (one.value < other.value ? -1 : 1)),
    );
    const partly = await tenant.scim('GET', `/Groups/${outer}?attributes=members.$ref`);
    expect(partly.body.members.map(({ $ref }) => $ref).toSorted()).toEqual([`${base}/Users/${ann}`, `${base}/Groups/${inner}`].toSorted());
  });

  test.each<[string, (inner: string) => object]>([
    ['the type said', (inner) => ({ value: inner, type: 'Group' })],
    ['the type in another case', (inner) => ({ value: inner, type: 'group' })],
    ['no type said (Okta)', (inner) => ({ value: inner })],
    ['an address', (inner) => ({ value: inner, $ref: `../Groups/${inner}` })],
    ['the id in capitals', (inner) => ({ value: inner.toUpperCase() })],
  ])('is added with %s, once', async (_, member) => {
    const [inner, outer] = [await group(), await group(ann)];
    expect((await add(outer, member(inner))).status).toBe(204);
    expect(await members(outer)).toEqual(sorted(ann, inner));
    const { meta } = await read(outer);
    expect(meta.version).toBe('W/"2"');
    expect((await add(outer, member(inner), member(inner))).status).toBe(204);
    expect((await read(outer)).meta).toEqual(meta);
  });

  test('comes by POST and PUT, among users, and goes by PUT', async () => {
    const [one, two] = [await group(), await group()];
    const outer = await create('/Groups', {
      ...groupBody('By POST'),
      members: [
        { value: one, type: 'Group' },
        { value: ann, type: 'User' },
      ],
    });
    expect(memberIds(outer)).toEqual(sorted(one, ann));
    expect(outer.meta.version).toBe('W/"1"');
    const put = (...ids: string[]) => tenant.scim('PUT', `/Groups/${outer.id}`, groupBody('By POST', ids));
    expect(memberIds((await put(one, two, ben)).body)).toEqual(sorted(one, two, ben));
    expect(memberIds((await put(two)).body)).toEqual([two]);
    expect((await put(two)).body.meta.version).toBe('W/"3"');
    expect((await tenant.scim('PUT', `/Groups/${outer.id}`, { displayName: 'Kept' })).body.members).toHaveLength(1);
  });
});

describe('PATCH takes a group out', () => {
  let [inner, outer] = ['', ''];
  beforeEach(async () => {
    inner = await group();
    outer = await group(ann, inner);
  });

  test.each<[string, () => Operation]>([
    ['by id', () => ({ op: 'remove', path: `members[value eq "${inner}"]` })],
    ['by id among others', () => ({ op: 'remove', path: `members[value eq "${ben}" or value eq "${inner}"]` })],
    ['by id and type', () => ({ op: 'remove', path: `members[value eq "${inner}" and type eq "Group"]` })],
    ['by type', () => ({ op: 'remove', path: 'members[type eq "Group"]' })],
    ['by not being a user', () => ({ op: 'remove', path: 'members[type ne "user"]' })],
    ['by name', () => ({ op: 'remove', path: `members[display eq "${names.get(inner)!.toUpperCase()}"]` })],
    ['by a list', () => ({ op: 'remove', path: 'members', value: [{ $ref: null, value: inner }] })],
    [
      'by a list with types',
      () => ({
        op: 'remove',
        path: 'members',
        value: [
          { value: inner, type: 'Group' },
          { value: ben, type: 'User' },
        ],
      }),
    ],
    ['by a bare id', () => ({ op: 'remove', path: 'members', value: inner })],
    ['by replacing all', () => ({ op: 'replace', path: 'members', value: [{ value: ann }] })],
    ['by replacing all without a path', () => ({ op: 'replace', value: { members: [{ value: ann, type: 'User' }] } })],
  ])('%s', async (_, operation) => {
    expect((await patch(outer, operation())).status).toBe(204);
    expect(await read(outer)).toMatchObject({ members: [{ value: ann }], meta: { version: 'W/"2"' } });
  });

  test('and leaves it where it names another', async () => {
    expect((await patch(outer, { op: 'remove', path: 'members[type eq "User"]' })).status).toBe(204);
    expect(await members(outer)).toEqual([inner]);
    expect((await patch(outer, { op: 'remove', path: `members[value eq "${inner}" and type eq "User"]` })).status).toBe(204);
    expect(await members(outer)).toEqual([inner]);
    expect((await patch(outer, { op: 'remove', path: 'members' })).status).toBe(204);
    expect(await members(outer)).toEqual([]);
  });

  test('and puts another in, in order, with a new name, in one request', async () => {
    const other = await group();
    const answer = await patch(
      outer,
      { op: 'remove', path: `members[value eq "${inner}"]` },
      { op: 'add', path: 'members', value: [{ value: other }] },
      { op: 'replace', path: 'displayName', value: `Renamed ${outer}` },
    );
    expect(answer.status, answer.text).toBe(204);
    expect(await read(outer)).toMatchObject({ displayName: `Renamed ${outer}` });
    expect(await members(outer)).toEqual(sorted(ann, other));
  });

  test('only at the version asked for', async () => {
    const other = await group();
    const send = (version: number) =>
      tenant.scim('PATCH', `/Groups/${outer}`, patchOp({ op: 'add', path: 'members', value: [{ value: other }] }), {
        'if-match': `W/"${version}"`,
      });
    expectScimError(await send(7), 412);
    expect((await send(1)).headers.etag).toBe('W/"2"');
  });
});

describe('is refused', () => {
  test.each([
    ['a user said to be a group', () => ({ value: ann, type: 'Group' }), 'add'],
    ['a user said to be a group, to be the only member', () => ({ value: ann, type: 'Group' }), 'replace'],
    ['a user said to be a group, to be removed', () => ({ value: ann, type: 'Group' }), 'remove'],
  ])('%s', async (_, member, op) => {
    const before = await read(await group(ann));
    const answer = await patch(before.id, { op, path: 'members', value: [member()] });
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toContain(ann);
    expect(answer.body.detail).toMatch(/is a User/);
    expect(await read(before.id)).toEqual(before);
  });

  test.each(['add', 'replace', 'remove'])('a group said to be a user: %s', async (op) => {
    const inner = await group();
    const before = await read(await group(ann, inner));
    const answer = await patch(before.id, { op, path: 'members', value: [{ value: inner, type: 'User' }] });
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toContain(inner);
    expectScimError(
      await tenant.scim('POST', '/Groups', { displayName: 'Unmade', members: [{ value: inner, type: 'User' }] }),
      400,
      'invalidValue',
    );
    expect(await read(before.id)).toEqual(before);
  });

  test("an id that is nobody's, by name; passed over where the tenant says so", async () => {
    const own = await newTenant();
    const make = async (name: string) => (await own.scim('POST', '/Groups', groupBody(name))).body.id;
    const [outer, inner] = [await make('Outer'), await make('Inner')];
    const body = patchOp({ op: 'add', path: 'members', value: [{ value: inner }, { value: NEVER_WAS, type: 'Group' }, { value: 'odd' }] });
    const answer = await own.scim('PATCH', `/Groups/${outer}`, body);
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toMatch(new RegExp(`${NEVER_WAS}, odd`));
    expect(answer.body.detail).not.toContain(inner);
    await own.graphql('mutation { updateTenantPolicies(input: { unknownMembers: IGNORE }) { userErrors { code } } }');
    expect((await own.scim('PATCH', `/Groups/${outer}`, body)).status).toBe(204);
    expect(memberIds((await own.scim('GET', `/Groups/${outer}`)).body)).toEqual([inner]);
  });

  test('a group of another tenant, exactly as an id that never was', async () => {
    const theirs = await newTenant();
    const stranger = (await theirs.scim('POST', '/Groups', groupBody('Theirs'))).body.id;
    const ours = await group(ann);
    const requests: ((id: string) => [string, string, object])[] = [
      (id) => ['PATCH', `/Groups/${ours}`, patchOp({ op: 'add', path: 'members', value: [{ value: id }] })],
      (id) => ['PATCH', `/Groups/${ours}`, patchOp({ op: 'add', path: 'members', value: [{ value: id, type: 'Group' }] })],
      (id) => ['PATCH', `/Groups/${ours}`, patchOp({ op: 'add', path: 'members', value: [{ value: id, type: 'User' }] })],
      (id) => ['PATCH', `/Groups/${ours}`, patchOp({ op: 'remove', path: 'members', value: [{ value: id, type: 'User' }] })],
      (id) => ['PUT', `/Groups/${ours}`, groupBody(names.get(ours)!, [ann, id])],
      (id) => ['POST', '/Groups', groupBody('With a stranger', [id])],
    ];
    for (const request of requests) {
      const [unknown, foreign] = [await tenant.scim(...request(NEVER_WAS)), await tenant.scim(...request(stranger))];
      expect(foreign.status).toBe(unknown.status);
      expect(foreign.text.replaceAll(stranger, '<id>')).toBe(unknown.text.replaceAll(NEVER_WAS, '<id>'));
    }
    expect(await members(ours)).toEqual([ann]);
    expect((await theirs.scim('GET', `/Groups/${stranger}`)).body.meta.version).toBe('W/"1"');
  });
});

describe('a cycle', () => {
  /** Groups of which each is in the next. */
  async function chain(length: number): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < length) ids.push(await group(...ids.slice(-1)));
    return ids;
  }
  const path = (...ids: string[]) => ids.map((id) => `"${names.get(id)}"`).join(' → ');

  test.each<[string, (outer: string, inner: string) => Promise<Answer>]>([
    ['PATCH', (outer, inner) => add(inner, { value: outer })],
    [
      'PATCH of the whole list',
      (outer, inner) => patch(inner, { op: 'replace', path: 'members', value: [{ value: ann }, { value: outer, type: 'Group' }] }),
    ],
    [
      'PATCH with other changes',
      (outer, inner) =>
        patch(inner, { op: 'replace', path: 'externalId', value: 'x' }, { op: 'add', path: 'members', value: [{ value: outer }] }),
    ],
    ['PUT', (outer, inner) => tenant.scim('PUT', `/Groups/${inner}`, groupBody(names.get(inner)!, [outer]))],
  ])('is refused with its path, and nothing changes: %s', async (_, close) => {
    const [inner, middle, outer] = (await chain(3)) as [string, string, string];
    const before = await Promise.all([inner, middle, outer].map(read));
    const answer = await close(outer, inner);
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toContain(path(inner, outer, middle, inner));
    expect(await Promise.all([inner, middle, outer].map(read))).toEqual(before);
  });

  test('of a group with itself', async () => {
    const id = await group();
    const answer = await add(id, { value: ann }, { value: id });
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toContain(path(id, id));
    expect(await members(id)).toEqual([]);
  });

  test('is told by its shortest path, in few words', async () => {
    const ids = await chain(12);
    const [first, second] = ids as [string, string];
    const long = (await add(first, { value: ids.at(-1)! })).body.detail;
    expect(long).toContain(`${path(first, ids[11]!, ids[10]!, ids[9]!)} → … → ${path(ids[3]!, ids[2]!, second, first)}`);
    await add(ids[11]!, { value: second });
    expect((await add(first, { value: ids[11]! })).body.detail).toContain(path(first, ids[11]!, second, first));
    const named = await create('/Groups', groupBody('N'.repeat(500), [first]));
    expect((await add(first, { value: named.id })).body.detail.length).toBeLessThan(250);
  });

  test('is none where two ways lead to one group, or where the way was taken away', async () => {
    const bottom = await group(ann);
    const [left, right] = [await group(bottom), await group(bottom)];
    const top = await group(left, right, bottom);
    expect(await members(top)).toEqual(sorted(left, right, bottom));
    await patch(left, { op: 'remove', path: 'members' });
    expect((await add(bottom, { value: left })).status).toBe(204);
    expectScimError(await add(left, { value: top }), 400, 'invalidValue');
  });

  test(`is no matter for ${LEVELS} levels, of which there may be no more`, async () => {
    const ids = await chain(LEVELS);
    const [lowest, highest] = [ids[0]!, ids.at(-1)!];
    for (const answer of [
      await tenant.scim('POST', '/Groups', groupBody('Too high', [highest])),
      await add(lowest, { value: await group() }),
    ]) {
      expectScimError(answer, 400, 'invalidValue');
      expect(answer.body.detail).toMatch(new RegExp(`${LEVELS} levels`));
    }
    expect((await add(highest, { value: lowest })).status).toBe(204);
    await add(lowest, { value: ann });
    expect(Object.keys(await groupsOf(ann))).toEqual(expect.arrayContaining(ids));
  });

  test('is closed by neither of two requests more than once: exactly one is refused', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 20; round += 1) {
      const [one, two] = [await group(), await group()];
      const between = round % 2 === 0 ? two : await group(two);
      const answers = await Promise.all([add(one, { value: between }), add(two, { value: one, type: 'Group' })]);
      const refused = answers.filter(({ status }) => status !== 204);
      expect(refused, answers.map(({ text }) => text).join()).toHaveLength(1);
      expectScimError(refused[0]!, 400, 'invalidValue');
      expect(await Promise.all([members(one), members(two)])).toEqual(refused[0] === answers[0] ? [[], [one]] : [[between], []]);
    }
  });

  test('of many requests at once is never closed, and nobody waits for each other', { timeout: 60_000 }, async () => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => group()));
    const put = (from: number, to: number) =>
      tenant.scim('PUT', `/Groups/${ids[from]!}`, groupBody(names.get(ids[from]!)!, [ids[to]!, ann]));
    const answers = await Promise.all(
      ids.flatMap((_, at) => [put(at, (at + 1) % 8), add(ids[at]!, { value: ids[(at + 3) % 8]! }), add(ids[at]!, { value: ben })]),
    );
    for (const { status, text } of answers) expect([200, 204, 400], text).toContain(status);
    const nested = new Map(
      await Promise.all(ids.map(async (id) => [id, (await members(id)).filter((member) => ids.includes(member))] as const)),
    );
    const reaches = (from: string, to: string): boolean => nested.get(from)!.some((id) => id === to || reaches(id, to));
    expect(ids.filter((id) => reaches(id, id))).toEqual([]);
  });
});

describe('a list that takes the place of all members', () => {
  const asSet = (part: { readonly members?: readonly string[]; readonly subgroups?: readonly string[] } = {}) => ({
    members: part.members?.toSorted(),
    subgroups: part.subgroups?.toSorted(),
  });

  test('moves those who differ and no others, whatever they are and however they are named', async () => {
    const [stays, leaves, joins] = [await group(), await group(), await group()];
    const outer = await group(ann, stays, leaves);
    const list = {
      op: 'replace',
      path: 'members',
      value: [
        { value: joins },
        { value: ben },
        { value: stays.toUpperCase(), type: 'Group' },
        { value: joins, display: 'again' },
        { value: ben, type: 'User' },
      ],
    };
    const planned = (await tenant.scim('PATCH', `/Groups/${outer}`, patchOp(list), { prefer: 'dry-run' })).body as unknown as {
      changes: { before: object; after: object }[];
    };
    expect(planned.changes).toHaveLength(1);
    expect([planned.changes[0]!.before, planned.changes[0]!.after].map(asSet)).toEqual([
      { members: sorted(ann, leaves), subgroups: [leaves] },
      { members: sorted(ben, joins), subgroups: [joins] },
    ]);
    expect((await patch(outer, list)).status).toBe(204);
    expect(await members(outer)).toEqual(sorted(ben, stays, joins));
    const { meta } = await read(outer);
    expect((await patch(outer, list)).status).toBe(204);
    expect((await read(outer)).meta).toEqual(meta);
  });

  test('may bring groups in a Bulk request, and closes no circle there', async () => {
    const [inner, outer] = [await group(), await group(ann)];
    const put = (to: string, ...value: object[]) => ({
      method: 'PATCH',
      path: `/Groups/${to}`,
      data: patchOp({ op: 'replace', path: 'members', value }),
    });
    const answer = await tenant.scim('POST', '/Bulk', {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
      Operations: [put(outer, { value: inner }), put(inner, { value: outer }), put(inner, { value: ben })],
    });
    expect((answer.body as unknown as { Operations: { status: string }[] }).Operations.map(({ status }) => status)).toEqual([
      '200',
      '400',
      '200',
    ]);
    expect(await Promise.all([members(outer), members(inner)])).toEqual([[inner], [ben]]);
  });
});

describe('the groups of a user', () => {
  test('are those of its groups, too; each once, and direct where it is both', async () => {
    const { id } = await create('/Users', userBody(`groups${(number += 1)}@x.com`));
    const inner = await group(id);
    const [middle, beside] = [await group(inner), await group(inner)];
    const top = await group(middle, beside, id);
    const unrelated = await group(ann);
    expect(await groupsOf(id)).toEqual({ [inner]: 'direct', [middle]: 'indirect', [beside]: 'indirect', [top]: 'direct' });
    expect((await readUser(id)).groups).toContainEqual({
      value: middle,
      $ref: `${PUBLIC_URL}${SCIM_PATH}/Groups/${middle}`,
      display: names.get(middle),
      type: 'indirect',
    });
    expect((await readUser(id)).groups).toHaveLength(4);
    expect(expectList(await tenant.scim('GET', filtered('/Users', `id eq "${id}"`)))[0]!.groups).toEqual((await readUser(id)).groups);
    await patch(top, { op: 'remove', path: `members[value eq "${id}"]` });
    expect(await groupsOf(id)).toMatchObject({ [top]: 'indirect' });
    await patch(inner, { op: 'remove', path: 'members', value: [{ value: id }] });
    expect((await readUser(id)).groups).toBeUndefined();
    expect(await members(unrelated)).toEqual([ann]);
  });
});

describe('filters', () => {
  let own: Tenant;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    own = await newTenant();
    for (const name of ['one', 'two', 'three', 'four']) {
      ids[name] = (await own.scim('POST', '/Users', userBody(name, { displayName: name }))).body.id;
    }
    const make = async (name: string, ...of: string[]) => {
      ids[name] = (
        await own.scim(
          'POST',
          '/Groups',
          groupBody(
            name,
            of.map((one) => ids[one]!),
          ),
        )
      ).body.id;
    };
    await make('Inner', 'one');
    await make('Outer', 'Inner', 'two');
    await make('Top', 'Outer', 'one', 'three');
  });
  const find = async (endpoint: string, filter: string) => {
    const text = filter.replaceAll(/<(\w+)>/g, (_, name: string) => ids[name] ?? name);
    const found = expectList(await own.scim('GET', filtered(endpoint, text)));
    return found.map(({ displayName }) => String(displayName)).toSorted();
  };

  test.each([
    ['groups eq "<Inner>"', ['one']],
    ['groups eq "<Outer>"', ['one', 'two']],
    ['groups.value eq "<Top>"', ['one', 'three', 'two']],
    ['groups[value eq "<Top>"]', ['one', 'three', 'two']],
    ['groups[value eq "<Top>" and type eq "direct"]', ['one', 'three']],
    ['groups[value eq "<Top>" and type eq "Indirect"]', ['two']],
    ['groups[value eq "<Inner>" and type eq "indirect"]', []],
    ['groups[value eq "<Outer>" and display eq "OUTER"]', ['one', 'two']],
    ['groups[type eq "indirect" and display sw "out"]', ['one']],
    ['groups.type eq "direct"', ['one', 'three', 'two']],
    ['groups.type eq "indirect"', ['one', 'two']],
    ['groups.display eq "top"', ['one', 'three', 'two']],
    ['groups pr', ['one', 'three', 'two']],
    ['not (groups eq "<Outer>")', ['four', 'three']],
    ['groups eq "<Outer>" and not (groups eq "<Inner>")', ['two']],
    ['groups eq "<OUTER>" or groups eq null', ['four']],
    ['groups ne "<Top>"', ['four', 'one', 'two']],
    ['groups eq "nobody"', []],
  ])('users: %s', async (filter, expected) => {
    expect(await find('/Users', filter.replace('<OUTER>', NEVER_WAS))).toEqual(expected);
  });

  test.each([
    ['members eq "<Inner>"', ['Outer']],
    ['members.value eq "<one>"', ['Inner', 'Top']],
    ['members[value eq "<Outer>"]', ['Top']],
    ['members[value eq "<Outer>" and type eq "Group"]', ['Top']],
    ['members[value eq "<Outer>" and type eq "User"]', []],
    ['members[value eq "<one>" and type eq "user"]', ['Inner', 'Top']],
    ['members[value eq "<one>" and type eq "Room"]', []],
    ['members.type eq "Group"', ['Outer', 'Top']],
    ['members.type eq "User"', ['Inner', 'Outer', 'Top']],
    ['members[type eq "Group" and display eq "INNER"]', ['Outer']],
    ['members.display co "ne"', ['Inner', 'Outer', 'Top']],
    ['not (members.type eq "Group")', ['Inner']],
    ['members eq "<Top>"', []],
  ])('groups: %s', async (filter, expected) => {
    expect(await find('/Groups', filter)).toEqual(expected);
  });

  test('users and groups together', async () => {
    const answer = await own.graphql('query ($filter: String) { search(filter: $filter) { totalCount nodes { id } } }', {
      filter: `groups eq "${ids['Outer']}" or members eq "${ids['Outer']}"`,
    });
    expect(answer.data).toMatchObject({ search: { totalCount: 3, nodes: ['one', 'two', 'Top'].map((name) => ({ id: ids[name] })) } });
  });

  test('count and page as they find', async () => {
    const path = filtered('/Users', `groups eq "${ids['Top']}"`, '&sortBy=userName&count=2');
    const first = await own.scim('GET', path);
    expect([first.body.totalResults, ...expectList(first).map(({ userName }) => userName)]).toEqual([3, 'one', 'three']);
    expect(expectList(await own.scim('GET', `${path}&startIndex=3`)).map(({ userName }) => userName)).toEqual(['two']);
  });
});

describe('deleting', () => {
  test('a group takes it out of every group, and lets its members be', async () => {
    const bottom = await group(ben);
    const middle = await group(bottom, ann);
    const parents = [await group(middle), await group(middle, ann)];
    const bystander = await read(await group(bottom));
    expectScimError(await tenant.scim('DELETE', `/Groups/${middle}`, undefined, { 'if-match': 'W/"7"' }), 412);
    expect(await members(parents[0]!)).toEqual([middle]);
    expect((await tenant.scim('DELETE', `/Groups/${middle}`)).status).toBe(204);
    expect(await read(parents[0]!)).toMatchObject({ meta: { version: 'W/"2"' } });
    expect(await members(parents[0]!)).toEqual([]);
    expect(await read(parents[1]!)).toMatchObject({ members: [{ value: ann }], meta: { version: 'W/"2"' } });
    expect(await read(bottom)).toMatchObject({ members: [{ value: ben }], meta: { version: 'W/"1"' } });
    expect(await read(bystander.id)).toEqual(bystander);
    expect(await groupsOf(ben)).not.toHaveProperty(parents[0]!);
    const { query } = await world();
    if (!query) return;
    const records = await query(
      `select kind, before, after from change where tenant_id = '${tenant.id}' and subject_id = '${parents[0]}' order by transaction_id, sequence`,
    );
    expect(records.slice(1)).toEqual([
      { kind: 'GROUP_MEMBERS_CHANGED', before: { members: [] }, after: { members: [middle], subgroups: [middle] } },
      { kind: 'GROUP_MEMBERS_CHANGED', before: { members: [middle], subgroups: [middle] }, after: { members: [] } },
    ]);
  });

  test('a user takes it out of its groups, and changes no group above', async () => {
    const { id } = await create('/Users', userBody(`leaver${(number += 1)}@x.com`));
    const inner = await group(id);
    const outer = await read(await group(inner));
    expect((await tenant.scim('DELETE', `/Users/${id}`)).status).toBe(204);
    expect(await read(inner)).toMatchObject({ meta: { version: 'W/"2"' } });
    expect(await read(outer.id)).toEqual(outer);
  });

  test('groups while they are put into groups: nothing of them is left, and nobody sees a fault of ours', { timeout: 60_000 }, async () => {
    const outer = await group();
    const inner = await Promise.all(Array.from({ length: 12 }, () => group(ann)));
    const stays = await Promise.all(Array.from({ length: 4 }, () => group()));
    const answers = await Promise.all(
      inner.flatMap((id, at) => [
        add(outer, { value: id }),
        tenant.scim('DELETE', `/Groups/${id}`),
        add(outer, { value: stays[at % 4]! }, { value: ann }),
      ]),
    );
    answers.forEach((answer, at) => {
      if (at % 3 === 0 && answer.status !== 204) expectScimError(answer, 400, 'invalidValue');
      else expect(answer.status, answer.text).toBe(204);
    });
    expect(await members(outer)).toEqual(sorted(ann, ...stays));
  });
});

test('/Schemas says what a member may be', async () => {
  const { body } = await tenant.scim('GET', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group');
  const { subAttributes } = (body as unknown as { attributes: { name: string; subAttributes: { name: string }[] }[] }).attributes.find(
    ({ name }) => name === 'members',
  )!;
  expect(subAttributes.find(({ name }) => name === 'type')).toMatchObject({ canonicalValues: ['User', 'Group'] });
  expect(subAttributes.find(({ name }) => name === '$ref')).toMatchObject({ referenceTypes: ['User', 'Group'] });
});
