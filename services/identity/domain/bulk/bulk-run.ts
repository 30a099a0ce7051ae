/** One Bulk request while it is done: what its operations share, how one of them is done, and what became of it. */
import type { Change, JsonObject } from '../../../../schema/change.js';
import type { SharedComparisons } from '../../../../schema/comparison-budget.js';
import { Failure } from '../../../../schema/failure.js';
import type { ResourceType } from '../../../../schema/resources.js';
import type { Writer } from '../../store/changes/change-rows.js';
import { insideOf, type Statements } from '../../store/connection/database.js';
import { changeResource, createResource, deleteResource, replaceResource, type ResourceRow } from '../resources/resources.js';
import type { References } from './bulk-references.js';

export type BulkMethod = 'CREATE' | 'REPLACE' | 'CHANGE' | 'DELETE';

export interface BulkOperation {
  readonly method: BulkMethod;
  readonly type: ResourceType;
  /** The resource to write; may be `bulkId:…`. */
  readonly id?: string | undefined;
  /** The request's own name for the operation, and for the resource that it makes. */
  readonly bulkId?: string | undefined;
  readonly ifVersion?: number | undefined;
  /** The whole resource, to create or replace. */
  readonly document?: JsonObject | undefined;
  readonly changes?: readonly Change[] | undefined;
  /** Why it cannot be done as it came; the others are. */
  readonly failure?: Failure | undefined;
}

/** What became of an operation; everything in it can be written as JSON. */
export interface BulkResult {
  /** The place of the operation in the request. */
  readonly place: number;
  readonly id: string | null;
  readonly version: number | null;
  readonly failure: { readonly code: Failure['code']; readonly message: string; readonly field: string | null } | null;
}

/** What the operations of one request share while they are done. */
export interface Run extends References {
  readonly on: Statements;
  readonly writer: Writer;
  readonly results: Map<number, BulkResult>;
  /** How many failures end the request. */
  readonly patience: number;
  readonly comparisons: SharedComparisons;
  failures: number;
}

export const isOver = ({ failures, patience }: Run): boolean => failures >= patience;

/** Does one operation, in the transaction of the run; throws why it is not done. */
export async function doOne(
  { on, writer, resolved, results, comparisons }: Run,
  place: number,
  database = insideOf(on),
): Promise<ResourceRow | undefined> {
  const { operation, id, references, failure } = resolved[place]!;
  if (failure) throw failure;
  const failed = references.find((reference) => results.get(reference)?.failure);
  if (failed !== undefined) {
    throw new Failure('INVALID_VALUE', {
      field: 'bulkId',
      detail: `The operation with the bulkId ${JSON.stringify(resolved[failed]!.operation.bulkId)}, which this one refers to, was refused.`,
    });
  }
  const { method, type, document = {}, changes = [], ifVersion } = operation;
  switch (method) {
    case 'CREATE':
      return createResource(database, type, writer, document, id);
    case 'REPLACE':
      return replaceResource(database, writer, { type, id, ifVersion }, document);
    case 'CHANGE':
      return changeResource(database, writer, { type, id, ifVersion }, changes, { shared: comparisons });
    case 'DELETE':
      await deleteResource(database, writer, { type, id, ifVersion });
  }
  return undefined;
}

/** Notes what became of an operation. */
export function note(run: Run, place: number, outcome: ResourceRow | Failure | undefined): void {
  const {
    operation: { method },
    id,
  } = run.resolved[place]!;
  if (!(outcome instanceof Failure)) {
    run.results.set(place, { place, id: outcome?.id ?? id, version: outcome?.version ?? null, failure: null });
    return;
  }
  const { code, message, field } = outcome;
  run.failures += 1;
  run.results.set(place, { place, id: method === 'CREATE' ? null : id, version: null, failure: { code, message, field: field ?? null } });
}
