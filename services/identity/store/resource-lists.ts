/** Lists: filter, order, pages by keyset or offset, counts. */
import { type RawBuilder, sql } from 'kysely';
import type { AttributeRef, Filter } from '../../../schema/tree.js';
import { isMultiValued, jsonPath } from './attribute-sql.js';
import type { ResourceRow, ResourceTable } from './columns.js';
import type { Statements } from './database.js';
import { toCondition } from './filter-sql.js';
import { literal } from './related-rows.js';
import { readRow, selectFrom, type WithRelated } from './resource-rows.js';

export interface Order {
  readonly target: AttributeRef;
  readonly descending: boolean;
}

/** The place in a list after which a page begins: the value ordered by, as text, and the id that breaks ties. */
export interface Position {
  readonly value: string | null;
  readonly id: string;
}

export interface ListQuery {
  readonly filter?: Filter | undefined;
  readonly order?: Order | undefined;
  readonly after?: Position | undefined;
  readonly offset: number;
  readonly limit: number;
  /** Reads the first of a relation along with each row. */
  readonly related?: WithRelated | undefined;
}

export interface ListedRow extends ResourceRow {
  readonly position: Position;
}

/** What a multi-valued attribute is ordered by: its primary value, or else its first (RFC 7644, 3.4.2.3). */
function primaryValue(target: AttributeRef): RawBuilder<unknown> {
  const list = target.extension ? sql`(folded -> ${target.extension.id} -> ${target.attribute.name})` : sql`(folded -> ${target.attribute.name})`;
  const sub = target.sub?.name ?? 'value';
  return sql`coalesce((select element from jsonb_array_elements(${list}) as element where element ->> 'primary' = 'true' limit 1), ${list} -> 0) ->> ${sub}`;
}

const orderExpression = (table: ResourceTable, order: Order): RawBuilder<unknown> =>
  (isMultiValued(order.target) ? sql`(${primaryValue(order.target)}) collate "C"` : jsonPath(table, order.target).expression);

/** Values absent come last in ascending order and first in descending order (RFC 7644, 3.4.2.3), as PostgreSQL has it. */
function afterPosition(expression: RawBuilder<unknown>, order: Order, after: Position): RawBuilder<unknown> {
  const { value, id } = after;
  const tie = sql`id > ${id}::uuid`;
  if (value === null) return order.descending ? sql`(${expression} is not null or ${tie})` : sql`(${expression} is null and ${tie})`;
  const same = sql`(${expression} = ${value} and ${tie})`;
  return order.descending ? sql`(${expression} < ${value} or ${same})` : sql`(${expression} > ${value} or ${expression} is null or ${same})`;
}

function pageOf(table: ResourceTable, tenantId: string, query: ListQuery): RawBuilder<Record<string, unknown>> {
  const conditions = query.filter ? [toCondition(table, query.filter)] : [];
  const expression = query.order && orderExpression(table, query.order);
  if (query.after) conditions.push(query.order ? afterPosition(expression!, query.order, query.after) : sql`id > ${query.after.id}::uuid`);
  const where = conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
  const direction = query.order?.descending ? sql`desc` : sql`asc`;
  return sql`${selectFrom(table, tenantId, where, query.related, expression && sql`, (${expression})::text as ordered_by`)}
    order by ${expression ? sql`${expression} ${direction}, ` : sql``} id limit ${literal(query.limit)} ${query.offset > 0 ? sql`offset ${query.offset}::integer` : sql``}`;
}

/** One page of a list. Without an order it is that of the ids: the order of creation, which never changes. */
export async function listRows(on: Statements, table: ResourceTable, tenantId: string, query: ListQuery): Promise<ListedRow[]> {
  const rows = await on.run(pageOf(table, tenantId, query));
  return rows.map((row) => ({ ...readRow(table, row, query.related), position: { value: (row['ordered_by'] ?? null) as string | null, id: row['id'] as string } }));
}

/** How many rows the filter finds; all of the tenant's without one. */
export async function countRows(on: Statements, table: ResourceTable, tenantId: string, filter?: Filter): Promise<number> {
  const [row] = await on.run(sql<{ total: string }>`
    select count(*) as total from ${sql.table(table.table)} where tenant_id = ${tenantId}::uuid and ${filter ? toCondition(table, filter) : sql`true`}`);
  return Number(row!.total);
}
