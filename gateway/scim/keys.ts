/** Keys of JSON objects and names in query parameters -> declared attributes; what names nothing is undefined, never an error. */
import { Failure } from '../../schema/failure.js';
import { findName } from '../../schema/name.js';
import { parsePath } from '../../schema/path.js';
import { findSchema, type ResourceType } from '../../schema/resources.js';
import type { Path } from '../../schema/tree.js';

/** What a name stands for: `attribute`, `attribute.sub`, `URN:attribute`, the URN of an extension. In any case. A body may have very many names of nothing: nothing is thrown. */
export function resolveName(type: ResourceType, name: string): Path | undefined {
  const text = name.trim();
  const found = findName(type, text);
  if (found) return { kind: 'attribute', ...found };
  const schema = findSchema(type, text);
  return schema && schema !== type.schema ? { kind: 'extension', extension: schema } : undefined;
}

/** The same, and value paths as in `emails[type eq "work"].value`. These have to be read: not for more keys than there may be operations. */
export function resolveKey(type: ResourceType, key: string): Path | undefined {
  if (!key.includes('[')) return resolveName(type, key);
  try {
    return parsePath(type, key);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
