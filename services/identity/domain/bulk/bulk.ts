/**
 * Many writes in one request (RFC 7644, section 3.7): one transaction, in which each operation is done whole or not at all, whatever
 * becomes of the others. New users and groups that stand in a row are written by one statement.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Change, JsonObject } from '../../../../schema/change.js';
import type { SharedComparisons } from '../../../../schema/comparison-budget.js';
import { Failure } from '../../../../schema/failure.js';
import { limits, type ResourceType } from '../../../../schema/resources.js';
import type { Writer } from '../../store/changes/change-rows.js';
import { insideOf, type Statements, type Writable } from '../../store/connection/database.js';
import { attempted } from '../../store/connection/savepoint.js';
import { inDependencyOrder, type Unit, wayRound } from './bulk-order.js';
import { isNewGroup, nameOf, type References, resolveReferences } from './bulk-references.js';
import { createManyResources, isPlainCreation } from '../resources/creations.js';
import { repeatOnVanishedMember } from '../members/member-transactions.js';
import { circleOf } from '../members/nested-groups.js';
import { changeResource, createResource, deleteResource, replaceResource, type ResourceRow } from '../resources/resources.js';

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
interface Run extends References {
  readonly on: Statements;
  readonly writer: Writer;
  readonly results: Map<number, BulkResult>;
  /** How many failures end the request. */
  readonly patience: number;
  readonly comparisons: SharedComparisons;
  failures: number;
}

const isOver = ({ failures, patience }: Run): boolean => failures >= patience;

/** Does the operations, which the request has in the field; those after the last that `failOnErrors` permits are not done and have no result. Fails with TOO_MANY. */
export function performBulk(database: Writable, writer: Writer, operations: readonly BulkOperation[], failOnErrors?: number, field = 'operations'): Promise<BulkResult[]> {
  if (operations.length > limits.bulkOperations) {
    throw new Failure('TOO_MANY', { field, detail: `One request takes at most ${limits.bulkOperations} ${field}; ${operations.length} were sent.` });
  }
  return repeatOnVanishedMember(database, () => database.transaction(async (on) => {
    const references = resolveReferences(operations);
    const { resolved } = references;
    const run: Run = { ...references, on, writer, results: new Map(), patience: failOnErrors && failOnErrors > 0 ? failOnErrors : Number.POSITIVE_INFINITY, comparisons: { left: limits.bulkComparisons }, failures: 0 };
    const units = inDependencyOrder(resolved.length, (place) => resolved[place]!.references);
    for (let at = 0; at < units.length && !isOver(run);) {
      at += await doNext(run, units, at);
      await nextTurn(); // the embedded database answers within the same turn: nobody else would be served until all is done
    }
    return [...run.results.values()].toSorted((one, other) => one.place - other.place);
  }, 'long'));
}

/** Does the unit at this place, or all the creations that follow each other from it; answers how many units these were. */
async function doNext(run: Run, units: readonly Unit[], at: number): Promise<number> {
  const row = creationsFrom(run, units, at);
  if (row.length < 2) {
    await doUnit(run, units[at]!);
    return 1;
  }
  await doCreations(run, row);
  return row.length;
}

/** The places of creations of one type that stand in a row and need nothing but their own row. */
function creationsFrom({ resolved, results, writer }: Run, units: readonly Unit[], at: number): number[] {
  const places: number[] = [];
  for (const [place, ...others] of units.slice(at)) {
    const { operation, failure, references } = resolved[place!]!;
    // What one of them refers to must be known to be there.
    const isReady = references.every((reference) => results.get(reference)?.failure === null);
    const { operation: first } = resolved[places[0] ?? place!]!;
    const isPlain = operation.method === 'CREATE' && isPlainCreation(operation.type, writer, operation.document ?? {});
    if (others.length > 0 || failure || !isReady || !isPlain || operation.type !== first.type) break;
    places.push(place!);
  }
  return places;
}

