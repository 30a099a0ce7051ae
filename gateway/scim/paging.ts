/** Which page of a list is asked for, and where the answer says it is: by index (RFC 7644, 3.4.2.4) or by cursor (RFC 9865). */
import type { FailureCode } from '../../schema/failure.js';
import { limits } from '../../schema/resources.js';
import { type Cursors, cursorsOf, type PageInfo, readCursor } from './cursors.js';
import { type Parameters, refused } from './parameters.js';

/** The page as the core is asked for it. */
export interface PageVariables {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
  /** Of a page by index and of no other. */
  readonly offset?: number;
  /** Whether the core is to say where the page stands, which costs it something: only cursors are made of it. */
  readonly cursors: boolean;
}

/** A page asked for. */
export interface PageRequest {
  readonly variables: PageVariables;
  /** Tells what the cursors beside the page will be good for; and when they are made, in seconds. */
  readonly query: () => string;
  readonly now: number;
}

/** Where the answer says that its page is. */
export type PagePlace = Cursors | { readonly startIndex: number };

const LARGEST = 2 ** 31 - 1; // GraphQL's Int

/** A client pages by the parameter it sends; without either it is by index, as for all who came before there were cursors. */
export function readPage(parameters: Parameters, query: () => string, now: number): PageVariables {
  const cursor = parameters.cursor?.trim();
  if (cursor === undefined) return indexPage(parameters);
  if (isGiven(parameters.startIndex)) throw refused('INVALID_VALUE', 'cursor', 'cannot come with "startIndex"; send one of them');
  return cursorPage(cursor, countOf(parameters, 'INVALID_COUNT'), query(), now);
}

/** Where the page is that came: the index of its first resource, or the cursors beside it. */
export function placeOf({ variables: { offset }, query, now }: PageRequest, info: PageInfo | undefined): PagePlace {
  if (offset !== undefined) return { startIndex: offset + 1 };
  return info ? cursorsOf(info, query(), now) : {};
}

const indexPage = (parameters: Parameters): PageVariables => ({
  first: countOf(parameters, 'INVALID_VALUE'),
  offset: Math.max(1, integerOf(parameters, 'startIndex', 'INVALID_VALUE') ?? 1) - 1,
  cursors: false,
});

/** A count of 0 asks for the total (RFC 9865, section 2): a cursor beside an empty page would lead a client in circles. */
function cursorPage(cursor: string, count: number, query: string, now: number): PageVariables {
  const { position, direction } = cursor === '' ? { position: '', direction: 'after' } : readCursor(cursor, query, now);
  if (count === 0) return { first: 0, cursors: false };
  if (direction === 'before') return { last: count, ...(position !== '' && { before: position }), cursors: true };
  return { first: count, ...(position !== '' && { after: position }), cursors: true };
}

/** Less than 0 is 0, more than a page may hold is as much as it may. */
const countOf = (parameters: Parameters, code: FailureCode): number =>
  Math.min(Math.max(0, integerOf(parameters, 'count', code) ?? limits.defaultPageSize), limits.maxPageSize);

/**
 * An empty text is no number given; whole numbers with a fraction of 0 exist (Python writes 100.0); one that does not fit GraphQL's Int is
 * the nearest that does.
 */
function integerOf(parameters: Parameters, name: 'startIndex' | 'count', code: FailureCode): number | undefined {
  const text = parameters[name]?.trim() ?? '';
  if (text === '') return undefined;
  if (!/^[+-]?\d+(?:\.0+)?$/.test(text)) throw refused(code, name, 'takes a whole number');
  return Math.min(Math.max(Number(text), -LARGEST), LARGEST);
}

const isGiven = (text = ''): boolean => text.trim() !== '';
