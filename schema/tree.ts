/** What the texts of the SCIM language become: filters (RFC 7644, figure 1) and paths (figure 7), bound to declared attributes. */
import type { Attribute, Schema } from './attribute.js';

/** An attribute, or one of its sub-attributes, found in the declaration of a resource. */
export interface AttributeRef {
  /** The extension it belongs to; absent for common attributes and those of the resource's own schema. */
  readonly extension?: Schema;
  readonly attribute: Attribute;
  readonly sub?: Attribute;
}

export type Comparison = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le';

/** A literal already fitted to the attribute it is compared with: boolean attributes hold booleans, dates ISO 8601 text in UTC. */
export type Literal = string | number | boolean | null;

/**
 * A filter. Two-valued: a comparison with an attribute that has no value is false, except `ne` (true) and `eq null` (true);
 * `not` is plain negation. On a multi-valued attribute a comparison is true when any one of its values makes it true.
 * In an `element`, all inner references are to sub-attributes of that attribute and hold for the same element.
 */
export type Filter =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly Filter[] }
  | { readonly kind: 'not'; readonly term: Filter }
  /** What a term comes to about an attribute that only another resource type has: no value (RFC 7644, 3.4.2.1). */
  | { readonly kind: 'constant'; readonly holds: boolean }
  | { readonly kind: 'compare'; readonly target: AttributeRef; readonly operator: Comparison; readonly value: Literal }
  | { readonly kind: 'present'; readonly target: AttributeRef }
  | { readonly kind: 'element'; readonly target: AttributeRef; readonly filter: Filter };

/** The target of a PATCH operation or a projection: an attribute, elements of it, a sub-attribute, or a whole extension. */
export type Path = { readonly kind: 'extension'; readonly extension: Schema } | AttributePath;

/** An attribute, elements of it, or a sub-attribute. */
export type AttributePath = AttributeRef & { readonly kind: 'attribute'; readonly filter?: Filter };
