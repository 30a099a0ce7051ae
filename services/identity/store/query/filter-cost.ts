/**
 * What a list costs where no index narrows it: then every resource of the tenant may have to be looked at. A list that would take longer
 * than a caller waits is refused before it is begun (RFC 7644, 3.12, `tooMany`), in words; identity providers repeat what fails without.
 */
import { Failure } from '../../../../schema/failure.js';
import type { Filter } from '../../../../schema/tree.js';
import { isMultiValued } from './attribute-sql.js';
import type { ResourceTable } from './columns.js';
import type { Statements } from '../connection/database.js';
import { isTimeout } from '../connection/driver-errors.js';
import { isIndexed, isLookUp } from './filter-sql.js';
import { isOrderIndexed, type Order } from './keyset.js';
import type { Within } from './related-sql.js';
import { countAll } from '../resources/resource-counts.js';

/** Microseconds for a row, as measured with a hundred thousand: a value, one of many values, the groups or members by name. */
const VALUE = 0.2;
const VALUES = 1;
const RELATIVES = 8;
/** Relatives that have been looked up: all at once, however many terms there are for them. */
const FOUND = 0.02;
const SORTED_VALUE = 2;
const SORTED_VALUES = 6;
/** Of the five seconds that a statement may take. */
const BUDGET = 3_000_000;
const LARGE = 1_000_000;

const SENTENCE =
  'This filter or order would look at every one of too many resources. Compare with "eq", or with a text of three letters or digits at least; narrow it by "and" with something that few resources have; name fewer alternatives; or sort by another attribute, or by none.';

const tooMany = (cause?: unknown) => new Failure('TOO_MANY', { detail: SENTENCE, cause });

/** Whether an index finds what the filter describes, or a part of it that all of that is in. */
function isNarrowed(table: ResourceTable, within: Within, filter: Filter): boolean {
  if (within.found.has(filter)) return true;
  switch (filter.kind) {
    case 'and':
      return filter.terms.some((term) => isNarrowed(table, within, term));
    case 'or':
      return filter.terms.every((term) => isNarrowed(table, within, term));
    case 'not':
      return false;
    case 'constant':
      return !filter.holds;
    default:
      return isIndexed(table, filter);
  }
}

function costOfRow(within: Within, filter: Filter): number {
  if (within.found.has(filter)) return FOUND;
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.reduce((sum, term) => sum + costOfRow(within, term), 0);
    case 'not':
      return costOfRow(within, filter.term);
    case 'constant':
      return 0;
    default:
      return costOfLeaf(filter);
  }
}

function costOfLeaf(filter: Extract<Filter, { kind: 'compare' | 'present' | 'element' }>): number {
  const { attribute, sub } = filter.target;
  const isLookedUp = filter.kind === 'present' || (filter.kind === 'compare' && filter.operator === 'eq' && sub?.name === 'value');
  if (attribute.isRelation) return isLookedUp ? VALUES : RELATIVES;
  return isMultiValued(filter.target) ? VALUES : VALUE;
}

function costOfOrder(table: ResourceTable, order: Order | undefined): number {
  if (!order || isOrderIndexed(table, order)) return 0;
  return isMultiValued(order.target) ? SORTED_VALUES : SORTED_VALUE;
}

/** What describes a list, apart from whose it is. */
interface Described {
  readonly filter?: Filter | undefined;
  readonly order?: Order | undefined;
}

/** Refuses a list that would take too long: TOO_MANY. How many resources there are is asked only where a million would be too many. */
export async function refuseDearList(on: Statements, table: ResourceTable, within: Within, { filter, order }: Described): Promise<void> {
  if (filter && isNarrowed(table, within, filter)) return;
  const cost = (filter ? costOfRow(within, filter) : 0) + costOfOrder(table, order);
  if (cost * LARGE > BUDGET && cost * (await countAll(on, table, within.tenantId)) > BUDGET) throw tooMany();
}

/**
 * The same statements for a list of a caller's own description: where one takes too long all the same, the description is at fault, and not
 * the moment.
 */
export function describedBy(on: Statements, table: ResourceTable, { filter, order }: Described): Statements {
  if (filter ? isLookUp(table, filter) : !order) return on;
  return {
    run: (statement) =>
      on.run(statement).catch((error: unknown) => {
        throw isTimeout(error) ? tooMany(error) : error;
      }),
  };
}
