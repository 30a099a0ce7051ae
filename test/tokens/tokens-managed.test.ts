/**
 * Tokens made, listed, replaced and revoked by who may manage them: nobody hands on more than they hold, and nobody reaches another tenant.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { exchange } from '../support/http.js';
import { expectScimError, filtered, groupBody, patchOp, userBody } from '../support/scim.js';
import { AS_OPERATOR, type Managed, manage } from '../support/tokens.js';
import { newTenant, type Tenant, world } from '../support/world.js';

const NEVER_WAS = '01890a5d-ac96-774b-bcce-b302099a8057';

let tenant: Tenant;
let own: Managed;

beforeAll(async () => {
  tenant = await newTenant();
  own = manage(tenant);
});

const statusOf = async (token: string, method = 'GET', body?: object, of = tenant) =>
  (await of.scim(method, '/Users', body, { authorization: `Bearer ${token}` })).status;

describe('createToken', () => {
  test('makes a token with a name, scopes and networks, which is shown once and listed without itself', async () => {
    const { accessToken, expiresIn, token } = await own.create({
      audience: 'SCIM',
      name: ' Okta ',
      description: 'Production',
      scopes: ['users:read', 'groups:read'],
      expiresIn: 3600,
      allowedNetworks: ['127.0.0.0/8', '10.1.2.3/8', '::ffff:10.1.2.3/104'],
    });
    expect(accessToken).toMatch(/^condeco_[0-9A-Za-z]{49}$/);
    expect(expiresIn).toBe(3600);
    expect(token).toMatchObject({
      name: 'Okta',
      description: 'Production',
      audience: 'SCIM',
      state: 'LIVE',
      scopes: ['users:read', 'groups:read'],
      allowedNetworks: ['127.0.0.0/8', '10.0.0.0/8'],
      clientId: tenant.clientId,
      createdBy: { tokenId: expect.any(String), clientId: null },
      family: token['id'],
      rotatedFrom: null,
      rotatedTo: null,
      revokedAt: null,
      lastUsed: null,
    });
    expect(JSON.stringify(await own.list())).not.toContain(accessToken);
  });

  test('a SCIM token that may only read reads, and is told why it writes nothing', async () => {
    const { accessToken } = await own.create({ audience: 'SCIM', scopes: ['users:read', 'groups:read'] });
    const send = (method: string, path: string, body?: object) =>
      tenant.scim(method, path, body, { authorization: `Bearer ${accessToken}` });
    const {
      body: { id },
    } = await tenant.scim('POST', '/Users', userBody('read.only@x.com'));
    expect([
      (await send('GET', '/Users')).status,
      (await send('GET', `/Users/${id}`)).status,
      (await send('GET', '/Groups')).status,
    ]).toEqual([200, 200, 200]);
    for (const [method, path, body] of [
      ['POST', '/Users', userBody('refused@x.com')],
      ['PUT', `/Users/${id}`, userBody('refused@x.com')],
      ['DELETE', `/Users/${id}`, undefined],
      [
        'POST',
        '/Bulk',
        { schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'], Operations: [{ method: 'DELETE', path: `/Users/${id}` }] },
      ],
    ] as const) {
      const answer = await send(method, path, body);
      if (path !== '/Bulk') expectScimError(answer, 403);
      expect(answer.text).toMatch(/users:write/);
    }
    expect((await tenant.scim('GET', `/Users/${id}`)).body.userName).toBe('read.only@x.com');
  });

  test('a SCIM token for users alone shows users without their groups', async () => {
    const { accessToken } = await own.create({ audience: 'SCIM', scopes: ['users:read'] });
    const answer = await tenant.scim('GET', '/Users', undefined, { authorization: `Bearer ${accessToken}` });
    expect(answer.status, answer.text).toBe(200);
    expectScimError(await tenant.scim('GET', '/Groups', undefined, { authorization: `Bearer ${accessToken}` }), 403);
    for (const filter of ['groups.display eq "Sales"', 'active eq true and not (groups[value pr])', `groups eq "${NEVER_WAS}"`]) {
      const refused = await tenant.scim('GET', filtered('/Users', filter), undefined, { authorization: `Bearer ${accessToken}` });
      expectScimError(refused, 403);
      expect(refused.text).toContain('groups:read');
    }
    expect(
      (await tenant.scim('GET', filtered('/Users', 'userName sw "x"'), undefined, { authorization: `Bearer ${accessToken}` })).status,
    ).toBe(200);
  });

  test('a SCIM token for users alone writes users, and is shown them without their groups', async () => {
    const { accessToken } = await own.create({ audience: 'SCIM', scopes: ['users:read', 'users:write'] });
    const send = (method: string, path: string, body?: object) =>
      tenant.scim(method, path, body, { authorization: `Bearer ${accessToken}` });
    const created = await send('POST', '/Users', userBody('users.alone@x.com'));
    expect(created.status, created.text).toBe(201);
    const path = `/Users/${created.body.id}`;
    await tenant.scim('POST', '/Groups', groupBody('Not for all', [created.body.id]));
    const answers = [
      await send('PUT', path, userBody('users.alone@x.com', { title: 'One' })),
      await send('PATCH', path, patchOp({ op: 'replace', path: 'title', value: 'Two' })),
      await send('GET', path),
    ];
    expect(answers.map(({ status, body }) => [status, body.groups])).toEqual(answers.map(() => [200, undefined]));
    expect((await tenant.scim('GET', path)).body.groups).toHaveLength(1);
    const { accessToken: reader } = await own.create({ audience: 'SCIM', scopes: ['users:read'] });
    expect((await tenant.scim('POST', '/Users', userBody('refused@x.com'), { authorization: `Bearer ${reader}` })).text).toContain(
      'users:write',
    );
  });

  test.each([
    [{ audience: 'SCIM', scopes: ['tokens:manage'] }, 'scopes', /no scope of this audience/],
    [{ audience: 'SCIM', scopes: ['users:everything'] }, 'scopes', /users:read/],
    [{ audience: 'SCIM', scopes: [] }, 'scopes', /good for nothing/],
    [{ audience: 'SCIM', expiresIn: 59 }, 'expiresIn', /60/],
    [{ audience: 'SCIM', expiresIn: 315_360_001 }, 'expiresIn', /ten years/],
    [{ audience: 'SCIM', allowedNetworks: ['10.0.0.0/33'] }, 'allowedNetworks', /CIDR/],
    [{ audience: 'SCIM', allowedNetworks: ['10.1'] }, 'allowedNetworks', /CIDR/],
    [{ audience: 'SCIM', allowedNetworks: ['fe80::1%eth0'] }, 'allowedNetworks', /CIDR/],
    [{ audience: 'SCIM', name: 'x'.repeat(101) }, 'name', /100/],
    [{ audience: 'SCIM', name: 'a\0b' }, 'name', /text/],
  ])('%j is refused', async (input, field, sentence) => {
    const { accessToken, userErrors } = await own.ask('createToken', input);
    expect(accessToken).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'INVALID_VALUE', field, message: expect.stringMatching(sentence) }]);
  });

  test('nobody hands on more than they hold', async () => {
    const weak = await own.create({ audience: 'GRAPHQL', scopes: ['tokens:manage', 'users:read'], allowedNetworks: ['127.0.0.0/16'] });
    const theirs = manage(tenant, weak.accessToken);
    const made = await theirs.create({ audience: 'GRAPHQL' });
    expect(made.token).toMatchObject({ scopes: ['users:read', 'tokens:manage'], allowedNetworks: ['127.0.0.0/16'] });
    expect((await theirs.create({ audience: 'SCIM' })).token).toMatchObject({ scopes: ['users:read'] });
    for (const input of [
      { audience: 'SCIM', scopes: ['users:write'] },
      { audience: 'GRAPHQL', scopes: ['settings:manage'] },
      { audience: 'ADMIN' },
      { audience: 'SCIM', allowedNetworks: ['127.0.0.0/8'] },
      { audience: 'SCIM', allowedNetworks: ['127.0.0.1', '::/0'] },
    ]) {
      expect(await theirs.codeOf('createToken', input), JSON.stringify(input)).toBe('FORBIDDEN');
    }
    const { token: strong } = await own.create({ audience: 'SCIM' });
    expect(await theirs.codeOf('rotateToken', { id: strong['id'] })).toBe('FORBIDDEN');
    const { token: wide } = await own.create({ audience: 'SCIM', scopes: ['users:read'] });
    expect(await theirs.codeOf('rotateToken', { id: wide['id'] })).toBe('FORBIDDEN');
    expect((await own.read(String(strong['id'])))['rotatedTo']).toBeNull();
  });

  test('nobody gets by way of a client what they do not hold', async () => {
    const { data } = await tenant.graphql('{ clients { nodes { id } } }');
    const {
      nodes: [client],
    } = data!['clients'] as unknown as { nodes: { id: string }[] };
    const { id } = client!;
    for (const wishes of [{ scopes: ['tokens:manage', 'users:read'] }, { allowedNetworks: ['127.0.0.0/8'] }]) {
      const { accessToken } = await own.create({ audience: 'GRAPHQL', ...wishes });
      const theirs = manage(tenant, accessToken);
      for (const [name, document, input] of [
        ['createClient', 'mutation ($input: CreateClientInput!) { createClient(input: $input) { clientSecret } }', { name: 'Way round' }],
        [
          'rotateClientSecret',
          'mutation ($input: RotateClientSecretInput!) { rotateClientSecret(input: $input) { clientSecret } }',
          { id },
        ],
      ] as const) {
        const { text } = await exchange(
          (await world()).identityUrl,
          'POST',
          '/graphql',
          { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` },
          { query: document, variables: { input } },
        );
        expect(text, name).toMatch(/FORBIDDEN/);
        expect(text).not.toContain('condecosecret');
      }
      expect((await theirs.create({ audience: 'SCIM' })).token).toBeDefined();
    }
  });

  test('without "tokens:manage" there is nothing to see and nothing to do', async () => {
    const { accessToken, token } = await own.create({
      audience: 'GRAPHQL',
      scopes: ['users:read', 'users:write', 'groups:read', 'groups:write', 'changes:read', 'settings:manage'],
    });
    const theirs = manage(tenant, accessToken);
    expect(await theirs.codeOf('createToken', { audience: 'SCIM' })).toBe('FORBIDDEN');
    expect(await theirs.codeOf('rotateToken', { id: token['id'] })).toBe('FORBIDDEN');
    expect(await theirs.codeOf('revokeToken', { id: token['id'] })).toBe('FORBIDDEN');
    expect(await theirs.codeOf('revokeTokens', { all: true })).toBe('FORBIDDEN');
    for (const query of ['{ tokens { totalCount } }', `{ token(id: "${String(token['id'])}") { id } }`]) {
      expect((await theirs.graphql(query)).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    }
  });
});

describe('tokens', () => {
  test('are listed newest first, in pages either way, and counted', async () => {
    const fresh = manage(await newTenant());
    const names = ['a', 'b', 'c', 'd', 'e'];
    for (const name of names) await fresh.create({ audience: 'SCIM', name });
    const forward = await fresh.list('first: 3');
    expect(forward.totalCount).toBe(7); // and the two with which the tenant works
    expect(forward.nodes.map(({ name }) => name)).toEqual(['e', 'd', 'c']);
    const next = await fresh.list(`first: 2, after: "${forward.pageInfo.endCursor}"`);
    expect(next.nodes.map(({ name }) => name)).toEqual(['b', 'a']);
    const back = await fresh.list(`last: 2, before: "${next.pageInfo.startCursor}"`);
    expect(back.nodes.map(({ name }) => name)).toEqual(['d', 'c']);
    expect(back.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    expect((await fresh.graphql('{ tokens(first: 1, after: "x") { totalCount } }')).errors?.[0]?.extensions?.code).toBe('INVALID_CURSOR');
  });

  test('are found by state, client, audience, idleness and end', async () => {
    const fresh = manage(await newTenant());
    const short = (await fresh.create({ audience: 'SCIM', name: 'short', expiresIn: 3600 })).token;
    const long = (await fresh.create({ audience: 'SCIM', name: 'long', expiresIn: 315_360_000 })).token;
    await fresh.ask('revokeToken', { id: (await fresh.create({ audience: 'SCIM', name: 'gone' })).token['id'] });
    const named = async (filter: string) => (await fresh.list(`filter: {${filter}}`)).nodes.flatMap(({ name }) => name ?? []);
    expect(await named('state: REVOKED')).toEqual(['gone']);
    expect(await named('state: LIVE')).toEqual(['long', 'short']);
    expect(await named('state: EXPIRED')).toEqual([]);
    expect(await named('expiringWithinDays: 30')).toEqual(['short']);
    expect(await named('audience: GRAPHQL')).toEqual([]);
    expect(await named('clientId: "nobody"')).toEqual([]);
    expect(await named(`clientId: "${fresh.tenant.clientId}", state: LIVE`)).toEqual(['long', 'short']);
    expect(await named('unusedForDays: 0, state: LIVE')).toEqual(['long', 'short']);
    expect(await named('unusedForDays: 1')).toEqual([]);
    expect((await fresh.graphql('{ tokens(filter: { unusedForDays: -1 }) { totalCount } }')).errors?.[0]?.extensions?.code).toBe(
      'INVALID_VALUE',
    );
    expect(new Set([short['id'], long['id']]).size).toBe(2);
  });

  test('say within seconds when, from where and by what they were last used', async () => {
    const { accessToken, token } = await own.create({ audience: 'SCIM' });
    expect(await statusOf(accessToken)).toBe(200);
    await tenant.scim('GET', '/Users', undefined, {
      authorization: `Bearer ${accessToken}`,
      'user-agent': 'Second use',
      'x-forwarded-for': '192.0.2.9',
    });
    const first = await own.until(String(token['id']), ({ lastUsed }) => lastUsed !== null);
    // Once a minute: the second use is not noted.
    expect(first['lastUsed']).toMatchObject({ address: tenant.address, userAgent: expect.not.stringContaining('Second') });
    expect(first['lastUsedAt']).toBe((first['lastUsed'] as { at: string }).at);
    expect(Math.abs(Date.now() - Date.parse(String(first['lastUsedAt'])))).toBeLessThan(10_000);
  });
});

describe('rotateToken', () => {
  test('gives a new token of the same family and kind; both are good during the overlap', async () => {
    const old = await own.create({ audience: 'SCIM', name: 'Okta', scopes: ['users:read', 'groups:read'], expiresIn: 86_400 });
    const { accessToken, token, previous, expiresIn } = await own.rotate({ id: old.token['id'], overlapSeconds: 600 });
    expect(expiresIn).toBe(86_400);
    expect(token).toMatchObject({
      name: 'Okta',
      scopes: ['users:read', 'groups:read'],
      family: old.token['id'],
      rotatedFrom: old.token['id'],
      rotatedTo: null,
      clientId: tenant.clientId,
    });
    expect(previous).toMatchObject({ id: old.token['id'], state: 'LIVE', rotatedTo: token['id'] });
    expect(Math.abs(Date.parse(String(previous['expiresAt'])) - Date.now() - 600_000)).toBeLessThan(10_000);
    expect([await statusOf(old.accessToken), await statusOf(accessToken)]).toEqual([200, 200]);
    const again = await own.rotate({ id: token['id'], overlapSeconds: 0 });
    expect(again.token).toMatchObject({ family: old.token['id'], rotatedFrom: token['id'] });
    expect([await statusOf(accessToken), await statusOf(again.accessToken)]).toEqual([401, 200]);
  });

  test('is done once, however many ask at once, and of live tokens only', async () => {
    const { token } = await own.create({ audience: 'SCIM' });
    const answers = await Promise.all(Array.from({ length: 6 }, () => own.ask('rotateToken', { id: token['id'] })));
    expect(answers.filter(({ accessToken }) => accessToken !== null)).toHaveLength(1);
    for (const { userErrors } of answers.filter(({ accessToken }) => accessToken === null)) {
      expect(userErrors).toMatchObject([{ code: 'CONFLICT', message: expect.stringMatching(/successor/) }]);
    }
    const gone = (await own.create({ audience: 'SCIM' })).token;
    await own.ask('revokeToken', { id: gone['id'] });
    expect((await own.ask('rotateToken', { id: gone['id'] })).userErrors).toMatchObject([
      { code: 'CONFLICT', message: expect.stringMatching(/revoked/) },
    ]);
    for (const overlapSeconds of [-1, 604_801]) {
      expect((await own.ask('rotateToken', { id: token['id'], overlapSeconds })).userErrors).toMatchObject([{ field: 'overlapSeconds' }]);
    }
  });
});

describe('revokeTokens', () => {
  test('ends all of a client, also those that its tokens have made, and leaves the others', async () => {
    const fresh = await newTenant();
    const theirs = manage(fresh);
    const { accessToken } = await theirs.create({ audience: 'SCIM' });
    const byOperator = String(
      (await (await world()).admin(AS_OPERATOR, { input: { tenantId: fresh.id, audience: 'SCIM' } })).data?.['createToken']?.[
        'accessToken'
      ],
    );
    expect([await statusOf(accessToken, 'GET', undefined, fresh), await statusOf(byOperator, 'GET', undefined, fresh)]).toEqual([200, 200]);
    expect(await theirs.codeOf('revokeTokens', { clientId: 'nobody' })).toBe('NOT_FOUND');
    expect(await theirs.codeOf('revokeTokens', { clientId: tenant.clientId })).toBe('NOT_FOUND');
    expect(await theirs.codeOf('revokeTokens', { all: false })).toBe('INVALID_VALUE');
    expect(await theirs.codeOf('revokeTokens', { all: true, clientId: fresh.clientId })).toBe('INVALID_VALUE');
    for (const input of [{}, { id: NEVER_WAS, token: accessToken }]) {
      expect(await theirs.codeOf('revokeToken', input)).toBe('INVALID_VALUE');
    }
    expect(await theirs.ask('revokeTokens', { clientId: fresh.clientId })).toMatchObject({ revoked: 3, userErrors: [] });
    expect([
      await statusOf(accessToken, 'GET', undefined, fresh),
      await statusOf(fresh.token, 'GET', undefined, fresh),
      await statusOf(byOperator, 'GET', undefined, fresh),
    ]).toEqual([401, 401, 200]);
    expect((await theirs.graphql('{ caller { scopes } }')).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
    const all = await (
      await world()
    ).admin(
      'mutation ($tenantId: ID!) { revokeTokens(input: { all: true, tenantId: $tenantId }) { revoked effectiveAt userErrors { code } } }',
      { tenantId: fresh.id },
    );
    expect(all.data?.['revokeTokens']).toMatchObject({ revoked: 1, userErrors: [] });
    expect(await statusOf(byOperator, 'GET', undefined, fresh)).toBe(401);
    expect(await statusOf(tenant.token)).toBe(200);
  });
});

describe('another tenant', () => {
  test('is none: its tokens, its id, and an id that never was are the same', async () => {
    const other = await newTenant();
    const foreign = String((await manage(other).create({ audience: 'SCIM' })).token['id']);
    const asked = async (query: string, id: string) => {
      const { status, data, errors } = await own.graphql(query, { id });
      return JSON.stringify({ status, data, errors })
        .replaceAll(id, '<id>')
        .replaceAll(/"requestId":"[^"]*"/g, '');
    };
    for (const query of [
      'query ($id: ID!) { token(id: $id) { id } }',
      'mutation ($id: ID!) { revokeToken(input: { id: $id }) { revokedId userErrors { code message field } } }',
      'mutation ($id: ID!) { rotateToken(input: { id: $id }) { accessToken userErrors { code message field } } }',
    ]) {
      expect(await asked(query, foreign)).toBe(await asked(query, NEVER_WAS));
    }
    for (const query of [
      'query ($id: ID!) { tokens(tenantId: $id) { totalCount } }',
      'query ($id: ID!) { token(id: "x", tenantId: $id) { id } }',
      'query ($id: ID!) { tokenPolicy(tenantId: $id) { maxLifetime } }',
      'mutation ($id: ID!) { createToken(input: { audience: SCIM, tenantId: $id }) { accessToken userErrors { code message field } } }',
      'mutation ($id: ID!) { revokeTokens(input: { all: true, tenantId: $id }) { revoked userErrors { code message field } } }',
      'mutation ($id: ID!) { updateTokenPolicy(input: { maxLifetime: 60, tenantId: $id }) { policy { maxLifetime } userErrors { code message field } } }',
    ]) {
      expect(await asked(query, other.id)).toBe(await asked(query, NEVER_WAS));
      expect(await asked(query, other.id)).toMatch(/NOT_FOUND/);
    }
    expect((await manage(other).read(foreign))['state']).toBe('LIVE');
    expect(await statusOf(other.token, 'GET', undefined, other)).toBe(200);
  });

  test('is any, for operators: they make, list, replace and revoke, and make no operators of tenants', async () => {
    const other = await newTenant();
    const { admin } = await world();
    const made = (await admin(AS_OPERATOR, { input: { tenantId: other.id, audience: 'SCIM', name: 'By the operator' } })).data?.[
      'createToken'
    ] as { accessToken: string; token: { id: string } };
    expect(await statusOf(made.accessToken, 'GET', undefined, other)).toBe(200);
    const { data } = await admin('query ($tenantId: ID!) { tokens(tenantId: $tenantId, first: 1) { nodes { name } } }', {
      tenantId: other.id,
    });
    expect(data?.['tokens']).toMatchObject({ nodes: [{ name: 'By the operator' }] });
    const rotated = await admin(
      'mutation ($tenantId: ID!, $id: ID!) { rotateToken(input: { id: $id, overlapSeconds: 0, tenantId: $tenantId }) { accessToken } }',
      { tenantId: other.id, id: made.token.id },
    );
    expect(await statusOf(String(rotated.data?.['rotateToken']?.['accessToken']), 'GET', undefined, other)).toBe(200);
    await admin('mutation ($id: ID!) { suspendTenant(input: { tenantId: $id, reason: "Test" }) { userErrors { code } } }', {
      id: other.id,
    });
    expect(JSON.stringify(await admin(AS_OPERATOR, { input: { tenantId: other.id, audience: 'SCIM' } }))).toMatch(/TENANT_SUSPENDED/);
    expect((await admin(AS_OPERATOR, { input: { tenantId: other.id, audience: 'ADMIN' } })).errors?.[0]?.extensions?.code).toBe(
      'FORBIDDEN',
    );
    expect((await admin(AS_OPERATOR, { input: { audience: 'SCIM' } })).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    const operator = (await admin(AS_OPERATOR, { input: { audience: 'ADMIN', scopes: ['changes:read', 'tokens:manage'] } })).data?.[
      'createToken'
    ] as { accessToken: string };
    const { identityUrl } = await world();
    const answer = await exchange(
      identityUrl,
      'POST',
      '/graphql',
      { 'content-type': 'application/json', authorization: `Bearer ${operator.accessToken}` },
      { query: 'mutation { createTenant(input: { name: "No" }) { clientId } }' },
    );
    expect(answer.text).toMatch(/FORBIDDEN/);
    const client = await exchange(
      identityUrl,
      'POST',
      '/graphql',
      { 'content-type': 'application/json', authorization: `Bearer ${operator.accessToken}` },
      { query: 'mutation { createClient(input: { name: "Of the operators" }) { clientSecret } }' },
    );
    expect(client.text).toMatch(/lacks the scope \\"tenants:manage/); // its secret would open the operators' own tenant
  });
});

describe("an operator's token", () => {
  const ROTATE =
    'mutation ($tenantId: ID!, $id: ID!) { rotateToken(input: { id: $id, overlapSeconds: 0, tenantId: $tenantId }) { accessToken userErrors { code } } }';
  const LIST = 'query ($tenantId: ID!) { tokens(tenantId: $tenantId, first: 1, filter: { audience: SCIM }) { nodes { id } } }';

  /** How a token that the administrator has made asks. */
  async function operatorWith(wishes: object) {
    const { admin, identityUrl } = await world();
    const made = (await admin(AS_OPERATOR, { input: { audience: 'ADMIN', ...wishes } })).data?.['createToken'] as { accessToken: string };
    return async (query: string, variables: object) =>
      (
        await exchange(
          identityUrl,
          'POST',
          '/graphql',
          { 'content-type': 'application/json', authorization: `Bearer ${made.accessToken}` },
          { query, variables },
        )
      ).text;
  }

  test('without the right to manage tenants lists and ends their tokens, and makes none', async () => {
    const other = await newTenant();
    const ask = await operatorWith({ scopes: ['tokens:manage'] });
    const id = (JSON.parse(await ask(LIST, { tenantId: other.id })) as { data: { tokens: { nodes: [{ id: string }] } } }).data.tokens
      .nodes[0].id;
    expect(await ask(AS_OPERATOR, { input: { audience: 'GRAPHQL', tenantId: other.id } })).toMatch(/lacks the scope \\"tenants:manage/);
    expect(await ask(ROTATE, { tenantId: other.id, id })).toMatch(/lacks the scope \\"tenants:manage/);
    expect(await statusOf(other.token, 'GET', undefined, other)).toBe(200);
    await ask('mutation ($tenantId: ID!, $id: ID!) { revokeToken(input: { id: $id, tenantId: $tenantId }) { effectiveAt } }', {
      tenantId: other.id,
      id,
    });
    expect(await statusOf(other.token, 'GET', undefined, other)).toBe(401);
  });

  test('that is bound to networks binds what it makes', async () => {
    const other = await newTenant();
    const ask = await operatorWith({ allowedNetworks: ['127.0.0.0/8', '::1'] });
    const query = 'mutation ($input: CreateTokenInput!) { createToken(input: $input) { token { allowedNetworks } userErrors { code } } }';
    const make = (allowedNetworks?: string[]) => ask(query, { input: { audience: 'SCIM', tenantId: other.id, allowedNetworks } });
    expect(await make()).toMatch(/"allowedNetworks":\["127.0.0.0\/8","::1\/128"\]/);
    expect(await make(['127.0.0.1'])).toMatch(/"allowedNetworks":\["127.0.0.1\/32"\]/);
    expect(await make(['0.0.0.0/0'])).toMatch(/FORBIDDEN/);
  });
});

describe('issueToken', () => {
  test("takes scopes, a name and networks for a client's credentials, too", async () => {
    const { identityUrl } = await world();
    const input = { clientId: tenant.clientId, clientSecret: tenant.clientSecret, scopes: ['users:read'], name: 'Reader' };
    const query =
      'mutation ($input: IssueTokenInput!) { issueToken(input: $input) { token { name scopes createdBy { tokenId clientId } } userErrors { code message } } }';
    const send = (over: object) =>
      exchange(
        identityUrl,
        'POST',
        '/graphql',
        { 'content-type': 'application/json' },
        { query, variables: { input: { ...input, ...over } } },
      );
    expect(JSON.parse((await send({})).text).data.issueToken.token).toEqual({
      name: 'Reader',
      scopes: ['users:read'],
      createdBy: { tokenId: null, clientId: tenant.clientId },
    });
    expect(JSON.parse((await send({ scopes: ['tenants:manage'] })).text).data.issueToken.userErrors).toMatchObject([
      { code: 'INVALID_VALUE' },
    ]);
    expect((await send({ audience: 'ADMIN' })).text).toMatch(/FORBIDDEN/);
  });
});
