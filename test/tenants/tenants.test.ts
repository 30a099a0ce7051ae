/**
 * The life of a tenant as its operator sees it: onboarded, found, renamed, configured, suspended, resumed, deleted; and who may do that.
 */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { exchange } from '../support/http.js';
import {
  clientsOf,
  codesOf,
  type Deed,
  deeds,
  doDeed,
  issueWith,
  mutationOf,
  readWith,
  statusWith,
  tenantById,
  told,
  tokenFor,
  tryDeed,
  untilDeleted,
} from '../support/operator.js';
import { expectScimError, groupBody, userBody } from '../support/scim.js';
import { newTenant, PUBLIC_URL, type Tenant, type World, world } from '../support/world.js';

const NEVER_WAS = '01890a5d-ac96-774b-bcce-b302099a8057';
const OPERATORS = '00000000-0000-0000-0000-000000000000';

let admin: World['admin'];
let tenant: Tenant;
beforeAll(async () => {
  ({ admin } = await world());
  tenant = await newTenant();
});

describe('onboarding', () => {
  test('answers all that the admin of the tenant needs', async () => {
    const reference = `crm-${randomUUID()}`;
    const made = await doDeed(admin, 'createTenant', { name: '  Example Ltd ', reference });
    expect(made).toMatchObject({
      tenant: {
        name: 'Example Ltd',
        reference,
        state: 'ACTIVE',
        stateReason: null,
        userCount: 0,
        groupCount: 0,
        liveTokenCount: 0,
        remaining: null,
        scimUrl: `${PUBLIC_URL}/scim/api/V1/`,
        tokenUrl: `${PUBLIC_URL}/api/V1/token`,
      },
      clientSecret: expect.stringMatching(/^condecosecret_\w{49}$/),
    });
    expect(await statusWith(tenant, await tokenFor(tenant, made.clientId, made.clientSecret))).toBe(200);
  });

  test('a second time for the same reference is refused, also at the same moment, and says which tenant has it', async () => {
    const input = { name: 'Twice', reference: `crm-${randomUUID()}` };
    const made = await Promise.all(Array.from({ length: 8 }, () => tryDeed(admin, 'createTenant', input)));
    const [first] = made.filter(({ clientSecret }) => clientSecret !== null);
    expect(made.filter(({ userErrors: [error] }) => error?.code === 'UNIQUENESS' && error.field === 'reference')).toHaveLength(7);
    const again = await tryDeed(admin, 'createTenant', input);
    expect(again).toMatchObject({
      tenant: null,
      clientSecret: null,
      userErrors: [{ code: 'UNIQUENESS', message: expect.stringContaining(first!.tenant.id) }],
    });
  });

  test('under an idempotency key it happens once; the secret is told once and kept nowhere', async () => {
    const input = { name: 'Once', idempotencyKey: randomUUID() };
    const made = await Promise.all([tryDeed(admin, 'createTenant', input), tryDeed(admin, 'createTenant', input)]);
    expect(new Set(made.map((one) => one.tenant.id)).size).toBe(1);
    const secrets = made.flatMap(({ clientSecret }) => clientSecret ?? []);
    expect(secrets).toHaveLength(1);
    const again = await doDeed(admin, 'createTenant', input);
    expect(again).toMatchObject({ tenant: { id: made[0].tenant.id }, clientId: made[0].clientId, clientSecret: null });
    expect(await tryDeed(admin, 'createTenant', { ...input, name: 'Other' })).toMatchObject({
      userErrors: [{ code: 'IDEMPOTENCY_MISMATCH' }],
    });
    const kept = await (
      await world()
    ).query?.("select answer::text as text from idempotency_key where tenant_id = '00000000-0000-0000-0000-000000000000'");
    expect(kept?.filter(({ text }) => /secret/i.test(String(text)))).toEqual(kept && []);
  });

  test.each([
    ['name', { name: ' ' }],
    ['name', { name: 'x'.repeat(513) }],
    ['name', { name: 'a\u0000b' }],
    ['reference', { name: 'A', reference: '' }],
  ])('refuses a bad %s', async (field, input) => {
    expect(await tryDeed(admin, 'createTenant', input)).toMatchObject({ tenant: null, userErrors: [{ code: 'INVALID_VALUE', field }] });
  });
});

