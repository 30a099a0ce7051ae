/** What identity providers send about groups and their members, and what they must get. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Answer, ScimBody } from '../support/http.js';
import { expectList, expectScimError, filtered, GROUP, groupBody, memberIds, type Operation, patchOp, userBody } from '../support/scim.js';
import { newTenant, PUBLIC_URL, type Tenant } from '../support/world.js';

let tenant: Tenant;
let [u1, u2, u3] = ['', '', ''];
let number = 0;

async function createUser(name: string): Promise<string> {
  const answer = await tenant.scim('POST', '/Users', userBody(name));
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id;
}

beforeAll(async () => {
  tenant = await newTenant();
  [u1, u2, u3] = [await createUser('u1@x.com'), await createUser('u2@x.com'), await createUser('u3@x.com')];
});

async function createGroup(members: readonly string[] = []): Promise<ScimBody> {
  const answer = await tenant.scim('POST', '/Groups', groupBody(`Group ${(number += 1)}`, members));
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

async function read(id: string): Promise<ScimBody> {
  const answer = await tenant.scim('GET', `/Groups/${id}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.body;
}

const patch = (id: string, ...operations: Operation[]): Promise<Answer> => tenant.scim('PATCH', `/Groups/${id}`, patchOp(...operations));

/** Applies the operations, which must work, and answers who is a member afterwards. */
async function membersAfter(id: string, ...operations: Operation[]): Promise<string[]> {
  const answer = await patch(id, ...operations);
  expect(answer.status, answer.text).toBe(204);
  expect(answer.text).toBe('');
  return memberIds(await read(id));
}

const ids = (...members: string[]) => members.toSorted();

describe('creating a group', () => {
  test('as Okta does', async () => {
    const answer = await tenant.scim('POST', '/Groups', { schemas: [GROUP], displayName: 'Sales', members: [] });
    expect(answer.status, answer.text).toBe(201);
    const location = `${PUBLIC_URL}/scim/api/V1/Groups/${answer.body.id}`;
    expect(answer.headers.location).toBe(location);
    expect(answer.body).toMatchObject({
      schemas: [GROUP],
      displayName: 'Sales',
      meta: { resourceType: 'Group', location, version: 'W/"1"' },
    });
  });

  test('as Entra does, with a schema of its own', async () => {
    const answer = await tenant.scim('POST', '/Groups', {
      schemas: [GROUP, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      externalId: '8aa1',
      displayName: 'HR',
      meta: { resourceType: 'Group' },
    });
    expect(answer.status, answer.text).toBe(201);
    expect(answer.body).toMatchObject({ schemas: [GROUP], externalId: '8aa1', displayName: 'HR' });
    expect(expectList(await tenant.scim('GET', filtered('/Groups', 'externalId eq "8aa1"')))).toHaveLength(1);
  });

  test('a name taken in another case is a 409', async () => {
    await tenant.scim('POST', '/Groups', groupBody('Finance'));
    const answer = await tenant.scim('POST', '/Groups', groupBody('FINANCE'));
    expectScimError(answer, 409, 'uniqueness');
    expect(answer.body.detail).toMatch(/displayName/);
  });

  test('without a name it is refused', async () => {
    expectScimError(await tenant.scim('POST', '/Groups', { schemas: [GROUP], members: [] }), 400, 'invalidValue');
  });

  test('with members at once: each with its address and its type', async () => {
    const { id } = await createGroup([u1, u2, u1]);
    const { members } = await read(id);
    expect(members).toHaveLength(2);
    expect(members).toContainEqual({ value: u1, $ref: `${PUBLIC_URL}/scim/api/V1/Users/${u1}`, display: 'Ann Lee', type: 'User' });
    const user = await tenant.scim('GET', `/Users/${u1}`);
    expect(user.body.groups).toContainEqual(
      expect.objectContaining({ value: id, display: `Group ${number}`, $ref: `${PUBLIC_URL}/scim/api/V1/Groups/${id}` }),
    );
  });

  test('an unknown member is named, and the group is not made', async () => {
    const answer = await tenant.scim('POST', '/Groups', groupBody('Unmade', [u1, 'no-such-user']));
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toContain('no-such-user');
    expect(answer.body.detail).not.toContain(u1);
    expect(expectList(await tenant.scim('GET', filtered('/Groups', 'displayName eq "Unmade"')))).toEqual([]);
  });
});

describe('renaming a group', () => {
  test('without a path and with the id inside (Okta), twice: members stay, the repetition changes nothing', async () => {
    const { id, meta } = await createGroup([u1, u2]);
    expect(meta.version).toBe('W/"1"'); // made with its members at once
    const rename = { op: 'replace', value: { id, displayName: 'Sales EU' } };
    expect(await membersAfter(id, rename)).toEqual(ids(u1, u2));
    const renamed = await read(id);
    expect(renamed).toMatchObject({ displayName: 'Sales EU', meta: { version: 'W/"2"' } });
    expect(await membersAfter(id, rename)).toEqual(ids(u1, u2));
    expect(await read(id)).toEqual(renamed);
  });

  test('and its externalId, as Entra does', async () => {
    const { id } = await createGroup([u1]);
    await membersAfter(id, { op: 'Replace', path: 'displayName', value: 'Renamed' }, { op: 'Replace', path: 'externalId', value: 'ext' });
    expect(await read(id)).toMatchObject({ displayName: 'Renamed', externalId: 'ext', members: [{ value: u1 }] });
  });

  test('to a taken name is a 409 and changes nothing', async () => {
    await tenant.scim('POST', '/Groups', groupBody('Taken'));
    const group = await createGroup([u1]);
    expectScimError(
      await patch(group.id, { op: 'add', path: 'members', value: [{ value: u2 }] }, { op: 'replace', value: { displayName: 'TAKEN' } }),
      409,
      'uniqueness',
    );
    expect(await read(group.id)).toEqual(group);
  });

  test('answers the group where the client asks for attributes', async () => {
    const { id } = await createGroup([u1]);
    const answer = await tenant.scim(
      'PATCH',
      `/Groups/${id}?attributes=displayName`,
      patchOp({ op: 'replace', path: 'displayName', value: 'Asked for' }),
    );
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body).toMatchObject({ id, displayName: 'Asked for' });
    expect(answer.body).not.toHaveProperty('members');
  });
});

