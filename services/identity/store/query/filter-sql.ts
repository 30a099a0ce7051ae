/**
 * A filter tree becomes a WHERE condition; nothing is evaluated outside of the database. SQL's third truth value is kept out by
 * pushing `not` down to the comparisons, where a negated condition becomes `(…) is not true`.
 */
import { type RawBuilder, sql } from './sql.js';
import type { Json } from '../../../../schema/change.js';
import { describedElement } from '../../../../schema/element-edits.js';
import { toComparable } from '../../../../schema/fold.js';
import { lastOf } from '../../../../schema/name.js';
import type { AttributeRef, Comparison, Filter, Literal } from '../../../../schema/tree.js';
import { columnOf, type Condition, isMultiValued, jsonPath } from './attribute-sql.js';
import type { ResourceTable } from './columns.js';
import { related, type Related, relatedToAny, type Within } from './related-sql.js';
import { hasTrigram, isOfText, successor, type TextComparison, toPattern, toSearchPattern } from './text-patterns.js';
import { type Values, valuesOf } from './value-sql.js';

type Compare = Extract<Filter, { kind: 'compare' }>;
type Element = Extract<Filter, { kind: 'element' }>;
type Leaf = Extract<Filter, { kind: 'compare' | 'present' | 'element' }>;

/** What is being filtered: rows of a table, or, inside brackets, the elements of one of its attributes. */
interface Scope {
  readonly table: ResourceTable;
  readonly within: Within;
  /** Set inside brackets: how a sub-attribute of the element is read. */
  readonly element?: (target: AttributeRef) => Condition;
}

const orderings: Readonly<Partial<Record<Comparison, RawBuilder<unknown>>>> = {
  gt: sql`>`,
  ge: sql`>=`,
  lt: sql`<`,
  le: sql`<=`,
};

const literalOf = (target: AttributeRef, value: Literal): Literal => toComparable(lastOf(target), value);

function compareOne(read: Condition, operator: Comparison, value: Literal): RawBuilder<unknown> {
  const { expression, cast } = read;
  if (value === null) return operator === 'eq' ? sql`${expression} is null` : sql`${expression} is not null`;
  const literal = read.literal ? read.literal(value) : sql`${value}${cast}`;
  if (isOfText(operator)) return compareText(read, operator, String(value));
  if (operator === 'eq') return literal ? sql`${expression} = ${literal}` : sql`false`; // not a value this column can hold
  if (operator === 'ne') return literal ? sql`${expression} is distinct from ${literal}` : sql`true`;
  return literal ? sql`${expression} ${orderings[operator]!} ${literal}` : sql`${read.text} ${orderings[operator]!} ${value}::text`;
}

function compareText({ expression, text, isSorted }: Condition, operator: TextComparison, value: string): RawBuilder<unknown> {
  if (operator === 'sw' && isSorted) return beginningWith(expression, value);
  return sql`${text ?? expression} like ${toPattern(operator, value)}`;
}

/** By code point, as PostgreSQL's "C" has it, what begins with a text lies between the text and its successor: a stretch of the index. */
function beginningWith(expression: RawBuilder<unknown>, prefix: string): RawBuilder<unknown> {
  const end = successor(prefix);
  return end === undefined
    ? sql`${expression} >= ${prefix}::text`
    : sql`(${expression} >= ${prefix}::text and ${expression} < ${end}::text)`;
}

/** An attribute of the document as a containment, which one index on the folded document answers for every attribute. */
function containment({ attribute, extension }: AttributeRef, value: Json): RawBuilder<unknown> {
  const document = { [attribute.name]: value };
  return sql`folded @> ${JSON.stringify(extension ? { [extension.id]: document } : document)}::jsonb`;
}

/** The element that a filter describes, as the index has it. */
const indexedElement = (filter: Filter) => describedElement(filter, ({ target, value }) => literalOf(target, value));

function exists(scope: Scope, target: AttributeRef, condition: (element: Scope) => RawBuilder<unknown>): RawBuilder<unknown> {
  const values = valuesOf(scope.table, scope.within.tenantId, target);
  return sql`exists (select 1 from ${values.rows} where ${condition({ ...scope, element: values.read })})`;
}

