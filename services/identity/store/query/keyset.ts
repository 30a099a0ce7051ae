/** The order of a list and the places in it: what comes beyond a place is a stretch of an index, wherever in the list the place is. */
import { type RawBuilder, sql } from './sql.js';
import { formatRef } from '../../../../schema/format.js';
import { lastOf } from '../../../../schema/name.js';
import type { AttributeRef } from '../../../../schema/tree.js';
import { isMultiValued, jsonPath, typedValue } from './attribute-sql.js';
import type { ResourceTable } from './columns.js';

export interface Order {
  readonly target: AttributeRef;
  readonly descending: boolean;
  /** In a list of several types whose attributes of that name are of different kinds: as text the values of all can be compared. */
  readonly isAsText?: boolean;
}

/** The place in a list after which a page begins: the value ordered by, as text, and the id that breaks ties. */
export interface Position {
  readonly value: string | null;
  readonly id: string;
}

/** What rows are ordered by; the id breaks ties. */
export interface SortKey {
  readonly expression: RawBuilder<unknown>;
  readonly descending: boolean;
  readonly isNullable: boolean;
}

/** What a multi-valued attribute is ordered by: its primary value, or else its first (RFC 7644, 3.4.2.3). */
function primaryValue({ extension, attribute, sub }: AttributeRef): RawBuilder<unknown> {
  const document = extension ? sql`folded -> ${sql.lit(extension.id)}` : sql`folded`;
  const list = sql`${document} -> ${sql.lit(attribute.name)}`;
  if (attribute.type !== 'complex') return sql`${list} ->> 0`;
  return sql`coalesce(jsonb_path_query_first(${list}, '$[*] ? (@.primary == true)'), ${list} -> 0) ->> ${sql.lit(sub?.name ?? 'value')}`;
}

/** Every resource has an id and its times; and what is required, or has a default. */
const isNullable = ({ attribute, sub, extension }: AttributeRef): boolean =>
  !(['id', 'meta'].includes(attribute.name) || (!sub && !extension && (attribute.required || attribute.defaultValue !== undefined)));

/** Indexes have the order of these, whatever their direction (migrations `first`, `query-indexes`, `sorted-lists`). */
const indexed = {
  User: ['id', 'userName', 'displayName', 'externalId', 'emails.value', 'meta.created', 'meta.lastModified'],
  Group: ['id', 'displayName', 'externalId'],
};
export const isOrderIndexed = ({ type }: ResourceTable, { target }: Order): boolean => indexed[type.name].includes(formatRef(target));

const ownValue = (table: ResourceTable, target: AttributeRef): RawBuilder<unknown> =>
  isMultiValued(target) ? typedValue(lastOf(target), sql`(${primaryValue(target)})`).expression : jsonPath(table, target).expression;

const toText = (expression: RawBuilder<unknown>): RawBuilder<unknown> => sql`((${expression})::text collate "C")`;

export const toSortKey = (table: ResourceTable, { target, descending, isAsText }: Order): SortKey => ({
  expression: isAsText ? toText(ownValue(table, target)) : ownValue(table, target),
  descending,
  isNullable: isNullable(target),
});

/** What kind of values an attribute has, where those of one kind compare with each other. */
export function kindOf(target: AttributeRef): 'number' | 'boolean' | 'dateTime' | 'text' {
  const { type } = lastOf(target);
  if (type === 'integer' || type === 'decimal') return 'number';
  return type === 'boolean' || type === 'dateTime' ? type : 'text';
}

/**
 * What a row of one type is ordered by, for a list of several, in which all values must be of one type of PostgreSQL's: text, which all but
 * numbers order as (dates are written largest unit first, ids in hexadecimal), or numbers. `parts` are all that have the attribute or not.
 */
export function sharedKey(expression: RawBuilder<unknown>, parts: readonly { readonly order?: Order | undefined }[]): RawBuilder<unknown> {
  const orders = parts.flatMap(({ order }) => order ?? []);
  const isNumber = orders.length > 0 && orders.every(({ target, isAsText }) => !isAsText && kindOf(target) === 'number');
  return isNumber ? sql`(${expression})::numeric` : toText(expression);
}

/** Absent values come last in ascending order and first in descending order (RFC 7644, 3.4.2.3), as PostgreSQL has it. */
export function inOrder(key: SortKey | undefined, isBackward: boolean): RawBuilder<unknown> {
  const ids = isBackward ? sql`id desc` : sql`id`;
  if (!key) return ids;
  return key.descending === isBackward ? sql`${key.expression}, ${ids}` : sql`${key.expression} desc, ${ids}`;
}

/**
 * The conditions on rows that come beyond the position, in the order in which the rows they describe come: an index finds where each
 * begins, which one condition with "or" in it would not let it do. `idOf` makes a parameter of an id.
 */
export function beyond(
  key: SortKey | undefined,
  { value, id }: Position,
  isBackward: boolean,
  idOf = (given: string) => sql`${given}::uuid`,
): RawBuilder<unknown>[] {
  const tie = isBackward ? sql`id < ${idOf(id)}` : sql`id > ${idOf(id)}`;
  if (!key) return [tie];
  const { expression } = key;
  const isDownward = key.descending !== isBackward;
  const absent = sql`${expression} is null`;
  if (value === null) return isDownward ? [sql`${absent} and ${tie}`, sql`${expression} is not null`] : [sql`${absent} and ${tie}`];
  if (isDownward) return [sql`${expression} <= ${value} and (${expression} < ${value} or ${tie})`];
  const further = sql`${expression} >= ${value} and (${expression} > ${value} or ${tie})`;
  return key.isNullable ? [further, absent] : [further];
}

/** A page of rows in the order of their ids; backwards from its end. */
export interface IdPage {
  readonly from?: Position | undefined;
  readonly isBackward?: boolean;
  readonly limit: number;
}

/** What follows the conditions on the rows of such a list. */
export const pagedById = ({ from, isBackward = false, limit }: IdPage): RawBuilder<unknown> =>
  sql`and ${from ? beyond(undefined, from, isBackward)[0]! : sql`true`} order by ${inOrder(undefined, isBackward)} limit ${limit}::integer`;
