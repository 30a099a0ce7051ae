/** Changed rows of users and groups: a write is one statement and carries its change record with it. */
import { type RawBuilder, sql } from '../query/sql.js';
import type { JsonObject } from '../../../../schema/change.js';
import { actorColumns, type ChangeRecord, recordEach, recordRowsOfMany, type Writer } from '../changes/change-rows.js';
import { type ResourceRow, type ResourceTable, rowWith, toColumns } from '../query/columns.js';
import type { Statements, Writable } from '../connection/database.js';
import { declarationsOf, inForce } from './declarations-in-force.js';
import { type RelatedRow, relatedJson, toRelated } from '../members/related-rows.js';
import type { WithRelated } from './resource-rows.js';
import { byKey, listsOf } from './resource-writes.js';
import { takenBy } from './unique-values.js';
import { newId } from './uuid.js';

type Answer = Record<string, unknown>;
type Values = ReturnType<typeof toColumns>;
export type UpdatedRow = ResourceRow & { readonly related?: RelatedRow[] };

/** A resource as it was read, and what becomes of it. */
export interface Update {
  readonly writer: Writer;
  readonly current: ResourceRow;
  readonly document: JsonObject;
  readonly record: ChangeRecord;
}

/** What all rows of a statement have in common. */
interface Form {
  readonly table: ResourceTable;
  readonly columns: readonly string[];
  readonly related: WithRelated | undefined;
  readonly declarations: number | undefined;
}

const relatedOf = (related: WithRelated | undefined, tenantId: string): RawBuilder<unknown> =>
  related
    ? sql`, ${relatedJson(related.name, { id: tenantId, column: sql`written.tenant_id` }, sql`written.id`, related)} as related`
    : sql``;

const toUpdated = (row: Answer, document: JsonObject, related: WithRelated | undefined): UpdatedRow => ({
  ...rowWith(document, row),
  ...(related && { related: toRelated(related.name, row['related']) }),
});

/**
 * Writes what the record says of a new document into the row if it is still at the version; answers undefined where it is not (or gone).
 * Fails with UNIQUENESS. The first elements of a relation are read by the same statement where they are asked for. What stays is not
 * written: the database would make the text that is searched anew, which costs as much as all else.
 */
export async function updateRow(
  on: Writable,
  table: ResourceTable,
  update: Update,
  related?: WithRelated,
): Promise<UpdatedRow | undefined> {
  const { writer, current, document, record } = update;
  const values = toColumns(table, document, new Set([...Object.keys(record.before ?? {}), ...Object.keys(record.after ?? {})]));
  const declarations = 'profile' in values ? declarationsOf(table, current.attributes, document) : undefined;
  const { attribute } = table.unique;
  if (current.attributes[attribute] !== document[attribute]) {
    return on.together(newId(), update, async (statements) => [
      await renameRow(statements, { table, related, declarations }, update, values),
    ]);
  } // with nobody
  const columns = Object.keys(values);
  const key = `${record.kind} of ${writer.tenantId}: ${columns.join(' ')} ${declarations ?? ''} ${related ? JSON.stringify(related) : ''}`;
  return on.together(key, { ...update, values }, async (statements, all: readonly (Update & { values: Values })[]) =>
    updateRows(statements, { table, columns, related, declarations }, all),
  );
}

const textOf = (value: JsonObject | null) => (value === null ? null : JSON.stringify(value));

/**
 * Those of a tenant that change the same columns at the same moment. Of several changes of one row one is made: the others find that it is
 * at another version.
 */
async function updateRows(
  on: Statements,
  { table, columns, related, declarations }: Form,
  all: readonly (Update & { readonly values: Values })[],
): Promise<(UpdatedRow | undefined)[]> {
  const {
    writer: { tenantId },
    record,
  } = all[0]!;
  const rows = all.toSorted((one, other) => byKey(one.current.id, other.current.id)); // so that two statements wait for each other and not both
  const json = (pick: (update: Update) => JsonObject | null) => rows.map((update) => textOf(pick(update)));
  const names = sql.join([...columns.map((column) => sql.ref(column)), ...actorColumns.map(({ column }) => sql.raw(column))]);
  const own = (column: string) => sql.ref(`${table.table}.${column}`);
  const answered = await on.run(sql<Answer>`
    with given as (
      select given.* from unnest(
        ${rows.map(({ current }) => current.id)}::uuid[], ${rows.map(({ current }) => current.version)}::integer[],
        ${json(({ record: { before } }) => before)}::jsonb[], ${json(({ record: { after } }) => after)}::jsonb[], ${sql.join(listsOf(rows, columns))}
      ) with ordinality as given (id, version, before, after, ${names}, at) ${inForce(',', tenantId, declarations)}
    ), written as (
      update ${sql.table(table.table)} set ${sql.join(
        columns.map((column) => sql`${sql.ref(column)} = ${sql.ref(`given.${column}`)},`),
        sql` `,
      )} version = ${own('version')} + 1, updated_at = now()
      from given where ${own('tenant_id')} = ${tenantId}::uuid and ${own('id')} = given.id and ${own('version')} = given.version
      returning ${own('tenant_id')}, ${own('id')}, ${own('version')}, ${own('external_id')}, ${own('created_at')}, ${own('updated_at')},
        given.at, given.before, given.after, ${sql.join(actorColumns.map(({ column }) => sql.raw(`given.${column}`)))}
    ), recorded as (${recordRowsOfMany(tenantId, record, sql`written`)})
    select written.id, written.version, written.created_at, written.updated_at, written.at ${relatedOf(related, tenantId)} from written`);
  const byPlace = new Map(answered.map((row) => [rows[Number(row['at']) - 1], row]));
  return all.map((update) => {
    const row = byPlace.get(update);
    return row && toUpdated(row, update.document, related);
  });
}

/** The same where the unique value becomes another, which may be taken. */
async function renameRow(
  on: Statements,
  { table, related, declarations }: Omit<Form, 'columns'>,
  { writer, current, document, record }: Update,
  values: Values,
): Promise<UpdatedRow | undefined> {
  const { tenantId } = writer;
  const { column } = table.unique;
  const namesakes = sql`select id from ${sql.table(table.table)} where tenant_id = ${tenantId}::uuid and ${sql.ref(column)} = ${values[column]}::text and id <> ${current.id}::uuid`;
  const [row] = await on.run(sql<Answer>`
    with written as (
      update ${sql.table(table.table)} set ${sql.join(
        Object.entries(values).map(([name, value]) => sql`${sql.ref(name)} = ${value},`),
        sql` `,
      )} version = version + 1, updated_at = now()
      ${inForce('from', tenantId, declarations)} where tenant_id = ${tenantId}::uuid and id = ${current.id}::uuid and version = ${current.version} and not exists (${namesakes})
      returning tenant_id, id, version, external_id, created_at, updated_at
    ), recorded as (${recordEach(writer, record, sql`written`)})
    select written.* ${relatedOf(related, tenantId)} from written`);
  if (row) return toUpdated(row, document, related);
  const [other] = await on.run(sql<{ id: string }>`${namesakes}`);
  if (other) throw takenBy(table, other.id);
  return undefined;
}
