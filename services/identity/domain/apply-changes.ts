/** PATCH on a document: canonical changes (schema/change.ts), applied in order to a copy, which is yet to be checked as a whole. */
import type { Attribute } from '../../../schema/attribute.js';
import type { Change, Json, JsonObject } from '../../../schema/change.js';
import { checkElement, checkValue } from '../../../schema/check.js';
import { Failure } from '../../../schema/failure.js';
import { heldIn } from '../../../schema/held.js';
import { matchesElement } from '../../../schema/match.js';
import { formatRef } from '../../../schema/path.js';
import { findAttribute } from '../../../schema/resources.js';
import type { AttributeRef, Filter, Path } from '../../../schema/tree.js';

type Mutable = Record<string, Json>;
type AttributePath = Extract<Path, { kind: 'attribute' }>;

/** A change whose path has been read. */
export interface ReadChange extends Change {
  readonly target: Path;
  /** Its place in the request, from 1, for refusals. */
  readonly index: number;
}

/** Applies the changes to a copy of the document. Fails with the index and path of the change at fault. */
export function applyChanges(document: JsonObject, changes: readonly ReadChange[]): JsonObject {
  const copy: Mutable = { ...document }; // what is inside is replaced, never changed
  for (const change of changes) atChange(change, () => applyChange(copy, change));
  return copy;
}

/** Runs the work; a refusal of it says which change it is about. */
export function atChange<Result>(change: Pick<ReadChange, 'index' | 'path'>, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Failure) || error.message.startsWith('Operation ')) throw error;
    throw new Failure(error.code, { detail: `Operation ${change.index}, path "${change.path}": ${error.message}`, field: change.path, cause: error });
  }
}

function applyChange(document: Mutable, change: ReadChange): void {
  const { target } = change;
  if (target.kind === 'extension') return applyToExtension(document, target.extension.id, change);
  refuseReadOnly(target);
  const { extension } = target;
  const container = extension ? { ...(document[extension.id] as JsonObject | undefined) } : document;
  applyToAttribute(container, target, change);
  if (extension) document[extension.id] = container;
}

function refuseReadOnly({ attribute, sub }: AttributeRef): void {
  const fixed = [attribute, sub].find((part) => part?.mutability === 'readOnly');
  if (fixed) throw new Failure('MUTABILITY', { detail: `"${fixed.name}" is kept by Condeco and cannot be changed.` });
}

/** A whole extension: its attributes one by one. */
function applyToExtension(document: Mutable, urn: string, change: ReadChange): void {
  if (change.op === 'remove') return void delete document[urn];
  if (!isObject(change.value)) throw new Failure('INVALID_VALUE', { detail: 'An extension takes an object with its attributes.' });
  document[urn] = { ...(document[urn] as JsonObject | undefined), ...change.value };
}

function applyToAttribute(container: Mutable, target: AttributePath, change: ReadChange): void {
  const { attribute } = target;
  if (target.filter) return applyToElements(container, target, target.filter, change);
  if (target.sub) return applyToSub(container, attribute, target.sub, change);
  if (attribute.multiValued) return applyToList(container, target, change);
  if (isEmptying(change)) return clear(container, attribute);
  const value = attribute.type === 'complex' ? mergedComplex(attribute, heldIn(container, attribute.name), change.value ?? null) : checkValue(attribute, change.value ?? null, attribute.name);
  setOrDelete(container, attribute.name, value);
}

const isEmptying = ({ op, value }: ReadChange): boolean => op === 'remove' || value === undefined || value === null;

/** What has a default is never without a value: to fall back to it would bring a leaver back. */
function clear(container: Mutable, attribute: Attribute): void {
  if (attribute.defaultValue !== undefined) {
    throw new Failure('INVALID_VALUE', { detail: `"${attribute.name}" always has a value: replace it with another one instead of removing it.` });
  }
  delete container[attribute.name];
}

/** RFC 7644, 3.5.2.1 and 3.5.2.3: sub-attributes that are not named keep their values. */
function mergedComplex(attribute: Attribute, old: Json | undefined, value: Json): Json {
  if (value === null) return null;
  if (!isObject(value)) throw new Failure('INVALID_VALUE', { detail: `"${attribute.name}" takes an object with its sub-attributes.` });
  const merged: Mutable = { ...(isObject(old) ? old : {}) };
  for (const [name, part] of Object.entries(value)) {
    const sub = findAttribute(attribute.subAttributes ?? [], name);
    if (sub && sub.mutability !== 'readOnly') setOrDelete(merged, sub.name, checkValue(sub, part, `${attribute.name}.${sub.name}`));
  }
  return merged;
}