describe('the list', () => {
  const list = async (args: string) => {
    const { data, errors } = await admin(
      `{ tenants(${args}) { totalCount nodes { id name state userCount } edges { cursor } pageInfo { hasNextPage endCursor } } }`,
    );
    expect(errors).toBeUndefined();
    return data!['tenants'] as unknown as {
      totalCount: number;
      nodes: { id: string; name: string; userCount: number }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  };

  test('comes in pages, in the order of creation, found by a part of the name, state and reference', async () => {
    const word = randomUUID();
    const ids: string[] = [];
    for (const name of [`First ${word}`, `100% ${word}`, `Third ${word}`]) {
      ids.push((await doDeed(admin, 'createTenant', { name, reference: `${name}!` })).tenant.id);
    }
    const first = await list(`name: "${word.toUpperCase()}", first: 2`);
    expect(first).toMatchObject({ totalCount: 3, nodes: [{ id: ids[0], userCount: 0 }, { id: ids[1] }], pageInfo: { hasNextPage: true } });
    expect(await list(`name: "${word}", first: 2, after: "${first.pageInfo.endCursor}"`)).toMatchObject({
      nodes: [{ id: ids[2] }],
      pageInfo: { hasNextPage: false },
    });
    expect((await list(`name: "% ${word}"`)).nodes.map(({ id }) => id)).toEqual([ids[1]]);
    expect((await list(`reference: "First ${word}!"`)).nodes.map(({ id }) => id)).toEqual([ids[0]]);
    expect((await list(`name: "${word}", state: SUSPENDED`)).totalCount).toBe(0);
    await doDeed(admin, 'suspendTenant', { tenantId: ids[1], reason: 'Test' });
    expect((await list(`name: "${word}", state: SUSPENDED`)).nodes.map(({ id }) => id)).toEqual([ids[1]]);
    expect((await list('name: "Operators"')).nodes.filter(({ id }) => id === OPERATORS)).toEqual([]);
  });

  test('comes backwards, too, and so do clients', async () => {
    const [word, owner] = [randomUUID(), await newTenant()];
    for (const name of ['A', 'B', 'C']) {
      await doDeed(admin, 'createTenant', { name: `${name} ${word}` });
      await doDeed(admin, 'createClient', { tenantId: owner.id, name });
    }
    await doDeed(admin, 'createTenant', { name: `D ${word}` });
    for (const [field, which, names] of [
      ['tenants', `name: "${word}"`, 'ABCD'],
      ['clients', `tenantId: "${owner.id}"`, 'SABC'],
    ] as const) {
      const page = async (args: string) => {
        const { data, errors } = await admin(
          `{ ${field}(${which}, ${args}) { nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor } } }`,
        );
        if (errors) return errors[0]!.extensions as unknown;
        const { nodes, pageInfo } = data![field] as unknown as {
          nodes: { name: string }[];
          pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; startCursor: string };
        };
        return { names: nodes.map(({ name }) => name[0]).join(''), ...pageInfo };
      };
      const last = (await page('last: 2')) as { startCursor: string };
      expect(last).toMatchObject({ names: names.slice(2), hasNextPage: false, hasPreviousPage: true });
      expect(await page(`last: 5, before: "${last.startCursor}"`)).toMatchObject({
        names: names.slice(0, 2),
        hasNextPage: true,
        hasPreviousPage: false,
      });
      expect(await page(`last: 1, before: "${last.startCursor}"`)).toMatchObject({
        names: names[1],
        hasNextPage: true,
        hasPreviousPage: true,
      });
      expect(await page(`before: "${last.startCursor}", first: 1`)).toMatchObject({ code: 'INVALID_VALUE', field: 'last' });
      expect(await page('last: 1001')).toMatchObject({ code: 'INVALID_VALUE', field: 'last' });
      expect(await page('before: "odd"')).toMatchObject({ code: 'INVALID_CURSOR', field: 'before' });
    }
  });

  test('counts what each tenant has', async () => {
    const owner = await newTenant();
    for (const name of ['a@x.com', 'b@x.com']) await owner.scim('POST', '/Users', userBody(name));
    await owner.scim('POST', '/Groups', groupBody('G'));
    expect(await tenantById(admin, owner.id)).toMatchObject({ userCount: 2, groupCount: 1, liveTokenCount: 1 });
    const { data } = await owner.graphql('{ caller { tenant { userCount groupCount liveTokenCount state scimUrl } } }');
    expect(data).toMatchObject({ caller: { tenant: { userCount: 2, groupCount: 1, liveTokenCount: 2, state: 'ACTIVE' } } });
  });

  test('knows no tenant by an id that is none', async () => {
    for (const id of [NEVER_WAS, 'odd', OPERATORS]) expect(await tenantById(admin, id)).toBeNull();
  });
});

