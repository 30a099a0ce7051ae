/** New rows of users and groups: a write is one statement and carries its change record with it. */
import { type RawBuilder, sql } from '../query/sql.js';
import type { JsonObject } from '../../../../schema/change.js';
import type { Failure } from '../../../../schema/failure.js';
import { actorColumns, recordRowsOfMany, type Subject, type Writer } from '../changes/change-rows.js';
import { type ResourceRow, type ResourceTable, rowWith, toColumns } from '../query/columns.js';
import type { Statements, Writable } from '../connection/database.js';
import { declarationsOf, inForce } from './declarations-in-force.js';
import { takenBy } from './unique-values.js';

type Answer = Record<string, unknown>;

/** A new resource: its id, its checked document, and who makes it. */
export interface NewResource {
  readonly id: string;
  readonly document: JsonObject;
  readonly writer: Writer;
}

/** PostgreSQL's array of a column's type. */
const arrayType = (column: string) => (column === 'active' ? 'boolean[]' : ['profile', 'folded'].includes(column) ? 'jsonb[]' : 'text[]');

/** The values of rows as lists, column by column, and after them who writes: parameters of one `unnest`. */
export const listsOf = (
  rows: readonly { readonly values: ReturnType<typeof toColumns>; readonly writer: Writer }[],
  columns: readonly string[],
): RawBuilder<unknown>[] => [
  ...columns.map((column) => sql`${rows.map(({ values }) => values[column])}::${sql.raw(arrayType(column))}`),
  ...actorColumns.map(({ type, of }) => sql`${rows.map(({ writer }) => of(writer))}::${sql.raw(type)}[]`),
];

export const byKey = (one: string, other: string) => Number(one > other) - Number(one < other);

/**
 * Writes new rows of a tenant with their records, however many and whosever, in one statement; answers those whose unique value was not
 * taken. A value that is taken is a verdict here and no error: an error would end the transaction under way, and be the others' as well.
 */
async function insertRows(
  on: Statements,
  table: ResourceTable,
  resources: readonly NewResource[],
  record: Subject,
): Promise<ResourceRow[]> {
  const made = resources.map((resource) => ({ ...resource, values: toColumns(table, resource.document) }));
  // In one order, so that two statements that would write the same values wait for each other and not both.
  const rows = made.toSorted((one, other) => byKey(String(one.values[table.unique.column]), String(other.values[table.unique.column])));
  const {
    values: first,
    writer: { tenantId },
  } = rows[0]!;
  const columns = Object.keys(first);
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const declarations = declarationsOf(table, ...resources.map(({ document }) => document));
  const actorNames = sql.join(actorColumns.map(({ column }) => sql.raw(column)));
  const answered = await on.run(sql<Answer>`
    with given as (
      select given.* from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ document }) => JSON.stringify(document))}::jsonb[], ${sql.join(listsOf(rows, columns))})
        as given (id, document, ${names}, ${actorNames}) ${inForce(',', tenantId, declarations)}
    ), written as (
      insert into ${sql.table(table.table)} (tenant_id, id, ${names}) select ${tenantId}::uuid, id, ${names} from given
      on conflict (tenant_id, ${sql.ref(table.unique.column)}) do nothing
      returning id, version, external_id, created_at, updated_at
    ), created as (
      select written.id, written.version, written.external_id, null::jsonb as before, given.document as after, ${actorNames} from written join given on given.id = written.id
    ), recorded as (${recordRowsOfMany(tenantId, record, sql`created`)})
    select * from written`);
  const documents = new Map(resources.map(({ id, document }) => [id, document]));
  return answered.map((row) => rowWith(documents.get(row['id'] as string)!, row));
}

/** Writes new rows of a tenant in one statement; each answer is the row, or why it was not written (UNIQUENESS). */
export async function insertOrRefuse(
  on: Statements,
  table: ResourceTable,
  resources: readonly NewResource[],
  record: Subject,
): Promise<(ResourceRow | Failure)[]> {
  const rows = resources.length === 0 ? [] : await insertRows(on, table, resources, record);
  const byId = new Map<string, ResourceRow | Failure>(rows.map((row) => [row.id, row]));
  const refused = resources.filter(({ id }) => !byId.has(id));
  for (const [at, refusal] of (await refusalsOf(on, table, refused)).entries()) byId.set(refused[at]!.id, refusal);
  return resources.map(({ id }) => byId.get(id)!);
}

/** Writes a new row, together with others that the tenant makes at the same moment. Fails with UNIQUENESS. */
export const insertRow = (on: Writable, table: ResourceTable, resource: NewResource, record: Subject): Promise<ResourceRow> =>
  on.together(
    `${record.kind} of ${resource.writer.tenantId} ${declarationsOf(table, resource.document) ?? ''}`,
    resource,
    (statements, all: readonly NewResource[]) => insertOrRefuse(statements, table, all, record),
  );

/** The refusals that name who has the unique values of the resources. */
async function refusalsOf(on: Statements, table: ResourceTable, refused: readonly NewResource[]): Promise<Failure[]> {
  const [first] = refused;
  if (!first) return [];
  const { tenantId } = first.writer;
  const keys = refused.map(({ document }) => toColumns(table, document)[table.unique.column] as string);
  const rows = await on.run(sql<{ id: string; key: string }>`
    select id, ${sql.ref(table.unique.column)} as key from ${sql.table(table.table)} where tenant_id = ${tenantId}::uuid and ${sql.ref(table.unique.column)} = any(${keys}::text[])`);
  const idOf = new Map(rows.map(({ id, key }) => [key, id]));
  return keys.map((key) => takenBy(table, idOf.get(key)));
}
