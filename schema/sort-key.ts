/** What a list may be sorted by (RFC 7644, section 3.4.2.3). */
import type { Attribute } from './attribute.js';
import { Failure } from './failure.js';
import { formatRef } from './format.js';
import { lastOf } from './name.js';
import { parseAttributeRef } from './path.js';
import type { ResourceType } from './resources.js';
import type { AttributeRef } from './tree.js';

const refuse = (target: AttributeRef, sentence: string): Failure =>
  new Failure('INVALID_PATH', { detail: `A list cannot be sorted by "${formatRef(target)}": ${sentence}.`, field: 'path' });

/** Addresses of resources are made when they are shown: no resource holds its own. */
const isMadeWhenShown = ({ attribute, sub }: AttributeRef): boolean =>
  sub?.name === '$ref' || (attribute.name === 'meta' && sub?.name === 'location');

const partsOf = (target: AttributeRef): string[] =>
  (target.attribute.subAttributes ?? [])
    .map((sub: Attribute) => ({ ...target, sub }))
    .filter((part) => !isMadeWhenShown(part))
    .map(formatRef);

/** Why a list cannot be sorted by it; undefined where it can. */
function reasonAgainst(target: AttributeRef): string | undefined {
  const { attribute, sub } = target;
  if (lastOf(target).returned === 'never') return 'it is never shown';
  if (attribute.isRelation) {
    return `a resource has any number of ${attribute.name}, and none of them is its primary one; a filter finds resources by them`;
  }
  if (attribute.name === 'schemas') return 'it names what all resources of a type have in common; sort by a value of the resource';
  if (isMadeWhenShown(target)) return `it is made when it is shown; sort by "${attribute.name === 'meta' ? 'id' : attribute.name}"`;
  if (sub?.multiValued) return 'it is a list within a value';
  if (!sub && attribute.type === 'complex') return `it has parts; sort by one of them: ${partsOf(target).join(', ')}`;
  return undefined;
}

/** A complex attribute stands for its `value`, as in filters; of many values the primary one, or else the first, counts. */
function standIn(target: AttributeRef): AttributeRef {
  const value = target.sub ? undefined : target.attribute.subAttributes?.find(({ name }) => name === 'value');
  return value ? { ...target, sub: value } : target;
}

/** The attribute, if a list can be sorted by it; INVALID_PATH with what to sort by instead otherwise. */
export function checkSortKey(target: AttributeRef): AttributeRef {
  const key = target.attribute.isRelation ? target : standIn(target);
  const reason = reasonAgainst(key);
  if (reason) throw refuse(key, reason);
  return key;
}

/** Reads what `sortBy` says. */
export const parseSortKey = (type: ResourceType, text: string): AttributeRef => checkSortKey(parseAttributeRef(type, text));
