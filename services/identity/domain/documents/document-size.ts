/**
 * How large a resource's document may grow. Each value has its limits, but all of them together would be tens of megabytes, and lists are
 * read a page at a time.
 */
import type { JsonObject } from '../../../../schema/change.js';
import { Failure } from '../../../../schema/failure.js';
import { limits } from '../../../../schema/resources.js';

/** A leaver's document is a character longer: that must never be what keeps somebody active. */
const lengthBut = ({ active: _, ...document }: JsonObject): number => JSON.stringify(document).length;

/**
 * The document, if it may be stored. Fails with INVALID_VALUE where it is too long; one that is too long already may stay as long, or
 * shrink.
 */
export function storable(document: JsonObject, before?: JsonObject): JsonObject {
  const { length } = JSON.stringify(document);
  if (length <= limits.documentLength || (before && lengthBut(document) <= lengthBut(before))) return document;
  throw new Failure('INVALID_VALUE', {
    detail: `The resource would have ${length} characters in JSON, and ${limits.documentLength} are the most; leave out values that are not needed.`,
  });
}
