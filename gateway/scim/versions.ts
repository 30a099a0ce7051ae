/** Versions as entity tags: `W/"3"` (RFC 7644, section 3.14). */
import { Failure } from '../../schema/failure.js';

const LARGEST = 2 ** 31 - 1; // GraphQL's Int

export const toTag = (version: number): string => `W/"${version}"`;

/**
 * The version that If-Match asks for; undefined for any. Weak and strong tags mean the same here: a version covers all that is written to
 * the resource. The groups of a user are written to the groups, and move no version of the user. Refuses several versions: which of them it
 * is must be asked for.
 */
export function readIfMatch(header: string | undefined): number | undefined {
  const tags = tagsOf(header);
  if (tags.length === 0 || tags.includes('*')) return undefined;
  const [version, ...others] = new Set(tags.map(numberOf));
  if (version === undefined || others.length > 0) throw new Failure('VERSION_MISMATCH');
  return version;
}

/** Whether If-Match names several versions (RFC 9110, section 13.1.1), any of which will do. */
export const namesSeveral = (header: string | undefined): boolean => new Set(tagsOf(header)).size > 1;

/** Whether a header has the tag of this version, or that of any; one that is not there has none. */
export const hasTagOf = (version: number, header: string | undefined): boolean =>
  tagsOf(header).some((tag) => tag === '*' || numberOf(tag) === version);

const tagsOf = (header = ''): string[] =>
  header
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');

function numberOf(tag: string): number | undefined {
  const [, digits] = /^(?:W\/)?"(\d{1,10})"$/i.exec(tag) ?? [];
  return digits !== undefined && Number(digits) <= LARGEST ? Number(digits) : undefined;
}
