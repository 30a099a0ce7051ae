/**
 * Which habits of its client a request shows (`schema/habits.ts`), for support: nothing that is answered depends on it. Looks at the
 * first keys, elements and operations only: a client writes the rest in the same way.
 */
import type { Json, JsonObject } from '../../schema/change.js';
import { type Client, clientNames, clients, type Habit } from '../../schema/habits.js';
import { findSchema, limits, type ResourceType } from '../../schema/resources.js';
import { isList, isNothing, isObject, memberOf, plusAsSpace } from './dialects.js';
import { lookAtFilter } from './habit-filters.js';
import { lookAtChanges, lookAtDocument, lookAtTarget, lookAtUrn, type Look } from './habit-names.js';

/** What of a request is looked at. */
export interface Observed {
  readonly method: string;
  /** The text after "?", as it came. */
  readonly query: string;
  /** Without keys where there is none, or where it has not been read. */
  readonly body: JsonObject;
  readonly type: ResourceType;
}

const MOST_OPERATIONS = 20;
const MOST_SCHEMAS = 10;
const LONGEST_AGENT = 256;

/** The habits, each once. Takes microseconds and never throws. */
export function habitsOf({ method, query, body, type }: Observed): readonly Habit[] {
  const look: Look = { type, seen: new Set() };
  if (query !== '') lookAtQuery(look, query);
  if (method === 'PATCH') lookAtPatch(look, body);
  if (method === 'PUT') lookAtPut(look, body);
  if (method === 'POST') lookAtResource(look, body);
  return [...look.seen];
}

/** The product that a User-Agent belongs to. */
export function clientOf(userAgent = ''): Client {
  const text = userAgent.slice(0, LONGEST_AGENT);
  return clientNames.find((name) => clients[name].sign.test(text)) ?? 'OTHER';
}

function lookAtQuery(look: Look, query: string): void {
  const [, text = ''] = /(?:^|&)filter=([^&]*)/i.exec(query) ?? [];
  const filter = text.slice(0, limits.filterLength);
  const spaced = filter.includes('+') ? plusAsSpace(filter) : filter;
  if (spaced !== filter.replaceAll('+', '%2B')) look.seen.add('FORM_ENCODED_FILTERS');
  lookAtFilter(look, decoded(spaced));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // refused elsewhere
  }
}

function lookAtPatch(look: Look, body: JsonObject): void {
  look.seen.add('UPDATES_BY_PATCH');
  lookAtSchemas(look, body);
  const operations = memberOf(body, 'Operations');
  if (!isList(operations)) return;
  if (!Object.hasOwn(body, 'Operations')) look.seen.add('OTHER_CASE');
  for (const operation of operations.slice(0, MOST_OPERATIONS)) if (isObject(operation)) lookAtOperation(look, operation);
}

function lookAtOperation(look: Look, operation: JsonObject): void {
  const [op, path, value] = [memberOf(operation, 'op'), memberOf(operation, 'path'), memberOf(operation, 'value')];
  if (typeof op !== 'string') return;
  if (op !== op.toLowerCase()) look.seen.add('CAPITALISED_OPERATIONS');
  const isRemoval = op.trim().toLowerCase() === 'remove';
  if (isNothing(path)) lookAtPathLess(look, value);
  else if (typeof path === 'string') lookAtTarget(look, path, value, isRemoval);
}

function lookAtPathLess(look: Look, value: Json | undefined): void {
  if (!isObject(value)) return;
  look.seen.add('PATH_LESS_OPERATIONS');
  lookAtChanges(look, value);
}

function lookAtPut(look: Look, body: JsonObject): void {
  look.seen.add('UPDATES_BY_PUT');
  const facts = memberOf(body, 'meta');
  // Entra sends one fact of its own: {"resourceType": "User"}.
  if (isObject(facts) && Object.keys(facts).length > 1) look.seen.add('GET_ECHOED_AS_PUT');
  lookAtResource(look, body);
}

function lookAtResource(look: Look, body: JsonObject): void {
  const schemas = lookAtSchemas(look, body);
  for (const urn of schemas.slice(0, MOST_SCHEMAS)) {
    if (typeof urn === 'string' && findSchema(look.type, urn)) lookAtUrn(look, urn);
    else look.seen.add('UNKNOWN_SCHEMAS');
  }
  lookAtDocument(look, body);
}

/** A body without keys says nothing: it may not have been read. */
function lookAtSchemas(look: Look, body: JsonObject): readonly Json[] {
  const schemas = memberOf(body, 'schemas');
  if (isList(schemas) && schemas.length > 0) return schemas;
  if (Object.keys(body).length > 0) look.seen.add('MISSING_SCHEMAS');
  return [];
}