/** Where only some of them may be done, a failure in their middle undoes all: then they are done one by one. */
async function doCreations(run: Run, places: readonly number[]): Promise<void> {
  const { type } = run.resolved[places[0]!]!.operation;
  const create = async () => {
    const made = await createManyResources(run.on, type, run.writer, places.map((place) => ({ id: run.resolved[place]!.id, input: run.resolved[place]!.operation.document ?? {} })));
    if (run.failures + made.filter((result) => result instanceof Failure).length > run.patience - 1) throw new Failure('CONFLICT');
    return made;
  };
  const made = run.patience === Number.POSITIVE_INFINITY ? await create() : await attempted(run.on, create);
  if (made instanceof Failure) {
    for (const place of places) if (!isOver(run)) await doUnit(run, [place]);
    return;
  }
  for (const [at, place] of places.entries()) note(run, place, made[at]);
}

/** Does one operation, or several that refer to each other in a circle: all of them or none. */
async function doUnit(run: Run, unit: Unit): Promise<void> {
  const all = () => attempted(run.on, () => doAll(run, unit));
  const first = circleOfGroups(run, unit) ?? await all();
  const outcome = first === ANEW ? await all() : first;
  const failure = outcome instanceof Failure ? ofAll(run, unit, outcome) : undefined;
  for (const [at, place] of unit.entries()) note(run, place, failure ?? (outcome as (ResourceRow | undefined)[])[at]);
}

/** Undoes a circle in which somebody is restored, who has another id than those before have been told: once all know it, the circle is done again. */
const ANEW = new Failure('CONFLICT');

async function doAll(run: Run, unit: Unit): Promise<(ResourceRow | undefined)[]> {
  const rows: (ResourceRow | undefined)[] = [];
  for (const place of unit) rows.push(await doOne(run, place));
  const restored = unit.filter((place, at) => isElsewhere(run, place, rows[at]));
  for (const place of restored) run.isElsewhere(place, rows[unit.indexOf(place)]!.id);
  if (restored.length > 0 && unit.length > 1) throw ANEW;
  return rows;
}

const isElsewhere = ({ resolved }: Run, place: number, row: ResourceRow | undefined): boolean =>
  resolved[place]!.operation.method === 'CREATE' && row !== undefined && row.id !== resolved[place]!.id;

/** Why new groups that are to be members of each other cannot be: nobody would miss one of them first. */
function circleOfGroups({ resolved }: Run, unit: Unit): Failure | undefined {
  if (unit.length === 1 || !unit.every((place) => isNewGroup(resolved[place]!.operation))) return undefined;
  return circleOf(wayRound(unit, (place) => resolved[place]!.references).map((place) => nameOf(resolved[place]!.operation)));
}

/** What is said of each of several operations that fell together. */
function ofAll({ resolved }: Run, unit: Unit, failure: Failure): Failure {
  if (unit.length === 1) return failure;
  const names = unit.map((place) => JSON.stringify(resolved[place]!.operation.bulkId)).join(', ');
  return new Failure(failure.code, { field: failure.field, detail: `The operations with the bulkIds ${names.slice(0, 500)} refer to each other and are done together or not at all: ${failure.message}` });
}

async function doOne({ on, writer, resolved, results, comparisons }: Run, place: number): Promise<ResourceRow | undefined> {
  const { operation, id, references, failure } = resolved[place]!;
  if (failure) throw failure;
  const failed = references.find((reference) => results.get(reference)?.failure);
  if (failed !== undefined) {
    throw new Failure('INVALID_VALUE', { field: 'bulkId', detail: `The operation with the bulkId ${JSON.stringify(resolved[failed]!.operation.bulkId)}, which this one refers to, was refused.` });
  }
  const { method, type, document = {}, changes = [], ifVersion } = operation;
  const database = insideOf(on);
  switch (method) {
    case 'CREATE': return createResource(database, type, writer, document, id);
    case 'REPLACE': return replaceResource(database, type, writer, id, document, ifVersion);
    case 'CHANGE': return changeResource(database, type, writer, id, changes, ifVersion, undefined, comparisons);
    case 'DELETE': await deleteResource(database, type, writer, id, ifVersion);
  }
  return undefined;
}

function note(run: Run, place: number, outcome: ResourceRow | Failure | undefined): void {
  const { operation: { method }, id } = run.resolved[place]!;
  if (!(outcome instanceof Failure)) {
    run.results.set(place, { place, id: outcome?.id ?? id, version: outcome?.version ?? null, failure: null });
    return;
  }
  const { code, message, field } = outcome;
  run.failures += 1;
  run.results.set(place, { place, id: method === 'CREATE' ? null : id, version: null, failure: { code, message, field: field ?? null } });
}
