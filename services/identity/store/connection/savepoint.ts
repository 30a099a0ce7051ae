/** A part of a transaction that may fail without the rest. */
import { sql } from '../query/sql.js';
import { Failure } from '../../../../schema/failure.js';
import type { Statements } from './database.js';
import { isForeignKeyViolation, isRetryable, toStoreFailure } from './driver-errors.js';

/**
 * Does the work; where it fails in a way that the caller can mend, its effects are undone and the failure is the answer. What makes the
 * whole transaction worth repeating, and faults of ours, are thrown on.
 */
export async function attempted<Result>(on: Statements, work: () => Promise<Result>): Promise<Result | Failure> {
  await on.run(sql`savepoint part`);
  try {
    const result = await work();
    await on.run(sql`release savepoint part`);
    return result;
  } catch (error) {
    if (isRetryable(error) || isForeignKeyViolation(error)) throw error;
    const failure = toStoreFailure(error);
    if (!failure.kind.mendable) throw error;
    await on.run(sql`rollback to savepoint part`);
    return failure;
  }
}
