/** Which page of a list is asked for, checked; and the cursors that name places in it. */
import { Failure } from '../../../../schema/failure.js';
import { limits } from '../../../../schema/resources.js';
import { formatRef } from '../../../../schema/path.js';
import { isStorable, toBoolean, toNumber } from '../../../../schema/value.js';
import { type IdPage, kindOf } from '../../store/query/keyset.js';
import type { Order, Position } from '../../store/resources/resource-lists.js';
import { isUuid } from '../../store/resources/uuid.js';

/** A page as GraphQL asks for it: forwards by `first`, `after` and `offset`, or backwards by `last` and `before`. */
export interface PageRequest {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
  readonly offset?: number | null | undefined;
}

export interface Page {
  readonly size: number;
  readonly isBackward: boolean;
  readonly from: Position | undefined;
  readonly offset: number;
}

/** An order in few words, so that a cursor of one is not taken for one of another. */
export const tagOf = (order: Order | undefined): string => (order ? `${order.descending ? '-' : '+'}${formatRef(order.target)}` : '');

/** A cursor is opaque to callers: the position after which the next page begins. */
export const toCursor = ({ value, id }: Position, order: Order | undefined): string =>
  Buffer.from(JSON.stringify([value, id, tagOf(order)])).toString('base64url');

/** As PostgreSQL and we write it, in capitals or folded, of a year that both know. */
const TIMESTAMP = /^(?!0000)\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** Whether PostgreSQL can compare the value with the attribute: anybody can make up a cursor. */
function fits(value: unknown, order: Order | undefined): value is string | null {
  if (value === null) return true;
  if (typeof value !== 'string' || !order || !isStorable(value)) return false;
  if (order.isAsText) return true;
  if (formatRef(order.target) === 'id') return isUuid(value);
  switch (kindOf(order.target)) {
    case 'boolean':
      return toBoolean(value) !== undefined;
    case 'dateTime':
      return TIMESTAMP.test(value) && !Number.isNaN(Date.parse(value));
    case 'number': // also a decimal of an integer: another type may have the one and this the other
      return toNumber({ type: 'decimal' }, value) !== undefined;
    default:
      return true;
  }
}

function readCursor(cursor: string, field: string, order: Order | undefined): Position {
  try {
    const [value, id, tag] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [unknown, unknown, unknown];
    if (fits(value, order) && typeof id === 'string' && isUuid(id) && tag === tagOf(order)) return { value, id };
  } catch {
    /* refused below */
  }
  throw new Failure('INVALID_CURSOR', {
    field,
    detail: 'The cursor is not one of this list in this order; use an endCursor, startCursor or cursor exactly as it was answered.',
  });
}

const refuse = (field: string, detail: string): Failure => new Failure('INVALID_VALUE', { field, detail });

/** Page sizes and offsets outside of the limits are refused, not bent: GraphQL callers ask for what they mean. */
function checkSize(size: number, field = 'first'): number {
  if (size < 0 || size > limits.maxPageSize) throw refuse(field, `"${field}" is a number from 0 to ${limits.maxPageSize}.`);
  return size;
}

/** Which way a page is asked for, how long it may be, and the cursor it goes by. Fails with INVALID_VALUE. */
export function readDirection({ first, after, last, before, offset }: PageRequest): {
  isBackward: boolean;
  size: number;
  cursor: string | null | undefined;
  field: string;
} {
  const isBackward = (last ?? before ?? undefined) !== undefined;
  if (isBackward && (first ?? after ?? offset ?? undefined) !== undefined) {
    throw refuse('last', 'A page is asked for forwards, by "first", "after" and "offset", or backwards, by "last" and "before"; not both.');
  }
  if ((offset ?? 0) < 0) throw refuse('offset', '"offset" is a number from 0.');
  const size = isBackward ? checkSize(last ?? limits.defaultPageSize, 'last') : checkSize(first ?? limits.defaultPageSize);
  return { isBackward, size, cursor: isBackward ? before : after, field: isBackward ? 'before' : 'after' };
}

/** Reads what page is asked for; the first one, of the usual size, where nothing is said. Fails with INVALID_VALUE, INVALID_CURSOR. */
export function readPage(request: PageRequest, order: Order | undefined): Page {
  const { isBackward, size, cursor, field } = readDirection(request);
  return { size, isBackward, from: cursor ? readCursor(cursor, field, order) : undefined, offset: request.offset ?? 0 };
}

/** Whether nobody is asked for, but how many there are: then no page need be read. */
export const isForTotal = ({ size, isBackward, from }: Page): boolean => size === 0 && !isBackward && from === undefined;

/** An empty page with a known total (`first: 0`). */
export const pageOfNobody = ({ offset }: Page, total: number) => ({
  rows: [],
  cursorOf: () => '',
  hasNextPage: total > offset,
  hasPreviousPage: offset > 0,
  total: () => total,
});

/** Rows, and whether there are more on either side of them. */
export interface RowPage<Row> {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** A page out of the rows found, one more than asked for. */
export function cutPage<Row>(found: readonly Row[], { size, isBackward, from, offset }: Page): RowPage<Row> {
  const hasMore = found.length > size;
  if (isBackward) return { rows: hasMore ? found.slice(1) : found, hasNextPage: from !== undefined, hasPreviousPage: hasMore };
  return { rows: found.slice(0, size), hasNextPage: hasMore, hasPreviousPage: from !== undefined || offset > 0 };
}

/** A page of rows that come in the order of their ids; backwards they are read from its end. Fails with INVALID_VALUE, INVALID_CURSOR. */
export async function pageById<Row>(request: PageRequest, read: (page: IdPage) => Promise<Row[]>): Promise<RowPage<Row>> {
  const page = readPage(request, undefined);
  const { from, isBackward } = page;
  const rows = await read({ from, isBackward, limit: page.size + 1 });
  return cutPage(isBackward ? rows.toReversed() : rows, page);
}
