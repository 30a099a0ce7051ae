/** Writes that touch the same users and groups in different orders wait for each other in a row, never in a circle: nobody is answered 503. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectScimError, groupBody, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

/** How often PostgreSQL had to break a circle; it tells so a second later. */
async function deadlocks(): Promise<unknown> {
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const { query } = await world();
  return query?.('select deadlocks from pg_stat_database where datname = current_database()');
}

let before: unknown;
beforeAll(async () => {
  before = await deadlocks();
});
afterAll(async () => {
  expect(await deadlocks(), 'deadlocks').toEqual(before);
});

const BULK = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const add = (id: string) => ({ schemas: [PATCH], Operations: [{ op: 'add', path: 'members', value: [{ value: id }] }] });
const users = (tenant: Tenant, count: number) =>
  Promise.all(
    Array.from({ length: count }, async (_, at) => (await tenant.scim('POST', '/Users', userBody(`member-${at}@x.com`))).body.id),
  );
const group = async (tenant: Tenant, name: string, members: readonly string[] = []) =>
  (await tenant.scim('POST', '/Groups', groupBody(name, members))).body.id;
const membersOf = async (tenant: Tenant, id: string) =>
  ((await tenant.scim('GET', `/Groups/${id}`)).body.members ?? []).map(({ value }) => value).toSorted();

test('users who are members of an older group are deleted while they are added to another', { timeout: 60_000 }, async () => {
  const tenant = await newTenant();
  const leavers = await users(tenant, 110);
  const everybody = await group(tenant, 'Everybody', leavers);
  const newer = await group(tenant, 'Newer');
  const answers = leavers.map((leaver) => ({
    adding: tenant.scim('PATCH', `/Groups/${newer}`, add(leaver)),
    deleting: tenant.scim('DELETE', `/Users/${leaver}`),
  }));
  for (const { adding, deleting } of answers) {
    const [added, deleted] = await Promise.all([adding, deleting]);
    if (added.status !== 204) expectScimError(added, 400, 'invalidValue');
    expect(deleted.status, deleted.text).toBe(204);
  }
  for (const id of [everybody, newer]) expect(await membersOf(tenant, id)).toEqual([]);
});

test('Bulks change the same users and groups, each in another order', { timeout: 60_000 }, async () => {
  const tenant = await newTenant();
  const joining = await users(tenant, 40);
  const groups = await Promise.all(Array.from({ length: 6 }, (_, at) => group(tenant, `Group ${at}`)));
  const answers = await Promise.all(
    joining.map((user, index) => {
      const turned = [...groups.slice(index % 6), ...groups.slice(0, index % 6)];
      const inOrder = index % 2 === 0 ? turned : turned.toReversed();
      const Operations = inOrder.flatMap((id, at) => [
        { method: 'PATCH', path: `/Groups/${id}`, data: add(user) },
        {
          method: 'PATCH',
          path: `/Users/${joining[(index * 7 + at * 11) % 40]}`,
          data: { schemas: [PATCH], Operations: [{ op: 'replace', path: 'title', value: `${index}-${at}` }] },
        },
      ]);
      return tenant.scim('POST', '/Bulk', { schemas: [BULK], Operations });
    }),
  );
  for (const { status, text } of answers) {
    expect(status, text).toBe(200);
    const { Operations } = JSON.parse(text) as { Operations: { status: string }[] };
    expect(new Set(Operations.map((operation) => operation.status))).toEqual(new Set(['200']));
  }
  for (const id of groups) expect(await membersOf(tenant, id)).toEqual(joining.toSorted());
});

test('whole groups are sent anew while their members are deleted', { timeout: 60_000 }, async () => {
  const tenant = await newTenant();
  const people = await users(tenant, 60);
  const names = Array.from({ length: 5 }, (_, at) => `Whole ${at}`);
  const groups = await Promise.all(names.map((name) => group(tenant, name, people)));
  const answers = people.flatMap((leaver, index) => {
    const at = index % groups.length;
    const others = [...people.slice(index), ...people.slice(0, index)].filter((id) => id !== leaver);
    return [
      {
        ok: 200,
        answer: tenant.scim('PUT', `/Groups/${groups[at]}`, groupBody(names[at]!, index % 2 === 0 ? others : others.toReversed())),
      },
      { ok: 204, answer: tenant.scim('PATCH', `/Groups/${groups[(at + 1) % groups.length]}`, add(leaver)) },
      ...(index % 2 === 0 ? [{ ok: 204, answer: tenant.scim('DELETE', `/Users/${leaver}`) }] : []),
    ];
  });
  for (const { ok, answer } of answers) {
    const answered = await answer;
    if (answered.status !== ok) expectScimError(answered, 400, 'invalidValue'); // somebody in it has just gone
  }
  const left = new Set(people.filter((_, index) => index % 2 === 1));
  for (const id of groups) expect((await membersOf(tenant, id)).filter((member) => !left.has(member))).toEqual([]);
});
