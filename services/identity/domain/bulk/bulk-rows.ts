/**
 * Operations that stand in a row, are of one kind, and need nothing of each other: they are done together, with as few statements and round
 * trips as one of them would take. Each has its own outcome all the same. Where their statement fails as a whole, or only some of them may
 * be done, all of it is undone and they are done one by one.
 */
import { Failure } from '../../../../schema/failure.js';
import { gatheredInside } from '../../store/connection/database.js';
import { causeAmong } from '../../store/connection/driver-errors.js';
import { attempted } from '../../store/connection/savepoint.js';
import { createManyResources, isPlainCreation } from '../resources/creations.js';
import type { ResourceRow } from '../resources/resources.js';
import type { Unit } from './bulk-order.js';
import { type BulkOperation, doOne, note, type Run } from './bulk-run.js';

type Outcome = ResourceRow | Failure | undefined;

/** Those that are worked on at once are in memory at once, and hold the process for as long. */
const LONGEST_ROW = 100;

/** Whether doing it touches one user and nobody else, or makes one resource. */
function isPlain({ writer }: Run, { method, type, document = {} }: BulkOperation): boolean {
  return method === 'CREATE' ? isPlainCreation(type, writer, document) : type.name === 'User';
}

/** Whether what it needs is there: what it refers to must be known to be, and one that waits for others is no part of a row. */
function isReady({ resolved, results }: Run, place: number): boolean {
  const {
    operation: { method },
    failure,
    references,
  } = resolved[place]!;
  if (failure) return false;
  return method === 'CREATE' ? references.every((reference) => results.get(reference)?.failure === null) : references.length === 0;
}

/** The places of the row that begins at this unit; none or one where there is none. */
export function rowFrom(run: Run, units: readonly Unit[], at: number): number[] {
  const places: number[] = [];
  const ids = new Set<string>();
  for (const [place, ...others] of units.slice(at)) {
    const { operation, id } = run.resolved[place!]!;
    const { operation: first } = run.resolved[places[0] ?? place!]!;
    const isAlike = operation.type === first.type && operation.method === first.method;
    // Of what is done twice to one user the second is not to be done first.
    if (others.length > 0 || !isAlike || ids.has(id.toLowerCase()) || !isReady(run, place!) || !isPlain(run, operation)) break;
    if (operation.method !== 'CREATE' && places.length === LONGEST_ROW) break;
    ids.add(id.toLowerCase());
    places.push(place!);
  }
  return places;
}

/** By one statement. */
function createAll({ on, writer, resolved }: Run, places: readonly number[]): Promise<Outcome[]> {
  const { type } = resolved[places[0]!]!.operation;
  return createManyResources(
    on,
    type,
    writer,
    places.map((place) => ({ id: resolved[place]!.id, input: resolved[place]!.operation.document ?? {} })),
  );
}

const isRefusal = (error: unknown): error is Failure => error instanceof Failure && error.kind.mendable;

/**
 * At the same time. Each may be refused for itself; an error of PostgreSQL's is that of all, and is thrown once none of them is under way
 * any more.
 */
async function writeAll(run: Run, places: readonly number[]): Promise<Outcome[]> {
  const database = gatheredInside(run.on);
  const errors: unknown[] = [];
  const outcomes = await Promise.all(
    places.map((place) =>
      doOne(run, place, database).catch((error: unknown) => {
        if (isRefusal(error)) return error;
        errors.push(error);
        return undefined;
      }),
    ),
  );
  if (errors.length > 0) throw causeAmong(errors);
  return outcomes;
}

const isRefused = (outcome: Outcome): boolean => outcome instanceof Failure;

/** Does them, and notes what became of each; answers whether they are done, for otherwise nothing is. */
export async function doRow(run: Run, places: readonly number[]): Promise<boolean> {
  const { left } = run.comparisons;
  const { method } = run.resolved[places[0]!]!.operation;
  const outcomes = await attempted(run.on, async () => {
    const all = await (method === 'CREATE' ? createAll : writeAll)(run, places);
    if (run.failures + all.filter(isRefused).length >= run.patience) throw new Failure('CONFLICT');
    return all;
  });
  if (outcomes instanceof Failure) {
    run.comparisons.left = left;
    return false;
  }
  for (const [at, place] of places.entries()) note(run, place, outcomes[at]);
  return true;
}
