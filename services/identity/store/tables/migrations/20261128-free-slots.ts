import { Migration } from '@mikro-orm/migrations';

/**
 * Users and groups are counted in a slot that no transaction under way counts in. A slot went by the number of the session, of which two
 * may share one: whoever added a user then waited for as long as the other's transaction took, and failed after two seconds. The advisory
 * lock says who counts where; it is held as long as the row of the slot is, and costs a hundredth of adding a user. `for update skip
 * locked` on the slots costs five times as much. Where all are taken, one waits as before.
 */
export class FreeSlots extends Migration {
  override name = '20261128-free-slots';

  override up(): void {
    this.addSql(`create or replace function count_resources() returns trigger language plpgsql as $$
      declare
        free integer := pg_backend_pid() % 64;
      begin
        for attempt in 1..64 loop
          exit when pg_try_advisory_xact_lock(${SLOTS}, free);
          free := (free + 1) % 64;
        end loop;
        insert into resource_count (tenant_id, resource, slot, total)
          select tenant_id, tg_argv[0], free, case tg_op when 'INSERT' then count(*) else -count(*) end
          from moved group by tenant_id order by tenant_id
          on conflict (tenant_id, resource, slot) do update set total = resource_count.total + excluded.total;
        return null;
      end
    $$`);
  }
}

/** The class of these locks among advisory ones of two numbers; there is no other yet. */
const SLOTS = 1;
