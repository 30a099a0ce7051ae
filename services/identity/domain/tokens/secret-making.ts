/** Work that makes a secret, done once under a key of the caller's. */
import type { Writer } from '../../store/changes/change-rows.js';
import type { Database, Writable } from '../../store/connection/database.js';
import { type Asked, type WriteOptions, perform } from '../resources/perform.js';

export interface SecretPerformed<Result> {
  readonly result: Result;
  /** Null where this is the answer to an earlier request: the answer that is kept under the key does not hold the secret. */
  readonly secret: string | null;
}

/** Does the work; the result is kept under the key, the secret goes to whoever asks first and to nobody else. */
export async function performWithSecret<Result>(
  database: Database,
  writer: Writer,
  asked: Asked,
  { idempotencyKey }: Pick<WriteOptions, 'idempotencyKey'>,
  work: (database: Writable) => Promise<{ readonly result: Result; readonly secret: string }>,
): Promise<SecretPerformed<Result>> {
  let made: string | null = null;
  const { result, isReplayed } = await perform(database, writer, asked, { idempotencyKey }, async (inside) => {
    const done = await work(inside);
    made = done.secret;
    return done.result;
  });
  return { result, secret: isReplayed ? null : made };
}
