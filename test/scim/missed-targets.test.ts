/** A mapping whose filter finds nothing, and does not say what a new value would be: it keeps no leaver in. */
import { beforeAll, describe, expect, test } from 'vitest';
import { attribute, declared } from '../support/extensions.js';
import { ENTERPRISE, expectScimError, groupBody, memberIds, type Operation, patchOp, USER } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const ACME = 'urn:acme:params:scim:schemas:extension:missed:2.0:Group';

let tenant: Tenant;
let number = 0;

beforeAll(async () => {
  tenant = await newTenant();
});

async function create(over: object = {}): Promise<string> {
  const answer = await tenant.scim('POST', '/Users', { schemas: [USER], userName: `missed-${(number += 1)}@x.com`, ...over });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

const patch = (id: string, ...operations: Operation[]) => tenant.scim('PATCH', `/Users/${id}`, patchOp(...operations));

const leaves: Operation = { op: 'Replace', path: 'active', value: 'False' };

const missing: readonly (readonly [string, unknown])[] = [
  ['emails[type co "work"].value', 'z'],
  ['emails[type sw "work"].value', 'z'],
  ['emails[type eq "work" or type eq "home"].value', 'z'],
  ['emails[type eq "work" and value pr].value', 'z'],
  ['emails[not (type ne "work")].value', 'z'],
  ['emails[type co "work"]', { value: 'z' }],
  ['phoneNumbers[type ne null].value', '1'],
];

describe.each(missing)('%s', (path, value) => {
  test.each(['Replace', 'Add'])('%s is passed over beside what can be done, before it or after', async (op) => {
    for (const operations of [
      [{ op, path, value }, leaves],
      [leaves, { op, path, value }],
    ]) {
      const answer = await patch(await create(), ...operations);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body.active).toBe(false);
      expect(answer.body).not.toHaveProperty('emails');
      expect(answer.body).not.toHaveProperty('phoneNumbers');
    }
  });

  test('without a path, too', async () => {
    const answer = await patch(await create(), { op: 'replace', value: { [path]: value, active: false } });
    expect(answer, answer.text).toMatchObject({ status: 200, body: { active: false } });
  });

  test('and refused by itself, and where all others are so or name nothing', async () => {
    const id = await create();
    const before = (await tenant.scim('GET', `/Users/${id}`)).body;
    for (const others of [
      [],
      [{ op: 'Replace', path, value }],
      [{ op: 'Add', path: 'foo', value: 'x' }],
      [{ op: 'Add', path: 'emails[type eq', value: 'x' }],
    ]) {
      const answer = await patch(id, ...others, { op: 'Replace', path, value });
      expectScimError(answer, 400, 'noTarget');
      expect(answer.body.detail).toContain(path === others[0]?.path ? 'Operation 1' : `Operation ${others.length + 1}`);
    }
    expect((await tenant.scim('GET', `/Users/${id}`)).body).toEqual(before);
  });

  test('is applied where it finds something', async () => {
    const found = { emails: [{ value: 'a', type: 'work' }], phoneNumbers: [{ value: '0', type: 'work' }] };
    const { body } = await patch(await create(found), { op: 'Replace', path, value }, leaves);
    const [email, phone] = [body['emails'], body['phoneNumbers']] as unknown as { value: string }[][];
    expect([email![0]!.value, phone![0]!.value].toSorted()).toEqual(path.startsWith('emails') ? ['0', 'z'] : ['1', 'a']);
  });
});

test('what an earlier operation has made is found; another refusal still refuses all', async () => {
  const build = { op: 'Add', path: 'emails[type eq "work"].value', value: 'a' };
  const edit = { op: 'Replace', path: 'emails[type co "work"].value', value: 'z' };
  expect((await patch(await create(), edit, build)).body['emails']).toMatchObject([{ value: 'a' }]);
  expect((await patch(await create(), build, edit)).body['emails']).toMatchObject([{ value: 'z' }]);
  const id = await create();
  expectScimError(await patch(id, edit, leaves, { op: 'Replace', path: 'userName', value: '' }), 400, 'invalidValue');
  expect((await tenant.scim('GET', `/Users/${id}`)).body.active).toBe(true);
});

test('in an extension, and beside members', async () => {
  const desks = attribute('desks', { type: 'complex', multiValued: true, subAttributes: [attribute('value'), attribute('type')] });
  await declared(tenant, { id: ACME, attributes: [desks] }, { resource: 'GROUP' });
  const { body } = await tenant.scim('POST', '/Groups', groupBody('Missed'));
  const edit = { op: 'replace', path: `${ACME}:desks[type ne null].value`, value: '7' };
  const change = (...operations: Operation[]) => tenant.scim('PATCH', `/Groups/${body.id}`, patchOp(...operations));
  expectScimError(await change(edit), 400, 'noTarget');
  const id = await create({ [ENTERPRISE]: { department: 'D' } });
  const answer = await change(edit, { op: 'add', path: 'members', value: [{ value: id }] });
  expect(answer.status, answer.text).toBe(204);
  expect(memberIds((await tenant.scim('GET', `/Groups/${body.id}`)).body)).toEqual([id]);
});

test('both doors do the same', async () => {
  const change = 'mutation ($input: ChangeUserInput!) { changeUser(input: $input) { user { active } userErrors { code } } }';
  const edit = { op: 'REPLACE', path: 'emails[type co "work"].value', value: 'z' };
  const changed = async (...changes: object[]) =>
    (await tenant.graphql(change, { input: { id: await create(), changes } })).data!['changeUser'];
  expect(await changed(edit)).toMatchObject({ userErrors: [{ code: 'NO_TARGET' }] });
  expect(await changed(edit, { op: 'REPLACE', path: 'active', value: false })).toMatchObject({ user: { active: false }, userErrors: [] });
});

test('what nothing can be, as of two types at once, is not made', async () => {
  const id = await create();
  const edit = { op: 'Replace', path: 'emails[type eq "work" and type eq "home"].value', value: 'z' };
  expectScimError(await patch(id, edit), 400, 'noTarget');
  const { body } = await patch(id, edit, leaves);
  expect([body.active, body['emails']]).toEqual([false, undefined]);
});
