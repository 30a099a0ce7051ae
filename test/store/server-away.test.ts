/** A start before PostgreSQL is there: it waits, says so, and ends where it is told to. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { openDatabase } from '../../services/identity/store/connection/database.js';
import { createPostgres, findPrograms, type OwnPostgres } from '../support/own-servers.js';

const programs = inject('world') === 'network' ? findPrograms() : undefined;

describe.runIf(programs)('a server that is not there yet', () => {
  let server: OwnPostgres;
  beforeAll(async () => {
    server = await createPostgres(programs!.postgresFolder);
  });
  afterAll(() => server.remove());
  beforeAll(() => server.stop());

  const opening = (ending?: AbortSignal) => {
    const told: unknown[] = [];
    const opened = openDatabase(
      { kind: 'postgresql', url: server.url },
      { ending, server: (error) => void told.push(error), transactions: () => undefined, anotherCore: () => undefined },
    );
    return { told, opened };
  };

  test('is waited for no longer than anybody wants it', async () => {
    const ending = new AbortController();
    const { told, opened } = opening(ending.signal);
    const failed = expect(opened).rejects.toThrow('nobody wants it');
    await expect.poll(() => told.length).toBe(1);
    ending.abort(new Error('nobody wants it'));
    await failed;
  });

  test('is used once it is there', async () => {
    const { told, opened } = opening();
    await expect.poll(() => told).toMatchObject([{ code: 'ECONNREFUSED' }]);
    await server.start();
    const database = await opened;
    await database.ping();
    await database.close();
    expect(told).toHaveLength(1);
  });
});
