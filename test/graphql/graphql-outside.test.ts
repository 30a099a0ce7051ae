/** The steps around the tools' door over HTTP: time, trusted documents, refusals before GraphQL is asked. */
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import Koa from 'koa';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { WhoAmI } from '../../client/index.js';
import { Failure } from '../../schema/failure.js';
import { readManifest, trustedDocuments } from '../../services/identity/api/trusted-documents.js';
import { currentRequest, whileAwaited } from '../../services/identity/domain/current-request.js';
import { inGraphqlForm, withDocuments, withinTime } from '../../services/identity/graphql-outside.js';
import { heldAnswers } from '../../services/identity/held-answers.js';
import { readJsonBytes, readObject } from '../../services/identity/json-body.js';
import type { Database } from '../../services/identity/store/connection/database.js';
import { type Answer, exchange, type Payload } from '../support/http.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { userBody } from '../support/scim.js';
import { type GraphQLResult, startSystem, type System, type Tenant } from '../support/world.js';

async function listening(app: Koa): Promise<{ server: Server; url: string }> {
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const post = (url: string, body: Payload): Promise<Answer> =>
  exchange(url, 'POST', '/graphql', { 'content-type': 'application/json', 'x-request-id': 'asked' }, body);
const codeOf = ({ body }: Answer): unknown => (body['errors'] as readonly { readonly extensions: object }[] | undefined)?.[0]?.extensions;
const inForm = inGraphqlForm((ctx) => ctx.get('x-request-id'), pino({ level: 'silent' }));

const body: Koa.Middleware = async (ctx, next) => {
  const bytes = await readJsonBytes(ctx, { longest: 1000 });
  (ctx.request as { body?: object }).body = bytes ? readObject(bytes) : {};
  await next();
};

const bodyIn = (ctx: Koa.Context): unknown => (ctx.request as { body?: unknown }).body;

/** An app of the steps, in front of one that answers the body it was handed. */
const appOf = (...steps: Koa.Middleware[]): Koa => {
  const app = new Koa({ silent: true } as never);
  for (const step of [inForm, body, ...steps]) app.use(step);
  return app;
};
const echo: Koa.Middleware = (ctx) => {
  ctx.body = { data: bodyIn(ctx) };
};

describe('answers that nobody takes', () => {
  test('are held within a room, half of it of one tenant; what a mutation has done is told in any case', async () => {
    const answer: Koa.Middleware = (ctx) => {
      const { tenantId, operation } = bodyIn(ctx) as { tenantId: string; operation: string };
      Object.assign(currentRequest.getStore()!, { operation, caller: { tenantId } });
      ctx.body = { data: 'x'.repeat(8_000_000) };
    };
    const { server, url } = await listening(appOf(heldAnswers(26_000_000), answer));
    const ask = (tenantId: string | undefined, operation = 'query') => post(url, { tenantId, operation });
    const unread = await Promise.all(
      ['a', 'b'].map(
        (tenantId) =>
          new Promise<IncomingMessage>((resolve) => {
            request(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' } }, resolve).end(
              JSON.stringify({ tenantId, operation: 'query' }),
            );
          }),
      ),
    );
    const refused = await ask('a');
    expect([refused.status, refused.headers['retry-after'], codeOf(refused)]).toMatchObject([429, '1', { code: 'TOO_MANY_REQUESTS' }]);
    expect((await ask('a', 'mutation')).status).toBe(200);
    expect((await ask('c')).status).toBe(200);
    unread[0]!.resume();
    await expect.poll(async () => (await ask('a')).status, { timeout: 10_000 }).toBe(200);
    unread[1]!.resume();
    server.close();
  });
});

describe('time', () => {
  let url: string;
  let server: Server;
  let statements = 0;
  const database = whileAwaited({
    run: async () => {
      statements += 1;
      return [];
    },
  } as unknown as Database);
  let ended: Promise<unknown> = Promise.resolve();
  beforeAll(async () => {
    const slow: Koa.Middleware = async (ctx) => {
      const { seconds = 0 } = bodyIn(ctx) as { seconds?: number };
      ended = (async () => {
        await database.run(undefined as never);
        await wait(seconds * 1000);
        await database.run(undefined as never);
      })();
      await ended;
      ctx.body = { data: {} };
    };
    ({ server, url } = await listening(appOf(withinTime(150), slow)));
  });
  afterAll(() => server.close());

  test('is up after a while: told, and nothing further is begun', async () => {
    statements = 0;
    const answer = await post(url, { seconds: 0.4 });
    expect(answer.status).toBe(504);
    expect(codeOf(answer)).toMatchObject({ code: 'TIMEOUT', requestId: 'asked' });
    await expect(ended).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect(statements).toBe(1);
  });

  test('is enough for what is quick, whoever else was late', async () => {
    statements = 0;
    const [late, quick] = await Promise.all([post(url, { seconds: 0.4 }), post(url, { seconds: 0 })]);
    expect([late.status, quick.status]).toEqual([504, 200]);
  });

  test('is not counted where no request is', () => {
    expect(currentRequest.getStore()).toBeUndefined();
  });
});

describe.runIf(inject('world') === 'network')('time on a server where somebody holds what is waited for', () => {
  const LIMIT = 400;
  let own: OwnDatabase;
  let system: System;
  let tenant: Tenant;
  beforeAll(async () => {
    own = await createOwnDatabase(process.env['DATABASE_URL']!);
    system = await startSystem({ database: { kind: 'postgresql', url: own.url }, redisUrl: process.env['REDIS_URL']! }, false, {
      operationMilliseconds: LIMIT,
    });
    tenant = await system.newTenant();
    await tenant.graphql('{ __typename }');
  }, 60_000);
  afterAll(async () => {
    await system?.close();
    await own?.drop();
  });

  /** What is answered while somebody holds what the statement takes; they let go after so long. */
  async function whileHeld<Result>(statement: string, milliseconds: number, ask: () => Promise<Result>): Promise<Result> {
    await own.query('begin');
    await own.query(statement);
    const answer = ask();
    await wait(milliseconds);
    await own.query('rollback');
    return answer;
  }
  const codeIn = ({ status, errors }: GraphQLResult) => ({ status, code: errors?.[0]?.extensions?.code });

  test('a table: a reader is told, and reads again', async () => {
    const answer = await whileHeld('lock table app_user in access exclusive mode', 2 * LIMIT, () =>
      tenant.graphql('{ users { totalCount } }'),
    );
    expect(codeIn(answer)).toEqual({ status: 504, code: 'TIMEOUT' });
    expect((await tenant.graphql('{ users { totalCount } }')).data).toEqual({ users: { totalCount: 0 } });
  });

  test("a row: of a transaction of a tenant's nothing further is done", async () => {
    const make = () => tenant.graphql('mutation { createClient(input: { name: "Late" }) { clientSecret userErrors { code } } }');
    expect(codeIn(await whileHeld(`select id from tenant where id = '${tenant.id}' for update`, 2 * LIMIT, make))).toEqual({
      status: 504,
      code: 'TIMEOUT',
    });
    await wait(LIMIT);
    expect(await own.query(`select name from scim_client where tenant_id = '${tenant.id}' and name = 'Late'`)).toEqual([]);
    expect((await make()).data).toMatchObject({ createClient: { userErrors: [] } });
  });

  test('time itself, taken by the last statement of a transaction: it is undone', async () => {
    await own.query(
      `create function be_late() returns trigger language plpgsql as $$ begin perform pg_sleep(${(2 * LIMIT) / 1000}); return null; end $$`,
    );
    await own.query('create trigger late after insert on scim_client for each row execute function be_late()');
    expect(codeIn(await tenant.graphql('mutation { createClient(input: { name: "Slow" }) { clientSecret userErrors { code } } }'))).toEqual(
      { status: 504, code: 'TIMEOUT' },
    );
    await wait(2 * LIMIT);
    expect(await own.query(`select name from scim_client where tenant_id = '${tenant.id}' and name = 'Slow'`)).toEqual([]);
    await own.query('drop trigger late on scim_client');
  });

  test('after the commit: everybody hears of what is in force all the same', async () => {
    const suspended = await system.newTenant();
    // More than are ended at once; the token that is used is among the last.
    await own.query(`insert into access_token (tenant_id, id, digest, audience, scopes, created_at, expires_at)
      select '${suspended.id}', ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, sha256(('${suspended.id}' || n)::bytea), 'scim', '{}', now(), now() + interval '1 hour' from generate_series(1, 1100) as n`);
    expect((await suspended.scim('GET', '/Users')).status).toBe(200);
    const suspend = () =>
      system.admin('mutation ($id: ID!) { suspendTenant(input: { tenantId: $id, reason: "Late" }) { userErrors { code } } }', {
        id: suspended.id,
      });
    expect(codeIn(await whileHeld('lock table access_token in access exclusive mode', 2 * LIMIT, suspend))).toEqual({
      status: 504,
      code: 'TIMEOUT',
    });
    await expect.poll(async () => (await suspended.scim('GET', '/Users')).status).toBe(403);
  });

  test('values of a whole tenant that are to go: there is more time for them', async () => {
    const urn = 'urn:acme:params:scim:schemas:extension:badges:2.0:User';
    const schema = { id: urn, name: 'Badges', description: 'What opens doors.', attributes: [{ name: 'badge' }] };
    await tenant.graphql(
      'mutation ($schema: JSONObject!) { declareExtension(input: { resource: USER, schema: $schema }) { userErrors { code } } }',
      { schema },
    );
    const {
      body: { id },
    } = await tenant.scim('POST', '/Users', userBody('badge@x.com', { [urn]: { badge: 'B1' } }));
    const remove = () =>
      tenant.graphql(
        'mutation ($urn: String!) { removeExtension(input: { urn: $urn, acceptLoss: true }) { losses { resources } userErrors { code } } }',
        { urn },
      );
    const answer = await whileHeld(`select id from app_user where id = '${id}' for update`, 2 * LIMIT, remove);
    expect(answer).toMatchObject({ status: 200, data: { removeExtension: { losses: [{ resources: 1 }], userErrors: [] } } });
    expect((await tenant.scim('GET', `/Users/${id}`)).body).not.toHaveProperty(urn);
  });
});

describe('trusted documents', () => {
  const documents = trustedDocuments(readManifest());
  let [open, closed] = ['', ''];
  const servers: Server[] = [];
  beforeAll(async () => {
    for (const only of [false, true]) {
      const { server, url } = await listening(appOf(withDocuments(documents, only), echo));
      servers.push(server);
      if (only) closed = url;
      else open = url;
    }
  });
  afterAll(() => servers.forEach((server) => server.close()));

  test.each([
    ['persistedQuery', { extensions: { persistedQuery: { version: 1, sha256Hash: WhoAmI.id } } }],
    ['documentId', { documentId: WhoAmI.id }],
    ['documentId with the kind of digest', { documentId: `sha256:${WhoAmI.id}` }],
    ['an id and its text', { extensions: { persistedQuery: { version: 1, sha256Hash: WhoAmI.id } }, query: WhoAmI.body }],
    ['an id and another text: the id counts', { documentId: WhoAmI.id, query: '{ users { totalCount } }' }],
  ])('%s stands for the text', async (_, body) => {
    for (const url of [open, closed]) {
      expect((await post(url, { ...body, variables: { a: 1 } })).body['data']).toEqual({ query: WhoAmI.body, variables: { a: 1 } });
    }
  });

  test('an unknown id is told, unless its very text comes along', async () => {
    for (const url of [open, closed]) {
      const unknown = await post(url, { documentId: '0'.repeat(64) });
      expect(unknown.status).toBe(400);
      expect(codeOf(unknown)).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    }
    expect((await post(open, { documentId: '0'.repeat(64), query: '{ a }' })).status).toBe(400);
    const query = '{ __typename }';
    const id = '7f56e67dd21ab3f30d1ff8b7bed08893f0a0db86449836189b361dd1e56ddb4b'; // echo -n "$query" | sha256sum
    expect((await post(open, { documentId: id, query })).body['data']).toEqual({ query });
    expect(codeOf(await post(closed, { documentId: id, query }))).toMatchObject({ code: 'UNTRUSTED_DOCUMENT' });
  });

  test('where nothing else may run, a text must be one of the manifest', async () => {
    expect((await post(closed, { query: WhoAmI.body })).status).toBe(200);
    const refused = await post(closed, { query: '{ __typename }' });
    expect(refused.status).toBe(403);
    expect(codeOf(refused)).toMatchObject({ code: 'UNTRUSTED_DOCUMENT', requestId: 'asked' });
    expect(
      (await exchange(closed, 'GET', `/graphql?query=${encodeURIComponent('{ __typename }')}`, { 'content-type': 'application/json' }))
        .status,
    ).toBe(403);
    expect((await post(open, { query: '{ __typename }' })).status).toBe(200);
  });

  test('what is no request at all is left to GraphQL to refuse', async () => {
    for (const body of ['[]', '{}', '{"query":7}', '{"documentId":7,"extensions":null}']) expect((await post(open, body)).status).toBe(200);
  });
});

describe('a refusal before GraphQL is asked', () => {
  test("has GraphQL's form", async () => {
    const { server, url } = await listening(
      appOf((ctx) => {
        throw ctx.get('x-code') === '' ? new Error('select secret') : new Failure('UNAUTHENTICATED');
      }),
    );
    onTestFinished(() => void server.close());
    const refused = await exchange(
      url,
      'POST',
      '/graphql',
      { 'content-type': 'application/json', 'x-code': 'known', 'x-request-id': 'asked' },
      {},
    );
    expect([refused.status, codeOf(refused)]).toEqual([401, { code: 'UNAUTHENTICATED', requestId: 'asked' }]);
    const unknown = await post(url, {});
    expect([unknown.status, codeOf(unknown), unknown.text.includes('secret')]).toEqual([
      500,
      { code: 'INTERNAL', requestId: 'asked' },
      false,
    ]);
    const large = await post(url, { filler: 'x'.repeat(2000) });
    expect(large.status).toBe(413);
    expect(codeOf(large)).toMatchObject({ code: 'BODY_TOO_LARGE' });
    expect(codeOf(await post(url, 'no JSON'))).toMatchObject({ code: 'INVALID_SYNTAX' });
  });
});
