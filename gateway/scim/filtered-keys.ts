/** Keys with a filter in them in the body of a POST or PUT: what they say of the elements that the body has, as a PATCH without a path. */
import type { Json } from '../../schema/change.js';
import type { Comparing } from '../../schema/comparison-budget.js';
import { edited, elementsOf, foundBy, withDescribed } from '../../schema/element-edits.js';
import type { AttributeRef, Filter } from '../../schema/tree.js';
import { isObject, singleOf } from './dialects.js';
import { unpackedPart } from './packed-values.js';
import { fitAttribute, fitOne } from './values.js';

export interface FilteredRef extends AttributeRef {
  readonly filter: Filter;
}

/**
 * Admins map `emails[type eq "work"].value`, and not every client makes a path of it. The value of the attribute with what is said of the
 * elements that the filter finds, or of a new one that is as it says; undefined where nothing is said of any.
 */
export function withFiltered(path: FilteredRef, held: Json | undefined, value: Json, comparing: Comparing): Json | undefined {
  const { attribute, filter } = path;
  if (attribute.isRelation) return undefined;
  const edit = editOf(path, value);
  if (!edit) return undefined;
  const elements = elementsOf(attribute, held);
  const isMeant = elements.map(foundBy(attribute, filter, comparing));
  const after = isMeant.includes(true)
    ? edited(attribute, elements, isMeant, edit)
    : withDescribed(attribute, elements, filter, edit, comparing);
  return attribute.multiValued ? after : after?.[0];
}

/** What becomes of an element; undefined where the key has no value. */
function editOf({ extension, attribute, sub }: FilteredRef, value: Json): ((element: Json) => Json) | undefined {
  const field = extension ? `${extension.id}:${attribute.name}` : attribute.name;
  const fitted = sub
    ? fitAttribute(sub, unpackedPart(attribute, sub, value), `${field}.${sub.name}`)
    : fitOne(attribute, singleOf(value), field);
  if (fitted === undefined) return undefined;
  const part = sub ? { [sub.name]: fitted } : fitted;
  return (element) => (isObject(element) && isObject(part) ? { ...element, ...part } : part);
}
