/**
 * A filter tree becomes a WHERE condition; nothing is evaluated outside of the database. SQL's third truth value is kept out by
 * pushing `not` down to the comparisons, where a negated condition becomes `(…) is not true`.
 */
import { type RawBuilder, sql } from 'kysely';
import type { JsonObject } from '../../../schema/change.js';
import { fold } from '../../../schema/fold.js';
import type { AttributeRef, Comparison, Filter, Literal } from '../../../schema/tree.js';
import { type Condition, isMultiValued, jsonPath, valuesOf } from './attribute-sql.js';
import type { ResourceTable } from './columns.js';

type Compare = Extract<Filter, { kind: 'compare' }>;
type Element = Extract<Filter, { kind: 'element' }>;

/** What is being filtered: rows of a table, or, inside brackets, the elements of one of its attributes. */
interface Scope {
  readonly table: ResourceTable;
  /** Set inside brackets: how a sub-attribute of the element is read. */
  readonly element?: (target: AttributeRef) => Condition;
}

const likePattern = (text: string) => text.replace(/[\\%_]/g, (wildcard) => `\\${wildcard}`);

const orderings: Readonly<Partial<Record<Comparison, RawBuilder<unknown>>>> = {
  gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=`,
};

function literalOf(target: AttributeRef, value: Literal): Literal {
  const attribute = target.sub ?? target.attribute;
  const caseless = attribute.type === 'string' && !attribute.caseExact;
  return caseless && typeof value === 'string' ? fold(value) : value;
}

function compareOne(read: Condition, operator: Comparison, value: Literal): RawBuilder<unknown> {
  const { expression, cast } = read;
  if (value === null) return operator === 'eq' ? sql`${expression} is null` : sql`${expression} is not null`;
  const literal = read.literal ? read.literal(value) : sql`${value}${cast}`;
  if (literal === undefined) return operator === 'ne' ? sql`true` : sql`false`; // not a value this column can hold
  if (operator === 'eq') return sql`${expression} = ${literal}`;
  if (operator === 'ne') return sql`${expression} is distinct from ${literal}`;
  const ordering = orderings[operator];
  if (ordering) return sql`${expression} ${ordering} ${literal}`;
  const pattern = likePattern(String(value));
  const like = operator === 'sw' ? `${pattern}%` : operator === 'ew' ? `%${pattern}` : `%${pattern}%`;
  return sql`${read.text ?? expression} like ${like}`;
}

/** `emails.value eq "x"` as a containment, which one index on the folded document answers for every attribute. */
function containment(target: AttributeRef, elements: JsonObject): RawBuilder<unknown> {
  const list = { [target.attribute.name]: [elements] };
  return sql`folded @> ${JSON.stringify(target.extension ? { [target.extension.id]: list } : list)}::jsonb`;
}

/** The element that a conjunction of `eq` describes; undefined for any other filter. */
function describedElement(filter: Filter): JsonObject | undefined {
  if (filter.kind === 'and') {
    const parts = filter.terms.map(describedElement);
    const names = parts.flatMap((part) => (part ? Object.keys(part) : []));
    if (parts.includes(undefined) || new Set(names).size !== names.length) return undefined; // one element cannot have two types
    return Object.assign({}, ...parts) as JsonObject;
  }
  if (filter.kind !== 'compare' || filter.operator !== 'eq' || filter.value === null || !filter.target.sub) return undefined;
  return { [filter.target.sub.name]: literalOf(filter.target, filter.value) };
}

function exists(scope: Scope, target: AttributeRef, condition: (element: Scope) => RawBuilder<unknown>): RawBuilder<unknown> {
  const values = valuesOf(scope.table, target);
  return sql`exists (select 1 from ${values.rows} where ${condition({ table: scope.table, element: values.read })})`;
}

function compare(scope: Scope, { target, operator, value }: Compare): RawBuilder<unknown> {
  const literal = literalOf(target, value);
  if (scope.element) return compareOne(scope.element(target), operator, literal);
  if (!isMultiValued(target)) return compareOne(jsonPath(scope.table, target), operator, literal);
  const anyValue = exists(scope, target, (element) => compareOne(element.element!(target), operator, literal));
  if (operator === 'eq' && literal === null) return sql`not ${present({ table: scope.table }, target)}`;
  if (operator === 'eq' && target.sub && !target.attribute.isRelation) return containment(target, { [target.sub.name]: literal });
  // No value at all is different from the literal, too.
  return operator === 'ne' && literal !== null ? sql`(${anyValue} or not ${present({ table: scope.table }, target)})` : anyValue;
}

function present(scope: Scope, target: AttributeRef): RawBuilder<unknown> {
  if (scope.element) return sql`${scope.element(target).expression} is not null`;
  if (!isMultiValued(target)) return sql`${jsonPath(scope.table, target).expression} is not null`;
  return exists(scope, target, (element) => (target.sub ? sql`${element.element!(target).expression} is not null` : sql`true`));
}

function element(scope: Scope, { target, filter }: Element): RawBuilder<unknown> {
  if (!target.attribute.multiValued) {
    return condition({ table: scope.table, element: (inner) => jsonPath(scope.table, inner) }, filter, false);
  }
  const described = target.attribute.isRelation ? undefined : describedElement(filter);
  return described ? containment(target, described) : exists(scope, target, (inside) => condition(inside, filter, false));
}

function leaf(scope: Scope, filter: Exclude<Filter, { kind: 'not' | 'and' | 'or' | 'constant' }>): RawBuilder<unknown> {
  switch (filter.kind) {
    case 'compare': return compare(scope, filter);
    case 'present': return present(scope, filter.target);
    case 'element': return element(scope, filter);
  }
}

function condition(scope: Scope, filter: Filter, negated: boolean): RawBuilder<unknown> {
  switch (filter.kind) {
    case 'not': return condition(scope, filter.term, !negated);
    case 'constant': return filter.holds === negated ? sql`false` : sql`true`;
    case 'and':
    case 'or': {
      const joint = (filter.kind === 'and') === negated ? sql` or ` : sql` and `;
      return sql`(${sql.join(filter.terms.map((term) => condition(scope, term, negated)), joint)})`;
    }
    default: return negated ? sql`(${leaf(scope, filter)}) is not true` : leaf(scope, filter);
  }
}

/** The elements of an attribute as rows named `element`, and the condition on them that a filter in brackets describes. */
export function elementsMatching(table: ResourceTable, target: AttributeRef, filter: Filter): { rows: RawBuilder<unknown>; condition: RawBuilder<unknown> } {
  const values = valuesOf(table, target);
  return { rows: values.rows, condition: condition({ table, element: values.read }, filter, false) };
}

/** The condition on a row of the table (under its own name) that the filter describes. */
export const toCondition = (table: ResourceTable, filter: Filter): RawBuilder<unknown> => condition({ table }, filter, false);
