/**
 * SQL as template literals: what is put in becomes a parameter, unless it is SQL itself. It has the names of Kysely's `sql`, and none of the tree
 * that Kysely builds, freezes and visits: a tenth of a read by id was spent on that.
 */

/** A piece of SQL; a whole one answers rows of the type. */
export class RawBuilder<Row> {
  declare readonly row?: Row;

  /** There is one text more than values; each value stands between two of them. */
  constructor(readonly texts: readonly string[], readonly values: readonly unknown[], readonly kind?: StatementKind) {}
}

/** What decides on which connection a statement is run, if it is no part of a transaction. */
type StatementKind = 'lookUp' | 'search';

/** Says that a statement looks up a row or a few by a key, and writes and locks nothing: outside of transactions it shares a connection with others. */
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

function literal(value: string | number | boolean | null): RawBuilder<never> {
  return text(typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value));
}

const COMMA = text(', ');

/** The parts one after the other, with the separator between them. */
function join(parts: readonly unknown[], separator: RawBuilder<unknown> = COMMA): RawBuilder<never> {
  const values = parts.flatMap((part, at) => (at === 0 ? [part] : [separator, part]));
  return new RawBuilder(Array.from({ length: values.length + 1 }, () => ''), values);
}

function template<Row = unknown>(texts: TemplateStringsArray, ...values: readonly unknown[]): RawBuilder<Row> {
  return new RawBuilder<Row>(texts, values);
}

export const sql = Object.assign(template, {
  /** A column, or a table and a column. */
  ref: reference,
  table: reference,
  /** A constant of ours, written into the text. */
  lit: literal,
  /** Text of ours that is SQL. */
  raw: text,
  join,
});

class Writer {
  text = '';
  readonly values: unknown[] = [];
  readonly #ids = new Map<unknown, number>();

  write({ texts, values }: RawBuilder<unknown>): void {
    this.text += texts[0]!;
    for (let at = 0; at < values.length; at += 1) {
      const value = values[at];
      const next = texts[at + 1]!;
      if (value instanceof RawBuilder) this.write(value);
      else this.text += `$${this.#placeOf(value, next)}`;
      this.text += next;
    }
  }

  /** The same id, as that of the tenant, is one parameter however often it stands there. */
  #placeOf(value: unknown, next: string): number {
    const isId = typeof value === 'string' && next.startsWith('::uuid') && !next.startsWith('::uuid[');
    const known = isId ? this.#ids.get(value) : undefined;
    if (known !== undefined) return known;
    const place = this.values.push(value);
    if (isId) this.#ids.set(value, place);
    return place;
  }
}

/** The statement's text and its parameters. */
export function compile(statement: RawBuilder<unknown>): Compiled {
  const writer = new Writer();
  writer.write(statement);
  return writer;
}
