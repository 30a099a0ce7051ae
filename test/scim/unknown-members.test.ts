/**
 * One unknown member among a hundred: nobody joins and it alone is named, or all others join where the tenant says so. And no change
 * without members empties a group.
 */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectScimError, groupBody, memberIds, patchOp } from '../support/scim.js';
import { newTenant, type Tenant } from '../support/world.js';

const UPDATE = 'mutation ($input: TenantPoliciesInput!) { updateTenantPolicies(input: $input) { userErrors { code } } }';
const stranger = randomUUID();

let tenant: Tenant;
let known: string[];
let groups = 0;

beforeAll(async () => {
  tenant = await newTenant();
  const Operations = Array.from({ length: 99 }, (_, at) => ({
    method: 'POST',
    path: '/Users',
    bulkId: `b${at}`,
    data: { userName: `member-${at}@x.com` },
  }));
  await tenant.scim('POST', '/Bulk', { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations });
  known = (await tenant.scim('GET', '/Users?count=1000&attributes=id')).body.Resources.map(({ id }) => id);
  expect(known).toHaveLength(99);
});

const newGroup = async (members: readonly string[] = []) =>
  (await tenant.scim('POST', '/Groups', groupBody(`Group ${(groups += 1)}`, members))).body;
const membersOf = async (id: string) => memberIds((await tenant.scim('GET', `/Groups/${id}`)).body);
/** The hundred, the stranger in their midst. */
const hundred = () => [...known.slice(0, 50), stranger, ...known.slice(50)];
const values = () => hundred().map((value) => ({ value }));

/** Every way to say it. */
const ways = [
  ['PATCH add', (id: string) => tenant.scim('PATCH', `/Groups/${id}`, patchOp({ op: 'add', path: 'members', value: values() }))],
  ['PATCH replace', (id: string) => tenant.scim('PATCH', `/Groups/${id}`, patchOp({ op: 'replace', path: 'members', value: values() }))],
  ['PUT', (id: string, name: string) => tenant.scim('PUT', `/Groups/${id}`, groupBody(name, hundred()))],
] as const;

describe('one unknown among a hundred', () => {
  test.each(ways)('%s: nobody joins, nobody leaves, and the unknown one alone is named', async (_, send) => {
    const { id, displayName } = await newGroup([known[0]!]);
    const answer = await send(id, displayName!);
    expectScimError(answer, 400, 'invalidValue');
    expect(answer.body.detail.match(/[\da-f-]{36}/g)).toEqual([stranger]);
    expect(await membersOf(id)).toEqual([known[0]]);
  });

  test('is passed over where the tenant says so: the ninety-nine join', async () => {
    await tenant.graphql(UPDATE, { input: { unknownMembers: 'IGNORE' } });
    try {
      for (const [way, send] of ways) {
        const { id, displayName } = await newGroup();
        expect((await send(id, displayName!)).status, way).toBeLessThan(300);
        expect(await membersOf(id), way).toEqual(known.toSorted());
      }
    } finally {
      await tenant.graphql(UPDATE, { input: { unknownMembers: 'REFUSE' } });
    }
  });
});

test('a change that brings no members, in whatever shape, empties no group', async () => {
  const { id, displayName } = await newGroup(known);
  const operations = [
    { op: 'add', path: 'members' },
    { op: 'add', path: 'members', value: [] },
    { op: 'add', path: 'members', value: null },
    { op: 'add', value: {} },
    { op: 'add', value: null },
    { op: 'replace', value: { displayName } },
    { op: 'replace', value: null },
    { op: 'replace', value: [] },
    { op: 'replace', path: 'members' },
    { op: 'replace', path: 'members', value: [{}] },
    { op: 'replace', path: 'members', value: [null] },
    { op: 'replace', path: 'members', value: 'none' },
    { op: 'replace', path: 'members', value: 7 },
    { op: 'replace', path: 'members', value: [{ display: 'Ann' }] },
    { op: 'remove', path: 'members', value: [] },
    { op: 'remove', path: 'members', value: null },
    { op: 'remove', path: 'members[value eq "none"]' },
    { op: 'remove' },
    { op: 'clear', path: 'members' },
    {},
  ];
  for (const operation of operations) {
    const { status } = await tenant.scim('PATCH', `/Groups/${id}`, { Operations: [operation] });
    expect(status, JSON.stringify(operation)).toBeLessThan(500);
    expect(await membersOf(id), JSON.stringify(operation)).toEqual(known.toSorted());
  }
  for (const body of [{}, { Operations: [] }, { Operations: null }, { Operations: {} }, [], null, { schemas: [] }]) {
    expect((await tenant.scim('PATCH', `/Groups/${id}`, body === null ? 'null' : body)).status, JSON.stringify(body)).toBeLessThan(500);
    expect(await membersOf(id), JSON.stringify(body)).toEqual(known.toSorted());
  }
  for (const body of [{}, { displayName }, { members: null }, [], { displayName, members: 'none' }, { displayName, members: [null] }]) {
    const answer = await tenant.scim('PUT', `/Groups/${id}`, body);
    const there = await membersOf(id);
    expect([answer.status, there.length], JSON.stringify(body)).toSatisfy(([status, count]: number[]) =>
      status! >= 400 ? status! < 500 && count === 99 : true,
    );
  }
});
