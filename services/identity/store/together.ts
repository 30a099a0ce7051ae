/**
 * Several askings of one statement as one: each is a row of parameters, and the statement is run for every row. PostgreSQL begins and ends it once, and
 * one answer is read and written for all.
 */
import type { QueryResult } from 'pg';

export type Values = readonly unknown[];
type Row = Record<string, unknown>;

/** Which row of parameters a row belongs to. */
const ASKED = 'asked_at';
/** A parameter of one value, cast to its type: it may as well come out of a table of texts. */
const PARAMETER = /\$(\d+)::(?!\w+\[)/g;
/** Texts are few: they are those of look-ups, without what is looked for. */
const MOST = 300;

const known = new Map<string, string | undefined>();

function made(text: string): string | undefined {
  if (text.match(/\$\d/g)?.length !== text.match(PARAMETER)?.length) return undefined;
  const count = Math.max(...[...text.matchAll(PARAMETER)].map(([, place]) => Number(place)));
  const places = Array.from({ length: count }, (_, at) => at + 1);
  return `select asked.${ASKED}, found.* from unnest(${places.map((place) => `$${place}::text[]`).join(', ')})
    with ordinality as asked (${places.map((place) => `p${place}`).join(', ')}, ${ASKED}) cross join lateral (${text.replace(PARAMETER, 'asked.p$1::')}) as found`;
}

/** The statement for many; undefined where it takes what cannot come out of a table. */
export function textForMany(text: string): string | undefined {
  if (!known.has(text) && known.size < MOST) known.set(text, made(text));
  return known.get(text);
}

/** What the driver sends as one value. */
type Scalar = string | number | boolean | null | undefined;

const toText = (value: Scalar): string | null => (value === null || value === undefined ? null : String(value));

/** The parameters of that statement: a list for each of its places. */
export const valuesForMany = (asked: readonly Values[]): (string | null)[][] => asked[0]!.map((_, place) => asked.map((values) => toText(values[place] as Scalar)));

/** What each of so many askings is answered. */
export function answersOfMany({ rows }: QueryResult<Row>, count: number): Row[][] {
  const answers = Array.from({ length: count }, (): Row[] => []);
  for (const row of rows) answers[Number(row[ASKED]) - 1]!.push(row);
  return answers;
}
