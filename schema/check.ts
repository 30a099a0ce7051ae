/**
 * The strict check of what is about to be kept: declared names, declared kinds, limits. What clients may send loosely has been
 * put right before; what is unknown or not theirs to write is left out without a word (RFC 7644, sections 3.3 and 3.5.1).
 */
import type { Attribute } from './attribute.js';
import type { Json, JsonObject } from './change.js';
import { hasPrimary, isOnlyLabels, isPrimary } from './element.js';
import { Failure } from './failure.js';
import { fold } from './fold.js';
import { heldIn, isNull, isObject, isSame } from './held.js';
import { oncePer } from './once-per.js';
import { coreAttributes, findAttribute, findSchema, limits, type ResourceType } from './resources.js';
import { isStorable, takes, toBase64, toDateTime } from './value.js';

/**
 * Checks a whole document and answers a new one in canonical form: declared spelling and order, nothing empty, extensions under
 * their URN; without id, meta, schemas and the relation. Throws INVALID_VALUE that names the attribute.
 *
 * What is as in the document that is `stored` is left as it is: a declaration may have become stricter since then, and a value that nobody
 * touches must not refuse the deactivation of a leaver.
 */
export function checkAttributes(type: ResourceType, document: JsonObject, stored?: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...checkObject(coreAttributes(type), document, '', stored) };
  for (const [key, value] of Object.entries(document)) {
    const schema = key.includes(':') ? findSchema(type, key) : undefined;
    if (!schema || schema === type.schema || isNull(value)) continue;
    if (!isObject(value)) throw invalid(schema.id, 'takes an object with the attributes of the extension');
    if (Object.values(value).every(isNull)) continue; // taken away, and with it what is required of it
    const checked = checkObject(schema.attributes, value, `${schema.id}:`, heldIn(stored, schema.id) as JsonObject | undefined);
    if (Object.keys(checked).length > 0) result[schema.id] = checked;
  }
  return result;
}

/** Checks the value of an attribute, a list where it is multi-valued; null where nothing is left of it. */
export function checkValue(attribute: Attribute, value: Json, field: string): Json {
  if (isNull(value)) return null;
  if (!attribute.multiValued) return checkElement(attribute, value, field);
  const elements = checkElements(attribute, value, field);
  return elements.length === 0 ? null : distinct(attribute, onePrimary(attribute, elements));
}

/**
 * Checks each value of a multi-valued attribute and leaves out those of which nothing is left, or only labels of nothing; before one of
 * them is the primary one.
 */
export function checkElements(attribute: Attribute, value: Json, field: string): readonly Json[] {
  if (!Array.isArray(value)) throw invalid(field, `takes a list; each value is ${takes(attribute)}`);
  const sent: readonly Json[] = value;
  if (sent.length > limits.multiValues) throw invalid(field, `takes at most ${limits.multiValues} values, not ${sent.length}`);
  return sent
    .map((element) => checkElement(attribute, element, field))
    .filter((element) => element !== null && !isOnlyLabels(attribute, element));
}

/** Checks one value of an attribute, multi-valued or not; null where nothing is left of it. */
export function checkElement(attribute: Attribute, value: Json, field: string): Json {
  if (isNull(value)) return null;
  if (attribute.type === 'complex') return checkComplex(attribute, value, field);
  if (typeof value === 'string') return value.trim() === '' ? null : checkText(attribute, value, field);
  if (!isScalarOf(attribute, value)) throw invalid(field, `takes ${takes(attribute)}`);
  return value;
}

function checkComplex(attribute: Attribute, value: Json, field: string): Json {
  if (!isObject(value)) throw invalid(field, `takes ${takes(attribute)}`);
  const checked = checkObject(attribute.subAttributes ?? [], value, `${field}.`);
  return Object.keys(checked).length === 0 ? null : checked;
}

function checkObject(attributes: readonly Attribute[], object: JsonObject, prefix: string, stored?: JsonObject): JsonObject {
  const given = new Map(Object.entries(object).map(([key, value]) => [findAttribute(attributes, key), value]));
  const result: Record<string, Json> = {};
  for (const attribute of keptOf(attributes)) {
    const [value, old] = [given.get(attribute) ?? null, heldIn(stored, attribute.name) ?? null];
    const checked = stored && isSame(value, old) ? old : checkValue(attribute, value, prefix + attribute.name);
    if (checked !== null) result[attribute.name] = checked;
    else if (attribute.required && !(stored && mayBeAbsent(attribute, old))) {
      throw invalid(prefix + attribute.name, `is required; it takes ${takes(attribute)}`);
    }
  }
  return result;
}

/** Of what was there before: nothing is taken from what had no value, and what is set once stays by itself. */
const mayBeAbsent = ({ mutability }: Attribute, old: Json): boolean => old === null || mutability === 'immutable';

function checkText(attribute: Attribute, text: string, field: string): string {
  if (!isStorable(text)) throw invalid(field, 'takes text without NUL and without halves of surrogate pairs');
  const [limit, key] = isInIndex(attribute) ? [limits.indexedStringLength, fold(text)] : [limits.stringLength, text];
  if (Math.max(text.length, key.length) > limit) throw invalid(field, `takes at most ${limit} characters`);
  const checked = toKind(attribute, text);
  if (checked === undefined) throw invalid(field, `takes ${takes(attribute)}`);
  return checked;
}

function toKind(attribute: Attribute, text: string): string | undefined {
  switch (attribute.type) {
    case 'string':
    case 'reference':
      return text;
    case 'dateTime':
      return toDateTime(text);
    case 'binary':
      return toBase64(text);
    default:
      return undefined;
  }
}

function isScalarOf({ type }: Attribute, value: Json): boolean {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(value);
    case 'decimal':
      return Number.isFinite(value);
    default:
      return false;
  }
}

/**
 * RFC 7643, 2.4: one primary at most; the first one stays. The others say so: where it is not said, PingOne's later updates go astray, and
 * filters ask for `primary eq false`.
 */
function onePrimary(attribute: Attribute, elements: readonly Json[]): readonly Json[] {
  if (!hasPrimary(attribute)) return elements;
  const first = elements.findIndex(isPrimary);
  return elements.map((element, index) => ({ ...(element as JsonObject), primary: index === first }));
}

/**
 * Elements are canonical, so equal ones print alike. Two that differ in nothing but `primary` are one as well, which is primary if either
 * is.
 */
function distinct(attribute: Attribute, elements: readonly Json[]): readonly Json[] {
  if (elements.length === 1) return elements;
  const printed = (element: Json): string =>
    JSON.stringify(hasPrimary(attribute) ? { ...(element as JsonObject), primary: undefined } : element);
  const byPrint = new Map<string, Json>();
  for (const element of elements) {
    const print = printed(element);
    if (!isPrimary(byPrint.get(print))) byPrint.set(print, element);
  }
  return [...byPrint.values()];
}

const keptOf = oncePer((attributes: readonly Attribute[]) =>
  attributes.filter(({ mutability, returned, isRelation }) => mutability !== 'readOnly' && returned !== 'never' && !isRelation),
);

/** What is unique is looked up by an index, too. */
const isInIndex = ({ uniqueness, isIndexed }: Attribute): boolean => uniqueness !== 'none' || isIndexed === true;

const invalid = (field: string, sentence: string): Failure =>
  new Failure('INVALID_VALUE', { detail: `The attribute "${field}" ${sentence}.`, field });
