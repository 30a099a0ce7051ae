/** PATCH on a document: canonical changes (schema/change.ts), applied in order to a copy, which is yet to be checked as a whole. */
import type { Attribute, Schema } from '../../../../schema/attribute.js';
import { aboutOperation, type Change, type Json, type JsonObject } from '../../../../schema/change.js';
import { checkValue } from '../../../../schema/check.js';
import { type Comparing, type SharedComparisons, startComparing } from '../../../../schema/comparison-budget.js';
import { Failure } from '../../../../schema/failure.js';
import { heldIn, isNull, isObject } from '../../../../schema/held.js';
import { findAttribute } from '../../../../schema/resources.js';
import type { AttributeRef, Path } from '../../../../schema/tree.js';
import { editOf, listOf, type Mutable, partsOf, setOrDelete, type Task, undeclared, withParts } from './change-task.js';
import { isAbout } from './named-values.js';
import { applyToElements, applyToList } from './element-changes.js';

/** A change whose path has been read. */
export interface ReadChange extends Change {
  readonly target: Path;
  /** Its place in the request, from 1, for refusals. */
  readonly index: number;
}

/**
 * Applies the changes to a copy of the document; of those that find no target the first is refused where all are such. Fails with the index
 * and path of the change at fault; with TOO_MANY where they compare too often.
 */
export function applyChanges(
  document: JsonObject,
  changes: readonly ReadChange[],
  shared?: SharedComparisons,
  isBesideOthers = false,
): JsonObject {
  const copy: Mutable = { ...document }; // what is inside is replaced, never changed
  const comparing = startComparing(shared);
  const missed = changes.flatMap((change) => missedBy(() => atChange(change, () => applyChange(copy, change, comparing))) ?? []);
  if (missed[0] && missed.length === changes.length && !isBesideOthers) throw missed[0];
  for (const change of changes) atChange(change, () => refuseRemoval(document, copy, change));
  return copy;
}

/**
 * What is required may be replaced, and not be removed (RFC 7644, 3.5.2.2), unless something comes in its place, or the whole extension
 * goes.
 */
function refuseRemoval(before: JsonObject, after: JsonObject, { op, target }: ReadChange): void {
  if (op !== 'remove' || target.kind === 'extension' || target.sub || target.filter || !target.attribute.required) return;
  const { extension, attribute } = target;
  const partOf = (document: JsonObject) => (extension ? (document[extension.id] as JsonObject | undefined) : document) ?? {};
  const left = partOf(after);
  if (isNull(heldIn(partOf(before), attribute.name)) || !isNull(heldIn(left, attribute.name))) return;
  if (extension && Object.values(left).every(isNull)) return;
  throw new Failure('MUTABILITY', { detail: `The attribute "${attribute.name}" is required, and cannot be removed: replace it.` });
}

/**
 * The refusal of what finds no target, which has changed nothing: beside others it is passed over, for a wrong mapping must not keep a
 * leaver in. RFC 7644, 3.5.2.3, would have it refuse them all.
 */
function missedBy(work: () => void): Failure | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Failure && error.code === 'NO_TARGET') return error;
    throw error;
  }
}

/** Runs the work; a refusal of it says which change it is about. */
export function atChange<Result>(change: Pick<ReadChange, 'index' | 'path'>, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, {
      detail: aboutOperation(change.index, change.path, error.message),
      field: change.path,
      cause: error,
    });
  }
}

function applyChange(document: Mutable, change: ReadChange, comparing: Comparing): void {
  const { target } = change;
  if (target.kind === 'extension') return applyToExtension(document, target.extension, change);
  refuseReadOnly(target);
  const { extension } = target;
  const container = extension ? { ...(document[extension.id] as JsonObject | undefined) } : document;
  applyToAttribute({ container, target, change, comparing });
  if (extension) document[extension.id] = container;
}

function refuseReadOnly({ attribute, sub }: AttributeRef): void {
  const fixed = [attribute, sub].find((part) => part?.mutability === 'readOnly');
  if (fixed) throw new Failure('MUTABILITY', { detail: `"${fixed.name}" is kept by Condeco and cannot be changed.` });
}

/** A whole extension: its attributes one by one. */
function applyToExtension(document: Mutable, { id, attributes }: Schema, change: ReadChange): void {
  if (change.op === 'remove') return void delete document[id];
  if (!isObject(change.value)) throw new Failure('INVALID_VALUE', { detail: 'An extension takes an object with its attributes.' });
  const merged: Mutable = { ...(document[id] as JsonObject | undefined) };
  for (const [name, value] of Object.entries(change.value)) {
    const attribute = findAttribute(attributes, name);
    if (!attribute) throw undeclared(id, name);
    merged[attribute.name] = value;
  }
  document[id] = merged;
}

function applyToAttribute(task: Task): void {
  const {
    container,
    target: { attribute, sub, filter },
    change,
  } = task;
  if (filter) return applyToElements(task, filter);
  if (sub) return applyToSub(task, attribute);
  if (attribute.multiValued) return applyToList(task);
  const value = change.value ?? null;
  if (change.op === 'remove' || value === null) return clear(task);
  // RFC 7644, 3.5.2.1 and 3.5.2.3: sub-attributes that are not named keep their values.
  setOrDelete(
    container,
    attribute.name,
    attribute.type === 'complex'
      ? withParts(heldIn(container, attribute.name), partsOf(attribute, value))
      : checkValue(attribute, value, attribute.name),
  );
}

/** What has a default is never without a value: to fall back to it would bring a leaver back. */
function clear(task: Task): void {
  const {
    container,
    target: { attribute },
  } = task;
  if (attribute.defaultValue !== undefined) {
    throw new Failure('INVALID_VALUE', {
      detail: `"${attribute.name}" always has a value: replace it with another one instead of removing it.`,
    });
  }
  if (isAbout(task)(heldIn(container, attribute.name) ?? null)) delete container[attribute.name];
}

function applyToSub(task: Task, { name, multiValued }: Attribute): void {
  const { container, target, change, comparing } = task;
  const [whole, isNamed] = [editOf(target, change), isAbout(task)];
  const edit = (element: Json) => (isNamed(element) ? whole(element) : element);
  if (!multiValued) return setOrDelete(container, name, edit(heldIn(container, name) ?? {}));
  // Without a filter the sub-attribute of every value is meant; where there is none yet, one comes to be (Entra).
  const elements = listOf(heldIn(container, name));
  comparing.count(elements.length);
  setOrDelete(container, name, (elements.length > 0 ? elements : [{}]).map(edit));
}
