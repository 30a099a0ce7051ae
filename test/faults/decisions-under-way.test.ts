/**
 * Writes that are under way while their tenant decides something else: they were read by what was decided before, and are done by what
 * holds when they are done. A Bulk request begins with a row that the test holds, so that all else of it comes after the decision.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { attribute, declared, removeDeclared } from '../support/extensions.js';
import { hasServer, holding, run, waiting } from '../support/held-rows.js';
import type { Answer, ScimBody } from '../support/http.js';
import { expectList, expectScimError, filtered, groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

const ACME = 'urn:acme:params:scim:schemas:extension:acme:2.0:User';
const OTHER = 'urn:acme:params:scim:schemas:extension:other:2.0:User';

beforeAll(() => world()); // to start takes longer than any test

async function create(tenant: Tenant, userName: string, over: object = {}): Promise<ScimBody> {
  const answer = await tenant.scim('POST', '/Users', userBody(userName, over));
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}
const get = async (tenant: Tenant, id: string): Promise<ScimBody> => (await tenant.scim('GET', `/Users/${id}`)).body;
const decide = async (tenant: Tenant, policies: string): Promise<unknown> =>
  (await tenant.graphql(`mutation { updateTenantPolicies(input: { ${policies} }) { userErrors { code message } } }`)).data![
    'updateTenantPolicies'
  ];

const touch = ({ id }: ScimBody) => ({
  method: 'PATCH',
  path: `/Users/${id}`,
  data: patchOp({ op: 'replace', path: 'title', value: 'Touched' }),
});
const bulk = (tenant: Tenant, ...Operations: object[]): Promise<Answer> => tenant.scim('POST', '/Bulk', { Operations });
const statuses = ({ body }: Answer) => (body['Operations'] as { status: string }[]).map(({ status }) => status);

/**
 * A Bulk request that waits until the decision is made. It locks users in the order of their ids: of those who are made by `operations`, later
 * than the one it waits for, it has none yet.
 */
async function bulkAround(
  tenant: Tenant,
  operations: readonly object[] | (() => Promise<readonly object[]>),
  decision: () => Promise<void>,
): Promise<Answer> {
  const held = await create(tenant, 'held@x.com');
  const others = typeof operations === 'function' ? await operations() : operations;
  const [answer] = await holding(held.id, async () => {
    // A PUT, because PATCHes that follow it would be done together with a PATCH, and hold their rows while it waits.
    const begun = bulk(tenant, { method: 'PUT', path: `/Users/${held.id}`, data: userBody('held@x.com', { title: 'Touched' }) }, ...others);
    await waiting(1);
    await decision();
    return [begun];
  });
  return answer!;
}

/** What a write is answered that waits for a row, and a decision that is made meanwhile: at once, or when the write is done. */
const bothAround = (held: string, write: () => Promise<unknown>, decide: () => Promise<unknown>): Promise<unknown[]> =>
  holding(held, async () => {
    const writing = write();
    await waiting(1);
    const deciding = decide();
    await Promise.race([deciding, waiting(2)]);
    return [writing, deciding];
  });

