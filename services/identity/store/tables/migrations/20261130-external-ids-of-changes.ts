import { Migration } from '@mikro-orm/migrations';

/**
 * The external id of the user or group that a change record is about, as it is afterwards: a record holds only what differs, and whoever
 * reads of a change of something else knows its subject by no other name. Records from before say nothing.
 */
export class ExternalIdsOfChanges extends Migration {
  override name = '20261130-external-ids-of-changes';

  override up(): void {
    this.addSql('alter table change add column external_id text');
  }
}
