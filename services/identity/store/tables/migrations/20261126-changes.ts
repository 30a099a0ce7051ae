import { Migration } from '@mikro-orm/migrations';

/**
 * Change records in an order that can be followed (docs/decisions/0014-change-feed.md).
 * - `place` is what readers go by, ties broken by `sequence`. Records from before this migration are at 0, in the order of their
 *   sequence: no reader has followed them yet, and so the table is not written anew. Its primary key is: records cannot be written
 *   meanwhile.
 * - `version` is that of the user or group afterwards.
 * - `change_feed` has one row, of no tenant: what cursors hold on to.
 */
export class Changes extends Migration {
  override name = '20261126-changes';

  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

/** Room for the transactions of one era: a cluster that wrote a million a second would need nine years for them. */
export const ERA_BITS = 48;

/**
 * The place of a record: the transaction's own number, or that of the newest transaction that has ended, whichever is higher; with the era
 * in front. Volatile, and in PL/pgSQL, because its expression then sees who has ended by now, and not only who had when the statement
 * began.
 */
export const changePlaceFunction = (era: number): string => `
  create or replace function change_place() returns bigint language plpgsql volatile as $$
    begin
      return (${era}::bigint << ${ERA_BITS}) + greatest(pg_current_xact_id()::text::bigint, pg_snapshot_xmax(pg_current_snapshot())::text::bigint - 1);
    end
  $$`;

const ABOUT_SETTINGS = `subject_type not in ('USER', 'GROUP')`;

const statements = [
  `create table change_feed (
    id uuid not null default gen_random_uuid(),
    era smallint not null,
    cluster_id bigint not null,
    pruned_place bigint not null default -1,
    pruned_sequence bigint not null default 0
  )`,
  'insert into change_feed (era, cluster_id) select 1, system_identifier from pg_control_system()',
  changePlaceFunction(1),
  'alter table change add column place bigint not null default 0, add column version integer',
  'alter table change alter column place set default change_place()',
  'alter table change drop constraint change_pkey, add primary key (tenant_id, place, sequence)',
  'drop index change_of_subject',
  'create index change_of_subject on change (tenant_id, subject_id, place, sequence)',
  // For operators, who read the records of all tenants. On an expression that only their statements use: for a tenant's feed the planner
  // would
  // walk past the records of all others, where it takes the tenant for a large one.
  'create index change_in_order on change ((place + 0), sequence)',
  // There are few of these among many: writing users and groups pays nothing for finding them.
  `create index change_of_settings on change (tenant_id, place, sequence) where ${ABOUT_SETTINGS}`,
  `create index change_of_settings_in_order on change ((place + 0), sequence) where ${ABOUT_SETTINGS}`,
];
