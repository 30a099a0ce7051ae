/** Tokens from the published token provider to their revocation, and what they are good for. */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Answer, exchange } from '../support/http.js';
import { expectScimError, userBody } from '../support/scim.js';
import { newTenant, type Tenant, world } from '../support/world.js';

const YEARS_10 = 315_360_000;
const TOKEN = /^condeco_[0-9A-Za-z]{49}$/;

let tenant: Tenant;

beforeAll(async () => {
  tenant = await newTenant();
});

const form = (over: Record<string, string> = {}) => ({
  scimClientId: tenant.clientId,
  scimClientSecret: tenant.clientSecret,
  grantType: 'password',
  ...over,
});

const scimStatus = async (token: string, of = tenant): Promise<number> =>
  (await of.scim('GET', '/Users?count=1', undefined, { authorization: `Bearer ${token}` })).status;

async function issue(over: Record<string, string> = {}): Promise<string> {
  const answer = await tenant.requestToken(form(over));
  expect(answer.status, answer.text).toBe(200);
  return String(answer.body['accessToken']);
}

/** The last letter changed to another one: well-formed but for its checksum. */
const broken = (token: string) => token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a');

describe('the token provider', () => {
  test('answers a form as published: token, type, seconds', async () => {
    const answer = await tenant.requestToken(form());
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.body).toEqual({ accessToken: expect.stringMatching(TOKEN), tokenType: 'bearer', expiresIn: expect.any(Number) });
    expect(answer.body['expiresIn']).toBeGreaterThan(84_590);
    expect(answer.body['expiresIn']).toBeLessThanOrEqual(84_600);
    expect(await scimStatus(String(answer.body['accessToken']))).toBe(200);
  });

  test('takes JSON too, with the number as a number', async () => {
    for (const expiry of ['3600', '3600.0']) {
      const answer = await tenant.requestToken(JSON.stringify({ ...form(), tokenExpiry: 7 }).replace('7}', `${expiry}}`), {
        'content-type': 'application/json',
      });
      expect(answer.status, answer.text).toBe(200);
      expect(answer.body['expiresIn']).toBeGreaterThan(3590);
      expect(answer.body['expiresIn']).toBeLessThanOrEqual(3600);
    }
  });

  test('is found in any case and with a slash at the end', async () => {
    const { gatewayUrl } = await world();
    for (const path of ['/api/v1/token', '/api/V1/token/', '/API/V1/Token']) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': tenant.address };
      expect((await exchange(gatewayUrl, 'POST', path, headers, new URLSearchParams(form()).toString())).status, path).toBe(200);
    }
  });

  test.each([60, 84_600, YEARS_10])('makes tokens for %i seconds', async (seconds) => {
    const answer = await tenant.requestToken(form({ tokenExpiry: String(seconds) }));
    expect(answer.status, answer.text).toBe(200);
    expect(answer.body['expiresIn']).toBeGreaterThan(seconds - 10);
    expect(answer.body['expiresIn']).toBeLessThanOrEqual(seconds);
  });

  test.each(['59', '0', '-1', '315360001', '1e3', '60.5', 'abc', '99999999999999999999'])(
    'refuses a life of %s seconds and says what is possible',
    async (tokenExpiry) => {
      const answer = await tenant.requestToken(form({ tokenExpiry }));
      expect(answer.status, answer.text).toBe(400);
      expect(answer.text).toMatch(/tokenExpiry/);
      expect(answer.text).toMatch(/60\b.*315[, ]?360[, ]?000/s);
      expect(answer.text).not.toContain(tenant.clientSecret);
    },
  );

  test('refuses another grant and names the right one', async () => {
    const answer = await tenant.requestToken(form({ grantType: 'client_credentials' }));
    expect(answer.status, answer.text).toBe(400);
    expect(answer.text).toMatch(/grantType/);
    expect(answer.text).toMatch(/password/);
  });

  test.each(['scimClientId', 'scimClientSecret', 'grantType'])('names %s where it is missing', async (name) => {
    const { [name]: _, ...rest } = form() as Record<string, string>;
    const answer = await tenant.requestToken(rest);
    expect(answer.status, answer.text).toBe(400);
    expect(answer.text).toContain(name);
  });

  test('does not tell a wrong secret from an unknown client', async () => {
    const wrongSecret = await tenant.requestToken(form({ scimClientSecret: 'condecosecret_wrong' }));
    const unknownClient = await tenant.requestToken(form({ scimClientId: 'nobody' }));
    expect(wrongSecret.status, wrongSecret.text).toBe(401);
    expect(unknownClient.status).toBe(401);
    expect(unknownClient.text.replaceAll('nobody', tenant.clientId)).toBe(wrongSecret.text);
    const comparable = ({ headers }: Answer) => Object.keys(headers).toSorted();
    expect(comparable(unknownClient)).toEqual(comparable(wrongSecret));
  });

  test("does not take one tenant's secret for another's", async () => {
    const other = await newTenant();
    expect((await tenant.requestToken(form({ scimClientSecret: other.clientSecret }))).status).toBe(401);
  });

  test.each(['GET', 'PUT', 'DELETE'])('%s is no way to ask', async (method) => {
    const answer = await exchange((await world()).gatewayUrl, method, '/api/V1/token');
    expect(answer.status).toBe(405);
    expect(answer.headers.allow).toMatch(/POST/);
  });

  test('refuses what is neither a form nor JSON', async () => {
    expect((await tenant.requestToken('<xml/>', { 'content-type': 'text/xml' })).status).toBe(415);
    expect((await tenant.requestToken('{"broken', { 'content-type': 'application/json' })).status).toBe(400);
    expect((await tenant.requestToken('[]', { 'content-type': 'application/json' })).status).toBe(400);
    expect((await tenant.requestToken('x'.repeat(2_000_000))).status).toBe(413);
  });
});

