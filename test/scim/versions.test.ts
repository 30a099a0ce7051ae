/**
 * Versions (RFC 7644, section 3.14): one number for ETag, `meta.version` and GraphQL, checked inside the write, moved by what really
 * changes.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ScimBody } from '../support/http.js';
import { expectScimError, groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

let tenant: Tenant;
let users = 0;
beforeAll(async () => {
  tenant = await newTenant();
});

const create = async (): Promise<ScimBody> => (await tenant.scim('POST', '/Users', userBody(`version-${(users += 1)}@x.com`))).body;
const title = (value: string) => patchOp({ op: 'replace', path: 'title', value });

describe('If-Match', () => {
  test.each(['W/"1"', '"1"', 'w/"1"', '*', ' W/"1" ', 'W/"1", W/"1"', 'W/"2", "1"', 'W/"x", *'])(
    '%j fits the first version',
    async (tag) => {
      const { id } = await create();
      expect((await tenant.scim('PATCH', `/Users/${id}`, title('T'), { 'if-match': tag })).status).toBe(200);
    },
  );

  test.each(['W/"2"', '"0"', 'W/"x"', '1', '"1', 'W/"99999999999"', 'W/"2", W/"3"', 'W/"x", 1'])(
    '%j does not, for PUT, PATCH and DELETE',
    async (tag) => {
      const { id, userName } = await create();
      for (const [method, body] of [
        ['PUT', userBody(userName, { title: 'T' })],
        ['PATCH', title('T')],
        ['DELETE', undefined],
      ] as const) {
        expectScimError(await tenant.scim(method, `/Users/${id}`, body, { 'if-match': tag }), 412);
      }
      expect((await tenant.scim('GET', `/Users/${id}`)).body).toMatchObject({ meta: { version: 'W/"1"' } });
    },
  );

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
  for (const answer of [
    await tenant.scim('PATCH', `/Users/${id}`, title('A')),
    await tenant.scim('PATCH', `/Users/${id}`, title('A')),
    await tenant.scim('GET', `/Users/${id}`),
  ]) {
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

test('a member who is renamed moves no version of the group, which shows the new name to who reads it anew', async () => {
  const { id } = await create();
  const { body: group, headers } = await tenant.scim('POST', '/Groups', groupBody('Renamed', [id]));
  await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'replace', path: 'displayName', value: 'New Name' }));
  expect((await tenant.scim('GET', `/Groups/${group.id}`, undefined, { 'if-none-match': headers['etag']! })).status).toBe(304);
  expect((await tenant.scim('GET', `/Groups/${group.id}`)).body).toMatchObject({
    meta: { version: headers['etag'] },
    members: [{ value: id, display: 'New Name' }],
  });
});

describe('If-None-Match on a write', () => {
  const writes = (userName: string) =>
    [
      ['PUT', userBody(userName, { title: 'T' })],
      ['PATCH', title('T')],
      ['DELETE', undefined],
    ] as const;

  test.each(['*', 'W/"1"', '"1"', 'W/"7", W/"1"'])('%j is 412 for PUT, PATCH and DELETE of the first version', async (tag) => {
    const { id, userName } = await create();
    for (const [method, body] of writes(userName)) {
      const answer = await tenant.scim(method, `/Users/${id}`, body, { 'if-none-match': tag });
      expectScimError(answer, 412);
      expect(answer.body.detail).toContain('If-None-Match');
    }
    expectScimError(await tenant.scim('PATCH', `/Users/${id}`, title('T'), { 'if-none-match': tag, 'if-match': 'W/"1"' }), 412);
    expect((await tenant.scim('GET', `/Users/${id}`)).body).toMatchObject({ meta: { version: 'W/"1"' } });
  });

  test.each(['W/"2"', 'W/"x"', '1', 'W/"7", W/"8"'])('%j lets the first version be written', async (tag) => {
    const { id, userName } = await create();
    expect((await tenant.scim('PUT', `/Users/${id}`, userBody(userName), { 'if-none-match': tag })).status).toBe(200);
    expect((await tenant.scim('PATCH', `/Users/${id}`, title('T'), { 'if-none-match': tag, 'if-match': 'W/"1"' })).status).toBe(200);
    const { body: group } = await tenant.scim('POST', '/Groups', groupBody(`Versions ${tag}`));
    expect((await tenant.scim('DELETE', `/Groups/${group.id}`, undefined, { 'if-none-match': tag })).status).toBe(204);
  });

  test('comes after If-Match, and nobody is still nobody', async () => {
    const { id, userName } = await create();
    for (const [method, body] of writes(userName)) {
      expectScimError(await tenant.scim(method, `/Users/${id}`, body, { 'if-none-match': 'W/"7"', 'if-match': 'W/"2"' }), 412);
      expectScimError(await tenant.scim(method, '/Users/nobody', body, { 'if-none-match': '*' }), 404);
    }
  });
});

test('If-Match on a read: another version is 412, and it comes before If-None-Match', async () => {
  const { id } = await create();
  const read = (headers: Record<string, string>) => tenant.scim('GET', `/Users/${id}`, undefined, headers);
  for (const tag of ['W/"2"', 'W/"x"', '1']) {
    for (const more of [{}, { 'if-none-match': 'W/"1"' }] as Record<string, string>[]) {
      expectScimError(await read({ 'if-match': tag, ...more }), 412);
    }
  }
  for (const tag of ['W/"1"', '"1"', '*', 'W/"2", W/"1"']) {
    expect((await read({ 'if-match': tag })).status).toBe(200);
    expect((await read({ 'if-match': tag, 'if-none-match': 'W/"1"' })).status).toBe(304);
  }
  expectScimError(await tenant.scim('GET', '/Users/nobody', undefined, { 'if-match': 'W/"1"' }), 404);
});

test('of fifty who write at one version, one wins; through both doors', async () => {
  const { id } = await create();
  for (let version = 1; version <= 3; version += 1) {
    const mutation = 'mutation ($input: ChangeUserInput!) { changeUser(input: $input) { user { version } userErrors { code } } }';
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, async (_, writer) => {
        const value = `${version} ${writer}`;
        if (writer % 2 === 0) return (await tenant.scim('PATCH', `/Users/${id}`, title(value), { 'if-match': `W/"${version}"` })).status;
        const { data } = await tenant.graphql(mutation, {
          input: { id, ifVersion: version, changes: [{ op: 'REPLACE', path: 'title', value }] },
        });
        const {
          user,
          userErrors: [error],
        } = data!['changeUser'] as unknown as { user: object | null; userErrors: { code: string }[] };
        return user ? 200 : error!.code === 'VERSION_MISMATCH' ? 412 : error!.code;
      }),
    );
    expect(outcomes.toSorted()).toEqual([200, ...Array.from({ length: 49 }, () => 412)]);
    expect((await tenant.scim('GET', `/Users/${id}`)).body.meta.version).toBe(`W/"${version + 1}"`);
  }
});
