/** One operation at one path -> canonical changes: values fitted, empty ones turned into removals. */
import type { Attribute, Schema } from '../../schema/attribute.js';
import type { Change, ChangeOperation, Json, JsonObject } from '../../schema/change.js';
import { checkElement } from '../../schema/check.js';
import { Failure } from '../../schema/failure.js';
import { formatPath } from '../../schema/path.js';
import type { ResourceType } from '../../schema/resources.js';
import type { AttributePath, Path } from '../../schema/tree.js';
import { takes } from '../../schema/value.js';
import { isList, isNothing, isObject, listOf, singleOf } from './dialects.js';
import { saidInExtension } from './keys.js';
import { unpackedPart } from './packed-values.js';
import { fitAttribute, fitNamed, fitOne, fitWhole, invalid, isIgnored, partsOf } from './values.js';

export interface Assignment<P extends Path = Path> {
  readonly op: ChangeOperation;
  readonly path: P;
  /** Undefined where the operation has none, which is not the same as null. */
  readonly value: Json | undefined;
  /** Whether the client wrote the path itself; a key in an object is as lenient as a PUT. */
  readonly isNamed: boolean;
}

/**
 * The refusal of an operation whose path cannot be read, or is of what is not the client's to change; it only stands where the PATCH has no
 * other operation.
 */
export class PassedOver extends Failure {}

type AttributeAssignment = Assignment<AttributePath>;

/** The changes that an operation asks for; none where there is nothing to change. */
export function changesAt(type: ResourceType, assignment: Assignment): Change[] {
  const { path } = assignment;
  if (path.kind === 'extension') return inExtension(type, assignment, path.extension);
  return atAttribute({ ...assignment, path });
}

function inExtension(type: ResourceType, { op, value }: Assignment, extension: Schema): Change[] {
  const { id: urn, attributes } = extension;
  if (op !== 'remove' && value === undefined) throw withoutValue(urn);
  const isCleared = op === 'remove' || isNothing(value);
  if (!isCleared && !isObject(value)) throw invalid(urn, 'takes an object with the attributes of the extension');
  const parts = isCleared
    ? attributes.map((attribute) => ({ path: { kind: 'attribute', extension, attribute } as const, value: undefined }))
    : saidInExtension(type, urn, value as JsonObject);
  return parts.flatMap(({ path, value: part }) =>
    path.kind === 'attribute' ? atAttribute({ op: isCleared ? 'remove' : op, path, value: part, isNamed: false }) : [],
  );
}

function atAttribute(assignment: AttributeAssignment): Change[] {
  const { op, path, isNamed } = assignment;
  if (path.attribute.mutability === 'writeOnly') return [];
  if (!isFixed(path)) return op === 'remove' ? removal(assignment) : change(assignment);
  const isOurs = isIgnored(path.attribute) || (path.sub !== undefined && isIgnored(path.sub));
  if (!isNamed && (isOurs || !path.attribute.isRelation)) return []; // what is said of members is never passed over
  throw new (isOurs ? PassedOver : Failure)('MUTABILITY', { detail: `The attribute "${formatPath(path)}" cannot be changed by itself.` });
}

/** Set by the service, or fixed once its element is there: a member is added and removed, not turned into another. */
const isFixed = ({ attribute, sub }: AttributePath): boolean =>
  isIgnored(attribute) || (sub !== undefined && (isIgnored(sub) || sub.mutability === 'immutable'));

/**
 * Entra, JumpCloud and OneLogin remove members by a list of values, where RFC 7644 reads "remove all of them". An empty list removes
 * nothing, nor does null, or no text, of members: a group emptied by mistake hurts people.
 */
function removal({ path, value }: AttributeAssignment): Change[] {
  const { attribute, sub, filter } = path;
  if (!attribute.multiValued || sub || filter) return removalOfNamed(path, value);
  const isSaid = value !== undefined && (attribute.isRelation || isList(value) || !isNothing(value));
  if (!isSaid) return [{ op: 'remove', path: formatPath(path) }];
  const listed = fitNamed(attribute, value, formatPath(path));
  return listed === undefined ? [] : [{ op: 'remove', path: formatPath(path), value: listed }];
}

/**
 * Of a single value, or of those that a filter finds, too, what is not the value named stays: a client may add the new manager and then
 * remove the old one. Not so of what has a default, which cannot be removed.
 */
function removalOfNamed(path: AttributePath, value: Json = null): Change[] {
  const { attribute, sub } = path;
  const isOfAll = attribute.defaultValue !== undefined || sub?.multiValued;
  const named = isOfAll ? undefined : attribute.isRelation ? membersNamed(path, value) : namedAt(path, value);
  return [{ op: 'remove', path: formatPath(path), ...(named !== undefined && { value: singleOf(named) }) }];
}

/**
 * Whom a removal names beside a filter of members: those elements count that can be read, and an empty list names nobody. Where none can be
 * read, as in `[{"display": "ann"}]`, the filter alone says who is meant.
 */
