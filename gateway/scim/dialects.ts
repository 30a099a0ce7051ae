/** What real clients send beside the standard: one named function per habit, with a line that says who has it. */
import type { Json, JsonObject } from '../../schema/change.js';
import { isList, isObject } from '../../schema/held.js';
import { toBoolean } from '../../schema/value.js';

export { isList, isObject };

/** Okta (its test C9337), Entra and OneLogin's template send "", null and [] for "no value". */
export const isNothing = (value: Json | undefined): boolean =>
  value === undefined || value === null || (typeof value === 'string' ? value.trim() === '' : isList(value) && value.length === 0);

/** Entra sends "True" and "False", OneLogin's template "true". */
export const booleanOf = (value: Json): boolean | undefined => {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' ? toBoolean(value.trim()) : undefined;
};

/** Admins map numbers to text attributes (a cost center 4711), and Entra's expressions make booleans of them. */
export const textOf = (value: Json): string | undefined => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
};

/** OneLogin sends `emails` as an object; Microsoft's Postman collection one member as a string. */
export const listOf = (value: Json): readonly Json[] => {
  if (isNothing(value)) return [];
  return isList(value) ? value : [value];
};

/** Microsoft's documentation sends the manager, a single value, as a list of one. */
export const singleOf = (value: Json): Json => (isList(value) && value.length === 1 ? value[0]! : value);

/** Entra, in an older shape, sends single values as it does the manager: `[{"$ref": null, "value": "False"}]`. */
export const bareOf = (value: Json): Json => (isObject(value) && isWrapped(value) ? memberOf(value, 'value')! : value);

const isWrapped = (value: JsonObject): boolean =>
  memberOf(value, 'value') !== undefined && Object.keys(value).every((key) => ['value', '$ref'].includes(key.toLowerCase()));

/** Entra sends the manager as a bare id, Microsoft's Postman collection the member as one. */
export const elementOf = (value: Json): JsonObject | undefined => {
  if (isObject(value)) return value;
  return isList(value) ? undefined : { value };
};

/** Entra capitalises operations ("Add"), and so do others with keys ("operations" is what some proxies make of "Operations"). */
export function memberOf(object: JsonObject, name: string): Json | undefined {
  if (Object.hasOwn(object, name)) return object[name];
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : object[key];
}

/** Okta's apps with header authentication send what the admin pasted, without a scheme; others write the scheme in any case. */
export function tokenOf(authorization: string | undefined): string | undefined {
  const text = authorization?.trim() ?? '';
  const [, bearer] = /^bearer\s+(.+)$/i.exec(text) ?? [];
  return bearer ?? (text === '' ? undefined : text);
}

/** Quoted text, percent-encoded or not, or a stretch without quotes. At each character only one way leads on. */
const ESCAPED = /(?:\\|%5C)(?:%[0-9A-F]{2}|(?!%[0-9A-F]{2}).)/.source;
const FILTER_PART = new RegExp(String.raw`(?:"|%22)(?:${ESCAPED}|(?!"|%22|\\|%5C).)*(?:"|%22|\\|%5C|$)|(?:(?!"|%22).)+`, 'gis');
const isQuoted = (part: string) => /^(?:"|%22)/i.test(part);

/** Whether a quoted part looks like one e-mail address with a "+" in it: "Sales+@+London" does not, nor do two addresses. */
function isAddress(quoted: string): boolean {
  const [local, domain, ...more] = quoted.split(/@|%40/);
  return isQuoted(quoted) && domain !== undefined && more.length === 0 && !local!.endsWith('+') && !domain.includes('+');
}

/**
 * Entra encodes a filter as a form does (`userName+eq+"…"`), Okta with %20. In a form "+" is a space; yet e-mail addresses with a
 * raw "+" are sent in both ways, and taking it for a space there finds nobody and ends in a second user. In other texts with an "@" it is a
 * space: a group that is not found is created, and that is a 409.
 * Not covered: an unquoted address with a raw "+" between form-encoded spaces.
 */
export function plusAsSpace(encodedFilter: string): string {
  if (!encodedFilter.includes('+')) return encodedFilter;
  const parts = encodedFilter.match(FILTER_PART) ?? [];
  const between = parts.filter((part) => !isQuoted(part)).join('');
  if (!between.includes('+') || /%20| /.test(between)) return encodedFilter.replaceAll('+', '%2B');
  return parts.map((part) => part.replaceAll('+', isAddress(part) ? '%2B' : '%20')).join('');
}
