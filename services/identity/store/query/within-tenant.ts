/**
 * What must be known before a filter becomes a condition: which groups or members it names, in one statement. The planner must see which
 * they are to know how many belong to them; and to ask each row for the names of all its groups costs a thousand times as much.
 */
import { asSearch, literal, type RawBuilder, sql } from './sql.js';
import { fold } from '../../../../schema/fold.js';
import type { Filter, Literal } from '../../../../schema/tree.js';
import { groupTable, type ResourceTable } from './columns.js';
import type { Statements } from '../connection/database.js';
import { toCondition } from './filter-sql.js';
import { memberTables } from '../members/member-tables.js';
import { PLANNED_ANEW } from '../connection/preparing-client.js';
import { asFilterOn } from './related-filters.js';
import type { Related, Within } from './related-sql.js';
import { below } from './relation-sql.js';
import { isUuid } from '../resources/uuid.js';

/** Of more than so many it is quicker to ask the rows, most of which will be related to some of them. */
const MOST = 2000;

type Leaf = Extract<Filter, { kind: 'compare' | 'element' }>;

/** The parts of a filter that ask for groups or members. */
function leavesOf(filter: Filter): Leaf[] {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.flatMap(leavesOf);
    case 'not':
      return leavesOf(filter.term);
    case 'element':
    case 'compare':
      return filter.target.attribute.isRelation ? [filter] : [];
    case 'present':
    case 'constant':
      return [];
  }
}

/** The ids that a part compares groups with. */
function idsIn(filter: Filter): Literal[] {
  if (filter.kind === 'and' || filter.kind === 'or') return filter.terms.flatMap(idsIn);
  if (filter.kind === 'not') return idsIn(filter.term);
  if (filter.kind === 'element') return idsIn(filter.filter);
  return filter.kind === 'compare' && filter.target.sub?.name === 'value' && filter.operator === 'eq' ? [filter.value] : [];
}

/** Whom a part is about, as a filter on each table where they may be. */
interface Search {
  readonly leaf: Leaf;
  readonly filters: ReadonlyMap<ResourceTable, Filter>;
  /** Whether it is only about groups that users were put into themselves. */
  readonly isDirect: boolean;
}

const isTypeDirect = (filter: Filter): boolean =>
  filter.kind === 'compare' && filter.operator === 'eq' && filter.target.sub?.name === 'type' && fold(String(filter.value)) === 'direct';

/** Undefined where the part names them by id, which needs no look-up, or where it cannot be told who they are. */
function searchFor(table: ResourceTable, leaf: Leaf): Search | undefined {
  const inside = leaf.kind === 'element' ? leaf.filter : leaf;
  const isById = inside.kind === 'compare' && inside.operator === 'eq' && inside.target.sub?.name === 'value';
  const isOfNone = leaf.kind === 'compare' && (leaf.operator === 'ne' || leaf.target.sub?.name === 'type');
  if (isById || isOfNone) return undefined;
  const terms = inside.kind === 'and' ? inside.terms : [inside];
  const others = table.type.name === 'User' ? terms.filter((term) => !isTypeDirect(term)) : terms;
  if (others.length === 0) return undefined;
  const tables = table.type.name === 'User' ? [groupTable] : memberTables.map(({ of }) => of);
  const filters = tables.map((other) => [other, asFilterOn(other, { kind: 'and', terms: others })] as const);
  if (filters.some(([, filter]) => filter === undefined)) return undefined;
  return { leaf, filters: new Map(filters as [ResourceTable, Filter][]), isDirect: others.length < terms.length };
}

function idsOf(tenantId: string, other: ResourceTable, filter: Filter, isWithBelow: boolean): RawBuilder<unknown> {
  const nothing: Within = { tenantId, below: new Map(), found: new Map() };
  const ids = sql`select id from ${sql.table(other.table)} where tenant_id = ${tenantId}::uuid and ${toCondition(other, nothing, filter)} limit ${literal(MOST + 1)}`;
  return isWithBelow ? sql`${below(tenantId, sql`(${ids})`)} select id from below limit ${literal(MOST + 1)}` : ids;
}

async function lookUp(on: Statements, table: ResourceTable, tenantId: string, leaves: readonly Leaf[]): Promise<Within['found']> {
  const searches = leaves
    .flatMap((leaf) => searchFor(table, leaf) ?? [])
    .flatMap(({ leaf, filters, isDirect }) =>
      [...filters].map(([other, filter]) => ({
        leaf,
        other,
        ids: idsOf(tenantId, other, filter, table.type.name === 'User' && !isDirect),
      })),
    );
  if (searches.length === 0) return new Map();
  const selects = searches.map(({ ids }, at) => sql`select ${literal(at)} as at, array(${ids})::text[] as ids`);
  const rows = await on.run(asSearch(sql<{ at: number; ids: string[] }>`${sql.raw(PLANNED_ANEW)} ${sql.join(selects, sql` union all `)}`));
  const found = new Map<Filter, Map<ResourceTable, readonly string[]>>();
  for (const { at, ids } of rows) {
    const { leaf, other } = searches[at]!;
    found.set(leaf, new Map([...(found.get(leaf) ?? []), [other, ids]]));
  }
  const isFew = (related: Related) => [...related.values()].every(({ length }) => length <= MOST);
  return new Map([...found].filter(([, related]) => isFew(related)));
}

/** Groups in groups count as the groups around them: who is in a group is a question about all groups in it. */
async function groupsBelow(on: Statements, tenantId: string, ids: readonly string[]): Promise<Within['below']> {
  if (ids.length === 0) return new Map();
  const rows = await on.run(sql<{ id: string; groups: string[] }>`
    select id, array(${below(tenantId, sql`select named.id`)} select below.id::text from below) as groups from unnest(${[...ids]}::uuid[]) as named (id)`);
  return new Map(rows.map(({ id, groups }) => [id, groups]));
}

/** Looks up what the filter needs; a filter that asks for no groups and no members costs nothing. */
export async function withinTenant(on: Statements, table: ResourceTable, tenantId: string, filter: Filter | undefined): Promise<Within> {
  const leaves = filter ? leavesOf(filter) : [];
  if (leaves.length === 0) return { tenantId, below: new Map(), found: new Map() };
  const ids = table.type.name === 'User' ? leaves.flatMap(idsIn).map(String).filter(isUuid) : [];
  return { tenantId, below: await groupsBelow(on, tenantId, ids), found: await lookUp(on, table, tenantId, leaves) };
}
