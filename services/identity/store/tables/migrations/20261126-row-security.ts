import { Migration } from '@mikro-orm/migrations';

/** The setting that says whose rows are seen. */
export const TENANT_SETTING = 'condeco.tenant';

/**
 * Row-level security: whoever does not own the tables sees and writes the rows of one tenant, whatever the statement asks for. The owner is
 * not held by it: migrations, and work that is about all tenants, go on as before.
 */
export class RowSecurity extends Migration {
  override name = '20261126-row-security';

  override up(): void {
    for (const statement of [...tables.flatMap(secure), ...secureTenant]) this.addSql(statement);
  }
}

const tables = [
  'access_token',
  'app_group',
  'app_user',
  'change',
  'dialect_sighting',
  'idempotency_key',
  'membership',
  'nesting',
  'resource_count',
  'scim_client',
];

// Compared with a constant: where the statement names the same tenant, and all of ours do, PostgreSQL compares the two once, and plans as
// without a policy.
const current = `nullif(current_setting('${TENANT_SETTING}', true), '')::uuid`;
const secure = (table: string) => [
  `alter table ${table} enable row level security`,
  `create policy own_tenant on ${table} using (tenant_id = ${current})`,
];

const secureTenant = ['alter table tenant enable row level security', `create policy own_tenant on tenant using (id = ${current})`];
