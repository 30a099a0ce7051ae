/** What differs between two states of a resource as SCIM shows them, attribute by attribute. */
import type { Json, JsonObject } from '../../schema/change.js';
import { heldIn, isObject, isSame } from '../../schema/held.js';
import type { ResourceType } from '../../schema/resources.js';

/** What is at the path afterwards; undefined where nothing is. */
export interface Difference {
  readonly path: string;
  readonly value: Json | undefined;
}

/** What every resource has, and nobody writes. */
const COMMON = ['schemas', 'id', 'meta'];

const namesIn = (...objects: readonly (JsonObject | undefined)[]): string[] => [
  ...new Set(objects.flatMap((object) => Object.keys(object ?? {}))),
];

/** By the paths of RFC 7644, section 3.10. */
export function differences(before: JsonObject, after: JsonObject, type: ResourceType): Difference[] {
  const urns = new Set(type.extensions.map(({ id }) => id));
  return namesIn(before, after)
    .filter((name) => !COMMON.includes(name))
    .flatMap((name) => {
      const [was, is] = [heldIn(before, name), heldIn(after, name)];
      return urns.has(name) ? ofParts(`${name}:`, objectOf(was), objectOf(is)) : ofValue(name, was, is);
    });
}

const objectOf = (value: Json | undefined): JsonObject | undefined => (isObject(value) ? value : undefined);

const ofParts = (prefix: string, before: JsonObject | undefined, after: JsonObject | undefined): Difference[] =>
  namesIn(before, after).flatMap((name) => ofValue(prefix + name, heldIn(before, name), heldIn(after, name)));

/** RFC 7644, section 3.5.2.3: to replace a complex value replaces the parts that are named; so a part that is gone is removed by itself. */
function ofValue(path: string, before: Json | undefined, after: Json | undefined): Difference[] {
  if (isSame(before, after)) return [];
  return isObject(before) && isObject(after) ? ofParts(`${path}.`, before, after) : [{ path, value: after }];
}
