/** A PatchOp body in any dialect -> canonical changes (RFC 7644, section 3.5.2; `schema/change.ts`). */
import type { Attribute } from '../../schema/attribute.js';
import { aboutOperation, type Change, type ChangeOperation, type Json, type JsonObject } from '../../schema/change.js';
import { Failure, type FailureCode } from '../../schema/failure.js';
import { oncePer } from '../../schema/once-per.js';
import { parsePath } from '../../schema/path.js';
import { coreAttributes, limits, messages, namesOf, relationOf, type ResourceType, writesRelation } from '../../schema/resources.js';
import { quote } from '../../schema/scan.js';
import type { Path } from '../../schema/tree.js';
import { changesAt, PassedOver } from './changes.js';
import { isList, isNothing, isObject, memberOf } from './dialects.js';
import { isOwnUrn, resolveKey, type Said, saidIn } from './keys.js';
import { refuseOtherSchemas } from './message-schemas.js';

const OPERATIONS: readonly ChangeOperation[] = ['add', 'replace', 'remove'];

/** Reads the operations in order. What is wrong names the number and the path of its operation. */
export function readChanges(type: ResourceType, body: JsonObject): Change[] {
  refuseOtherSchemas(body, messages.patchOp);
  const operations = memberOf(body, 'Operations');
  if (!isList(operations)) throw refused('INVALID_SYNTAX', 'The body needs "Operations", a list of PATCH operations.');
  const size = operations.reduce<number>((sum, operation) => sum + sizeOf(type, operation), 0);
  if (size > limits.patchOperations) {
    throw refused(
      'TOO_MANY',
      `One PATCH takes at most ${limits.patchOperations} operations, each attribute of a value without a path counted as one; ${size} were sent.`,
    );
  }
  const read = operations.map((operation, index) => readOrPassOver(type, operation, index + 1));
  const isUnderstood = read.some((result) => Array.isArray(result));
  const refusal = read.find((result) => result instanceof PassedOver);
  if (refusal && !isUnderstood) throw refusal;
  const numbered = read.flatMap((result, index) => (Array.isArray(result) ? result.map((change) => ({ change, number: index + 1 })) : []));
  const saysDefault = numbered.some(({ change }) => hasDefault(type, change.path));
  for (const [index, operation] of saysDefault ? [] : operations.entries()) refuseAmiss(type, operation, index + 1);
  // One operation can become several changes, or none: then a later refusal must still name the client's own operation.
  return numbered.map(({ change, number }, at) => (number === at + 1 ? change : { ...change, operation: number }));
}

/** Each attribute of a value without a path is an operation of its own. */
function sizeOf(type: ResourceType, operation: Json): number {
  const value = isObject(operation) && isOfAll(type, memberOf(operation, 'path')) ? memberOf(operation, 'value') : undefined;
  if (!isObject(value)) return 1;
  const countOf = (key: string): number => (isOwnUrn(type, key) && isObject(value[key]) ? Object.keys(value[key]).length : 1);
  return Math.max(
    1,
    Object.keys(value).reduce((size, key) => size + countOf(key), 0),
  );
}

/** No path is the resource, and so is the URN of its own schema. */
const isOfAll = (type: ResourceType, path: Json | undefined): boolean =>
  isNothing(path) || (typeof path === 'string' && isOwnUrn(type, path.trim()));

