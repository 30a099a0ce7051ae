/**
 * Connections to PostgreSQL that die without a word: whoever waits on one is told in time, and it is replaced. Only the set-up with a
 * server has any.
 */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createFaultProxy, type FaultProxy } from '../support/fault-proxy.js';
import { type Answer, exchange } from '../support/http.js';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { filtered, patchOp, userBody } from '../support/scim.js';
import { startSystem, type System, type Tenant } from '../support/world.js';

/** A statement may take five seconds; what is asked once more, on another connection, waits for that to be made. */
const LIMIT_MILLISECONDS = 9000;

describe.runIf(inject('world') === 'network')('connections that die without a word', () => {
  let own: OwnDatabase;
  let proxy: FaultProxy;
  let system: System;
  let tenant: Tenant;
  let user = '';

  beforeAll(async () => {
    own = await createOwnDatabase(String(process.env['DATABASE_URL']));
    const url = new URL(own.url);
    proxy = await createFaultProxy(Number(url.port || 5432));
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    system = await startSystem({ database: { kind: 'postgresql', url: url.href }, redisUrl: process.env['REDIS_URL'] }, true);
    tenant = await system.newTenant();
    user = (await tenant.scim('POST', '/Users', userBody('there@x.com'))).body.id;
  }, 60_000);
  afterAll(async () => {
    await system?.close();
    await proxy?.close();
    await own?.drop();
  }, 60_000);

  const read = () => tenant.scim('GET', `/Users/${user}`);
  const readiness = () => exchange(system.identityUrl, 'GET', '/readyz', {});
  /** What uses each kind of connection: a look-up, a list, a search, a statement that writes, a transaction. */
  const everything = () =>
    Promise.all([
      read(),
      tenant.scim('GET', '/Users'),
      tenant.scim('GET', filtered('/Users', 'userName co "here"')),
      tenant.scim('PATCH', `/Users/${user}`, patchOp({ op: 'replace', path: 'title', value: String(Math.random()) })),
      tenant.scim('PUT', `/Users/${user}`, userBody('there@x.com', { title: String(Math.random()) })),
    ]);
  const statusesOf = (answers: readonly Answer[]) => answers.map(({ status }) => status);
  const slowest = (answers: readonly Answer[]) => Math.max(...answers.map(({ elapsed }) => elapsed));

  test('are replaced: who waits on one is answered in time, and those who come later at once', { timeout: 60_000 }, async () => {
    expect(statusesOf(await everything())).toEqual([200, 200, 200, 200, 200]);
    proxy.silence();
    const [during, ready] = await Promise.all([everything(), readiness()]);
    expect(ready).toMatchObject({ status: 503 });
    expect(ready.elapsed).toBeLessThan(2500);
    expect(slowest(during)).toBeLessThan(LIMIT_MILLISECONDS);
    for (const { status } of during) expect([200, 503]).toContain(status);
    const after = await everything();
    expect(statusesOf(after)).toEqual([200, 200, 200, 200, 200]);
    expect(slowest(after)).toBeLessThan(2000);
    expect((await readiness()).status).toBe(200);
  });

  test('that are idle are found by the probe alone', { timeout: 60_000 }, async () => {
    expect(statusesOf(await everything())).toEqual([200, 200, 200, 200, 200]);
    proxy.silence();
    await expect.poll(async () => (await readiness()).status, { timeout: LIMIT_MILLISECONDS, interval: 500 }).toBe(200);
    expect(slowest(await everything())).toBeLessThan(2000);
  });

  test('do not hold up the end, with requests under way', { timeout: 60_000 }, async () => {
    proxy.hang();
    const asked = everything();
    await new Promise((resolve) => setTimeout(resolve, 300));
    const started = performance.now();
    await system.stopCore();
    expect(performance.now() - started).toBeLessThan(12_000);
    expect(statusesOf(await asked)).toEqual([503, 503, 503, 503, 503]);
    proxy.mend();
  });
});
