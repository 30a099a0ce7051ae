/** Reading rows of users and groups: each function is one statement. */
import { asLookUp, prepare, type RawBuilder, sql } from '../query/sql.js';
import { fold } from '../../../../schema/fold.js';
import { oncePer, oncePerPair } from '../../../../schema/once-per.js';
import { columnList, type Wanted } from '../query/column-list.js';
import { type RelatedRow, relatedJson, type RelationName, toRelated } from '../members/related-rows.js';
import { type ResourceRow, type ResourceTable, toRow } from '../query/columns.js';
import type { Statements } from '../connection/database.js';

type Answer = Record<string, unknown>;

/** Whether the row is at the version asked for, if one was. */
export const isVersion = (ifVersion: number | undefined, version: RawBuilder<unknown> = sql`version`): RawBuilder<unknown> =>
  sql`(${ifVersion ?? null}::integer is null or ${version} = ${ifVersion ?? null}::integer)`;

/** The first elements of a relation, to be read along with the row in the same statement. */
export interface WithRelated {
  readonly name: RelationName;
  readonly limit: number;
  /** What is read of the other resources, where the relation reads them. */
  readonly wanted?: Wanted;
}

/** What is read of a row, and along with it. */
export interface Along {
  readonly related?: WithRelated | undefined;
  readonly wanted?: Wanted;
}

/** How a SELECT is a page of a list. */
interface Paged {
  /** More columns. */
  readonly more?: RawBuilder<unknown>;
  /** ORDER BY and LIMIT. */
  readonly page?: RawBuilder<unknown>;
  /** Whether one plan is good for every tenant. */
  readonly isPlannedOnce?: boolean;
}

/**
 * A parameter that the planner does not look at. Where it does, a page of a large tenant seems to cost it a little less than a page of any,
 * and it plans anew at each request, which takes as long as all else.
 */
export const unseen = (id: string): RawBuilder<unknown> => sql`(select ${id}::uuid)`;

/**
 * Selects rows of the table on a condition. The rows of a page are found first: the planner takes their relations for so much work that the
 * way to the rows makes no difference to it, and would go through all of the tenant's.
 */
export function selectFrom(
  table: ResourceTable,
  tenantId: string,
  condition: RawBuilder<unknown>,
  { related, wanted }: Along = {},
  { more = sql``, page = sql``, isPlannedOnce = false }: Paged = {},
): RawBuilder<Answer> {
  const from = sql`from ${sql.table(table.table)} where tenant_id = ${isPlannedOnce ? unseen(tenantId) : sql`${tenantId}::uuid`} and ${condition} ${page}`;
  const columns = sql`${columnList(table, wanted)} ${more}`;
  if (!related) return sql<Answer>`select ${columns} ${from}`;
  const relation = relatedJson(
    related.name,
    { id: tenantId, column: sql.ref(`${table.table}.tenant_id`) },
    sql.ref(`${table.table}.id`),
    related,
  );
  return sql<Answer>`with found as materialized (select * ${from}) select ${columns}, ${relation} as related from found as ${sql.table(table.table)} ${page}`;
}

/** Reads a row that selectFrom selected. */
export const readRow = (table: ResourceTable, row: Answer, related?: WithRelated): ResourceRow & { related?: RelatedRow[] } => ({
  ...toRow(table, row),
  ...(related && { related: toRelated(related.name, row['related']) }),
});

/** Reads the row and nothing along with it. */
export const ALONE: Along = {};

const byId = oncePerPair((table: ResourceTable, along: Along) =>
  prepare<[tenantId: string, id: string], Answer>(2, (tenantId, id) => asLookUp(selectFrom(table, tenantId, sql`id = ${id}::uuid`, along))),
);

const byIdLocked = oncePer((table: ResourceTable) =>
  prepare<[tenantId: string, id: string], Answer>(
    2,
    (tenantId, id) => sql`${selectFrom(table, tenantId, sql`id = ${id}::uuid`, ALONE)} for no key update`,
  ),
);

/** The row of an id, which must be a UUID. */
export async function findRow(
  on: Statements,
  table: ResourceTable,
  tenantId: string,
  id: string,
  along = ALONE,
): Promise<ResourceRow | undefined> {
  const [row] = await on.run(byId(table, along)(tenantId, id));
  return row && readRow(table, row, along.related);
}

/** The row of an id, which must be a UUID; others are kept from changing it until the transaction ends. */
export async function lockRow(on: Statements, table: ResourceTable, tenantId: string, id: string): Promise<ResourceRow | undefined> {
  const [row] = await on.run(byIdLocked(table)(tenantId, id));
  return row && readRow(table, row);
}

/** The rows of many ids, in no order; ids that nobody has are left out. */
export async function findRows(
  on: Statements,
  table: ResourceTable,
  tenantId: string,
  ids: readonly string[],
  along: Along = {},
): Promise<ResourceRow[]> {
  const rows = await on.run(selectFrom(table, tenantId, sql`id = any(${[...ids]}::uuid[])`, along));
  return rows.map((row) => readRow(table, row, along.related));
}

/** An inactive user, and whether it has the user name that was looked for. */
export interface Leaver {
  readonly id: string;
  readonly isNamed: boolean;
}

/** The inactive users with this external id, two at most, the one of the user name first. */
export const findLeavers = (on: Statements, tenantId: string, externalId: string, userName: string): Promise<Leaver[]> =>
  on.run(sql<Leaver>`
  select id, user_name_key = ${fold(userName)} as "isNamed" from app_user
  where tenant_id = ${tenantId}::uuid and external_id = ${externalId} and not active order by 2 desc, id limit 2`);
