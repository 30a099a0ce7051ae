/** What the values of attributes show. */
import type { Attribute } from '../../schema/attribute.js';
import type { Json, JsonObject } from '../../schema/change.js';
import type { Habit } from '../../schema/habits.js';
import { findAttribute, type ResourceType } from '../../schema/resources.js';
import { bareOf, isList, isNothing, isObject, listOf, singleOf } from './dialects.js';
import { packedIn } from './packed-values.js';
import { subAttributesOf } from './values.js';

/** A request being looked at, and the habits seen so far. */
export interface Look {
  readonly type: ResourceType;
  readonly seen: Set<Habit>;
}

const MOST_ELEMENTS = 5;
const MOST_PARTS = 20;

/** The value of an attribute; undefined shows nothing. */
export function lookAtValue(look: Look, attribute: Attribute, value: Json | undefined): void {
  if (value === undefined) return;
  if (isNothing(value)) return lookAtNothing(look, attribute, value);
  if (attribute.multiValued) return lookAtList(look, attribute, value);
  if (isList(value)) look.seen.add('LIST_FOR_OBJECT');
  lookAtOne(look, attribute, singleOf(value));
}

/** One value of an attribute, multi-valued or not. */
export function lookAtOne(look: Look, attribute: Attribute, value: Json | undefined): void {
  if (value === undefined || isList(value)) return;
  if (isNothing(value)) look.seen.add('EMPTY_VALUES');
  else if (attribute.type !== 'complex') lookAtBare(look, attribute, value);
  else if (attribute.multiValued && packedIn(isObject(value) ? value['value'] : value)) look.seen.add('JSON_IN_VALUES');
  else if (isObject(value)) lookAtParts(look, attribute, value);
  else look.seen.add(attribute.multiValued ? 'BARE_ELEMENTS' : 'BARE_MANAGER');
}

/** A group without members, a user without groups: an empty list is what the standard has for them. */
function lookAtNothing({ seen }: Look, { isRelation }: Attribute, value: Json): void {
  if (!(isRelation && isList(value))) seen.add('EMPTY_VALUES');
}

function lookAtList(look: Look, attribute: Attribute, value: Json): void {
  if (isObject(value)) look.seen.add('OBJECT_FOR_LIST');
  for (const element of listOf(value).slice(0, MOST_ELEMENTS)) lookAtOne(look, attribute, element);
}

function lookAtBare(look: Look, attribute: Attribute, value: Json): void {
  const bare = bareOf(value);
  if (bare !== value) look.seen.add('WRAPPED_VALUES');
  if (isNothing(bare)) look.seen.add('EMPTY_VALUES');
  else lookAtScalar(look, attribute, bare);
}

function lookAtScalar({ seen }: Look, { type }: Attribute, value: Json): void {
  if (type === 'boolean') return void (typeof value === 'string' && seen.add('TEXT_BOOLEANS'));
  if (typeof value === 'number' || typeof value === 'boolean') seen.add('NUMBERS_FOR_TEXT');
}

function lookAtParts(look: Look, attribute: Attribute, parts: JsonObject): void {
  for (const key of Object.keys(parts).slice(0, MOST_PARTS)) {
    const sub = findAttribute(subAttributesOf(attribute), key);
    if (sub && sub.name !== key) look.seen.add(key.toLowerCase() === sub.name.toLowerCase() ? 'OTHER_CASE' : 'OTHER_PART_NAMES');
    if (sub) lookAtValue(look, sub, parts[key]);
    else look.seen.add('UNKNOWN_ATTRIBUTES');
  }
}
