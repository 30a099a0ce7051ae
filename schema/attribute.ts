/**
 * The only way to say an attribute: one constructor per kind, with the characteristics of RFC 7643, section 7, and its
 * defaults (section 2.2). Everything else (discovery, validation, coercion, filters, PATCH, projection) is derived.
 */

export type Mutability = 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
export type Returned = 'always' | 'never' | 'default' | 'request';
export type Uniqueness = 'none' | 'server' | 'global';
export type AttributeType = 'string' | 'boolean' | 'integer' | 'decimal' | 'dateTime' | 'reference' | 'binary' | 'complex';

/** An attribute as RFC 7643, section 7, describes it, plus the few facts this product needs to say about it once. */
export interface Attribute {
  readonly name: string;
  readonly type: AttributeType;
  readonly description: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: Mutability;
  readonly returned: Returned;
  readonly uniqueness: Uniqueness;
  readonly canonicalValues?: readonly string[];
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
  /** Whether an index holds its values, though they need not be unique: such values are shorter. */
  readonly isIndexed?: boolean;
  /** Other names that are accepted on input, never returned (Condeco's published table has two misspellings, providers have theirs). */
  readonly aliases?: readonly string[];
  /** A PUT without this attribute keeps its value: clearing it by omission would hurt people (RFC 7644, 3.5.1 permits either). */
  readonly keptWhenAbsent?: boolean;
  /** The value a new resource gets when none was given. */
  readonly defaultValue?: string | boolean | number;
  /** Of a text that may be made of other parts of the same value, with a space between each two: their names. */
  readonly madeOf?: readonly string[];
  /** Rows of their own, not part of the resource's document: read in pages, written as sets. */
  readonly isRelation?: boolean;
}

type Characteristics = Partial<Omit<Attribute, 'name' | 'type' | 'description' | 'multiValued' | 'subAttributes'>>;

function attribute(name: string, type: AttributeType, description: string, more: Characteristics = {}): Attribute {
  return {
    name,
    type,
    description,
    multiValued: false,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...more,
  };
}

export const string = (name: string, description: string, more?: Characteristics) => attribute(name, 'string', description, more);
export const boolean = (name: string, description: string, more?: Characteristics) => attribute(name, 'boolean', description, more);
export const integer = (name: string, description: string, more?: Characteristics) => attribute(name, 'integer', description, more);
export const dateTime = (name: string, description: string, more?: Characteristics) => attribute(name, 'dateTime', description, more);
/** Binary values are base64 text, which is case-exact (RFC 7643, 2.3.6). */
export const binary = (name: string, description: string, more?: Characteristics) =>
  attribute(name, 'binary', description, { caseExact: true, ...more });
/** References are URIs or ids of resources and case-exact (RFC 7643, 2.3.7). */
export const reference = (name: string, description: string, referenceTypes: readonly string[], more?: Characteristics) =>
  attribute(name, 'reference', description, { caseExact: true, referenceTypes, ...more });
export const complex = (name: string, description: string, subAttributes: readonly Attribute[], more?: Characteristics): Attribute => ({
  ...attribute(name, 'complex', description, more),
  subAttributes,
});
/** The same attribute, many times over. */
export const many = (one: Attribute): Attribute => ({ ...one, multiValued: true });

/** The usual shape of a multi-valued attribute (RFC 7643, 2.4): value, display, type, primary. */
export function list(
  name: string,
  description: string,
  value: Attribute,
  types: readonly string[] = [],
  more?: Characteristics,
): Attribute {
  return many(
    complex(
      name,
      description,
      [
        value,
        string('display', 'A name for people to read.', { aliases: ['displayName'] }), // Entra, for roles
        string('type', 'What this value is used for.', types.length > 0 ? { canonicalValues: types } : {}),
        boolean('primary', 'Whether this is the preferred value; true for one value at most.'),
      ],
      more,
    ),
  );
}

/** A schema: a URN and the attributes it names (RFC 7643, section 7). */
export interface Schema {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
  /** The name of an extension in GraphQL, where a URN cannot be a field. */
  readonly field?: string;
}
