/** Clients and their secrets: made, listed, rotated with overlap, revoked with their tokens; by their tenant, and by operators for any. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exchange } from '../support/http.js';
import { clientsOf, codesOf, type Deed, doDeed, issueWith, mutationOf, statusWith, told, tokenFor, tryDeed } from '../support/operator.js';
import { newTenant, type Tenant, type World, world } from '../support/world.js';

const NEVER_WAS = '01890a5d-ac96-774b-bcce-b302099a8057';

let admin: World['admin'];
let tenant: Tenant;
beforeAll(async () => {
  ({ admin } = await world());
});
beforeEach(async () => {
  tenant = await newTenant();
});

const ask: World['admin'] = (...request) => tenant.graphql(...request);
const create = (name = 'Nightly import') => doDeed(ask, 'createClient', { name });
const issueStatus = async (clientId: string, secret: string | null) => (await issueWith(tenant, clientId, secret)).status;

test('a client is made, listed, described and used', async () => {
  const made = await doDeed(ask, 'createClient', { name: ' Nightly import ', description: 'Runs at two' });
  expect(made).toMatchObject({
    client: {
      name: 'Nightly import',
      description: 'Runs at two',
      revokedAt: null,
      liveTokenCount: 0,
      secrets: [{ expiresAt: null, lastUsedAt: null }],
    },
    clientSecret: expect.stringMatching(/^condecosecret_\w{49}$/),
  });
  const token = await tokenFor(tenant, made.client.clientId, made.clientSecret);
  expect(await statusWith(tenant, token)).toBe(200);
  const { id } = made.client;
  expect((await doDeed(ask, 'updateClient', { id, name: 'Import' })).client).toMatchObject({ name: 'Import', description: 'Runs at two' });
  expect((await doDeed(ask, 'updateClient', { id, description: null })).client).toMatchObject({ name: 'Import', description: null });
  const first = await clientsOf(ask, '(first: 1)');
  expect(first).toMatchObject({ totalCount: 2, nodes: [{ name: 'SCIM', clientId: tenant.clientId }], pageInfo: { hasNextPage: true } });
  const {
    nodes: [shown],
  } = await clientsOf(ask, `(first: 1, after: "${first.pageInfo.endCursor}")`);
  expect(shown).toMatchObject({ id, name: 'Import', liveTokenCount: 1, secrets: [{ lastUsedAt: expect.stringMatching(/^\d{4}-.*Z$/) }] });
  expect(JSON.stringify(await clientsOf(ask))).not.toContain('condecosecret');
});

test.each([
  ['name', { name: '' }],
  ['name', { name: 'x'.repeat(513) }],
  ['description', { name: 'A', description: 'x'.repeat(2001) }],
])('a bad %s is refused', async (field, input) => {
  expect(await tryDeed(ask, 'createClient', input)).toMatchObject({
    client: null,
    clientSecret: null,
    userErrors: [{ code: 'INVALID_VALUE', field }],
  });
});

test('under an idempotency key it happens once, and the secret is told once', async () => {
  const input = { name: 'Once', idempotencyKey: randomUUID() };
  const [first, again] = [await doDeed(ask, 'createClient', input), await doDeed(ask, 'createClient', input)];
  expect(again).toMatchObject({ client: { id: first.client.id }, clientSecret: null });
  const rotate = { id: first.client.id, overlapSeconds: 0, idempotencyKey: randomUUID() };
  const [rotated, repeated] = [await doDeed(ask, 'rotateClientSecret', rotate), await doDeed(ask, 'rotateClientSecret', rotate)];
  expect(repeated.clientSecret).toBeNull();
  expect(await issueStatus(first.client.clientId, rotated.clientSecret)).toBe(200);
});

test('a tenant has a hundred clients at the most, also at the same moment', async () => {
  for (let index = 1; index < 95; index += 1) await create(`Client ${index}`);
  const made = await Promise.all(Array.from({ length: 10 }, (_, index) => tryDeed(ask, 'createClient', { name: `Late ${index}` })));
  expect(made.filter(({ client }) => client !== null)).toHaveLength(5);
  expect(made.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(Array.from({ length: 5 }, () => 'TOO_MANY'));
  const { client } = (await clientsOf(ask)).nodes.map((node) => ({ client: node })).at(-1)!;
  await doDeed(ask, 'revokeClient', { id: client.id });
  await create('Instead');
});

describe('rotation', () => {
  test('lets both secrets be good for the overlap, and tells which is used', async () => {
    const made = await create();
    const { id, clientId } = made.client;
    const rotated = await doDeed(ask, 'rotateClientSecret', { id });
    const [newest, old] = rotated.client.secrets;
    expect(newest).toMatchObject({ expiresAt: null, lastUsedAt: null });
    expect(Date.parse(old!['expiresAt']!) - Date.now()).toBeGreaterThan(3_500_000);
    expect(Date.parse(old!['expiresAt']!) - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect([await issueStatus(clientId, made.clientSecret), await issueStatus(clientId, rotated.clientSecret)]).toEqual([200, 200]);
    expect((await clientsOf(ask)).nodes.at(-1)!.secrets.map(({ lastUsedAt }) => lastUsedAt !== null)).toEqual([true, true]);
  });

  test('ends the secret before when the overlap is over, and at once without one', async () => {
    const made = await create();
    const { id, clientId } = made.client;
    const second = await doDeed(ask, 'rotateClientSecret', { id, overlapSeconds: 2 });
    expect(await issueStatus(clientId, made.clientSecret)).toBe(200);
    await wait(2500);
    expect([await issueStatus(clientId, made.clientSecret), await issueStatus(clientId, second.clientSecret)]).toEqual([401, 200]);
    expect((await clientsOf(ask)).nodes.at(-1)!.secrets).toHaveLength(1);
    const third = await doDeed(ask, 'rotateClientSecret', { id, overlapSeconds: 0 });
    expect([await issueStatus(clientId, second.clientSecret), await issueStatus(clientId, third.clientSecret)]).toEqual([401, 200]);
  });

  test('of fifty at once all succeed, and two secrets are good at the end', { timeout: 60_000 }, async () => {
    const made = await create();
    const { id, clientId } = made.client;
    const rotations = await Promise.all(Array.from({ length: 50 }, () => doDeed(ask, 'rotateClientSecret', { id })));
    const secrets = [made, ...rotations].map(({ clientSecret }) => clientSecret);
    expect(new Set(secrets).size).toBe(51);
    const statuses: number[] = [];
    for (const [index, secret] of secrets.entries()) {
      const form = { scimClientId: clientId, scimClientSecret: String(secret), grantType: 'password' };
      statuses.push((await tenant.requestToken(form, { 'x-forwarded-for': `10.9.8.${index}` })).status); // wrong ones slow an address down
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(2);
    expect(statuses.filter((status) => status === 401)).toHaveLength(49);
  });

  test.each([-1, 604_801])('refuses an overlap of %i seconds', async (overlapSeconds) => {
    const {
      client: { id },
    } = await create();
    expect(await tryDeed(ask, 'rotateClientSecret', { id, overlapSeconds })).toMatchObject({
      clientSecret: null,
      userErrors: [{ code: 'INVALID_VALUE', field: 'overlapSeconds' }],
    });
  });

  test('without overlap is done with the old secret when it returns: no token is issued for it any more', async () => {
    const made = await create();
    const { id, clientId } = made.client;
    let isCut = false;
    const after: number[] = [];
    const clients = Array.from({ length: 8 }, async (_, index) => {
      for (let round = 0; after.length < 30 && round < 200; round += 1) {
        const wasCut = isCut;
        const form = { scimClientId: clientId, scimClientSecret: String(made.clientSecret), grantType: 'password' };
        const { status } = await tenant.requestToken(form, { 'x-forwarded-for': `10.7.${index}.${round % 250}` });
        if (wasCut) after.push(status);
        else expect([200, 401]).toContain(status);
      }
    });
    await wait(20);
    await doDeed(ask, 'rotateClientSecret', { id, overlapSeconds: 0 });
    isCut = true;
    await Promise.all(clients);
    expect(new Set(after)).toEqual(new Set([401]));
    // Neither by those who had asked before.
    const records = await (
      await world()
    ).query?.(
      `select kind from change where tenant_id = '${tenant.id}' and kind in ('TOKEN_ISSUED', 'CLIENT_SECRET_ROTATED') order by sequence`,
    );
    expect(records?.at(-1)).toEqual(records && { kind: 'CLIENT_SECRET_ROTATED' });
  });
});

describe('revocation', () => {
  test('ends the client and its tokens, and nothing else', async () => {
    const made = await create();
    const { id, clientId } = made.client;
    const rotated = await doDeed(ask, 'rotateClientSecret', { id });
    const tokens = [await tokenFor(tenant, clientId, made.clientSecret), await tokenFor(tenant, clientId, rotated.clientSecret)];
    for (const token of tokens) expect(await statusWith(tenant, token)).toBe(200);
    const revoked = await doDeed(ask, 'revokeClient', { id });
    expect(revoked).toMatchObject({ revokedTokens: 2, client: { revokedAt: expect.any(String), secrets: [], liveTokenCount: 0 } });
    expect(Date.parse(revoked.effectiveAt)).toBeLessThanOrEqual(Date.now());
    for (const token of tokens) expect(await statusWith(tenant, token)).toBe(401);
    expect([await issueStatus(clientId, made.clientSecret), await issueStatus(clientId, rotated.clientSecret)]).toEqual([401, 401]);
    expect(await statusWith(tenant, tenant.token)).toBe(200);
    expect(await doDeed(ask, 'revokeClient', { id })).toMatchObject({ revokedTokens: 0 });
    expect((await clientsOf(ask)).totalCount).toBe(1);
    expect((await clientsOf(ask, '(includeRevoked: true)')).totalCount).toBe(2);
    for (const deed of ['rotateClientSecret', 'updateClient'] as const) {
      expect(await tryDeed(ask, deed, { id })).toMatchObject({ client: null, userErrors: [{ code: 'CONFLICT' }] });
    }
  });

  test('may keep the tokens, and revoke them later', async () => {
    const made = await create();
    const { id, clientId } = made.client;
    const token = await tokenFor(tenant, clientId, made.clientSecret);
    expect(await doDeed(ask, 'revokeClient', { id, keepTokens: true })).toMatchObject({ revokedTokens: 0, client: { liveTokenCount: 1 } });
    expect([await statusWith(tenant, token), await issueStatus(clientId, made.clientSecret)]).toEqual([200, 401]);
    expect(await doDeed(ask, 'revokeClient', { id })).toMatchObject({ revokedTokens: 1 });
    expect(await statusWith(tenant, token)).toBe(401);
  });

  test('leaves no token alive, however many are being issued meanwhile, also where two revoke', { timeout: 60_000 }, async () => {
    for (let round = 0; round < 5; round += 1) {
      const made = await create(`Round ${round}`);
      const { id, clientId } = made.client;
      const issuing = Array.from({ length: 30 }, async (_, index) => {
        await wait(index);
        const form = { scimClientId: clientId, scimClientSecret: String(made.clientSecret), grantType: 'password' };
        const answer = await tenant.requestToken(form, { 'x-forwarded-for': `10.6.${round}.${index}` });
        expect([200, 401]).toContain(answer.status);
        if (answer.status !== 200) return [];
        const token = String(answer.body['accessToken']);
        await statusWith(tenant, token); // it is in the cache, if it was good
        return [token];
      });
      await wait(10);
      const revoking = [doDeed(ask, 'revokeClient', { id }), doDeed(ask, 'revokeClient', { id })];
      const revoked = (await Promise.all(revoking)).reduce((sum, { revokedTokens }) => sum + revokedTokens, 0);
      const tokens = (await Promise.all(issuing)).flat();
      expect(tokens).toHaveLength(revoked);
      for (const token of tokens) expect(await statusWith(tenant, token)).toBe(401);
    }
  });
});

/** A GraphQL token of the client, in the hands of the tests. */
async function holderOf(clientId: string, clientSecret: string | null) {
  const { identityUrl } = await world();
  const send = async (
    query: string,
    input: object,
    token?: string,
  ): Promise<Readonly<Record<string, Record<string, unknown> | null>> | undefined> =>
    (
      await exchange(
        identityUrl,
        'POST',
        '/graphql',
        { 'content-type': 'application/json', authorization: token && `Bearer ${token}` },
        { query, variables: { input } },
      )
    ).body?.['data'] as never;
  const issued = await send('mutation ($input: IssueTokenInput!) { done: issueToken(input: $input) { accessToken token { id } } }', {
    clientId,
    clientSecret,
    audience: 'GRAPHQL',
  });
  const first = issued!['done'] as { accessToken: string; token: { id: string } };
  const obtain = async (query: string, input: object, token: string) => {
    const done = (await send(query, input, token))?.['done'] as typeof first | null | undefined;
    return done?.accessToken ? done : undefined;
  };
  return {
    first,
    isGood: async (token: string) => (await send('{ caller { audience } }', {}, token)) !== undefined,
    create: (token: string) =>
      obtain(
        'mutation ($input: CreateTokenInput!) { done: createToken(input: $input) { accessToken token { id } } }',
        { audience: 'GRAPHQL', expiresIn: 3600 },
        token,
      ),
    rotate: (id: string, overlapSeconds: number, token: string) =>
      obtain(
        'mutation ($input: RotateTokenInput!) { done: rotateToken(input: $input) { accessToken token { id } } }',
        { id, overlapSeconds },
        token,
      ),
  };
}

