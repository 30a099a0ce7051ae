/**
 * Several askings of one statement as one: each is a row of parameters, and the statement is run for every row. PostgreSQL begins and ends
 * it once, and one answer is read and written for all.
 */
import { LRUCache } from 'lru-cache';
import type { QueryResult } from 'pg';

export type Values = readonly unknown[];
type Row = Record<string, unknown>;

/** Which row of parameters a row belongs to. */
const ASKED = 'asked_at';
/** A parameter of one value, and its type: it may as well come out of a table. */
const PARAMETER = /\$(\d+)::(\w+)\b(?!\[)/g;
/** Texts are few: they are those of look-ups, without what is looked for. */
const MOST = 300;

const known = new LRUCache<string, { readonly text: string | undefined }>({ max: MOST });

/** The type of each parameter; undefined where one has none, or several. */
function typesIn(text: string): string[] | undefined {
  const found = [...text.matchAll(PARAMETER)];
  if (text.match(/\$\d/g)?.length !== found.length) return undefined;
  const types = new Map(found.map(([, place, type]) => [Number(place), type!]));
  if (found.some(([, place, type]) => types.get(Number(place)) !== type)) return undefined;
  return Array.from({ length: types.size }, (_, at) => types.get(at + 1)!);
}

/** The table's columns have the types: a cast of a text is not leak-proof, and behind a policy nothing could be looked up by it. */
function made(text: string): string | undefined {
  const types = typesIn(text);
  return (
    types &&
    `select asked.${ASKED}, found.* from unnest(${types.map((type, at) => `$${at + 1}::${type}[]`).join(', ')})
    with ordinality as asked (${types.map((_, at) => `p${at + 1}`).join(', ')}, ${ASKED}) cross join lateral (${text.replace(PARAMETER, 'asked.p$1')}) as found`
  );
}

/** The statement for many; undefined where it takes what cannot come out of a table. */
export function textForMany(text: string): string | undefined {
  const found = known.get(text);
  if (found) return found.text;
  const forMany = made(text);
  known.set(text, { text: forMany });
  return forMany;
}

/** What the driver sends as one value. */
type Scalar = string | number | boolean | null | undefined;

const toText = (value: Scalar): string | null => (value === null || value === undefined ? null : String(value));

/** The parameters of that statement: a list for each of its places. */
export const valuesForMany = (asked: readonly Values[]): (string | null)[][] =>
  asked[0]!.map((_, place) => asked.map((values) => toText(values[place] as Scalar)));

/** What each of so many askings is answered. */
export function answersOfMany({ rows }: QueryResult<Row>, count: number): Row[][] {
  const answers = Array.from({ length: count }, (): Row[] => []);
  for (const row of rows) answers[Number(row[ASKED]) - 1]!.push(row);
  return answers;
}
