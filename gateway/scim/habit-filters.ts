/** What filters show, those of a query and those in a path. */
import type { Attribute } from '../../schema/attribute.js';
import { limits, resourceTypes, schemasOf } from '../../schema/resources.js';
import { toBoolean } from '../../schema/value.js';
import type { Look } from './habit-values.js';
import { subAttributesOf } from './values.js';

const TOKEN = /"(?:[^"\\]|\\[^]?)*(?:"|$)|[“”„‟](?:[^“”„‟"\\]|\\[^]?)*(?:[“”„‟"]|$)|[()[\]]|[^\s()[\]"]+/g;
const COMPARISON = /^(?:eq|ne|co|sw|ew|gt|ge|lt|le)$/i;
const STANDARD = /^(?:true|false|null|-?\d+(?:\.\d+)?)$/i;

const booleansIn = (attributes: readonly Attribute[]): string[] =>
  attributes.flatMap((attribute) => [
    ...(attribute.type === 'boolean' ? [attribute.name.toLowerCase()] : []),
    ...booleansIn(subAttributesOf(attribute)),
  ]);

const booleans = new Map(
  resourceTypes.map((type) => [type.name, new Set(schemasOf(type).flatMap(({ attributes }) => booleansIn(attributes)))]),
);

/** The comparisons of a filter, well-formed or not. */
export function lookAtFilter(look: Look, text: string): void {
  const tokens = text.slice(0, limits.filterLength).match(TOKEN) ?? [];
  tokens.forEach((token, at) => {
    const literal = tokens[at + 1];
    if (at > 0 && literal && COMPARISON.test(token)) lookAtComparison(look, tokens[at - 1]!, literal);
  });
}

function lookAtComparison({ type, seen }: Look, name: string, literal: string): void {
  if (/^[“”„‟]/.test(literal)) seen.add('CURLY_QUOTES');
  else if (/^[^"()[\]]/.test(literal)) return void (!STANDARD.test(literal) && seen.add('UNQUOTED_LITERALS'));
  const last = name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf(':')) + 1).toLowerCase();
  if (toBoolean(literal.slice(1, -1)) !== undefined && booleans.get(type.name)?.has(last)) seen.add('TEXT_BOOLEANS');
}
