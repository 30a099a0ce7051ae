/** What may be there once in a tenant, and what is said where it is taken. */
import { Failure } from '../../../../schema/failure.js';
import type { ResourceTable } from '../query/columns.js';

/** The refusal of a value that another resource has; with the id of the other one where it is known, for the caller to go on with. */
export function takenBy({ type, unique }: ResourceTable, otherId?: string): Failure {
  const noun = type.name.toLowerCase();
  const other = otherId === undefined ? `another ${noun}` : `the ${noun} with the id "${otherId}"`;
  return new Failure('UNIQUENESS', {
    field: unique.attribute,
    detail: `This ${unique.attribute} is already taken by ${other} (case does not count). Choose another one, or find and update the existing ${noun}.`,
  });
}