test("tokens that the client's tokens are making or rotating meanwhile do not outlive it", { timeout: 60_000 }, async () => {
  for (let round = 0; round < 6; round += 1) {
    const made = await create(`Round ${round}`);
    const holder = await holderOf(made.client.clientId, made.clientSecret);
    const obtained = [holder.first];
    const makers = Array.from({ length: 3 }, async () => {
      for (let next = await holder.create(holder.first.accessToken); next; next = await holder.create(holder.first.accessToken)) {
        obtained.push(next);
      }
    });
    const rotators = [0, 60, 0, 60].map(async (overlapSeconds) => {
      for (
        let current = await holder.create(holder.first.accessToken);
        current;
        current = await holder.rotate(current.token.id, overlapSeconds, current.accessToken)
      ) {
        obtained.push(current);
      }
    });
    while (obtained.length < 10 + round) await wait(5);
    await doDeed(admin, 'revokeClient', { tenantId: tenant.id, id: made.client.id });
    const atOnce = await Promise.all(obtained.map(({ accessToken }) => holder.isGood(accessToken)));
    await Promise.all([...makers, ...rotators]);
    expect(atOnce.filter(Boolean)).toEqual([]);
    for (const { accessToken } of obtained) expect(await holder.isGood(accessToken)).toBe(false);
  }
});

