/** What only the service may set stays what it is, by whatever name and through whatever door a client sends it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const FOREIGN = '01900000-0000-7000-8000-000000000001';
/** Names of columns, of GraphQL fields and of read-only attributes. */
const hostile = {
  id: FOREIGN,
  tenant_id: FOREIGN,
  tenantId: FOREIGN,
  tenant: { id: FOREIGN },
  version: 99,
  created_at: '2001-01-01T00:00:00Z',
  createdAt: '2001-01-01T00:00:00Z',
  updated_at: '2001-01-01T00:00:00Z',
  user_name: 'hijacked',
  user_name_key: 'hijacked',
  display_name_key: 'hijacked',
  unique_name_key: 'hijacked',
  external_id: 'hijacked',
  profile: { title: 'hijacked' },
  folded: { title: 'hijacked' },
  search_text: 'hijacked',
  schemas: ['urn:hijacked'],
  meta: {
    resourceType: 'Hijacked',
    created: '2001-01-01T00:00:00Z',
    lastModified: '2001-01-01T00:00:00Z',
    version: 'W/"99"',
    location: 'https://hijacked',
  },
  groups: [{ value: FOREIGN }],
  attributes: { title: 'hijacked' },
  related: [],
  position: { id: FOREIGN },
  __proto__: { title: 'hijacked' },
  __raw: 'hijacked',
  constructor: { prototype: { title: 'hijacked' } },
};

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant();
});

describe.each([
  ['/Users', userBody('mass@x.com')],
  ['/Groups', groupBody('Mass')],
])('SCIM, %s', (endpoint, body) => {
  test('POST, PUT and PATCH leave it out', async () => {
    const created = await tenant.scim('POST', endpoint, { ...hostile, ...body, schemas: body.schemas });
    expect(created.status, created.text).toBe(201);
    const path = `${endpoint}/${created.body.id}`;
    const first = await tenant.scim('GET', path);
    expect(first.text).not.toMatch(/hijacked/i);
    expect(first.body.id).not.toBe(FOREIGN);
    expect(first.body.meta.created).not.toMatch(/^2001/);
    await tenant.scim('PUT', path, { ...hostile, ...body, schemas: body.schemas });
    await tenant.scim('PATCH', path, patchOp({ op: 'replace', value: { ...hostile, schemas: undefined } }));
    for (const [name, value] of Object.entries(hostile)) await tenant.scim('PATCH', path, patchOp({ op: 'replace', path: name, value }));
    expect((await tenant.scim('GET', path)).text).toBe(first.text);
  });
});

test('GraphQL refuses what is no field of an input, and changes of what is kept by Condeco', async () => {
  const {
    body: { id },
  } = await tenant.scim('POST', '/Users', userBody('graphql-mass@x.com'));
  const before = (await tenant.scim('GET', `/Users/${id}`)).text;
  for (const [name, value] of Object.entries(hostile).filter(([key]) => !['__proto__'].includes(key))) {
    const replaced = await tenant.graphql('mutation ($input: ReplaceUserInput!) { replaceUser(input: $input) { userErrors { code } } }', {
      input: { id, user: { userName: 'graphql-mass@x.com', [name]: value } },
    });
    expect(replaced.status, name).toBe(400);
    const changed = await tenant.graphql('mutation ($input: ChangeUserInput!) { changeUser(input: $input) { userErrors { code } } }', {
      input: { id, changes: [{ op: 'REPLACE', path: name, value }] },
    });
    expect((changed.data!['changeUser'] as unknown as { userErrors: { code: string }[] }).userErrors, name).toMatchObject([
      { code: expect.stringMatching(/^(INVALID_PATH|MUTABILITY)$/) },
    ]);
  }
  expect((await tenant.scim('GET', `/Users/${id}`)).text).toBe(before);
});
