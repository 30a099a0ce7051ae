/**
 * Relations read as lists are: filtered, in another order, or backwards. With a filter or an order each element is looked up, so that a
 * page costs as much as the relation is long; but one statement reads it for all owners of an answer.
 */
import { asSearch, literal, type RawBuilder, sql } from '../query/sql.js';
import type { Filter } from '../../../../schema/tree.js';
import type { ResourceTable } from '../query/columns.js';
import type { Statements } from '../connection/database.js';
import { toCondition } from '../query/filter-sql.js';
import { beyond, inOrder, type Order, type Position, sharedKey, type SortKey, toSortKey } from '../query/keyset.js';
import { PLANNED_ANEW } from '../connection/preparing-client.js';
import { elementsJson, elementsOf, type RelatedRow, type RelationName, toRelated } from './related-rows.js';
import type { Within } from '../query/related-sql.js';
import { withinTenant } from '../query/within-tenant.js';

/** What is asked of the elements of one type; of a relation of two types, each has its part. */
export interface RelatedPart {
  readonly table: ResourceTable;
  readonly filter?: Filter | undefined;
  /** Absent where the type does not have the attribute that the list is ordered by. */
  readonly order?: Order | undefined;
}

export interface RelatedQuery {
  readonly parts: readonly RelatedPart[];
  /** Which way the list is ordered by an attribute; undefined where it is ordered by nothing but the ids. */
  readonly descending?: boolean | undefined;
  readonly from?: Position | undefined;
  readonly isBackward?: boolean | undefined;
  readonly limit: number;
}

interface Prepared extends RelatedPart {
  readonly within: Within;
}

const keyOf = (part: RelatedPart, parts: readonly RelatedPart[]): RawBuilder<unknown> =>
  sharedKey(part.order ? toSortKey(part.table, part.order).expression : sql`null`, parts);

/** The elements of an owner that the filters find, with what they are ordered by. Of a relation of one type, `type` says something else. */
function found(name: RelationName, tenantId: string, owner: RawBuilder<unknown>, parts: readonly Prepared[]): RawBuilder<unknown> {
  const elements = sql`(${elementsOf(name, tenantId, owner)}) as relation`;
  if (parts.every(({ filter, order }) => !filter && !order)) return sql`${elements} cross join (select null::text as ordered_by) as found`;
  const lookUps = parts.map(
    (part) => sql`(select ${keyOf(part, parts)} as ordered_by from ${sql.table(part.table.table)}
    where tenant_id = ${tenantId}::uuid and ${sql.ref(`${part.table.table}.id`)} = relation.id
      ${parts.length > 1 ? sql`and relation.type = ${part.table.type.name}::text` : sql``}
      and ${part.filter ? toCondition(part.table, part.within, part.filter) : sql`true`} offset 0)`,
  );
  return sql`${elements} cross join lateral (${sql.join(lookUps, sql` union all `)}) as found`;
}

const prepared = (on: Statements, tenantId: string, parts: readonly RelatedPart[]): Promise<Prepared[]> =>
  Promise.all(parts.map(async (part) => ({ ...part, within: await withinTenant(on, part.table, tenantId, part.filter) })));

/** A page of a relation for each of many owners. */
export async function relatedLists(
  on: Statements,
  tenantId: string,
  name: RelationName,
  ownerIds: readonly string[],
  query: RelatedQuery,
): Promise<Map<string, RelatedRow[]>> {
  const { descending, from, isBackward = false } = query;
  const parts = await prepared(on, tenantId, query.parts);
  const key: SortKey | undefined =
    descending === undefined ? undefined : { expression: sql`found.ordered_by`, descending, isNullable: true };
  const order = inOrder(key, isBackward);
  const chosen = sql`
    select relation.id, relation.type, found.ordered_by::text as ordered_by, row_number() over (order by ${order}) as place from ${found(name, tenantId, sql`owners.id`, parts)}
    where ${from ? sql`(${sql.join(beyond(key, from, isBackward), sql` or `)})` : sql`true`} order by ${order} limit ${literal(query.limit)}`;
  const rows = await on.run(
    asSearch(sql<{ id: string; related: unknown }>`${sql.raw(PLANNED_ANEW)}
    select owners.id, ${elementsJson(name, tenantId, chosen, { more: sql`, element.ordered_by as "orderedBy"` })} as related from unnest(${[...ownerIds]}::uuid[]) as owners (id)`),
  );
  return new Map(rows.map(({ id, related }) => [id, isBackward ? toRelated(name, related).toReversed() : toRelated(name, related)]));
}

/** How many elements the filters find, for each of many owners. */
export async function countRelatedLists(
  on: Statements,
  tenantId: string,
  name: RelationName,
  ownerIds: readonly string[],
  asked: readonly RelatedPart[],
): Promise<Map<string, number>> {
  const parts = await prepared(
    on,
    tenantId,
    asked.map(({ table, filter }) => ({ table, filter })),
  );
  const rows = await on.run(
    asSearch(sql<{ id: string; total: string }>`${sql.raw(PLANNED_ANEW)}
    select owners.id, (select count(*) from ${found(name, tenantId, sql`owners.id`, parts)}) as total from unnest(${[...ownerIds]}::uuid[]) as owners (id)`),
  );
  return new Map(rows.map(({ id, total }) => [id, Number(total)]));
}