test('a tenant is renamed, and its reference is free again once it is taken away', async () => {
  const reference = randomUUID();
  const {
    tenant: { id },
  } = await doDeed(admin, 'createTenant', { name: 'Old', reference });
  expect(await doDeed(admin, 'updateTenant', { tenantId: id, name: 'New' })).toMatchObject({ tenant: { name: 'New', reference } });
  expect(await tryDeed(admin, 'updateTenant', { tenantId: tenant.id, reference })).toMatchObject({
    userErrors: [{ code: 'UNIQUENESS', field: 'reference' }],
  });
  for (const name of [null, '', ' ']) {
    expect(await tryDeed(admin, 'updateTenant', { tenantId: id, name })).toMatchObject({
      tenant: null,
      userErrors: [{ code: 'INVALID_VALUE', field: 'name' }],
    });
  }
  expect(await doDeed(admin, 'updateTenant', { tenantId: id, reference: null })).toMatchObject({
    tenant: { name: 'New', reference: null },
  });
  await doDeed(admin, 'updateTenant', { tenantId: tenant.id, reference });
});

test('policies are decided by operators for any tenant, and by a tenant for none but itself', async () => {
  const policies =
    'mutation ($input: TenantPoliciesInput!) { updateTenantPolicies(input: $input) { policies { groupNames } userErrors { code field message } } }';
  const decide = async (ask: World['admin'], input: object) => (await ask(policies, { input })).data!['updateTenantPolicies'];
  expect(await decide(admin, { tenantId: tenant.id, groupNames: 'SHARED' })).toMatchObject({
    policies: { groupNames: 'SHARED' },
    userErrors: [],
  });
  expect(await decide(tenant.graphql, { tenantId: tenant.id })).toMatchObject({ policies: { groupNames: 'SHARED' } });
  expect(await decide(admin, { groupNames: 'SHARED' })).toMatchObject({
    policies: null,
    userErrors: [{ code: 'INVALID_VALUE', field: 'tenantId' }],
  });
  const other = await newTenant();
  const foreign = JSON.stringify(await decide(tenant.graphql, { tenantId: other.id, groupNames: 'SHARED' }));
  expect(foreign).toContain('NOT_FOUND');
  expect(foreign).toBe(JSON.stringify(await decide(tenant.graphql, { tenantId: NEVER_WAS, groupNames: 'SHARED' })));
  expect(await decide(admin, { tenantId: other.id })).toMatchObject({ policies: { groupNames: 'UNIQUE' } });
});

