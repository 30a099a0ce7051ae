/** The manager as OneLogin's template names it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ENTERPRISE, expectList, filtered, type Operation, patchOp, USER } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
let number = 0;

beforeAll(async () => {
  tenant = await newTenant();
});

async function create(over: object = {}): Promise<string> {
  const answer = await tenant.scim('POST', '/Users', { schemas: [USER], userName: `shapes-${(number += 1)}@x.com`, ...over });
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

async function patched(id: string, ...operations: Operation[]): Promise<Record<string, unknown>> {
  const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp(...operations));
  expect(answer.status, answer.text).toBe(200);
  return (await tenant.scim('GET', `/Users/${id}`)).body;
}

describe("the manager in OneLogin's template", () => {
  const template = (managerId: unknown) => ({ [ENTERPRISE]: { manager: { managerId } } });
  const managerOf = async (id: string) => {
    const [one] = expectList(await tenant.scim('GET', filtered('/Users', `id eq "${id}"`)));
    return (one![ENTERPRISE] as { manager?: { value: string } } | undefined)?.manager?.value;
  };

  test('is set by POST, PUT and PATCH, and taken away by no id', async () => {
    const [one, two] = [await create(), await create()];
    const id = await create(template(one));
    expect(await managerOf(id)).toBe(one);
    const userName = `shapes-${number}@x.com`;
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
