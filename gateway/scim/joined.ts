/** Members of whom no more is said than their ids, as one text for the core: of 100,000 a list takes several times as long to write, to read and to check. */
import type { Change, Json, JsonObject } from '../../schema/change.js';
import { relationOf, type ResourceType, writesRelation } from '../../schema/resources.js';
import { isList } from './dialects.js';

/** The ids with a comma between each two; undefined where more is said of one of them, where one has a comma, and where there are none. */
function joined(members: Json | undefined): string | undefined {
  if (!isList(members) || members.length === 0) return undefined;
  for (const member of members) if (typeof member !== 'string' || member.includes(',')) return undefined;
  return (members as readonly string[]).join(',');
}

/** A resource with its members as one text, where they can be that. */
export function withMembersJoined(type: ResourceType, resource: JsonObject): JsonObject {
  const { [relationOf(type).name]: members, ...others } = resource;
  const joinedMemberIds = writesRelation(type) ? joined(members) : undefined;
  return joinedMemberIds === undefined ? resource : { ...others, joinedMemberIds };
}

/** The same of a change. */
export function withValueJoined(type: ResourceType, change: Change): Change {
  const { value, ...others } = change;
  const joinedMemberIds = writesRelation(type) && change.path === relationOf(type).name ? joined(value) : undefined;
  return joinedMemberIds === undefined ? change : { ...others, joinedMemberIds };
}
