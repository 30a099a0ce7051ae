/** What a tenant decides about its tokens holds for all of them, from the moment the answer is there. */
import { randomUUID } from 'node:crypto';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import { exchange } from '../support/http.js';
import { expectScimError } from '../support/scim.js';
import { AS_OPERATOR, type Managed, manage } from '../support/tokens.js';
import { newTenant, type Tenant, world } from '../support/world.js';

async function fresh(): Promise<{ tenant: Tenant; own: Managed }> {
  const tenant = await newTenant();
  return { tenant, own: manage(tenant) };
}

const decide = async (own: Managed, input: object) => {
  const answer = await own.ask('updateTokenPolicy', input);
  expect(answer.userErrors).toEqual([]);
  return answer;
};

const NONE = { maxLifetime: null, allowedNetworks: [], maxLiveTokens: null, inactivityDays: null };

describe('the policy', () => {
  test('limits nothing at first; what is absent stays, null is no limit', async () => {
    const { own } = await fresh();
    const read = async () =>
      (await own.graphql('{ tokenPolicy { maxLifetime allowedNetworks maxLiveTokens inactivityDays } }')).data?.['tokenPolicy'];
    expect(await read()).toEqual(NONE);
    expect((await decide(own, { maxLifetime: 86_400, inactivityDays: 90, allowedNetworks: ['127.0.0.1', '::1'] }))['policy']).toEqual({
      ...NONE,
      maxLifetime: 86_400,
      inactivityDays: 90,
      allowedNetworks: ['127.0.0.1/32', '::1/128'],
    });
    expect((await decide(own, { inactivityDays: null, maxLiveTokens: 50 }))['policy']).toEqual({
      ...NONE,
      maxLifetime: 86_400,
      maxLiveTokens: 50,
      allowedNetworks: ['127.0.0.1/32', '::1/128'],
    });
    expect((await decide(own, { maxLifetime: null, maxLiveTokens: null, allowedNetworks: null }))['policy']).toEqual(NONE);
    expect(await read()).toEqual(NONE);
  });

  test.each([
    { maxLifetime: 59 },
    { maxLifetime: 315_360_001 },
    { maxLiveTokens: 0 },
    { inactivityDays: 0 },
    { allowedNetworks: ['10.0.0.0/8', 'x'] },
    { allowedNetworks: ['2001:db8::/129'] },
  ])('%j makes no sense', async (input) => {
    const { own } = await fresh();
    expect((await own.ask('updateTokenPolicy', input)).userErrors).toMatchObject([{ code: 'INVALID_VALUE', field: Object.keys(input)[0] }]);
  });

  test('is decided by the tenant with "settings:manage", and by operators', async () => {
    const { tenant, own } = await fresh();
    const { accessToken } = await own.create({ audience: 'GRAPHQL', scopes: ['tokens:manage'] });
    expect(await manage(tenant, accessToken).codeOf('updateTokenPolicy', { maxLifetime: 60 })).toBe('FORBIDDEN');
    const { admin } = await world();
    const { data } = await admin(
      'mutation ($id: ID!) { updateTokenPolicy(input: { allowedNetworks: ["203.0.113.0/24"], tenantId: $id }) { policy { allowedNetworks } } }',
      { id: tenant.id },
    );
    expect(data?.['updateTokenPolicy']).toEqual({ policy: { allowedNetworks: ['203.0.113.0/24'] } });
    expect((await own.graphql('{ caller { scopes } }')).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
  });
});

describe('the longest life', () => {
  test('holds for new tokens: more is refused, the usual is cut to it, at the token provider, too', async () => {
    const { tenant, own } = await fresh();
    await decide(own, { maxLifetime: 3600 });
    expect((await own.create({ audience: 'SCIM' })).expiresIn).toBe(3600);
    expect((await own.ask('createToken', { audience: 'SCIM', expiresIn: 3601 })).userErrors).toMatchObject([
      { field: 'expiresIn', message: expect.stringMatching(/3600, as the tenant's policy/) },
    ]);
    const form = { scimClientId: tenant.clientId, scimClientSecret: tenant.clientSecret, grantType: 'password' };
    expect((await tenant.requestToken(form)).body['expiresIn']).toBe(3600);
    const refused = await tenant.requestToken({ ...form, tokenExpiry: '86400' });
    expect(refused.status, refused.text).toBe(400);
    expect(refused.text).toMatch(/3600/);
  });

  test('made shorter ends live tokens sooner, and tells how many', async () => {
    const { tenant, own } = await fresh();
    const { token } = await own.create({ audience: 'SCIM', expiresIn: 315_360_000 });
    const lasting = await own.create({ audience: 'SCIM', expiresIn: 600 });
    expect((await decide(own, { maxLifetime: 7200 }))['shortened']).toBe(2); // and the SCIM token of the tenant, not its GraphQL token of an hour
    const { createdAt, expiresAt, state } = await own.read(String(token['id']));
    expect([Date.parse(String(expiresAt)) - Date.parse(String(createdAt)), state]).toEqual([7_200_000, 'LIVE']);
    expect((await own.read(String(lasting.token['id'])))['expiresAt']).toBe(lasting.token['expiresAt']);
    expect((await decide(own, { maxLifetime: 7200 }))['shortened']).toBe(0);
    expect((await tenant.scim('GET', '/Users')).status).toBe(200);
  });

  test('holds for tokens that are issued in the very moment', async () => {
    const { tenant, own } = await fresh();
    const create = async () => own.ask('createToken', { audience: 'SCIM', expiresIn: 315_360_000 });
    const later = async (milliseconds: number) => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      return decide(own, { maxLifetime: 7200 });
    };
    await Promise.all([...Array.from({ length: 20 }, create), later(5), ...Array.from({ length: 20 }, create)]);
    const { nodes } = await own.list('first: 1000, filter: { state: LIVE }');
    const longest = Math.max(...nodes.map(({ createdAt, expiresAt }) => Date.parse(String(expiresAt)) - Date.parse(String(createdAt))));
    expect(longest).toBeLessThanOrEqual(7_200_000);
    expect((await tenant.scim('GET', '/Users')).status).toBe(200);
  });
});

describe('the number of live tokens', () => {
  test('is never exceeded, however many ask at once; the refused are told what to do', async () => {
    const { tenant, own } = await fresh();
    await own.list(); // the tenant's own two are there
    await decide(own, { maxLiveTokens: 5 });
    const answers = await Promise.all(Array.from({ length: 12 }, () => own.ask('createToken', { audience: 'SCIM' })));
    expect(answers.filter(({ accessToken }) => accessToken !== null)).toHaveLength(3);
    for (const { userErrors } of answers.filter(({ accessToken }) => accessToken === null)) {
      expect(userErrors).toMatchObject([{ code: 'CONFLICT', message: expect.stringMatching(/5 live tokens/) }]);
    }
    const form = { scimClientId: tenant.clientId, scimClientSecret: tenant.clientSecret, grantType: 'password' };
    expect((await tenant.requestToken(form)).status).toBe(409);
    const { nodes } = await own.list('first: 5, filter: { audience: SCIM, state: LIVE }');
    // Two during an overlap are two; at once they are one.
    expect(await own.codeOf('rotateToken', { id: nodes[0]!['id'], overlapSeconds: 60 })).toBe('CONFLICT');
    expect(await own.read(String(nodes[0]!['id']))).toMatchObject({ state: 'LIVE', rotatedTo: null });
    await own.rotate({ id: nodes[0]!['id'], overlapSeconds: 0 });
    await own.ask('revokeToken', { id: nodes[1]!['id'] });
    expect((await tenant.requestToken(form)).status).toBe(200);
    expect((await own.list('filter: { state: LIVE }')).totalCount).toBe(5);
  });

  test('takes none away: where there are more, they are rotated, and none is added', async () => {
    const { own } = await fresh();
    await Promise.all(Array.from({ length: 4 }, () => own.create({ audience: 'SCIM' })));
    await decide(own, { maxLiveTokens: 3 });
    const { nodes, totalCount } = await own.list('first: 3, filter: { state: LIVE }');
    expect(totalCount).toBe(6);
    expect((await own.rotate({ id: nodes[0]!['id'], overlapSeconds: 0 })).accessToken).toMatch(/^condeco_/);
    expect((await own.ask('rotateToken', { id: nodes[1]!['id'], overlapSeconds: 60 })).userErrors).toMatchObject([
      { code: 'CONFLICT', message: expect.stringMatching(/has 6 live tokens, and its policy allows 3/) as string },
    ]);
    expect((await own.ask('createToken', { audience: 'SCIM' })).userErrors).toMatchObject([{ code: 'CONFLICT' }]);
    expect((await own.list('filter: { state: LIVE }')).totalCount).toBe(6);
  });
});

describe.runIf(inject('world') === 'network')('on a server where much is going on', () => {
  /** What is answered while a transaction that has run the statement is open. */
  async function whileOpen<Result>(statement: string, ask: () => Promise<Result>): Promise<Result> {
    const query = (await world()).query!;
    await query('begin');
    await query(statement);
    try {
      return await ask();
    } finally {
      await query('rollback');
    }
  }

  test('the policy is changed and tokens are issued while users come in', async () => {
    const { tenant, own } = await fresh();
    await own.list();
    const form = { scimClientId: tenant.clientId, scimClientSecret: tenant.clientSecret, grantType: 'password' };
    const user = `insert into app_user (tenant_id, id, user_name, user_name_key, profile, folded) values ('${tenant.id}', '${randomUUID()}', 'New', 'new', '{}', '{}')`;
    await whileOpen(user, async () => {
      await decide(own, { maxLiveTokens: 5, maxLifetime: 7200 });
      expect((await tenant.requestToken(form)).status).toBe(200);
      await own.create({ audience: 'SCIM' });
      const { token } = await own.create({ audience: 'SCIM' });
      expect((await tenant.requestToken(form)).status).toBe(409);
      await own.rotate({ id: token['id'], overlapSeconds: 0 });
    });
  });

  const SLOW = 600; // milliseconds
  const ofTokens = ({ id }: Tenant) =>
    `after insert on access_token deferrable initially deferred for each row when (new.tenant_id = '${id}')`;
  const ofTenant = ({ id }: Tenant, when: 'deferred' | 'immediate') =>
    `after update on tenant deferrable initially ${when} for each row when (new.id = '${id}')`;
  /** Makes what is written slow: to commit where the trigger is deferred, to be written where it is immediate. */
  async function slowed(trigger: string): Promise<void> {
    const query = (await world()).query!;
    const name = `slow_${randomUUID().replaceAll('-', '')}`;
    await query(
      `create function ${name}() returns trigger language plpgsql as $$ begin perform pg_sleep(${SLOW / 1000}); return null; end $$`,
    );
    await query(`create constraint trigger ${name} ${trigger} execute function ${name}()`);
    onTestFinished(async () => void (await query(`drop function ${name} cascade`)));
  }
  const begun = () => new Promise((resolve) => setTimeout(resolve, SLOW / 2));

  test('a token that is being issued is shortened by a policy that comes after it', async () => {
    const { tenant, own } = await fresh();
    await own.list();
    await slowed(ofTokens(tenant));
    const issuing = own.create({ audience: 'SCIM', expiresIn: 86_400 });
    await begun();
    await decide(own, { maxLifetime: 7200 });
    const { createdAt, expiresAt } = await own.read(String((await issuing).token['id']));
    expect(Date.parse(String(expiresAt)) - Date.parse(String(createdAt))).toBe(7_200_000);
  });

  test('a token that is asked for while a policy is being decided lives as that has it', async () => {
    const { tenant, own } = await fresh();
    await own.list();
    await slowed(ofTenant(tenant, 'deferred'));
    const deciding = decide(own, { maxLifetime: 7200 });
    await begun();
    const { token } = await own.create({ audience: 'SCIM', expiresIn: 86_400 });
    await deciding;
    expect(Date.parse(String(token['expiresAt'])) - Date.parse(String(token['createdAt']))).toBe(7_200_000);
  });

  test('a token that is to be replaced while a policy is being decided is held by nobody meanwhile', async () => {
    const { tenant, own } = await fresh();
    const { token } = await own.create({ audience: 'SCIM', expiresIn: 86_400 });
    await slowed(ofTenant(tenant, 'immediate'));
    const deciding = decide(own, { maxLifetime: 7200 });
    await begun();
    const rotating = own.rotate({ id: token['id'], overlapSeconds: 0, expiresIn: 3600 });
    const query = (await world()).query!;
    await expect
      .poll(
        () =>
          query(
            `select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`,
          ),
        { interval: 10 },
      )
      .toHaveLength(1);
    expect(await query(`select 1 from access_token where id = '${String(token['id'])}' for update nowait`)).toHaveLength(1);
    await deciding;
    expect((await rotating).expiresIn).toBe(3600);
  });

  test('two that ask at once for the last token that may be are not both given it', async () => {
    const { tenant, own } = await fresh();
    await own.list(); // the tenant's own two are there
    await decide(own, { maxLiveTokens: 3 });
    await slowed(ofTokens(tenant));
    const { admin } = await world();
    const answers = await Promise.all([1, 2].map(() => admin(AS_OPERATOR, { input: { audience: 'SCIM', tenantId: tenant.id } })));
    const codes = answers.map(({ data }) => (data!['createToken']!['userErrors'] as { code: string }[])[0]?.code);
    expect(codes.toSorted()).toEqual(['CONFLICT', undefined]);
  });

  test('tokens are issued while the attributes of the tenant are being changed', async () => {
    const { tenant } = await fresh();
    const form = { scimClientId: tenant.clientId, scimClientSecret: tenant.clientSecret, grantType: 'password' };
    const answer = await whileOpen(`select id from tenant where id = '${tenant.id}' for no key update`, () => tenant.requestToken(form));
    expect(answer.status).toBe(200);
  });
});

describe('networks', () => {
  const from = (tenant: Tenant, address: string, token = tenant.token) =>
    tenant.scim('GET', '/Users', undefined, { authorization: `Bearer ${token}`, 'x-forwarded-for': address });

  test.each([
    [['203.0.113.0/24'], ['203.0.113.0', '203.0.113.255', '::ffff:203.0.113.7'], ['203.0.112.255', '203.0.114.0', '2001:db8::1']],
    [
      ['2001:db8::/32', '198.51.100.7'],
      ['2001:db8::1', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '198.51.100.7'],
      ['2001:db9::1', '198.51.100.8', '10.0.0.1', 'nonsense'],
    ],
    [['0.0.0.0/0'], ['192.0.2.1', '::ffff:192.0.2.1'], ['2001:db8::1']],
  ])('%j of a token', async (allowedNetworks, inside, outside) => {
    const { tenant, own } = await fresh();
    const { accessToken } = await own.create({ audience: 'SCIM', allowedNetworks });
    for (const address of inside) expect((await from(tenant, address, accessToken)).status, address).toBe(200);
    for (const address of outside) {
      const answer = await from(tenant, address, accessToken);
      expectScimError(answer, 403);
      expect(answer.body.detail).toMatch(/may not be used from the address/);
    }
    expect((await from(tenant, outside[0]!)).status).toBe(200);
  });

  test("of the tenant hold for all its tokens at once, beside a token's own; nobody locks themselves out by mistake", async () => {
    const { tenant, own } = await fresh();
    const { accessToken } = await own.create({ audience: 'SCIM', allowedNetworks: ['192.0.2.0/25'] });
    expect((await from(tenant, '192.0.2.200')).status).toBe(200);
    expect((await own.ask('updateTokenPolicy', { allowedNetworks: ['192.0.2.0/24'] })).userErrors).toMatchObject([
      { field: 'allowedNetworks', message: expect.stringMatching(/lock yourself out/) },
    ]);
    await decide(own, { allowedNetworks: ['192.0.2.0/24', '127.0.0.0/8', '::1'] });
    expect([
      (await from(tenant, '192.0.2.200')).status,
      (await from(tenant, '192.0.2.1', accessToken)).status,
      (await from(tenant, '127.0.0.1', accessToken)).status,
      (await from(tenant, '198.51.100.1')).status,
    ]).toEqual([200, 200, 403, 403]);
    await decide(own, { allowedNetworks: [] });
    expect((await from(tenant, '198.51.100.1')).status).toBe(200);
  });

  test('are compared with the right-most address that a proxy tells: what the client adds to the left is nobody', async () => {
    const { tenant, own } = await fresh();
    const { accessToken } = await own.create({ audience: 'SCIM', allowedNetworks: ['203.0.113.0/24'] });
    expect((await from(tenant, '203.0.113.7, 198.51.100.1', accessToken)).status).toBe(403);
    expect((await from(tenant, '198.51.100.1, 203.0.113.7', accessToken)).status).toBe(200);
  });

  test('at the door of tools, too', async () => {
    const { own } = await fresh();
    const { accessToken } = await own.create({ audience: 'GRAPHQL', allowedNetworks: ['203.0.113.0/24'] });
    const { identityUrl } = await world();
    const statusFrom = async (address: string) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${accessToken}`, 'x-forwarded-for': address };
      return (await exchange(identityUrl, 'POST', '/graphql', headers, { query: '{ users { totalCount } }' })).status;
    };
    expect(await statusFrom('203.0.113.7, 198.51.100.1')).toBe(403);
    expect(await statusFrom('198.51.100.1, 203.0.113.7')).toBe(200);
  });
});