describe('guessing', () => {
  test('is slowed, with the seconds to wait, and only for whoever guesses', async () => {
    const victim = await newTenant();
    const guesser = { 'x-forwarded-for': '203.0.113.7' };
    const guess = (index: number) =>
      victim.requestToken({ scimClientId: victim.clientId, scimClientSecret: `condecosecret_${index}`, grantType: 'password' }, guesser);
    let answer = await guess(0);
    for (let index = 1; index < 200 && answer.status !== 429; index += 1) {
      expect(answer.status, answer.text).toBe(401);
      answer = await guess(index);
    }
    expect(answer.status).toBe(429);
    expect(answer.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    const right = { scimClientId: victim.clientId, scimClientSecret: victim.clientSecret, grantType: 'password' };
    expect((await victim.requestToken(right)).status).toBe(200);
    expect(await scimStatus(victim.token, victim)).toBe(200);
  });
});

describe('the right credentials', () => {
  test('are not slowed, however many ask at once', async () => {
    const busy = await newTenant();
    const right = { scimClientId: busy.clientId, scimClientSecret: busy.clientSecret, grantType: 'password' };
    const answers = await Promise.all(Array.from({ length: 40 }, () => busy.requestToken(right)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await busy.requestToken(right)).status).toBe(200);
  });
});

describe('a token', () => {
  test('is good at once, as soon as it is issued, any number of them', async () => {
    const [first, second] = [await issue(), await issue()];
    expect(first).not.toBe(second);
    expect([await scimStatus(first), await scimStatus(second), await scimStatus(first)]).toEqual([200, 200, 200]);
  });

  test('with a letter wrong is refused', async () => {
    const answer = await tenant.scim('GET', '/Users', undefined, { authorization: `Bearer ${broken(tenant.token)}` });
    expectScimError(answer, 401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b/);
  });

  test('that nobody issued is refused, however often', async () => {
    const unknown = 'condeco_0000000000000000000000000000000000000000000000000';
    for (let index = 0; index < 5; index += 1) expect(await scimStatus(unknown)).toBe(401);
  });

  test('is taken in any case of the word Bearer, with spaces to spare, and bare', async () => {
    const status = async (authorization: string) => (await tenant.scim('GET', '/Users', undefined, { authorization })).status;
    expect(await status(`bearer ${tenant.token}`)).toBe(200);
    expect(await status(`BEARER   ${tenant.token}`)).toBe(200);
    expect([200, 401]).toContain(await status(tenant.token));
    expect(await status(`Basic ${tenant.token}`)).toBe(401);
    expect(await status('Bearer')).toBe(401);
    expect(await status(`Bearer ${tenant.token} ${tenant.token}`)).toBe(401);
  });

  test('in the query is none', async () => {
    expectScimError(
      await tenant.scim('GET', `/Users?access_token=${tenant.token}&token=${tenant.token}`, undefined, { authorization: undefined }),
      401,
    );
  });
});

describe('audience', () => {
  const ME = '{ users(first: 1) { totalCount } }';

  test('a SCIM token is refused at GraphQL, with and without a change in mind', async () => {
    const { identityUrl } = await world();
    const { body } = await tenant.scim('POST', '/Users', userBody('audience@x.com'));
    for (const query of [ME, `mutation { deleteUser(input: { id: "${body.id}" }) { userErrors { code } } }`]) {
      const answer = await exchange(
        identityUrl,
        'POST',
        '/graphql',
        { 'content-type': 'application/json', authorization: `Bearer ${tenant.token}` },
        { query },
      );
      expect(JSON.parse(answer.text)).toMatchObject({
        errors: [{ extensions: { code: expect.stringMatching(/^(UNAUTHENTICATED|FORBIDDEN)$/) } }],
      });
    }
    expect((await tenant.scim('GET', `/Users/${body.id}`)).status).toBe(200);
  });

  test('a GraphQL token is refused at SCIM, and good at GraphQL', async () => {
    expect((await tenant.graphql(ME)).data).toMatchObject({ users: { totalCount: expect.any(Number) } });
    const { data } = await tenant.graphql(
      'mutation ($input: IssueTokenInput!) { issueToken(input: $input) { accessToken userErrors { code } } }',
      { input: { clientId: tenant.clientId, clientSecret: tenant.clientSecret, audience: 'GRAPHQL', expiresIn: 3600 } },
    );
    const token = String(data?.['issueToken']?.['accessToken']);
    expect(token).toMatch(TOKEN);
    expectScimError(await tenant.scim('GET', '/Users', undefined, { authorization: `Bearer ${token}` }), [401, 403]);
  });

  test('GraphQL without a token is refused', async () => {
    const answer = await exchange((await world()).identityUrl, 'POST', '/graphql', { 'content-type': 'application/json' }, { query: ME });
    expect(JSON.parse(answer.text)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });
});

describe('revoking', () => {
  const REVOKE = 'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { userErrors { code field message } } }';

  test('a token is refused from the moment the call has returned, also where it was used just before', async () => {
    const token = await issue();
    expect(await scimStatus(token)).toBe(200);
    expect((await tenant.graphql(REVOKE, { input: { token } })).data).toMatchObject({ revokeToken: { userErrors: [] } });
    for (let index = 0; index < 3; index += 1) expect(await scimStatus(token)).toBe(401);
    expect(await scimStatus(tenant.token)).toBe(200);
  });

  test('wins against requests that are under way', async () => {
    const token = await issue();
    const revoked = new AbortController();
    const after: number[] = [];
    const clients = Array.from({ length: 8 }, async () => {
      while (after.length < 40) {
        const { aborted } = revoked.signal;
        const status = await scimStatus(token);
        if (aborted) after.push(status);
        else expect([200, 401]).toContain(status);
      }
    });
    await tenant.graphql(REVOKE, { input: { token } });
    revoked.abort();
    await Promise.all(clients);
    expect(new Set(after)).toEqual(new Set([401]));
  });

  test("somebody else's token is an unknown one, and stays good", async () => {
    const other = await newTenant();
    const foreign = await tenant.graphql(REVOKE, { input: { token: other.token } });
    const unknown = await tenant.graphql(REVOKE, { input: { token: 'condeco_0000000000000000000000000000000000000000000000000' } });
    expect(JSON.stringify(foreign)).toBe(JSON.stringify(unknown));
    expect(await scimStatus(other.token, other)).toBe(200);
  });
});

describe('secrets', () => {
  test('are not in the database, only their digests', async (context) => {
    const { query } = await world();
    if (!query) return context.skip('needs a database server');
    const tables = await query("select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'");
    expect(tables.length).toBeGreaterThan(3);
    const password = 'correct horse battery staple';
    await tenant.scim('POST', '/Users', userBody('password@x.com', { password }));
    let rows = 0;
    for (const { name } of tables) {
      for (const { text } of await query(`select t::text as text from ${String(name)} t`)) {
        rows += 1;
        for (const secret of [tenant.token, tenant.clientSecret, password]) expect(String(text).includes(secret), String(name)).toBe(false);
        // A bytea prints in hexadecimal.
        expect(String(text).includes(Buffer.from(tenant.token).toString('hex'))).toBe(false);
      }
    }
    expect(rows).toBeGreaterThan(3);
  });
});
