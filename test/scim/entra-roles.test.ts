/** Roles as Entra sends them, and values without a type beside the same ones with one. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '../support/scim.js';
import { createUser, patchUser } from '../support/users.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;

beforeAll(async () => {
  tenant = await newTenant();
});

const create = async (over: object = {}): Promise<string> => (await createUser(tenant, over)).id;
const patched = (id: string, ...operations: Operation[]) => patchUser(tenant, id, ...operations);

const TYPE = 'WindowsAzureActiveDirectoryRole';
const role = (value: string, more: object = {}) => ({ value, display: value, primary: false, ...more });
/** As Microsoft's documentation has it for POST. */
const posted = (value: string) => ({ primary: false, type: TYPE, displayName: value, value });
/** As it has it for PATCH. */
const packed = (value: string) => ({ value: `{"id":"06b07648-ecfe-589f-9d2f-6325724a46ee","value":"${value}","displayName":"${value}"}` });
const add = (...value: unknown[]): Operation => ({ op: 'Add', path: 'roles', value });

describe('roles of Entra (AppRoleAssignmentsComplex)', () => {
  test.each<[string, object[], Operation[], object[]]>([
    ['a name in "displayName"', [posted('Admin')], [], [role('Admin', { type: TYPE })]],
    [
      'JSON text, of one that is there and one that is not',
      [posted('Admin')],
      [add(packed('Admin'), packed('User'))],
      [role('Admin', { type: TYPE }), role('User')],
    ],
    [
      'again and again',
      [posted('Admin')],
      [add(packed('Admin'), packed('User')), add(packed('Admin'), packed('User'))],
      [role('Admin', { type: TYPE }), role('User')],
    ],
    ['bare text', [], [add(packed('Admin').value)], [role('Admin')]],
    [
      'beside what stands outside',
      [],
      [add({ ...packed('Admin'), type: 'T', primary: 'True' })],
      [role('Admin', { type: 'T', primary: true })],
    ],
    [
      'a long number keeps its digits',
      [],
      [add({ value: '{"value":12345678901234567890}' })],
      [{ value: '12345678901234567890', primary: false }],
    ],
    [
      'at a path',
      [],
      [{ op: 'Add', path: 'roles[primary eq "True"].value', value: packed('Admin').value }],
      [{ value: 'Admin', primary: true }],
    ],
    ['without a path', [], [{ op: 'replace', value: { roles: [packed('Admin')] } }], [role('Admin')]],
    ['replaced', [posted('Admin')], [{ op: 'replace', path: 'roles', value: [packed('User')] }], [role('User')]],
    [
      'removed',
      [posted('Admin'), posted('User')],
      [{ op: 'Remove', path: 'roles', value: [packed('Admin')] }],
      [role('User', { type: TYPE })],
    ],
    [
      'text that only looks like it',
      [],
      [add({ value: '{"id":"1"}' }, { value: '{value' }, { value: '["value"]' })],
      [
        { value: '{"id":"1"}', primary: false },
        { value: '{value', primary: false },
        { value: '["value"]', primary: false },
      ],
    ],
    [
      "nothing that is JavaScript's own",
      [],
      [add({ value: '{"value":"A","__proto__":{"type":"x"},"constructor":"y"}' })],
      [{ value: 'A', primary: false }],
    ],
  ])('%s', async (_, before, operations, after) => {
    const id = await create({ roles: before });
    for (const operation of operations) await patched(id, operation);
    expect((await tenant.scim('GET', `/Users/${id}`)).body['roles']).toEqual(after);
  });
});

describe('a value that comes without a type', () => {
  const work = { value: 'a@x.com', type: 'work', primary: false };
  const home = { ...work, type: 'home' };
  test.each<[string, object[], object[], object[]]>([
    ['is the one that is there', [work], [{ value: 'A@x.com' }], [{ ...work, value: 'A@x.com' }]],
    ['is the first of two', [work, home], [{ value: 'a@x.com', display: 'A' }], [{ ...work, display: 'A' }, home]],
    [
      'is the one that has none, too',
      [work, { value: 'a@x.com', primary: false }],
      [{ value: 'a@x.com', display: 'A' }],
      [work, { value: 'a@x.com', display: 'A', primary: false }],
    ],
    ['is what the same list names with a type', [], [{ value: 'a@x.com' }, { value: 'a@x.com', type: 'work' }], [work]],
    ['becomes primary', [work], [{ value: 'a@x.com', primary: true }], [{ ...work, primary: true }]],
    ['is another where its value is', [work], [{ value: 'b@x.com' }], [work, { value: 'b@x.com', primary: false }]],
  ])('%s', async (_, before, given, after) => {
    const id = await create({ emails: before });
    const operation = { op: 'add', path: 'emails', value: given };
    const once = await patched(id, operation);
    expect(once['emails']).toEqual(after);
    expect(await patched(id, operation)).toEqual(once); // version and all
  });
});
