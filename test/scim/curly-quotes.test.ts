/** Curly quotes, as documents make them, around values in paths and filters. */
import { beforeAll, describe, expect, test } from 'vitest';
import { expectList, expectScimError, filtered, type Operation } from '../support/scim.js';
import { createUser, patchUser } from '../support/users.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;

beforeAll(async () => {
  tenant = await newTenant();
});

const create = async (over: object = {}): Promise<string> => (await createUser(tenant, over)).id;
const patched = (id: string, ...operations: Operation[]) => patchUser(tenant, id, ...operations);

describe('curly quotes', () => {
  test.each(['“work”', '”work”', '„work“', '“work"'])('around a value in a path: %s', async (quoted) => {
    const { emails } = await patched(await create(), { op: 'add', path: `emails[type eq ${quoted}].value`, value: 'a@x.com' });
    expect(emails).toEqual([{ value: 'a@x.com', type: 'work', primary: false }]);
  });

  test('in a filter, around what has spaces; within straight ones they are part of the value', async () => {
    await create({ title: 'Head of “Desks”', nickName: 'curly' });
    await create({ title: 'Head of Desks', nickName: 'plain' });
    const found = async (filter: string) =>
      expectList(await tenant.scim('GET', filtered('/Users', filter))).map(({ nickName }) => nickName);
    expect(await found('title eq “Head of Desks”')).toEqual(['plain']);
    expect(await found('title eq "Head of “Desks”"')).toEqual(['curly']);
    expectScimError(await tenant.scim('GET', filtered('/Users', 'title eq “Head of')), 400, 'invalidFilter');
  });
});
