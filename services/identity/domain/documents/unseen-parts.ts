/**
 * Parts of a value that answers show on request alone (`returned: request`): whoever answers a GET with a PUT, as Okta does, cannot send
 * back what it did not show.
 */
import type { Attribute } from '../../../../schema/attribute.js';
import type { Json, JsonObject } from '../../../../schema/change.js';
import { heldIn, isList, isObject } from '../../../../schema/held.js';
import { oncePer } from '../../../../schema/once-per.js';
import { findAttribute } from '../../../../schema/resources.js';

/** Only tenants declare such parts. */
const unseenOf = oncePer(({ subAttributes = [] }: Attribute) => subAttributes.filter(({ keptWhenAbsent }) => keptWhenAbsent));
const hidingAmong = oncePer((attributes: readonly Attribute[]) => attributes.filter((attribute) => unseenOf(attribute).length > 0));

const elementsOf = (value: Json): readonly JsonObject[] => (isList(value) ? value : [value]).filter(isObject);

/** Whether the value has nothing but such parts, so that a GET does not show that it is there. */
export function isUnseen(attribute: Attribute, value: Json): boolean {
  const names = unseenOf(attribute).map(({ name }) => name);
  return names.length > 0 && elementsOf(value).every((element) => Object.keys(element).every((name) => names.includes(name)));
}

/** What was given, with such parts of the old values where nothing is said of them. */
export function withUnseenParts(attributes: readonly Attribute[], given: JsonObject, old: JsonObject): JsonObject {
  const whole = Object.entries(given).flatMap(([key, value]) => {
    const attribute = hidingAmong(attributes).find((one) => one === findAttribute(attributes, key));
    const was = attribute && heldIn(old, attribute.name);
    return was === undefined ? [] : [[key, withParts(attribute!, value, was)] as const];
  });
  return whole.length === 0 ? given : { ...given, ...Object.fromEntries(whole) };
}

function withParts(attribute: Attribute, given: Json, old: Json): Json {
  if (!attribute.multiValued) return isObject(given) && isObject(old) ? joined(attribute, given, old) : given;
  if (!isList(given)) return given;
  const byFace = Map.groupBy(elementsOf(old), (element) => faceOf(attribute, element));
  return given.map((element) => {
    const was = isObject(element) ? byFace.get(faceOf(attribute, element))?.shift() : undefined; // each once, in their order
    return was ? joined(attribute, element as JsonObject, was) : element;
  });
}

/** The values of the parts, by their names as they are declared. */
const partsOf = ({ subAttributes = [] }: Attribute, element: JsonObject): Map<Attribute | undefined, Json> =>
  new Map(Object.entries(element).map(([key, value]) => [findAttribute(subAttributes, key), value]));

/** What a GET shows of one of many values: the one that comes back so is the same. */
function faceOf(attribute: Attribute, element: JsonObject): string {
  const [parts, unseen] = [partsOf(attribute, element), unseenOf(attribute)];
  return JSON.stringify((attribute.subAttributes ?? []).filter((sub) => !unseen.includes(sub)).map((sub) => parts.get(sub) ?? null));
}

function joined(attribute: Attribute, given: JsonObject, old: JsonObject): JsonObject {
  const parts = partsOf(attribute, given);
  const missing = unseenOf(attribute).filter((sub) => !parts.has(sub) && Object.hasOwn(old, sub.name));
  return { ...given, ...Object.fromEntries(missing.map(({ name }) => [name, old[name]!])) };
}
