/** Statements that count, or answer one row whatever they find. */
import type { Statements } from '../connection/database.js';
import type { RawBuilder } from './sql.js';

/** The row of a statement that always answers one. */
export async function oneRow<Row>(on: Statements, statement: RawBuilder<Row>): Promise<Row> {
  const [row] = await on.run(statement);
  if (row === undefined) throw new Error('a statement that always answers a row has answered none');
  return row;
}

/** What a statement counts as `total`; PostgreSQL tells numbers of 64 bits as text. */
export const totalOf = async (on: Statements, statement: RawBuilder<{ readonly total: string | number }>): Promise<number> =>
  Number((await oneRow(on, statement)).total);

/** What a statement counts for each of the ids, in their order; 0 for those that it does not answer. */
export async function totalsOf(
  on: Statements,
  ids: readonly string[],
  statement: RawBuilder<{ readonly id: string; readonly total: string }>,
): Promise<number[]> {
  const totals = new Map((await on.run(statement)).map(({ id, total }) => [id, Number(total)]));
  return ids.map((id) => totals.get(id) ?? 0);
}
