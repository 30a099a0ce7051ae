/** A whole name that a PUT sends back beside parts that are new. */
import { beforeAll, describe, expect, test } from 'vitest';
import { USER } from '../support/scim.js';
import { createUser } from '../support/users.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;

beforeAll(async () => {
  tenant = await newTenant();
});

describe('a whole name that a PUT sends back as it was', () => {
  const name = (givenName: string, familyName: string, formatted?: string) => ({ givenName, familyName, ...(formatted && { formatted }) });
  test.each<[string, object, object, string | undefined]>([
    ['follows its parts (Okta)', name('A', 'B', 'A B'), name('C', 'B', 'A B'), 'C B'],
    ['stays where its parts do', name('A', 'B', 'A B'), name('A', 'B', 'A B'), 'A B'],
    ['stays where it was not made of them', name('A', 'B', 'B, A'), name('C', 'B', 'B, A'), 'B, A'],
    ['is what the client says it is', name('A', 'B', 'A B'), name('C', 'B', 'Dr. C B'), 'Dr. C B'],
    ['stays where a part is missing', name('A', 'B', 'A B'), { givenName: 'C', formatted: 'A B' }, 'A B'],
    ['is made of nothing by itself', name('A', 'B'), name('C', 'B'), undefined],
  ])('%s', async (_, before, sent, formatted) => {
    const { id, userName } = await createUser(tenant, { name: before });
    const { body } = await tenant.scim('PUT', `/Users/${id}`, { schemas: [USER], userName, name: sent });
    expect((body['name'] as { formatted?: string }).formatted).toBe(formatted);
  });
});
