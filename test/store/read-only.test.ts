/** A server that only reads for a while, as one does that is failing over: what is written is put off at both doors, what is read is answered. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createOwnDatabase, type OwnDatabase } from '../support/own-database.js';
import { expectScimError, userBody } from '../support/scim.js';
import { startSystem, type System, type Tenant } from '../support/world.js';

describe.runIf(inject('world') === 'network')('while the database only reads', () => {
  let own: OwnDatabase;
  let system: System;
  let tenant: Tenant;

  /** For sessions that begin from now on; those that there are end. */
  async function readOnly(isOn: boolean): Promise<void> {
    await own.query('set default_transaction_read_only = off');
    await own.query(
      `do $$ begin execute format('alter database %I set default_transaction_read_only = ${isOn ? 'on' : 'off'}', current_database()); end $$`,
    );
    await own.query(
      'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    );
  }

  beforeAll(async () => {
    own = await createOwnDatabase(String(process.env['DATABASE_URL']));
    system = await startSystem({ database: { kind: 'postgresql', url: own.url } }, true);
    tenant = await system.newTenant();
    expect((await tenant.scim('POST', '/Users', userBody('before@x.com'))).status).toBe(201);
    expect((await tenant.graphql('{ users { totalCount } }')).status).toBe(200);
    await readOnly(true);
  }, 60_000);
  afterAll(async () => {
    await system?.close();
    await own?.drop();
  });

  test('a write is put off, and is done when it writes again', async () => {
    const create = () => tenant.scim('POST', '/Users', userBody('later@x.com'));
    await expect.poll(async () => (await tenant.scim('GET', '/Users')).status, { timeout: 10_000 }).toBe(200);
    const refused = await create();
    expectScimError(refused, 503);
    expect(refused.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    const { status, errors } = await tenant.graphql(
      'mutation { createClient(input: { name: "Late" }) { clientSecret userErrors { code } } }',
    );
    expect([status, errors?.map(({ extensions }) => extensions?.code)]).toEqual([503, ['UNAVAILABLE']]);
    expect((await tenant.scim('GET', '/Users')).body.totalResults).toBe(1);
    await readOnly(false);
    await expect.poll(async () => (await create()).status, { timeout: 10_000 }).toBe(201);
  });
});
