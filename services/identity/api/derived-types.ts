/** GraphQL object and input classes made from the declaration in `schema/`: an attribute is said once. */
import { GraphQLScalarType } from 'graphql';
import { GraphQLJSONObject } from 'graphql-scalars';
import { type ClassType, Field, Float, InputType, Int, ObjectType } from 'type-graphql';
import type { Attribute, AttributeType, Schema } from '../../../schema/attribute.js';
import { DECLARED } from './node.js';

type TypeThunk = () => ClassType | GraphQLScalarType | typeof String | typeof Boolean;

const scalars: Readonly<Record<Exclude<AttributeType, 'complex'>, TypeThunk>> = {
  string: () => String,
  reference: () => String,
  binary: () => String,
  dateTime: () => String,
  boolean: () => Boolean,
  integer: () => Int,
  decimal: () => Float,
};

const capital = (name: string) => name[0]!.toUpperCase() + name.slice(1);
const singular = (name: string) => name.replace(/sses$/, 'ss').replace(/([^s])s$/, '$1');

/** The GraphQL name of a complex attribute's type: `emails` holds `Email`, `name` is a `Name`. */
const typeName = (attribute: Attribute) => capital(attribute.multiValued ? singular(attribute.name) : attribute.name);

/** A name GraphQL can carry, unlike `$ref`. */
const isNameable = ({ name }: Attribute) => /^[A-Za-z_]\w*$/.test(name);
const isShown = (attribute: Attribute) => isNameable(attribute) && attribute.returned !== 'never' && !attribute.isRelation;
const isWritable = (attribute: Attribute) =>
  isNameable(attribute) && ['readWrite', 'immutable'].includes(attribute.mutability) && attribute.returned !== 'never';

const made = new Map<string, ClassType>();

function classNamed(name: string, decorate: (type: ClassType) => void): ClassType {
  const known = made.get(name);
  if (known) return known;
  const type = { [name]: class {} }[name]!;
  made.set(name, type);
  decorate(type);
  return type;
}

/** Whether every resource has a value: nobody may take it away. */
const isEverywhere = ({ required, defaultValue }: Attribute): boolean => required || defaultValue !== undefined;

function addField(type: ClassType, attribute: Attribute, thunk: TypeThunk, nullable = true): void {
  const options = { nullable, description: attribute.description };
  Field(() => (attribute.multiValued ? [thunk()] : thunk()), options)(type.prototype, attribute.name);
}

// Classes are made before the schema is built: TypeGraphQL does not notice any that come to be while it builds.
function addShownFields(type: ClassType, attributes: readonly Attribute[]): void {
  for (const attribute of attributes.filter(isShown)) {
    const { type: kind, subAttributes, description } = attribute;
    const inner = kind === 'complex' ? objectType(typeName(attribute), description, subAttributes!) : undefined;
    addField(type, attribute, kind === 'complex' ? () => inner! : scalars[kind], !isEverywhere(attribute));
  }
}

function addWritableFields(type: ClassType, attributes: readonly Attribute[]): void {
  for (const attribute of attributes.filter(isWritable)) {
    const { type: kind, subAttributes, description } = attribute;
    const inner = kind === 'complex' ? inputType(`${typeName(attribute)}Input`, description, subAttributes!) : undefined;
    addField(type, attribute, kind === 'complex' ? () => inner! : scalars[kind]);
  }
}

/** The object class of a set of attributes; its fields are read from properties of the same names. */
export const objectType = (name: string, description: string, attributes: readonly Attribute[]): ClassType =>
  classNamed(name, (type) => {
    ObjectType(name, { description, simpleResolvers: true })(type);
    addShownFields(type, attributes);
  });

/** The input class of the attributes that a client may write; nothing is required here, so that refusals come from the rules. */
export const inputType = (name: string, description: string, attributes: readonly Attribute[]): ClassType =>
  classNamed(name, (type) => {
    InputType(name, { description })(type);
    addWritableFields(type, attributes);
  });

function addExtensions(type: ClassType, extensions: readonly Schema[], classOf: (extension: Schema) => ClassType): void {
  for (const extension of extensions) {
    const inner = classOf(extension);
    Field(() => inner, { nullable: true, description: extension.description })(type.prototype, extension.field!);
  }
}

/** Adds a resource's attributes and extensions, as they are shown, to a class that has fields of its own. */
export function addResourceFields(type: ClassType, attributes: readonly Attribute[], extensions: readonly Schema[]): void {
  addShownFields(type, attributes);
  addExtensions(type, extensions, (extension) => objectType(extension.name, extension.description, extension.attributes));
}

/** The input class of a whole resource with its extensions. */
export function resourceInput(
  name: string,
  description: string,
  attributes: readonly Attribute[],
  extensions: readonly Schema[],
): ClassType {
  const type = inputType(name, description, attributes);
  addExtensions(type, extensions, (extension) => inputType(`${extension.name}Input`, extension.description, extension.attributes));
  Field(() => GraphQLJSONObject, {
    nullable: true,
    description: 'Values of the extensions that the tenant has declared: an object for each, by URN.',
  })(type.prototype, DECLARED);
  return type;
}
