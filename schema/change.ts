/** The canonical change: what every dialect of PATCH becomes in the facade, and what the core applies in order in one transaction. */

/** A JSON value as it came, not yet checked against an attribute. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export type ChangeOperation = 'add' | 'replace' | 'remove';

/**
 * One change of a resource. The language is RFC 7644, section 3.5.2, with every choice made:
 * - `op` is lower-case;
 * - `path` is explicit: `[urn:]attribute[filter][.sub]`, canonical spelling, extensions always with their URN;
 * - `value` has real booleans; a list for a multi-valued attribute without a filter; never an empty string; a member of whom no more is
 *   said is its id;
 * - `add` of a value that is there already, with the same `value` and `type`, merges what is given into it; case counts where the
 *   attribute says so; one without a `type` is the first of the same `value`, where none has no type, too;
 * - `remove` of a multi-valued attribute with a list removes just those values, compared in the same way; without a value it removes all;
 *   of a single value, or of what a filter finds, with one value or a list of them, what is none of these stays;
 * - `replace` or `add` of a complex attribute, or of the elements that a filter finds, with part of an object merges that part; a part
 *   that is null goes;
 * - a filter that matches nothing creates the element from its `eq` terms on `add` and `replace`, and is no change on `remove`
 *   (Entra builds elements this way; RFC 7644 asks for `noTarget`); one that says anything else than `eq` is no change beside others that
 *   find their target, and NO_TARGET where there are none;
 * - an element that has nothing but labels (`display`, `type`, `primary`) when all changes are done goes, where its attribute declares
 *   more.
 */
export interface Change {
  readonly op: ChangeOperation;
  readonly path: string;
  readonly value?: Json;
  /**
   * Of a change of members as a whole, in place of `value`: their ids in one text, with a comma between each two. Of 100,000 it takes a
   * fraction of the time.
   */
  readonly joinedMemberIds?: string;
  /** The number, from 1, of the client's operation that this is part of, for refusals; its own place in the list where absent. */
  readonly operation?: number;
}

const LONGEST_PATH = 100;

/** A sentence about an operation of a PATCH, by its number from 1 and its path, if it has one. */
export const aboutOperation = (number: number, path: string | undefined, sentence: string): string =>
  `Operation ${number}${path ? ` (path ${JSON.stringify(path.slice(0, LONGEST_PATH).toWellFormed())})` : ''}: ${sentence}`;
