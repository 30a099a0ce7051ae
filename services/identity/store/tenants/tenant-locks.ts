/**
 * Locks of a tenant's that are no row's: every foreign key holds the row of the tenant, and who decides something would wait for all who
 * write.
 */
import type { Statements } from '../connection/database.js';
import { sql } from '../query/sql.js';

/** What is locked; the functions of migrations that share a lock name it in the same words. */
type Locked = 'declarations' | 'event receivers' | 'group names' | 'nesting' | 'tokens';

/** Has the lock alone until the transaction ends; those who come to it are served in the order of arrival. */
export async function lockAlone(on: Statements, locked: Locked, tenantId: string): Promise<void> {
  await on.run(sql`select pg_advisory_xact_lock(hashtextextended(${`${locked} of ${tenantId}`}, 0))`);
}
