/** Results on stdout, aligned for people or as lines of JSON for scripts; everything else on stderr. */
import type { Io } from './io.js';

export interface Column<Row> {
  readonly header: string;
  readonly of: (row: Row) => unknown;
}

export interface Output {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** One thing: a JSON document on a line, or `name  value` lines. */
  readonly one: (document: object, lines: Readonly<Record<string, unknown>>) => Promise<void>;
  /** A table that grows; each row is a line of JSON where that is wanted. */
  readonly table: <Row extends object>(columns: readonly Column<Row>[]) => (rows: readonly Row[]) => Promise<void>;
  /** As it is. */
  readonly raw: (text: string) => Promise<void>;
  /** For people, on stderr; not with --quiet. */
  readonly note: (sentence: string) => Promise<void>;
  /** The same with --quiet, too. */
  readonly warn: (sentence: string) => Promise<void>;
}

// What others have written may hold control sequences, and a terminal obeys them.
// eslint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
const INSTANT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/;

/** A value as a person reads it, on one line. */
function shown(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(shown).join(',');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replace(INSTANT, '$1Z').replaceAll(CONTROL, '\u{FFFD}');
}

const graphemes = new Intl.Segmenter();
/** In characters as people count them. */
const widthOf = (text: string): number => (/^[\x20-\x7e]*$/.test(text) ? text.length : Array.from(graphemes.segment(text)).length);
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));
const line = (cells: readonly string[], widths: readonly number[]): string =>
  `${cells
    .map((cell, index) => pad(cell, widths[index] ?? 0))
    .join('  ')
    .trimEnd()}\n`;

export function openOutput({ stdout, stderr, environment }: Io, isJson: boolean, isQuiet: boolean): Output {
  const isColoured = stdout.isTTY && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  const strong = (text: string) => (isColoured ? `\u001b[1m${text}\u001b[22m` : text);
  const json = (documents: readonly object[]) => stdout.write(documents.map((document) => `${JSON.stringify(document)}\n`).join(''));

  function table<Row extends object>(columns: readonly Column<Row>[]): (rows: readonly Row[]) => Promise<void> {
    if (isJson) return json;
    let widths: number[] | undefined;
    return (rows) => {
      const cells = rows.map((row) => columns.map(({ of }) => shown(of(row))));
      const isFirst = widths === undefined;
      widths = columns.map(({ header }, index) =>
        Math.max(widths?.[index] ?? widthOf(header), ...cells.map((each) => widthOf(each[index]!))),
      );
      const head =
        isFirst && !isQuiet
          ? strong(
              line(
                columns.map(({ header }) => header),
                widths,
              ),
            )
          : '';
      return stdout.write(head + cells.map((each) => line(each, widths!)).join(''));
    };
  }

  return {
    isJson,
    isQuiet,
    table,
    one: (document, lines) => {
      if (isJson) return json([document]);
      const width = Math.max(...Object.keys(lines).map(widthOf));
      return stdout.write(
        Object.entries(lines)
          .map(([name, value]) => line([strong(pad(name, width)), shown(value)], [0, 0]))
          .join(''),
      );
    },
    raw: (text) => stdout.write(text),
    note: async (sentence) => {
      if (!isQuiet) await stderr.write(`${sentence}\n`);
    },
    warn: (sentence) => stderr.write(`${sentence}\n`),
  };
}