describe('who may', () => {
  const more: Readonly<Partial<Record<Deed, object>>> = {
    updateClient: { name: 'Taken over' },
    rotateClientSecret: { overlapSeconds: 0 },
    revokeClient: {},
  };

  test.each(Object.keys(more) as Deed[])(
    "%s: another tenant's client is one that never was, byte for byte, and stays as it is",
    async (deed) => {
      const other = await newTenant();
      const [theirs] = (await clientsOf(other.graphql)).nodes;
      const attempt = async (input: object) => told(await ask(mutationOf(deed), { input: { ...input, ...more[deed] } }));
      const unknown = await attempt({ id: NEVER_WAS });
      expect(unknown).toContain('NOT_FOUND');
      expect(await attempt({ id: theirs!.id })).toBe(unknown);
      expect(await attempt({ id: 'odd' })).toBe(unknown);
      const elsewhere = await attempt({ id: theirs!.id, tenantId: other.id });
      expect(elsewhere).toBe(await attempt({ id: theirs!.id, tenantId: NEVER_WAS }));
      expect(elsewhere).toBe(await attempt({ id: NEVER_WAS, tenantId: other.id }));
      expect((await clientsOf(other.graphql)).nodes[0]).toMatchObject({ name: 'SCIM', secrets: theirs!.secrets });
      expect((await issueWith(other, other.clientId, other.clientSecret)).status).toBe(200);
    },
  );

  test("another tenant's clients are those of no tenant", async () => {
    const other = await newTenant();
    const list = async (id: string) => told(await ask(`{ clients(tenantId: "${id}") { totalCount } }`));
    expect(await list(other.id)).toContain('NOT_FOUND');
    expect(await list(other.id)).toBe(await list(NEVER_WAS));
    expect(told(await ask(mutationOf('createClient'), { input: { tenantId: other.id, name: 'Mine' } }))).toBe(
      told(await ask(mutationOf('createClient'), { input: { tenantId: NEVER_WAS, name: 'Mine' } })),
    );
    expect((await clientsOf(other.graphql)).totalCount).toBe(1);
  });

  test('operators, for the tenant they name', async () => {
    const tenantId = tenant.id;
    const made = await doDeed(admin, 'createClient', { tenantId, name: 'By the operator' });
    const { id, clientId } = made.client;
    expect(await statusWith(tenant, await tokenFor(tenant, clientId, made.clientSecret))).toBe(200);
    expect((await doDeed(admin, 'updateClient', { tenantId, id, description: 'Support case 7' })).client).toMatchObject({
      description: 'Support case 7',
    });
    const { clientSecret } = await doDeed(admin, 'rotateClientSecret', { tenantId, id, overlapSeconds: 0 });
    expect(await issueStatus(clientId, clientSecret)).toBe(200);
    expect((await clientsOf(admin, `(tenantId: "${tenantId}")`)).nodes.map(({ liveTokenCount }) => liveTokenCount)).toEqual([1, 2]);
    expect(await doDeed(admin, 'revokeClient', { tenantId, id })).toMatchObject({ revokedTokens: 2 });
    expect(codesOf(await admin(mutationOf('createClient'), { input: { name: 'Whose?' } }), 'createClient')).toEqual(['INVALID_VALUE']);
    expect(
      codesOf(
        await admin(mutationOf('createClient'), { input: { tenantId: '00000000-0000-0000-0000-000000000000', name: 'Mine' } }),
        'createClient',
      ),
    ).toEqual(['NOT_FOUND']);
  });
});

