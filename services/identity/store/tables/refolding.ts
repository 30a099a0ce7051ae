/**
 * Folds what earlier versions of ours have kept with case, while others read and write: a thousand rows at a time, each time for a moment.
 * A row that somebody changes meanwhile is left to them. No version moves and nothing is recorded: what is folded is never shown. Repeated,
 * it finds nothing to do.
 */
import { fold } from '../../../../schema/fold.js';
import { enterpriseUserSchema } from '../../../../schema/user.js';
import type { Statements } from '../connection/database.js';
import { sql } from '../query/sql.js';

const ROWS = 1000;
const MANAGER = [enterpriseUserSchema.id, 'manager', 'value'];

interface Place {
  readonly tenant_id: string;
  readonly id: string;
}
interface Row extends Place {
  readonly value: string | null;
}

/** The next rows in the order of their key. */
const rowsAfter = (on: Statements, { tenant_id, id }: Place): Promise<Row[]> =>
  on.run(sql<Row>`
  select tenant_id, id, folded #>> ${MANAGER}::text[] as value from app_user
  where (tenant_id, id) > (${tenant_id}::uuid, ${id}::uuid) order by tenant_id, id limit ${ROWS}::integer`);

/** Folds the values in those of the rows that hold them still. */
const refold = (on: Statements, rows: readonly Row[]): Promise<unknown> =>
  on.run(sql`
  update app_user set folded = jsonb_set(folded, ${MANAGER}::text[], to_jsonb(given.after))
  from unnest(${rows.map((row) => row.tenant_id)}::uuid[], ${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ value }) => value)}::text[], ${rows.map(({ value }) => fold(value!))}::text[])
    as given (tenant_id, id, before, after)
  where app_user.tenant_id = given.tenant_id and app_user.id = given.id and folded #>> ${MANAGER}::text[] = given.before`);

const FIRST: Place = { tenant_id: '00000000-0000-0000-0000-000000000000', id: '00000000-0000-0000-0000-000000000000' };

/** Folds the ids of managers. `on` sees all tenants, and each of its statements is a transaction of its own. */
export async function refoldManagers(on: Statements): Promise<void> {
  const [known] = await on.run(sql<{ found: boolean }>`select to_regclass('app_user') is not null as found`);
  for (let last: Place | undefined = known?.found ? FIRST : undefined; last;) {
    const rows = await rowsAfter(on, last);
    const kept = rows.filter(({ value }) => value !== null && fold(value) !== value);
    if (kept.length > 0) await refold(on, kept);
    last = rows.length === ROWS ? rows.at(-1) : undefined;
  }
}