describe('suspension', () => {
  test('refuses every token at both doors with a 403 that says why, issues none, and ends with the resumption', async () => {
    const held = await newTenant();
    const user = (await held.scim('POST', '/Users', userBody('stays@x.com'))).body.id;
    const unused = await tokenFor(held);
    await held.graphql('{ caller { audience } }');
    const { tenant: suspended, effectiveAt } = await doDeed(admin, 'suspendTenant', { tenantId: held.id, reason: 'Unpaid invoice 4711' });
    expect(suspended).toMatchObject({ state: 'SUSPENDED', stateReason: 'Unpaid invoice 4711', userCount: 1 });
    expect(Date.parse(effectiveAt)).toBeLessThanOrEqual(Date.now());
    for (const token of [held.token, unused, held.token]) {
      const answer = await readWith(held, token);
      expectScimError(answer, 403);
      expect(answer.text).toMatch(/suspended/);
      expect(answer.text).not.toContain('4711');
    }
    const long = await held.scim(
      'PUT',
      `/Groups/${NEVER_WAS}`,
      groupBody(
        'Long',
        Array.from({ length: 40_000 }, () => NEVER_WAS),
      ),
    );
    expectScimError(long, 403);
    expect(await held.graphql('{ caller { audience } }')).toMatchObject({
      status: 403,
      errors: [{ extensions: { code: 'TENANT_SUSPENDED' } }],
    });
    const refused = await issueWith(held, held.clientId, held.clientSecret);
    expect(refused.status, refused.text).toBe(403);
    expect(refused.body).toMatchObject({ error: 'access_denied', detail: expect.stringContaining('suspended') });
    expect((await issueWith(held, held.clientId, 'condecosecret_wrong')).status).toBe(401);

    await doDeed(admin, 'resumeTenant', { tenantId: held.id });
    for (const token of [held.token, unused]) expect(await statusWith(held, token)).toBe(200);
    expect((await held.scim('GET', `/Users/${user}`)).body.userName).toBe('stays@x.com');
    expect(await statusWith(held, await tokenFor(held))).toBe(200);
    expect(await tenantById(admin, held.id)).toMatchObject({ state: 'ACTIVE', stateReason: null });

    const feed =
      'query ($tenantId: ID) { changes(first: 100, subject: { type: TENANT }, tenantId: $tenantId) { nodes { kind before after } } }';
    await expect.poll(async () => JSON.stringify(await held.graphql(feed)), { timeout: 10_000 }).toContain('TENANT_RESUMED');
    expect(JSON.stringify(await held.graphql(feed))).not.toContain('4711');
    expect(JSON.stringify(await admin(feed, { tenantId: held.id }))).toContain('4711');
  });

  test('does not bring a revoked token back', async () => {
    const held = await newTenant();
    const token = await tokenFor(held);
    await held.graphql('mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { revokedId } }', { input: { token } });
    await doDeed(admin, 'suspendTenant', { tenantId: held.id, reason: 'Test' });
    await doDeed(admin, 'resumeTenant', { tenantId: held.id });
    expect(await statusWith(held, token)).toBe(401);
  });

  test('repeated is harmless; a reason must be given', async () => {
    const held = await newTenant();
    expect(await tryDeed(admin, 'suspendTenant', { tenantId: held.id, reason: ' ' })).toMatchObject({
      userErrors: [{ code: 'INVALID_VALUE', field: 'reason' }],
    });
    for (const reason of ['One', 'One', 'Two']) {
      expect((await doDeed(admin, 'suspendTenant', { tenantId: held.id, reason })).tenant).toMatchObject({
        state: 'SUSPENDED',
        stateReason: reason,
      });
    }
    for (let index = 0; index < 2; index += 1) {
      expect((await doDeed(admin, 'resumeTenant', { tenantId: held.id })).tenant.state).toBe('ACTIVE');
    }
  });

  test('wins against requests that are under way, and whatever was decided last holds', async () => {
    const held = await newTenant();
    let isSuspended = false;
    const after: number[] = [];
    const clients = Array.from({ length: 8 }, async () => {
      while (after.length < 40) {
        const wasSuspended = isSuspended;
        const status = await statusWith(held, held.token);
        if (wasSuspended) after.push(status);
        else expect([200, 403]).toContain(status);
      }
    });
    await doDeed(admin, 'suspendTenant', { tenantId: held.id, reason: 'Test' });
    isSuspended = true;
    await Promise.all(clients);
    expect(new Set(after)).toEqual(new Set([403]));
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(
        [0, 1, 2, 3].map((index) =>
          index % 2 === 0
            ? doDeed(admin, 'suspendTenant', { tenantId: held.id, reason: `${index}` })
            : doDeed(admin, 'resumeTenant', { tenantId: held.id }),
        ),
      );
      const { state } = (await tenantById(admin, held.id))!;
      for (let index = 0; index < 3; index += 1) expect(await statusWith(held, held.token)).toBe(state === 'ACTIVE' ? 200 : 403);
    }
  });
});

