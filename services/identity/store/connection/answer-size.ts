/** How much one answer of PostgreSQL may hold. A page of a thousand documents of the largest size would take the memory that all tenants share. */
import type { Client } from 'pg';
import { Failure } from '../../../../schema/failure.js';
import { connectionOf } from './driver-connection.js';

const MOST_BYTES = 64 * 1024 * 1024;

const tooMuch = () => new Failure('TOO_MANY', { detail: `The answer would have more than ${MOST_BYTES / 1024 / 1024} MB: ask for fewer resources at once ("count", "first"), or for fewer of their attributes.` });

/** Breaks the connection off where an answer is longer: PostgreSQL would go on sending, and there is no way to say on the same connection that it should not. */
export function limitAnswers(client: Client): void {
  const connection = connectionOf(client);
  let bytes = 0;
  connection.on('dataRow', ({ length }: { readonly length: number }) => {
    bytes += length;
    if (bytes > MOST_BYTES) connection.stream.destroy(tooMuch());
  }).on('readyForQuery', () => { bytes = 0; }); // also after a statement that failed half way
}
