/** Single values: what each kind of attribute takes, said and checked the same way in filters and in bodies. */
import type { Attribute } from './attribute.js';

const DATE_TIME = /^(\d{4}-\d\d-(\d\d))(?:T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/i;
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** Whether a database can keep the text: PostgreSQL has no NUL, and half of a surrogate pair comes back as another character. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/**
 * As much of a text as a database can keep, so many characters at the most; where it is cut through a character that takes two, U+FFFD
 * stands for the half.
 */
export const storablePart = (text: string, most: number): string => text.replaceAll('\0', '').slice(0, most).toWellFormed();

/** What one value of the attribute may be, to end a sentence with. */
export function takes(attribute: Attribute): string {
  switch (attribute.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return 'a whole number';
    case 'decimal':
      return 'a number';
    case 'dateTime':
      return 'a date and time as in "2026-01-31T09:30:00Z"';
    case 'binary':
      return 'base64 text';
    case 'complex':
      return `an object with ${(attribute.subAttributes ?? []).map(({ name }) => name).join(', ')}`;
    default:
      return 'text';
  }
}

/** True or false in any case ("True" is what Entra sends); undefined for anything else. */
export function toBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === 'true' || lower === 'false' ? lower === 'true' : undefined;
}

/** A number as JSON writes it; whole ones only where they can be kept exactly. */
export function toNumber(attribute: Pick<Attribute, 'type'>, text: string): number | undefined {
  if (!NUMBER.test(text)) return undefined;
  const number = Number(text);
  return (attribute.type === 'integer' ? Number.isSafeInteger(number) : Number.isFinite(number)) ? number : undefined;
}

/**
 * An ISO 8601 date and time in UTC with milliseconds; no zone is UTC, no time midnight, finer fractions are cut off.
 * Years outside 0001 to 9999 are refused: they need a notation that no database and few clients read.
 */
export function toDateTime(text: string): string | undefined {
  const [, date, day, time = '00:00', zone = 'Z'] = DATE_TIME.exec(text) ?? [];
  // Date reads 31 April as 1 May
  if (date === undefined || new Date(`${date}T00:00Z`).getUTCDate() !== Number(day)) return undefined;
  const instant = new Date(`${date}T${time}${zone.toUpperCase().replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2')}`);
  if (Number.isNaN(instant.getTime())) return undefined;
  const year = instant.getUTCFullYear();
  return year >= 1 && year <= 9999 ? instant.toISOString() : undefined;
}

/** Base64, plain or URL-safe (RFC 7643, 2.3.6), without line breaks; undefined for anything else. */
export function toBase64(text: string): string | undefined {
  const joined = text.replace(/\s+/g, '');
  return /^[\w+/-]*={0,2}$/.test(joined) ? joined : undefined;
}
