/** What a filter asks about. */
import type { Attribute } from './attribute.js';
import type { Filter } from './tree.js';

/** Whether a filter asks about the attribute, or a part of it. */
export function mentions(filter: Filter, attribute: Attribute): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.some((term) => mentions(term, attribute));
    case 'not':
      return mentions(filter.term, attribute);
    case 'constant':
      return false;
    default:
      return filter.target.attribute === attribute;
  }
}
