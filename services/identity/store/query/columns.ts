/** Where each attribute of a resource lives: a typed, indexed column for what identity turns on, the profile for the rest. */
import type { Attribute } from '../../../../schema/attribute.js';
import type { Json, JsonObject } from '../../../../schema/change.js';
import { fold, toComparable } from '../../../../schema/fold.js';
import { heldIn } from '../../../../schema/held.js';
import { coreAttributes, groupResource, type ResourceType, schemasOf, userResource } from '../../../../schema/resources.js';

export interface Column {
  /** The attribute's name in the declaration. */
  readonly attribute: string;
  readonly column: string;
  /** The column that holds the folded text, for attributes compared without case. */
  readonly keyColumn?: string;
}

export interface ResourceTable {
  readonly type: ResourceType;
  readonly table: string;
  readonly columns: readonly Column[];
  /** The attribute that is there once in a tenant, and the column with a unique index on it; null there is unlike any other. */
  readonly unique: { readonly attribute: string; readonly column: string };
}

export const userTable: ResourceTable = {
  type: userResource,
  table: 'app_user',
  columns: [
    { attribute: 'userName', column: 'user_name', keyColumn: 'user_name_key' },
    { attribute: 'externalId', column: 'external_id' },
    { attribute: 'displayName', column: 'display_name', keyColumn: 'display_name_key' },
    { attribute: 'active', column: 'active' },
  ],
  unique: { attribute: 'userName', column: 'user_name_key' },
};

export const groupTable: ResourceTable = {
  type: groupResource,
  table: 'app_group',
  columns: [
    { attribute: 'displayName', column: 'display_name', keyColumn: 'display_name_key' },
    { attribute: 'externalId', column: 'external_id' },
  ],
  unique: { attribute: 'displayName', column: 'unique_name_key' },
};

const tables = new WeakMap<ResourceType, ResourceTable>([
  [userResource, userTable],
  [groupResource, groupTable],
]);

/** The table of a type, which may be a tenant's own form of it. */
export function tableOf(type: ResourceType): ResourceTable {
  const known = tables.get(type);
  if (known) return known;
  const made = { ...(type.name === 'User' ? userTable : groupTable), type };
  tables.set(type, made);
  return made;
}

/** A row as the statements of the store answer it: the document put together again. */
export interface ResourceRow {
  readonly id: string;
  readonly version: number;
  /** ISO 8601 in UTC, with milliseconds. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The whole document: SCIM names, extensions under their URNs, no id, meta, schemas or relation. */
  readonly attributes: JsonObject;
}

/**
 * The values of a document's columns, folded keys included, and the two JSON columns; of the attributes named, where not all are meant.
 * Where a tenant lets groups share names, the database itself leaves the unique key out (migration `group-names-in-force`).
 */
export function toColumns(
  table: ResourceTable,
  document: JsonObject,
  names?: ReadonlySet<string>,
): Record<string, string | boolean | null> {
  const values: Record<string, string | boolean | null> = {};
  for (const { attribute, column, keyColumn } of table.columns) {
    if (names?.has(attribute) === false) continue;
    const value = (document[attribute] ?? null) as string | boolean | null;
    values[column] = value;
    if (keyColumn) values[keyColumn] = keyOf(value);
  }
  if (names?.has(table.unique.attribute) !== false) values[table.unique.column] = keyOf(document[table.unique.attribute]);
  const isColumn = (name: string) => table.columns.some(({ attribute }) => attribute === name);
  if (names && [...names].every(isColumn)) return values;
  const rest = Object.fromEntries(Object.entries(document).filter(([name]) => !isColumn(name)));
  return { ...values, profile: JSON.stringify(rest), folded: JSON.stringify(foldDocument(table.type, rest)) };
}

const keyOf = (value: Json | undefined): string | null => (typeof value === 'string' ? fold(value) : null);

/** The document of a row, in the order of the declaration's columns first. */
function toDocument(table: ResourceTable, row: Record<string, unknown>): JsonObject {
  const document: Record<string, Json> = {};
  for (const { attribute, column } of table.columns) {
    const value = row[column] as Json | undefined;
    if (value !== null && value !== undefined) document[attribute] = value;
  }
  return { ...document, ...(row['profile'] as JsonObject) };
}

/** As PostgreSQL writes most timestamps in a session in UTC: `2026-11-23 17:54:10.237+00`, and in JSON `2026-11-23T17:54:10.237+00:00`. */
const IN_UTC = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d{3}\+00(?::00)?$/;

/**
 * ISO 8601 in UTC, with milliseconds. For a page of users with their groups, to read a thousand dates and write them again is a tenth of
 * the work.
 */
export const isoOf = (timestamp: string | Date): string =>
  typeof timestamp === 'string' && IN_UTC.test(timestamp)
    ? `${timestamp.slice(0, 10)}T${timestamp.slice(11, 23)}Z`
    : new Date(timestamp).toISOString();

/** A row whose document is known, as that of one which has just been written. */
export const rowWith = (attributes: JsonObject, row: Record<string, unknown>): ResourceRow => ({
  id: row['id'] as string,
  version: Number(row['version']),
  createdAt: isoOf(row['created_at'] as string),
  updatedAt: isoOf(row['updated_at'] as string),
  attributes,
});

export const toRow = (table: ResourceTable, row: Record<string, unknown>): ResourceRow => rowWith(toDocument(table, row), row);

function foldValue(attribute: Attribute, value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => foldValue(attribute, item));
  if (attribute.subAttributes) return foldObject(attribute.subAttributes, value as JsonObject);
  return toComparable(attribute, value);
}

function foldObject(attributes: readonly Attribute[], object: JsonObject): JsonObject {
  const folded: Record<string, Json> = {};
  for (const attribute of attributes) {
    const value = heldIn(object, attribute.name);
    if (value !== undefined) folded[attribute.name] = foldValue(attribute, value);
  }
  return folded;
}

/** The document with every caseless string folded. */
function foldDocument(type: ResourceType, document: JsonObject): JsonObject {
  const folded: Record<string, Json> = { ...foldObject(coreAttributes(type), document) };
  for (const extension of type.extensions) {
    const values = heldIn(document, extension.id);
    if (values) folded[extension.id] = foldObject(extension.attributes, values as JsonObject);
  }
  return folded;
}

/** The names of a resource's schemas whose attributes the profile holds. */
export const extensionUrns = (type: ResourceType): readonly string[] =>
  schemasOf(type)
    .slice(1)
    .map((schema) => schema.id);
