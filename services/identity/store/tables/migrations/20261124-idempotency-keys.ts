import { Migration } from '@mikro-orm/migrations';

/** The answers to writes that came with a key of their own, for a day: the same write, sent again, is answered and not done again. */
export class IdempotencyKeys extends Migration {
  override name = '20261124-idempotency-keys';

  override up(): void {
    this.addSql(`create table idempotency_key (
      tenant_id uuid not null references tenant (id) on delete cascade,
      key text collate "C" not null,
      request_digest bytea not null,
      answer jsonb,
      expires_at timestamptz not null,
      primary key (tenant_id, key)
    )`);
    this.addSql('create index idempotency_key_expiry on idempotency_key (expires_at)');
  }
}
