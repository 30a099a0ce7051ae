/** What a filter says of the groups of users, or of the members of groups, as a filter on these themselves. */
import { matchesElement } from '../../../../schema/match.js';
import { coreAttributes } from '../../../../schema/resources.js';
import type { AttributeRef, Filter } from '../../../../schema/tree.js';
import type { ResourceTable } from './columns.js';

type Compare = Extract<Filter, { kind: 'compare' }>;

const refTo = (table: ResourceTable, name: string): AttributeRef => ({
  attribute: coreAttributes(table.type).find((attribute) => attribute.name === name)!,
});

/** What is shown as the name of a user or a group (`nameOf` says the same in SQL). */
function ofDisplay(table: ResourceTable, compare: Compare): Filter {
  const display = refTo(table, 'displayName');
  if (table.type.name === 'Group') return { ...compare, target: display };
  const present: Filter = { kind: 'present', target: display };
  return {
    kind: 'or',
    terms: [
      { kind: 'and', terms: [present, { ...compare, target: display }] },
      {
        kind: 'and',
        terms: [
          { kind: 'not', term: present },
          { ...compare, target: refTo(table, 'userName') },
        ],
      },
    ],
  };
}

/**
 * The filter, which is about an element of a relation, about the users or groups that may be elements; undefined where it is about more
 * than who they are: whether somebody belongs to a group directly.
 */
export function asFilterOn(table: ResourceTable, filter: Filter): Filter | undefined {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const terms = filter.terms.map((term) => asFilterOn(table, term));
      return terms.includes(undefined) ? undefined : { kind: filter.kind, terms: terms as Filter[] };
    }
    case 'not': {
      const term = asFilterOn(table, filter.term);
      return term && { kind: 'not', term };
    }
    case 'present':
      return filter.target.sub?.name === '$ref' ? undefined : { kind: 'constant', holds: true };
    case 'compare':
      return comparedOn(table, filter);
    case 'constant':
    case 'element':
      return undefined;
  }
}

function comparedOn(table: ResourceTable, filter: Compare): Filter | undefined {
  const { sub, attribute } = filter.target;
  if (filter.value === null) return undefined;
  if (sub?.name === 'value') return { ...filter, target: refTo(table, 'id') };
  if (sub?.name === 'display') return ofDisplay(table, filter);
  const isOfMember = sub?.name === 'type' && attribute.name === 'members';
  return isOfMember ? { kind: 'constant', holds: matchesElement(filter, { type: table.type.name }) } : undefined;
}
