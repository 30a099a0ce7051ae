/** What refused tokens are told: nothing by which one kind could be told from another, and at no door anything is done for them. */
import { randomBytes } from 'node:crypto';
import { sql } from '../../services/identity/store/query/sql.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { digestOf, newToken } from '../../services/identity/domain/tokens/token-format.js';
import { tokenVerifier } from '../../services/identity/domain/tokens/token-verifier.js';
import { type Database, openDatabase } from '../../services/identity/store/connection/database.js';
import { memoryTokenCache } from '../../services/identity/store/redis/token-cache.js';
import { type Answer, exchange } from '../support/http.js';
import { createOwnStore, type OwnStore } from '../support/own-store.js';
import { userBody } from '../support/scim.js';
import { AS_OPERATOR, manage } from '../support/tokens.js';
import { FUZZ_RUNS, newTenant, SCIM_PATH, type Tenant, world } from '../support/world.js';

let tenant: Tenant;
beforeAll(async () => {
  tenant = await newTenant();
});

const headersOf = ({ headers }: Answer) => {
  const { date: _, 'x-request-id': __, ...rest } = headers;
  return rest;
};

describe('refused tokens', () => {
  const revoked = async () => {
    const { accessToken, token } = await manage(tenant).create({ audience: 'SCIM' });
    await manage(tenant).ask('revokeToken', { id: token['id'] });
    return accessToken;
  };
  const expired = async () => {
    const { accessToken, token } = await manage(tenant).create({ audience: 'SCIM' });
    await (await world()).query?.(`update access_token set expires_at = now() - interval '1 second' where id = '${String(token['id'])}'`);
    return accessToken;
  };

  test('get one answer at SCIM: unknown, wrong, revoked and expired', async () => {
    const { query } = await world();
    const kinds = [
      newToken(),
      `${tenant.token.slice(0, -1)}${tenant.token.endsWith('a') ? 'b' : 'a'}`,
      await revoked(),
      ...(query ? [await expired()] : []),
    ];
    for (const [method, path, body] of [
      ['GET', '/Users'],
      ['POST', '/Users', userBody('nobody@x.com')],
      ['GET', '/Schemas'],
      ['DELETE', '/Users/x'],
    ] as const) {
      const answers = await Promise.all(kinds.map((token) => tenant.scim(method, path, body, { authorization: `Bearer ${token}` })));
      for (const answer of answers) {
        expect(answer.status).toBe(401);
        expect(answer.headers['www-authenticate']).toBe('Bearer realm="condeco", error="invalid_token"');
        expect([answer.text, headersOf(answer)]).toEqual([answers[0]!.text, headersOf(answers[0]!)]);
      }
    }
  });

  test('get one answer at GraphQL', async () => {
    const { identityUrl } = await world();
    const withoutId = (text: string) => text.replaceAll(/"requestId":"[^"]*"/g, '');
    const answers = await Promise.all(
      [newToken(), await revoked(), 'nonsense'].map((token) =>
        exchange(
          identityUrl,
          'POST',
          '/graphql',
          { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          { query: '{ caller { scopes } }' },
        ),
      ),
    );
    for (const answer of answers) {
      expect([answer.status, withoutId(answer.text), headersOf(answer)]).toEqual([
        401,
        withoutId(answers[0]!.text),
        headersOf(answers[0]!),
      ]);
    }
  });
});

describe('at each door', () => {
  const SCIM: readonly [string, string, object?][] = [
    ['GET', '/Users'],
    ['POST', '/Users', userBody('never@x.com')],
    ['GET', '/ServiceProviderConfig'],
    ['POST', '/Bulk', { Operations: [] }],
    ['GET', '/nowhere'],
  ];
  const GRAPHQL = [
    '{ users { totalCount } }',
    'mutation { createUser(input: { user: { userName: "never@x.com" } }) { user { id } } }',
    'mutation { revokeTokens(input: { all: true }) { revoked } }',
    '{ caller { scopes } }',
  ];
  const OPERATOR = ['mutation { createTenant(input: { name: "Never" }) { clientId } }'];

  const scim = async (headers: Record<string, string>) =>
    Promise.all(
      SCIM.map(async ([method, path, body]) =>
        exchange(
          (await world()).gatewayUrl,
          method,
          SCIM_PATH + path,
          { ...headers, ...(body && { 'content-type': 'application/scim+json' }) },
          body,
        ),
      ),
    );
  const graphql = async (headers: Record<string, string>, queries: readonly string[]) =>
    Promise.all(
      queries.map(async (query) =>
        exchange((await world()).identityUrl, 'POST', '/graphql', { ...headers, 'content-type': 'application/json' }, { query }),
      ),
    );
  const codesOf = (answers: readonly Answer[]) =>
    answers.map(({ text }) => (JSON.parse(text) as { errors?: { extensions: { code: string } }[] }).errors?.[0]?.extensions.code);

  async function expectNothingDone(): Promise<void> {
    expect((await tenant.scim('GET', '/Users?filter=userName%20eq%20"never@x.com"')).body.totalResults).toBe(0);
    expect((await tenant.scim('GET', '/Users')).status).toBe(200);
  }

  test('tokens of the other audiences are refused, and nothing is done', async () => {
    const graphqlToken = (await manage(tenant).create({ audience: 'GRAPHQL' })).accessToken;
    const operator = String(
      (await (await world()).admin(AS_OPERATOR, { input: { audience: 'ADMIN' } })).data?.['createToken']?.['accessToken'],
    );
    for (const token of [graphqlToken, operator]) {
      const answers = await scim({ authorization: `Bearer ${token}` });
      for (const answer of answers) expect(answer.status, answer.text).toBe(403);
    }
    expect(new Set(codesOf(await graphql({ authorization: `Bearer ${tenant.token}` }, [...GRAPHQL, ...OPERATOR])))).toEqual(
      new Set(['FORBIDDEN']),
    );
    expect(codesOf(await graphql({ authorization: `Bearer ${graphqlToken}` }, OPERATOR))).toEqual(['FORBIDDEN']);
    expect(codesOf(await graphql({ authorization: `Bearer ${operator}` }, GRAPHQL.slice(0, 2)))).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    await expectNothingDone();
  });

  test('no token is none: without a header, with a malformed one, in the address, in a cookie', async () => {
    const headers: Record<string, string>[] = [
      {},
      { authorization: 'Bearer' },
      { authorization: 'Bearer ' },
      { authorization: `Basic ${Buffer.from(`token:${tenant.token}`).toString('base64')}` },
      { authorization: `Token ${tenant.token}` },
      { authorization: `Bearer ${tenant.token}, Bearer ${tenant.token}` },
      { authorization: `Bearer "${tenant.token}"` },
      { cookie: `token=${tenant.token}` },
      { 'x-api-key': tenant.token },
    ];
    for (const header of headers) {
      for (const answer of await scim(header)) {
        expect(answer.status, JSON.stringify(header)).toBe(401);
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm=/);
      }
      for (const code of codesOf(await graphql(header, [...GRAPHQL, ...OPERATOR]))) {
        expect(code, JSON.stringify(header)).toMatch(/^(UNAUTHENTICATED|FORBIDDEN)$/);
      }
    }
    const { gatewayUrl, identityUrl } = await world();
    for (const name of ['access_token', 'token', 'bearer_token', 'authorization']) {
      expect((await exchange(gatewayUrl, 'GET', `${SCIM_PATH}/Users?${name}=${tenant.token}`, {})).status).toBe(401);
      const answer = await exchange(
        identityUrl,
        'POST',
        `/graphql?${name}=${tenant.token}`,
        { 'content-type': 'application/json' },
        { query: GRAPHQL[0]! },
      );
      expect(codesOf([answer])).toEqual(['UNAUTHENTICATED']);
    }
    await expectNothingDone();
  });
});

