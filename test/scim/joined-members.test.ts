/** Members whose ids come in one text: the same members, change records, refusals and answers as of those who come in a list. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { groupBody, memberIds, patchOp, userBody } from '../support/scim.js';
import { FUZZ_RUNS, newTenant, type Tenant } from '../support/world.js';

interface Plan {
  readonly kind: string;
  readonly before: Told;
  readonly after: Told;
}
type Told = { readonly members?: readonly string[]; readonly subgroups?: readonly string[] } | null;
interface Payload {
  readonly replayed?: boolean;
  readonly group?: { readonly id: string; readonly version: number } | null;
  readonly changes?: readonly Plan[];
  readonly userErrors: readonly { code: string; field: string | null; message: string }[];
}

let tenant: Tenant;
let [users, groups, group] = [[''], [''], ''];

const make = async (path: string, body: object) => (await tenant.scim('POST', path, body)).body.id;

beforeAll(async () => {
  tenant = await newTenant();
  users = await Promise.all(Array.from({ length: 5 }, (_, at) => make('/Users', userBody(`joined-${at}@x.com`))));
  groups = await Promise.all(['Inner', 'Other'].map((name) => make('/Groups', groupBody(name))));
  group = await make('/Groups', groupBody('Joined', [...users.slice(0, 3), groups[0]!]));
});

async function mutate(name: 'createGroup' | 'replaceGroup' | 'updateGroup' | 'changeGroup' | 'bulk', input: object): Promise<Payload> {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const shown = name === 'bulk' ? '' : 'group { id version }';
  const { data, errors } = await tenant.graphql(
    `mutation ($input: ${type}!) { payload: ${name}(input: $input) { ${shown} replayed changes { kind before after } userErrors { code field message } } }`,
    { input },
  );
  expect(errors).toBeUndefined();
  return data!['payload'] as unknown as Payload;
}

const sides = ({ kind, before, after }: Plan) => [
  kind,
  ...[before, after].map((told) => ({ ...told, members: told?.members?.toSorted(), subgroups: told?.subgroups?.toSorted() })),
];
const outcome = ({ group: shown, changes, userErrors }: Payload) => ({ version: shown?.version, changes: changes?.map(sides), userErrors });

/** Each write that takes members, with what names them; only rehearsed. */
const changed = (op: string) => (ids: readonly string[], joinedMemberIds?: string) =>
  mutate('changeGroup', {
    id: group,
    dryRun: true,
    changes: [
      { op: 'ADD', path: 'members', value: [users[4]] },
      { op, path: 'members', ...(joinedMemberIds === undefined ? { value: ids } : { joinedMemberIds }) },
    ],
  });
const whole = (ids: readonly string[], joinedMemberIds?: string) => ({
  displayName: 'Joined',
  ...(joinedMemberIds === undefined ? { members: ids.map((value) => ({ value })) } : { joinedMemberIds }),
});
const writes = {
  add: changed('ADD'),
  remove: changed('REMOVE'),
  replace: changed('REPLACE'),
  whole: (...named: Parameters<typeof whole>) => mutate('replaceGroup', { id: group, dryRun: true, group: whole(...named) }),
  updated: (...named: Parameters<typeof whole>) => mutate('updateGroup', { id: group, dryRun: true, group: whole(...named) }),
  bulk: (...named: Parameters<typeof whole>) =>
    mutate('bulk', { dryRun: true, operations: [{ method: 'REPLACE', type: 'GROUP', id: group, group: whole(...named) }] }),
};

test('whatever the ids are, both ways come to the same', async () => {
  const known = fc.nat({ max: 6 }).map((at) => [...users, ...groups][at]!);
  const id = fc.oneof(
    { weight: 8, arbitrary: known },
    { weight: 2, arbitrary: known.map((text) => text.toUpperCase()) },
    { weight: 1, arbitrary: fc.constantFrom(randomUUID(), '42', ' ', 'é'.repeat(18), 'x'.repeat(36), 'ünbekannt', 'ŀ'.repeat(36)) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(id, { minLength: 1, maxLength: 8 }), async (ids) => {
      for (const [name, write] of Object.entries(writes)) {
        expect(outcome(await write(ids, ids.join(','))), name).toEqual(outcome(await write(ids)));
      }
    }),
    { numRuns: Math.max(30, FUZZ_RUNS / 100) },
  );
});

