/** Rows of users and groups: each function is one statement, and a write carries its change record with it. */
import { type RawBuilder, sql } from 'kysely';
import type { JsonObject } from '../../../schema/change.js';
import { fold } from '../../../schema/fold.js';
import { type ChangeRecord, recordEach, type Writer } from './change-rows.js';
import { type RelatedRow, relatedJson, type RelationName, toRelated } from './related-rows.js';
import { isoOf, type ResourceRow, type ResourceTable, toColumns, toRow } from './columns.js';
import type { Statements } from './database.js';

/** The columns that make a ResourceRow. */
export const columnList = (table: ResourceTable) => sql.join(
  ['id', 'version', 'created_at', 'updated_at', 'profile', ...table.columns.map(({ column }) => column)]
    .map((column) => sql.ref(`${table.table}.${column}`)),
);

type Answer = Record<string, unknown>;

/** The first elements of a relation, to be read along with the row in the same statement. */
export interface WithRelated {
  readonly name: RelationName;
  readonly limit: number;
}

/** Selects rows of the table on a condition; `more` adds columns to the SELECT. */
export function selectFrom(
  table: ResourceTable, tenantId: string, condition: RawBuilder<unknown>, related?: WithRelated, more: RawBuilder<unknown> = sql``,
): RawBuilder<Answer> {
  const relation = related ? sql`, ${relatedJson(related.name, tenantId, sql.ref(`${table.table}.id`), related)} as related` : sql``;
  return sql<Answer>`select ${columnList(table)} ${relation} ${more} from ${sql.table(table.table)} where tenant_id = ${tenantId}::uuid and ${condition}`;
}

/** Reads a row that selectFrom selected. */
export const readRow = (table: ResourceTable, row: Answer, related?: WithRelated): ResourceRow & { related?: RelatedRow[] } =>
  ({ ...toRow(table, row), ...(related && { related: toRelated(related.name, row['related']) }) });

export interface FindOptions {
  /** Keeps others from changing the row until the transaction ends. */
  readonly lock?: boolean;
  readonly related?: WithRelated | undefined;
}

/** The row of an id, which must be a UUID. */
export async function findRow(on: Statements, table: ResourceTable, tenantId: string, id: string, { lock, related }: FindOptions = {}): Promise<ResourceRow | undefined> {
  const [row] = await on.run(sql<Answer>`${selectFrom(table, tenantId, sql`id = ${id}::uuid`, related)} ${lock ? sql`for no key update` : sql``}`);
  return row && readRow(table, row, related);
}

/** The oldest row whose attribute, which must be a column, has the value; caseless attributes compare by their keys. */
export async function findRowBy(on: Statements, table: ResourceTable, tenantId: string, attribute: string, value: string): Promise<ResourceRow | undefined> {
  const { column, keyColumn } = table.columns.find((candidate) => candidate.attribute === attribute)!;
  const condition = keyColumn ? sql`${sql.ref(keyColumn)} = ${fold(value)}` : sql`${sql.ref(column)} = ${value}`;
  const [row] = await on.run(sql<Answer>`${selectFrom(table, tenantId, condition)} order by id limit 1`);
  return row && toRow(table, row);
}

/** The rows of many ids, in no order; ids that nobody has are left out. */
export async function findRows(on: Statements, table: ResourceTable, tenantId: string, ids: readonly string[]): Promise<ResourceRow[]> {
  const rows = await on.run(selectFrom(table, tenantId, sql`id = any(${[...ids]}::uuid[])`));
  return rows.map((row) => toRow(table, row));
}

/** The oldest inactive user with this external id. */
export async function findInactiveId(on: Statements, tenantId: string, externalId: string): Promise<string | undefined> {
  const [row] = await on.run(sql<{ id: string }>`
    select id from app_user where tenant_id = ${tenantId}::uuid and external_id = ${externalId} and not active order by id limit 1`);
  return row?.id;
}

/** Writes a new row. Fails with UNIQUENESS where a unique value is taken. */
export async function insertRow(on: Statements, table: ResourceTable, writer: Writer, id: string, document: JsonObject, record: ChangeRecord): Promise<ResourceRow> {
  const values = Object.entries(toColumns(table, document, writer.policies));
  const [row] = await on.run(sql<Answer>`
    with written as (
      insert into ${sql.table(table.table)} (tenant_id, id, ${sql.join(values.map(([column]) => sql.ref(column)))})
      values (${writer.tenantId}::uuid, ${id}::uuid, ${sql.join(values.map(([, value]) => sql`${value}`))})
      returning id, version, created_at, updated_at
    ), recorded as (${recordEach(writer, record, sql`written`)})
    select * from written`);
  return written(row!, document);
}

/** Writes a new document into the row if it is still at the version; answers undefined where it is not (or gone). */
export async function updateRow(
  on: Statements, table: ResourceTable, writer: Writer, current: ResourceRow, document: JsonObject, record: ChangeRecord,
): Promise<ResourceRow | undefined> {
  const assignments = Object.entries(toColumns(table, document, writer.policies)).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  const [row] = await on.run(sql<Answer>`
    with written as (
      update ${sql.table(table.table)} set ${sql.join(assignments)}, version = version + 1, updated_at = now()
      where tenant_id = ${writer.tenantId}::uuid and id = ${current.id}::uuid and version = ${current.version}
      returning id, version, created_at, updated_at
    ), recorded as (${recordEach(writer, record, sql`written`)})
    select * from written`);
  return row && written(row, document);
}

const written = (row: Answer, attributes: JsonObject): ResourceRow => ({
  id: row['id'] as string,
  version: Number(row['version']),
  createdAt: isoOf(row['created_at'] as string),
  updatedAt: isoOf(row['updated_at'] as string),
  attributes,
});