function applyToSub(container: Mutable, attribute: Attribute, sub: Attribute, change: ReadChange): void {
  const old = heldIn(container, attribute.name);
  const value = change.op === 'remove' ? null : checkValue(sub, change.value ?? null, `${attribute.name}.${sub.name}`);
  const into = (element: Json): Json => {
    const merged: Mutable = { ...(isObject(element) ? element : {}) };
    setOrDelete(merged, sub.name, value);
    return merged;
  };
  if (!attribute.multiValued) return setOrDelete(container, attribute.name, into(old ?? {}));
  // Without a filter the sub-attribute of every value is meant; where there is none yet, one comes to be (Entra).
  const elements = listOf(old);
  const changed = (elements.length > 0 || value === null ? elements : [{}]).map(into);
  setOrDelete(container, attribute.name, changed);
}

function applyToList(container: Mutable, target: AttributePath, change: ReadChange): void {
  const { attribute } = target;
  const old = listOf(heldIn(container, attribute.name));
  const value = change.value ?? null;
  if (change.op === 'remove') return setOrDelete(container, attribute.name, value === null ? null : without(attribute, old, value));
  const given = value === null ? [] : listOf(checkValue(attribute, asList(value), formatRef(target)));
  setOrDelete(container, attribute.name, change.op === 'replace' ? given : withPrimaryOf(given, [...old, ...given]));
}

/** Removes the values named, and no other. A value that names only part of an element removes the elements that have that part. */
function without(attribute: Attribute, old: readonly Json[], value: Json): Json {
  const named = listOf(asList(value)).map((element) => checkElement(attribute, element, attribute.name));
  return old.filter((element) => !named.some((part) => part !== null && contains(element, part)));
}

function contains(element: Json, part: Json): boolean {
  if (!isObject(part)) return element === part;
  if (!isObject(element)) return false;
  const key = Object.hasOwn(part, 'value') ? ['value', 'type'] : Object.keys(part);
  return key.every((name) => part[name] === undefined || element[name] === part[name]);
}

function applyToElements(container: Mutable, target: AttributePath, filter: Filter, change: ReadChange): void {
  const { attribute, sub } = target;
  const elements = attribute.multiValued ? listOf(heldIn(container, attribute.name)) : [heldIn(container, attribute.name) ?? {}];
  const matches = elements.map((element) => isObject(element) && matchesElement(filter, element));
  if (!matches.includes(true)) return void (change.op === 'remove' || addElement(container, target, filter, elements, change));
  const changed = elements.flatMap((element, at) => (matches[at] ? changedElement(attribute, sub, element, change) : [element]));
  store(container, attribute, withPrimaryOf(changed.filter((_, at) => matches[at]), changed, change.op !== 'remove'));
}

const store = (container: Mutable, attribute: Attribute, elements: readonly Json[]): void =>
  setOrDelete(container, attribute.name, attribute.multiValued ? elements : elements[0] ?? null);

function changedElement(attribute: Attribute, sub: Attribute | undefined, element: Json, change: ReadChange): Json[] {
  if (change.op === 'remove' && !sub) return [];
  if (!sub) return [mergedComplex(attribute, element, onlyOne(change.value ?? null))];
  const merged: Mutable = { ...(element as JsonObject) };
  setOrDelete(merged, sub.name, change.op === 'remove' ? null : checkValue(sub, change.value ?? null, `${attribute.name}.${sub.name}`));
  return [merged];
}

/** Entra builds an element by naming it: `emails[type eq "work"].value` where there is no work address yet. */
function addElement(container: Mutable, target: AttributePath, filter: Filter, elements: readonly Json[], change: ReadChange): void {
  const { attribute, sub } = target;
  const described = describedElement(filter);
  if (!described) throw new Failure('NO_TARGET', { detail: 'The filter matches no value, and does not say what a new one would be; use "eq" for that.' });
  const [created] = changedElement(attribute, sub, described, change);
  const kept = attribute.multiValued ? elements : [];
  store(container, attribute, withPrimaryOf([created!], [...kept, created!]));
}

function describedElement(filter: Filter): JsonObject | undefined {
  if (filter.kind === 'and') {
    const parts = filter.terms.map(describedElement);
    return parts.includes(undefined) ? undefined : (Object.assign({}, ...parts) as JsonObject);
  }
  const isNamed = filter.kind === 'compare' && filter.operator === 'eq' && filter.value !== null;
  const sub = isNamed ? filter.target.sub : undefined;
  return isNamed && sub ? { [sub.name]: filter.value } : undefined;
}

/** A value that has just become primary takes that from the others (RFC 7644, 3.5.2). */
function withPrimaryOf(fresh: readonly Json[], all: readonly Json[], isWrite = true): Json[] {
  const first = isWrite ? fresh.find((element) => isObject(element) && element['primary'] === true) : undefined;
  if (!first) return [...all];
  return all.map((element) => (element !== first && isObject(element) && element['primary'] === true ? { ...element, primary: false } : element));
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
const asList = (value: Json): Json => (Array.isArray(value) ? value : [value]);
/** Some clients send the one value of a filtered path as a list. */
const onlyOne = (value: Json): Json => (Array.isArray(value) && value.length === 1 ? (value[0] as Json) : value);

function setOrDelete(object: Mutable, name: string, value: Json): void {
  if (value === null) delete object[name];
  else object[name] = value;
}