describe("attributes of the tenant's own", () => {
  const badge = (more: object = {}) => ({ id: ACME, attributes: [attribute('badge', more)] });
  const give = (id: string, value: unknown) => ({
    method: 'PATCH',
    path: `/Users/${id}`,
    data: patchOp({ op: 'add', path: `${ACME}:badge`, value }),
  });

  async function expectNumbers(tenant: Tenant, id: string): Promise<void> {
    expect(await get(tenant, id)).not.toHaveProperty([ACME]);
    expect(expectList(await tenant.scim('GET', filtered('/Users', `${ACME}:badge gt 5`)))).toEqual([]);
    expect((await tenant.scim('GET', `/Users?sortBy=${ACME}:badge`)).status).toBe(200);
  }

  test('a value that is being written when they are removed is among the values lost', async (context) => {
    if (!(await hasServer())) return context.skip('needs a database server');
    const tenant = await newTenant();
    await declared(tenant, badge());
    const { id } = await create(tenant, 'ann@x.com');
    const [patched, removed] = await bothAround(
      id,
      () => tenant.scim('PATCH', `/Users/${id}`, give(id, 'not a number').data),
      () => removeDeclared(tenant, ACME, true),
    );
    expect(patched).toMatchObject({ status: 200, body: { [ACME]: { badge: 'not a number' } } });
    expect(removed).toMatchObject({ losses: [{ attribute: 'badge', resources: 1 }], userErrors: [] });
    await declared(tenant, badge({ type: 'integer' }));
    await expectNumbers(tenant, id);
  });

  test('a value that was read by an earlier declaration is read again, and refused where it does not fit', async (context) => {
    if (!(await hasServer())) return context.skip('needs a database server');
    const tenant = await newTenant();
    await declared(tenant, badge());
    const { id } = await create(tenant, 'ann@x.com');
    const added = { method: 'POST', path: '/Users', bulkId: 'b', data: userBody('ben@x.com', { [ACME]: { badge: 'not a number' } }) };
    const renamed = {
      method: 'PATCH',
      path: `/Users/${id}`,
      data: patchOp({ op: 'replace', value: { userName: 'anna@x.com', [ACME]: { badge: 'not a number' } } }),
    };
    const answer = await bulkAround(tenant, [give(id, 'not a number'), added, renamed, give(id, 7)], async () => {
      expect(await removeDeclared(tenant, ACME, false)).toMatchObject({ losses: [], userErrors: [] });
      await declared(tenant, badge({ type: 'integer' }));
    });
    expect(statuses(answer)).toEqual(['200', '400', '400', '400', '200']);
    expect(await get(tenant, id)).toMatchObject({ userName: 'ann@x.com', [ACME]: { badge: 7 } });
  });

  test.for<[string, object[]]>([
    ['that nobody had declared any of', []],
    ['that has declared others', [badge()]],
  ])('a write loses nothing of what has been declared since in a tenant %s', async ([, before], context) => {
    if (!(await hasServer())) return context.skip('needs a database server');
    const tenant = await newTenant();
    for (const schema of before) await declared(tenant, schema);
    let id = '';
    const touchAnn = async () => {
      const ann = await create(tenant, 'ann@x.com');
      ({ id } = ann);
      return [touch(ann)];
    };
    const answer = await bulkAround(tenant, touchAnn, async () => {
      await declared(tenant, { id: OTHER, attributes: [attribute('note')] });
      expect((await tenant.scim('PATCH', `/Users/${id}`, patchOp({ op: 'add', path: `${OTHER}:note`, value: 'kept' }))).status).toBe(200);
    });
    expect(statuses(answer)).toEqual(['200', '200']);
    expect(await get(tenant, id)).toMatchObject({ title: 'Touched', [OTHER]: { note: 'kept' } });
  });

  test('a leaver leaves while a declaration waits for another write', async (context) => {
    if (!(await hasServer())) return context.skip('needs a database server');
    const tenant = await newTenant();
    await declared(tenant, badge());
    const [ann, ben] = [await create(tenant, 'ann@x.com'), await create(tenant, 'ben@x.com', { [ACME]: { badge: 'B' } })];
    const answers = await holding<unknown>(ann.id, async () => {
      const patching = tenant.scim('PATCH', `/Users/${ann.id}`, give(ann.id, 'A').data);
      await waiting(1);
      const removing = removeDeclared(tenant, ACME, false);
      await waiting(2);
      const left = await tenant.scim('PATCH', `/Users/${ben.id}`, patchOp({ op: 'replace', path: 'active', value: false }));
      expect(left).toMatchObject({ status: 200, body: { active: false, [ACME]: { badge: 'B' } } });
      return [patching, removing];
    });
    expect(answers).toMatchObject([
      { status: 200 },
      { userErrors: [{ code: 'LOSES_VALUES', message: expect.stringContaining('"badge" of 2') }] },
    ]);
  });

  test('a facade that knows more than the verdict of its token is believed', async (context) => {
    if (!(await hasServer())) return context.skip('needs a database server');
    const tenant = await newTenant();
    await declared(tenant, badge());
    const { id } = await create(tenant, 'ann@x.com', { [ACME]: { badge: 'A' } });
    // As it is while Redis cannot be reached: nobody forgets the verdict.
    await run(
      `update tenant set schema_version = schema_version + 1, extensions = jsonb_set(extensions, '{0,schema,attributes,0,type}', '"integer"') where id = '${tenant.id}'`,
    );
    expectScimError(await tenant.scim('PATCH', `/Users/${id}`, give(id, 'not a number').data), 400, 'invalidValue');
    expect((await tenant.scim('PATCH', `/Users/${id}`, give(id, 7).data)).body[ACME]).toEqual({ badge: 7 });
  });

  test('what holds no value of them is written as it was read', async (context) => {
    if (!(await hasServer())) return context.skip('needs a database server');
    const tenant = await newTenant();
    const plain = await create(tenant, 'plain@x.com', { externalId: 'before' });
    const answer = await bulkAround(tenant, [touch(plain)], async () => void (await declared(tenant, badge())));
    expect(statuses(answer)).toEqual(['200', '200']);
    expect((await get(tenant, plain.id)).meta.version).toBe('W/"2"');
  });
});