test('everything leaves a record, and no record a secret', async (context) => {
  const { query } = await world();
  if (!query) return context.skip('needs a database server');
  const made = await create();
  const { id } = made.client;
  await doDeed(ask, 'updateClient', { id, name: 'Renamed' });
  await doDeed(ask, 'updateClient', { id, name: 'Renamed' });
  const rotated = await doDeed(ask, 'rotateClientSecret', { id, overlapSeconds: 60 });
  await doDeed(ask, 'revokeClient', { id });
  await doDeed(ask, 'revokeClient', { id });
  await doDeed(admin, 'suspendTenant', { tenantId: tenant.id, reason: 'Test' });
  await doDeed(admin, 'suspendTenant', { tenantId: tenant.id, reason: 'Test' });
  await doDeed(admin, 'resumeTenant', { tenantId: tenant.id });
  await doDeed(admin, 'updateTenant', { tenantId: tenant.id, name: 'Renamed' });
  const records = await query(
    `select kind, before, after, door from change where tenant_id = '${tenant.id}' and subject_type in ('CLIENT', 'TENANT') order by transaction_id, sequence`,
  );
  expect(records.slice(2).map(({ kind, before, after, door }) => [kind, before, after, door])).toEqual([
    ['CLIENT_CREATED', null, { clientId: made.client.clientId, name: 'Nightly import' }, 'graphql'],
    ['CLIENT_UPDATED', { name: 'Nightly import' }, { name: 'Renamed' }, 'graphql'],
    ['CLIENT_SECRET_ROTATED', null, { overlapSeconds: 60 }, 'graphql'],
    ['CLIENT_REVOKED', null, null, 'graphql'],
    ['TENANT_SUSPENDED', { state: 'ACTIVE', reason: null }, { state: 'SUSPENDED', reason: 'Test' }, 'admin'],
    ['TENANT_RESUMED', { state: 'SUSPENDED', reason: 'Test' }, { state: 'ACTIVE', reason: null }, 'admin'],
    ['TENANT_UPDATED', { name: expect.any(String) }, { name: 'Renamed' }, 'admin'],
  ]);
  const text = JSON.stringify(await query(`select * from change where tenant_id = '${tenant.id}'`));
  for (const secret of [made.clientSecret, rotated.clientSecret]) expect(text).not.toContain(String(secret).slice(14));
  expect(text).not.toMatch(/digest/);
});
