/** Keys of JSON objects and names in query parameters -> declared attributes; what names nothing is undefined, never an error. */
import { Failure } from '../../schema/failure.js';
import { parsePath } from '../../schema/path.js';
import { coreAttributes, findAttribute, type ResourceType, resourceTypes } from '../../schema/resources.js';
import type { Path } from '../../schema/tree.js';

const topOf = new Map(resourceTypes.map((type) => [type.name, coreAttributes(type)]));

/** What a key stands for: `attribute`, `attribute.sub`, `URN:attribute`, the URN of an extension, a value path. In any case. */
export function resolveKey(type: ResourceType, key: string): Path | undefined {
  const attribute = findAttribute(topOf.get(type.name) ?? [], key);
  if (attribute) return { kind: 'attribute', attribute };
  try {
    return parsePath(type, key);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
