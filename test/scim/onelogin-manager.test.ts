/** The manager as OneLogin's template names it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ENTERPRISE, expectList, filtered, type Operation, USER } from '../support/scim.js';
import { createUser, patchUser } from '../support/users.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;

beforeAll(async () => {
  tenant = await newTenant();
});

const create = async (over: object = {}): Promise<string> => (await createUser(tenant, over)).id;
const patched = (id: string, ...operations: Operation[]) => patchUser(tenant, id, ...operations);

describe("the manager in OneLogin's template", () => {
  const template = (managerId: unknown) => ({ [ENTERPRISE]: { manager: { managerId } } });
  const managerOf = async (id: string) => {
    const [one] = expectList(await tenant.scim('GET', filtered('/Users', `id eq "${id}"`)));
    return (one![ENTERPRISE] as { manager?: { value: string } } | undefined)?.manager?.value;
  };

  test('is set by POST, PUT and PATCH, and taken away by no id', async () => {
    const [one, two] = [await create(), await create()];
    const { id, userName } = await createUser(tenant, template(one));
    expect(await managerOf(id)).toBe(one);
    expect((await tenant.scim('PUT', `/Users/${id}`, { schemas: [USER], userName, ...template(two) })).status).toBe(200);
    expect(await managerOf(id)).toBe(two);
    await patched(id, { op: 'replace', value: template(one) });
    expect(await managerOf(id)).toBe(one);
    await patched(id, { op: 'replace', path: `${ENTERPRISE}:manager.managerId`, value: two });
    expect(await managerOf(id)).toBe(two);
    await patched(id, { op: 'replace', value: template('') });
    expect(await managerOf(id)).toBeUndefined();
  });

  test('is never shown so', async () => {
    const id = await create(template(await create()));
    expect((await tenant.scim('GET', `/Users/${id}`)).text).not.toContain('managerId');
    expect((await tenant.scim('GET', '/Schemas')).text).not.toContain('managerId');
  });
});
