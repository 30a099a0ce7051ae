import { Migration } from '@mikro-orm/migrations';

/**
 * Whether the name of a group is its alone is decided by what the tenant has decided when the group is written, and not when the request
 * was read: a request may be under way for long. Who writes the name of a group shares the lock; who decides about names has it alone
 * (`store/tenants/tenant-rows.ts`), and so sees all groups there are. Volatile, so that what is read after waiting is what was committed
 * meanwhile. The unique key comes with every name that is written.
 */
export class GroupNamesInForce extends Migration {
  override name = '20261128-group-names-in-force';

  override up(): void {
    this.addSql(`create function group_name_in_force() returns trigger language plpgsql volatile as $$ begin
      perform pg_advisory_xact_lock_shared(hashtextextended('group names of ' || new.tenant_id, 0));
      if (select policies ->> 'groupNames' = 'SHARED' from tenant where id = new.tenant_id) then new.unique_name_key := null; end if;
      return new;
    end $$`);
    this.addSql(
      'create trigger app_group_name_in_force before insert or update of unique_name_key on app_group for each row execute function group_name_in_force()',
    );
  }
}
