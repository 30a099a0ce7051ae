/** A BulkRequest (RFC 7644, section 3.7) -> operations as the core takes them, each with its own refusal where it makes no sense. */
import type { Json, JsonObject } from '../../schema/change.js';
import type { SharedComparisons } from '../../schema/comparison-budget.js';
import { Failure } from '../../schema/failure.js';
import { findResourceType, limits, messages, type ResourceType, SCIM_BASE_PATH } from '../../schema/resources.js';
import type { TenantTypes } from '../../schema/tenant-types.js';
import { readResource, toGraphQLInput } from './body.js';
import { isList, isNothing, isObject, memberOf, textOf } from './dialects.js';
import { refuseOtherSchemas } from './message-schemas.js';
import { readChanges } from './patch.js';
import { readIfMatch } from './versions.js';

const bulkMethods = { POST: 'CREATE', PUT: 'REPLACE', PATCH: 'CHANGE', DELETE: 'DELETE' } as const;
type BulkMethod = keyof typeof bulkMethods;

/** What an operation says of itself, as far as it can be read. */
export interface BulkOperation {
  readonly method: string;
  readonly bulkId?: string | undefined;
  readonly type?: ResourceType | undefined;
  /** Of the resource, where it is there already and its id is said. */
  readonly id?: string | undefined;
  /** As the core takes it; absent where the operation was refused here. */
  readonly input?: JsonObject | undefined;
  readonly failure?: Failure | undefined;
}

export interface BulkRequest {
  readonly operations: readonly BulkOperation[];
  readonly failOnErrors: number | undefined;
}

const REFERENCE = /^bulkId:/i;
/** Characters of a path; no id is as long. */
const LONGEST_PATH = 4096;

const syntax = (detail: string): Failure => new Failure('INVALID_SYNTAX', { detail });

/** The request, its operations being read while they are taken: there may be very many. What is wrong with one is noted with it. */
export function readBulk(
  types: TenantTypes,
  body: JsonObject,
): Pick<BulkRequest, 'failOnErrors'> & { readonly operations: Iterable<BulkOperation> } {
  refuseOtherSchemas(body, messages.bulkRequest);
  const operations = memberOf(body, 'Operations');
  if (!isList(operations)) throw syntax('The body needs "Operations", a list of operations.');
  if (operations.length > limits.bulkOperations) {
    throw new Failure('BODY_TOO_LARGE', {
      detail: `One Bulk request takes at most ${limits.bulkOperations} operations; ${operations.length} were sent.`,
    });
  }
  return { operations: readOperations(types, operations), failOnErrors: readFailOnErrors(memberOf(body, 'failOnErrors')) };
}

function* readOperations(types: TenantTypes, operations: readonly Json[]): Generator<BulkOperation, void, undefined> {
  const shared: SharedComparisons = { left: limits.bulkComparisons };
  for (const operation of operations) yield readOperation(types, operation, shared);
}

function readFailOnErrors(value: Json | undefined): number | undefined {
  if (isNothing(value)) return undefined;
  const most = Number(textOf(value ?? null));
  if (Number.isInteger(most) && most >= 0 && most <= limits.bulkOperations) return most === 0 ? undefined : most;
  throw new Failure('INVALID_VALUE', {
    field: 'failOnErrors',
    detail: `"failOnErrors" takes a whole number from 1 to ${limits.bulkOperations}.`,
  });
}

function readOperation(types: TenantTypes, operation: Json, shared: SharedComparisons): BulkOperation {
  if (!isObject(operation)) {
    return { method: 'POST', failure: syntax('An operation is an object with "method", "path" and, but for DELETE, "data".') };
  }
  const method = (textOf(memberOf(operation, 'method') ?? null) ?? '').trim().toUpperCase();
  const bulkId = textOf(memberOf(operation, 'bulkId') ?? null);
  const said = { method, bulkId: bulkId === '' ? undefined : bulkId };
  let found: Pick<BulkOperation, 'type' | 'id'> = {};
  try {
    const { type, id } = readPath(types, memberOf(operation, 'path'), method);
    found = { type, id: id !== undefined && REFERENCE.test(id) ? undefined : id };
    return {
      ...said,
      ...found,
      input: { ...toInput(operation, method as BulkMethod, type, shared), id: id ?? null, bulkId: said.bulkId ?? null },
    };
  } catch (error) {
    if (error instanceof Failure) return { ...said, ...found, failure: error };
    throw error;
  }
}

/** `/Users`, `/Users/{id}`, `/Groups/bulkId:…`; some clients write the whole path of the service before it. */
function readPath(types: TenantTypes, path: Json | undefined, method: string): { type: ResourceType; id: string | undefined } {
  if (!Object.hasOwn(bulkMethods, method)) throw syntax('The "method" of an operation is POST, PUT, PATCH or DELETE.');
  const text = (textOf(path ?? null) ?? '').replace(/^https?:\/\/[^/]*/i, '');
  const below = text.toLowerCase().startsWith(`${SCIM_BASE_PATH.toLowerCase()}/`) ? text.slice(SCIM_BASE_PATH.length) : text;
  const [segment = '', id, ...more] =
    below.length > LONGEST_PATH
      ? []
      : below
          .split('/')
          .filter((part) => part !== '')
          .map(decoded);
  const type = types.all.find(({ name }) => name === findResourceType(segment)?.name);
  if (!type || more.length > 0 || (method === 'POST') !== (id === undefined)) {
    throw new Failure('INVALID_VALUE', {
      field: 'path',
      detail: 'The "path" of an operation is "/Users" or "/Groups" for POST, with "/" and an id behind it for PUT, PATCH and DELETE.',
    });
  }
  return { type, id };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function toInput(operation: JsonObject, method: BulkMethod, type: ResourceType, shared: SharedComparisons): JsonObject {
  // The version of what is not there yet is nothing to wait for (RFC 7644, 3.7: "version" is of PUT, PATCH and DELETE).
  const ifVersion = method === 'POST' ? null : (readIfMatch(textOf(memberOf(operation, 'version') ?? null)) ?? null);
  const common = { method: bulkMethods[method], type: type.name.toUpperCase(), ifVersion };
  if (method === 'DELETE') return common;
  const data = memberOf(operation, 'data');
  if (!isObject(data)) throw syntax(`An operation ${method} needs "data", an object.`);
  if (method === 'PATCH') {
    return { ...common, changes: readChanges(type, data).map((change) => ({ ...change, op: change.op.toUpperCase() })) };
  }
  return { ...common, [type.name.toLowerCase()]: toGraphQLInput(type, readResource(type, data, shared)) };
}
