/**
 * Members of whom no more is said than their ids, as one text for the core: of 100,000 a list takes several times as long to write, to read
 * and to check.
 */
import type { Change, Json, JsonObject } from '../../schema/change.js';
import { relationOf, type ResourceType, writesRelation } from '../../schema/resources.js';
import { isList } from './dialects.js';

const isPlainId = (element: Json): element is string => typeof element === 'string' && !element.includes(',');

/** The ids with a comma between each two; undefined where more is said of one of them, where one has a comma, and where there are none. */
const joined = (value: Json | undefined): string | undefined =>
  isList(value) && value.length > 0 && value.every(isPlainId) ? value.join(',') : undefined;

/** A resource with its members as one text, where they can be that. */
export function withElementsJoined(type: ResourceType, resource: JsonObject): JsonObject {
  const { [relationOf(type).name]: elements, ...others } = resource;
  const joinedMemberIds = writesRelation(type) ? joined(elements) : undefined;
  return joinedMemberIds === undefined ? resource : { ...others, joinedMemberIds };
}

/** The same of a change of all of them, not of some that a filter finds. */
export function withValueJoined(type: ResourceType, change: Change): Change {
  const { value, ...others } = change;
  const joinedMemberIds = writesRelation(type) && change.path === relationOf(type).name ? joined(value) : undefined;
  return joinedMemberIds === undefined ? change : { ...others, joinedMemberIds };
}
