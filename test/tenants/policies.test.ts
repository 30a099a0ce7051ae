/** What a tenant decides: each policy's default, its other values, and that a decision is in force for the next request. */
import { beforeEach, describe, expect, test } from 'vitest';
import { expectScimError, groupBody, memberIds, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057';

let tenant: Tenant;
beforeEach(async () => {
  tenant = await newTenant();
});

const UPDATE = `mutation ($input: TenantPoliciesInput!) { updateTenantPolicies(input: $input) {
  policies { unknownMembers patchAnswer groupNames inactiveDuplicates } userErrors { code field message } } }`;
const decide = async (input: object) => (await tenant.graphql(UPDATE, { input })).data!['updateTenantPolicies']!;

const create = async (path: string, body: object) => {
  const answer = await tenant.scim('POST', path, body);
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
};

test('the defaults are told, and what is not decided stays', async () => {
  const defaults = { unknownMembers: 'REFUSE', patchAnswer: 'BY_TYPE', groupNames: 'UNIQUE', inactiveDuplicates: 'REFUSE' };
  expect(await decide({})).toEqual({ policies: defaults, userErrors: [] });
  expect(await decide({ unknownMembers: 'IGNORE' })).toMatchObject({ policies: { ...defaults, unknownMembers: 'IGNORE' } });
  expect(await decide({ groupNames: 'SHARED' })).toMatchObject({
    policies: { ...defaults, unknownMembers: 'IGNORE', groupNames: 'SHARED' },
  });
  expect(await decide({ unknownMembers: 'REFUSE', groupNames: null })).toEqual({
    policies: null,
    userErrors: [
      { code: 'INVALID_VALUE', field: 'groupNames', message: '"groupNames" always has a value: give another one instead of null.' },
    ],
  });
  const { data } = await tenant.graphql('{ caller { tenant { policies { unknownMembers groupNames } } } }');
  expect(data).toEqual({ caller: { tenant: { policies: { unknownMembers: 'IGNORE', groupNames: 'SHARED' } } } });
});

describe('unknown members', () => {
  const change = (id: string, userId: string) =>
    tenant.scim(
      'PATCH',
      `/Groups/${id}`,
      patchOp({ op: 'add', path: 'members', value: [{ value: userId }, { value: NOBODY }, { value: 'odd' }] }),
    );

  test('are refused and named, the known one untouched', async () => {
    const [user, group] = [await create('/Users', userBody('a@x.com')), await create('/Groups', groupBody('G'))];
    const answer = await change(group.id, user.id);
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toContain(NOBODY);
    expect(answer.body.detail).not.toContain(user.id);
    expect((await tenant.scim('GET', `/Groups/${group.id}`)).body).toEqual(group);
  });

  test('are passed over where the tenant says so: by PATCH, PUT and POST', async () => {
    await decide({ unknownMembers: 'IGNORE' });
    const user = await create('/Users', userBody('a@x.com'));
    const group = await create('/Groups', groupBody('G', [user.id, NOBODY, 'odd']));
    expect(memberIds(group)).toEqual([user.id]);
    const other = await create('/Users', userBody('b@x.com'));
    expect((await change(group.id, other.id)).status).toBe(204);
    const { body } = await tenant.scim('PUT', `/Groups/${group.id}`, groupBody('G', [other.id, NOBODY]));
    expect(memberIds(body)).toEqual([other.id]);
  });
});

describe('the answer of PATCH', () => {
  const both = async () => {
    const [user, group] = [await create('/Users', userBody('p@x.com')), await create('/Groups', groupBody('P'))];
    const rename = patchOp({ op: 'replace', path: 'displayName', value: 'New' });
    return [await tenant.scim('PATCH', `/Users/${user.id}`, rename), await tenant.scim('PATCH', `/Groups/${group.id}`, rename)];
  };

  test.each([
    ['BY_TYPE', [200, 204]],
    ['RESOURCE', [200, 200]],
    ['NO_CONTENT', [204, 204]],
  ] as const)('%s', async (patchAnswer, statuses) => {
    await decide({ patchAnswer });
    const answers = await both();
    expect(answers.map(({ status }) => status)).toEqual(statuses);
    for (const { status, body, text, headers } of answers) {
      if (status === 200) expect(body).toMatchObject({ displayName: 'New', meta: { version: 'W/"2"' } });
      else expect(text).toBe('');
      expect(headers.etag).toBe('W/"2"');
    }
  });
});

describe('names of groups', () => {
  test('are unique, in any case', async () => {
    await create('/Groups', groupBody('Sales'));
    expectScimError(await tenant.scim('POST', '/Groups', groupBody('SALES')), 409, 'uniqueness');
  });

  test('may be shared where the tenant says so, and cannot be made unique again before one is renamed', async () => {
    const first = await create('/Groups', groupBody('Sales'));
    await decide({ groupNames: 'SHARED' });
    await create('/Groups', groupBody('SALES'));
    expect(await decide({ groupNames: 'UNIQUE' })).toMatchObject({
      policies: null,
      userErrors: [{ code: 'UNIQUENESS', field: 'groupNames' }],
    });
    await tenant.scim('PATCH', `/Groups/${first.id}`, patchOp({ op: 'replace', path: 'displayName', value: 'Sales EU' }));
    expect(await decide({ groupNames: 'UNIQUE' })).toMatchObject({ policies: { groupNames: 'UNIQUE' } });
    expectScimError(await tenant.scim('POST', '/Groups', groupBody('sales')), 409, 'uniqueness');
  });
});

describe('creating a leaver again', () => {
  const leaver = async () => {
    const user = await create('/Users', userBody('back@x.com', { externalId: '00u1', title: 'Old' }));
    const group = await create('/Groups', groupBody('Keeps', [user.id]));
    await tenant.scim('PATCH', `/Users/${user.id}`, patchOp({ op: 'replace', value: { active: false } }));
    return { user, group };
  };

  test('is refused', async () => {
    await leaver();
    expectScimError(await tenant.scim('POST', '/Users', userBody('back@x.com', { externalId: '00u1' })), 409, 'uniqueness');
  });

  test('restores the leaver where the tenant says so: same id, same groups, new attributes', async () => {
    await decide({ inactiveDuplicates: 'RESTORE' });
    const { user, group } = await leaver();
    const restored = await create('/Users', userBody('new.name@x.com', { externalId: '00u1', nickName: 'New' }));
    expect(restored).toMatchObject({ id: user.id, userName: 'new.name@x.com', active: true, nickName: 'New' });
    expect(restored['title']).toBeUndefined();
    expect(memberIds((await tenant.scim('GET', `/Groups/${group.id}`)).body)).toEqual([user.id]);
  });

  test('restores nobody who is active, nor by another external id', async () => {
    await decide({ inactiveDuplicates: 'RESTORE' });
    await leaver();
    expectScimError(await tenant.scim('POST', '/Users', userBody('back@x.com', { externalId: '00u2' })), 409, 'uniqueness');
    await create('/Users', userBody('back@x.com', { externalId: '00u1' }));
    expectScimError(await tenant.scim('POST', '/Users', userBody('back@x.com', { externalId: '00u1' })), 409, 'uniqueness');
  });
});
