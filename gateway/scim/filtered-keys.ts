/** Keys with a filter in them in the body of a POST or PUT: what they say of the elements that the body has, as a PATCH without a path. */
import type { Json } from '../../schema/change.js';
import type { Comparing } from '../../schema/comparison-budget.js';
import { added, describedElement, withPrimaryOf } from '../../schema/element-edits.js';
import { elementMatcher } from '../../schema/match.js';
import type { AttributeRef, Filter } from '../../schema/tree.js';
import { isList, isObject, singleOf } from './dialects.js';
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
  const elements = attribute.multiValued ? (isList(held) ? held : []) : [held ?? {}];
  const matches = elementMatcher(filter, comparing);
  const isMeant = elements.map((element) => matches(isObject(element) ? element : { value: element }));
  if (isMeant.includes(true)) {
    const edited = elements.map((element, at) => (isMeant[at] ? edit(element) : element));
    return valueOf(
      path,
      withPrimaryOf(
        attribute,
        edited.filter((_, at) => isMeant[at]),
        edited,
      ),
    );
  }
  const described = describedElement(filter);
  return described && valueOf(path, added(attribute, attribute.multiValued ? elements : [], [edit(described)], comparing));
}

const valueOf = ({ attribute }: FilteredRef, elements: readonly Json[]): Json | undefined =>
  attribute.multiValued ? elements : elements[0];

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
