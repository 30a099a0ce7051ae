/** Names to declared attributes: `[urn:]attribute[.sub]`, in any case, aliases included (RFC 7644, section 3.10). */
import type { Attribute, Schema } from './attribute.js';
import { oncePer } from './once-per.js';
import { coreAttributes, findAttribute, namesOf, type ResourceType, schemasOf } from './resources.js';
import { quote, type Refusal, type Token } from './scan.js';
import type { AttributeRef } from './tree.js';

/** A name in its parts. The schema is undefined where the name begins with the URN of none. */
interface Parts {
  readonly schema: Schema | undefined;
  readonly attribute: string;
  readonly sub: string | undefined;
  /** Where the attribute begins. */
  readonly offset: number;
}

const isUrn = (text: string): boolean => /^urn:/i.test(text);

function partsOf(type: ResourceType, text: string): Parts {
  const schema = isUrn(text) ? schemaOf(type, text) : undefined;
  const offset = schema ? attributeAt(schema, text) : 0;
  const dot = text.indexOf('.', offset);
  return dot < 0
    ? { schema, offset, attribute: text.slice(offset), sub: undefined }
    : { schema, offset, attribute: text.slice(offset, dot), sub: text.slice(dot + 1) };
}

const findOwner = (type: ResourceType, { schema, attribute }: Parts): AttributeRef | undefined =>
  schema ? findIn(type, schema, attribute) : anywhere(type).get(attribute.toLowerCase());

/** The attribute that a text names; undefined where it names none, which costs no more: bodies may be full of names that are nobody's. */
export function findName(type: ResourceType, text: string): AttributeRef | undefined {
  const parts = partsOf(type, text);
  const found = findOwner(type, parts);
  return found && parts.sub !== undefined ? findSub(found, parts.sub) : found;
}

/** The attribute that a word names, or a refusal that points at the part of it that names nothing. */
export function bindName(type: ResourceType, word: Token, refuse: Refusal): AttributeRef {
  const parts = partsOf(type, word.text);
  const { schema, attribute, sub, offset } = parts;
  if (!schema && isUrn(word.text)) throw refuse(word.at, `${quote(word.text)} begins with no schema of ${type.name}`);
  if (attribute === '') throw refuse(word.at + offset, 'expected the name of an attribute');
  const found = findOwner(type, parts);
  if (!found) throw refuse(word.at + offset, `${schema?.name ?? type.name} has no attribute ${quote(attribute)}`);
  return sub === undefined ? found : bindSub(found, sub, word.at + offset + attribute.length + 1, refuse);
}

/** The sub-attribute of that name, as a reference; undefined where there is none. */
export function findSub(owner: AttributeRef, name: string): AttributeRef | undefined {
  const sub = findAttribute(owner.attribute.subAttributes ?? [], name);
  return sub && { ...owner, sub };
}

/** The same, or a refusal. */
export function bindSub(owner: AttributeRef, name: string, at: number, refuse: Refusal): AttributeRef {
  const found = findSub(owner, name);
  if (!found) throw refuse(at, `${owner.attribute.name} has no sub-attribute ${quote(name)}`);
  return found;
}

/** What a reference ends at: the sub-attribute where it has one. */
export const lastOf = ({ attribute, sub }: AttributeRef): Attribute => sub ?? attribute;

/** Where the attribute begins in a name with this URN, after which there may be a colon too many, as in the one Condeco has published. */
export const attributeAt = ({ id }: Schema, name: string): number => id.length + (name.startsWith('::', id.length) ? 2 : 1);

/** The longer first: a tenant may declare a URN that begins with another, or is another with a colon after it. */
const longestFirst = oncePer((type: ResourceType) => schemasOf(type).toSorted((one, other) => other.id.length - one.id.length));

/** The schema whose URN a name begins with; Microsoft's Postman file sets a dot, not a colon, before the attribute. */
const schemaOf = (type: ResourceType, text: string): Schema | undefined =>
  longestFirst(type).find(
    ({ id }) =>
      text.length >= id.length &&
      text.slice(0, id.length).toLowerCase() === id.toLowerCase() &&
      [undefined, ':', '.'].includes(text[id.length]),
  );

function findIn(type: ResourceType, schema: Schema, name: string): AttributeRef | undefined {
  if (schema === type.schema) return wrap(findAttribute(coreAttributes(type), name));
  return wrap(findAttribute(schema.attributes, name), schema);
}

/** RFC 7644 wants the URN of an extension; Entra asks for plain `manager`, and no extension repeats a name. */
const anywhere = oncePer(
  (type: ResourceType) =>
    new Map(
      schemasOf(type)
        .toReversed()
        .flatMap((schema) => {
          const attributes = schema === type.schema ? coreAttributes(type) : schema.attributes;
          return attributes.flatMap(namesOf).map((name) => [name, findIn(type, schema, name)!] as const);
        }),
    ),
);

const wrap = (attribute: Attribute | undefined, extension?: Schema): AttributeRef | undefined =>
  attribute && (extension ? { extension, attribute } : { attribute });
