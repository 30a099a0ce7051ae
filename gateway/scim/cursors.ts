/** Cursors of lists (RFC 9865): a place in the core's order, good for the query it came from and for a limited time. */
import { Failure } from '../../schema/failure.js';
import { limits } from '../../schema/resources.js';

/** Where a page begins (`after`) or ends (`before`). */
export interface Place {
  /** The core's own cursor; empty for the very beginning or the very end of the list. */
  readonly position: string;
  readonly direction: 'after' | 'before';
}

/** Where a page stands in its list, as the operations in `schema/operations` select it. */
export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

export interface Cursors {
  readonly previousCursor?: string;
  readonly nextCursor?: string;
}

/** The cursors beside a page: their absence says that there is no page there. Times are seconds. */
export const cursorsOf = ({ hasNextPage, hasPreviousPage, startCursor, endCursor }: PageInfo, query: string, now: number): Cursors => ({
  ...(hasPreviousPage && { previousCursor: toCursor({ position: startCursor ?? '', direction: 'before' }, query, now) }),
  ...(hasNextPage && { nextCursor: toCursor({ position: endCursor ?? '', direction: 'after' }, query, now) }),
});

/** Base64url is made of unreserved characters only, as the RFC wants it. */
export const toCursor = ({ position, direction }: Place, query: string, now: number): string =>
  Buffer.from(JSON.stringify([position, direction, now, digestOf(query)])).toString('base64url');

/** The place of a cursor; throws INVALID_CURSOR where it is none of ours or of another query, EXPIRED_CURSOR where it is too old. */
export function readCursor(cursor: string, query: string, now: number): Place {
  const [position, direction, issued, digest] = partsOf(cursor);
  if (typeof position !== 'string' || (direction !== 'after' && direction !== 'before') || typeof issued !== 'number') {
    throw refused('INVALID_CURSOR', 'is not one that was answered here; send it as it came, or begin anew with an empty one');
  }
  if (digest !== digestOf(query)) {
    throw refused(
      'INVALID_CURSOR',
      'is of another query; repeat the address, the filter and the order of the first page, or begin anew with an empty one',
    );
  }
  if (now - issued > limits.cursorSeconds) {
    throw refused('EXPIRED_CURSOR', `is older than ${limits.cursorSeconds} seconds; begin anew with an empty one`);
  }
  return { position, direction };
}

function partsOf(cursor: string): readonly unknown[] {
  if (!/^[\w-]+$/.test(cursor)) return [];
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

/**
 * FNV-1a of 32 bits. It tells queries apart and keeps out no forger: a cursor of one's own making only names another place in a list of
 * the tenant that the token is of.
 */
function digestOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

const refused = (code: 'INVALID_CURSOR' | 'EXPIRED_CURSOR', sentence: string): Failure =>
  new Failure(code, { detail: `The cursor ${sentence}.`, field: 'cursor' });
