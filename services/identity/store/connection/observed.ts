/** A database whose statements and transactions somebody looks on at. */
import { oncePerPair } from '../../../../schema/once-per.js';
import type { Database, Statements } from './database.js';
import { compile } from '../query/sql.js';

/** What is done: a statement, a transaction, or a write together with others. */
export type Observed = 'statement' | 'transaction' | 'write';

/** Does the work and looks on; `text` makes the text of a statement. */
export type Observe = <Result>(name: Observed, text: (() => string) | undefined, work: () => Promise<Result>) => Promise<Result>;

const observedStatements = (on: Statements, observe: Observe): Statements => ({
  run: (statement) =>
    observe(
      'statement',
      () => compile(statement).text,
      () => on.run(statement),
    ),
});

/**
 * The same database, looked on at. A statement that several writes share is seen in the first of them; the others show how long they waited
 * for it. Of look-ups that go to PostgreSQL as one, each is seen.
 */
export const observedDatabase = oncePerPair((database: Database, observe: Observe): Database => ({
  ...database,
  ...observedStatements(database, observe),
  within: (tenantId) => observedDatabase(database.within(tenantId), observe),
  transaction: (work, patience) =>
    observe('transaction', undefined, () => database.transaction((on) => work(observedStatements(on, observe)), patience)),
  together: (key, item, work) =>
    observe('write', undefined, () => database.together(key, item, (on, items) => work(observedStatements(on, observe), items))),
  rehearsal: (work) => observe('transaction', undefined, () => database.rehearsal((on) => work(observedStatements(on, observe)))),
}));
