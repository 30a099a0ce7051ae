/** Members that filters find: those of a group, and those who are about to join it. */
import { literal, type RawBuilder, sql } from '../query/sql.js';
import type { Filter } from '../../../../schema/tree.js';
import { groupTable } from '../query/columns.js';
import type { Statements } from '../connection/database.js';
import { toElementCondition } from '../query/filter-sql.js';
import { memberTables } from './member-tables.js';
import { directMembers } from '../query/relation-sql.js';
import { valuesAmong } from '../query/value-sql.js';

/** Who is looked at. */
export interface SearchedMembers {
  /** The group whose members are; none are where it is absent. */
  readonly groupId?: string | undefined;
  /** Users and groups who are, members or not. Those who are nobody are found by no filter. */
  readonly named: readonly string[];
}

/** Whoever of these there is, as the members of a group are listed. */
const among = (tenantId: string, ids: readonly string[]) =>
  sql.join(
    memberTables.map(
      ({ of: { table, type } }) =>
        sql`select id, ${sql.lit(type.name)}::text as type from ${sql.table(table)} where tenant_id = ${tenantId}::uuid and id = any(${[...ids]}::uuid[])`,
    ),
    sql` union all `,
  );

function elementsOf(tenantId: string, { groupId, named }: SearchedMembers): RawBuilder<unknown> {
  const members = groupId === undefined ? [] : [sql`(${directMembers(tenantId, sql`${groupId}::uuid`)})`];
  return sql.join([...members, ...(named.length > 0 ? [among(tenantId, named)] : [])], sql` union all `);
}

function asksForName(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.some(asksForName);
    case 'not':
      return asksForName(filter.term);
    case 'compare':
    case 'present':
      return filter.target.sub?.name === 'display';
    case 'constant':
    case 'element':
      return false;
  }
}

/**
 * Names are looked up once for all filters: the planner would look them up for each. One filter alone is for it to push down, as far as the
 * index of ids.
 */
const lookedUpOnce = (filters: readonly Filter[]): RawBuilder<unknown> =>
  filters.length > 1 && filters.some(asksForName) ? sql`offset 0` : sql``;

/**
 * Which of the conditions hold, each a bit of a number: all are asked in one go, however large the group is. Of one alone WHERE has said
 * it.
 */
const bitsOf = (conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> =>
  conditions.length === 1
    ? sql`1`
    : sql.join(
        conditions.map((condition, at) => sql`case when ${condition} then ${sql.lit(2 ** at)} else 0 end`),
        sql` | `,
      );

/**
 * The ids that each of the filters on `members` finds, up to 30 of them; undefined where all together find more than `most`. An id may come
 * more than once.
 */
export async function membersMatching(
  on: Statements,
  tenantId: string,
  searched: SearchedMembers,
  filters: readonly Filter[],
  most: number,
): Promise<string[][] | undefined> {
  if (searched.groupId === undefined && searched.named.length === 0) return filters.map(() => []);
  const values = valuesAmong(tenantId, elementsOf(tenantId, searched), lookedUpOnce(filters));
  const conditions = filters.map((filter) => toElementCondition(groupTable, tenantId, values, filter));
  const found = await on.run(sql<{ value: string; bits: number }>`
    select element.value, ${bitsOf(conditions)} as bits from ${values.rows} where ${sql.join(conditions, sql` or `)} limit ${literal(most + 1)}`);
  if (found.length > most) return undefined;
  return filters.map((_, at) => found.filter(({ bits }) => (bits & (2 ** at)) !== 0).map(({ value }) => value));
}
