/** How each attribute is read in SQL: a column, or a path in the folded document. */
import { type RawBuilder, sql } from './sql.js';
import type { Attribute } from '../../../../schema/attribute.js';
import { Failure } from '../../../../schema/failure.js';
import type { AttributeRef, Literal } from '../../../../schema/tree.js';
import type { ResourceTable } from './columns.js';
import { isUuid } from '../resources/uuid.js';

/** Something to compare: an expression, and how a literal becomes a value of its type. */
export interface Condition {
  readonly expression: RawBuilder<unknown>;
  readonly cast: RawBuilder<unknown>;
  /**
   * The expression as text, where it is not text itself: for `co`, `sw`, `ew`, and for what is before or after a literal that no value can
   * equal.
   */
  readonly text?: RawBuilder<unknown>;
  /** Answers undefined for a literal that no value can equal. */
  readonly literal?: (value: Literal) => RawBuilder<unknown> | undefined;
  /** Whether the row's `search_text` holds the value. */
  readonly isSearchable?: boolean;
  /** Whether an index is ordered by it: then what begins with a text is a range. */
  readonly isSorted?: boolean;
}

const none = sql``;
/** As PostgreSQL writes numbers of a document. */
const NUMBER = '^-?\\d+(\\.\\d+)?$';
export const asText = (expression: RawBuilder<unknown>): Condition => ({ expression: sql`(${expression}) collate "C"`, cast: sql`::text` });
const asTime = (expression: RawBuilder<unknown>): Condition => ({ expression, cast: sql`::timestamptz` });
/** As a UUID an id has the order of its text, and the index. */
export const asUuid = (expression: RawBuilder<unknown>): Condition => ({
  expression,
  cast: none,
  text: sql`(${expression}::text) collate "C"`,
  literal: (value) => (isUuid(String(value)) ? sql`${value}::uuid` : undefined),
});

const nameOf = (target: AttributeRef) => (target.sub ? `${target.attribute.name}.${target.sub.name}` : target.attribute.name);

export const refuse = (target: AttributeRef): never => {
  throw new Failure('INVALID_FILTER', { detail: `"${nameOf(target)}" is made when it is shown and cannot be filtered or sorted by.` });
};

/** Whether the attribute holds many values: then a condition is about any one of them. */
export const isMultiValued = (target: AttributeRef): boolean => target.attribute.multiValued;

/** Common attributes are columns of every table (RFC 7643, section 3.1). */
function metaColumn(table: ResourceTable, target: AttributeRef): Condition {
  if (target.sub?.name === 'created') return asTime(sql`created_at`);
  if (target.sub?.name === 'lastModified') return asTime(sql`updated_at`);
  if (target.sub?.name === 'version') return asText(sql`'W/"' || version || '"'`);
  if (target.sub?.name === 'resourceType') return asText(sql`${table.type.name}::text`);
  return refuse(target);
}

/** Reads an attribute, or its sub-attribute, out of what contains it. */
export function typed(target: AttributeRef, container: RawBuilder<unknown>): Condition {
  const attribute = target.sub ?? target.attribute;
  if (attribute.name === '$ref') return refuse(target);
  return typedValue(attribute, sql`(${container} ->> ${attribute.name})`);
}

/**
 * A value of the document, which is text there, as a value of its attribute's type. An attribute of a tenant's own may have been declared
 * anew: what was kept as something else is no value of it, and must not fail the search.
 */
export function typedValue(attribute: Attribute, value: RawBuilder<unknown>): Condition {
  if (attribute.type === 'boolean') {
    return { expression: sql`(case ${value} when 'true' then true when 'false' then false end)`, cast: sql`::boolean` };
  }
  if (attribute.type === 'integer' || attribute.type === 'decimal') {
    return { expression: sql`(case when ${value} ~ ${sql.lit(NUMBER)} then ${value}::numeric end)`, cast: sql`::numeric` };
  }
  return { ...asText(value), isSearchable: true };
}

/** The column of a top-level attribute, where it has one of its own. */
export const columnOf = (table: ResourceTable, { attribute, extension }: AttributeRef) =>
  extension ? undefined : table.columns.find((candidate) => candidate.attribute === attribute.name);

/** Reads a single-valued attribute of a row. */
export function jsonPath(table: ResourceTable, target: AttributeRef): Condition {
  const { attribute, sub, extension } = target;
  if (!extension) {
    if (attribute.name === 'id') return asUuid(sql`id`);
    if (attribute.name === 'meta') return sub ? metaColumn(table, target) : { expression: sql`created_at`, cast: none };
    const column = columnOf(table, target);
    if (column) {
      const expression = sql.ref(`${table.table}.${column.keyColumn ?? column.column}`);
      return attribute.type === 'boolean'
        ? { expression, cast: sql`::boolean` }
        : { expression, cast: sql`::text`, isSearchable: true, isSorted: true };
    }
  }
  const top = extension ? sql`folded -> ${extension.id}` : sql`folded`;
  // A complex attribute without a sub-attribute is only ever asked whether it is there.
  return sub ? typed(target, sql`(${top} -> ${attribute.name})`) : typed(target, sql`(${top})`);
}
