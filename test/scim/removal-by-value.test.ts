/** Removals that name a value: of a single value, and of what a filter finds, nothing else goes. */
import { beforeAll, describe, expect, test } from 'vitest';
import { attribute, declared } from '../support/extensions.js';
import { CONDECO, ENTERPRISE, expectScimError, type Operation, patchOp, USER } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const ACME = 'urn:acme:params:scim:schemas:extension:removal:2.0:User';
const MANAGER = `${ENTERPRISE}:manager`;

let tenant: Tenant;
let number = 0;
let [one, two] = ['', ''];

const create = async (over: object = {}): Promise<string> => {
  const answer = await tenant.scim('POST', '/Users', { schemas: [USER], userName: `removal-${(number += 1)}@x.com`, ...over });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
};

beforeAll(async () => {
  tenant = await newTenant();
  const desk = { type: 'complex', subAttributes: [attribute('row'), attribute('number', { type: 'integer' })] };
  await declared(tenant, {
    id: ACME,
    attributes: [
      attribute('code', { caseExact: true }),
      attribute('level', { type: 'integer' }),
      attribute('keyholder', { type: 'boolean' }),
      attribute('issued', { type: 'dateTime' }),
      attribute('doors', { multiValued: true }),
      attribute('desk', desk),
    ],
  });
  [one, two] = [await create(), await create()];
});

/** What is left beside the names that all have. */
async function after(id: string, ...operations: Operation[]): Promise<Record<string, unknown>> {
  const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp(...operations));
  expect(answer.status, answer.text).toBe(200);
  const { schemas: _, id: _id, userName: _name, active: _active, meta: _meta, ...others } = answer.body;
  return others;
}

describe('the manager', () => {
  const managerOf = async (id: string, ...operations: Operation[]) =>
    ((await after(id, ...operations))[ENTERPRISE] as { manager?: { value: string } } | undefined)?.manager?.value;

  test.each<[string, (id: string) => unknown]>([
    ['an id', (id) => id],
    ['an id in capitals', (id) => id.toUpperCase()],
    ['an object', (id) => ({ value: id })],
    ['a list of one', (id) => [{ $ref: null, value: id }]],
    ['an address', (id) => ({ $ref: `https://x/scim/v2/Users/${id}` })],
  ])('named by %s goes if it is that one', async (_, named) => {
    for (const path of [MANAGER, 'manager']) {
      const id = await create({ [ENTERPRISE]: { manager: { value: one } } });
      expect(await managerOf(id, { op: 'Add', path, value: two }, { op: 'Remove', path, value: named(one) })).toBe(two);
      expect(await managerOf(id, { op: 'Remove', path, value: named(one) })).toBe(two);
      expect(await managerOf(id, { op: 'Remove', path, value: named(two) })).toBeUndefined();
      expect(await managerOf(id, { op: 'Remove', path, value: named(two) })).toBeUndefined();
    }
  });

  test.each([[undefined], [null], [''], [' '], [[]], [{}], [{ value: '' }], [[{ $ref: null, value: null }]], [{ displayName: 'Bob' }]])(
    'goes where none is named: %j',
    async (value) => {
      const id = await create({ [ENTERPRISE]: { manager: { value: one } } });
      expect(await managerOf(id, { op: 'Remove', path: 'manager', ...(value !== undefined && { value }) })).toBeUndefined();
    },
  );

  test('is named by its id, too', async () => {
    const id = await create({ [ENTERPRISE]: { manager: { value: one } } });
    expect(await managerOf(id, { op: 'remove', path: `${MANAGER}.value`, value: two })).toBe(one);
    expect(await managerOf(id, { op: 'remove', path: `${MANAGER}.value`, value: one })).toBeUndefined();
  });
});

const work = { value: 'a@a', type: 'work', primary: true };
const second = { value: 'b@b', type: 'work', primary: false };
const home = { value: 'a@a', type: 'home', primary: false };
const atWork = 'emails[type eq "work"]';
const badge = { [ACME]: { code: 'xY', level: 3, keyholder: true, issued: '2026-01-31T09:30:00.000Z', doors: ['North', 'South'] } };
const withoutPart = (part: string) => {
  const { [part as 'code']: _, ...others } = badge[ACME];
  return { [ACME]: others };
};
const goes = undefined;

type Case = readonly [before: object, path: string, value: unknown, after: object | undefined];

