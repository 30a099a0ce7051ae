/** Users and groups that are created at the same moment, in one statement: each with its own answer, its own request and its own record. */
import { expect, test } from 'vitest';
import { groupBody, userBody } from './scim.js';
import { newTenant, type Tenant } from './world.js';

interface Record { readonly kind: string; readonly subjectId: string; readonly requestId: string; readonly version: number; readonly before: object | null; readonly after: { readonly userName?: string; readonly displayName?: string } }

async function records(tenant: Tenant, kind: string): Promise<Record[]> {
  const { data } = await tenant.graphql('query ($kind: String!) { changes(first: 1000, kinds: [$kind]) { nodes { kind subjectId requestId version before after } } }', { kind });
  return data!['changes']!['nodes'] as unknown as Record[];
}

test.each([
  ['/Users', 'USER_CREATED', (name: string) => userBody(`${name}@x.com`), 'userName'],
  ['/Groups', 'GROUP_CREATED', (name: string) => groupBody(name, []), 'displayName'],
] as const)('%s', async (path, kind, bodyOf, attribute) => {
  const tenant = await newTenant();
  const names = Array.from({ length: 30 }, (_, at) => `together-${at}`);
  // Each name twice, the second time in capitals: whichever comes first has it.
  const wanted = [...names, ...names.map((name) => name.toUpperCase())].toSorted(() => Math.random() - 0.5);
  const answers = await Promise.all(wanted.map((name) => tenant.scim('POST', path, bodyOf(name), { 'x-request-id': `request-${name}` })));

  const made = answers.flatMap(({ status, body }, at) => (status === 201 ? [{ name: wanted[at]!, id: String(body.id), body }] : []));
  expect(made.map(({ name }) => name.toLowerCase()).toSorted()).toEqual(names.toSorted());
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(30);
  for (const { body } of answers.filter(({ status }) => status === 409)) expect(body).toMatchObject({ scimType: 'uniqueness' });

  await expect.poll(async () => (await records(tenant, kind)).length, { timeout: 20_000 }).toBe(30);
  const recorded = new Map((await records(tenant, kind)).map((one) => [one.subjectId, one]));
  for (const { name, id, body } of made) {
    expect(recorded.get(id)).toMatchObject({ kind, requestId: `request-${name}`, version: 1, before: null, after: { [attribute]: body[attribute] } });
    expect((await tenant.scim('GET', `${path}/${id}`)).body[attribute]).toBe(body[attribute]);
  }
});
