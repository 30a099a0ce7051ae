/**
 * Places of change records are numbers of transactions. Another cluster counts those anew, so records that come to one begin another era in
 * it.
 */
import { sql } from '../query/sql.js';
import type { Statements } from '../connection/database.js';
import { changePlaceFunction } from '../tables/migrations/20261126-changes.js';

/** Begins an era where the records came here by a dump or a copy of rows. Only one process at a time may ask for this. */
export async function beginEra(on: Statements): Promise<void> {
  const [row] = await on.run(sql<{ era: number }>`
    update change_feed set era = era + 1, cluster_id = here.system_identifier from pg_control_system() as here
    where cluster_id <> here.system_identifier returning era`);
  if (row) await on.run(sql.raw(changePlaceFunction(row.era)));
}