/** A path that reads well: a name with or without URN, brackets and a sub-attribute. */
const NAMES_SOMETHING = /^[a-z$][\w$-]*(?:(?:\.|::?)[\w$-]+)*(?:\[(?:[^[\]"]|"(?:[^"\\]|\\[^])*")*\])?(?:\.[\w$-]+)?$/i;

/**
 * What an operation asks for; nothing where its path names nothing of ours; a refusal that stands where no other operation is understood.
 */
type Read = Change[] | undefined | PassedOver;

function readOrPassOver(type: ResourceType, operation: Json, number: number): Read {
  const path = isObject(operation) ? memberOf(operation, 'path') : undefined;
  try {
    return readOperation(type, operation, path);
  } catch (error) {
    const located = locate(error, number, path);
    if (located instanceof PassedOver) return located;
    throw located;
  }
}

function readOperation(type: ResourceType, operation: Json, path: Json | undefined): Change[] | undefined {
  if (!isObject(operation)) throw refused('INVALID_SYNTAX', 'An operation is an object with "op", "path" and "value".');
  return changesOf(type, opOf(operation), path, memberOf(operation, 'value'));
}

function changesOf(type: ResourceType, op: ChangeOperation, path: Json | undefined, value: Json | undefined): Change[] | undefined {
  if (isNothing(path) || (op !== 'remove' && isOfAll(type, path))) return withoutPath(type, op, value);
  if (typeof path !== 'string') throw refused('INVALID_PATH', 'The path must be text.');
  const found = readPath(type, path);
  return found && changesAt(type, { op, path: found, value, isNamed: true });
}

/**
 * Entra's default dialect sends the mappings of admins as paths, beside the deactivation of a leaver, whom a refusal would keep in. So a
 * path that reads well and names nothing of ours asks for nothing, as it does in a PUT; one that cannot be read is passed over. Not so what
 * is said of members: who is to go would stay, and the provider would take it for done.
 */
function readPath(type: ResourceType, text: string): Path | undefined {
  try {
    return parsePath(type, text);
  } catch (error) {
    if (!(error instanceof Failure) || !UNREADABLE.includes(error.code) || isAboutRelation(type, text)) throw error;
    const readsWell = text.length <= limits.filterLength && NAMES_SOMETHING.test(text.trim());
    if (readsWell && !isOwnUrn(type, text.trim()) && error.code === 'INVALID_PATH') return undefined;
    throw new PassedOver(error.code, { detail: error.message, field: error.field });
  }
}

const UNREADABLE: readonly FailureCode[] = ['INVALID_PATH', 'INVALID_FILTER'];

const names = (text: string, attribute: Attribute): boolean =>
  text
    .toLowerCase()
    .split(/[^\w$-]+/)
    .some((word) => namesOf(attribute).includes(word));

const isAboutRelation = (type: ResourceType, text: string): boolean => writesRelation(type) && names(text, relationOf(type));

const defaultsOf = oncePer((type: ResourceType) => coreAttributes(type).filter(({ defaultValue }) => defaultValue !== undefined));
const hasDefault = (type: ResourceType, path: string): boolean => defaultsOf(type).some(({ name }) => name === path);
const isAboutDefault = (type: ResourceType, text: string): boolean => defaultsOf(type).some((attribute) => names(text, attribute));

/**
 * What has a default says who may enter (`active`): where nothing says it as it is said, what names nothing and is about it is refused,
 * whatever else is asked for. Who is told that it was done takes a leaver for gone.
 */
function refuseAmiss(type: ResourceType, operation: Json, number: number): void {
  if (!isObject(operation)) return;
  const [path, value] = [memberOf(operation, 'path'), memberOf(operation, 'value')];
  const texts = typeof path === 'string' && !isOfAll(type, path) ? [path] : Object.keys(isObject(value) ? value : {});
  const slip = texts.find((text) => isAboutDefault(type, text) && isSlip(type, text));
  if (slip !== undefined) throw locate(namesNothing(type, slip), number, path);
}

/** Okta's catalogue apps and Entra send attributes as an object: each becomes a change, those that are unknown or not theirs none. */
function withoutPath(type: ResourceType, op: ChangeOperation, value: Json | undefined): Change[] {
  if (op === 'remove') throw refused('NO_TARGET', 'An operation "remove" needs a path.');
  if (!isObject(value)) throw refused('INVALID_VALUE', 'An operation without a path takes an object with attributes as its value.');
  const changes = withoutEmptyTwins(saidIn(type, value)).flatMap(({ path, value: part }) =>
    changesAt(type, { op, path, value: part, isNamed: false }),
  );
  refuseSlips(type, Object.keys(value));
  return changes;
}

/** Of two spellings of members one that names nobody takes nobody from the other. */
function withoutEmptyTwins(said: readonly Said[]): readonly Said[] {
  const isOfRelation = ({ path }: Said) => path.kind === 'attribute' && path.attribute.isRelation === true && !path.sub && !path.filter;
  const isEmpty = (one: Said) => isOfRelation(one) && isNothing(one.value);
  return said.some((one) => isOfRelation(one) && !isEmpty(one)) ? said.filter((one) => !isEmpty(one)) : said;
}

const isSlip = (type: ResourceType, key: string): boolean => !isOwnUrn(type, key) && resolveKey(type, key) === undefined;

const namesNothing = (type: ResourceType, slip: string): Failure =>
  refused('INVALID_PATH', `${quote(slip)} names no attribute of a ${type.name}.`);

/** As of a path that names nothing of members, so of a key. */
function refuseSlips(type: ResourceType, keys: readonly string[]): void {
  const slip = keys.find((key) => isAboutRelation(type, key) && isSlip(type, key));
  if (slip !== undefined) throw namesNothing(type, slip);
}

/** Entra capitalises: "Add", "Replace", "Remove". */
function opOf(operation: JsonObject): ChangeOperation {
  const text = memberOf(operation, 'op');
  const op = typeof text === 'string' ? OPERATIONS.find((known) => known === text.trim().toLowerCase()) : undefined;
  if (!op) throw refused('INVALID_SYNTAX', 'The "op" must be "add", "replace" or "remove".');
  return op;
}

function locate(error: unknown, number: number, path: Json | undefined): unknown {
  if (!(error instanceof Failure)) return error;
  const { code, message, field, cause } = error;
  return new (error instanceof PassedOver ? PassedOver : Failure)(code, {
    detail: aboutOperation(number, typeof path === 'string' ? path : undefined, message),
    field,
    cause,
  });
}

const refused = (code: FailureCode, detail: string): Failure => new Failure(code, { detail });
