import { Migration } from '@mikro-orm/migrations';

/** What a tenant has declared of attributes of its own, and how often it has: a version that travels with its tokens. */
export class TenantExtensions extends Migration {
  override name = '20261124-tenant-extensions';

  override up(): void {
    this.addSql(
      `alter table tenant add column extensions jsonb not null default '[]', add column schema_version integer not null default 0`,
    );
  }
}
