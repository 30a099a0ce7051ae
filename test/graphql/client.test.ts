/** The typed client against a running core, and against answers that a healthy core does not give. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { buildSchema, parse, validate } from 'graphql';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  AddGroupMembers,
  CheckMemberships,
  createIdentityClient,
  CreateGroup,
  CreateUser,
  done,
  FindUser,
  IdentityError,
  type IdentityClient,
  IssueToken,
  ListChanges,
  ListGroupMembers,
  ListTokens,
  ListUsers,
  RevokeToken,
  WhoAmI,
} from '../../client/index.js';
import { newTenant, type Tenant, world } from '../support/world.js';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Manifest {
  readonly operations: readonly { readonly id: string; readonly name: string; readonly body: string }[];
}

test('what is generated is fresh (if not: npm run schema, and read the difference)', async () => {
  const { generate } = (await import(pathToFileURL('tools/generate-client.mjs').href)) as { generate(): Promise<Record<string, string>> };
  for (const [path, text] of Object.entries(await generate())) expect(read(path), path).toBe(text);
});

test('the manifest holds each document under its digest, and each fits the schema', () => {
  const schema = buildSchema(read('schema/identity.graphql'));
  const { operations } = JSON.parse(read('schema/trusted-documents.json')) as Manifest;
  expect(operations.length).toBeGreaterThan(15);
  for (const { id, body, name } of operations) {
    expect(createHash('sha256').update(body).digest('hex'), name).toBe(id);
    expect(validate(schema, parse(body)), name).toEqual([]);
  }
});

describe('with a core', () => {
  let tenant: Tenant;
  let client: IdentityClient;
  let url: string;
  let token: string;
  beforeAll(async () => {
    ({ identityUrl: url } = await world());
    tenant = await newTenant();
    const { issueToken } = await createIdentityClient({ url }).run(IssueToken, {
      input: { clientId: tenant.clientId, clientSecret: tenant.clientSecret, audience: 'GRAPHQL', expiresIn: 3600 },
    });
    token = done(issueToken).accessToken!;
    client = createIdentityClient({ url, token: () => token });
  });

  test('users, groups and members are written and read with their types', async () => {
    const { createUser } = await client.run(CreateUser, {
      input: { user: { userName: 'ann@x.com', emails: [{ value: 'ann@x.com', primary: true }] } },
    });
    const { id } = done(createUser).user!;
    const { createGroup } = await client.run(CreateGroup, { input: { group: { displayName: 'Readers' } } });
    const groupId = done(createGroup).group!.id;
    const { addGroupMembers } = await client.run(AddGroupMembers, { input: { groupId, memberIds: [id] } });
    expect(done(addGroupMembers).group).toEqual({ id: groupId, version: 2 });
    const { group } = await client.run(ListGroupMembers, { by: { displayName: 'readers' } });
    expect(group?.members).toMatchObject({ totalCount: 1, nodes: [{ id, type: 'User' }] });
    expect((await client.run(FindUser, { by: { userName: 'ANN@X.COM' } })).user).toMatchObject({
      id,
      active: true,
      emails: [{ value: 'ann@x.com' }],
    });
    expect((await client.run(ListUsers, { filter: 'userName sw "ann"', first: 1 })).users).toMatchObject({
      totalCount: 1,
      nodes: [{ id }],
    });
    expect((await client.run(CheckMemberships, { pairs: [{ userId: id, groupId }] })).memberships).toEqual([
      { userId: id, groupId, isDirect: true, isEffective: true },
    ]);
    // Once all transactions of the server are over that were open when they were written: another test's may take a while.
    const kinds = async () =>
      (await client.run(ListChanges, { subject: { type: 'GROUP', id: groupId } })).changes.nodes.map(({ kind }) => kind);
    await expect.poll(kinds, { timeout: 20_000 }).toEqual(['GROUP_CREATED', 'GROUP_MEMBERS_CHANGED']);
    expect((await client.run(WhoAmI)).caller).toMatchObject({ audience: 'GRAPHQL', tenant: { id: tenant.id } });
  });

  test('what the caller can mend is an error with a code, a field and a sentence', async () => {
    await client.run(CreateUser, { input: { user: { userName: 'taken@x.com' } } });
    const { createUser } = await client.run(CreateUser, { input: { user: { userName: 'Taken@x.com' } } });
    expect(() => done(createUser)).toThrow(
      expect.objectContaining({ code: 'UNIQUENESS', field: 'userName', message: expect.stringMatching(/\w+ .*\.$/) }),
    );
  });

  test('a revoked token is UNAUTHENTICATED, with the id to quote', async () => {
    const { issueToken } = await client.run(IssueToken, {
      input: { clientId: tenant.clientId, clientSecret: tenant.clientSecret, audience: 'GRAPHQL', expiresIn: 60 },
    });
    const other = createIdentityClient({ url, token: done(issueToken).accessToken! });
    await other.run(ListTokens, {});
    done((await client.run(RevokeToken, { input: { id: issueToken.token!.id } })).revokeToken);
    const error = await other.run(ListTokens, {}).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(IdentityError);
    expect(error).toMatchObject({ code: 'UNAUTHENTICATED', status: 401, requestId: expect.stringMatching(/./) });
  });

  test('a document that this core does not know goes by its text', async () => {
    const own = { ...WhoAmI, body: 'query WhoAmI { caller { scopes } }', id: '0'.repeat(64) };
    expect((await client.run(own)).caller).toHaveProperty('scopes');
  });
});

describe('with answers that come now and then', () => {
  interface Given {
    readonly status: number;
    readonly headers?: Record<string, string>;
    readonly body?: object;
  }
  const OK: Given = { status: 200, body: { data: { caller: { scopes: [] } } } };

  /** A core that gives these answers, one after the other, and what it was sent. */
  async function playing(...answers: Given[]): Promise<{ url: string; sent: Record<string, unknown>[] }> {
    const sent: Record<string, unknown>[] = [];
    const server = createServer((request, response) => {
      let text = '';
      request
        .on('data', (chunk: Buffer) => {
          text += chunk.toString();
        })
        .on('end', () => {
          sent.push(JSON.parse(text) as Record<string, unknown>);
          const { status, headers = {}, body } = answers[Math.min(sent.length, answers.length) - 1]!;
          response.writeHead(status, headers).end(body && JSON.stringify(body));
        });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent };
  }
  const busy = (status: number, seconds = 0): Given => ({
    status,
    headers: { 'retry-after': String(seconds) },
    body: { errors: [{ message: 'Wait.', extensions: { code: 'TOO_MANY_REQUESTS' } }] },
  });

  test('what was put off is sent again after the time that was said', async () => {
    const { url, sent } = await playing(busy(429, 1), busy(503), OK);
    const started = performance.now();
    await createIdentityClient({ url }).run(WhoAmI);
    expect(sent).toHaveLength(3);
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  test('not for ever, and not after a longer time than the caller has', async () => {
    const { url, sent } = await playing(busy(429));
    await expect(createIdentityClient({ url, retries: 2 }).run(WhoAmI)).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS', status: 429 });
    expect(sent).toHaveLength(3);
    const patient = await playing(busy(429, 3600));
    await expect(createIdentityClient({ url: patient.url }).run(WhoAmI)).rejects.toMatchObject({ retryAfter: 3600 });
    expect(patient.sent).toHaveLength(1);
  });

  test('a write whose answer was lost is sent again only where it cannot happen twice', async () => {
    const user = { userName: 'once@x.com' };
    const { url, sent } = await playing(busy(503), OK);
    await expect(createIdentityClient({ url }).run(CreateUser, { input: { user } })).rejects.toMatchObject({ status: 503 });
    expect(sent).toHaveLength(1);
    const safe = await playing(busy(503), OK);
    await createIdentityClient({ url: safe.url }).run(CreateUser, { input: { user, idempotencyKey: 'once' } });
    expect(safe.sent).toHaveLength(2);
    expect(safe.sent[1]).toEqual(safe.sent[0]);
  });

  test('the id alone is sent', async () => {
    const { url, sent } = await playing(OK);
    await createIdentityClient({ url: `${url}/graphql` }).run(WhoAmI);
    expect(sent).toEqual([{ variables: {}, extensions: { persistedQuery: { version: 1, sha256Hash: WhoAmI.id } } }]);
  });

  test.each([
    ['no JSON', { status: 502 }, { code: 'INTERNAL', status: 502 }],
    ['JSON that is no answer', { status: 200, body: {} }, { code: 'INTERNAL', status: 200 }],
  ] as [string, Given, object][])('%s is an error, too', async (_, given, expected) => {
    const { url } = await playing(given);
    await expect(createIdentityClient({ url }).run(WhoAmI)).rejects.toMatchObject(expected);
  });

  test('nobody there is UNREACHABLE', async () => {
    await expect(createIdentityClient({ url: 'http://127.0.0.1:1', retries: 0 }).run(WhoAmI)).rejects.toMatchObject({
      code: 'UNREACHABLE',
    });
  });
});
