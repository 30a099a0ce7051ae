/**
 * How much one answer of PostgreSQL may hold, and all answers to one request together. A page of a thousand documents of the largest size
 * would take the memory that all tenants share, and a request may ask for several pages.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Client } from 'pg';
import { Failure } from '../../../../schema/failure.js';
import { connectionOf } from './driver-connection.js';

const MOST_BYTES = 64 * 1024 * 1024;

/** What one request has been answered so far, in bytes. */
export interface AnswerCount {
  bytes: number;
}

const tooMuch = () =>
  new Failure('TOO_MANY', {
    detail: `The answer would have more than ${MOST_BYTES / 1024 / 1024} MB: ask for fewer resources at once ("count", "first"), or for fewer of their attributes.`,
  });

const counts = new AsyncLocalStorage<AnswerCount>();
const countOf = new WeakMap<Client, AnswerCount>();

/** Does the work, and adds what PostgreSQL answers in it to the count. */
export const counting = <Result>(count: AnswerCount, work: () => Result): Result => counts.run(count, work);

/** Says that what is answered on this connection, which nobody else uses, is to the request that asks, until `endCount`. */
export function beginCount(client: Client): void {
  const count = counts.getStore();
  if (count) countOf.set(client, count);
}

export const endCount = (client: Client): void => void countOf.delete(client);

/**
 * Breaks the connection off where an answer is longer: PostgreSQL would go on sending, and there is no way to say on the same connection
 * that it should not.
 */
export function limitAnswers(client: Client): void {
  const connection = connectionOf(client);
  let bytes = 0;
  connection
    .on('dataRow', ({ length }: { readonly length: number }) => {
      bytes += length;
      const count = countOf.get(client);
      if (count) count.bytes += length;
      if (Math.max(bytes, count?.bytes ?? 0) > MOST_BYTES) connection.stream.destroy(tooMuch());
    })
    .on('readyForQuery', () => {
      bytes = 0; // also after a statement that failed half way
    });
}
