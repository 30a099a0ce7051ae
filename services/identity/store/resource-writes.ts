/** Writing rows of users and groups: a write is one statement and carries its change record with it. */
import { sql } from './sql.js';
import type { JsonObject } from '../../../schema/change.js';
import type { Failure } from '../../../schema/failure.js';
import { type ChangeRecord, recordEach, recordRows, type Writer } from './change-rows.js';
import { isoOf, type ResourceRow, type ResourceTable, toColumns } from './columns.js';
import type { Statements } from './database.js';
import { type RelatedRow, relatedJson, toRelated } from './related-rows.js';
import type { WithRelated } from './resource-rows.js';
import { takenBy } from './unique-values.js';

type Answer = Record<string, unknown>;

/** A new resource: its id, its checked document, and how its creation is recorded. */
export interface NewResource {
  readonly id: string;
  readonly document: JsonObject;
}

/** PostgreSQL's array of a column's type. */
const arrayType = (column: string) => (column === 'active' ? 'boolean[]' : ['profile', 'folded'].includes(column) ? 'jsonb[]' : 'text[]');

/**
 * Writes new rows with their records, however many, in one statement; answers those whose unique value was not taken. A value that is
 * taken is a verdict here and no error: an error would end the transaction under way.
 */
export async function insertRows(
  on: Statements, table: ResourceTable, writer: Writer, resources: readonly NewResource[], record: Omit<ChangeRecord, 'before' | 'after'>,
): Promise<ResourceRow[]> {
  const values = resources.map(({ document }) => toColumns(table, document, writer.policies));
  const columns = Object.keys(values[0] ?? {});
  const lists = columns.map((column) => sql`${values.map((row) => row[column])}::${sql.raw(arrayType(column))}`);
  const rows = await on.run(sql<Answer>`
    with given as (
      select * from unnest(${resources.map(({ id }) => id)}::uuid[], ${resources.map(({ document }) => JSON.stringify(document))}::jsonb[], ${sql.join(lists)})
        as given (id, document, ${sql.join(columns.map((column) => sql.ref(column)))})
    ), written as (
      insert into ${sql.table(table.table)} (tenant_id, id, ${sql.join(columns.map((column) => sql.ref(column)))})
      select ${writer.tenantId}::uuid, id, ${sql.join(columns.map((column) => sql.ref(column)))} from given
      on conflict (tenant_id, ${sql.ref(table.unique.column)}) do nothing
      returning id, version, created_at, updated_at
    ), created as (
      select written.id, written.version, null::jsonb as before, given.document as after from written join given on given.id = written.id
    ), recorded as (${recordRows(writer, record, sql`created`)})
    select * from written`);
  const documents = new Map(resources.map(({ id, document }) => [id, document]));
  return rows.map((row) => written(row, documents.get(row['id'] as string)!));
}

/** Writes a new row. Fails with UNIQUENESS where its unique value is taken. */
export async function insertRow(on: Statements, table: ResourceTable, writer: Writer, id: string, document: JsonObject, record: ChangeRecord): Promise<ResourceRow> {
  const values = Object.entries(toColumns(table, document, writer.policies));
  const [row] = await on.run(sql<Answer>`
    with written as (
      insert into ${sql.table(table.table)} (tenant_id, id, ${sql.join(values.map(([column]) => sql.ref(column)))})
      values (${writer.tenantId}::uuid, ${id}::uuid, ${sql.join(values.map(([, value]) => sql`${value}`))})
      on conflict (tenant_id, ${sql.ref(table.unique.column)}) do nothing
      returning id, version, created_at, updated_at
    ), recorded as (${recordEach(writer, record, sql`written`)})
    select * from written`);
  if (row) return written(row, document);
  const [refusal] = await refusalsOf(on, table, writer, [document]);
  throw refusal!;
}

/** The refusals that name who has the unique values of the documents. */
export async function refusalsOf(on: Statements, table: ResourceTable, { tenantId, policies }: Writer, documents: readonly JsonObject[]): Promise<Failure[]> {
  const keys = documents.map((document) => toColumns(table, document, policies)[table.unique.column] as string);
  const rows = keys.length === 0 ? [] : await on.run(sql<{ id: string; key: string }>`
    select id, ${sql.ref(table.unique.column)} as key from ${sql.table(table.table)} where tenant_id = ${tenantId}::uuid and ${sql.ref(table.unique.column)} = any(${keys}::text[])`);
  const idOf = new Map(rows.map(({ id, key }) => [key, id]));
  return keys.map((key) => takenBy(table, idOf.get(key)));
}

/**
 * Writes what the record says of a new document into the row if it is still at the version; answers undefined where it is not (or gone). Fails with
 * UNIQUENESS. The first elements of a relation are read by the same statement where they are asked for. What stays is not written: the database
 * would make the text that is searched anew, which costs as much as all else.
 */
export async function updateRow(
  on: Statements, table: ResourceTable, writer: Writer, current: ResourceRow, document: JsonObject, record: ChangeRecord, related?: WithRelated,
): Promise<(ResourceRow & { related?: RelatedRow[] }) | undefined> {
  const values = toColumns(table, document, writer.policies, new Set([...Object.keys(record.before ?? {}), ...Object.keys(record.after ?? {})]));
  const { attribute, column } = table.unique;
  const isRenamed = current.attributes[attribute] !== document[attribute];
  const namesakes = sql`select id from ${sql.table(table.table)} where tenant_id = ${writer.tenantId}::uuid and ${sql.ref(column)} = ${values[column]}::text and id <> ${current.id}::uuid`;
  const [row] = await on.run(sql<Answer>`
    with written as (
      update ${sql.table(table.table)} set ${sql.join(Object.entries(values).map(([name, value]) => sql`${sql.ref(name)} = ${value},`), sql` `)} version = version + 1, updated_at = now()
      where tenant_id = ${writer.tenantId}::uuid and id = ${current.id}::uuid and version = ${current.version} ${isRenamed ? sql`and not exists (${namesakes})` : sql``}
      returning tenant_id, id, version, created_at, updated_at
    ), recorded as (${recordEach(writer, record, sql`written`)})
    select written.* ${related ? sql`, ${relatedJson(related.name, { id: writer.tenantId, column: sql`written.tenant_id` }, sql`written.id`, related)} as related` : sql``} from written`);
  if (row) return { ...written(row, document), ...(related && { related: toRelated(related.name, row['related']) }) };
  if (!isRenamed) return undefined;
  const [other] = await on.run(sql<{ id: string }>`${namesakes}`);
  if (other) throw takenBy(table, other.id);
  return undefined;
}

const written = (row: Answer, attributes: JsonObject): ResourceRow => ({
  id: row['id'] as string,
  version: Number(row['version']),
  createdAt: isoOf(row['created_at'] as string),
  updatedAt: isoOf(row['updated_at'] as string),
  attributes,
});
