/** Paths of PATCH and plain attribute names (RFC 7644, figure 7), bound to declared attributes. */
import { Failure } from './failure.js';
import { parseBrackets } from './filter.js';
import { bindName, bindSub } from './name.js';
import { recentlyRead } from './recently-read.js';
import { findSchema, type ResourceType } from './resources.js';
import { peek, type Reader, refusal, startReading, take, takeKind, unexpected } from './scan.js';
import type { AttributeRef, Path } from './tree.js';

export { formatFilter, formatPath, formatRef } from './format.js';

const refuse = refusal('INVALID_PATH', 'path');

/**
 * Reads `[urn:]attribute[filter][.sub]` or the URN of an extension, or throws INVALID_PATH, for brackets that cannot be read
 * INVALID_FILTER, with the position in the path.
 */
export const parsePath = (type: ResourceType, text: string): Path => (text.includes('[') ? readPath(type, text) : readPlain(type, text));

/** The same; undefined where it cannot be read, or names nothing. */
export function findPath(type: ResourceType, text: string): Path | undefined {
  try {
    return parsePath(type, text);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** What is in brackets is mostly a value, which nobody names again. */
const readPlain = recentlyRead(readPath);

function readPath(type: ResourceType, text: string): Path {
  const reader = startReading(text, 'path', refuse);
  const word = takeKind(reader, 'word', 'the name of an attribute', refuse);
  const schema = findSchema(type, word.text);
  if (schema && schema !== type.schema && peek(reader).kind === 'end') return { kind: 'extension', extension: schema };
  const ref = bindName(type, word, refuse);
  return peek(reader).kind === '[' ? parseElements(reader, type, ref) : { kind: 'attribute', ...ended(reader, ref) };
}

/** Reads the name of an attribute or a sub-attribute and nothing else, as in `sortBy`; INVALID_PATH otherwise. */
export function parseAttributeRef(type: ResourceType, text: string): AttributeRef {
  const reader = startReading(text, 'path', refuse);
  return ended(reader, bindName(type, takeKind(reader, 'word', 'the name of an attribute', refuse), refuse));
}

function parseElements(reader: Reader, type: ResourceType, owner: AttributeRef): Path {
  const filter = parseBrackets(reader, type, owner, refuse);
  const { kind, text, at } = peek(reader);
  if (kind !== 'word') return { kind: 'attribute', ...ended(reader, owner), filter };
  if (!text.startsWith('.')) throw unexpected(reader, '"." and a sub-attribute, or the end', refuse);
  take(reader);
  return { kind: 'attribute', ...ended(reader, bindSub(owner, text.slice(1), at + 1, refuse)), filter };
}

function ended(reader: Reader, ref: AttributeRef): AttributeRef {
  takeKind(reader, 'end', 'the end', refuse);
  return ref;
}
