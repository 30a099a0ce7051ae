/**
 * SQL as template literals: what is put in becomes a parameter, unless it is SQL itself. It has the names of Kysely's `sql`, and none of
 * the tree that Kysely builds, freezes and visits: a tenth of a read by id was spent on that.
 */

/** A piece of SQL; a whole one answers rows of the type. */
export class RawBuilder<Row> {
  declare readonly row?: Row;

  /** There is one text more than values; each value stands between two of them. */
  constructor(
    readonly texts: readonly string[],
    readonly values: readonly unknown[],
    readonly kind?: StatementKind,
  ) {}
}

/** What decides on which connection a statement is run, if it is no part of a transaction. */
type StatementKind = 'lookUp' | 'search';

/**
 * Says that a statement looks up a row or a few by a key, and writes and locks nothing: outside of transactions it waits for nothing that
 * may take long.
 */
export const asLookUp = <Row>({ texts, values }: RawBuilder<Row>): RawBuilder<Row> => new RawBuilder<Row>(texts, values, 'lookUp');

/** Says that a statement finds or orders rows by what PostgreSQL cannot look up in an index behind a policy (tenant-connections.ts). */
export const asSearch = <Row>({ texts, values }: RawBuilder<Row>): RawBuilder<Row> => new RawBuilder<Row>(texts, values, 'search');

/** A statement as the driver takes it. */
export interface Compiled {
  readonly text: string;
  readonly values: readonly unknown[];
}

const text = (sqlText: string): RawBuilder<never> => new RawBuilder([sqlText], []);

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** Names come from our own code: there are not many. */
const references = new Map<string, RawBuilder<never>>();

function reference(name: string): RawBuilder<never> {
  const known = references.get(name);
  if (known) return known;
  const made = text(name.split('.').map(quoted).join('.'));
  references.set(name, made);
  return made;
}

function constant(value: string | number | boolean | null): RawBuilder<never> {
  return text(typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value));
}

const COMMA = text(', ');

/** The parts one after the other, with the separator between them. */
function join(parts: readonly unknown[], separator: RawBuilder<unknown> = COMMA): RawBuilder<never> {
  const values = parts.flatMap((part, at) => (at === 0 ? [part] : [separator, part]));
  return new RawBuilder(
    Array.from({ length: values.length + 1 }, () => ''),
    values,
  );
}

function template<Row = unknown>(texts: TemplateStringsArray, ...values: readonly unknown[]): RawBuilder<Row> {
  return new RawBuilder<Row>(texts, values);
}

export const sql = Object.assign(template, {
  /** A column, or a table and a column. */
  ref: reference,
  table: reference,
  /** A constant of ours, written into the text. */
  lit: constant,
  /** Text of ours that is SQL. */
  raw: text,
  join,
});

/**
 * A whole number written into the statement. With LIMIT as a parameter PostgreSQL takes a plan made for any number to be dearer than one
 * made anew, and plans the prepared statement again at every request.
 */
export const literal = (count: number): RawBuilder<never> => text(String(Math.trunc(count)));

/** Where a value will stand in a statement that is written before the value is known: at which place among those given. */
class Place {
  constructor(readonly at: number) {}
}

class Writer {
  text = '';
  readonly values: unknown[] = [];
  readonly #ids = new Map<unknown, number>();

  write({ texts, values }: RawBuilder<unknown>): void {
    this.text += texts[0]!;
    for (let at = 0; at < values.length; at += 1) {
      const value = values[at];
      const next = texts[at + 1]!;
      if (value instanceof Written) throw new Error('a statement that is written is no part of another');
      if (value instanceof RawBuilder) this.write(value);
      else this.text += `$${this.#placeOf(value, next)}`;
      this.text += next;
    }
  }

  /** The same id, as that of the tenant, is one parameter however often it stands there. */
  #placeOf(value: unknown, next: string): number {
    const isId = (typeof value === 'string' || value instanceof Place) && next.startsWith('::uuid') && !next.startsWith('::uuid[');
    const known = isId ? this.#ids.get(value) : undefined;
    if (known !== undefined) return known;
    const place = this.values.push(value);
    if (isId) this.#ids.set(value, place);
    return place;
  }
}

/** A statement that has its text already. */
class Written<Row> extends RawBuilder<Row> {
  constructor(
    readonly text: string,
    values: readonly unknown[],
    kind: StatementKind | undefined,
  ) {
    super([], values, kind);
  }
}

/**
 * Writes a statement once, for values that are given later: to put a long one together takes longer than to look a row up with it. `make`
 * is called once, with what stands for the values, and may do nothing with them but put them into the statement.
 */
export function prepare<Given extends readonly unknown[], Row>(
  count: Given['length'],
  make: (...places: Given) => RawBuilder<Row>,
): (...given: Given) => RawBuilder<Row> {
  const statement = make(...(Array.from({ length: count }, (_, at) => new Place(at)) as unknown as Given));
  const { text: made, values } = compile(statement);
  if (values.includes(undefined)) throw new Error('a value of the statement was looked into before it is known');
  return (...given) =>
    new Written<Row>(
      made,
      values.map((value) => (value instanceof Place ? given[value.at] : value)),
      statement.kind,
    );
}

/** A part of a statement with its values taken out: `given` are these, `part` has places for them, numbered on from `from`. */
export function withoutValues(
  part: RawBuilder<unknown>,
  from: number,
  given: unknown[] = [],
): { readonly part: RawBuilder<unknown>; readonly given: readonly unknown[] } {
  const values = part.values.map((value) =>
    value instanceof RawBuilder ? withoutValues(value, from, given).part : new Place(from + given.push(value) - 1),
  );
  return { part: new RawBuilder(part.texts, values, part.kind), given };
}

/** The statement's text and its parameters. */
export function compile(statement: RawBuilder<unknown>): Compiled {
  if (statement instanceof Written) return statement;
  const writer = new Writer();
  writer.write(statement);
  return writer;
}
