/** How much one answer of PostgreSQL may hold. A page of a thousand documents of the largest size would take the memory that all tenants share. */
import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Client } from 'pg';
import { Failure } from '../../../schema/failure.js';

const MOST_BYTES = 64 * 1024 * 1024;

/** What pg tells to those who read its source: each row with the length of its message. */
type Connection = EventEmitter & { readonly stream: Socket };

const tooMuch = () => new Failure('TOO_MANY', { detail: `The answer would have more than ${MOST_BYTES / 1024 / 1024} MB: ask for fewer resources at once ("count", "first"), or for fewer of their attributes.` });

/** Breaks the connection off where an answer is longer: PostgreSQL would go on sending, and there is no way to say on the same connection that it should not. */
export function limitAnswers(client: Client): void {
  const { connection } = client as unknown as { readonly connection: Connection };
  let bytes = 0;
  connection.on('dataRow', ({ length }: { readonly length: number }) => {
    bytes += length;
    if (bytes > MOST_BYTES) connection.stream.destroy(tooMuch());
  }).on('readyForQuery', () => { bytes = 0; }); // also after a statement that failed half way
}
