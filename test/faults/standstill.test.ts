/**
 * Processes that have stood still, as where they were stopped or their machine was frozen: what was asked meanwhile is not done afterwards,
 * when whoever asked has given up. A leaver whom somebody else has deactivated in between would be active again.
 */
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { connectCore, type CoreClient } from '../../gateway/core-client.js';
import type { Failure } from '../../schema/failure.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { patchOp, userBody } from '../support/scim.js';
import { SCIM_PATH, startSystem, type System, type Tenant } from '../support/world.js';

const LONG = 300; // milliseconds
const ISSUE = 'mutation ($input: IssueTokenInput!) { issueToken(input: $input) { accessToken } }';
const UPDATE = 'mutation ($input: UpdateUserInput!) { updateUser(input: $input) { user { version } } }';

interface Connection {
  write(text: string): void;
  /** The status of the answer. */
  readonly status: Promise<number>;
}

/** A connection that is open, so that what is written is with the server at once. */
const open = (origin: string): Promise<Connection> =>
  new Promise((resolve, reject) => {
    const status = Promise.withResolvers<number>();
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () =>
      resolve({ write: (text) => void socket.write(text), status: status.promise }),
    ).once('error', reject);
    socket.once('data', (data) => {
      status.resolve(Number(data.toString().split(' ')[1]));
      socket.destroy();
    });
  });

const httpRequest = (method: string, path: string, token: string, body: object): string => {
  const text = JSON.stringify(body);
  return `${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
};

describe.runIf(inject('world') === 'network')('a process that has stood still', () => {
  let own: OwnDatabase;
  let system: System;
  let tenant: Tenant;
  let client: CoreClient;

  beforeAll(async () => {
    own = await createOwnDatabase(String(process.env['DATABASE_URL']));
    system = await startSystem({ database: { kind: 'postgresql', url: own.url } }, true, { standstillMilliseconds: LONG });
    tenant = await system.newTenant();
    client = connectCore(system.identityUrl);
  }, 60_000);
  afterAll(async () => {
    await client?.close();
    await system?.close();
    await own?.drop();
  }, 60_000);

  test('begins nothing of what was asked meanwhile, at any door, and goes on', { timeout: 30_000 }, async () => {
    const { id } = (await tenant.scim('POST', '/Users', userBody('leaver@x.com', { active: false }))).body;
    const { data } = await tenant.graphql(ISSUE, {
      input: { clientId: tenant.clientId, clientSecret: tenant.clientSecret, audience: 'GRAPHQL', expiresIn: 3600 },
    });
    const token = String(data!['issueToken']!['accessToken']);
    const origin = { token: tenant.token, requestId: 'r', address: '203.0.113.9' };
    await client.execute('Authenticate', {}, origin); // is connected
    const [facade, tools] = [await open(system.gatewayUrl), await open(system.identityUrl)];

    const asked = client
      .execute('ChangeUser', { input: { id, changes: [{ op: 'REPLACE', path: 'active', value: true }] } }, origin)
      .catch((error: unknown) => error);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve(); // it is on its way with the next turn
    setImmediate(() => {
      facade.write(httpRequest('PATCH', `${SCIM_PATH}/Users/${id}`, tenant.token, patchOp({ op: 'replace', path: 'active', value: true })));
      tools.write(httpRequest('POST', '/graphql', token, { query: UPDATE, variables: { input: { id, user: { active: true } } } }));
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LONG + 700);
    });
    expect(await Promise.all([facade.status, tools.status])).toEqual([503, 503]);
    expect(await asked).toMatchObject({ code: 'UNAVAILABLE' } satisfies Partial<Failure>);
    await expect.poll(async () => (await tenant.scim('GET', `/Users/${id}`)).status, { timeout: 5000 }).toBe(200);
    await wait(200);
    expect((await tenant.scim('GET', `/Users/${id}`)).body).toMatchObject({ active: false, meta: { version: 'W/"1"' } });
  });
});
