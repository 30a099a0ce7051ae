/** Every effective change leaves a record in the same transaction; what changes nothing, or is refused, leaves none. */
import { expect, test } from 'vitest';
import { groupBody, patchOp, USER, userBody } from './scim.js';
import { newTenant, world } from './world.js';

interface ChangeRow { readonly kind: string; readonly before: Record<string, unknown> | null; readonly after: Record<string, unknown> | null; readonly door: string; readonly request_id: string }

test('records say what, before, after, who and in which request; repetitions and refusals leave none', async (context) => {
  const { query } = await world();
  if (!query) return context.skip('needs a database server');
  const tenant = await newTenant();
  const created = await tenant.scim('POST', '/Users', { schemas: [USER], userName: 'changed@x.com', title: 'Engineer' });
  const { id } = created.body;
  const { body: group } = await tenant.scim('POST', '/Groups', groupBody('Changed'));
  const recordsOf = async (subject: string) => await query(
    `select kind, before, after, door, request_id from change where tenant_id = '${tenant.id}' and subject_id = '${subject}' order by transaction_id, sequence`) as unknown as ChangeRow[];

  const retitle = patchOp({ op: 'replace', path: 'title', value: 'Director' });
  const patched = await tenant.scim('PATCH', `/Users/${id}`, retitle, { 'x-request-id': 'request-of-the-test' });
  expect((await tenant.scim('PATCH', `/Users/${id}`, retitle)).status).toBe(200);
  expect((await tenant.scim('PUT', `/Users/${id}`, patched.body)).status).toBe(200);
  expect((await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'title', value: 'CEO' }, { op: 'replace', path: 'active', value: 'perhaps' }))).status).toBe(400);
  expect((await tenant.scim('POST', '/Users', userBody('CHANGED@x.com'))).status).toBe(409);

  const add = patchOp({ op: 'add', path: 'members', value: [{ value: id }] });
  for (const body of [add, add, patchOp({ op: 'add', path: 'members', value: [{ value: 'no-such-user' }] })]) await tenant.scim('PATCH', `/Groups/${group.id}`, body);
  expect((await tenant.scim('DELETE', `/Users/${id}`)).status).toBe(204);
  expect((await tenant.scim('DELETE', `/Users/${id}`)).status).toBe(404);

  const ofUser = await recordsOf(id);
  expect(ofUser.map(({ kind }) => kind)).toEqual(['USER_CREATED', 'USER_UPDATED', 'USER_DELETED']);
  expect(ofUser[0]).toMatchObject({ before: null, after: { userName: 'changed@x.com', title: 'Engineer' }, door: 'scim' });
  expect(ofUser[1]).toMatchObject({ before: { title: 'Engineer' }, after: { title: 'Director' }, request_id: patched.headers['x-request-id'] });
  expect(ofUser[2]).toMatchObject({ before: { userName: 'changed@x.com', title: 'Director' }, after: null });

  const ofGroup = await recordsOf(group.id);
  expect(ofGroup.map(({ kind }) => kind)).toEqual(['GROUP_CREATED', 'GROUP_MEMBERS_CHANGED', 'GROUP_MEMBERS_CHANGED']);
  expect(ofGroup[1]).toMatchObject({ before: { members: [] }, after: { members: [id] } });
  expect(ofGroup[2]).toMatchObject({ before: { members: [id] }, after: { members: [] } }); // with the user's end
});