/** Not for brackets: what is compared there is one of the values, and what is searched is the row's. */
function compare(scope: Scope, { target, operator, value }: Compare): RawBuilder<unknown> {
  const literal = literalOf(target, value);
  if (scope.element) return compareOne(scope.element(target), operator, literal);
  if (operator === 'eq' && literal !== null && isInProfile(scope.table, target)) return containment(target, held(target, literal));
  if (!isMultiValued(target)) return searched(jsonPath(scope.table, target), operator, literal);
  if (operator === 'eq' && literal === null) return sql`not ${present(scope, target)}`;
  if (operator === 'eq' && isRelatedId(target)) return related(scope.table, scope.within, String(literal));
  const { rows, read } = valuesOf(scope.table, scope.within.tenantId, target);
  const anyValue = searched(
    read(target),
    operator,
    literal,
    sql`exists (select 1 from ${rows} where ${compareOne(read(target), operator, literal)})`,
  );
  // No value at all is different from the literal, too.
  return operator === 'ne' && literal !== null ? sql`(${anyValue} or not ${present(scope, target)})` : anyValue;
}

/** The comparison, behind what the index of trigrams can say of it. */
function searched(
  read: Condition,
  operator: Comparison,
  literal: Literal,
  comparison = compareOne(read, operator, literal),
): RawBuilder<unknown> {
  const pattern = read.isSearchable && isOfText(operator) ? toSearchPattern(operator, String(literal)) : undefined;
  const isPlain = read.isSorted && (operator === 'sw' || !hasTrigram(String(literal))); // of a column the planner has samples
  return pattern === undefined || isPlain ? comparison : sql`(search_text like ${pattern} and ${comparison})`;
}

/** The part of a document with the value at the target: one element with it, where there may be many. */
function held({ attribute, sub }: AttributeRef, value: Json): Json {
  const element = sub ? { [sub.name]: value } : value;
  return attribute.multiValued ? [element] : element;
}

/** Whether the attribute is kept in the folded document and nowhere else. */
function isInProfile(table: ResourceTable, target: AttributeRef): boolean {
  const { attribute, sub } = target;
  const isComplex = attribute.type === 'complex';
  return (
    !['id', 'meta', 'schemas'].includes(attribute.name) &&
    !attribute.isRelation &&
    !columnOf(table, target) &&
    isComplex === (sub !== undefined) &&
    (sub ?? attribute).mutability !== 'readOnly'
  );
}

const isRelatedId = ({ attribute, sub }: AttributeRef): boolean => attribute.isRelation === true && sub?.name === 'value';

function present(scope: Scope, target: AttributeRef): RawBuilder<unknown> {
  if (scope.element) return sql`${scope.element(target).expression} is not null`;
  if (!isMultiValued(target)) return sql`${jsonPath(scope.table, target).expression} is not null`;
  return exists(scope, target, (element) => (target.sub ? sql`${element.element!(target).expression} is not null` : sql`true`));
}

function element(scope: Scope, { target, filter }: Element): RawBuilder<unknown> {
  if (!target.attribute.multiValued) return condition(scope, filter, false);
  const described = indexedElement(filter);
  if (!described) {
    return sql`(${sql.join([...patternsOf(scope.table, filter), exists(scope, target, (inside) => condition(inside, filter, false))], sql` and `)})`;
  }
  if (!target.attribute.isRelation) return containment(target, [described]);
  const { value, type, ...others } = described;
  return typeof value === 'string' && Object.keys(others).length === 0
    ? related(scope.table, scope.within, value, type as string | undefined)
    : exists(scope, target, (inside) => condition(inside, filter, false));
}

/** What must be in the search text of a row that has such an element. */
function patternsOf(table: ResourceTable, filter: Filter): RawBuilder<unknown>[] {
  if (filter.kind === 'and') return filter.terms.flatMap((term) => patternsOf(table, term));
  if (filter.kind !== 'compare' || !isOfText(filter.operator) || !isInProfile(table, filter.target)) return [];
  const pattern = toSearchPattern(filter.operator, String(literalOf(filter.target, filter.value)));
  return pattern === undefined ? [] : [sql`search_text like ${pattern}`];
}

function leaf(scope: Scope, filter: Leaf): RawBuilder<unknown> {
  switch (filter.kind) {
    case 'compare':
      return compare(scope, filter);
    case 'present':
      return present(scope, filter.target);
    case 'element':
      return element(scope, filter);
  }
}

/** The relatives that were looked up for a term, if it asks for them, or for their absence where it is denied, and nothing else. */
function soughtBy(scope: Scope, term: Filter, negated: boolean, isDenied: boolean): Related | undefined {
  if (term.kind === 'not') return soughtBy(scope, term.term, !negated, isDenied);
  return negated === isDenied ? scope.within.found.get(term) : undefined;
}

