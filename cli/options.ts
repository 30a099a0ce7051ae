/** What options hold, read from text. */
import { type Command, InvalidArgumentError, Option } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, y: 31_536_000 };

/** Seconds from text as in `90d`, `12h`, `30m`, `45s`, `10y`; a bare number is seconds. */
export function seconds(text: string): number {
  const [, number, unit = 's'] = /^(\d{1,10})([smhdy]?)$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('Write a duration as 90d, 12h, 30m, 45s or 10y.');
  return Number(number) * UNITS[unit || 's']!;
}

/** Whole days, rounded up: what the core counts in. */
export const days = (text: string): number => Math.ceil(seconds(/^\d+$/.test(text) ? `${text}d` : text) / 86_400);

export function count(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('Write a whole number of 1 or more.');
  return Number(text);
}

export const version = count;

/** How often something is repeated; 0 for never. */
export function retries(text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw new InvalidArgumentError('Write a whole number up to 999.');
  return Number(text);
}

/** `field`, `field:asc` or `field:desc`. */
export function order(text: string): { field: string; direction: 'ASC' | 'DESC' } {
  const [, field, direction = 'asc'] = /^(.+?)(?::(asc|desc))?$/i.exec(text) ?? [];
  if (field === undefined) throw new InvalidArgumentError('Write an order as userName, or userName:desc.');
  return { field, direction: direction.toUpperCase() as 'ASC' | 'DESC' };
}

/** An option whose values are the given ones, in any case, and reach the core in capitals. */
export const choice = (flags: string, description: string, values: readonly string[]): Option => {
  const read = (text: string) => {
    const value = text.toUpperCase();
    if (!values.includes(value)) throw new InvalidArgumentError(`Write one of: ${values.join(', ').toLowerCase()}.`);
    return value;
  };
  return new Option(flags, `${description} (${values.join(', ').toLowerCase()})`).argParser(read);
};

/** Collects the values of an option that may come several times. */
export const several = (text: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), text];

export interface ListOptions {
  readonly limit: number;
  readonly all?: boolean;
}

/** `--limit` and `--all`, for lists. */
export const listing = (command: Command): Command =>
  command.option('--limit <count>', 'how many at the most', count, 100).option('--all', 'all of them, however many');

export interface TenantOption {
  readonly tenant?: string;
}

/** `--tenant`, for operators. */
export const ofTenant = (command: Command): Command =>
  command.option('--tenant <id>', 'the tenant that is meant, by its id; for operators, whose token belongs to none');

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const isId = (text: string): boolean => UUID.test(text);
