/** Every effective change leaves one record, in the transaction of the change; what changes nothing leaves none. */
import { beforeAll, describe, expect, test } from 'vitest';
import { groupBody, patchOp, userBody } from './scim.js';
import { newTenant, type Tenant, world } from './world.js';

const { query } = await world();

let tenant: Tenant;
beforeAll(async () => { tenant = await newTenant(); });

const records = (subject: string) => query!(`
  select kind, before, after, door, token_id is not null as "hasToken", request_id as "requestId" from change
  where tenant_id = '${tenant.id}' and subject_id = '${subject}' order by transaction_id, sequence`);

// The records are read by SQL: only the servers' set-up can be looked into from outside.
describe.runIf(query)('change records', () => {
  test('tell who did what, with what was before and after', async () => {
    const { body: { id } } = await tenant.scim('POST', '/Users', userBody('told@x.com', { title: 'Clerk', password: 'hidden-1mz050nq' }));
    await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', value: { active: false } }), { 'x-request-id': 'leaver-1' });
    await tenant.scim('DELETE', `/Users/${id}`);
    const [created, updated, deleted, ...more] = await records(id);
    expect(more).toEqual([]);
    expect(created).toMatchObject({ kind: 'USER_CREATED', before: null, after: { userName: 'told@x.com', title: 'Clerk' }, door: 'scim', hasToken: true });
    expect(updated).toMatchObject({ kind: 'USER_UPDATED', before: { active: true }, after: { active: false }, requestId: 'leaver-1' });
    expect(deleted).toMatchObject({ kind: 'USER_DELETED', before: { userName: 'told@x.com', active: false }, after: null });
    expect(JSON.stringify([created, updated, deleted])).not.toContain('1mz050nq');
  });

  test('are not left by what changes nothing, nor by what is refused', async () => {
    const { body: user } = await tenant.scim('POST', '/Users', userBody('still@x.com'));
    await tenant.scim('PUT', `/Users/${user.id}`, user);
    await tenant.scim('PATCH', `/Users/${user.id}`, patchOp({ op: 'replace', path: 'active', value: true }));
    await tenant.scim('PATCH', `/Users/${user.id}`, patchOp({ op: 'replace', path: 'title', value: 'X' }, { op: 'replace', path: 'nonsense', value: 'X' }));
    expect(await records(user.id)).toHaveLength(1);
    const { body } = await tenant.scim('GET', `/Users/${user.id}`);
    expect(body.meta).toEqual(user.meta);
  });

  test('tell which members came and went, and only those', async () => {
    const [ann, ben] = await Promise.all(['ann@x.com', 'ben@x.com'].map(async (name) => (await tenant.scim('POST', '/Users', userBody(name))).body.id));
    const { body: { id } } = await tenant.scim('POST', '/Groups', groupBody('Comings', [ann!]));
    await tenant.scim('PATCH', `/Groups/${id}`, patchOp({ op: 'add', path: 'members', value: [{ value: ann }, { value: ben }] }));
    await tenant.scim('PATCH', `/Groups/${id}`, patchOp({ op: 'add', path: 'members', value: [{ value: ben }] }));
    await tenant.scim('DELETE', `/Users/${ann}`);
    expect((await records(id)).map(({ kind, before, after }) => ({ kind, before, after }))).toEqual([
      { kind: 'GROUP_CREATED', before: null, after: { displayName: 'Comings' } },
      { kind: 'GROUP_MEMBERS_CHANGED', before: { members: [] }, after: { members: [ann] } },
      { kind: 'GROUP_MEMBERS_CHANGED', before: { members: [] }, after: { members: [ben] } },
      { kind: 'GROUP_MEMBERS_CHANGED', before: { members: [ann] }, after: { members: [] } },
    ]);
  });

  test('of many members come in pieces a reader can hold', async () => {
    const { body: { id: groupId } } = await tenant.scim('POST', '/Groups', groupBody('Many'));
    await query!(`insert into app_user (tenant_id, id, user_name, user_name_key, profile, folded)
      select '${tenant.id}', gen_random_uuid(), 'm' || n, 'm' || n, '{}', '{}' from generate_series(1, 2500) n`);
    const rows = await query!(`select id from app_user where tenant_id = '${tenant.id}' and user_name_key ~ '^m[0-9]+$'`);
    const answer = await tenant.scim('PATCH', `/Groups/${groupId}`, patchOp({ op: 'replace', path: 'members', value: rows.map(({ id }) => ({ value: id })) }));
    expect(answer.status).toBe(204);
    const sizes = (await records(groupId)).slice(1).map(({ after }) => (after as { members: string[] }).members.length);
    expect(sizes.toSorted()).toEqual([1000, 1000, 500]);
    const { body } = await tenant.scim('GET', `/Groups/${groupId}`);
    expect(new Set(body.members.map(({ value }) => value))).toEqual(new Set(rows.map(({ id }) => id)));
    expect(body.meta.version).toBe('W/"2"');
  });
});