describe('a removal with a value', () => {
  test.each<Case>([
    [{ title: 'A' }, 'title', 'B', { title: 'A' }],
    [{ title: 'A' }, 'title', 'a', goes],
    [{ title: 'A' }, 'title', ['A'], goes],
    [{ title: 'A' }, 'title', ['B', 'A'], goes],
    [{ title: 'A' }, 'title', ['B', 'C'], { title: 'A' }],
    [{ title: 'A' }, 'title', [{ $ref: null, value: 'B' }], { title: 'A' }],
    [{ title: 'A' }, 'title', { value: 'A' }, goes],
    [{ title: 'A' }, 'title', '', goes],
    [{ title: 'A' }, 'title', null, goes],
    [{ title: 'A' }, 'title', [], goes],
    [{ title: 'A' }, 'title', { foo: 1 }, goes],
    [{ title: '7' }, 'title', 7, goes],
    [{ externalId: 'e' }, 'externalId', 'E', { externalId: 'e' }],
    [{ externalId: 'e' }, 'externalId', 'e', goes],
    [{ name: { givenName: 'A', familyName: 'B' } }, 'name.givenName', 'C', { name: { givenName: 'A', familyName: 'B' } }],
    [{ name: { givenName: 'A', familyName: 'B' } }, 'name.givenName', 'A', { name: { familyName: 'B' } }],
    [{ name: { givenName: 'A' } }, 'name', { givenName: 'C' }, { name: { givenName: 'A' } }],
    [{ name: { givenName: 'A' } }, 'name', { givenName: 'A' }, goes],
    [{ [CONDECO]: { floor: '3' } }, `${CONDECO}:floor`, '4', { [CONDECO]: { floor: '3' } }],
    [{ emails: [work] }, `${atWork}.value`, 'b@b', { emails: [work] }],
    [{ emails: [work] }, `${atWork}.value`, 'A@A', goes],
    [{ emails: [work] }, `${atWork}.value`, '', goes],
    [{ emails: [work, second] }, `${atWork}.value`, 'b@b', { emails: [work] }],
    [{ emails: [work, second, home] }, atWork, [{ value: 'a@a' }], { emails: [second, home] }],
    [{ emails: [work, second] }, atWork, { value: 'B@B', type: 'work' }, { emails: [work] }],
    [{ emails: [work, second] }, atWork, 'b@b', { emails: [work] }],
    [{ emails: [work, second] }, atWork, 'c@c', { emails: [work, second] }],
    [{ emails: [work, second] }, atWork, [{ value: 'a@a' }, { value: 'b@b' }], goes],
    [{ emails: [work, second] }, atWork, [], goes],
    [{ emails: [work, second] }, atWork, [{ type: 'work', value: '' }], goes],
    [{ emails: [work, second, home] }, 'emails.value', 'a@a', { emails: [second] }],
    [badge, `${ACME}:code`, 'xy', badge],
    [badge, `${ACME}:code`, 'xY', withoutPart('code')],
    [badge, `${ACME}:level`, '4', badge],
    [badge, `${ACME}:level`, '3', withoutPart('level')],
    [badge, `${ACME}:keyholder`, 'False', badge],
    [badge, `${ACME}:keyholder`, 'True', withoutPart('keyholder')],
    [badge, `${ACME}:issued`, '2026-02-01', badge],
    [badge, `${ACME}:issued`, '2026-01-31T10:30:00+01:00', withoutPart('issued')],
    [badge, `${ACME}:issued`, '31/01/2026', withoutPart('issued')],
    [badge, `${ACME}:doors[value sw "N"]`, 'South', badge],
    [badge, `${ACME}:doors[value sw "N"]`, 'north', { [ACME]: { ...badge[ACME], doors: ['South'] } }],
    [{ [ACME]: { desk: { row: 'A', number: 4 } } }, `${ACME}:desk`, { row: 'B' }, { [ACME]: { desk: { row: 'A', number: 4 } } }],
    [{ [ACME]: { desk: { row: 'A', number: 4 } } }, `${ACME}:desk`, { row: 'a', number: '4' }, goes],
  ])('of %j at %s: %j', async (before, path, value, left) => {
    const id = await create(before);
    expect(await after(id, { op: 'Remove', path, value })).toEqual(left ?? {});
  });

  test('that names another moves no version', async () => {
    const id = await create({ title: 'A' });
    const { body } = await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'remove', path: 'title', value: 'B' }));
    expect(body.meta.version).toBe('W/"1"');
  });

  test('does not make a removal of active one that is done, at either door', async () => {
    const id = await create();
    expectScimError(
      await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'Remove', path: 'active', value: 'False' })),
      400,
      'invalidValue',
    );
    const change = 'mutation ($input: ChangeUserInput!) { changeUser(input: $input) { user { title } userErrors { code } } }';
    const changed = async (path: string, value: unknown) =>
      (await tenant.graphql(change, { input: { id, changes: [{ op: 'REMOVE', path, value }] } })).data!['changeUser'];
    expect(await changed('active', false)).toMatchObject({ userErrors: [{ code: 'INVALID_VALUE' }] });
    await after(id, { op: 'add', path: 'title', value: 'A' });
    expect(await changed('title', 'B')).toMatchObject({ user: { title: 'A' }, userErrors: [] });
    expect(await changed('title', 'a')).toMatchObject({ user: { title: null }, userErrors: [] });
  });
});