describe('the time of a refusal', () => {
  /** Twenty thousand by FUZZ_RUNS=2000. */
  const SAMPLES = Math.max(2000, Math.min(20_000, FUZZ_RUNS * 10));
  const TENANT = '11111111-1111-7111-8111-111111111111';
  let own: OwnStore;
  let database: Database;

  beforeAll(async () => {
    own = await createOwnStore();
    database = await openDatabase(own.location);
    await database.run(sql`insert into tenant (id, name) values (${TENANT}::uuid, 'T')`);
  }, 120_000);
  afterAll(async () => {
    await database.close();
    await own.drop();
  });

  /** Tokens that are there, each of which is not good any more for this reason. */
  async function make(why: ReturnType<typeof sql>): Promise<string[]> {
    const tokens = Array.from({ length: SAMPLES }, newToken);
    for (let at = 0; at < SAMPLES; at += 1000) {
      await database.run(sql`
        insert into access_token (tenant_id, id, digest, audience, scopes, created_at, expires_at, revoked_at)
        select ${TENANT}::uuid, gen_random_uuid(), decode(digest, 'hex'), 'scim', '{}', now() - interval '1 day', ${why}
        from unnest(${tokens.slice(at, at + 1000).map((token) => digestOf(token).toString('hex'))}::text[]) as digest`);
    }
    return tokens;
  }

  /** Welch's t of two samples without their slowest tenth: what a busy machine adds is no property of the code. */
  function welch(one: readonly number[], other: readonly number[]): number {
    const [a, b] = [one, other].map((all) => {
      const kept = all.toSorted((x, y) => x - y).slice(0, Math.ceil(all.length * 0.9));
      const mean = kept.reduce((sum, value) => sum + value, 0) / kept.length;
      return { mean, error: kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (kept.length - 1) / kept.length };
    });
    return (a!.mean - b!.mean) / Math.sqrt(a!.error + b!.error);
  }

  async function measure(): Promise<Record<string, number>> {
    const kinds = {
      unknown: Array.from({ length: SAMPLES }, newToken),
      // The same once more: what the machine itself makes of two equal things.
      control: Array.from({ length: SAMPLES }, newToken),
      revoked: await make(sql`now() + interval '1 day', now()`),
      expired: await make(sql`now() - interval '1 second', null`),
    };
    const times: Record<string, number[]> = { unknown: [], control: [], revoked: [], expired: [] };
    const verifier = tokenVerifier(database, memoryTokenCache());
    await database.run(sql`analyze access_token`);
    for (let at = 0; at < 200; at += 1) await verifier.verify(newToken());
    const names = Object.keys(kinds) as (keyof typeof kinds)[];
    for (let at = 0; at < SAMPLES; at += 1) {
      const turn = randomBytes(1)[0]! % names.length; // nobody is always first
      for (let step = 0; step < names.length; step += 1) {
        const name = names[(turn + step) % names.length]!;
        const started = performance.now();
        const verdict = await verifier.verify(kinds[name][at]!);
        times[name]!.push(performance.now() - started);
        expect(verdict).toBeUndefined();
      }
    }
    return Object.fromEntries(['control', 'revoked', 'expired'].map((name) => [name, welch(times['unknown']!, times[name]!)]));
  }

  // A difference that only statistics can see is printed; one that anybody could see, three times in a row, is a fault.
  test(`is the same for unknown, revoked and expired ones (${SAMPLES} each)`, { timeout: 1_200_000, retry: 2 }, async () => {
    const found = await measure();
    process.stdout.write(
      `t against unknown tokens, ${SAMPLES} samples each: ${Object.entries(found)
        .map(([name, t]) => `${name} ${t.toFixed(1)}`)
        .join(', ')}\n`,
    );
    for (const [name, t] of Object.entries(found)) expect(Math.abs(t), name).toBeLessThan(20);
  });
});
