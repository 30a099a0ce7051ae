import { Migration } from '@mikro-orm/migrations';

/**
 * The life of a tenant (its state, a key from outside) and of its clients (a name, a second secret while one is rotated).
 * `deletion` says who asked for the deletion, for the record that is left in the end.
 */
export class TenantLife extends Migration {
  override name = '20261126-tenant-life';

  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `alter table tenant
    add column reference text collate "C",
    add column state text not null default 'ACTIVE' constraint tenant_state check (state in ('ACTIVE', 'SUSPENDED', 'DELETING')),
    add column state_reason text,
    add column state_changed_at timestamptz,
    add column deletion jsonb`,
  'create unique index tenant_reference on tenant (reference)',
  'create index tenant_name on tenant using gin (name gin_trgm_ops)',
  `create index tenant_deleting on tenant (id) where state = 'DELETING'`,

  // The secret that is being rotated out; older versions of ours know of one secret, which is the newest.
  `alter table scim_client
    add column name text not null default 'SCIM',
    add column description text,
    add column secret_created_at timestamptz,
    add column secret_used_at timestamptz,
    add column old_secret_digest bytea,
    add column old_secret_created_at timestamptz,
    add column old_secret_used_at timestamptz,
    add column old_secret_expires_at timestamptz`,
  'create index access_token_live on access_token (tenant_id, client_id, expires_at) where revoked_at is null',
];
