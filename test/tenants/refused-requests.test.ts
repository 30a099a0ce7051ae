/**
 * What was refused over SCIM is there for support: what came, what was answered, how often; without secrets, within bounds, and nobody
 * waits for it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { filtered, groupBody, patchOp, userBody } from '../support/scim.js';
import { newTenant, startSystem, type System, type Tenant, world } from '../support/world.js';
import { createOwnEmbedded, type OwnStore } from '../support/own-store.js';

interface Refused {
  readonly firstAt: string;
  readonly lastAt: string;
  readonly times: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly scimType: string | null;
  readonly detail: string;
  readonly body: string | null;
  readonly requestId: string;
  readonly tokenId: string;
  readonly tokenName: string | null;
  readonly userAgent: string | null;
  readonly address: string;
}
interface Page {
  readonly nodes: readonly Refused[];
  readonly edges: readonly { readonly cursor: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly totalCount: number;
}

const QUERY = `query ($first: Int, $after: String, $text: String, $status: Int) { caller { tenant { refusedRequests(first: $first, after: $after, text: $text, status: $status) {
  nodes { firstAt lastAt times method path status scimType detail body requestId tokenId tokenName userAgent address } edges { cursor } pageInfo { hasNextPage endCursor } totalCount
} } } }`;
const LONGEST_WAIT = 10_000;
const SCIM = '/scim/api/V1';

async function read(tenant: Tenant, variables: object = {}): Promise<Page> {
  const { data, errors } = await tenant.graphql(QUERY, variables);
  expect(errors).toBeUndefined();
  return (data!['caller']!['tenant'] as { refusedRequests: Page }).refusedRequests;
}

const total = ({ nodes }: Page) => nodes.reduce((sum, { times }) => sum + times, 0);

/** Reads when so many refusals have been told. */
async function readAll(tenant: Tenant, count: number, variables: object = {}): Promise<readonly Refused[]> {
  const started = performance.now();
  for (;;) {
    const page = await read(tenant, variables);
    if (total(page) >= count || performance.now() - started > LONGEST_WAIT) {
      expect(total(page)).toBe(count);
      return page.nodes;
    }
    await sleep(100);
  }
}

