/** Users and groups in one list: one order, one paging. The places are found by one statement, the rows by one for each type. */
import { asSearch, literal, type RawBuilder, sql } from '../query/sql.js';
import type { ResourceTable } from '../query/columns.js';
import { totalOf } from '../query/counts.js';
import type { Statements } from '../connection/database.js';
import { describedBy, refuseDearList } from '../query/filter-cost.js';
import { toCondition } from '../query/filter-sql.js';
import { beyond, inOrder, type Order, type Position, sharedKey, type SortKey, toSortKey } from '../query/keyset.js';
import { PLANNED_ANEW } from '../connection/preparing-client.js';
import type { Within } from '../query/related-sql.js';
import type { ListedRow, ListQuery } from './resource-lists.js';
import { type Along, findRows } from './resource-rows.js';
import { withinTenant } from '../query/within-tenant.js';

/** A type's part in the list: the filter and the order as they are about this type, and what is read of its rows. */
export interface MixedPart extends Along, Pick<ListQuery, 'filter'> {
  readonly table: ResourceTable;
  /** Absent where the type does not have the attribute that the list is ordered by. */
  readonly order: Order | undefined;
}

export interface MixedQuery extends Pick<ListQuery, 'from' | 'isBackward' | 'limit'> {
  readonly offset: number;
  readonly parts: readonly MixedPart[];
  /** Which way the list is ordered by an attribute; undefined where it is ordered by nothing but the ids. */
  readonly descending: boolean | undefined;
}

export interface MixedRow extends ListedRow {
  readonly table: ResourceTable;
}

interface Place {
  readonly type: string;
  readonly id: string;
  readonly ordered_by: string | null;
}

/** A type without the attribute has no value for it; and a value that one type must have, the other may lack. */
function keyOf({ table, order }: MixedPart, { descending }: MixedQuery): SortKey | undefined {
  if (descending === undefined) return undefined;
  const expression = order ? toSortKey(table, order).expression : sql`null::text`;
  return { expression, descending, isNullable: true };
}

function selectPlaces(
  part: MixedPart & { readonly within: Within },
  query: MixedQuery,
  stretch: number,
  limit: number,
): RawBuilder<unknown> {
  const key = keyOf(part, query);
  const conditions = [part.filter ? toCondition(part.table, part.within, part.filter) : sql`true`];
  if (query.from) conditions.push(beyond(key, query.from, query.isBackward ?? false)[stretch]!);
  return sql`(select ${part.table.type.name}::text as type, id, ${key ? sharedKey(key.expression, query.parts) : sql`null::text`} as ordered_by
    from ${sql.table(part.table.table)} where tenant_id = ${part.within.tenantId}::uuid and ${sql.join(conditions, sql` and `)}
    order by ${inOrder(key, query.isBackward ?? false)} limit ${literal(limit)})`;
}

/** A part with what its filter needs to be known; refused where it would take too long. */
async function prepared(on: Statements, tenantId: string, part: MixedPart): Promise<MixedPart & { readonly within: Within }> {
  const search = describedBy(on, part.table, part);
  const within = await withinTenant(search, part.table, tenantId, part.filter);
  await refuseDearList(search, part.table, within, part);
  return { ...part, within };
}

/** How many of those to pass over are in a stretch that ends before them. */
const countPlaces = (on: Statements, places: RawBuilder<unknown>): Promise<number> =>
  totalOf(on, asSearch(sql<{ total: string }>`${sql.raw(PLANNED_ANEW)} select count(*) as total ${places}`));

/** Each type's rows come in the order of the whole list, or what one of them leaves to later pages would be passed over. */
async function findPlaces(on: Statements, tenantId: string, query: MixedQuery): Promise<Place[]> {
  const { descending, from, isBackward = false } = query;
  const parts = await Promise.all(query.parts.map((part) => prepared(on, tenantId, part)));
  const outer: SortKey | undefined =
    descending === undefined ? undefined : { expression: sql`place.ordered_by`, descending, isNullable: true };
  const stretches = from ? beyond(outer, from, isBackward).length : 1;
  const found: Place[] = [];
  const [{ table, filter, order }] = query.parts as [MixedPart];
  const search = describedBy(on, table, { filter, order: order ?? query.parts.find((part) => part.order)?.order });
  let left = query.offset;
  for (let stretch = 0; stretch < stretches && found.length < query.limit; stretch += 1) {
    const limit = query.limit - found.length;
    const branches = parts.map((part) => selectPlaces(part, query, stretch, limit + left));
    const places = sql`from (${sql.join(branches, sql` union all `)}) as place`;
    const some = await search.run(
      asSearch(sql<Place>`${sql.raw(PLANNED_ANEW)} select type, id, ordered_by::text as ordered_by ${places}
      order by ${inOrder(outer, isBackward)} limit ${literal(limit)} offset ${left}::integer`),
    );
    if (some.length > 0) left = 0;
    else if (left > 0 && stretch + 1 < stretches) left -= await countPlaces(search, places);
    found.push(...some);
  }
  return isBackward ? found.toReversed() : found;
}

/** One page of the list of all types; what is deleted while it is read is left out. */
export async function listMixedRows(on: Statements, tenantId: string, query: MixedQuery): Promise<MixedRow[]> {
  const places = await findPlaces(on, tenantId, query);
  const rows = await Promise.all(
    query.parts.map(async (part) => {
      const ids = places.filter(({ type }) => type === part.table.type.name).map(({ id }) => id);
      const found = ids.length > 0 ? await findRows(on, part.table, tenantId, ids, part) : [];
      return found.map((row) => [row.id, { ...row, table: part.table }] as const);
    }),
  );
  const byId = new Map(rows.flat());
  return places.flatMap(({ id, ordered_by }) => {
    const row = byId.get(id);
    const position: Position = { value: ordered_by, id };
    return row ? [{ ...row, position }] : [];
  });
}
