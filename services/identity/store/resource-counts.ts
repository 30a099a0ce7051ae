/** How many resources a tenant has: triggers count them, so that nobody has to look. */
import { sql } from './sql.js';
import type { ResourceTable } from './columns.js';
import type { Statements } from './database.js';

/** All of a type, exactly. */
export async function countAll(on: Statements, table: ResourceTable, tenantId: string): Promise<number> {
  const [row] = await on.run(sql<{ total: string }>`
    select coalesce(sum(total), 0) as total from resource_count where tenant_id = ${tenantId}::uuid and resource = ${table.type.name}`);
  return Number(row!.total);
}
