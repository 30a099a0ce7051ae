/**
 * Writes that are under way while their tenant decides something else: they were read by what was decided before, and are done by what holds when they
 * are done. A Bulk request begins with a row that the test holds, so that all else of it comes after the decision.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { hasServer, holding, waiting } from './held.js';
import type { Answer, ScimBody } from './http.js';
import { expectList, expectScimError, filtered, groupBody, patchOp, userBody } from './scim.js';
import { newTenant, type Tenant, world } from './world.js';

beforeAll(() => world()); // to start takes longer than any test

async function create(tenant: Tenant, userName: string, over: object = {}): Promise<ScimBody> {
  const answer = await tenant.scim('POST', '/Users', userBody(userName, over));
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}
const decide = async (tenant: Tenant, policies: string): Promise<unknown> =>
  (await tenant.graphql(`mutation { updateTenantPolicies(input: { ${policies} }) { userErrors { code message } } }`)).data!['updateTenantPolicies'];

const touch = ({ id }: ScimBody) => ({ method: 'PATCH', path: `/Users/${id}`, data: patchOp({ op: 'replace', path: 'title', value: 'Touched' }) });
const bulk = (tenant: Tenant, ...Operations: object[]): Promise<Answer> => tenant.scim('POST', '/Bulk', { Operations });
const statuses = ({ body }: Answer) => (body['Operations'] as { status: string }[]).map(({ status }) => status);

/** A Bulk request whose first operation waits until the decision is made. */
async function bulkAround(tenant: Tenant, operations: readonly object[], decision: () => Promise<void>): Promise<Answer> {
  const held = await create(tenant, 'held@x.com');
  const [answer] = await holding(held.id, async () => {
    const begun = bulk(tenant, touch(held), ...operations);
    await waiting(1);
    await decision();
    return [begun];
  });
  return answer!;
}

/** What a write is answered that waits for a row, and a decision that is made meanwhile: at once, or when the write is done. */
const bothAround = (held: string, write: () => Promise<unknown>, decide: () => Promise<unknown>): Promise<unknown[]> => holding(held, async () => {
  const writing = write();
  await waiting(1);
  const deciding = decide();
  await Promise.race([deciding, waiting(2)]);
  return [writing, deciding];
});

describe('names of groups that are to be unique again', () => {
  const twin = { method: 'POST', path: '/Groups', bulkId: 't', data: groupBody('Twin') };
  const twins = async (tenant: Tenant) => expectList(await tenant.scim('GET', filtered('/Groups', 'displayName eq "twin"'))).length;

  test('a group that is being made is seen', async (context) => {
    if (!await hasServer()) return context.skip('needs a database server');
    const tenant = await newTenant();
    await decide(tenant, 'groupNames: SHARED');
    const held = await create(tenant, 'held@x.com');
    const [made, decided] = await bothAround(held.id, () => bulk(tenant, twin, touch(held)), () => decide(tenant, 'groupNames: UNIQUE'));
    expect(statuses(made as Answer)).toEqual(['201', '200']);
    expect(decided).toEqual({ userErrors: [] });
    expectScimError(await tenant.scim('POST', '/Groups', groupBody('TWIN')), 409, 'uniqueness');
    expect(await twins(tenant)).toBe(1);
  });

  test('groups that are made, renamed or replaced after it obey it, whenever their request was read', async (context) => {
    if (!await hasServer()) return context.skip('needs a database server');
    const tenant = await newTenant();
    await decide(tenant, 'groupNames: SHARED');
    const [one, other] = await Promise.all(['One', 'Other'].map(async (name) => (await tenant.scim('POST', '/Groups', groupBody(name))).body));
    const rename = { method: 'PATCH', path: `/Groups/${one!.id}`, data: patchOp({ op: 'replace', path: 'displayName', value: 'Twin' }) };
    const replace = { method: 'PUT', path: `/Groups/${other!.id}`, data: groupBody('tWin') };
    const answer = await bulkAround(tenant, [twin, { ...twin, bulkId: 'u' }, rename, replace], async () => {
      expect(await decide(tenant, 'groupNames: UNIQUE')).toEqual({ userErrors: [] });
    });
    expect(statuses(answer)).toEqual(['200', '201', '409', '409', '409']);
    expect(await twins(tenant)).toBe(1);
  });

  test('and the other way round, where they may be shared', async (context) => {
    if (!await hasServer()) return context.skip('needs a database server');
    const tenant = await newTenant();
    const answer = await bulkAround(tenant, [twin, { ...twin, bulkId: 'u' }], async () => {
      expect(await decide(tenant, 'groupNames: SHARED')).toEqual({ userErrors: [] });
    });
    expect(statuses(answer)).toEqual(['200', '201', '201']);
    expect(await decide(tenant, 'groupNames: UNIQUE')).toMatchObject({ userErrors: [{ code: 'UNIQUENESS' }] });
  });
});
