import { Migration } from '@mikro-orm/migrations';

/**
 * Finds who joined and left groups among the changes of members, without walking past those of users. It is by place and not by member: a
 * change of members so adds one entry, at the end, however many members it names. An entry for each of them would cost the write about as
 * much as the membership itself.
 */
export class MemberChanges extends Migration {
  override name = '20261129-member-changes';

  override up(): void {
    this.addSql(`create index change_of_members on change (tenant_id, place, sequence) where kind = 'GROUP_MEMBERS_CHANGED'`);
  }
}
