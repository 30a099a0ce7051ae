/**
 * The GraphQL request that is being worked on, for those whom nobody can hand it: the translator of Apollo's errors, and statements of work whose
 * answer nobody waits for any more. It belongs to the request's own asynchronous context, so no request sees another's.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Failure } from '../../../schema/failure.js';
import type { Database, Statements } from '../store/database.js';

export interface CurrentRequest {
  readonly requestId: string;
  /** Whether the caller has been told that it took too long. */
  isOver: boolean;
}

export const currentRequest = new AsyncLocalStorage<CurrentRequest>();

const stopIfOver = (): void => {
  if (currentRequest.getStore()?.isOver) throw new Failure('TIMEOUT');
};

const untilOver = (on: Statements): Statements => ({
  run: async (statement) => {
    stopIfOver();
    return on.run(statement);
  },
});

/** The same database, which begins no statement for a request that is over: a transaction under way ends without effects. */
export const whileAwaited = (database: Database): Database => ({
  ...database,
  ...untilOver(database),
  transaction: (work, patience) => database.transaction((on) => work(untilOver(on)), patience),
  together: async (key, item, work) => {
    stopIfOver();
    return database.together(key, item, work); // for others, too: it goes on
  },
  rehearsal: (work) => database.rehearsal((on) => work(untilOver(on))),
});