describe.concurrent('a refused request', () => {
  test('tells what came, what was answered, when, from whom and in which request', async () => {
    const tenant = await newTenant();
    await tenant.scim('POST', '/Users', userBody('ann@x.com'));
    const headers = { 'user-agent': 'Okta SCIM Client 1.0.0', 'x-request-id': 'refused-one' };
    const { status, body } = await tenant.scim('POST', '/Users', userBody('Ann@x.com', { title: 'Engineer' }), headers);
    expect(status).toBe(409);
    const [refused] = await readAll(tenant, 1);
    expect(refused).toMatchObject({
      times: 1,
      method: 'POST',
      path: `${SCIM}/Users`,
      status: 409,
      scimType: 'uniqueness',
      detail: body['detail'],
      requestId: 'refused-one',
      userAgent: 'Okta SCIM Client 1.0.0',
      address: tenant.address,
    });
    expect(JSON.parse(refused!.body!)).toMatchObject({ userName: 'Ann@x.com', title: 'Engineer' });
    expect(refused!.tokenId).toMatch(/^[0-9a-f-]{36}$/);
    for (const time of [refused!.firstAt, refused!.lastAt]) expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
  });

  test('of any kind: look-ups, changes, unknown addresses; what went well, or came with no token of ours, is not there', async () => {
    const tenant = await newTenant();
    expect((await tenant.scim('POST', '/Users', userBody('well@x.com'))).status).toBe(201);
    expect((await tenant.scim('GET', filtered('/Users', 'userName eq "nobody"'))).status).toBe(200);
    for (const authorization of [undefined, 'Bearer nonsense', `Bearer ${tenant.token.slice(0, -1)}`]) {
      expect((await tenant.scim('GET', '/Users/7', undefined, { authorization })).status).toBe(401);
    }
    expect((await tenant.scim('GET', filtered('/Users', 'userName eqq "ann+1@x.com"'))).status).toBe(400);
    expect((await tenant.scim('PATCH', '/Users/7', patchOp({ op: 'replace', path: 'active', value: 'perhaps' }))).status).toBe(400);
    expect((await tenant.scim('GET', '/Nothing')).status).toBe(404);
    expect((await tenant.scim('POST', '/Users', '{"userName": "broken", "password": "not-to-be-seen-1"')).status).toBe(400);
    const refused = await readAll(tenant, 4);
    expect(refused.map(({ method, path, status }) => `${method} ${path.slice(SCIM.length)} ${status}`).toSorted()).toEqual([
      'GET /Nothing 404',
      'GET /Users?filter=userName eqq "ann+1@x.com" 400',
      'PATCH /Users/7 400',
      'POST /Users 400',
    ]);
    expect(refused.find(({ method }) => method === 'POST')!.body).toBeNull();
  });

  test('may be an operation of a Bulk request that was answered 200', async () => {
    const tenant = await newTenant();
    const secret = 'not-to-be-seen-3';
    const { status } = await tenant.scim(
      'POST',
      '/Bulk',
      {
        Operations: [
          { method: 'POST', path: '/Users', bulkId: 'a', data: userBody('bulk@x.com') },
          { method: 'POST', path: '/Users', bulkId: 'b', data: userBody('Bulk@x.com', { password: secret }) },
          { method: 'patch', path: '/Users/bulkId:a', data: patchOp({ op: 'replace', path: 'active', value: 'perhaps' }) },
          { method: 'DELETE', path: '/Users/nobody' },
          secret,
        ],
      },
      { 'x-request-id': 'refused-bulk' },
    );
    expect(status).toBe(200);
    const refused = await readAll(tenant, 4);
    expect(refused.map(({ method, path, status: answered }) => `${method} ${path.slice(SCIM.length)} ${answered}`).toSorted()).toEqual([
      'DELETE /Bulk → /Users/nobody 404',
      'PATCH /Bulk → /Users/bulkId:a 400',
      'POST /Bulk 400',
      'POST /Bulk → /Users 409',
    ]);
    expect(refused.every(({ requestId }) => requestId === 'refused-bulk')).toBe(true);
    expect(JSON.stringify(refused)).not.toContain(secret);
    expect(refused.map(({ body }) => body).filter((body) => body !== null)).toEqual(
      expect.arrayContaining([expect.stringContaining('"Bulk@x.com"'), expect.stringContaining('"perhaps"')]),
    );
  });

  test('shows no secret, and of a long body the beginning', async () => {
    const tenant = await newTenant();
    const secret = 'not-to-be-seen-2';
    const requests: [string, string, object?][] = [
      ['POST', '/Users', userBody('', { password: secret, Password: secret, clientSecret: { deep: secret } })],
      [
        'PATCH',
        '/Users/7',
        patchOp(
          { op: 'replace', path: 'password', value: secret },
          { op: 'add', value: { password: secret } },
          { op: 'replace', path: 'active', value: 'perhaps' },
        ),
      ],
      ['GET', filtered('/Users', `password eq "${secret}" and title eqq "x"`)],
      [
        'POST',
        '/Users/.search',
        { schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'], filter: `password eq "${secret}" and title eqq "x"` },
      ],
      ['GET', `/Nothing?access_token=${secret}`],
      ['GET', `/Nothing?%70assword=p%26${secret}&x=1`],
      ['GET', filtered('/Users', `password[value eq "${secret}"] eqq "x"`)],
      ['GET', filtered('/Users', `password eq ${secret}`)],
      ['GET', filtered('/Users', `(userPassword eq '${secret} ${secret}')`)],
      ['PATCH', '/Users/8', { Operations: [{ Op: 'Replace', PATH: 'PassWord', VALUE: secret }] }],
      [
        'PATCH',
        '/Users/9',
        {
          Operations: [
            { op: 'replace', path: ['password'], value: secret },
            { name: 'passphrase', value: [secret] },
          ],
        },
      ],
      [
        'PATCH',
        '/Users/10',
        patchOp(
          { op: 'replace', path: 'active', value: JSON.stringify({ password: secret }) },
          { op: 'add', path: 'title', value: JSON.stringify([JSON.stringify({ passcode: secret })]) },
        ),
      ],
    ];
    for (const [method, path, body] of requests) expect((await tenant.scim(method, path, body)).status, path).toBeGreaterThanOrEqual(400);
    const members = Array.from({ length: 5000 }, (_, at) => `no-such-user-${at}`);
    expect((await tenant.scim('POST', '/Groups', groupBody('Large', members))).status).toBe(400);
    const refused = await readAll(tenant, requests.length + 1);
    expect(JSON.stringify(refused)).not.toContain(secret);
    expect(JSON.stringify(refused)).toContain('***');
    const { body } = refused.find(({ path }) => path.endsWith('/Groups'))!;
    expect(body).toMatch(/^\{"schemas".*"displayName":"Large".*no-such-user-7.*…$/);
    expect(body!.length).toBeLessThan(8200);
  });

  test('that is repeated counts up, and is the newest again', async () => {
    const tenant = await newTenant();
    const repeat = (requestId: string) => tenant.scim('DELETE', '/Users/repeated', undefined, { 'x-request-id': requestId });
    for (const id of ['one', 'two', 'three']) expect((await repeat(id)).status).toBe(404);
    await readAll(tenant, 3);
    await tenant.scim('DELETE', '/Users/another');
    await readAll(tenant, 4);
    await repeat('four');
    const [first, second] = await readAll(tenant, 5);
    expect([first, second]).toMatchObject([
      { path: `${SCIM}/Users/repeated`, times: 4, requestId: 'four' },
      { path: `${SCIM}/Users/another`, times: 1 },
    ]);
    expect(first!.firstAt < first!.lastAt).toBe(true);
  });

  test('is found by a text and by its status, and in pages', async () => {
    const tenant = await newTenant();
    for (const id of ['a', 'b', 'c']) {
      await tenant.scim('GET', `/Users/${id}`);
      await readAll(tenant, 'abc'.indexOf(id) + 1);
    }
    await tenant.scim('POST', '/Users', userBody('', { displayName: 'Ann 100%' }));
    await readAll(tenant, 4);
    expect((await read(tenant, { status: 404 })).nodes).toHaveLength(3);
    for (const [text, count] of [
      ['aNN 100%', 1],
      ['/users/B', 1],
      ['100_', 0],
      ['', 4],
    ] as const) {
      expect((await read(tenant, { text })).nodes, text).toHaveLength(count);
    }
    const page = await read(tenant, { first: 2, status: 404 });
    expect(page.nodes.map(({ path }) => path.at(-1))).toEqual(['c', 'b']);
    const rest = await read(tenant, { first: 2, status: 404, after: page.pageInfo.endCursor });
    expect(rest.nodes.map(({ path }) => path.at(-1))).toEqual(['a']);
    expect([page.totalCount, rest.totalCount]).toEqual([3, 3]);
    expect([page.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
    const { errors } = await tenant.graphql(QUERY, { after: 'nonsense' });
    expect(errors?.[0]?.extensions?.code).toBe('INVALID_CURSOR');
  });

  test('is for its tenant, with the scope for changes, and for operators', async () => {
    const [tenant, other] = [await newTenant(), await newTenant()];
    await tenant.scim('GET', '/Users/hidden');
    await readAll(tenant, 1);
    expect((await read(other)).nodes).toEqual([]);
    const {
      pageInfo: { endCursor },
    } = await read(tenant);
    await other.scim('GET', '/Users/before');
    await readAll(other, 1);
    expect((await read(other, { after: endCursor })).nodes).toEqual([]);
    expect((await read(tenant, { after: (await read(other)).pageInfo.endCursor })).nodes.map(({ path }) => path)).toEqual([
      `${SCIM}/Users/hidden`,
    ]);
    const { admin, identityUrl } = await world();
    const { data } = await admin(`{ tenant(id: "${tenant.id}") { refusedRequests { nodes { path } } } }`);
    expect(data).toEqual({ tenant: { refusedRequests: { nodes: [{ path: `${SCIM}/Users/hidden` }] } } });
    const created = await tenant.graphql(
      'mutation { createToken(input: { audience: GRAPHQL, scopes: ["users:read"], expiresIn: 3600 }) { accessToken userErrors { message } } }',
    );
    const authorization = `Bearer ${String(created.data!['createToken']!['accessToken'])}`;
    const answer = await fetch(`${identityUrl}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ query: QUERY }),
    });
    expect(JSON.stringify(await answer.json())).toContain('FORBIDDEN');
  });

  test('is told by the facade alone: what a tool tells is not kept', async () => {
    const tenant = await newTenant();
    const input = { requests: [{ method: 'GET', path: '/made-up', status: 404, detail: 'made up', requestId: 'x', times: 1 }] };
    const { data } = await tenant.graphql(
      'mutation ($input: ReportRefusedRequestsInput!) { reportRefusedRequests(input: $input) { kept userErrors { code } } }',
      { input },
    );
    expect(data).toEqual({ reportRefusedRequests: { kept: 0, userErrors: [] } });
    expect((await read(tenant)).nodes).toEqual([]);
  });
});

test('a flood adds few rows, and is answered as before', async () => {
  const tenant = await newTenant();
  const answers = await Promise.all(Array.from({ length: 400 }, (_, at) => tenant.scim('GET', `/Users/flood-${at}`)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
  await sleep(2500);
  const { totalCount } = await read(tenant);
  expect(totalCount).toBeGreaterThanOrEqual(20);
  expect(totalCount).toBeLessThan(200); // twenty a second, however many come
});

test('a tenant keeps a thousand, for thirty days', async (context) => {
  const { query } = await world();
  if (!query) return context.skip('needs a database server');
  const tenant = await newTenant();
  await query(`insert into refused_request (tenant_id, id, fingerprint, times, method, path, status, detail, request_id, token_id, address)
    select '${tenant.id}', ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, decode(lpad(to_hex(n), 8, '0'), 'hex'), 1, 'GET', '/old/' || n, 404, 'old', 'x', gen_random_uuid(), '' from generate_series(1, 1200) as n`);
  await tenant.scim('GET', '/Users/new');
  await readAll(tenant, 1, { text: '/Users/new' });
  await expect
    .poll(
      async () =>
        (
          await query(
            `select count(*)::integer as n, (array_agg(path order by id))[1] as oldest from refused_request where tenant_id = '${tenant.id}'`,
          )
        )[0],
    )
    .toEqual({ n: 1000, oldest: '/old/202' });
});

test('goes with its tenant', async (context) => {
  const { query, admin } = await world();
  if (!query) return context.skip('needs a database server');
  const tenant = await newTenant();
  await tenant.scim('GET', '/Users/gone');
  await readAll(tenant, 1);
  await admin('mutation ($input: DeleteTenantInput!) { deleteTenant(input: $input) { userErrors { code } } }', {
    input: { tenantId: tenant.id, confirmName: (await admin(`{ tenant(id: "${tenant.id}") { name } }`)).data!['tenant']!['name'] },
  });
  await expect
    .poll(async () => (await query(`select count(*)::integer as n from refused_request where tenant_id = '${tenant.id}'`))[0], {
      timeout: 30_000,
    })
    .toEqual({ n: 0 });
}, 40_000);

describe.runIf(inject('world') === 'embedded')('while the core is away', () => {
  let system: System;
  let own: OwnStore;
  beforeAll(async () => {
    own = await createOwnEmbedded();
    system = await startSystem({ database: own.location }, true);
  });
  afterAll(async () => {
    await system.close();
    await own.drop();
  });

  test('requests are answered without waiting for it, and the facade ends at once', async () => {
    const tenant = await system.newTenant();
    await system.stopCore();
    for (let at = 0; at < 5; at += 1) expect((await tenant.scim('GET', `/Users/${at}`)).status).toBe(503);
  });
});
