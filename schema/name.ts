/** Names to declared attributes: `[urn:]attribute[.sub]`, in any case, aliases included (RFC 7644, section 3.10). */
import type { Attribute, Schema } from './attribute.js';
import { coreAttributes, findAttribute, type ResourceType, schemasOf } from './resources.js';
import { quote, type Refusal, type Token } from './scan.js';
import type { AttributeRef } from './tree.js';

/** The attribute that a word names, or a refusal that points at the part of it that names nothing. */
export function bindName(type: ResourceType, word: Token, refuse: Refusal): AttributeRef {
  const schema = schemaOf(type, word.text);
  if (!schema && /^urn:/i.test(word.text)) throw refuse(word.at, `${quote(word.text)} begins with no schema of ${type.name}`);
  const offset = schema ? schema.id.length + 1 : 0;
  const [name = '', ...rest] = word.text.slice(offset).split('.');
  if (name === '') throw refuse(word.at + offset, 'expected the name of an attribute');
  const found = schema ? findIn(type, schema, name) : findAnywhere(type, name);
  if (!found) throw refuse(word.at + offset, `${schema?.name ?? type.name} has no attribute ${quote(name)}`);
  return rest.length === 0 ? found : bindSub(found, rest.join('.'), word.at + offset + name.length + 1, refuse);
}

/** The sub-attribute of that name, as a reference. */
export function bindSub(owner: AttributeRef, name: string, at: number, refuse: Refusal): AttributeRef {
  const sub = findAttribute(owner.attribute.subAttributes ?? [], name);
  if (!sub) throw refuse(at, `${owner.attribute.name} has no sub-attribute ${quote(name)}`);
  return { ...owner, sub };
}

/** What a reference ends at: the sub-attribute where it has one. */
export const lastOf = ({ attribute, sub }: AttributeRef): Attribute => sub ?? attribute;

/** The schema whose URN a name begins with; Microsoft's Postman file sets a dot, not a colon, before the attribute. */
const schemaOf = (type: ResourceType, text: string): Schema | undefined =>
  schemasOf(type).find(({ id }) =>
    text.length >= id.length && text.slice(0, id.length).toLowerCase() === id.toLowerCase() && [undefined, ':', '.'].includes(text[id.length]));

function findIn(type: ResourceType, schema: Schema, name: string): AttributeRef | undefined {
  if (schema === type.schema) return wrap(findAttribute(coreAttributes(type), name));
  return wrap(findAttribute(schema.attributes, name), schema);
}

/** RFC 7644 wants the URN of an extension; Entra asks for plain `manager`, and no extension repeats a name. */
function findAnywhere(type: ResourceType, name: string): AttributeRef | undefined {
  for (const schema of schemasOf(type)) {
    const found = findIn(type, schema, name);
    if (found) return found;
  }
  return undefined;
}

const wrap = (attribute: Attribute | undefined, extension?: Schema): AttributeRef | undefined =>
  attribute && (extension ? { extension, attribute } : { attribute });
