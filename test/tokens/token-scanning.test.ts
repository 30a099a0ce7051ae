/** Leaked tokens reported by scanners: ours are revoked, whoever owns them, and the report answers which they were. */
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { newToken } from '../../services/identity/domain/tokens/token-format.js';
import { exchange } from '../support/http.js';
import { manage } from '../support/tokens.js';
import { newTenant, type Tenant, world } from '../support/world.js';

const PATH = '/token-scanning/revoke';
const URL = 'https://github.com/octocat/Hello-World/blob/12345600b9cbe38a219f39a9941c9319b600c002/foo/bar.txt';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant();
});

let reporter = 0;
/** From an address of its own each time, unless one is given. */
const report = async (body: object | string, address = `198.18.${Math.floor(reporter / 250)}.${(reporter += 1) % 250}`) =>
  exchange(
    (await world()).gatewayUrl,
    'POST',
    PATH,
    { 'content-type': 'application/json', 'x-forwarded-for': address },
    typeof body === 'string' ? body : JSON.stringify(body),
  );
const statusOf = async (token: string) => (await tenant.scim('GET', '/Users', undefined, { authorization: `Bearer ${token}` })).status;
const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

describe('a report', () => {
  test('as GitHub sends it revokes what is ours and labels each finding', async () => {
    const { accessToken, token } = await manage(tenant).create({ audience: 'SCIM' });
    expect(await statusOf(accessToken)).toBe(200);
    const unknown = newToken();
    const broken = `${accessToken.slice(0, -1)}${accessToken.endsWith('a') ? 'b' : 'a'}`;
    const answer = await report(
      [accessToken, unknown, broken, 'ghp_nonsense'].map((found) => ({
        token: found,
        type: 'condeco_access_token',
        url: URL,
        source: 'content',
      })),
    );
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(JSON.parse(answer.text)).toEqual(
      [
        [accessToken, 'true_positive'],
        [unknown, 'false_positive'],
        [broken, 'false_positive'],
        ['ghp_nonsense', 'false_positive'],
      ].map(([found, label]) => ({ token_hash: hashOf(found!), token_type: 'condeco_access_token', label })),
    );
    expect(answer.text).not.toContain(accessToken);
    expect(await statusOf(accessToken)).toBe(401);
    expect((await manage(tenant).read(String(token['id'])))['state']).toBe('REVOKED');
    // The same again is as true, and changes nothing.
    expect(JSON.parse((await report([{ token: accessToken, type: 't' }])).text)).toEqual([
      { token_hash: hashOf(accessToken), token_type: 't', label: 'true_positive' },
    ]);
  });

  test('of a hundred tokens with long addresses is taken as well', async () => {
    const { accessToken } = await manage(tenant).create({ audience: 'SCIM' });
    const found = Array.from({ length: 100 }, (_, at) => ({
      token: at === 99 ? accessToken : newToken(),
      url: `${URL}?${'x'.repeat(2000)}`,
    }));
    const answer = await report(found);
    expect(answer.status, answer.text).toBe(200);
    expect((JSON.parse(answer.text) as { readonly label: string }[]).map(({ label }) => label)).toEqual(
      found.map((_, at) => (at === 99 ? 'true_positive' : 'false_positive')),
    );
    expect(await statusOf(accessToken)).toBe(401);
  });

  test('may be an object with tokens alone', async () => {
    const { accessToken } = await manage(tenant).create({ audience: 'GRAPHQL' });
    const answer = await report({ tokens: [accessToken, accessToken] });
    const one = { token_hash: hashOf(accessToken), token_type: 'condeco_access_token', label: 'true_positive' };
    expect(JSON.parse(answer.text)).toEqual({ tokens: [one, one] });
    expect((await manage(tenant, accessToken).graphql('{ caller { scopes } }')).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });

  test('revokes, however much of the place is told, and wherever that has to be cut', async () => {
    const { accessToken } = await manage(tenant).create({ audience: 'SCIM' });
    const answer = await report([{ token: accessToken, url: `${'x'.repeat(1999)}😀`, source: '😀'.repeat(3000) }]);
    expect(answer.status, answer.text).toBe(200);
    expect(await statusOf(accessToken)).toBe(401);
  });

  test('leaves a record with the place for the owner', async (context) => {
    const { query } = await world();
    if (!query) return context.skip('needs a database server');
    const { accessToken, token } = await manage(tenant).create({ audience: 'SCIM' });
    await report([{ token: accessToken, type: 't', url: `${URL}\0`, source: 'commit' }, { token: accessToken }], '198.51.100.9');
    const rows = await query(
      `select tenant_id, kind, door, address, after from change where subject_id = '${String(token['id'])}' and kind = 'TOKEN_REVOKED'`,
    );
    expect(rows).toEqual([
      {
        tenant_id: tenant.id,
        kind: 'TOKEN_REVOKED',
        door: 'scanner',
        address: '198.51.100.9',
        after: { leaked: { type: 't', url: URL, source: 'commit' } },
      },
    ]);
  });

  test.each([
    ['of a text', '"x"'],
    ['without findings', '{}'],
    ['of a place without a token', '[{"url":"x"}]'],
    ['of a number', '[1]'],
    ['of nothing at all', ''],
    ['that breaks off', '{"tokens":'],
    ['of 101 tokens', JSON.stringify(Array.from({ length: 101 }, () => newToken()))],
  ])('%s is refused with what to send', async (_, body) => {
    const answer = await report(body);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(answer.text)).toMatchObject({ status: 400, detail: expect.stringMatching(/\w{3,}.*\.$/) });
  });

  test('of nothing is answered with nothing, and of a hundred with a hundred', async () => {
    expect((await report([])).text).toBe('[]');
    expect(JSON.parse((await report(Array.from({ length: 100 }, () => newToken()))).text)).toHaveLength(100);
  });

  test('is taken so often from one address, and then later', async () => {
    // A busy machine may count some in Redis and some beside it: then it takes more than sixty.
    let answer = await report([newToken()], '198.51.100.77');
    for (let attempt = 0; attempt < 250 && answer.status === 200; attempt += 1) answer = await report([newToken()], '198.51.100.77');
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect((await report([newToken()])).status).toBe(200);
  });
});
