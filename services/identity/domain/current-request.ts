/**
 * The GraphQL request that is being worked on, for those whom nobody can hand it: the translator of Apollo's errors, and statements of work
 * whose answer nobody waits for any more. It belongs to the request's own asynchronous context, so no request sees another's.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Failure } from '../../../schema/failure.js';
import { type AnswerCount, counting } from '../store/connection/answer-size.js';
import type { Database, Patience, Statements } from '../store/connection/database.js';
import type { Caller } from './caller.js';

export interface CurrentRequest {
  readonly requestId: string;
  /** Whether the caller has been told that it took too long. */
  isOver: boolean;
  /** Whether it is at work on a set, which may take longer than usual. */
  isLong?: boolean;
  /** What the database has answered it. */
  readonly answered: AnswerCount;
  /** Whose it is, once that is known. */
  caller?: Caller;
  /** The kind of its operation and the names of its first fields, when it has been read. */
  operation?: string;
  fields?: readonly string[];
  /** The code of the first error that was told, if one was. */
  code?: string;
  /** The code of the first mutation that was refused in a way that the caller can mend. */
  refused?: string;
}

export const currentRequest = new AsyncLocalStorage<CurrentRequest>();

const stopIfOver = (): void => {
  if (currentRequest.getStore()?.isOver) throw new Failure('TIMEOUT');
};

const untilOver = (on: Statements): Statements => ({
  run: async (statement) => {
    stopIfOver();
    const request = currentRequest.getStore();
    return request ? counting(request.answered, () => on.run(statement)) : on.run(statement);
  },
});

function noteLong(patience: Patience | undefined): void {
  const request = currentRequest.getStore();
  if (request && patience === 'long') request.isLong = true;
}

/**
 * The same database, which begins no statement for a request that is over: a transaction under way ends without effects, also where its
 * last statement was the slow one.
 */
export const whileAwaited = (database: Database): Database => {
  const awaited =
    <Result>(work: (on: Statements) => Promise<Result>) =>
    async (on: Statements): Promise<Result> => {
      const result = await work(untilOver(on));
      stopIfOver();
      return result;
    };
  return {
    ...database,
    ...untilOver(database),
    within: (tenantId) => whileAwaited(database.within(tenantId)),
    transaction: (work, patience) => {
      noteLong(patience);
      return database.transaction(awaited(work), patience);
    },
    together: async (key, item, work) => {
      stopIfOver();
      return database.together(key, item, work); // for others, too: it goes on
    },
    rehearsal: (work) => {
      noteLong('long');
      return database.rehearsal(awaited(work));
    },
  };
};

/**
 * Does what must follow a commit to its end, whether or not anybody still waits for the answer: other processes are to hear of what is in
 * force.
 */
export const toTheEnd = <Result>(work: () => Result): Result => {
  const request = currentRequest.getStore();
  return request ? currentRequest.run({ ...request, isOver: false }, work) : work();
};
