/** A change of members that brings no list: what the refusal says to send. */
import { beforeAll, describe, expect, test } from 'vitest';
import { expectScimError, groupBody, type Operation, patchOp } from '../support/scim.js';
import { createUser } from '../support/users.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
let number = 0;

beforeAll(async () => {
  tenant = await newTenant();
});

describe('a change of members without a list', () => {
  test.each<[string, object, RegExp]>([
    ['replace, without a value', { op: 'replace', path: 'members' }, /takes a list; send \[\] to empty it\.$/],
    ['replace, with null', { op: 'replace', path: 'members', value: null }, /takes a list; send \[\] to empty it\.$/],
    ['add, without a value', { op: 'add', path: 'members' }, /takes a list of what is to be added\.$/],
    ['add, with null', { op: 'add', path: 'members', value: null }, /takes a list of what is to be added\.$/],
  ])('%s: the refusal says what is taken', async (_, operation, sentence) => {
    const { body } = await tenant.scim('POST', '/Groups', groupBody(`Shapes ${(number += 1)}`, [(await createUser(tenant)).id]));
    const answer = await tenant.scim('PATCH', `/Groups/${body.id}`, patchOp(operation as Operation));
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toMatch(sentence);
    expect((await tenant.scim('GET', `/Groups/${body.id}`)).body.members).toHaveLength(1);
  });
});
