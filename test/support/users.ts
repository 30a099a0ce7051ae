/** Users made and changed over SCIM by tests that look at one attribute and care for no other. */
import { expect } from 'vitest';
import type { ScimBody } from './http.js';
import { type Operation, patchOp, USER } from './scim.js';
import type { Tenant } from './world.js';

let made = 0;

/** A user with a name that nobody else has, and with these attributes. */
export async function createUser(tenant: Tenant, over: object = {}): Promise<ScimBody> {
  const answer = await tenant.scim('POST', '/Users', { schemas: [USER], userName: `user-${(made += 1)}@x.com`, ...over });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

/** The user as it is read after a PATCH that is done. */
export async function patchUser(tenant: Tenant, id: string, ...operations: Operation[]): Promise<ScimBody> {
  const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp(...operations));
  expect(answer.status, answer.text).toBe(200);
  return (await tenant.scim('GET', `/Users/${id}`)).body;
}
