/** Which database this is, and which history of it: what somebody holds of another one is good for nothing. */
import { sql } from '../query/sql.js';

/** What the tag is made of, to follow FROM. */
export const history = sql`change_feed, pg_control_system() as cluster`;

/** Changes where this is another cluster, another history of it (a standby that took over), another database or table. */
export const historyTag = sql`left(md5(concat_ws('/', change_feed.id, cluster.system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8),
  (select oid from pg_database where datname = current_database()), 'change'::regclass::oid)), 12)`;
