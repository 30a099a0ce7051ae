/**
 * Okta's life-cycle test: it drives an Okta org, which drives us, and then looks at what we hold. Here the org's requests are played
 * as each of its two kinds of app sends them, and the looks are the test's own.
 */
import { describe, expect, test } from 'vitest';
import type { ScimBody } from '../support/http.js';
import { expectList, filtered, patchOp, USER } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

interface Kind {
  readonly name: string;
  setActive(tenant: Tenant, id: string, active: boolean): Promise<void>;
}

async function get(tenant: Tenant, id: string): Promise<ScimBody> {
  const answer = await tenant.scim('GET', `/Users/${id}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

async function putBack(tenant: Tenant, id: string, changes: object): Promise<void> {
  const answer = await tenant.scim('PUT', `/Users/${id}`, { ...(await get(tenant, id)), ...changes });
  expect(answer.status, answer.text).toBe(200);
}

const kinds: readonly Kind[] = [
  {
    name: 'catalogue app (PATCH)',
    setActive: async (tenant, id, active) => {
      const answer = await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', value: { active } }));
      expect([200, 204], answer.text).toContain(answer.status);
    },
  },
  { name: 'wizard app (GET and PUT)', setActive: (tenant, id, active) => putBack(tenant, id, { active }) },
];

describe.each(kinds)("Okta's life-cycle test, $name", ({ setActive }) => {
  test('assign, update, deactivate, reactivate, unassign', async () => {
    const tenant = await newTenant();
    const email = 'Runscope1@example.com';

    expect(expectList(await tenant.scim('GET', filtered('/Users', `userName eq "${email}"`, '&startIndex=1&count=100')))).toEqual([]);
    const created = await tenant.scim('POST', '/Users', {
      schemas: [USER],
      userName: email,
      name: { givenName: 'Run', familyName: 'Scope' },
      emails: [{ primary: true, value: email, type: 'work' }],
      title: 'Engineer',
      phoneNumbers: [{ value: '415.123.4567', type: 'mobile' }],
      displayName: 'Run Scope',
      locale: 'en-US',
      externalId: '00ujl29u0le5T6Aj10h7',
      groups: [],
      password: '1mz050nq',
      active: true,
    });
    expect(created.status, created.text).toBe(201);

    const [found] = expectList(await tenant.scim('GET', filtered('/Users', `userName eq "${email}"`)));
    expect(found).toMatchObject({ userName: email, name: { givenName: 'Run', familyName: 'Scope' } });
    expect(found?.emails[0]?.value).toBe(email);
    const id = found?.id ?? '';

    await putBack(tenant, id, { name: { givenName: 'Runner', familyName: 'Scope' } });
    expect((await get(tenant, id)).name['givenName']).toBe('Runner');

    await setActive(tenant, id, false);
    expect(await get(tenant, id)).toMatchObject({ id, active: false });
    const [inactive] = expectList(await tenant.scim('GET', filtered('/Users', `userName eq "${email}"`)));
    expect(inactive).toMatchObject({ id, active: false });

    await setActive(tenant, id, true);
    expect(await get(tenant, id)).toMatchObject({
      id,
      active: true,
      title: 'Engineer',
      externalId: '00ujl29u0le5T6Aj10h7',
      name: { givenName: 'Runner', familyName: 'Scope' },
      phoneNumbers: [{ value: '415.123.4567', type: 'mobile' }],
    });

    await setActive(tenant, id, false);
    expect((await get(tenant, id)).active).toBe(false);
  });
});