describe('members', () => {
  test('are added once, however often they are sent', async () => {
    const { id } = await createGroup();
    const add = { op: 'add', path: 'members', value: [{ value: u1, display: 'x' }] };
    expect(await membersAfter(id, add)).toEqual([u1]);
    const { meta } = await read(id);
    expect(await membersAfter(id, add, add)).toEqual([u1]);
    expect((await read(id)).meta).toEqual(meta);
    expect(await membersAfter(id, { op: 'Add', path: 'members', value: [{ $ref: null, value: u2 }] })).toEqual(ids(u1, u2));
  });

  test('are added in every shape that is sent', async () => {
    const { id } = await createGroup();
    expect(await membersAfter(id, { op: 'add', path: 'members', value: { value: u1 } })).toEqual([u1]);
    expect(await membersAfter(id, { op: 'add', value: { members: [{ value: u2 }] } })).toEqual(ids(u1, u2));
    expect(await membersAfter(id, { op: 'add', path: 'Members', value: [{ value: u3, type: 'User', name: 'addMember' }] })).toEqual(
      ids(u1, u2, u3),
    );
  });

  test('one leaves by a value path; somebody who is none may leave too', async () => {
    const { id } = await createGroup([u1, u2, u3]);
    expect(await membersAfter(id, { op: 'remove', path: `members[value eq "${u1}"]` })).toEqual(ids(u2, u3));
    expect(await membersAfter(id, { op: 'remove', path: `members[value eq "${u1}"]` })).toEqual(ids(u2, u3));
    expect(await membersAfter(id, { op: 'remove', path: 'members[value eq "no-such-user"]' })).toEqual(ids(u2, u3));
  });

  test('remove with a list removes those and leaves the others (Entra)', async () => {
    const { id } = await createGroup([u1, u2, u3]);
    expect(await membersAfter(id, { op: 'Remove', path: 'members', value: [{ $ref: null, value: u2 }] })).toEqual(ids(u1, u3));
    expect(await membersAfter(id, { op: 'Remove', path: 'members', value: [{ value: u2 }, { value: 'no-such-user' }] })).toEqual(
      ids(u1, u3),
    );
  });

  test.each<{ value: unknown }>([{ value: [] }, { value: null }])('remove with $value removes nobody', async ({ value }) => {
    const { id } = await createGroup([u1, u2]);
    expect(await membersAfter(id, { op: 'remove', path: 'members', value })).toEqual(ids(u1, u2));
  });

  test('remove without a value empties the group', async () => {
    const { id } = await createGroup([u1, u2]);
    expect(await membersAfter(id, { op: 'remove', path: 'members' })).toEqual([]);
  });

  test('replace sets the list, with and without a path; an empty one empties', async () => {
    const { id } = await createGroup([u1, u2]);
    expect(await membersAfter(id, { op: 'replace', path: 'members', value: [{ value: u2 }, { value: u3 }] })).toEqual(ids(u2, u3));
    expect(await membersAfter(id, { op: 'replace', value: { members: [{ value: u3 }] } })).toEqual([u3]);
    expect(await membersAfter(id, { op: 'replace', path: 'members', value: [] })).toEqual([]);
  });

  test('leave and join in one request, in order', async () => {
    const { id } = await createGroup([u1]);
    expect(
      await membersAfter(id, { op: 'remove', path: `members[value eq "${u1}"]` }, { op: 'add', path: 'members', value: [{ value: u2 }] }),
    ).toEqual([u2]);
    expect(
      await membersAfter(
        id,
        { op: 'add', path: 'members', value: [{ value: u1 }] },
        { op: 'remove', path: 'members' },
        { op: 'add', path: 'members', value: [{ value: u3 }] },
      ),
    ).toEqual([u3]);
  });

  test('an unknown one is named, and nobody joins', async () => {
    const group = await createGroup([u1]);
    const answer = await patch(group.id, { op: 'add', path: 'members', value: [{ value: u2 }, { value: 'no-such-user' }, { value: u3 }] });
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail).toContain('no-such-user');
    expect(answer.body.detail).not.toContain(u2);
    expect(await read(group.id)).toEqual(group);
    expectScimError(await tenant.scim('PUT', `/Groups/${group.id}`, groupBody('Unknown', ['no-such-user'])), 400, 'invalidValue');
    expect(await read(group.id)).toEqual(group);
  });

  test("a deleted user is nobody's member", async () => {
    const leaver = await createUser('leaver@x.com');
    const { id } = await createGroup([u1, leaver]);
    expect((await tenant.scim('DELETE', `/Users/${leaver}`)).status).toBe(204);
    expect(memberIds(await read(id))).toEqual([u1]);
  });

  test('an inactive user stays a member', async () => {
    const inactive = await createUser('inactive@x.com');
    const { id } = await createGroup([inactive]);
    await tenant.scim('PATCH', `/Users/${inactive}`, patchOp({ op: 'replace', value: { active: false } }));
    expect(memberIds(await read(id))).toEqual([inactive]);
  });
});

