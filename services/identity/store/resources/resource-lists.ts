/** Lists: filter, order, pages by keyset or offset, counts. */
import { LRUCache } from 'lru-cache';
import { asLookUp, asSearch, compile, literal, prepare, type RawBuilder, sql, withoutValues } from '../query/sql.js';
import type { Filter } from '../../../../schema/tree.js';
import type { ResourceRow, ResourceTable } from '../query/columns.js';
import { oneRow, totalOf } from '../query/counts.js';
import type { Statements } from '../connection/database.js';
import { describedBy, refuseDearList } from '../query/filter-cost.js';
import { isLookUp, toCondition } from '../query/filter-sql.js';
import { beyond, inOrder, type Order, type Position, toSortKey } from '../query/keyset.js';
import { PLANNED_ANEW } from '../connection/preparing-client.js';
import type { Within } from '../query/related-sql.js';
import { countAll } from './resource-counts.js';
import { type Along, ALONE, readRow, selectFrom, unseen } from './resource-rows.js';
import { oncePerPair } from '../../../../schema/once-per.js';
import { withinTenant } from '../query/within-tenant.js';

export type { Order, Position } from '../query/keyset.js';

export interface ListQuery {
  readonly along?: Along | undefined;
  readonly filter?: Filter | undefined;
  readonly order?: Order | undefined;
  /** Where the page begins, or, backwards, ends: at the end of the list where absent. */
  readonly from?: Position | undefined;
  readonly isBackward?: boolean | undefined;
  readonly limit: number;
}

export interface ListedRow extends ResourceRow {
  readonly position: Position;
}

type Answer = Record<string, unknown>;

const positionOf = (row: Answer): Position => ({ value: (row['ordered_by'] ?? null) as string | null, id: row['id'] as string });

/** Whether it is just the next ones that are asked for, and the way to them is the same for every tenant and place. */
const isPlain = ({ filter, order }: Pick<ListQuery, 'filter' | 'order'>): boolean => !filter && !order;

/** The parts of a list beyond a position, each of them a stretch of an index, one after the other. */
function stretches(table: ResourceTable, within: Within, query: Omit<ListQuery, 'limit'>): RawBuilder<unknown>[] {
  const filter = query.filter ? toCondition(table, within, query.filter) : sql`true`;
  if (!query.from) return [filter];
  const key = query.order && toSortKey(table, query.order);
  return beyond(key, query.from, query.isBackward ?? false, isPlain(query) ? unseen : undefined).map(
    (condition) => sql`${filter} and ${condition}`,
  );
}

const planningOf = (table: ResourceTable, filter: Filter | undefined): RawBuilder<unknown> =>
  filter && !isLookUp(table, filter) ? sql.raw(PLANNED_ANEW) : sql``;

/** Whether the rows of a key are asked for, and no order makes a difference to how they are found. */
const isOfKey = (table: ResourceTable, { filter, order }: Pick<ListQuery, 'filter' | 'order'>): boolean =>
  filter !== undefined && isLookUp(table, filter) && !order;

/** A statement of a list as what it is: the rows of a key, those of a filter or in an order, or just the next ones. */
function askedAs<Row>(table: ResourceTable, list: Pick<ListQuery, 'filter' | 'order'>, statement: RawBuilder<Row>): RawBuilder<Row> {
  if (isOfKey(table, list)) return asLookUp(statement);
  return isPlain(list) ? statement : asSearch(statement);
}

/** The end of a SELECT: its order and its page. */
function pageOf(table: ResourceTable, query: Omit<ListQuery, 'limit'>, limit: number): RawBuilder<unknown> {
  const key = query.order && toSortKey(table, query.order);
  return sql`order by ${inOrder(key, query.isBackward ?? false)} limit ${literal(limit)}`;
}

/** One client's endless ways to ask must not keep out what the others ask all the time. */
const MOST_OF_KEYS = 100;

/**
 * The statements for rows of a key, by what is read along with them, and by their conditions: clients ask for the same ones with other
 * values.
 */
const ofKeys = oncePerPair(
  (_table: ResourceTable, _along: Along) =>
    new LRUCache<string, (...given: [tenantId: string, ...values: unknown[]]) => RawBuilder<Answer>>({ max: MOST_OF_KEYS }),
);