describe('names of groups that are to be unique again', () => {
  const twin = { method: 'POST', path: '/Groups', bulkId: 't', data: groupBody('Twin') };
  const twins = async (tenant: Tenant) => expectList(await tenant.scim('GET', filtered('/Groups', 'displayName eq "twin"'))).length;

  test('a group that is being made is seen', async (context) => {
    if (!(await hasServer())) return context.skip('needs a database server');
    const tenant = await newTenant();
    await decide(tenant, 'groupNames: SHARED');
    const held = await create(tenant, 'held@x.com');
    const [made, decided] = await bothAround(
      held.id,
      () => bulk(tenant, twin, touch(held)),
      () => decide(tenant, 'groupNames: UNIQUE'),
    );
    expect(statuses(made as Answer)).toEqual(['201', '200']);
    expect(decided).toEqual({ userErrors: [] });
    expectScimError(await tenant.scim('POST', '/Groups', groupBody('TWIN')), 409, 'uniqueness');
    expect(await twins(tenant)).toBe(1);
  });

  test('groups that are made, renamed or replaced after it obey it, whenever their request was read', async (context) => {
    if (!(await hasServer())) return context.skip('needs a database server');
    const tenant = await newTenant();
    await decide(tenant, 'groupNames: SHARED');
    const [one, other] = await Promise.all(
      ['One', 'Other'].map(async (name) => (await tenant.scim('POST', '/Groups', groupBody(name))).body),
    );
    const rename = { method: 'PATCH', path: `/Groups/${one!.id}`, data: patchOp({ op: 'replace', path: 'displayName', value: 'Twin' }) };
    const replace = { method: 'PUT', path: `/Groups/${other!.id}`, data: groupBody('tWin') };
    const answer = await bulkAround(tenant, [twin, { ...twin, bulkId: 'u' }, rename, replace], async () => {
      expect(await decide(tenant, 'groupNames: UNIQUE')).toEqual({ userErrors: [] });
    });
    expect(statuses(answer)).toEqual(['200', '201', '409', '409', '409']);
    expect(await twins(tenant)).toBe(1);
  });

  test('and the other way round, where they may be shared', async (context) => {
    if (!(await hasServer())) return context.skip('needs a database server');
    const tenant = await newTenant();
    const answer = await bulkAround(tenant, [twin, { ...twin, bulkId: 'u' }], async () => {
      expect(await decide(tenant, 'groupNames: SHARED')).toEqual({ userErrors: [] });
    });
    expect(statuses(answer)).toEqual(['200', '201', '201']);
    expect(await decide(tenant, 'groupNames: UNIQUE')).toMatchObject({ userErrors: [{ code: 'UNIQUENESS' }] });
  });
});
