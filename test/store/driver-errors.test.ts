/** What PostgreSQL says (appendix A of its manual), and who is at fault: the moment, the request, or we. */
import { expect, test } from 'vitest';
import { toStoreFailure } from '../../services/identity/store/connection/driver-errors.js';

/** As the driver throws it. */
const said = (code: string) => Object.assign(new Error('told in the words of the server'), { code });
const codeOf = (error: unknown) => toStoreFailure(error).code;

test.each([
  ['08001', 'no connection'],
  ['08006', 'a connection that broke'],
  ['25006', 'a server that only reads, as a standby does before it takes over'],
  ['25P03', 'a transaction that was idle for too long'],
  ['25P04', 'a transaction that took too long'],
  ['28P01', 'a password that is being changed'],
  ['3D000', 'a database that is being restored'],
  ['40001', 'transactions that cannot be put in order'],
  ['40P01', 'a deadlock'],
  ['53000', 'too little of something'],
  ['53100', 'a full disk'],
  ['53200', 'no memory'],
  ['53300', 'too many connections'],
  ['53400', 'a limit of the configuration'],
  ['55P03', 'a lock that was not to be had'],
  ['57014', 'a statement that took too long'],
  ['57P01', 'a server that is stopping'],
  ['57P03', 'a server that is starting'],
  ['58030', 'a disk that does not answer'],
])('%s, %s, is not now: it may be sent again', (code) => {
  const error = said(code);
  const wrapped = new Error('of the mapper', { cause: error });
  for (const thrown of [error, wrapped, new AggregateError([wrapped])]) expect(codeOf(thrown)).toBe('UNAVAILABLE');
});

test.each([
  ['25001', 'a transaction within another'],
  ['25P02', 'a transaction that has ended'],
  ['22P02', 'a value of another kind'],
  ['23502', 'a value that is missing'],
  ['23514', 'a check'],
  ['42501', 'a right that is missing'],
  ['42601', 'syntax'],
  ['42P01', 'a table that is not there'],
  ['54001', 'a statement too deep'],
  ['XX000', 'a fault of its own'],
])('%s, %s, is a fault of ours', (code) => expect(codeOf(said(code))).toBe('INTERNAL'));

test.each([
  ['22021', 'a character that no text can hold'],
  ['22P05', 'one that this database cannot hold'],
  ['54000', 'a text that no index can hold'],
])('%s, %s, is a fault of the request', (code) => expect(codeOf(said(code))).toBe('INVALID_VALUE'));
