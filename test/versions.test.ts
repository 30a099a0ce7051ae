/** Versions (RFC 7644, section 3.14): one number for ETag, `meta.version` and GraphQL, checked inside the write, moved by what really changes. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ScimBody } from './http.js';
import { expectScimError, groupBody, patchOp, userBody } from './scim.js';
import { newTenant, type Tenant } from './world.js';

let tenant: Tenant;
let users = 0;
beforeAll(async () => { tenant = await newTenant(); });

const create = async (): Promise<ScimBody> => (await tenant.scim('POST', '/Users', userBody(`version-${(users += 1)}@x.com`))).body;
const title = (value: string) => patchOp({ op: 'replace', path: 'title', value });

describe('If-Match', () => {
  test.each(['W/"1"', '"1"', 'w/"1"', '*', ' W/"1" ', 'W/"1", W/"1"'])('%j fits the first version', async (tag) => {
    const { id } = await create();
    expect((await tenant.scim('PATCH', `/Users/${id}`, title('T'), { 'if-match': tag })).status).toBe(200);
  });

  test.each(['W/"2"', '"0"', 'W/"x"', '1', '"1', 'W/"99999999999"', 'W/"1", W/"2"'])('%j does not, for PUT, PATCH and DELETE', async (tag) => {
    const { id, userName } = await create();
    for (const [method, body] of [['PUT', userBody(userName, { title: 'T' })], ['PATCH', title('T')], ['DELETE', undefined]] as const) {
      expectScimError(await tenant.scim(method, `/Users/${id}`, body, { 'if-match': tag }), 412);
    }
    expect((await tenant.scim('GET', `/Users/${id}`)).body).toMatchObject({ meta: { version: 'W/"1"' } });
  });

  test('is checked for groups and their members', async () => {
    const { id } = await create();
    const { body: group } = await tenant.scim('POST', '/Groups', groupBody('Versions'));
    const add = patchOp({ op: 'add', path: 'members', value: [{ value: id }] });
    expectScimError(await tenant.scim('PATCH', `/Groups/${group.id}`, add, { 'if-match': 'W/"7"' }), 412);
    expect((await tenant.scim('PATCH', `/Groups/${group.id}`, add, { 'if-match': 'W/"1"' })).headers['etag']).toBe('W/"2"');
    expectScimError(await tenant.scim('DELETE', `/Groups/${group.id}`, undefined, { 'if-match': 'W/"1"' }), 412);
    expect((await tenant.scim('DELETE', `/Groups/${group.id}`, undefined, { 'if-match': 'W/"2"' })).status).toBe(204);
  });
});

test('the ETag, meta.version and GraphQL agree after every write', async () => {
  const { id } = await create();
  for (const answer of [await tenant.scim('PATCH', `/Users/${id}`, title('A')), await tenant.scim('PATCH', `/Users/${id}`, title('A')), await tenant.scim('GET', `/Users/${id}`)]) {
    expect(answer.headers['etag']).toBe('W/"2"');
    expect(answer.body.meta.version).toBe('W/"2"');
  }
  const { data } = await tenant.graphql('query ($by: UserBy!) { user(by: $by) { version } }', { by: { id } });
  expect(data!['user']).toEqual({ version: 2 });
});

test('If-None-Match: a version that is known is 304, without a body', async () => {
  const { id } = await create();
  for (const tag of ['W/"1"', '"1"', '*', 'W/"7", W/"1"']) {
    const answer = await tenant.scim('GET', `/Users/${id}`, undefined, { 'if-none-match': tag });
    expect([answer.status, answer.text, answer.headers['etag']]).toEqual([304, '', 'W/"1"']);
  }
  expect((await tenant.scim('GET', `/Users/${id}`, undefined, { 'if-none-match': 'W/"2"' })).status).toBe(200);
});

test('of fifty who write at one version, one wins; through both doors', async () => {
  const { id } = await create();
  for (let version = 1; version <= 3; version += 1) {
    const mutation = 'mutation ($input: ChangeUserInput!) { changeUser(input: $input) { user { version } userErrors { code } } }';
    const outcomes = await Promise.all(Array.from({ length: 50 }, async (_, writer) => {
      const value = `${version} ${writer}`;
      if (writer % 2 === 0) return (await tenant.scim('PATCH', `/Users/${id}`, title(value), { 'if-match': `W/"${version}"` })).status;
      const { data } = await tenant.graphql(mutation, { input: { id, ifVersion: version, changes: [{ op: 'REPLACE', path: 'title', value }] } });
      const { user, userErrors: [error] } = data!['changeUser'] as unknown as { user: object | null; userErrors: { code: string }[] };
      return user ? 200 : error!.code === 'VERSION_MISMATCH' ? 412 : error!.code;
    }));
    expect(outcomes.toSorted()).toEqual([200, ...Array.from({ length: 49 }, () => 412)]);
    expect((await tenant.scim('GET', `/Users/${id}`)).body.meta.version).toBe(`W/"${version + 1}"`);
  }
});