describe('in one text', () => {
  test('makes the members of a new group, and the only ones of another; an empty text is nobody', async () => {
    const { group: made } = await mutate('createGroup', {
      group: { displayName: 'Made', joinedMemberIds: `${users[0]},${users[1]!.toUpperCase()},${users[0]}` },
    });
    const read = async () => memberIds((await tenant.scim('GET', `/Groups/${made!.id}`)).body);
    expect(await read()).toEqual(users.slice(0, 2).toSorted());
    await mutate('replaceGroup', { id: made!.id, group: { displayName: 'Made', joinedMemberIds: users[2]! } });
    expect(await read()).toEqual([users[2]]);
    await mutate('changeGroup', { id: made!.id, changes: [{ op: 'REMOVE', path: 'members', joinedMemberIds: '' }] });
    expect(await read()).toEqual([users[2]]);
    await mutate('replaceGroup', { id: made!.id, group: { displayName: 'Made', joinedMemberIds: '' } });
    expect(await read()).toEqual([]);
  });

  test.each<[string, object]>([
    ['beside a value', { op: 'ADD', path: 'members', joinedMemberIds: 'a', value: ['b'] }],
    ['of something else', { op: 'REPLACE', path: 'displayName', joinedMemberIds: 'a' }],
    ['with a filter', { op: 'REMOVE', path: 'members[value eq "a"]', joinedMemberIds: 'a' }],
  ])('%s they are refused', async (_, change) => {
    expect((await mutate('changeGroup', { id: group, changes: [change] })).userErrors).toMatchObject([
      { code: 'INVALID_VALUE', message: expect.stringContaining('"joinedMemberIds" stands in place of "value"') },
    ]);
  });

  test('beside "members" they are refused, and one without an id and too many are', async () => {
    const replace = async (given: object) =>
      (await mutate('replaceGroup', { id: group, group: { displayName: 'Joined', ...given } })).userErrors;
    expect(await replace({ members: [], joinedMemberIds: users[0] })).toMatchObject([{ code: 'INVALID_VALUE', field: 'joinedMemberIds' }]);
    expect(await replace({ joinedMemberIds: `${users[0]},,${users[1]}` })).toMatchObject([
      { code: 'INVALID_VALUE', message: expect.stringContaining('Every member needs the id') },
    ]);
    expect(await replace({ joinedMemberIds: Array(100_001).fill(users[0]).join(',') })).toMatchObject([
      { code: 'TOO_MANY', message: expect.stringContaining('100001 were sent') },
    ]);
  });
});

describe('a SCIM request, whose members the facade joins', () => {
  test('is the same under its key as one that lists them', async () => {
    await tenant.scim('PATCH', `/Groups/${group}`, patchOp({ op: 'add', path: 'members', value: [{ value: users[3]! }] }), {
      'idempotency-key': 'joined-patch',
    });
    const changes = [{ op: 'ADD', path: 'members', value: [users[3]] }];
    expect(await mutate('changeGroup', { id: group, changes, idempotencyKey: 'joined-patch' })).toMatchObject({
      replayed: true,
      userErrors: [],
    });
    await tenant.scim(
      'PUT',
      `/Groups/${group}`,
      { displayName: 'Joined', members: [{ value: users[3], display: 'x' }] },
      { 'idempotency-key': 'joined-put' },
    );
    const whole = { displayName: 'Joined', members: [{ value: users[3] }] };
    expect(await mutate('replaceGroup', { id: group, group: whole, idempotencyKey: 'joined-put' })).toMatchObject({
      replayed: true,
      userErrors: [],
    });
  });

  test("takes two ids with a comma between them for one id, which is nobody's", async () => {
    const pair = `${users[0]},${users[1]}`;
    for (const members of [[{ value: pair }], [{ value: pair }, { value: users[2] }]]) {
      const {
        status,
        body: { detail },
      } = await tenant.scim('PUT', `/Groups/${group}`, { displayName: 'Joined', members });
      expect([status, detail]).toEqual([400, expect.stringContaining(`the id ${pair.slice(0, 64)}. Nothing`)]);
    }
  });

  test.each<[string, object[]]>([
    ['an id with a comma', [{ value: 'a,b' }]],
    ['two of them', [{ value: 'a,b' }, { value: 'c' }]],
    ['one beside a type', [{ value: 'a,b' }, { value: randomUUID(), type: 'User' }]],
  ])('names %s as it was sent', async (_, members) => {
    for (const [method, body] of [
      ['PUT', { displayName: 'Joined', members }],
      ['PATCH', patchOp({ op: 'replace', path: 'members', value: members })],
    ] as const) {
      const {
        status,
        body: { detail },
      } = await tenant.scim(method, `/Groups/${group}`, body);
      expect([status, detail], method).toEqual([400, expect.stringContaining('the id a,b')]);
    }
  });
});