/**
 * To be in one group or in another is to be in any of them, and to be neither in one nor in another is to be in none: that is asked at
 * once.
 */
function joined(scope: Scope, terms: readonly Filter[], isOr: boolean, negated: boolean): RawBuilder<unknown> {
  const sought = terms.map((term) => soughtBy(scope, term, negated, !isOr));
  const parts = terms.filter((_, at) => !sought[at]).map((term) => condition(scope, term, negated));
  const found = sought.filter((related) => related !== undefined);
  if (found.length > 0) parts.push(relatives(scope, found, !isOr));
  return sql`(${sql.join(parts, isOr ? sql` or ` : sql` and `)})`;
}

/** EXISTS is never NULL, so it can be negated with a plain NOT, and PostgreSQL may still use an index. */
const relatives = ({ table, within }: Scope, found: readonly Related[], negated: boolean): RawBuilder<unknown> =>
  negated ? sql`not (${relatedToAny(table, within, found)})` : relatedToAny(table, within, found);

function condition(scope: Scope, filter: Filter, negated: boolean): RawBuilder<unknown> {
  const found = scope.within.found.get(filter);
  if (found) return relatives(scope, [found], negated);
  switch (filter.kind) {
    case 'not':
      return condition(scope, filter.term, !negated);
    case 'constant':
      return filter.holds === negated ? sql`false` : sql`true`;
    case 'and':
    case 'or':
      return joined(scope, filter.terms, (filter.kind === 'or') !== negated, negated);
    default:
      return negated ? sql`(${leaf(scope, filter)}) is not true` : leaf(scope, filter);
  }
}

/** The condition on one of these values that a filter in brackets describes. */
export const toElementCondition = (table: ResourceTable, tenantId: string, { read }: Values, filter: Filter): RawBuilder<unknown> =>
  condition({ table, within: { tenantId, below: new Map(), found: new Map() }, element: read }, filter, false);

/**
 * Whether the filter names one row, or a few: then there is one good plan whatever the values are. Every other statement is planned for
 * its own values.
 */
export function isLookUp(table: ResourceTable, filter: Filter): boolean {
  if (filter.kind === 'and') return filter.terms.some((term) => isLookUp(table, term));
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.value === null) return false;
  return filter.target.attribute.name === 'id' || (columnOf(table, filter.target) !== undefined && typeof filter.value === 'string');
}

/** Whether an index finds what a part of a filter describes, if not that alone. */
export function isIndexed(table: ResourceTable, filter: Leaf): boolean {
  const { target } = filter;
  if (filter.kind === 'present') return false;
  if (filter.kind === 'element') return isElementIndexed(table, filter);
  const { operator, value } = filter;
  if (operator === 'ne' || value === null) return false;
  if (isOfText(operator)) return !target.attribute.isRelation && isPatternIndexed(table, filter);
  if (target.attribute.name === 'id' || (target.attribute.name === 'meta' && lastOf(target).type === 'dateTime')) return true;
  return (
    operator === 'eq' && (isInProfile(table, target) || isRelatedId(target) || (columnOf(table, target) !== undefined && value !== true))
  );
}

function isPatternIndexed(table: ResourceTable, { target, operator, value }: Compare): boolean {
  const isSearchable = columnOf(table, target) !== undefined || isInProfile(table, target);
  return isSearchable && (hasTrigram(String(value)) || (operator === 'sw' && value !== '' && columnOf(table, target) !== undefined));
}

const isPatternWithin = (table: ResourceTable, filter: Filter): boolean =>
  filter.kind === 'and'
    ? filter.terms.some((term) => isPatternWithin(table, term))
    : filter.kind === 'compare' && isOfText(filter.operator) && isPatternIndexed(table, filter);

function isElementIndexed(table: ResourceTable, { target, filter }: Element): boolean {
  if (!target.attribute.multiValued) return false;
  const described = indexedElement(filter);
  return target.attribute.isRelation ? typeof described?.['value'] === 'string' : described !== undefined || isPatternWithin(table, filter);
}

/** The condition on a row of the table (under its own name) that the filter describes. */
export const toCondition = (table: ResourceTable, within: Within, filter: Filter): RawBuilder<unknown> =>
  condition({ table, within }, filter, false);
