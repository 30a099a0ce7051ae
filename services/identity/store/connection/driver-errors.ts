/** The store's border: what PostgreSQL and its driver throw becomes a failure of the table; their words stay in the log. */
import { Failure, type FailureCode } from '../../../../schema/failure.js';
import { groupTable, userTable } from '../query/columns.js';
import { OTHER_DECLARATIONS } from '../tables/migrations/20261128-declarations-in-force.js';
import { takenBy } from '../resources/unique-values.js';

/** What each unique index protects, for those who come between a statement's look and its write. */
const uniqueValues: Readonly<Record<string, () => Failure>> = {
  app_user_user_name: () => takenBy(userTable),
  app_group_unique_name: () => takenBy(groupTable),
  tenant_reference: () => new Failure('UNIQUENESS', { field: 'reference', detail: 'Another tenant has this reference.' }),
  scim_client_client_id: () => new Failure('UNIQUENESS', { field: 'clientId', detail: 'This client id is already in use.' }),
};

/**
 * Error classes and codes of PostgreSQL (appendix A of its manual) that say "not now" rather than "not so": also that nobody is let in, or
 * that the database is not there, as while it is restored, and that it has waited for us for too long within a transaction.
 */
const notNow = /^(08|28|3D|53|57|58|25006|25P03|25P04|55P03|40001|40P01)/;
/** The same from Node's sockets and the pool, and from the watch over silent connections: there is nobody. */
const nobodyThere =
  /ECONN|EPIPE|ETIMEDOUT|E(HOST|NET)(UNREACH|DOWN)|ENOTFOUND|EAI_AGAIN|Connection terminated|timeout exceeded|timeout expired|connection timeout/i;
/** And from the driver, TLS and PGlite: somebody is, or was, and there is no speaking with them. */
const noConversation = /Client has encountered a connection error|not queryable|PGlite is clos|CERT|ERR_TLS|ERR_SSL|SSL connection/i;

interface DriverError {
  code?: string;
  constraint?: string;
  table?: string;
  column?: string;
  routine?: string;
  message?: string;
  stack?: string;
  cause?: unknown;
  errors?: unknown[];
}

/** MikroORM wraps the driver's error, AggregateError wraps the sockets': look inwards for the code. */
function innermost(error: unknown): DriverError {
  let current: DriverError = error as DriverError;
  for (let depth = 0; depth < 5; depth += 1) {
    if (current.code && !(current instanceof Failure)) return current;
    const inner: unknown = current.cause ?? (current as DriverError).errors?.[0];
    if (typeof inner !== 'object' || inner === null) break;
    current = inner;
  }
  return current;
}

/** PostgreSQL gave up on one of two transactions that waited for each other, or could not serialise them: try again. */
export const isRetryable = (error: unknown): boolean => ['40001', '40P01'].includes(innermost(error).code ?? '');

/**
 * PostgreSQL itself ended the statement while it waited or worked: a lock was not given in time, its time was up, a deadlock. Nothing of it
 * was done.
 */
export const isUndone = (error: unknown): boolean => ['55P03', '57014', '40001', '40P01'].includes(innermost(error).code ?? '');

/** A lock was not to be had in time, or two waited for each other's. */
export const isLockedOut = (error: unknown): boolean => ['55P03', '40P01'].includes(innermost(error).code ?? '');

/** Whether its code or its message does. */
const says = (pattern: RegExp, { code = '', message = '' }: DriverError): boolean => pattern.test(code) || pattern.test(message);

/** Nobody listens there, or PostgreSQL says that it is starting or stopping; not that it lets us in with other words only. */
export function isAway(error: unknown): boolean {
  const inner = innermost(error);
  return /^57P0[123]$/.test(inner.code ?? '') || says(nobodyThere, inner);
}

/**
 * Whether it is the connection that failed, and not the statement: pg gives no code, or the network's, and PostgreSQL says that it ends
 * (57P01 to 57P03, class 08).
 */
export const isOfConnection = (error: unknown): boolean => /^(|57P0[123]|08.*|E[A-Z]{3}.*)$/.test(innermost(error).code ?? '');

/** A statement took longer than one may. */
export const isTimeout = (error: unknown): boolean => innermost(error).code === '57014';

/**
 * What ended a transaction, among the errors of statements that were under way in it at the same time. PostgreSQL says of those after it no
 * more than that there was one, and such an error may be heard of first: fewer wait for it.
 */
export const causeAmong = (errors: readonly unknown[]): unknown => errors.find((error) => innermost(error).code !== '25P02') ?? errors[0];

/** A row that is referred to, or refers to something, is not there (any more). */
export const isForeignKeyViolation = (error: unknown): boolean => innermost(error).code === '23503';

function codeOf(error: DriverError): FailureCode {
  const code = error.code ?? '';
  if (notNow.test(code) || says(nobodyThere, error) || says(noConversation, error)) return 'UNAVAILABLE';
  if (code === OTHER_DECLARATIONS) return 'SCHEMA_CHANGED';
  if (code === '22021' || code === '22P05') return 'INVALID_VALUE'; // a character that PostgreSQL's text cannot hold
  if (code === '54000') return 'INVALID_VALUE'; // a value that is too long for an index
  return 'INTERNAL';
}

const isOfPostgreSQL = ({ code = '' }: DriverError): boolean => /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]/.test(code);

/**
 * PostgreSQL repeats what it was given: whole rows in the detail of a constraint, a value in the message of an error of class 22 ("data
 * exception"), the statement's place with its parameters in `where`. A log is no place for people's data: it gets what names the fault, and
 * nothing else.
 */
function withoutValues(inner: DriverError): DriverError {
  if (!isOfPostgreSQL(inner)) return inner;
  const { code, constraint, table, column, routine, message = '', stack = '' } = inner;
  const told = code!.startsWith('22') ? 'PostgreSQL could not take a value' : message;
  const frames = stack.slice(Math.max(0, stack.indexOf('\n    at ')));
  return Object.assign(new Error(told), { code, constraint, table, column, routine, stack: `${told}${frames}` });
}

/** The failure a driver's error is to everybody outside the store. */
export function toStoreFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const inner = innermost(thrown);
  const error = withoutValues(inner);
  // Whose tenant was deleted while they were at work is nobody any more.
  if (inner.code === '23503' && inner.constraint?.endsWith('_tenant_id_fkey')) return new Failure('UNAUTHENTICATED', { cause: error });
  const taken = inner.code === '23505' ? uniqueValues[inner.constraint ?? ''] : undefined;
  return taken ? taken() : new Failure(codeOf(inner), { cause: error });
}
