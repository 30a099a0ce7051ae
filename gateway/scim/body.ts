/** The body of POST and PUT -> the attributes that are the client's to write, in declared spelling and kind. */
import type { Attribute } from '../../schema/attribute.js';
import type { Json, JsonObject } from '../../schema/change.js';
import { type Comparing, type SharedComparisons, startComparing } from '../../schema/comparison-budget.js';
import { heldIn } from '../../schema/held.js';
import { coreAttributes, relationOf, type ResourceType, schemasOf } from '../../schema/resources.js';
import type { AttributeRef } from '../../schema/tree.js';
import { takes } from '../../schema/value.js';
import { isList, isNothing, isObject, listOf, singleOf } from './dialects.js';
import { type FilteredRef, withFiltered } from './filtered-keys.js';
import { type Said, saidIn, saidInExtension } from './keys.js';
import { fitAttribute, fitWhole, invalid, isIgnored, partsOf } from './values.js';

/** A document under construction; its keys are declared names and URNs, never the client's own. */
type Draft = Record<string, Json>;

/**
 * Reads a resource. Unknown, readOnly and writeOnly attributes are left out; so is what has no value, except that null or [] on an
 * attribute, or a part of one, that a PUT otherwise keeps is passed on: that clears it. Extensions come under their URN, whatever
 * `schemas` says, and so may the attributes of the type's own schema. A member of whom no more is said is its id.
 */
export function readResource(type: ResourceType, body: JsonObject, shared?: SharedComparisons): JsonObject {
  const draft: Draft = {};
  const comparing = startComparing(shared);
  for (const said of saidIn(type, body)) place(type, draft, said, comparing);
  const missing = coreAttributes(type).find((attribute) => attribute.required && isNothing(draft[attribute.name]));
  if (missing) throw invalid(missing.name, `is required; it takes ${takes(missing)}`);
  return draft;
}

/**
 * The resource as GraphQL takes it: a built-in extension under its field, for a URN cannot be one, those that are declared by URN in one.
 */
export function toGraphQLInput(type: ResourceType, resource: JsonObject): JsonObject {
  const fields = new Map(schemasOf(type).map(({ id, field }) => [id, field]));
  const isDeclared = ([key]: [string, Json]): boolean => fields.has(key) && fields.get(key) === undefined;
  const entries = Object.entries(withElements(type, resource));
  const declared = entries.filter(isDeclared);
  const others = entries.filter((entry) => !isDeclared(entry)).map(([key, value]) => [fields.get(key) ?? key, value]);
  return Object.fromEntries([...others, ...(declared.length > 0 ? [['extensions', Object.fromEntries(declared)]] : [])]) as JsonObject;
}

/** GraphQL takes a member as an object, however little it says. */
function withElements(type: ResourceType, resource: JsonObject): JsonObject {
  const { name } = relationOf(type);
  const elements = resource[name];
  return isList(elements)
    ? { ...resource, [name]: elements.map((element) => (typeof element === 'string' ? { value: element } : element)) }
    : resource;
}

function place(type: ResourceType, draft: Draft, { path, value }: Said, comparing: Comparing): void {
  if (path.kind === 'extension') return placeExtension(type, draft, path.extension.id, value, comparing);
  if (isIgnored(path.attribute) || (path.sub && isIgnored(path.sub))) return;
  if (path.filter) return placeFiltered(draft, { ...path, filter: path.filter }, value, comparing);
  const fitted = fitRef(path, value);
  if (fitted === undefined) return;
  const target = path.extension ? child(draft, path.extension.id) : draft;
  const { name, isRelation } = path.attribute;
  // Of two spellings one that names nobody takes nobody from the other.
  if (!isRelation || !isNothing(fitted) || !Object.hasOwn(target, name)) merge(target, name, fitted);
}

function placeFiltered(draft: Draft, path: FilteredRef, value: Json, comparing: Comparing): void {
  const { extension, attribute } = path;
  const held = heldIn(extension ? (heldIn(draft, extension.id) as JsonObject | undefined) : draft, attribute.name);
  const changed = withFiltered(path, held, value, comparing);
  if (changed !== undefined) (extension ? child(draft, extension.id) : draft)[attribute.name] = changed;
}

function placeExtension(type: ResourceType, draft: Draft, urn: string, value: Json, comparing: Comparing): void {
  if (isNothing(value)) return;
  if (!isObject(value)) throw invalid(urn, 'takes an object with the attributes of the extension');
  for (const said of saidInExtension(type, urn, value)) place(type, draft, said, comparing);
}

function fitRef({ extension, attribute, sub }: AttributeRef, value: Json): Json | undefined {
  const field = extension ? `${extension.id}:${attribute.name}` : attribute.name;
  if (!sub) return (attribute.isRelation ? fitWhole : fitWithClearings)(attribute, value, field) ?? clearing(attribute, value);
  if (attribute.isRelation) throw invalid(`${field}.${sub.name}`, `says nothing by itself; list the ${field} as a whole`);
  const fitted = attribute.multiValued ? undefined : (fitAttribute(sub, value, `${field}.${sub.name}`) ?? clearing(sub, value));
  return fitted === undefined ? undefined : { [sub.name]: fitted };
}

/** Parts that a PUT otherwise keeps are cleared by null as well, in one value or in each of many. */
function fitWithClearings(attribute: Attribute, value: Json, field: string): Json | undefined {
  const fitted = fitAttribute(attribute, value, field);
  if (fitted === undefined || !hasKeptParts(attribute)) return fitted;
  if (!attribute.multiValued) return withClearings(attribute, singleOf(value), fitted);
  return listOf(value).flatMap((said) =>
    listOf(fitAttribute(attribute, [said], field) ?? null).map((element) => withClearings(attribute, said, element)),
  );
}

function withClearings(attribute: Attribute, said: Json, fitted: Json): Json {
  if (!isObject(said) || !isObject(fitted)) return fitted;
  const cleared = partsOf(attribute, said).flatMap(({ sub, part }) => {
    const nothing = isNothing(part) ? clearing(sub, part) : undefined;
    return nothing === undefined ? [] : [[sub.name, nothing] as const];
  });
  return { ...fitted, ...Object.fromEntries(cleared) };
}

const hasKeptParts = ({ subAttributes = [] }: Attribute): boolean => subAttributes.some(({ keptWhenAbsent }) => keptWhenAbsent);

/**
 * What clears an attribute that is kept when absent; one with a default (`active`) has no cleared state to ask for. Members go by [] alone:
 * null is also what programs write for members that they have not read.
 */
function clearing(attribute: Attribute, value: Json): Json | undefined {
  if ((!attribute.keptWhenAbsent && !hasKeptParts(attribute)) || attribute.defaultValue !== undefined) return undefined;
  if (!attribute.multiValued) return null;
  return isList(value) || (value === null && !attribute.isRelation) ? [] : undefined;
}

/** `name` and `name.givenName` may come together: parts of one complex value. */
function merge(target: Draft, name: string, value: Json): void {
  const before = heldIn(target, name);
  target[name] = isObject(before) && isObject(value) ? { ...before, ...value } : value;
}

function child(draft: Draft, urn: string): Draft {
  const found = (draft[urn] ?? {}) as Draft;
  draft[urn] = found;
  return found;
}
