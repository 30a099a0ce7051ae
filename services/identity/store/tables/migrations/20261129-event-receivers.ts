import { Migration } from '@mikro-orm/migrations';
import { TENANT_SETTING } from './20261126-row-security.js';

/** How far each receiver of security events has acknowledged the change feed, and what its places are good for (the feed's tag). */
export class EventReceivers extends Migration {
  override name = '20261129-event-receivers';

  override up(): void {
    this.addSql(`create table event_receiver (
      tenant_id uuid not null references tenant (id) on delete cascade,
      name text not null,
      tag text not null,
      place bigint not null,
      sequence bigint not null,
      updated_at timestamptz not null default now(),
      primary key (tenant_id, name)
    )`);
    this.addSql('alter table event_receiver enable row level security');
    this.addSql(
      `create policy own_tenant on event_receiver using (tenant_id = nullif(current_setting('${TENANT_SETTING}', true), '')::uuid)`,
    );
  }
}
