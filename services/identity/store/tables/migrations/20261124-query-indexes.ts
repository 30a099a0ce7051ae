import { Migration } from '@mikro-orm/migrations';

/**
 * Filters are answered from indexes, and lists are counted without looking at them.
 * - `search_text` holds every text of a document as JSON writes it, in quotes: what begins, contains or ends with a text is a
 *   pattern on it, and one index of trigrams answers for every attribute. The database makes it, so older versions of ours may still write.
 * - The same index answers equality on every attribute of the folded document, by containment.
 * - Each tenant's users and groups are counted by triggers, in 64 rows, so that many may write at once.
 * - Times are kept to the millisecond, as they are shown: what a client is shown is what filters and cursors compare with.
 */
export class QueryIndexes extends Migration {
  override name = '20261124-query-indexes';

  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

const countedBy = (table: string, resource: string) => [
  `insert into resource_count (tenant_id, resource, slot, total) select tenant_id, '${resource}', 0, count(*) from ${table} group by tenant_id`,
  `create trigger ${table}_counted_in after insert on ${table} referencing new table as moved
    for each statement execute function count_resources('${resource}')`,
  `create trigger ${table}_counted_out after delete on ${table} referencing old table as moved
    for each statement execute function count_resources('${resource}')`,
];

const searchable = (table: string, userName: string) => [
  `alter table ${table}
    alter column created_at type timestamptz(3), alter column updated_at type timestamptz(3),
    add column search_text text collate "C" not null
      generated always as (search_text_of(${userName}, display_name_key, external_id, folded)) stored`,
  // A short list of what is not sorted in yet: every search reads it.
  `create index ${table}_search on ${table} using gin (tenant_id, folded jsonb_path_ops, search_text gin_trgm_ops) with (gin_pending_list_limit = 512)`,
];

const statements = [
  'create extension if not exists btree_gin',
  'create extension if not exists pg_trgm',

  `create function search_text_of(user_name text, display_name text, external_id text, folded jsonb) returns text
    language sql immutable parallel safe as $$
      select concat_ws(' ', to_jsonb(user_name)::text, to_jsonb(display_name)::text, to_jsonb(external_id)::text,
        (select string_agg(value::text, ' ') from jsonb_path_query(folded, 'strict $.** ? (@.type() == "string")') as value))
    $$`,
  ...searchable('app_user', 'user_name_key'),
  ...searchable('app_group', 'null'),
  'create index app_user_display_name on app_user (tenant_id, display_name_key, id)',
  'create index app_user_created on app_user (tenant_id, created_at, id)',

  // No foreign key to the tenant: counting out what goes with a deleted tenant would point to nothing.
  `create table resource_count (
    tenant_id uuid not null,
    resource text not null,
    slot smallint not null,
    total bigint not null,
    primary key (tenant_id, resource, slot)
  ) with (fillfactor = 50)`,
  `create function count_resources() returns trigger language plpgsql as $$
    begin
      insert into resource_count (tenant_id, resource, slot, total)
        select tenant_id, tg_argv[0], pg_backend_pid() % 64, case tg_op when 'INSERT' then count(*) else -count(*) end
        from moved group by tenant_id order by tenant_id
        on conflict (tenant_id, resource, slot) do update set total = resource_count.total + excluded.total;
      return null;
    end
  $$`,
  ...countedBy('app_user', 'User'),
  ...countedBy('app_group', 'Group'),
];