function pageStatement(
  table: ResourceTable,
  tenantId: string,
  condition: RawBuilder<unknown>,
  query: Omit<ListQuery, 'limit'>,
  limit: number,
): RawBuilder<Answer> {
  const { along = ALONE } = query;
  const selected = (tenant: string, where: RawBuilder<unknown>) => {
    const key = query.order && toSortKey(table, query.order);
    const orderedBy = key ? sql`, (${key.expression})::text as ordered_by` : sql``;
    const paged = { more: orderedBy, page: pageOf(table, query, limit), isPlannedOnce: isPlain(query) };
    return askedAs(table, query, sql<Answer>`${planningOf(table, query.filter)} ${selectFrom(table, tenant, where, along, paged)}`);
  };
  if (!isOfKey(table, query)) return selected(tenantId, condition);
  const known = ofKeys(table, along);
  const { part, given } = withoutValues(condition, 1);
  const name = `${limit} ${query.isBackward ? 'backward' : ''} ${compile(condition).text}`;
  const found = known.get(name);
  if (found) return found(tenantId, ...given);
  const prepared = prepare<[string, ...unknown[]], Answer>(1 + given.length, (tenant) => selected(tenant, part));
  known.set(name, prepared);
  return prepared(tenantId, ...given);
}

/**
 * One page of a list, in the order of the list. Without an order it is that of the ids: the order of creation, which never changes.
 * Backwards the page is the last before the position.
 */
export async function listRows(on: Statements, table: ResourceTable, tenantId: string, query: ListQuery): Promise<ListedRow[]> {
  const { along, limit } = query;
  const search = describedBy(on, table, query);
  const within = await withinTenant(search, table, tenantId, query.filter);
  await refuseDearList(search, table, within, query);
  const found: Answer[] = [];
  for (const condition of stretches(table, within, query)) {
    if (found.length >= limit && limit > 0) break;
    found.push(...(await search.run(pageStatement(table, tenantId, condition, query, limit - found.length))));
  }
  const rows = query.isBackward ? found.toReversed() : found;
  return rows.map((row) => Object.assign(readRow(table, row, along?.related), { position: positionOf(row) }));
}

/**
 * The place of the row that so many others of the list come before, or, with a place to begin from, so many others behind that; undefined
 * where there are not so many. Reads no more of rows than their places.
 */
export async function positionAt(
  on: Statements,
  table: ResourceTable,
  tenantId: string,
  { offset, ...query }: Pick<ListQuery, 'filter' | 'order' | 'from'> & { readonly offset: number },
): Promise<Position | undefined> {
  const { filter, order } = query;
  const key = order && toSortKey(table, order);
  const search = describedBy(on, table, query);
  const within = await withinTenant(search, table, tenantId, filter);
  await refuseDearList(search, table, within, query);
  let left = offset;
  const conditions = stretches(table, within, query);
  for (const condition of conditions) {
    const stretch = sql`from ${sql.table(table.table)} where tenant_id = ${tenantId}::uuid and ${condition}`;
    const [row] = await search.run(
      askedAs(
        table,
        query,
        sql<Answer>`${planningOf(table, filter)} select id, ${key ? sql`(${key.expression})::text` : sql`null`} as ordered_by ${stretch}
      order by ${inOrder(key, false)} limit 1 offset ${left}::integer`,
      ),
    );
    if (row || condition === conditions.at(-1)) return row && positionOf(row);
    left -= await totalOf(
      search,
      askedAs(table, query, sql<{ total: string }>`${planningOf(table, filter)} select count(*) as total ${stretch}`),
    );
  }
  return undefined;
}

/** Rows that are counted one by one for a filter; of more the planner's guess is told. */
const COUNTED = 100_000;

/**
 * How many rows the filter finds: exactly up to a hundred thousand, about as many beyond; nobody may make the database look at a million
 * people to be told a number. All of the tenant's without a filter, exactly: these are counted already.
 */
export async function countRows(on: Statements, table: ResourceTable, tenantId: string, filter?: Filter, most = COUNTED): Promise<number> {
  if (!filter) return countAll(on, table, tenantId);
  const search = describedBy(on, table, { filter });
  const within = await withinTenant(search, table, tenantId, filter);
  await refuseDearList(search, table, within, { filter });
  return countFound(search, table, within, filter, most);
}

async function countFound(on: Statements, table: ResourceTable, within: Within, filter: Filter, most: number): Promise<number> {
  const found = sql`select 1 from ${sql.table(table.table)} where tenant_id = ${within.tenantId}::uuid and ${toCondition(table, within, filter)}`;
  const total = await totalOf(
    on,
    asSearch(
      sql<{ total: string }>`${planningOf(table, filter)} select count(*) as total from (${found} limit ${literal(most + 1)}) as found`,
    ),
  );
  if (total <= most) return total;
  const plan = await oneRow(
    on,
    asSearch(sql<{ 'QUERY PLAN': readonly [{ readonly Plan: { readonly 'Plan Rows': number } }] }>`explain (format json) ${found}`),
  );
  return Math.max(total, plan['QUERY PLAN'][0].Plan['Plan Rows']);
}
