/** Relations, read in pages: the members of groups, the groups of users; as they were made, or through groups in groups as well. */
import { literal, type RawBuilder, sql } from '../query/sql.js';
import { columnList, type Wanted } from '../query/column-list.js';
import { groupTable, type ResourceRow, type ResourceTable, toRow } from '../query/columns.js';
import type { Statements } from '../connection/database.js';
import { allGroups, directGroups, directMembers, nameOf, of, type Stretch, type Tenant, usersBelow } from '../query/relation-sql.js';

/** One element of a relation: a member of a group, or a group of a user. */
export interface RelatedRow {
  readonly id: string;
  readonly display: string;
  /** What a member is, or how the user belongs to the group. */
  readonly type: string;
  /** What the list that it was read in is ordered by, as text; absent where that is the id. */
  readonly orderedBy?: string | null;
  /** The other resource, where the relation reads it whole (a user's groups; not a group's members, of whom there may be many). */
  readonly resource?: ResourceRow;
}

export interface RelationPage extends Stretch {
  /** What is read of the other resources, where the relation reads them; all of them where absent. */
  readonly wanted?: Wanted;
}

interface Relation {
  /** The elements as `id` and `type`; those of a stretch at least, where one is given. */
  readonly elements: (tenantId: Tenant, owner: RawBuilder<unknown>, stretch?: Stretch) => RawBuilder<unknown>;
  /** The table of the other resources, where they are read whole. */
  readonly whole?: ResourceTable;
}

const relations = {
  members: { elements: directMembers },
  effectiveMembers: { elements: usersBelow },
  groups: { elements: directGroups, whole: groupTable },
  effectiveGroups: { elements: allGroups, whole: groupTable },
} as const satisfies Record<string, Relation>;

export type RelationName = keyof typeof relations;

/** A page of the relation of one owner, as a JSON list: `id`, `type`, `display`, and the whole row where the relation has it. */
export const relatedJson = (name: RelationName, tenantId: Tenant, ownerId: RawBuilder<unknown>, page: RelationPage): RawBuilder<unknown> =>
  elementsJson(
    name,
    tenantId,
    sql`
  select id, type, id as place from (${elementsOf(name, tenantId, ownerId, page)}) as relation
  where ${page.after ? sql`id > ${page.after}::uuid` : sql`true`} order by id limit ${literal(page.limit)}`,
    { wanted: page.wanted },
  );

/** All elements of the relation of one owner, or at least those of a stretch, as `id` and `type`. */
export const elementsOf = (
  name: RelationName,
  tenantId: Tenant,
  ownerId: RawBuilder<unknown>,
  stretch?: RelationPage,
): RawBuilder<unknown> => (relations[name] as Relation).elements(tenantId, ownerId, stretch);

/** What is told of each element beside its id, type and name. */
interface ElementParts {
  readonly more?: RawBuilder<unknown>;
  readonly wanted?: Wanted;
}

/**
 * The same list of chosen elements: a SELECT of `id`, `type`, their `place` in the list, and more that is to be told. It is JSON, not
 * JSONB: nobody asks PostgreSQL anything about it, and to be written once is half of the work.
 */
export function elementsJson(
  name: RelationName,
  tenantId: Tenant,
  chosen: RawBuilder<unknown>,
  { more = sql``, wanted }: ElementParts = {},
): RawBuilder<unknown> {
  const { whole }: Relation = relations[name];
  const display = whole ? sql`resource.display_name` : nameOf(tenantId, { id: sql`element.id`, type: sql`element.type` }, 'given');
  return sql`(select coalesce(json_agg(page), '[]') from (
    select element.id as ${whole ? sql`related_id` : sql`id`}, element.type, ${display} as display ${more} ${whole ? sql`, ${columnList(whole, wanted, 'resource')}` : sql``} from (${chosen}) as element
    ${whole ? wholeOf(whole, tenantId) : sql``} order by element.place
  ) as page)`;
}

/** Looked up one by one: joined, the planner would read the whole table for a page that it takes for longer than it is. */
const wholeOf = (table: ResourceTable, tenantId: Tenant) => sql`
  cross join lateral (select * from ${sql.table(table.table)} where ${of(tenantId)} and id = element.id offset 0) as resource`;

/** Reads what relatedJson selected. Without whole resources that is what is wanted already, and there may be 1,000 of it. */
export const toRelated = (name: RelationName, list: unknown): RelatedRow[] => {
  const { whole }: Relation = relations[name];
  if (!whole) return list as RelatedRow[];
  return (list as Record<string, unknown>[]).map((row) => ({
    id: row['related_id'] as string,
    type: row['type'] as string,
    display: row['display'] as string,
    orderedBy: (row['orderedBy'] ?? null) as string | null,
    resource: toRow(whole, row),
  }));
};

/** A page of a relation for each of many owners, in one statement. */
export async function relatedRows(
  on: Statements,
  tenantId: string,
  name: RelationName,
  ownerIds: readonly string[],
  page: RelationPage,
): Promise<Map<string, RelatedRow[]>> {
  const rows = await on.run(sql<{ id: string; related: unknown }>`
    select owners.id, ${relatedJson(name, tenantId, sql`owners.id`, page)} as related from unnest(${[...ownerIds]}::uuid[]) as owners (id)`);
  return new Map(rows.map(({ id, related }) => [id, toRelated(name, related)]));
}

/** How many elements the relation has, for each of many owners. */
export async function countRelated(
  on: Statements,
  tenantId: string,
  name: RelationName,
  ownerIds: readonly string[],
): Promise<Map<string, number>> {
  const { elements }: Relation = relations[name];
  const rows = await on.run(sql<{ id: string; total: string }>`
    select owners.id, (select count(*) from (${elements(tenantId, sql`owners.id`)}) as relation) as total from unnest(${[...ownerIds]}::uuid[]) as owners (id)`);
  return new Map(rows.map(({ id, total }) => [id, Number(total)]));
}
