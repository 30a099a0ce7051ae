import { Migration } from '@mikro-orm/migrations';

/** Which habits the clients of a tenant have shown, for support. */
export class DialectSightings extends Migration {
  override name = '20261124-dialect-sightings';

  override up(): void {
    this.addSql(`create table dialect_sighting (
      tenant_id uuid not null references tenant (id) on delete cascade,
      client text collate "C" not null,
      habit text collate "C" not null,
      first_seen_at timestamptz not null,
      last_seen_at timestamptz not null,
      requests bigint not null,
      primary key (tenant_id, client, habit)
    ) with (fillfactor = 70)`); // the same rows are updated over and over: room for HOT updates
  }
}
