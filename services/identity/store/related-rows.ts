/** Relations, read in pages: the members of groups, the groups of users. */
import { type RawBuilder, sql } from 'kysely';
import { groupTable, type ResourceRow, type ResourceTable, toRow, userTable } from './columns.js';
import type { Statements } from './database.js';

/** One element of a relation: a member of a group, or a group of a user. */
export interface RelatedRow {
  readonly id: string;
  readonly display: string;
  /** The other resource, where the relation reads it whole (a user's groups; not a group's members, of whom there may be many). */
  readonly resource?: ResourceRow;
}

export interface RelationPage {
  readonly after?: string | undefined;
  readonly limit: number;
}

interface Relation {
  readonly owner: RawBuilder<unknown>;
  readonly related: RawBuilder<unknown>;
  readonly table: ResourceTable;
  readonly display: RawBuilder<unknown>;
  readonly isWhole: boolean;
}

const relations = {
  members: { owner: sql`group_id`, related: sql`user_id`, table: userTable, display: sql`coalesce(display_name, user_name)`, isWhole: false },
  groups: { owner: sql`user_id`, related: sql`group_id`, table: groupTable, display: sql`display_name`, isWhole: true },
} as const satisfies Record<string, Relation>;

export type RelationName = keyof typeof relations;

/**
 * A whole number written into the statement. With LIMIT as a parameter PostgreSQL takes a plan made for any number to be dearer than one
 * made anew, and plans the prepared statement again at every request.
 */
export const literal = (count: number): RawBuilder<unknown> => sql.raw(String(Math.trunc(count)));

/** A page of the relation of one owner, as a JSON list: `id`, `display`, and the whole row where the relation has it. */
export function relatedJson(name: RelationName, tenantId: string, ownerId: RawBuilder<unknown>, page: RelationPage): RawBuilder<unknown> {
  const { owner, related, table, display, isWhole }: Relation = relations[name];
  const after = page.after ? sql`and membership.${related} > ${page.after}::uuid` : sql``;
  const other = sql.table(table.table);
  return sql`(select coalesce(jsonb_agg(to_jsonb(page)), '[]') from (
    select ${related} as related_id, ${display} as display ${isWhole ? sql`, ${other}.*` : sql``} from membership
    join ${other} on ${other}.tenant_id = membership.tenant_id and ${other}.id = membership.${related}
    where membership.tenant_id = ${tenantId}::uuid and membership.${owner} = ${ownerId} ${after}
    order by membership.${related} limit ${literal(page.limit)}
  ) as page)`;
}

/** Reads what relatedJson selected. */
export const toRelated = (name: RelationName, list: unknown): RelatedRow[] => {
  const { table, isWhole }: Relation = relations[name];
  return (list as Record<string, unknown>[]).map((row) => ({
    id: row['related_id'] as string, display: row['display'] as string, ...(isWhole && { resource: toRow(table, row) }),
  }));
};

/** A page of a relation for each of many owners, in one statement. */
export async function relatedRows(
  on: Statements, tenantId: string, name: RelationName, ownerIds: readonly string[], page: RelationPage,
): Promise<Map<string, RelatedRow[]>> {
  const rows = await on.run(sql<{ id: string; related: unknown }>`
    select owners.id, ${relatedJson(name, tenantId, sql`owners.id`, page)} as related from unnest(${[...ownerIds]}::uuid[]) as owners (id)`);
  return new Map(rows.map(({ id, related }) => [id, toRelated(name, related)]));
}

/** How many elements the relation has, for each of many owners. */
export async function countRelated(on: Statements, tenantId: string, name: RelationName, ownerIds: readonly string[]): Promise<Map<string, number>> {
  const { owner } = relations[name];
  const rows = await on.run(sql<{ id: string; total: string }>`
    select ${owner} as id, count(*) as total from membership
    where tenant_id = ${tenantId}::uuid and ${owner} = any(${[...ownerIds]}::uuid[]) group by ${owner}`);
  return new Map(rows.map(({ id, total }) => [id, Number(total)]));
}
