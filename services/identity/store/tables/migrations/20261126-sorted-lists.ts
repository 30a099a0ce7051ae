import { Migration } from '@mikro-orm/migrations';

/**
 * Indexes for what users are sorted by and synchronised by: the primary e-mail address, the time of the last change, the external id with
 * those who have none at the end; and those who are inactive, of whom there are few. While one is built (a second or three for a million
 * users) writes wait.
 */
export class SortedLists extends Migration {
  override name = '20261126-sorted-lists';

  override up(): void {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // As `primaryValue` writes it: the planner takes an index on an expression for the same expression only.
  `create index app_user_primary_email on app_user (tenant_id,
    ((coalesce(jsonb_path_query_first(folded -> 'emails', '$[*] ? (@.primary == true)'), folded -> 'emails' -> 0) ->> 'value') collate "C"), id)`,
  'create index app_user_updated on app_user (tenant_id, updated_at, id)',
  'create index app_user_inactive on app_user (tenant_id, id) where not active',
  'create index app_user_external_id_order on app_user (tenant_id, external_id, id)',
  'drop index app_user_external_id',
  'create index app_group_external_id_order on app_group (tenant_id, external_id, id)',
  'drop index app_group_external_id',
];
