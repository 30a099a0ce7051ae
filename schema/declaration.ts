/**
 * Extensions that are declared as data, in the form in which `/Schemas` answers them (RFC 7643, section 7): Condeco's own, and those of
 * tenants. What is declared is checked here, once; everything else treats it like a schema that is built in.
 */
import type { Attribute, AttributeType, Mutability, Returned, Schema } from './attribute.js';
import type { Json, JsonObject } from './change.js';
import { Failure } from './failure.js';
import { heldIn, isList, isObject } from './held.js';

const TYPES: readonly AttributeType[] = ['string', 'boolean', 'integer', 'decimal', 'dateTime', 'reference', 'binary', 'complex'];
/** What nobody could write, or nobody could read, is nothing to declare. */
const MUTABILITIES: readonly Mutability[] = ['readWrite', 'immutable'];
const RETURNED: readonly Returned[] = ['default', 'always', 'request'];

/** RFC 7643, section 2.1. */
const NAME = /^[A-Za-z][\w-]{0,63}$/;
/** RFC 8141, without the rarely used parts behind "?" and "#". */
const URN = /^urn:[a-z0-9][a-z0-9-]{1,30}[a-z0-9]:[\w.~!$&'()*+,;=:@/-]{1,200}$/i;

export const declarationLimits = { extensions: 20, attributes: 100, subAttributes: 30, textLength: 1000, values: 100 } as const;

const refused = (field: string, sentence: string): Failure =>
  new Failure('INVALID_VALUE', { field, detail: `The declaration's "${field}" ${sentence}.` });

/** Reads a member, or the default where it is absent. */
function member<Value extends Json>(
  from: JsonObject,
  name: string,
  field: string,
  otherwise: Value,
  fits: (value: Json) => boolean,
  takes: string,
): Value {
  const value = heldIn(from, name);
  if (value === undefined || value === null) return otherwise;
  if (!fits(value)) throw refused(`${field}${name}`, `takes ${takes}`);
  return value as Value;
}

const oneOf =
  (values: readonly string[]) =>
  (value: Json): boolean =>
    values.includes(value as string);
const isText = (value: Json): boolean =>
  typeof value === 'string' && value.length <= declarationLimits.textLength && value.isWellFormed() && !value.includes('\0');
const isFlag = (value: Json): boolean => typeof value === 'boolean';
const isTexts = (value: Json): boolean => isList(value) && value.length <= declarationLimits.values && value.every(isText);

/** Reads a declared extension. Fails with INVALID_VALUE that names what to change. */
export function readDeclaration(declared: JsonObject): Schema {
  const schema = readSchema(declared);
  schema.attributes.forEach(({ subAttributes = [] }, at) =>
    subAttributes.forEach((sub, place) => refuseInPart(sub, `attributes[${at}].subAttributes[${place}].`)),
  );
  return schema;
}

/**
 * Reads a declaration that is kept. Earlier releases took sub-attributes to be set once, and did not hold them to it: they are what they
 * were, writable.
 */
export function readKept(kept: JsonObject): Schema {
  const schema = readSchema(kept);
  const writable = (sub: Attribute): Attribute => ({ ...sub, mutability: 'readWrite' });
  return {
    ...schema,
    attributes: schema.attributes.map((one) => (one.subAttributes ? { ...one, subAttributes: one.subAttributes.map(writable) } : one)),
  };
}

/**
 * Paths and filters reach a part of a value, not one of many in it; and a value, which has no name of its own, has no part that could stay
 * while the others change.
 */
function refuseInPart({ multiValued, mutability }: Attribute, field: string): void {
  if (multiValued) {
    throw refused(
      `${field}multiValued`,
      'takes false: a part of a complex value has one value. Make the complex attribute multi-valued, or this an attribute by itself',
    );
  }
  if (mutability !== 'readWrite') throw refused(`${field}mutability`, 'takes "readWrite": only a whole attribute can be set once');
}

function readSchema(declared: JsonObject): Schema {
  const id = member(
    declared,
    'id',
    '',
    '',
    (value) => typeof value === 'string' && URN.test(value),
    'a URN, as in "urn:example:params:scim:schemas:extension:acme:2.0:User"',
  );
  if (id === '') throw refused('id', 'is missing; it takes a URN');
  const name = member(declared, 'name', '', 'Extension', isText, 'text');
  const description = member(declared, 'description', '', name, isText, 'text');
  return { id, name, description, attributes: readAttributes(declared['attributes'], 'attributes', declarationLimits.attributes, true) };
}

function readAttributes(declared: Json | undefined, field: string, most: number, mayBeComplex: boolean): Attribute[] {
  if (!Array.isArray(declared) || declared.length === 0 || declared.length > most) {
    throw refused(field, `takes a list of 1 to ${most} attributes`);
  }
  const attributes = (declared as readonly Json[]).map((one, at) => readAttribute(one, `${field}[${at}].`, mayBeComplex));
  const names = attributes.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw refused(field, `has two attributes "${twice}"; case does not count`);
  return attributes;
}

function readAttribute(declared: Json, field: string, mayBeComplex: boolean): Attribute {
  if (!isObject(declared)) throw refused(field.slice(0, -1), 'takes an object that describes an attribute');
  const name = member(
    declared,
    'name',
    field,
    '',
    (value) => typeof value === 'string' && NAME.test(value),
    'a name of letters, digits, "-" and "_" that begins with a letter',
  );
  if (name === '') throw refused(`${field}name`, 'is missing');
  const types = mayBeComplex ? TYPES : TYPES.filter((type) => type !== 'complex');
  const type = member<AttributeType>(declared, 'type', field, 'string', oneOf(types), `one of ${types.join(', ')}`);
  member(declared, 'uniqueness', field, 'none', oneOf(['none']), '"none": only user names and names of groups are unique here');
  const canonicalValues = member<readonly string[]>(declared, 'canonicalValues', field, [], isTexts, 'a list of texts');
  const referenceTypes = member<readonly string[]>(declared, 'referenceTypes', field, [], isTexts, 'a list of texts');
  const returned = member<Returned>(declared, 'returned', field, 'default', oneOf(RETURNED), `one of ${RETURNED.join(', ')}`);
  return {
    name,
    type,
    description: member(declared, 'description', field, name, isText, 'text'),
    multiValued: member(declared, 'multiValued', field, false, isFlag, 'true or false'),
    required: member(declared, 'required', field, false, isFlag, 'true or false'),
    caseExact: member(declared, 'caseExact', field, type === 'binary' || type === 'reference', isFlag, 'true or false'),
    mutability: member<Mutability>(declared, 'mutability', field, 'readWrite', oneOf(MUTABILITIES), `one of ${MUTABILITIES.join(', ')}`),
    returned,
    uniqueness: 'none',
    // Whoever answers a GET with a PUT, as Okta does, cannot send back what it did not show.
    ...(returned === 'request' && { keptWhenAbsent: true }),
    ...(canonicalValues.length > 0 && { canonicalValues }),
    ...(referenceTypes.length > 0 && { referenceTypes }),
    ...(type === 'complex' && {
      subAttributes: readAttributes(declared['subAttributes'], `${field}subAttributes`, declarationLimits.subAttributes, false),
    }),
  };
}
