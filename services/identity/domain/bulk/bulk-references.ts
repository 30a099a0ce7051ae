/**
 * References of Bulk operations to each other: `bulkId:…`, where a resource is named, becomes the id that the operation's resource has, or
 * is going to have. Anywhere else it is text like any other.
 */
import type { Change } from '../../../../schema/change.js';
import { Failure } from '../../../../schema/failure.js';
import { findPath, formatPath } from '../../../../schema/path.js';
import { pathWithReferences, type ToId, withReferences, withReferencesAt } from '../../../../schema/references.js';
import { type ResourceType, writesRelation } from '../../../../schema/resources.js';
import { newId } from '../../store/resources/uuid.js';
import type { BulkOperation } from './bulk-run.js';
import { circleOf } from '../members/nested-groups.js';

const PREFIX = /^bulkId:(.+)$/i;
const ANYWHERE = /bulkId:/i;

/** An operation whose references are ids. */
export interface Resolved {
  readonly operation: BulkOperation;
  /** The id of its resource; that of a new one is made now, so that others may refer to it before it is there. */
  readonly id: string;
  /** The places of the operations that it refers to. */
  readonly references: readonly number[];
  /**
   * Set where it cannot be done as it came, refers to an operation that the request does not have, or is a new group that would be its own
   * member.
   */
  readonly failure?: Failure | undefined;
}

interface Named {
  readonly place: number;
  readonly id: string;
}

function namesOf(operations: readonly BulkOperation[]): Map<string, Named> {
  const names = new Map<string, Named>();
  for (const [place, { method, bulkId, id }] of operations.entries()) {
    if (bulkId === undefined) continue;
    if (names.has(bulkId)) {
      throw new Failure('INVALID_VALUE', {
        field: 'bulkId',
        detail: `The bulkId "${bulkId}" is given twice; each operation needs one of its own.`,
      });
    }
    names.set(bulkId, { place, id: method === 'CREATE' ? newId() : (id ?? '') });
  }
  return names;
}

/** Resolves one operation, noting what it refers to. */
function resolve(operation: BulkOperation, place: number, names: ReadonlyMap<string, Named>): Resolved {
  const references = new Set<number>();
  const unknown = new Set<string>();
  let isOfItself = false;
  const toId = (text: string): string => {
    const [, name] = PREFIX.exec(text) ?? [];
    if (name === undefined) return text;
    const named = names.get(name);
    if (!named) unknown.add(name);
    else if (named.place === place) isOfItself = true;
    else references.add(named.place);
    return named?.id ?? text;
  };
  const { type, bulkId, document, changes, id = '' } = operation;
  const resolved: BulkOperation = {
    ...operation,
    ...(document && { document: withReferences(type, document, toId) }),
    ...(changes && { changes: changes.map((change) => resolveChange(type, change, toId)) }),
  };
  const ownId = operation.method === 'CREATE' ? (bulkId === undefined ? newId() : names.get(bulkId)!.id) : toId(id);
  return {
    operation: { ...resolved, id: ownId },
    id: ownId,
    references: [...references],
    failure: operation.failure ?? refusalOf(resolved, unknown, isOfItself),
  };
}

/** A path that cannot be read has no references that could be; it is refused when its operation is done. */
function resolveChange(type: ResourceType, change: Change, toId: ToId): Change {
  const target = findPath(type, change.path);
  if (!target) return change;
  const path = ANYWHERE.test(change.path) ? formatPath(pathWithReferences(target, toId)) : change.path;
  return { ...change, path, ...(change.value !== undefined && { value: withReferencesAt(target, change.value, toId) }) };
}

/** What a new group is called in a refusal. */
export const nameOf = ({ document, bulkId = '' }: BulkOperation): string => {
  const name = document?.['displayName'];
  return typeof name === 'string' ? name : bulkId;
};

export const isNewGroup = ({ method, type }: BulkOperation): boolean => method === 'CREATE' && writesRelation(type);

function refusalOf(operation: BulkOperation, unknown: ReadonlySet<string>, isOfItself: boolean): Failure | undefined {
  if (isOfItself && isNewGroup(operation)) return circleOf([nameOf(operation), nameOf(operation)]);
  if (unknown.size === 0) return undefined;
  const names = [...unknown]
    .slice(0, 5)
    .map((name) => JSON.stringify(name.slice(0, 64)))
    .join(', ');
  return new Failure('INVALID_VALUE', { field: 'bulkId', detail: `No operation of this request has the bulkId ${names}.` });
}

/** The operations of a request, resolved. */
export interface References {
  readonly resolved: readonly Resolved[];
  /**
   * Where the resource of an operation is not new, but one that was there already: those that refer to it are resolved again, with its id.
   */
  readonly setId: (place: number, id: string) => void;
}

/** Resolves all operations. Fails with INVALID_VALUE where two have the same bulkId. */
export function resolveReferences(operations: readonly BulkOperation[]): References {
  const names = namesOf(operations);
  const resolved = operations.map((operation, place) => resolve(operation, place, names));
  return {
    resolved,
    setId: (place, id) => {
      const { bulkId } = operations[place]!;
      if (bulkId === undefined) return;
      names.set(bulkId, { place, id });
      for (const [at, { references }] of resolved.entries()) {
        if (at === place || references.includes(place)) resolved[at] = resolve(operations[at]!, at, names);
      }
    },
  };
}
