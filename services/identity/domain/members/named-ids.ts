/**
 * The ids that a request names, in their order and as often as it does. They come as a list or, as one request may name 100,000, in one
 * text with a comma between each two: that text is read, and compared with the members who are there, in a fraction of the time that as
 * many values of their own take.
 */
import { Failure } from '../../../../schema/failure.js';
import { ID_BYTES, idBytes } from '../../store/members/id-set.js';
import { isUuid } from '../../store/resources/uuid.js';

export interface NamedIds {
  readonly length: number;
  /** Each as it was named, but UUIDs in lower case. */
  list(): readonly string[];
  /** 16 bytes each; undefined where one is no UUID. */
  bytes(): Uint8Array | undefined;
}

/** The id of a member, UUIDs in lower case. Fails with INVALID_VALUE where it is none. */
export function idOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new Failure('INVALID_VALUE', { detail: 'Every member needs the id of a user or a group as its "value".', field: 'members' });
  }
  const folded = value.toLowerCase();
  return folded !== value && isUuid(value) ? folded : value;
}

/** The ids in a list. */
export const listedIds = (list: readonly string[]): NamedIds => ({
  length: list.length,
  list: () => list,
  bytes: () => {
    const bytes = idBytes(list.join(','));
    return bytes?.length === list.length * ID_BYTES ? bytes : undefined; // a comma within one of them makes more
  },
});

/** The ids in a text. */
export const idsIn = (text: string): readonly string[] => (text === '' ? [] : text.split(','));

/** The ids in a text, with a comma between each two; nobody's where it is empty. Fails with INVALID_VALUE where one of them is empty. */
export function joinedIds(text: string): NamedIds {
  const bytes = idBytes(text);
  if (!bytes) return listedIds(idsIn(text).map(idOf));
  return { length: bytes.length / ID_BYTES, list: () => idsIn(text.toLowerCase()), bytes: () => bytes };
}