describe('deletion', () => {
  test('asks for the name, and leaves nothing but the records', { timeout: 60_000 }, async () => {
    const gone = await (await world()).newTenant('To be deleted');
    const neighbour = await newTenant();
    await neighbour.scim('POST', '/Users', userBody('neighbour@x.com'));
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      ids.push((await gone.scim('POST', '/Users', userBody(`u${index}@x.com`), { 'idempotency-key': randomUUID() })).body.id);
    }
    const inner = (await gone.scim('POST', '/Groups', groupBody('Inner', ids))).body.id;
    await gone.scim('POST', '/Groups', groupBody('Outer', [inner]));
    expect(await tryDeed(admin, 'deleteTenant', { tenantId: gone.id, confirmName: 'to be deleted' })).toMatchObject({
      tenant: null,
      userErrors: [{ code: 'INVALID_VALUE', field: 'confirmName' }],
    });
    expect(await statusWith(gone, gone.token)).toBe(200);
    const unknown = await readWith(gone, 'condeco_0000000000000000000000000000000000000000000000000');
    expect((await doDeed(admin, 'deleteTenant', { tenantId: gone.id, confirmName: 'To be deleted' })).tenant).toMatchObject({
      state: 'DELETING',
    });
    const refused = await readWith(gone, gone.token);
    expect([refused.status, refused.text]).toEqual([401, unknown.text]);
    expect((await issueWith(gone, gone.clientId, gone.clientSecret)).status).toBe(401);
    await untilDeleted({ admin }, gone.id);
    expect(await statusWith(gone, gone.token)).toBe(401);
    expect(await tryDeed(admin, 'deleteTenant', { tenantId: gone.id, confirmName: 'To be deleted' })).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND' }],
    });
    expect((await neighbour.scim('GET', '/Users')).body.totalResults).toBe(1);

    const { query } = await world();
    if (!query) return;
    const tables = await query(
      "select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'tenant_id' and table_name <> 'change'",
    );
    expect(tables.length).toBeGreaterThan(8);
    for (const { name } of tables) {
      expect(await query(`select * from ${String(name)} where tenant_id = '${gone.id}'`), String(name)).toEqual([]);
    }
    const records = await query(
      `select kind, before, door, token_id from change where tenant_id = '${gone.id}' and subject_type = 'TENANT' order by transaction_id, sequence`,
    );
    expect(records.map(({ kind }) => kind)).toEqual(['TENANT_CREATED', 'TENANT_DELETION_STARTED', 'TENANT_DELETED']);
    expect(records[2]).toMatchObject({
      before: { name: 'To be deleted', users: 5, groups: 2 },
      door: 'admin',
      token_id: records[1]!['token_id'],
    });
  });

  test('goes in batches, whatever happens meanwhile, and repeated is harmless', { timeout: 60_000 }, async () => {
    const gone = await (await world()).newTenant('In batches');
    for (let part = 0; part < 3; part += 1) {
      const Operations = Array.from({ length: 1000 }, (_, index) => ({
        method: 'POST',
        path: '/Users',
        bulkId: `${index}`,
        data: userBody(`u${part}-${index}@x.com`),
      }));
      expect(
        (await gone.scim('POST', '/Bulk', { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations })).status,
      ).toBe(200);
    }
    const input = { tenantId: gone.id, confirmName: 'In batches' };
    const [first] = await Promise.all([doDeed(admin, 'deleteTenant', input), doDeed(admin, 'deleteTenant', input)]);
    expect(first.tenant['remaining']).toBeGreaterThan(0);
    expect(await tryDeed(admin, 'suspendTenant', { tenantId: gone.id, reason: 'Late' })).toMatchObject({
      userErrors: [{ code: expect.stringMatching(/CONFLICT|NOT_FOUND/) }],
    });
    await untilDeleted({ admin }, gone.id);
  });
});

describe('who may', () => {
  const inputs: Readonly<Partial<Record<Deed, object>>> = {
    createTenant: { name: 'Mine' },
    updateTenant: { name: 'Mine' },
    suspendTenant: { reason: 'Mine' },
    resumeTenant: {},
    deleteTenant: { confirmName: 'Mine' },
  };

  test.each(deeds.filter((deed) => inputs[deed]))('%s: operators only, whichever tenant is meant', async (deed) => {
    const inputOf = (tenantId: string) => ({ ...(deed === 'createTenant' ? {} : { tenantId }), ...inputs[deed] });
    const answers = await Promise.all(
      [tenant.id, NEVER_WAS, OPERATORS].map((id) => tenant.graphql(mutationOf(deed), { input: inputOf(id) })),
    );
    for (const answer of answers) expect(codesOf(answer, deed)).toEqual(['FORBIDDEN']);
    expect(new Set(answers.map(told)).size).toBe(1);
    const { identityUrl } = await world();
    const nobody = await exchange(
      identityUrl,
      'POST',
      '/graphql',
      { 'content-type': 'application/json' },
      { query: mutationOf(deed), variables: { input: inputOf(tenant.id) } },
    );
    expect(nobody.text).toContain('UNAUTHENTICATED');
    if (deed === 'createTenant') return;
    for (const id of [NEVER_WAS, OPERATORS, 'odd']) {
      expect(codesOf(await admin(mutationOf(deed), { input: inputOf(id) }), deed)).toEqual(['NOT_FOUND']);
    }
  });

  test('tenants are listed to operators only', async () => {
    for (const query of [
      '{ tenants { totalCount } }',
      `{ tenant(id: "${tenant.id}") { name } }`,
      `{ tenant(id: "${NEVER_WAS}") { name } }`,
    ]) {
      expect((await tenant.graphql(query)).errors?.map(({ extensions }) => extensions?.code)).toEqual(['FORBIDDEN']);
    }
    expect((await clientsOf(tenant.graphql)).totalCount).toBe(1);
  });
});
