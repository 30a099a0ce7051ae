/** Secrets that anybody was given are nowhere but with them: not in logs, not in the database, not in Redis, not in change records. */
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startGateway } from '../../gateway/app.js';
import { connectCore } from '../../gateway/core-client.js';
import { newClientSecret, newToken } from '../../services/identity/domain/tokens/token-format.js';
import { startIdentity } from '../../services/identity/server.js';
import { exchange } from '../support/http.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { createRedis, findPrograms, type OwnRedis } from '../support/own-servers.js';
import { SCIM_PATH } from '../support/world.js';

const programs = inject('world') === 'network' ? findPrograms() : undefined;

describe.runIf(programs)('after everything that is done with secrets', () => {
  const lines: string[] = [];
  const secrets = new Set<string>();
  let database: OwnDatabase;
  let redis: OwnRedis;
  let gatewayUrl = '';
  let close = async () => {};

  /** Remembers every secret in an answer. */
  function keep(text: string): string {
    for (const [secret] of text.matchAll(/condeco(?:secret)?_[0-9A-Za-z]{49}/g)) secrets.add(secret);
    return text;
  }

  beforeAll(async () => {
    database = await createOwnDatabase(process.env['DATABASE_URL']!);
    redis = await createRedis(programs!.redisServer);
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
    const [adminToken, clientSecret] = [newToken(), newClientSecret()];
    keep(adminToken + clientSecret);
    const identity = await startIdentity(
      {
        host: '127.0.0.1',
        port: 0,
        production: false,
        introspection: true,
        publicUrl: 'https://x.test',
        database: { kind: 'postgresql', url: database.url },
        redisUrl: redis.url,
        requestsPerSecond: 1_000_000,
        bootstrap: { clientId: 'first', clientSecret, adminToken },
      },
      log,
    );
    const core = connectCore(identity.url);
    const gateway = await startGateway({ host: '127.0.0.1', port: 0, publicUrl: 'https://x.test', trustProxy: true }, core, log);
    gatewayUrl = gateway.url;
    close = async () => {
      await gateway.close();
      await core.close();
      await identity.close();
    };

    const graphql = async (token: string, query: string) => {
      const answer = await exchange(
        identity.url,
        'POST',
        '/graphql',
        { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        { query },
      );
      return JSON.parse(keep(answer.text)) as { data: Record<string, Record<string, string>> };
    };
    const scim = async (token: string, method: string, path: string, body?: object) =>
      keep(
        (
          await exchange(
            gateway.url,
            method,
            SCIM_PATH + path,
            { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
            body,
          )
        ).text,
      );
    const made = (await graphql(adminToken, 'mutation { createTenant(input: { name: "T" }) { clientId clientSecret } }')).data[
      'createTenant'
    ]!;
    const form = new URLSearchParams({ scimClientId: made['clientId']!, scimClientSecret: made['clientSecret']!, grantType: 'password' });
    const issued = await exchange(
      gateway.url,
      'POST',
      '/api/V1/token',
      { 'content-type': 'application/x-www-form-urlencoded' },
      form.toString(),
    );
    keep(issued.text);
    const scimToken = String(issued.body['accessToken']);
    const wrong = new URLSearchParams({ scimClientId: made['clientId']!, scimClientSecret: [...secrets][1]!, grantType: 'password' });
    await exchange(gateway.url, 'POST', '/api/V1/token', { 'content-type': 'application/x-www-form-urlencoded' }, wrong.toString());
    await exchange(
      gateway.url,
      'POST',
      `/api/V1/token?scimClientSecret=${made['clientSecret']}`,
      { 'content-type': 'application/json' },
      `{"scimClientSecret": "${made['clientSecret']}"`,
    );
    const tool = (
      await graphql(
        '',
        `mutation { issueToken(input: { clientId: "${made['clientId']}", clientSecret: "${made['clientSecret']}", audience: GRAPHQL }) { accessToken } }`,
      )
    ).data['issueToken']!['accessToken']!;
    const created = (await graphql(tool, 'mutation { createToken(input: { audience: SCIM, name: "N" }) { accessToken token { id } } }'))
      .data['createToken']! as unknown as { accessToken: string; token: { id: string } };
    await graphql(tool, `mutation { rotateToken(input: { id: "${created.token.id}" }) { accessToken } }`);
    for (const token of [scimToken, created.accessToken, tool, newToken()]) {
      keep(token);
      await scim(token, 'GET', '/Users');
      await scim(token, 'GET', `/Users?filter=userName%20eq%20"${token}"`);
      await scim(token, 'POST', '/Users', {
        userName: 'x@x.com',
        password: 'condecosecret_0000000000000000000000000000000000000000000000000',
      });
      await scim(token, 'GET', `/nowhere/${token}?access_token=${token}`);
      await graphql(token, `{ tokens { nodes { id name } } nonsense(token: "${token}") }`);
      await graphql(token, `mutation { revokeToken(input: { token: "${newToken()}" }) { userErrors { message } } }`);
    }
    secrets.add('condecosecret_0000000000000000000000000000000000000000000000000');
    await redis.dump(); // with verdicts in it
    const found = [...secrets].map((token) => ({ token, type: 't', url: 'https://leak.test', source: 'content' }));
    await exchange(
      gateway.url,
      'POST',
      '/token-scanning/revoke',
      { 'content-type': 'application/json' },
      JSON.stringify(found.filter(({ token }) => token === scimToken)),
    );
    await graphql(tool, `mutation { revokeToken(input: { token: "${created.accessToken}" }) { effectiveAt } }`);
    await new Promise((resolve) => setTimeout(resolve, 1500)); // uses are written
  }, 120_000);
  afterAll(async () => {
    await close();
    await redis?.kill();
    await database?.drop();
  });

  /** A secret as text, in hexadecimal, in base64 (whichever way it is aligned): the part that survives every alignment. */
  const formsOf = (secret: string): string[] => [
    secret,
    Buffer.from(secret).toString('hex'),
    ...[0, 1, 2].map((shift) =>
      Buffer.from(`${'x'.repeat(shift)}${secret}`)
        .toString('base64')
        .slice(4, 48),
    ),
  ];
  const hits = (text: string) => [...secrets].filter((secret) => formsOf(secret).some((form) => text.includes(form))).length;

  test('there were some, and they would be found', () => {
    expect(secrets.size).toBeGreaterThan(7);
    expect(hits(`… ${[...secrets][0]} …`)).toBe(1);
    expect(hits(Buffer.from(`{"token":"${[...secrets][0]}"}`).toString('base64'))).toBe(1);
  });

  test('none is in the logs', () => {
    expect(lines.length).toBeGreaterThan(10);
    expect(hits(lines.join(''))).toBe(0);
    expect(lines.join('')).not.toMatch(/condeco(secret)?_[0-9A-Za-z]{20}/);
  });

  test('none is in a dump of the database, change records included', async () => {
    const tables = await database.query(
      "select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'",
    );
    let rows = 0;
    for (const { name } of tables) {
      const all = await database.query(`select t::text as text from ${String(name)} t`);
      rows += all.length;
      expect(hits(all.map(({ text }) => String(text)).join('\n')), String(name)).toBe(0);
    }
    expect(rows).toBeGreaterThan(15);
  });

  test('none is in a dump of Redis, and nothing in either dump authenticates', async () => {
    const keys = await redis.command('KEYS', '*');
    expect(keys).toMatch(/identity:verdict:[0-9a-f]{64}/);
    const dump = (await redis.dump()).toString('latin1');
    expect(dump.length).toBeGreaterThan(200);
    expect(hits(dump)).toBe(0);
    expect(hits(keys)).toBe(0);
    const digests = (await database.query('select digest from access_token')).map(({ digest }) => digest as Buffer);
    expect(digests.length).toBeGreaterThan(4);
    for (const digest of digests) {
      for (const text of [digest.toString('hex'), digest.toString('base64'), `condeco_${digest.toString('hex').slice(0, 49)}`]) {
        expect((await exchange(gatewayUrl, 'GET', `${SCIM_PATH}/Users`, { authorization: `Bearer ${text}` })).status).toBe(401);
      }
    }
  });
});
