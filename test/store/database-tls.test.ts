/**
 * Encrypted connections to PostgreSQL: all of them, or none at all. With servers of its own, which take nothing else or know nothing of it.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { readIdentityConfig } from '../../services/identity/config.js';
import { type Certificates, createCertificates, createPostgres, findPrograms, type OwnPostgres } from '../support/own-servers.js';
import { userBody } from '../support/scim.js';
import { IS_CI, startSystem } from '../support/world.js';

const isNetwork = inject('world') === 'network';
const programs = isNetwork ? findPrograms() : undefined;

test.runIf(isNetwork && IS_CI)('needs the programs of PostgreSQL', () => {
  expect(programs, 'install PostgreSQL on this machine').toBeDefined();
});

describe.runIf(programs)('connections to PostgreSQL', () => {
  let certificates: Certificates;
  let [encrypted, asking, plain]: (OwnPostgres | undefined)[] = [];

  beforeAll(async () => {
    certificates = await createCertificates();
    encrypted = await createPostgres(programs!.postgresFolder, { certificates });
    asking = await createPostgres(programs!.postgresFolder, { certificates, client: true });
    plain = await createPostgres(programs!.postgresFolder);
  }, 60_000);
  afterAll(async () => {
    for (const server of [encrypted, asking, plain]) await server?.remove();
  }, 60_000);

  /** Starts everything on that database, and uses it; rejects with what a start says. */
  async function use(server: OwnPostgres | undefined, parameters: string, host = '127.0.0.1'): Promise<number> {
    const url = server!.url.replace('127.0.0.1', host) + parameters;
    const system = await startSystem({ database: readIdentityConfig({ DATABASE_URL: url }).database }, false);
    try {
      const tenant = await system.newTenant();
      const { body } = await tenant.scim('POST', '/Users', userBody('there@x.com'));
      await tenant.scim('PUT', `/Users/${body.id}`, userBody('there@x.com', { title: 'Boss' }));
      return (await tenant.scim('GET', `/Users/${body.id}`)).status;
    } finally {
      await system.close();
    }
  }

  const ROOT = () => `&sslrootcert=${certificates.authority}`;
  const CLIENT = () => `&sslcert=${certificates.client}&sslkey=${certificates.clientKey}`;

  test('are encrypted, all of them, in each of the ways', { timeout: 90_000 }, async () => {
    for (const parameters of [
      '?sslmode=require',
      `?sslmode=require${ROOT()}`,
      `?sslmode=verify-ca${ROOT()}`,
      `?sslmode=verify-full${ROOT()}`,
    ]) {
      expect(await use(encrypted, parameters), parameters).toBe(200);
    }
    expect(await use(encrypted, `?sslmode=verify-ca${ROOT()}`, 'localhost')).toBe(200);
  });

  test('show a certificate of ours where one is asked for', { timeout: 60_000 }, async () => {
    expect(await use(asking, `?sslmode=verify-full${ROOT()}${CLIENT()}`)).toBe(200);
    await expect(use(asking, `?sslmode=verify-full${ROOT()}`)).rejects.toThrow(/certificate/);
  });

  test('are not made to a server that is not the one that is meant', { timeout: 60_000 }, async () => {
    await expect(use(encrypted, `?sslmode=verify-full${ROOT()}`, 'localhost')).rejects.toThrow(/altnames/);
    await expect(use(encrypted, '?sslmode=verify-full')).rejects.toThrow(/certificate/);
    const stranger = await createCertificates();
    for (const mode of ['require', 'verify-ca', 'verify-full']) {
      await expect(use(encrypted, `?sslmode=${mode}&sslrootcert=${stranger.authority}`), mode).rejects.toThrow(/certificate/);
    }
  });

  test('are not made at all where they would not be encrypted as asked', { timeout: 60_000 }, async () => {
    await expect(use(plain, '?sslmode=require')).rejects.toThrow('The server does not support SSL connections');
    await expect(use(encrypted, '?sslmode=disable')).rejects.toThrow(/no encryption/);
    expect(await use(plain, '?sslmode=disable')).toBe(200);
    expect(await use(plain, '')).toBe(200);
  });

  test('need files that are what they are said to be', async () => {
    const wrong = join(certificates.folder, 'wrong');
    await writeFile(wrong, 'no certificate');
    for (const [parameters, fault] of [
      [`?sslmode=verify-full&sslrootcert=${wrong}`, 'sslrootcert is no file'],
      ['?sslmode=verify-full&sslrootcert=/nowhere', 'sslrootcert is no file'],
      [`?sslmode=require&sslcert=${certificates.client}&sslkey=${certificates.serverKey}`, 'sslcert and sslkey are no files'],
    ] as const) {
      expect(() => readIdentityConfig({ DATABASE_URL: `postgresql://db/x${parameters}` }), parameters).toThrow(`- DATABASE_URL: ${fault}`);
    }
  });
});
