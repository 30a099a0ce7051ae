/** How many resources a tenant has: triggers count them, so that nobody has to look. */
import { sql } from '../query/sql.js';
import type { ResourceTable } from '../query/columns.js';
import { totalOf } from '../query/counts.js';
import type { Statements } from '../connection/database.js';

/** All of a type, exactly. */
export const countAll = (on: Statements, table: ResourceTable, tenantId: string): Promise<number> =>
  totalOf(
    on,
    sql`select coalesce(sum(total), 0) as total from resource_count where tenant_id = ${tenantId}::uuid and resource = ${table.type.name}`,
  );
