/**
 * Many writes in one request (RFC 7644, section 3.7): one transaction, in which each operation is done whole or not at all, whatever
 * becomes of the others. Those that stand in a row and are alike are done together.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Failure } from '../../../../schema/failure.js';
import { groupResource, limits, userResource } from '../../../../schema/resources.js';
import type { Writer } from '../../store/changes/change-rows.js';
import type { Statements, Writable } from '../../store/connection/database.js';
import { attempted } from '../../store/connection/savepoint.js';
import { lockNamed } from '../../store/resources/bulk-locks.js';
import { isUuid } from '../../store/resources/uuid.js';
import { repeatOnVanishedMember } from '../members/member-transactions.js';
import { circleOf } from '../members/nested-groups.js';
import type { ResourceRow } from '../resources/resources.js';
import { inDependencyOrder, type Unit, wayRound } from './bulk-order.js';
import { isNewGroup, nameOf, type References, resolveReferences } from './bulk-references.js';
import { doRow, rowFrom } from './bulk-rows.js';
import { type BulkOperation, type BulkResult, doOne, isOver, note, type Run } from './bulk-run.js';

/**
 * Does the operations, which the request has in the field; those after the last that `failOnErrors` permits are not done and have no
 * result. Fails with TOO_MANY.
 */
export function performBulk(
  database: Writable,
  writer: Writer,
  operations: readonly BulkOperation[],
  failOnErrors?: number,
  field = 'operations',
): Promise<BulkResult[]> {
  if (operations.length > limits.bulkOperations) {
    throw new Failure('TOO_MANY', {
      field,
      detail: `One request takes at most ${limits.bulkOperations} ${field}; ${operations.length} were sent.`,
    });
  }
  return repeatOnVanishedMember(database, () =>
    database.transaction(async (on) => {
      const references = resolveReferences(operations);
      const { resolved } = references;
      const run: Run = {
        ...references,
        on,
        writer,
        results: new Map(),
        patience: failOnErrors && failOnErrors > 0 ? failOnErrors : Number.POSITIVE_INFINITY,
        comparisons: { left: limits.bulkComparisons },
        failures: 0,
      };
      await lockWritten(on, writer, resolved);
      const units = inDependencyOrder(resolved.length, (place) => resolved[place]!.references);
      for (let at = 0; at < units.length && !isOver(run);) {
        at += await doNext(run, units, at);
        await nextTurn(); // the embedded database answers within the same turn: nobody else would be served until all is done
      }
      return [...run.results.values()].toSorted((one, other) => one.place - other.place);
    }, 'long'),
  );
}

/** Locks what is there already and will be written, so that no two requests wait for each other. */
async function lockWritten(on: Statements, { tenantId }: Writer, resolved: References['resolved']): Promise<void> {
  const written = resolved.filter(({ operation, id, failure }) => !failure && operation.method !== 'CREATE' && isUuid(id));
  if (written.length < 2) return;
  const idsOf = (isMeant: (operation: BulkOperation) => boolean) =>
    written.filter(({ operation }) => isMeant(operation)).map(({ id }) => id);
  await lockNamed(on, tenantId, {
    users: idsOf(({ type }) => type.name === userResource.name),
    groups: idsOf(({ type }) => type.name === groupResource.name),
    deleted: idsOf(({ method }) => method === 'DELETE'),
  });
}

/** Does the unit at this place, or the row that begins there; answers how many units these were. */
async function doNext(run: Run, units: readonly Unit[], at: number): Promise<number> {
  const row = rowFrom(run, units, at);
  if (row.length < 2) {
    await doUnit(run, units[at]!);
    return 1;
  }
  if (!(await doRow(run, row))) for (const place of row) if (!isOver(run)) await doUnit(run, [place]);
  return row.length;
}

/** Does one operation, or several that refer to each other in a circle: all of them or none. */
async function doUnit(run: Run, unit: Unit): Promise<void> {
  const all = () => attempted(run.on, () => doAll(run, unit));
  const first = circleOfGroups(run, unit) ?? (await all());
  const outcome = first === ANEW ? await all() : first;
  const failure = outcome instanceof Failure ? ofAll(run, unit, outcome) : undefined;
  for (const [at, place] of unit.entries()) note(run, place, failure ?? (outcome as (ResourceRow | undefined)[])[at]);
}

/**
 * Undoes a circle in which somebody is restored, who has another id than those before have been told: once all know it, the circle is done
 * again.
 */
const ANEW = new Failure('CONFLICT');

async function doAll(run: Run, unit: Unit): Promise<(ResourceRow | undefined)[]> {
  const rows: (ResourceRow | undefined)[] = [];
  for (const place of unit) rows.push(await doOne(run, place));
  const restored = unit.filter((place, at) => isElsewhere(run, place, rows[at]));
  for (const place of restored) run.setId(place, rows[unit.indexOf(place)]!.id);
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
  return new Failure(failure.code, {
    field: failure.field,
    detail: `The operations with the bulkIds ${names.slice(0, 500)} refer to each other and are done together or not at all: ${failure.message}`,
  });
}
