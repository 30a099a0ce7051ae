/** Trees back to text, in canonical spelling: what these print is read as the same tree. */
import type { AttributeRef, Filter, Path } from './tree.js';

/** The name of an attribute as declared: an extension's with its URN, a core one's without. */
export function formatRef({ extension, attribute, sub }: AttributeRef): string {
  return `${extension ? `${extension.id}:` : ''}${attribute.name}${sub ? `.${sub.name}` : ''}`;
}

/** The text of a filter. */
export const formatFilter = (filter: Filter): string => print(filter, formatRef);

/** The text of a path. */
export function formatPath(path: Path): string {
  if (path.kind === 'extension') return path.extension.id;
  const { filter, sub, ...owner } = path;
  if (!filter) return formatRef(path);
  return `${formatRef(owner)}[${formatElementFilter(filter)}]${sub ? `.${sub.name}` : ''}`;
}

/** Inside brackets a name is that of a sub-attribute. */
const formatElementFilter = (filter: Filter): string => print(filter, ({ attribute, sub }) => (sub ?? attribute).name);

function print(filter: Filter, name: (ref: AttributeRef) => string): string {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.terms.map((term) => printTerm(filter.kind, term, name)).join(` ${filter.kind} `);
    case 'not':
      return `not (${print(filter.term, name)})`;
    case 'constant':
      throw new Error('a filter about an attribute of another resource has no text of its own');
    case 'present':
      return `${name(filter.target)} pr`;
    case 'compare':
      return `${name(filter.target)} ${filter.operator} ${JSON.stringify(filter.value)}`;
    case 'element':
      return `${name(filter.target)}[${formatElementFilter(filter.filter)}]`;
  }
}

function printTerm(kind: 'and' | 'or', term: Filter, name: (ref: AttributeRef) => string): string {
  const text = print(term, name);
  return kind === 'and' && term.kind === 'or' ? `(${text})` : text;
}