describe('reading groups', () => {
  test('members are there unless they are excluded', async () => {
    const { id, displayName } = await createGroup([u1]);
    const filter = `displayName eq "${displayName}"`;
    expect((await read(id)).members).toHaveLength(1);
    expect(expectList(await tenant.scim('GET', filtered('/Groups', filter)))[0]?.members).toHaveLength(1);
    expect((await tenant.scim('GET', `/Groups/${id}?excludedAttributes=members`)).body).not.toHaveProperty('members');
    expect(
      expectList(await tenant.scim('GET', `/Groups?excludedAttributes=members&filter=${encodeURIComponent(filter)}`))[0],
    ).not.toHaveProperty('members');
    expect(Object.keys((await tenant.scim('GET', `/Groups/${id}?attributes=id`)).body).toSorted()).toEqual(['id', 'schemas']);
  });

  test('all 1,200 members of a large group are there', { timeout: 60_000 }, async () => {
    const everybody: string[] = [];
    for (let batch = 0; batch < 24; batch += 1) {
      everybody.push(...(await Promise.all(Array.from({ length: 50 }, (_, index) => createUser(`large-${batch}-${index}@x.com`)))));
    }
    const { id } = await createGroup();
    expect(await membersAfter(id, { op: 'add', path: 'members', value: everybody.map((value) => ({ value })) })).toEqual(
      everybody.toSorted(),
    );
    expect(await membersAfter(id, { op: 'replace', path: 'members', value: everybody.slice(0, 1100).map((value) => ({ value })) })).toEqual(
      everybody.slice(0, 1100).toSorted(),
    );
  });

  test('membership is asked for by a filter (Entra)', async () => {
    const { id } = await createGroup([u1]);
    const ask = async (user: string) =>
      expectList(await tenant.scim('GET', `${filtered('/Groups', `id eq "${id}" and members eq "${user}"`)}&attributes=id`));
    expect(await ask(u1)).toMatchObject([{ id }]);
    expect(await ask(u2)).toEqual([]);
    expect(expectList(await tenant.scim('GET', filtered('/Groups', `id eq "${id}" and members.value eq "${u1}"`)))).toHaveLength(1);
    expect(expectList(await tenant.scim('GET', filtered('/Groups', `id eq "${id}" and members[value eq "${u1}"]`)))).toHaveLength(1);
  });

  test("the wizard app's sequence", async () => {
    expect(expectList(await tenant.scim('GET', filtered('/Groups', 'displayName eq "Wizards"', '&startIndex=1&count=100')))).toEqual([]);
    const created = await tenant.scim('POST', '/Groups', groupBody('Wizards'));
    const id = created.body.id;
    expect([created.status, (await tenant.scim('GET', `/Groups/${id}`)).status]).toEqual([201, 200]);
    const put = (members: string[]) => tenant.scim('PUT', `/Groups/${id}`, groupBody('Wizards', members, { id }));
    expect(memberIds((await put([u1, u2])).body)).toEqual(ids(u1, u2));
    expect(memberIds((await put([u2])).body)).toEqual([u2]);
    expect((await tenant.scim('DELETE', `/Groups/${id}`)).status).toBe(204);
    expectScimError(await tenant.scim('GET', `/Groups/${id}`), 404);
    expectScimError(await tenant.scim('DELETE', `/Groups/${id}`), 404);
    expect(expectList(await tenant.scim('GET', filtered('/Groups', 'displayName eq "Wizards"')))).toEqual([]);
  });
});