function membersNamed({ attribute }: AttributePath, value: Json): Json | undefined {
  if (isList(value) && value.length === 0) return [];
  const named = listOf(value).flatMap((element) => {
    try {
      const fitted = fitNamed(attribute, [element], attribute.name);
      return isList(fitted) ? fitted : [];
    } catch (error) {
      if (error instanceof Failure) return [];
      throw error;
    }
  });
  return named.length > 0 ? named : undefined;
}

/** What cannot be a value of the attribute names none, and is as if it were not there (RFC 7644, 3.5.2.2, knows no value). */
function namedAt(path: AttributePath, value: Json): Json | undefined {
  const { attribute, sub } = path;
  try {
    const named = sub ? fitNamed(sub, unpackedPart(attribute, sub, value), formatPath(path)) : fitNamed(attribute, value, formatPath(path));
    return isList(named) ? named.map((one) => checkedName(sub ?? attribute, one)) : undefined;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** Of a complex value parts are enough. */
const checkedName = (attribute: Attribute, value: Json): Json =>
  attribute.type === 'complex' ? value : checkElement(attribute, value, attribute.name);

function change(assignment: AttributeAssignment): Change[] {
  const {
    path: { attribute, sub, filter },
    value,
  } = assignment;
  if (value === undefined) throw isWholeRelation(assignment.path) ? withoutList(assignment) : withoutValue(formatPath(assignment.path));
  if (sub) return simpleChange(assignment, sub, unpackedPart(attribute, sub, value));
  if (attribute.multiValued && !filter) return listChange(assignment, value);
  return attribute.type === 'complex' ? complexChanges(assignment, singleOf(value)) : simpleChange(assignment, attribute, value);
}

function simpleChange({ op, path }: AttributeAssignment, attribute: Attribute, value: Json): Change[] {
  const isOneOfMany = path.filter !== undefined && !path.sub;
  const fitted = isOneOfMany ? fitOne(attribute, singleOf(value), formatPath(path)) : fitAttribute(attribute, value, formatPath(path));
  return fitted === undefined ? emptied(path) : [{ op, path: formatPath(path), value: fitted }];
}

/** A whole list. Members go by [] alone, and only by `replace`. */
function listChange(assignment: AttributeAssignment, value: Json): Change[] {
  const { op, path, isNamed } = assignment;
  const { attribute } = path;
  const fitted = fitWhole(attribute, value, formatPath(path));
  if (fitted !== undefined) return [{ op, path: formatPath(path), value: fitted }];
  if (!attribute.isRelation) return op === 'add' || saysNothing(attribute, value) ? [] : emptied(path);
  if (isList(value)) return op === 'add' ? [] : [{ op, path: formatPath(path), value: [] }];
  if (isNamed) throw withoutList(assignment);
  return [];
}

/**
 * Whether a list says nothing, or under names that are nobody's, as in `[{"address": "ann@example.com"}]`: that asks for nothing, and is no
 * wish for none.
 */
const saysNothing = (attribute: Attribute, value: Json): boolean =>
  !isNothing(value) && listOf(value).every((element) => isObject(element) && partsOf(attribute, element).length === 0);

/**
 * One complex value: the parts that have a value are merged, those given empty are taken away. It is one change: after the first of
 * several, the filter of the path might find others than before.
 */
function complexChanges({ op, path }: AttributeAssignment, value: Json): Change[] {
  if (isNothing(value)) return op === 'add' && path.attribute.isRelation ? [{ op, path: formatPath(path), value: null }] : emptied(path); // the core says how a member is added
  const fitted = fitOne(path.attribute, value, formatPath(path));
  const empties = isObject(value) ? emptyParts(path.attribute, value) : [];
  // Microsoft's validator removes the manager by {"value": ""}.
  if (empties.some(({ name }) => name === 'value')) return emptied(path);
  const parts = { ...(fitted as JsonObject | undefined), ...Object.fromEntries(empties.map(({ name }) => [name, null])) };
  return Object.keys(parts).length === 0 ? [] : [{ op, path: formatPath(path), value: parts }];
}

const emptyParts = (attribute: Attribute, value: JsonObject): Attribute[] =>
  partsOf(attribute, value)
    .filter(({ part }) => isNothing(part))
    .map(({ sub }) => sub);

/**
 * No value: a removal, but no reset of what has a default (`active`: null must not bring a leaver back). Whether an extension has something
 * to lose, the core knows: a provider sends "" for what a user never had, beside the deactivation.
 */
function emptied(path: AttributePath): Change[] {
  const { attribute, sub, filter, extension } = path;
  if (attribute.keptWhenAbsent && attribute.defaultValue !== undefined) return [];
  if (attribute.required && !extension && !sub && !filter) throw invalid(attribute.name, `is required; it takes ${takes(attribute)}`);
  return [{ op: 'remove', path: formatPath(path) }];
}

const withoutValue = (field: string): Failure => invalid(field, 'needs a "value" in this operation; null or "remove" takes the value away');

const isWholeRelation = ({ attribute, sub, filter }: AttributePath): boolean => attribute.isRelation === true && !sub && !filter;

/** Members go by [] alone: neither what is left out nor null says that all are to go. */
const withoutList = ({ op, path: { attribute } }: AttributeAssignment): Failure =>
  invalid(attribute.name, op === 'replace' ? 'takes a list; send [] to empty it' : 'takes a list of what is to be added');
